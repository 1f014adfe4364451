//! New knowledge while the probe runs: read and checked beside the packet thread, and taken over by it between two parcels.
//!
//! A configuration with a mistake changes nothing: what ran goes on running, and every mistake is said.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use api::Api;
use config::{Config, Known};
use crossbeam_channel::{Receiver, Sender, bounded};
use detect::{Misfit, Settings, Tables};
use serde::Serialize;
use serde_json::Value;
use sinks::Sinks;
use stir::Trust;
use tokio::sync::{Mutex, oneshot};

use crate::cli::WatchJob;
use crate::failure::Failure;
use crate::knowledge;
use crate::signers;
use crate::tables;
use crate::watch::{listed, sandbox, service};

/// What is known from now on.
pub struct Renewal {
    /// The configuration.
    pub known: Arc<Known>,
    /// What follows from it for judgement.
    pub settings: Settings,
    /// The tables it names.
    pub tables: Tables,
    /// The certificates it names.
    pub trust: Trust,
    /// Where it is said whether this could be taken over.
    pub taken: oneshot::Sender<Result<(), Misfit>>,
}

/// What came of reading the configuration anew.
#[derive(Debug, Default)]
pub struct Renewed {
    /// The version of what is in force now.
    pub version: String,
    /// Keys whose change takes effect when greyline is started anew.
    waiting: Vec<String>,
    /// Files and folders that the sandbox leaves out of reach until then.
    outside: Vec<String>,
}

impl fmt::Display for Renewed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "configuration {} is in force", self.version)?;
        self.waiting.iter().try_for_each(|key| writeln!(f, "{key}: {}", Self::WAITING))?;
        self.outside.iter().try_for_each(|path| writeln!(f, "{path}: {}", Self::OUTSIDE))
    }
}

impl Renewed {
    const WAITING: &str = "this change takes effect when greyline is started anew; until then it runs as before";
    const OUTSIDE: &str =
        "it lies outside what the sandbox leaves in reach, and can be used when greyline is started anew";

    fn tell(&self) {
        tracing::info!(config = self.version, "the configuration was read anew");
        self.waiting.iter().for_each(|key| tracing::warn!(key, "{}", Self::WAITING));
        self.outside.iter().for_each(|path| tracing::warn!(path, "{}", Self::OUTSIDE));
    }
}

/// Reads the configuration anew when it is asked to.
pub struct Renewer {
    job: WatchJob,
    /// What it was started with.
    began: Arc<Known>,
    /// What is known now; one reads at a time.
    now: Mutex<Arc<Known>>,
    sinks: Arc<Sinks>,
    api: Api,
    renewals: Sender<Renewal>,
}

impl Renewer {
    /// A renewer of what `known` is now, and where its renewals arrive.
    pub fn new(job: &WatchJob, known: &Arc<Known>, sinks: &Arc<Sinks>, api: &Api) -> (Self, Receiver<Renewal>) {
        let (renewals, arriving) = bounded(1);
        let (began, now) = (Arc::clone(known), Mutex::new(Arc::clone(known)));
        (Self { job: job.clone(), began, now, sinks: Arc::clone(sinks), api: api.clone(), renewals }, arriving)
    }

    /// Reads the configuration and waits until the packet thread has taken it over; what is in force then, and what is not.
    ///
    /// # Errors
    /// What is wrong, in words for who wrote it. Nothing has changed then.
    pub async fn renew(&self) -> Result<Renewed, String> {
        service::reloading();
        let renewed = self.read().await;
        service::ready();
        match &renewed {
            Ok(renewed) => renewed.tell(),
            Err(why) => tracing::error!(why, "the configuration was not taken over; the one before stays in force"),
        }
        renewed
    }

    async fn read(&self) -> Result<Renewed, String> {
        let mut now = self.now.lock().await;
        let (job, before) = (self.job.clone(), Arc::clone(&now));
        let (taken, answer) = oneshot::channel();
        let read = tokio::task::spawn_blocking(move || {
            let (known, written) = knowledge::renewed(&job, &before)?;
            let known = Arc::new(known);
            let (tables, trust) = (tables::read(&known)?, signers::trust(&known.config().stir)?);
            Sinks::check(&known.config().sink).map_err(Failure::Sinks)?;
            Ok((Renewal { settings: Settings::of(&known), known, tables, trust, taken }, written))
        });
        let read = read.await.map_err(|error| error.to_string())?;
        let (renewal, written) = read.map_err(|failure: Failure| failure.to_string())?;
        let known = Arc::clone(&renewal.known);
        let gone = || "the packet thread does not answer".to_owned();
        self.renewals.try_send(renewal).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?.map_err(|misfit| misfit.to_string())?;
        self.sinks.reload(&known.config().sink).map_err(|wrong| listed(&wrong))?;
        self.api.renew(&known);
        *now = Arc::clone(&known);
        let began = self.began.config();
        Ok(Renewed {
            version: known.version().to_owned(),
            waiting: waiting(&written, began),
            outside: sandbox::outside(&self.job, &written, began),
        })
    }
}

/// The keys of `written` that differ from what runs and take effect at a start alone.
fn waiting(written: &Config, runs: &Config) -> Vec<String> {
    let tap = |config: &Config| serde_json::json!({ "privacy_level": config.tap.privacy_level });
    let lists = |config: &Config| serde_json::json!({ "file": config.lists.file });
    let sections = [
        ("capture", json(&written.capture), json(&runs.capture)),
        ("limits", json(&written.limits), json(&runs.limits)),
        ("lists", lists(written), lists(runs)),
        ("listen", json(&written.listen), json(&runs.listen)),
        ("process", json(&written.process), json(&runs.process)),
        ("state", json(&written.state), json(&runs.state)),
        ("store", json(&written.store), json(&runs.store)),
        ("tap", tap(written), tap(runs)),
    ];
    sections.iter().flat_map(|(section, written, runs)| differing(section, written, runs)).collect()
}

fn json(section: &impl Serialize) -> Value {
    serde_json::to_value(section).unwrap_or_default()
}

/// The keys of a section that are not the same in both.
fn differing(section: &str, one: &Value, other: &Value) -> Vec<String> {
    let keys: BTreeSet<_> =
        [one, other].into_iter().filter_map(Value::as_object).flat_map(|keys| keys.keys()).collect();
    let differ = keys.into_iter().filter(|&key| one.get(key) != other.get(key));
    differ.map(|key| format!("{section}.{key}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_that_wait_are_named() {
        let runs = Config::default();
        assert_eq!(waiting(&runs, &runs), [""; 0]);
        let mut written = runs.clone();
        written.tap.false_alerts_per_day += 1.0;
        assert_eq!(waiting(&written, &runs), [""; 0]);
        written.tap.privacy_level = 3;
        written.capture.filter = Some("udp".to_owned());
        written.limits.calls_live_max += 1;
        assert_eq!(waiting(&written, &runs), ["capture.filter", "limits.calls_live_max", "tap.privacy_level"]);
    }
}
