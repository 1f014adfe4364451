//! Who tries doors, at every pace, and devices that look like it: each a story of requests, told to a judge of its own.

use std::sync::Arc;

use call::{CallRecord, Exchange, ExchangeKind, Listener, Outcome, Party, Step, Verdict};
use config::Known;
use detect::{Hearer, Judge, Kind, Knocks, Report, Settings, Status, Tables};
use types::{E164, Endpoint, Ip, Moment, Nanos};

const START_SECS: u64 = 1_793_577_600;
const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const TELEPHONE: &str = "Yealink SIP-T42S";

/// A request and its answer.
#[derive(Clone)]
struct Ask {
    at_ms: u64,
    call: bool,
    /// The last part of the addresses of who asks and of whom.
    from: (u8, u16),
    to: u8,
    user: String,
    dialog: u64,
    credentials: bool,
    agent: &'static str,
    status: u16,
}

/// A REGISTER of a telephone at one address that says nothing of who it is.
fn ask(at_ms: u64, user: impl ToString, status: u16) -> Ask {
    let (user, dialog) = (user.to_string(), at_ms ^ 1 << 40);
    Ask { at_ms, call: false, from: (9, 5_060), to: 1, user, dialog, credentials: false, agent: TELEPHONE, status }
}

/// The same with credentials.
fn login(at_ms: u64, user: impl ToString, dialog: u64, status: u16) -> Ask {
    Ask { credentials: true, dialog, ..ask(at_ms, user, status) }
}

/// A challenge, and credentials that come to a status.
fn answers_challenge(at_ms: u64, user: impl ToString, dialog: u64, status: u16) -> [Ask; 2] {
    let user = user.to_string();
    [Ask { dialog, ..ask(at_ms, &user, 401) }, login(at_ms + 50, &user, dialog, status)]
}

fn call(at_ms: u64, callee: impl ToString, status: u16) -> Ask {
    Ask { call: true, ..ask(at_ms, callee, status) }
}

/// What was told of it.
#[derive(Default)]
struct Told {
    asked: usize,
    /// Requests until it was found, and as what.
    opened: Vec<(usize, Kind)>,
    knocks: Knocks,
}

impl Hearer for Told {
    fn report(&mut self, report: &Report<'_>) {
        if report.status == Status::Open {
            self.opened.push((self.asked, report.kind));
        }
        self.knocks = report.operation.knocks.unwrap_or_default();
    }
}

fn tell(judge: &mut Judge<Told>, ask: &Ask, frame: u64) {
    let at = |ms: u64| Nanos::new(START_SECS * 1_000_000_000 + ms * 1_000_000);
    let (asked_at, answered_at) = (at(ask.at_ms), at(ask.at_ms + 10));
    let source = Endpoint::new(Ip::v4([45, 9, 9, ask.from.0]), ask.from.1);
    let destination = Endpoint::new(Ip::v4([10, 9, 0, ask.to]), 5_060);
    judge.hearer_mut().asked += 1;
    judge.moment(Moment { at: answered_at, frame });
    if ask.call {
        let name = frame.to_string();
        let plain = ask.user.trim_start_matches('+');
        let number = plain.parse().ok().filter(|_| plain.len() > 8).and_then(E164::new);
        let begun = CallRecord {
            invite_at: Some(asked_at),
            callee: Party { number, raw: ask.user.as_bytes(), display: &[] },
            user_agent: ask.agent.as_bytes(),
            ..CallRecord::new(name.as_bytes(), source, destination)
        };
        judge.step(Step::Invited, asked_at, &begun);
        let outcome = if ask.status == 486 { Outcome::Busy } else { Outcome::Failed };
        let over = CallRecord { end_at: Some(answered_at), status: Some(ask.status), outcome, ..begun };
        judge.step(Step::Ended, answered_at, &over);
        judge.record(&over);
        return;
    }
    let verdict = match (ask.status, ask.credentials) {
        (200, _) => Verdict::Accepted,
        (401, false) => Verdict::Challenged,
        (401 | 403, true) => Verdict::AuthenticationFailed,
        _ => Verdict::Refused,
    };
    judge.exchange(&Exchange {
        kind: ExchangeKind::Registration,
        verdict,
        at: asked_at,
        answered_at: Some(answered_at),
        status: Some(ask.status),
        source,
        destination,
        user: ask.user.as_bytes(),
        user_agent: ask.agent.as_bytes(),
        dialog: ask.dialog,
        credentials: ask.credentials,
        retransmissions: 0,
    });
}

fn play(mut story: Vec<Ask>) -> Told {
    story.sort_by_key(|ask| ask.at_ms);
    let known = Arc::new(Known::default());
    let mut judge = Judge::new(Settings::of(&known), Tables::ours().unwrap(), known, Told::default()).unwrap();
    judge.wait(std::time::Duration::ZERO);
    for (ask, frame) in story.iter().zip(1..) {
        tell(&mut judge, ask, frame);
    }
    judge.into_hearer()
}

