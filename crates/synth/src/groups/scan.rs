//! SIP scanning and what follows it (SCIENCE 4.9): which extensions are there, which password opens one, which prefix leads
//! outside. At the end of the second hour a password is found and a call goes through.
//!
//! With hardness the rate falls from fifty requests a second to one in ten seconds, from many addresses.

use call::{ExchangeKind, Side, Verdict};

use super::mixes;
use crate::calendar::SECOND_US;
use crate::cast::TrunkRole;
use crate::group::{Group, Label};
use crate::places::country;
use crate::random::Random;
use crate::script::{Fate, GroupId, Manner, Request, Role, Script, Sheet, StackId, TrunkId, User};
use crate::stacks::vendor;
use crate::stage::Stage;
use crate::world::{Window, World};

/// Innocent calls a day around it, at scale 1.
const AROUND: f64 = 30_000.0;
/// Prefixes that may lead outside.
const PREFIXES: [(u64, u8); 12] =
    [(0, 2), (9, 1), (900, 3), (9011, 4), (11, 3), (810, 3), (8, 1), (99, 2), (100, 3), (7, 1), (5, 1), (901, 3)];

struct Scan {
    group: GroupId,
    random: Random,
    lives: Window,
    /// Requests a second.
    rate: f64,
    trunk: TrunkId,
    gates: u8,
    stack: StackId,
    /// The number that the prefixes are tried with.
    target: u64,
    next_extension: u64,
}

/// A scan among innocents.
pub(super) fn alone(stage: &mut Stage) {
    mixes::background(stage, AROUND);
    set(stage);
}

/// Three hours of scanning from the open network.
pub(super) fn set(stage: &mut Stage) {
    let (group, mut random) = stage.group("scan", "sip_scan", Label::Fraud, None);
    let gates = [1, 2, 8, 40].get(usize::from(stage.options.hardness)).copied().unwrap_or(1);
    let rate = [50.0, 10.0, 1.0, 0.1].get(usize::from(stage.options.hardness)).copied().unwrap_or(50.0);
    let scan = Scan {
        group,
        lives: stage.working(0.4, 1.0, 3.0),
        rate,
        trunk: stage.cast.trunk("open", TrunkRole::Customer, country(b"NL"), gates),
        gates,
        stack: stage.cast.stack(vendor::SCANNER, 0),
        target: stage.world.numbers.of(country(b"SO"), random.bits()).reveal(),
        next_extension: 100,
        random,
    };
    stage.add(scan);
}

impl Scan {
    fn ask(&mut self, at_us: u64, kind: ExchangeKind, verdict: Verdict, user: User) -> Request {
        Request {
            group: self.group,
            token: self.random.bits(),
            at_us,
            kind,
            verdict,
            after_us: Some(self.random.between(3_000, 60_000) as u32),
            credentials: verdict == Verdict::AuthenticationFailed || verdict == Verdict::Accepted,
            user,
            trunk: self.trunk,
            gate: self.random.below(u64::from(self.gates)) as u8,
            stack: self.stack,
        }
    }

    /// A call with a guessed prefix; `opens` is whether it goes through.
    fn guess(&mut self, at_us: u64, opens: bool) -> Script {
        let random = &mut self.random;
        let (prefix, digits) = random.pick(&PREFIXES).unwrap_or((0, 2));
        let written = self.target.checked_ilog10().unwrap_or(11) + 1;
        let value = prefix * 10_u64.pow(written) + self.target;
        let after_us = random.between(5_000, 80_000) as u32;
        let fate = match opens {
            true => Fate::Answered { after_us: 4_000_000, talk_us: 18_000_000, by: Side::Caller },
            false => Fate::Refused { after_us, status: random.pick(&[404, 403, 401, 404]).unwrap_or(404) },
        };
        Script {
            group: self.group,
            role: if opens { Role::Test } else { Role::Own },
            token: random.bits(),
            line: 0,
            at_us,
            ring_after_us: opens.then_some(2_000_000),
            fate,
            caller: Some(User::Digits(random.between(100, 999), 3)),
            display: None,
            callee: User::Digits(value, digits + written as u8),
            diverted_by: None,
            other_leg: None,
            trunk: self.trunk,
            gate: random.below(u64::from(self.gates)) as u8,
            stack: self.stack,
            attest: None,
            manner: Manner::SilentCaller,
        }
    }
}

impl Group for Scan {
    fn write(&mut self, window: Window, _: &mut World, sheet: &mut Sheet) {
        let Some(open) = window.shared(self.lives) else { return };
        let count = self.random.poisson(self.rate * open.length_us() as f64 / SECOND_US as f64);
        for turn in 0..count {
            // In order, so that extensions are counted up as time goes on.
            let at_us = open.from_us + open.length_us() * turn / count.max(1) + self.random.below(900);
            let progress = (at_us - self.lives.from_us) as f64 / self.lives.length_us() as f64;
            if progress < 0.4 {
                self.next_extension += 1;
                let there = self.next_extension.is_multiple_of(17);
                let verdict = if there { Verdict::Challenged } else { Verdict::Refused };
                let kind = if turn % 3 == 0 { ExchangeKind::Options } else { ExchangeKind::Registration };
                let user = User::Digits(100 + self.next_extension % 9_900, 3);
                let request = self.ask(at_us, kind, verdict, user);
                sheet.requests.push(request);
            } else if progress < 0.75 {
                let found = progress > 0.745;
                let verdict = if found { Verdict::Accepted } else { Verdict::AuthenticationFailed };
                let request = self.ask(at_us, ExchangeKind::Registration, verdict, User::Digits(101, 3));
                sheet.requests.push(request);
            } else {
                let call = self.guess(at_us, progress > 0.99);
                sheet.calls.push(call);
            }
        }
    }
}
