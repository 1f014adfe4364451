//! Beside the calls: checks what a call's INVITE claims when it is heard, and remembers the outcome until its record is
//! written.

use std::hash::BuildHasher;

use call::{CallRecord, Identities, Signature};
use foldhash::quality::RandomState;
use hashbrown::HashMap;
use ring::digest::{SHA256, digest};
use sip::passport::{Identity, Passport, Proof, Token, base64url};
use types::{E164, Losses};

use crate::claims::{Said, digits, flaw};
use crate::trust::{Sealed, Trust, proof};

/// PASSporTs whose signature is remembered, in each of two generations; 40 bytes each.
const TOKENS_MAX: usize = 65_536;
/// Bytes of a certificate's address or of an `origid` that are kept.
const NAME_BYTES_MAX: usize = 256;

/// Checks the calls that are signed.
pub struct Verifier {
    trust: Trust,
    sealed: Remembered,
    calls: HashMap<u64, Box<Checked>, RandomState>,
    calls_max: usize,
    scratch: Vec<u8>,
    signed: Vec<u8>,
    tally: Tally,
}

/// What was done and refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Calls that were signed.
    pub signed: u64,
    /// Of these, those whose signature was computed, not remembered.
    pub computed: u64,
    /// Calls whose outcome was not kept until their record, for want of room.
    pub refused: u64,
}

impl Losses for Tally {
    fn losses(&self, each: &mut dyn FnMut(&'static str, u64)) {
        each("stir_calls_refused", self.refused);
    }
}

/// What was found about a call that is signed.
#[derive(Clone, Debug)]
pub struct Checked {
    signer: Box<[u8]>,
    origin_id: Box<[u8]>,
    proof: Proof,
}

impl Checked {
    /// As the call's record tells it.
    #[must_use]
    pub const fn signature(&self) -> Signature<'_> {
        Signature { signer: &self.signer, origin_id: &self.origin_id, proof: self.proof }
    }
}

/// What signatures came to, in two generations: the older goes when the newer is full.
#[derive(Default)]
struct Remembered {
    now: HashMap<[u8; 32], Sealed, RandomState>,
    before: HashMap<[u8; 32], Sealed, RandomState>,
}

impl Remembered {
    fn get(&self, token: &[u8; 32]) -> Option<Sealed> {
        self.now.get(token).or_else(|| self.before.get(token)).copied()
    }

    fn put(&mut self, token: [u8; 32], sealed: Sealed) {
        if self.now.len() >= TOKENS_MAX {
            self.before = std::mem::take(&mut self.now);
        }
        self.now.insert(token, sealed);
    }
}

impl Verifier {
    /// Believes others from now on; what signatures came to by those before is forgotten.
    pub fn renew(&mut self, trust: Trust) {
        (self.trust, self.sealed) = (trust, Remembered::default());
    }