/// Found once, as a scan, within so many requests.
fn finds(name: &str, within: usize, story: Vec<Ask>) -> Told {
    let told = play(story);
    let [(asked, kind)] = told.opened[..] else { panic!("{name}: {:?}", told.opened) };
    assert_eq!(kind, Kind::SipScan, "{name}");
    assert!(asked <= within, "{name} found after {asked} requests");
    told
}

fn spares(name: &str, story: Vec<Ask>) {
    let told = play(story);
    assert!(told.opened.is_empty(), "{name}: {:?} {:?}", told.opened, told.knocks);
}

/// Of five accounts one is there, and asked for a password.
fn status_of(account: u64) -> u16 {
    if account.is_multiple_of(5) { 401 } else { 404 }
}

/// An order that has none.
fn shuffled(count: u64) -> impl Iterator<Item = u64> {
    let step = (count / 3 + 1..).find(|step| (2..*step).all(|part: u64| !step.is_multiple_of(part))).unwrap();
    (0..count).map(move |turn| turn * step % count)
}

#[test]
fn accounts_in_order_are_found_at_any_pace() {
    for gap in [100, SECOND, 5 * SECOND, 20 * SECOND, MINUTE] {
        let told =
            finds("in order", 50, (0..900).map(|turn| ask(turn * gap, 100 + turn, status_of(turn + 1))).collect());
        assert_eq!((told.knocks.requests, told.knocks.refused, told.knocks.challenged), (900, 720, 180), "{gap}");
        assert!((890..=900).contains(&told.knocks.accounts), "{:?}", told.knocks);
        assert!(!told.knocks.opened());
    }
    let story = |gap: u64| (0..1_500).map(move |turn| ask(turn * gap, 100 + turn / 30, status_of(1 + turn / 30)));
    finds("thirty tries of each", 300, story(20 * SECOND).collect());
    let calls = (0..200).map(|turn| call(turn * 5 * SECOND, 100 + turn, 404));
    finds("by calls", 50, calls.collect());
}

#[test]
fn a_list_is_found_minute_by_minute() {
    for (gap, within) in [(MINUTE, 40), (20 * SECOND, 120), (5 * SECOND, 450)] {
        let names = shuffled(900).enumerate();
        let story = names.map(|(turn, name)| ask(turn as u64 * gap, format!("name{name}"), 404));
        finds("a list", within, story.collect());
    }
}

#[test]
fn tools_for_scanning_are_known_by_name() {
    for status in [401, 404, 200, 503] {
        let tool = |at| Ask { agent: "friendly-scanner", ..ask(at, 100, status) };
        let told = finds("a tool", 12, (0..100).map(|turn| tool(turn * 20 * SECOND)).collect());
        assert_eq!(told.knocks.by_tool, 100);
    }
    spares(
        "the noise of the open network",
        (0..3).map(|turn| Ask { agent: "friendly-scanner", ..ask(turn * HOUR, 100, 404) }).collect(),
    );
}

/// Passwords of one account: quick ones are found at once, slow ones when one opens.
#[test]
fn passwords_are_found_and_worse_when_one_opens() {
    for (gap, within) in [(200, 50), (SECOND, 50), (5 * SECOND, 50), (30 * SECOND, 800)] {
        let tries = |turn| login(turn * gap, 2_001, turn, if turn == 799 { 200 } else { 403 });
        let told = finds("passwords", within, (0..800).map(tries).collect());
        assert_eq!((told.knocks.guessed, told.knocks.opened()), (Some(798), true), "{gap}");
    }
    let cracks = |turn: u64| answers_challenge(turn * 200, 2_001, turn, if turn == 99 { 200 } else { 403 });
    let told = finds("challenged each time", 100, (0..100).flat_map(cracks).collect());
    assert!(told.knocks.opened());
}

const PREFIXES: [&str; 13] = ["", "0", "00", "9", "900", "000", "011", "9011", "+", "81100", "999", "7", "8"];

#[test]
fn prefixes_before_one_number_are_found() {
    let dialled = |turn: usize| format!("{}972592277524", PREFIXES[turn % PREFIXES.len()]);
    let story = |gap: u64, opens: usize| {
        let status = move |turn| if turn >= opens { 486 } else { [404, 401][turn % 2] };
        (0..60).map(|turn| call(turn as u64 * gap, dialled(turn), status(turn))).collect()
    };
    for gap in [500, 5 * SECOND, MINUTE] {
        let told = finds("prefixes", 12, story(gap, 60));
        assert_eq!((told.knocks.prefixes, told.knocks.opened()), (13, false), "{gap}");
        assert!(finds("a prefix that opens", 12, story(gap, 40)).knocks.opened());
    }
    for (name, reached_from, prefixes) in [("number portability", 3, 13), ("dial mistakes", 60, 4)] {
        let tests = |turn: usize| {
            let status = if turn >= reached_from && !turn.is_multiple_of(3) { 486 } else { 404 };
            call(turn as u64 * MINUTE, format!("{}442079460123", PREFIXES[turn % prefixes]), status)
        };
        spares(name, (0..60).map(tests).collect());
    }
}

