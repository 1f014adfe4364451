//! The score: two readings of the truth, and the sums.

use std::collections::{BTreeMap, BTreeSet};

use crate::alerts::{self, Alert, key};
use crate::card::{
    Confusion, Decile, Delay, FalseAlerts, FalseClass, KindScore, Operation, OperationScore, Precision, Scorecard,
};
use crate::lines::{Failure, Source};
use crate::matching::{Meaning, Named, meaning};
use crate::share::{at_most, share};
use crate::truth::{Group, Ledger};

/// The version of the scorecard.
const VERSION: u8 = 1;
/// Microseconds of a minute and of a day.
const MINUTE: f64 = 60e6;
const DAY: f64 = 86_400e6;
/// Shares of fraud at which precision is stated.
const OF_CALLS: [f64; 3] = [1e-2, 1e-3, 1e-4];
const OF_ENTITIES: [f64; 2] = [1e-3, 1e-4];
/// The class of false alerts that mean nobody.
const NOBODY: &str = "none";

/// What is stated beside the files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms {
    /// Calls of a day for which false alerts are stated, besides the days that the truth covers.
    pub calls_per_day: Option<f64>,
}

/// Holds alerts against the truth.
///
/// # Errors
/// A file that cannot be read, a line that is not what it should be, or a truth without groups.
pub fn score(truth: &Source<'_>, alerts: &Source<'_>, terms: Terms) -> Result<Scorecard, Failure> {
    let alerts = alerts::read(alerts)?;
    let mut named = Named::of(&alerts);
    let mut ledger = Ledger::read(truth, |call| named.note(key(call.call_id), call.group))?;
    let meanings: Vec<_> = alerts.iter().map(|alert| meaning(alert, &named, &ledger)).collect();
    drop(named);

    let mut found = Found::of(&alerts, &meanings, ledger.groups.len());
    ledger.read_again(truth, |call, group| {
        if let (Some(place), Some(_), true) = (call.group, group.filter(|group| group.fraud), call.own) {
            found.call(place, call.at, call.answered);
        }
    })?;
    Ok(Sums { alerts: &alerts, meanings: &meanings, ledger: &ledger, found: &found, terms }.card())
}

/// What became of a group.
#[derive(Clone, Debug, Default)]
struct Fate {
    /// The alerts that mean it, in the order in which they opened, each with the group's share of the calls it names.
    alerts: Vec<(usize, f64)>,
    /// When the first opened.
    alerted: Option<i64>,
    /// Calls until then, or all.
    before: u64,
    /// Of these, answered.
    answered: u64,
}

/// What became of each group, in their order.
struct Found {
    fates: Vec<Fate>,
}

impl Found {
    fn of(alerts: &[Alert], meanings: &[Meaning], groups: usize) -> Self {
        let mut fates = vec![Fate::default(); groups];
        for (place, (alert, meaning)) in alerts.iter().zip(meanings).enumerate() {
            let meant = match meaning {
                Meaning::Frauds(meant) => meant.clone(),
                Meaning::Innocent(meant) => vec![(*meant, 1.0)],
                Meaning::Nobody => Vec::new(),
            };
            for (group, share) in meant {
                let Some(fate) = fates.get_mut(group) else { continue };
                fate.alerts.push((place, share));
                fate.alerted.get_or_insert(alert.opened);
            }
        }
        Self { fates }
    }

    fn call(&mut self, group: usize, at: i64, answered: bool) {
        let Some(fate) = self.fates.get_mut(group) else { return };
        if fate.alerted.is_none_or(|alerted| at <= alerted) {
            fate.before += 1;
            fate.answered += u64::from(answered);
        }
    }
}

/// Everything that is summed up.
struct Sums<'s> {
    alerts: &'s [Alert],
    meanings: &'s [Meaning],
    ledger: &'s Ledger,
    found: &'s Found,
    terms: Terms,
}

