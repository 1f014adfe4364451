//! What becomes of the caller's identity on a call's way: the legs that go on from the first, held against it.

use types::{E164, Ip};

use crate::calls::Calls;
use crate::facts::Heard;
use crate::leg::Leg;
use crate::text::Word;

/// How the legs that go on from a call's first differ from it, as far as they were seen before anybody answered: legs that come
/// later are transfers. Unknown is what cannot be compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// Where the leg goes that was compared last, or differs.
    pub destination: Ip,
    /// Whether another caller is shown there. Unknown where a leg shows none, and where somebody forwarded the call, whose own
    /// number may be shown.
    pub caller_changed: Option<bool>,
    /// Who is shown in place of the first leg's caller.
    pub caller_shown: Option<E164>,
    /// Whether the first leg is signed and the other is not; unknown where the first is not.
    pub identity_lost: Option<bool>,
    /// Whether the first leg says who diverted the call and the other does not; unknown where nobody did.
    pub diversion_lost: Option<bool>,
}

impl Passage {
    /// Both legs' differences; what one of them lost is lost.
    fn and(self, other: Self) -> Self {
        let either = |a: Option<bool>, b: Option<bool>| a.max(b);
        let differs = |passage: &Self| {
            [passage.caller_changed, passage.identity_lost, passage.diversion_lost].contains(&Some(true))
        };
        Self {
            destination: if differs(&self) && !differs(&other) { self.destination } else { other.destination },
            caller_changed: either(self.caller_changed, other.caller_changed),
            caller_shown: self.caller_shown.or(other.caller_shown),
            identity_lost: either(self.identity_lost, other.identity_lost),
            diversion_lost: either(self.diversion_lost, other.diversion_lost),
        }
    }
}

/// Digits from the end by which two numbers are taken for the same subscriber's: boxes change prefixes, never those.
pub(crate) const OWN_DIGITS: usize = 8;

/// A subscriber's own digits of a number.
pub(crate) const fn own_digits(number: E164) -> u64 {
    number.reveal() % 10_u64.pow(OWN_DIGITS as u32)
}

/// Whether two numbers are the same subscriber's, however they are written.
pub(crate) const fn alike(a: E164, b: E164) -> bool {
    own_digits(a) == own_digits(b)
}

impl Calls {
    /// Holds a leg that was joined just now, by its INVITE, against the first of its call.
    pub(crate) fn compare(&mut self, index: u32, heard: &Heard<'_>) {
        let first = self.first_of(index);
        let (Some(before), Some(after)) = (self.legs.get(first), self.legs.get(index)) else { return };
        if first == index || before.answer_at.is_some() || before.phase.is_over() {
            return;
        }
        let diverted = |leg: &Leg| !leg.text.get(Word::Diversion).is_empty();
        let shown = |leg: &Leg| [leg.caller, leg.rare.as_ref().and_then(|rare| rare.also)];
        let same = || {
            let pairs = shown(before)
                .into_iter()
                .flatten()
                .flat_map(|a| shown(after).into_iter().flatten().map(move |b| (a, b)));
            pairs.into_iter().any(|(a, b)| alike(a, b))
        };
        let comparable = before.caller.is_some() && after.caller.is_some() && !diverted(before) && !diverted(after);
        let changed = comparable.then(|| !same());
        let passage = Passage {
            destination: heard.destination.ip,
            caller_changed: changed,
            caller_shown: after.caller.filter(|_| changed == Some(true)),
            identity_lost: before.attestation.is_some().then(|| heard.message.identities().next().is_none()),
            diversion_lost: diverted(before).then(|| !diverted(after)),
        };
        if let Some(leg) = self.legs.get_mut(first) {
            let rare = leg.rare();
            rare.passage = Some(rare.passage.map_or(passage, |held| held.and(passage)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_leg_lost_is_lost() {
        let number = E164::new(441_632_960_001);
        let changed = Passage { caller_changed: Some(true), caller_shown: number, ..Passage::default() };
        let kept = Passage { caller_changed: Some(false), identity_lost: Some(false), ..Passage::default() };
        let both = Passage { caller_changed: Some(true), caller_shown: number, identity_lost: Some(false), ..kept };
        assert_eq!((changed.and(kept), kept.and(changed)), (both, both));
    }
}