/// A device with a wrong password goes on for days: in one dialog, in a new one for each challenge, or however it likes, and works
/// once somebody has mended it.
#[test]
fn one_broken_device_is_no_scan() {
    for gap in [20 * SECOND, MINUTE] {
        let turns = || 0..2 * DAY / gap;
        let status = |turn: u64| if turn + 9 > 2 * DAY / gap { 200 } else { 403 };
        spares("one dialog", turns().map(|turn| login(turn * gap, 2_001, 7, status(turn))).collect());
        let challenged = |turn: u64| answers_challenge(turn * gap, 2_001, turn, status(turn));
        spares("a dialog for each challenge", turns().flat_map(challenged).collect());
        spares("never mended", turns().map(|turn| login(turn * gap, 2_001, turn, 403)).collect());
        spares("unknown there", turns().map(|turn| ask(turn * gap, 2_001, 404)).collect());
    }
    spares("hammering", (0..DAY / 4 / SECOND).map(|turn| login(turn * SECOND, 2_001, 7, 403)).collect());
}

/// Three hundred telephones behind one address.
#[test]
fn a_house_full_of_telephones_is_no_scan() {
    let rounds = |phone: u64, minutes: std::ops::Range<u64>, place: u64| {
        minutes.map(move |minute| (minute * MINUTE + place * 190, phone)).collect::<Vec<_>>()
    };
    let all = |minutes: std::ops::Range<u64>, in_order: bool| {
        let phones: Vec<_> = if in_order { (0..300).collect() } else { shuffled(300).collect() };
        phones.into_iter().zip(0..).flat_map(|(phone, place)| rounds(phone, minutes.clone(), place)).collect::<Vec<_>>()
    };
    let own_port = |ask: Ask, phone: u64| Ask { from: (9, 20_000 + phone as u16), ..ask };
    let reboot = all(0..1, false).into_iter().flat_map(|(at, phone)| answers_challenge(at, 2_000 + phone, phone, 200));
    spares("reboot", reboot.collect());
    // A softswitch that does not know its accounts for ten minutes.
    for in_order in [false, true] {
        let refused = all(0..10, in_order).into_iter().zip(std::iter::repeat(403));
        let accepted = all(10..30, in_order).into_iter().zip(std::iter::repeat(200));
        let both: Vec<_> = refused.chain(accepted).collect();
        let challenged =
            both.iter().flat_map(|&((at, phone), status)| answers_challenge(at, 2_000 + phone, phone, status));
        spares("migration, challenged", challenged.collect());
        let at_once = both
            .iter()
            .map(|&((at, phone), status)| own_port(Ask { dialog: phone, ..ask(at, 2_000 + phone, status) }, phone));
        spares("migration, refused at once", at_once.collect());
    }
    // Whom it knew before it may refuse for as long as it likes.
    let known = all(0..2, true).into_iter().map(|(at, phone)| ask(at, 2_000 + phone, 200));
    let lost = all(2..60, true).into_iter().map(|(at, phone)| ask(at, 2_000 + phone, 403));
    spares("accounts that were known", known.chain(lost).collect());
}

#[test]
fn a_gateway_is_no_scan() {
    for gap in [30, SECOND] {
        let lines = |minute: u64| (0..32).map(move |line| ask(minute * MINUTE + line * gap, 101 + line, 403));
        spares("32 lines in order", (0..300).flat_map(lines).collect());
    }
}

/// Thousands of accounts, of which some are always wrong, and every day others.
#[test]
fn a_platform_is_no_scan() {
    let hours = (0..72_u64).flat_map(|hour| (0..2_000_u64).map(move |account| (hour, account)));
    let story = hours.flat_map(|(hour, account)| {
        let status = if (account * 7 + hour / 24).is_multiple_of(23) { 403 } else { 200 };
        answers_challenge(hour * HOUR + account * 1_700, 30_000 + account, account, status)
    });
    spares("a platform", story.collect());
}

#[test]
fn who_asks_for_others_or_whether_all_is_well_is_no_scan() {
    let pings = (0..2_000).map(|turn| Ask {
        to: (turn % 40) as u8,
        ..ask(turn * 5 * SECOND, 100 + turn % 40, [200, 404][(turn % 40 == 7) as usize])
    });
    spares("a monitor", pings.collect());
    let old = |turn: u64| {
        call(turn * 2 * SECOND, 442_079_460_000 + turn * 37 % 9_000, if turn.is_multiple_of(6) { 404 } else { 486 })
    };
    spares("a dialler with an old list", (0..4_000).map(old).collect());
    let down = (0..400).map(|turn| ask(turn * SECOND, 100 + turn, 503));
    spares("a server that is down", down.collect());
}
