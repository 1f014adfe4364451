//! New knowledge while the probe runs: read and checked beside the packet thread, and taken over by it between two parcels.
//!
//! A configuration with a mistake changes nothing: what ran goes on running, and every mistake is said.

use std::sync::Arc;

use api::Api;
use config::Known;
use crossbeam_channel::{Receiver, Sender, bounded};
use detect::{Misfit, Settings, Tables};
use sinks::Sinks;
use stir::Trust;
use tokio::sync::{Mutex, oneshot};

use crate::cli::WatchJob;
use crate::failure::Failure;
use crate::knowledge;
use crate::signers;
use crate::tables;
use crate::watch::{listed, service};

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

/// Reads the configuration anew when it is asked to.
pub struct Renewer {
    job: WatchJob,
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
        let now = Mutex::new(Arc::clone(known));
        (Self { job: job.clone(), now, sinks: Arc::clone(sinks), api: api.clone(), renewals }, arriving)
    }

    /// Reads the configuration and waits until the packet thread has taken it over; its version.
    ///
    /// # Errors
    /// What is wrong, in words for who wrote it. Nothing has changed then.
    pub async fn renew(&self) -> Result<String, String> {
        service::reloading();
        let renewed = self.read().await;
        service::ready();
        match &renewed {
            Ok(config) => tracing::info!(config, "the configuration was read anew"),
            Err(why) => tracing::error!(why, "the configuration was not taken over; the one before stays in force"),
        }
        renewed
    }

    async fn read(&self) -> Result<String, String> {
        let mut now = self.now.lock().await;
        let (job, before) = (self.job.clone(), Arc::clone(&now));
        let (taken, answer) = oneshot::channel();
        let read = tokio::task::spawn_blocking(move || {
            let known = Arc::new(knowledge::renewed(&job, &before)?);
            let (tables, trust) = (tables::read(&known)?, signers::trust(&known.config().stir)?);
            Sinks::check(&known.config().sink).map_err(|wrong| Failure::Service(listed(&wrong)))?;
            Ok(Renewal { settings: Settings::of(&known), known, tables, trust, taken })
        });
        let read = read.await.map_err(|error| error.to_string())?;
        let renewal = read.map_err(|failure: Failure| failure.to_string())?;
        let known = Arc::clone(&renewal.known);
        let gone = || "the packet thread does not answer".to_owned();
        self.renewals.try_send(renewal).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?.map_err(|misfit| misfit.to_string())?;
        self.sinks.reload(&known.config().sink).map_err(|wrong| listed(&wrong))?;
        self.api.renew(&known);
        tell_what_waits(&now, &known);
        *now = Arc::clone(&known);
        Ok(known.version().to_owned())
    }
}

/// Says which changes take effect at the next start alone.
fn tell_what_waits(before: &Known, now: &Known) {
    let (before, now) = (before.config(), now.config());
    for (key, same) in [
        ("capture", before.capture == now.capture),
        ("listen", before.listen == now.listen),
        ("state", before.state == now.state),
        ("store", before.store == now.store),
        ("process", before.process == now.process),
        ("lists.file", before.lists.file == now.lists.file),
        ("limits", before.limits == now.limits),
        ("tap.privacy_level", before.tap.privacy_level == now.tap.privacy_level),
    ] {
        if !same {
            tracing::warn!(key, "this change takes effect when greyline is started anew");
        }
    }
}