    /// A verifier that believes whom `trust` names, with room for `calls_max` calls that are not over.
    #[must_use]
    pub fn new(trust: Trust, calls_max: usize) -> Self {
        Self {
            trust,
            sealed: Remembered::default(),
            calls: HashMap::default(),
            calls_max,
            scratch: Vec::new(),
            signed: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// What was done and refused.
    #[must_use]
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    /// What a call is known by: its Call-ID, and its beginning where another was up under that then.
    fn key(&self, call: &CallRecord<'_>) -> u64 {
        self.calls.hasher().hash_one((call.call_id, call.invite_at.filter(|_| call.call_id_shared)))
    }

    /// The first INVITE of a call: who signed it, and what came of checking it. `None` where nobody did.
    pub fn on_invite(&mut self, call: &CallRecord<'_>) -> Option<Signature<'_>> {
        let (identities, at) = (call.identities?, call.invite_at?);
        let said = Said {
            at,
            callers: shown(call.caller.number, identities.from),
            callees: shown(call.callee.number, identities.to),
            diverted: !call.diversion.is_empty(),
        };
        let kept = Box::new(self.check(identities, &said)?);
        self.tally.signed += 1;
        let key = self.key(call);
        if self.calls.len() >= self.calls_max && !self.calls.contains_key(&key) {
            self.tally.refused += 1;
            return None;
        }
        self.calls.insert(key, kept);
        self.calls.get(&key).map(|kept| kept.signature())
    }

    /// The record of a call, after which it is forgotten: what was found at its INVITE.
    pub fn on_record(&mut self, call: &CallRecord<'_>) -> Option<Box<Checked>> {
        let key = self.key(call);
        self.calls.remove(&key)
    }

    /// Of several PASSporTs the first with an attestation counts; one of a diverter says that the call was sent on.
    fn check(&mut self, identities: &Identities<'_>, said: &Said) -> Option<Checked> {
        let (mut best, mut diverted): (Option<(Identity<'_>, Option<Passport>)>, bool) = (None, said.diverted);
        for value in identities.values {
            let Ok(identity) = Identity::parse(value) else { continue };
            let passport = identity.passport(&mut self.scratch).ok().flatten();
            diverted |= passport.as_ref().is_some_and(|passport| passport.extension() == Some("div"));
            let attests =
                |passport: &Option<Passport>| passport.as_ref().is_some_and(|passport| passport.attest().is_some());
            if best.as_ref().is_none_or(|(_, held)| !attests(held) && attests(&passport)) {
                best = Some((identity, passport));
            }
        }
        let (identity, passport) = best?;
        let info = identity.certificate.map(String::from_utf8_lossy).unwrap_or_default();
        let Some(passport) = passport else {
            return Some(Checked { signer: cut(info.as_bytes()), origin_id: Box::default(), proof: Proof::Unreadable });
        };
        // What was signed names the certificate; the parameter beside it was not signed (RFC 8224 §4.1).
        let url = passport.certificate().unwrap_or(&info).to_owned();
        let known_algorithm = passport.algorithm().is_none_or(|algorithm| algorithm == "ES256");
        let proof = match flaw(&passport, &Said { diverted, ..*said }) {
            _ if !known_algorithm => Proof::Unreadable,
            flaw => {
                let sealed = self.seal(&identity.token, &url, said);
                let caller = passport.originator().and_then(digits);
                let unauthorised = sealed == Sealed::Holds && !self.trust.may_speak_for(&url, caller);
                proof(sealed, flaw.or_else(|| unauthorised.then_some(Proof::Unauthorised)))
            }
        };
        let origin_id = passport.origin_id().unwrap_or_default();
        Some(Checked { signer: cut(url.as_bytes()), origin_id: cut(origin_id.as_bytes()), proof })
    }

    /// What the signature of a token comes to. The outcome holds for the token as long as it is remembered, which is less
    /// than the days a certificate lasts: a token that is played again later is stale whatever its signature.
    fn seal(&mut self, token: &Token<'_>, url: &str, said: &Said) -> Sealed {
        let Token::Full { header, payload, signature } = *token else { return Sealed::Unknown };
        if self.trust.signers() == 0 {
            return Sealed::Unknown;
        }
        self.signed.clear();
        unfolded(header, &mut self.signed);
        self.signed.push(b'.');
        unfolded(payload, &mut self.signed);
        let until = self.signed.len();
        self.signed.push(b'.');
        unfolded(signature, &mut self.signed);
        let hash = digest(&SHA256, &self.signed);
        let Ok(key) = <[u8; 32]>::try_from(hash.as_ref()) else { return Sealed::Unknown };
        if let Some(sealed) = self.sealed.get(&key) {
            return sealed;
        }
        self.tally.computed += 1;
        // What is no base64 is no signature either.
        if base64url(signature, &mut self.scratch).is_err() {
            self.scratch.clear();
        }
        let signed = self.signed.get(..until).unwrap_or_default();
        let sealed = self.trust.seal(url, signed, &self.scratch, said.at);
        self.sealed.put(key, sealed);
        sealed
    }
}

/// Two numbers for one person, where there are two.
fn shown(first: Option<E164>, second: Option<E164>) -> [Option<E164>; 2] {
    [first, second.filter(|_| second != first)]
}

/// Without the white space of a folded header field, which was not signed.
fn unfolded(text: &[u8], out: &mut Vec<u8>) {
    out.extend(text.iter().filter(|byte| !byte.is_ascii_whitespace()));
}

fn cut(bytes: &[u8]) -> Box<[u8]> {
    bytes.get(..NAME_BYTES_MAX).unwrap_or(bytes).into()
}
