//! What was found, beside what is true.

use std::collections::HashMap;
use std::error::Error;

use config::Known;
use detect::{CallKey, Estimate, Hearer, Report, Status};
use synth::{CallTruth, Cast, GroupId, GroupTruth, Head, Label, Truth};
use types::{Ip, Nanos};

/// An alert, when something was said of it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The alert's id.
    pub id: u64,
    /// When it was said.
    pub at: Nanos,
    /// The same, to read.
    pub time: String,
    /// What it is taken for.
    pub kind: &'static str,
    /// The evidence, in decibels.
    pub db: f32,
    /// Who leads.
    pub entity: String,
    /// What weighs most.
    pub why: String,
    /// Its calls so far.
    pub calls: u64,
    /// Its agents.
    pub seats: Option<Estimate>,
    /// All that was found to belong to it.
    pub members: Vec<String>,
    sources: Vec<Ip>,
    sample: Vec<CallKey>,
}

/// All that was said.
#[derive(Debug, Default)]
pub struct Findings {
    opened: Vec<Finding>,
    last: HashMap<u64, Finding>,
    /// Calls counted for an alert.
    counted: HashMap<CallKey, u64>,
}

impl Findings {
    /// Alerts when they were opened.
    pub fn opened(&self) -> impl Iterator<Item = &Finding> {
        self.opened.iter()
    }

    /// The last thing said of an alert.
    ///
    /// # Panics
    /// If nothing was.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "an alert that was opened was told of")]
    pub fn last(&self, id: u64) -> &Finding {
        &self.last[&id]
    }
}

impl Hearer for Findings {
    fn report(&mut self, report: &Report<'_>) {
        let why = report.evidence.iter().take(4).map(|item| format!("{:?} {:.1}", item.because, item.nats));
        let finding = Finding {
            id: report.operation.id,
            at: report.at,
            time: alert::clock(report.at),
            kind: report.kind.name(),
            db: report.nats * 4.343,
            entity: format!("{:?}", report.lead),
            why: format!("against {}: {}", report.innocent.0, why.collect::<Vec<_>>().join("; ")),
            calls: report.operation.calls,
            seats: report.operation.seats_told,
            members: report.operation.members.iter().map(|(entity, _)| format!("{entity:?}")).collect(),
            sources: report.operation.sources.clone(),
            sample: report.operation.sample.iter().map(|id| CallKey::of(id)).collect(),
        };
        if report.status == Status::Open {
            self.opened.push(finding.clone());
        }
        self.last.insert(finding.id, finding);
    }

    fn counted(&mut self, operation: u64, _: Nanos, call_id: &[u8]) {
        self.counted.insert(CallKey::of(call_id), operation);
    }
}

/// When a call of a fraud began, was answered and ended.
#[derive(Clone, Copy, Debug)]
struct Lived {
    invite_at: Nanos,
    answer_at: Option<Nanos>,
    end_at: Nanos,
}

/// What a fraud had done by a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Done {
    /// Calls that had begun.
    pub calls: usize,
    /// Of these, those that would be answered.
    pub answered: usize,
    /// Of these, those that were over.
    pub over: usize,
    /// Minutes that its calls had been up.
    pub minutes: f64,
}

/// Who called whom, in truth.
#[derive(Debug, Default)]
pub struct Roll {
    heads: Vec<Option<Head>>,
    groups: HashMap<CallKey, u16>,
    sources: HashMap<Ip, u16>,
    calls: Vec<Vec<Lived>>,
    count: u64,
}

impl Truth for Roll {
    fn call(&mut self, call: &CallTruth<'_>) {
        self.count += 1;
        let group = usize::from(call.group.0);
        if self.heads.len() <= group {
            self.heads.resize(group + 1, None);
            self.calls.resize(group + 1, Vec::new());
        }
        if let Some(head) = self.heads.get_mut(group) {
            head.get_or_insert_with(|| call.head.clone());
        }
        self.groups.insert(CallKey::of(call.call_id), call.group.0);
        self.sources.insert(call.source.ip, call.group.0);
        if let Some(calls) = self.calls.get_mut(group).filter(|_| call.head.label == Label::Fraud) {
            calls.push(Lived { invite_at: call.invite_at, answer_at: call.answer_at, end_at: call.end_at });
        }
    }

    fn group(&mut self, _group: &GroupTruth<'_>) {}
}

impl Roll {
    /// All calls.
    #[must_use]
    pub const fn calls(&self) -> u64 {
        self.count
    }

    /// Calls of a fraud.
    #[must_use]
    pub fn calls_of(&self, group: GroupId) -> usize {
        self.calls.get(usize::from(group.0)).map_or(0, Vec::len)
    }

    /// What is known of a group.
    #[must_use]
    pub fn head(&self, group: GroupId) -> Option<&Head> {
        self.heads.get(usize::from(group.0))?.as_ref()
    }