impl Sums<'_> {
    fn card(&self) -> Scorecard {
        let all: Vec<_> = self.frauds().collect();
        let kinds: BTreeSet<&str> = all.iter().map(|(group, _)| group.kind.as_str()).collect();
        let of_kind = |kind: &str| all.iter().filter(|(group, _)| group.kind == kind).copied().collect::<Vec<_>>();
        let days = self.ledger.span.map_or(0.0, |(first, last)| (last - first) as f64 / DAY);
        let total = self.kind("all", &all);
        let false_alerts = self.false_alerts(days);
        Scorecard {
            v: VERSION,
            benign_calls: self.ledger.benign_calls,
            fraud_calls: self.ledger.fraud_calls,
            days,
            alerts: self.alerts.len() as u64,
            precision: self.precision(&total, &false_alerts),
            total,
            kinds: kinds.into_iter().map(|kind| self.kind(kind, &of_kind(kind))).collect(),
            false_alerts,
            confusion: self.confusion(),
            reliability: self.reliability(),
            operations: all.iter().map(|(group, fate)| self.operation(group, fate)).collect(),
        }
    }

    fn frauds(&self) -> impl Iterator<Item = (&Group, &Fate)> {
        self.ledger.groups.iter().zip(&self.found.fates).filter(|(group, _)| group.fraud)
    }

    /// What the first alert of a fate calls it.
    fn called(&self, fate: &Fate) -> Option<&str> {
        fate.alerts.first().and_then(|&(alert, _)| self.alerts.get(alert)).map(|alert| alert.kind.as_str())
    }

    fn kind(&self, kind: &str, all: &[(&Group, &Fate)]) -> KindScore {
        let found = || all.iter().filter(|(_, fate)| fate.alerted.is_some());
        let delay =
            |of: &dyn Fn(&Group, &Fate) -> f64| Delay::of(found().map(|(group, fate)| of(group, fate)).collect());
        let calls: u64 = all.iter().map(|(group, _)| group.calls).sum();
        let before: u64 = all.iter().map(|(_, fate)| fate.before).sum();
        KindScore {
            kind: kind.to_owned(),
            operations: all.len() as u64,
            found: found().count() as u64,
            kind_right: found().filter(|(group, fate)| self.called(fate) == Some(group.kind.as_str())).count() as u64,
            calls_to_alert: delay(&|_, fate| fate.before as f64),
            answered_to_alert: delay(&|_, fate| fate.answered as f64),
            minutes_to_alert: delay(&minutes),
            preventable_share: share(calls.saturating_sub(before) as f64, calls as f64),
            alerts_per_operation: delay(&|_, fate| fate.alerts.len() as f64),
        }
    }

    fn operation(&self, group: &Group, fate: &Fate) -> OperationScore {
        let found = fate.alerted.is_some();
        let ids = fate.alerts.iter().filter_map(|&(alert, _)| self.alerts.get(alert)).map(|alert| alert.id.clone());
        OperationScore {
            operation: Operation { id: group.id.clone(), kind: group.kind.clone(), calls: group.calls },
            alerts: ids.collect(),
            called: self.called(fate).map(str::to_owned),
            share_of_sample: fate.alerts.first().map(|&(_, share)| share),
            calls_to_alert: found.then_some(fate.before),
            answered_to_alert: found.then_some(fate.answered),
            minutes_to_alert: found.then(|| minutes(group, fate)),
        }
    }

    fn false_alerts(&self, days: f64) -> FalseAlerts {
        let count = self.meanings.iter().filter(|meaning| !matches!(meaning, Meaning::Frauds(_))).count() as u64;
        let benign = self.ledger.benign_calls as f64;
        FalseAlerts {
            count,
            per_million_benign_calls: share(count as f64 * 1e6, benign),
            per_million_at_most: share(at_most(count) * 1e6, benign),
            per_day: share(count as f64, days),
            per_stated_day: self.terms.calls_per_day.and_then(|calls| share(count as f64 * calls, benign)),
            classes: self.classes(),
        }
    }

    /// All innocent classes, hit or not, in the order of their names; those who are nobody last.
    fn classes(&self) -> Vec<FalseClass> {
        let mut classes: BTreeMap<&str, FalseClass> = BTreeMap::new();
        for (group, fate) in self.ledger.groups.iter().zip(&self.found.fates).filter(|(group, _)| !group.fraud) {
            let class = classes.entry(&group.kind).or_insert_with(|| FalseClass::named(&group.kind));
            class.groups += 1;
            class.groups_hit += u64::from(!fate.alerts.is_empty());
            class.alerts += fate.alerts.len() as u64;
        }
        let nobody = self.meanings.iter().filter(|meaning| **meaning == Meaning::Nobody).count() as u64;
        let nobody = (nobody > 0).then(|| FalseClass { alerts: nobody, ..FalseClass::named(NOBODY) });
        classes.into_values().chain(nobody).collect()
    }

    fn confusion(&self) -> Vec<Confusion> {
        let mut pairs: BTreeMap<(bool, &str, &str), u64> = BTreeMap::new();
        for (alert, meaning) in self.alerts.iter().zip(self.meanings) {
            let meant = match meaning {
                Meaning::Frauds(meant) => meant.first().map(|&(group, _)| group),
                Meaning::Innocent(meant) => Some(*meant),
                Meaning::Nobody => None,
            };
            let group = meant.and_then(|group| self.ledger.groups.get(group));
            let (fraud, truth) = group.map_or((false, NOBODY), |group| (group.fraud, group.kind.as_str()));
            *pairs.entry((!fraud, truth, alert.kind.as_str())).or_default() += 1;
        }
        let confusion = pairs.into_iter().map(|((_, truth, alerted), alerts)| Confusion {
            truth: truth.to_owned(),
            alerted: alerted.to_owned(),
            alerts,
        });
        confusion.collect()
    }

    fn reliability(&self) -> Vec<Decile> {
        let right = |meaning: &Meaning| matches!(meaning, Meaning::Frauds(_));
        let mut scores: Vec<_> =
            self.alerts.iter().zip(self.meanings).map(|(alert, meaning)| (alert.score_db, right(meaning))).collect();
        scores.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (count, tenths) = (scores.len(), scores.len().min(10));
        let deciles = (0..tenths).filter_map(|tenth| {
            let part = scores.get(count * tenth / tenths..count * (tenth + 1) / tenths)?;
            Some(Decile {
                from_db: part.first()?.0,
                to_db: part.last()?.0,
                alerts: part.len() as u64,
                right: part.iter().filter(|(_, right)| *right).count() as u64,
            })
        });
        deciles.collect()
    }

    /// By Bayes from the rates of this run: of calls, how many of the fraud's come after an alert, and how many of the innocents'
    /// lie in false alerts; of entities, how many operations are found, and how many innocent groups are hit.
    fn precision(&self, total: &KindScore, false_alerts: &FalseAlerts) -> Vec<Precision> {
        let groups: u64 = false_alerts.classes.iter().map(|class| class.groups).sum();
        let hit: u64 = false_alerts.classes.iter().map(|class| class.groups_hit).sum();
        let meant = self.alerts.iter().zip(self.meanings);
        let accused: u64 =
            meant.filter(|(_, of)| !matches!(of, Meaning::Frauds(_))).map(|(alert, _)| alert.count).sum();
        // Calls come in alerts: so many more alerts would hold so many more calls, as alerts do here.
        let calls: u64 = self.alerts.iter().map(|alert| alert.count).sum();
        let per_alert = share(calls as f64, self.alerts.len() as f64).unwrap_or(1.0);
        let benign = self.ledger.benign_calls as f64;
        let of_calls = (
            total.preventable_share,
            share(accused as f64, benign),
            share(at_most(false_alerts.count) * per_alert, benign),
        );
        let of_entities = (
            share(total.found as f64, total.operations as f64),
            share(hit as f64, groups as f64),
            share(at_most(hit), groups as f64),
        );
        let stated = [("calls", &OF_CALLS[..], of_calls), ("entities", &OF_ENTITIES[..], of_entities)];
        let rows = stated.into_iter().flat_map(|(of, prevalences, rates)| {
            prevalences.iter().filter_map(move |&prevalence| {
                let (found, wrong, at_most) = (rates.0?, rates.1?, rates.2?);
                let precision = |wrong: f64| {
                    let right = prevalence * found;
                    share(right, right + (1.0 - prevalence) * wrong.min(1.0))
                };
                Some(Precision { of, prevalence, precision: precision(wrong)?, at_least: precision(at_most)? })
            })
        });
        rows.collect()
    }
}

/// Minutes from the first call of a group to its first alert; none where the alert came with or before it.
fn minutes(group: &Group, fate: &Fate) -> f64 {
    let span = group.span.zip(fate.alerted);
    span.map_or(0.0, |((first, _), alerted)| ((alerted - first) as f64 / MINUTE).max(0.0))
}
