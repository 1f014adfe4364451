//! Whom an alert means.

use std::collections::{HashMap, HashSet};

use crate::alerts::Alert;
use crate::truth::{Group, Ledger};

/// The share of an alert's named calls that a fraud must have made for the alert to be about it. An alert on a trunk that a fraud
/// shares with others is still about the fraud; one that only brushes it is not.
const SHARE_MIN: f64 = 0.2;

/// The calls that alerts name, and to which group each belongs: what the first reading finds.
#[derive(Debug, Default)]
pub(crate) struct Named {
    calls: HashMap<u64, Option<usize>>,
}

impl Named {
    /// The calls of these alerts, whose groups are not known yet.
    pub(crate) fn of(alerts: &[Alert]) -> Self {
        Self { calls: alerts.iter().flat_map(|alert| alert.sample.iter().map(|&key| (key, None))).collect() }
    }

    /// A call went by.
    pub(crate) fn note(&mut self, key: u64, group: Option<usize>) {
        if let Some(place) = self.calls.get_mut(&key) {
            *place = group;
        }
    }
}

/// Whom an alert means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Meaning {
    /// Operations, the one with most of its named calls first, each with its share of them.
    Frauds(Vec<(usize, f64)>),
    /// Somebody innocent: the group with most of them.
    Innocent(usize),
    /// Nobody who can be found.
    Nobody,
}

/// Whom `alert` means, by the calls it names; where none of them is of any group, by numbers, addresses and time.
pub(crate) fn meaning(alert: &Alert, named: &Named, ledger: &Ledger) -> Meaning {
    let mut votes: HashMap<usize, u64> = HashMap::new();
    for group in alert.sample.iter().filter_map(|key| named.calls.get(key).copied().flatten()) {
        *votes.entry(group).or_default() += 1;
    }
    let all: u64 = votes.values().sum();
    let mut votes: Vec<_> = votes.into_iter().collect();
    votes.sort_by_key(|&(group, votes)| (std::cmp::Reverse(votes), group));
    let is_fraud = |group: usize| ledger.groups.get(group).is_some_and(|group| group.fraud);
    let shares = votes.iter().map(|&(group, votes)| (group, votes as f64 / all as f64));
    let frauds: Vec<_> = shares.filter(|&(group, share)| is_fraud(group) && share >= SHARE_MIN).collect();
    match votes.first() {
        _ if !frauds.is_empty() => Meaning::Frauds(frauds),
        // The most votes of the innocent; a fraud with fewer than its share is not meant.
        Some(_) => votes
            .iter()
            .find(|&&(group, _)| !is_fraud(group))
            .map_or(Meaning::Nobody, |&(group, _)| Meaning::Innocent(group)),
        None => by_numbers(alert, ledger),
    }
}

/// The group of the time of the alert with most of its numbers, or the only one with one of its addresses.
fn by_numbers(alert: &Alert, ledger: &Ledger) -> Meaning {
    let at_the_time = |group: &Group| match (alert.calls, group.span) {
        (Some((first, last)), Some((begin, end))) => first <= end && begin <= last,
        (None, Some((begin, _))) => begin <= alert.opened,
        (_, None) => false,
    };
    let groups = || ledger.groups.iter().enumerate().filter(|(_, group)| at_the_time(group));
    let common = |group: &Group| group.callers.iter().filter(|&caller| shows(&alert.callers, caller)).count();
    let by_number = groups().map(|(place, group)| (common(group), std::cmp::Reverse(place))).max();
    let found = match by_number {
        Some((1.., std::cmp::Reverse(place))) => Some(place),
        _ => {
            let mut there =
                groups().filter(|(_, group)| group.sources.iter().any(|source| alert.sources.contains(source)));
            let only = there.next().map(|(place, _)| place);
            only.filter(|_| there.next().is_none())
        }
    };
    match found.and_then(|place| Some((place, ledger.groups.get(place)?))) {
        Some((place, group)) if group.fraud => Meaning::Frauds(vec![(place, 1.0)]),
        Some((place, _)) => Meaning::Innocent(place),
        None => Meaning::Nobody,
    }
}

/// Whether `caller` is among numbers and blocks: a block is a number whose last digits are `x` or `*`.
fn shows(callers: &HashSet<String>, caller: &str) -> bool {
    if callers.contains(caller) {
        return true;
    }
    (1..=6_usize.min(caller.len())).any(|cut| {
        let kept = caller.get(..caller.len() - cut).unwrap_or_default();
        callers.contains(&format!("{kept}{}", "x".repeat(cut))) || callers.contains(&format!("{kept}*"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_hold_their_numbers() {
        let callers: HashSet<String> =
            ["+441632960001", "+4416329605xx", "+44163297*"].map(str::to_owned).into_iter().collect();
        for (caller, shown) in [
            ("+441632960001", true),
            ("+441632960002", false),
            ("+441632960599", true),
            ("+441632970123", true),
            ("+441632980123", false),
            ("", false),
        ] {
            assert_eq!(shows(&callers, caller), shown, "{caller}");
        }
    }
}