    /// How calls were joined.
    #[must_use]
    pub fn joined(&self, findings: &Findings) -> Joined {
        let mut groups: HashMap<u16, u64> = HashMap::new();
        let mut alerts: HashMap<u64, HashMap<u16, u64>> = HashMap::new();
        for (key, &group) in &self.groups {
            *groups.entry(group).or_default() += 1;
            if let Some(&alert) = findings.counted.get(key) {
                *alerts.entry(alert).or_default().entry(group).or_default() += 1;
            }
        }
        let fraud: u64 = self.frauds().filter_map(|(group, _)| groups.get(&group.0)).map(|&calls| pairs(calls)).sum();
        let guilty = |group| self.head(GroupId(group)).is_some_and(|head| head.label == Label::Fraud);
        let mut joined = Joined { own: fraud, others: pairs(self.count), ..Joined::default() };
        joined.others -= groups.values().map(|&calls| pairs(calls)).sum::<u64>();
        for alert in alerts.values() {
            let within: u64 = alert.values().map(|&calls| pairs(calls)).sum();
            joined.falsely += pairs(alert.values().sum()) - within;
            joined.rightly += alert.iter().filter(|(group, _)| guilty(**group)).map(|(_, &n)| pairs(n)).sum::<u64>();
        }
        joined
    }

    /// The groups whose calls an alert counts, most first, and how many of each.
    #[must_use]
    pub fn groups_in(&self, findings: &Findings, alert: u64) -> Vec<(&str, usize)> {
        let mut counts: HashMap<u16, usize> = HashMap::new();
        for (key, group) in &self.groups {
            if findings.counted.get(key) == Some(&alert) {
                *counts.entry(*group).or_default() += 1;
            }
        }
        let name = |group| self.head(GroupId(group)).map_or("?", |head| &*head.id);
        let mut counts: Vec<_> = counts.into_iter().map(|(group, count)| (name(group), count)).collect();
        counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        counts
    }

    /// The frauds.
    pub fn frauds(&self) -> impl Iterator<Item = (GroupId, &Head)> {
        let heads = self.heads.iter().enumerate();
        heads
            .filter_map(|(group, head)| Some((GroupId(group as u16), head.as_ref()?)))
            .filter(|(_, head)| head.label == Label::Fraud)
    }

    /// The group a finding is about: a fraud that makes up a quarter of its calls, since a route or a trunk is accused for what
    /// it hides, else that of most of its calls, or of its source where it has none: a scan asks outside calls.
    #[must_use]
    pub fn group_of(&self, finding: &Finding) -> Option<GroupId> {
        let mut counts: HashMap<u16, usize> = HashMap::new();
        for key in &finding.sample {
            if let Some(group) = self.groups.get(key) {
                *counts.entry(*group).or_default() += 1;
            }
        }
        let is_fraud = |group| self.head(GroupId(group)).is_some_and(|head| head.label == Label::Fraud);
        let guilty = |&(group, count): &(u16, usize)| is_fraud(group) && 4 * count >= finding.sample.len();
        let most = |&(group, count): &(u16, usize)| (count, group);
        let by_calls = counts.clone().into_iter().filter(guilty).max_by_key(most);
        let by_calls = by_calls.or_else(|| counts.into_iter().max_by_key(most)).map(|(group, _)| group);
        by_calls.or_else(|| finding.sources.iter().find_map(|source| self.sources.get(source).copied())).map(GroupId)
    }

    /// Calls of a fraud that had begun by then, and those of them that would be answered.
    #[must_use]
    pub fn before(&self, group: GroupId, at: Nanos) -> (usize, usize) {
        let Done { calls, answered, .. } = self.done(group, at);
        (calls, answered)
    }

    /// What a fraud had done by then.
    #[must_use]
    pub fn done(&self, group: GroupId, at: Nanos) -> Done {
        let calls = self.calls.get(usize::from(group.0)).map_or(&[][..], Vec::as_slice);
        let mut done = Done::default();
        for call in calls.iter().filter(|call| call.invite_at <= at) {
            done.calls += 1;
            done.answered += usize::from(call.answer_at.is_some());
            done.over += usize::from(call.end_at <= at);
            let up = call.answer_at.map_or(0, |answer_at| call.end_at.min(at).nanos_since(answer_at));
            done.minutes += up as f64 / 60e9;
        }
        done
    }
}

/// Pairs of calls, and whether one alert counts both.
#[derive(Clone, Copy, Debug, Default)]
pub struct Joined {
    /// Pairs of one fraud's calls.
    pub own: u64,
    /// Of these, in one alert.
    pub rightly: u64,
    /// Pairs of calls of two groups.
    pub others: u64,
    /// Of these, in one alert.
    pub falsely: u64,
}

const fn pairs(calls: u64) -> u64 {
    calls * calls.saturating_sub(1) / 2
}

/// What the operator of a scenario would have written down.
///
/// # Errors
/// A scenario whose trunks make no sound configuration.
pub fn knowledge(cast: &Cast) -> Result<Known, Box<dyn Error>> {
    knowledge_and(Some(cast), "")
}

/// The same, where there is somebody who knows that, and `more` in the words of the configuration.
///
/// # Errors
/// A scenario whose trunks make no sound configuration.
pub fn knowledge_and(cast: Option<&Cast>, more: &str) -> Result<Known, Box<dyn Error>> {
    let sound = config::read(format!("{}\n{more}", cast.map(Cast::operators_file).unwrap_or_default()).as_bytes())
        .map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    Ok(sound.known)
}
