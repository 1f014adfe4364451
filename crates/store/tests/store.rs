//! A store over its life: kept, asked, filled, killed, damaged, locked, grown old.

#![cfg(test)]

use std::fs::{self, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use store::audit::{Act, broken};
use store::cases::{Refused, State, Step};
use store::{
    AlertOrder, AlertPlace, AlertQuery, Archive, Call, ClockReading, Counted, Limits, Loss, NoPlace, Of, Pace, Query,
    Run, Store, StoreError, Word,
};
use types::{E164, Nanos};

/// What the first entry of an audit log stands behind.
const BEGIN: (u64, [u8; 32]) = (0, [0; 32]);
/// 28 November 2026, 10:00 UTC.
const TEN: u64 = 1_795_860_000;
const DAY: u64 = 86_400;

const LIMITS: Limits =
    Limits { calls_days: 30, calls_bytes_max: 1 << 40, alerts_days: 365, alerts_bytes_max: 1 << 40, free_bytes_min: 0 };

fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("greyline-store-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn at(secs: u64) -> Nanos {
    Nanos::from_parts(secs, 0)
}

/// The n-th call of a row, one a second.
fn call(n: u64) -> Call {
    let record = format!(r#"{{"v":1,"call_id":"call-{n}@192.0.2.1","outcome":"answered"}}"#);
    Call {
        at: at(TEN + n),
        caller: E164::new(441_632_960_000 + n % 10),
        callee: E164::new(15_550_100_000 + n),
        call_ids: vec![format!("call-{n}@192.0.2.1").into_bytes().into(), format!("leg-{n}").into_bytes().into()],
        source: if n.is_multiple_of(2) { "192.0.2.1".parse().unwrap() } else { "2001:db8::1".parse().unwrap() },
        destination: "198.51.100.7".parse().unwrap(),
        trunk: Some("north".into()),
        stack: Some(u64::MAX - n % 3),
        answered: n.is_multiple_of(4),
        talk_ms: 1_000,
        record: record.into(),
    }
}

fn word(alert: &str, status: &'static str, said: u64) -> Word {
    Word {
        alert: alert.into(),
        status,
        said: at(said),
        kind: "scam_call_centre",
        severity: 2,
        score_db: 61.5,
        entity_kind: "source",
        entity: "192.0.2.1".into(),
        title: "Scam call centre".into(),
        first_call: at(TEN),
        last_call: at(said),
        calls: said - TEN,
        record: format!(r#"{{"v":1,"alert_id":"{alert}","status":"{status}"}}"#).into(),
    }
}

fn open(folder: &Path) -> Store {
    Store::open(folder, LIMITS, Pace::File).unwrap()
}

fn count(folder: &Path, query: &Query) -> usize {
    Archive::open(folder).unwrap().calls(&Query { most: 10_000, ..query.clone() }).unwrap().calls.len()
}

#[test]
fn a_store_is_open_to_its_owner_alone() {
    let folder = scratch("owner");
    drop(open(&folder));
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn calls_are_found_by_number_address_call_id_stack_and_time() {
    let folder = scratch("found");
    let store = open(&folder);
    (0..300).for_each(|n| store.call(call(n)));
    // One of the day before.
    store.call(Call { at: at(TEN - DAY), ..call(300) });
    let (tally, notes) = store.close();
    assert_eq!((tally.calls, tally.queued, tally.queued_bytes, notes), (301, 0, 0, vec![]));

    assert_eq!(Archive::open(&folder).unwrap().period().unwrap(), Some((at(TEN - DAY), at(TEN + 299))));
    let number = |digits| E164::new(digits);
    let of = |query: Query| count(&folder, &query);
    let any = Query::default;
    assert_eq!(of(any()), 301);
    assert_eq!(of(Query { number: number(441_632_960_003), ..any() }), 30);
    assert_eq!(of(Query { number: number(15_550_100_003), ..any() }), 1);
    assert_eq!(of(Query { caller: number(15_550_100_003), ..any() }), 0);
    assert_eq!(of(Query { callee: number(15_550_100_003), ..any() }), 1);
    assert_eq!(of(Query { address: Some("2001:db8::1".parse().unwrap()), ..any() }), 150);
    assert_eq!(of(Query { address: Some("198.51.100.7".parse().unwrap()), ..any() }), 301);
    assert_eq!(of(Query { call_id: Some(b"leg-7".to_vec()), ..any() }), 1);
    assert_eq!(of(Query { call_id: Some(b"leg-7 ".to_vec()), ..any() }), 0);
    assert_eq!(of(Query { stack: Some(u64::MAX - 1), ..any() }), 100);
    assert_eq!(of(Query { from: at(TEN + 10), until: at(TEN + 19), ..any() }), 10);
    assert_eq!(of(Query { until: at(TEN - 1), ..any() }), 1);
    // All of it has to hold.
    let both = Query { number: number(441_632_960_003), stack: Some(u64::MAX), from: at(TEN + 100), ..any() };
    assert_eq!(of(both), (100..300).filter(|n| n % 10 == 3 && n % 3 == 0).count());

    // Page by page, the latest first, over the days.
    let mut archive = Archive::open(&folder).unwrap();
    let (mut behind, mut seen) = (None, Vec::new());
    loop {
        let page = archive.calls(&Query { behind, most: 7, ..any() }).unwrap();
        seen.extend(page.calls.iter().map(|found| found.at));
        behind = page.next;
        if behind.is_none() {
            break;
        }
    }
    let expected: Vec<_> = (0..300).rev().map(|n| at(TEN + n)).chain([at(TEN - DAY)]).collect();
    assert_eq!(seen, expected);

    let hours = archive.hours(Of::Source, Some("192.0.2.1"), (Nanos::ZERO, Nanos::MAX), 2).unwrap().unwrap();
    assert_eq!(archive.hours(Of::Source, None, (Nanos::ZERO, Nanos::MAX), 2).unwrap(), None);
    let figures: Vec<_> = hours.iter().map(|hour| (hour.at, hour.calls, hour.answered, hour.talk_ms)).collect();
    assert_eq!(figures, [(at(TEN - DAY), 1, 1, 1_000), (at(TEN), 150, 75, 150_000)]);
    assert_eq!(archive.hours(Of::Trunk, None, (at(TEN), at(TEN)), 9).unwrap().unwrap()[0].calls, 300);
}

/// Which calls an alert counts is kept beside them, told before a call or behind it; the last to count one has it.
#[test]
fn calls_are_found_by_the_alert_that_counts_them() {
    let folder = scratch("counted");
    let store = open(&folder);
    let counted = |alert: u64, n: u64| {
        let Call { at, call_ids, .. } = call(n);
        Counted { alert, at, call_id: call_ids[0].clone() }
    };
    for n in 0..100 {
        if n % 3 == 0 {
            store.counted(counted(7, n));
        }
        store.call(call(n));
    }
    (0..10).for_each(|n| store.counted(counted(u64::MAX, n)));
    // Of a call that is not kept: it is not found, and no harm.
    store.counted(counted(7, 5_000));
    store.call(Call { at: at(TEN - DAY), ..call(300) });
    store.counted(Counted { at: at(TEN - DAY), ..counted(7, 300) });
    // Somebody has the Call-ID of a call that is counted again, and another alert that of one of its own.
    let again = |n: u64| Call { at: at(TEN + 1_000 + n), ..call(n) };
    [12, 15].map(again).into_iter().for_each(|call| store.call(call));
    store.counted(Counted { at: again(15).at, ..counted(9, 15) });
    let (tally, notes) = store.close();
    assert_eq!((tally.calls, tally.counted, tally.counted_lost, notes), (103, 47, [0; 4], vec![]));

    let mut archive = Archive::open(&folder).unwrap();
    let mut seen = |query: Query| {
        let (mut behind, mut seen) = (None, Vec::new());
        loop {
            let page = archive.calls(&Query { behind, most: 4, ..query.clone() }).unwrap();
            seen.extend(page.calls.iter().map(|found| (found.at, found.counted_by)));
            behind = page.next;
            if behind.is_none() {
                return seen;
            }
        }
    };
    let of = |alert: u64| Query { counted_by: Some(alert), ..Query::default() };
    let third = (10..100).rev().filter(|n| n % 3 == 0).map(|n| (at(TEN + n), Some(7)));
    assert_eq!(seen(of(7)), third.chain([(at(TEN - DAY), Some(7))]).collect::<Vec<_>>());
    let others: Vec<_> = (0..10).rev().map(|n| (at(TEN + n), Some(u64::MAX))).collect();
    assert_eq!(seen(of(u64::MAX)), others);
    assert_eq!((seen(of(8)), seen(of(9))), (vec![], vec![(at(TEN + 1_015), Some(9))]));
    let of_12 = Query { call_id: Some(b"leg-12".to_vec()), ..Query::default() };
    assert_eq!(seen(of_12), [(at(TEN + 1_012), None), (at(TEN + 12), Some(7))]);
    // With other conditions both have to hold; without, each call says which alert counts it.
    let number = E164::new(441_632_960_003);
    let both: Vec<_> = (10..100).rev().filter(|n| n % 3 == 0 && n % 10 == 3).map(|n| (at(TEN + n), Some(7))).collect();
    assert_eq!(seen(Query { number, ..of(7) }), both);
    let until = at(TEN + 12);
    let some: Vec<_> = seen(Query { from: at(TEN + 8), until, ..Query::default() });
    let [nine, eight] = [9, 8].map(|n| (at(TEN + n), Some(u64::MAX)));
    assert_eq!(some, [(until, Some(7)), (at(TEN + 11), None), (at(TEN + 10), None), nine, eight]);
    assert_eq!(archive.counting(Nanos::ZERO).unwrap(), [7, 9, u64::MAX].into());
    assert_eq!(archive.counting(at(TEN + DAY)).unwrap(), [].into());
    let last = archive.calls(&of(7)).unwrap().calls.remove(0);
    assert_eq!(archive.call(last.place).unwrap(), Some(last));
    // Any leg says so, and the first one before the call is recorded; for as long as a call may last past midnight.
    let is_counted = [
        ("call-12@192.0.2.1", TEN + 20, true),
        ("leg-12", TEN + 20, true),
        ("leg-13", TEN + 20, false),
        ("call-5000@192.0.2.1", TEN + 5_000, true),
        ("leg-300", TEN, true),
        ("leg-300", TEN + DAY, false),
        ("leg-12", TEN - 3 * DAY, false),
    ];
    for (call_id, secs, expected) in is_counted {
        assert_eq!(archive.is_counted(call_id.as_bytes(), at(secs)).unwrap(), expected, "{call_id} {secs}");
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_capture_that_is_read_twice_is_kept_once() {
    let folder = scratch("twice");
    for (round, expected) in [(1, (200, 0)), (2, (0, 200))] {
        let store = open(&folder);
        (0..200).for_each(|n| {
            store.call(Call { record: format!("{{\"round\":{round}}}").into(), ..call(n / 2 * 2 + n % 2) })
        });
        store.word(word("a", "open", TEN + 5));
        let (tally, _) = store.close();
        assert_eq!((tally.calls, tally.calls_repeated), expected);
    }
    assert_eq!(count(&folder, &Query::default()), 200);
    let mut archive = Archive::open(&folder).unwrap();
    assert_eq!(archive.calls(&Query::default()).unwrap().calls[0].record, r#"{"round":2}"#);
    assert_eq!(archive.hours(Of::Trunk, None, (Nanos::ZERO, Nanos::MAX), 9).unwrap().unwrap()[0].calls, 200);
    assert_eq!(archive.life("a").unwrap().len(), 1);
    // Calls of one microsecond stand beside each other.
    let store = open(&folder);
    (0..50).for_each(|n| store.call(Call { at: at(TEN + DAY), ..call(n) }));
    assert_eq!(store.close().0.calls, 50);
}

#[test]
fn an_alert_has_its_whole_life() {
    let folder = scratch("life");
    let store = open(&folder);
    for (status, said) in [("open", TEN + 10), ("update", TEN + 20), ("close", TEN + 90)] {
        store.word(word("a", status, said));
    }
    store.word(word("b", "open", TEN + 30));
    // What was said before changes nothing of what is known now.
    store.word(word("a", "update", TEN + 15));
    let (tally, _) = store.close();
    assert_eq!(tally.words, 5);

    let archive = Archive::open(&folder).unwrap();
    let life: Vec<_> = archive.life("a").unwrap().into_iter().map(|said| said.status).collect();
    assert_eq!(life, ["open", "update", "update", "close"]);
    let alert = archive.alert("a").unwrap().unwrap();
    assert_eq!((alert.status.as_str(), alert.opened, alert.said), ("close", at(TEN + 10), at(TEN + 90)));
    assert_eq!(alert.calls, 90);
    let ids = |query| archive.alerts(&query).unwrap().into_iter().map(|alert| alert.id).collect::<Vec<_>>();
    let all = AlertQuery { most: 10, ..AlertQuery::default() };
    assert_eq!(ids(all.clone()), ["a", "b"]);
    assert_eq!(ids(AlertQuery { open: Some(true), ..all.clone() }), ["b"]);
    assert_eq!(ids(AlertQuery { open: Some(false), ..all.clone() }), ["a"]);
    assert_eq!(ids(AlertQuery { from: at(TEN + 90), ..all.clone() }), ["a"]);
    assert_eq!(ids(AlertQuery { until: Nanos::ZERO, ..all.clone() }), [""; 0]);
    assert_eq!(ids(AlertQuery { severity_min: 3, ..all.clone() }), [""; 0]);
    assert_eq!(ids(AlertQuery { kind: Some("irsf".into()), ..all.clone() }), [""; 0]);
    for order in [AlertOrder::Latest, AlertOrder::Gravest] {
        // Page by page, each place once through the text it travels as.
        let (mut query, mut paged) = (AlertQuery { most: 1, order, ..all.clone() }, Vec::new());
        while let Some(alert) = archive.alerts(&query).unwrap().pop() {
            query.behind = Some(alert.place().to_string().parse().unwrap());
            paged.push(alert.id);
        }
        assert_eq!(paged, ids(AlertQuery { order, ..all.clone() }));
    }
    assert_eq!("1.2.x.y".parse::<AlertPlace>(), Err(NoPlace));
    let open = archive.open_alerts().unwrap();
    assert_eq!(open.iter().map(|(_, _, count)| count).sum::<u64>(), 1);
    assert_eq!(archive.alert("c").unwrap(), None);
}

#[test]
fn a_store_has_one_keeper() {
    let folder = scratch("keeper");
    let store = open(&folder);
    let said = Store::open(&folder, LIMITS, Pace::File).unwrap_err();
    assert!(
        matches!(said, StoreError::InUse(_)) && said.to_string().contains("another greyline keeps this store"),
        "{said}"
    );
    // Who only reads does not mind.
    store.word(word("a", "open", TEN + 1));
    store.flush();
    assert!(Archive::open(&folder).unwrap().alert("a").unwrap().is_some());
    let _ = store.close();
    let _ = open(&folder).close();
    let nowhere = Archive::open(&scratch("nowhere")).unwrap_err().to_string();
    assert!(nowhere.contains("no store of greyline"), "{nowhere}");
}

#[test]
fn without_room_for_calls_alerts_are_kept() {
    let much = Limits { calls_bytes_max: 200_000, ..LIMITS };
    let no_room = Limits { free_bytes_min: u64::MAX, ..LIMITS };
    for (name, limits, why) in [("much", much, "more than all calls may"), ("no-room", no_room, "are free on disk")] {
        let folder = scratch(name);
        let store = Store::open(&folder, limits, Pace::File).unwrap();
        (0..2_000).for_each(|n| store.call(call(n)));
        store.flush();
        (2_000..2_100).for_each(|n| store.call(call(n)));
        store.word(word("a", "open", TEN + 1));
        store.flush();
        let tally = store.tally();
        assert!(tally.alerts_only, "{name}");
        assert_eq!(tally.words, 1);
        assert!(tally.lost(Loss::Full) >= 100, "{name} {tally:?}");
        assert_eq!(tally.calls + tally.lost(Loss::Full), 2_100, "{name} {tally:?}");
        let (_, notes) = store.close();
        assert!(notes.iter().any(|note| note.contains("alerts alone are kept") && note.contains(why)), "{notes:?}");
        assert!(Archive::open(&folder).unwrap().alert("a").unwrap().is_some());
    }
}

#[test]
fn old_days_go_and_so_do_the_earliest_where_there_is_too_much() {
    let folder = scratch("old");
    let store = open(&folder);
    (0..60).for_each(|day| store.call(Call { at: at(TEN + day * DAY), ..call(day) }));
    store.word(word("old", "close", TEN + 1));
    store.word(word("going on", "open", TEN + 1));
    store.flush();
    assert_eq!(count(&folder, &Query::default()), 60);
    store.now(at(TEN + 59 * DAY));
    store.flush();
    assert_eq!((store.tally().days_expired, count(&folder, &Query::default())), (29, 31));
    assert_eq!(store.tally().alerts_expired, 0);
    store.now(at(TEN + 400 * DAY));
    store.flush();
    // The last day stays, whatever its age.
    assert_eq!((count(&folder, &Query::default()), store.tally().alerts_expired), (1, 1));
    let _ = store.close();
    let archive = Archive::open(&folder).unwrap();
    assert_eq!((archive.life("old").unwrap().len(), archive.life("going on").unwrap().len()), (0, 1));

    let store = Store::open(&folder, Limits { calls_bytes_max: 1_500_000, ..LIMITS }, Pace::File).unwrap();
    (0..20).for_each(|day| (0..200).for_each(|n| store.call(Call { at: at(TEN + (100 + day) * DAY + n), ..call(n) })));
    store.flush();
    store.flush();
    let tally = store.tally();
    assert!(tally.days_expired >= 1 && !tally.alerts_only, "{tally:?}");
    assert!(count(&folder, &Query { from: at(TEN + 119 * DAY), ..Query::default() }) == 200);
    let _ = store.close();
}

/// Spoils a file in its middle.
fn spoil(path: &Path, from: u64) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(from)).unwrap();
    file.write_all(&[0xa5; 4_096]).unwrap();
}

#[test]
fn a_damaged_file_is_put_aside_and_alerts_go_on() {
    let folder = scratch("damaged");
    let store = open(&folder);
    (0..100).for_each(|n| store.call(call(n)));
    store.word(word("before", "open", TEN + 1));
    let _ = store.close();
    spoil(&folder.join("greyline.db"), 0);
    spoil(&folder.join("calls-2026-11-28.db"), 0);

    let said = Archive::open(&folder).unwrap_err().to_string();
    assert!(said.contains("greyline.db: the file is damaged"), "{said}");

    let store = open(&folder);
    store.word(word("after", "open", TEN + 2));
    (100..150).for_each(|n| store.call(call(n)));
    let (tally, notes) = store.close();
    assert_eq!((tally.words, tally.calls, tally.damaged), (1, 50, 2));
    for file in ["greyline.db", "calls-2026-11-28.db"] {
        let named =
            |note: &&String| note.contains(file) && note.contains("is damaged") && note.contains(".damaged-1 now");
        assert!(notes.iter().any(|note| named(&note)), "{notes:?}");
        assert!(folder.join(format!("{file}.damaged-1")).exists());
    }
    let archive = Archive::open(&folder).unwrap();
    assert!(archive.alert("after").unwrap().is_some());
    let log = archive.audit_log(1, 10).unwrap();
    assert_eq!((log[0].act.as_str(), log[0].object.as_str()), ("store_damaged", "greyline.db.damaged-1"));

    // One day that cannot be read does not hide the others.
    let store = open(&folder);
    (0..10).for_each(|n| store.call(Call { at: at(TEN - DAY), ..call(n) }));
    let _ = store.close();
    spoil(&folder.join("calls-2026-11-28.db"), 0);
    let page = Archive::open(&folder).unwrap().calls(&Query::default()).unwrap();
    assert_eq!((page.calls.len(), page.unread.len()), (10, 1));
    assert!(page.unread[0].contains("calls-2026-11-28.db: the file is damaged"), "{:?}", page.unread);
}

#[test]
fn a_file_of_another_program_is_left_alone() {
    let folder = scratch("foreign");
    fs::create_dir_all(&folder).unwrap();
    let other = rusqlite::Connection::open(folder.join("greyline.db")).unwrap();
    other.execute_batch("CREATE TABLE treasure (x)").unwrap();
    let said = Store::open(&folder, LIMITS, Pace::File).unwrap_err();
    assert!(matches!(said, StoreError::Foreign(_)), "{said}");
    other.query_row("SELECT count(*) FROM treasure", [], |row| row.get::<_, i64>(0)).unwrap();
}

/// Not a test of its own: what [`what_was_written_survives_a_kill`] kills.
#[test]
fn writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os("GREYLINE_STORE_TO_KILL") else { return };
    let store = open(Path::new(&folder));
    for n in 0.. {
        store.call(call(n));
        if n % 500 == 0 {
            store.word(word("a", "update", TEN + n));
            store.flush();
            println!("\nwritten {n}");
        }
    }
}

#[test]
fn what_was_written_survives_a_kill() {
    let folder = scratch("killed");
    for round in 1..=3_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writes_until_it_is_killed", "--nocapture"])
            .env("GREYLINE_STORE_TO_KILL", &folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
        let written = lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("written ")?.parse::<u64>().ok());
        let last = written.take_while(|n| *n < 2_000 * round).last().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();

        let found =
            Archive::open(&folder).unwrap().calls(&Query { most: 10_000, until: at(TEN + last), ..Query::default() });
        assert_eq!(found.unwrap().calls.len() as u64, last + 1);
        assert!(Archive::open(&folder).unwrap().alert("a").unwrap().unwrap().calls >= last);
        let store = open(&folder);
        let (tally, notes) = store.close();
        assert_eq!((tally.damaged, notes), (0, vec![]));
        let file = rusqlite::Connection::open(folder.join("calls-2026-11-28.db")).unwrap();
        let said: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(said, "ok");
    }
}

#[test]
fn a_link_never_waits_and_every_call_is_kept_or_counted() {
    let folder = scratch("link");
    let store = Store::open(&folder, LIMITS, Pace::Link).unwrap();
    let (sent, begun) = (80_000, Instant::now());
    let mut slowest = Duration::ZERO;
    for n in 0..sent {
        let call = call(n);
        let before = Instant::now();
        store.call(call);
        slowest = slowest.max(before.elapsed());
    }
    let handing = begun.elapsed();
    store.flush();
    let tally = store.tally();
    let lost: u64 = Loss::ALL.into_iter().map(|loss| tally.lost(loss)).sum();
    assert_eq!(tally.calls + tally.calls_repeated + lost, sent, "{tally:?}");
    assert_eq!(lost, tally.lost(Loss::Queue));
    // Far below what writing them takes.
    assert!(slowest < Duration::from_secs(1), "{slowest:?} of {handing:?}");
    let _ = store.close();
}

#[test]
fn the_audit_log_shows_what_was_done_to_it() {
    let folder = scratch("audit");
    let _ = open(&folder).close();
    let mut archive = Archive::open(&folder).unwrap();
    for n in 1..=20_u64 {
        let detail = format!("reason {n}");
        let act = Act { at: at(TEN + n), who: "officer", act: "evidence", object: "a", detail: &detail };
        assert_eq!(archive.audit(&act).unwrap().0, n);
    }
    let log = archive.audit_log(1, 100).unwrap();
    assert_eq!((log.len(), broken(BEGIN, &log)), (20, None));
    assert_eq!(archive.audit_head().unwrap(), (20, log[19].hash));

    // Whoever goes through SQL is refused, and whoever goes round that is found.
    let sql = rusqlite::Connection::open(folder.join("greyline.db")).unwrap();
    for attempt in ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit WHERE seq = 3"] {
        assert!(sql.execute_batch(attempt).unwrap_err().to_string().contains("append-only"), "{attempt}");
    }
    sql.execute_batch("DROP TRIGGER audit_stands; DROP TRIGGER audit_stays").unwrap();
    let mut changed = log.clone();
    changed[6].who = "nobody".to_owned();
    assert_eq!(broken(BEGIN, &changed), Some(7));
    sql.execute_batch("DELETE FROM audit WHERE seq = 5").unwrap();
    assert_eq!(broken(BEGIN, &archive.audit_log(1, 100).unwrap()), Some(5));
    let mut turned = log.clone();
    turned.swap(3, 4);
    assert_eq!(broken(BEGIN, &turned), Some(4));
}

/// The tables of the first version, as it made them.
const FIRST: &str = include_str!("../src/schema/main-1.sql");

#[test]
fn a_store_of_the_first_version_goes_on() {
    let folder = scratch("first");
    fs::create_dir_all(&folder).unwrap();
    let sql = rusqlite::Connection::open(folder.join("greyline.db")).unwrap();
    sql.execute_batch(FIRST).unwrap();
    sql.execute_batch(
        "PRAGMA application_id = 1735162209; PRAGMA user_version = 1;
         INSERT INTO alert VALUES ('old', 'open', 'irsf', 3, 70.0, 'source', '192.0.2.1', 'x', 1, 2, 1, 2, 9, '{}');",
    )
    .unwrap();
    drop(sql);
    let store = open(&folder);
    store.word(word("new", "open", TEN + 1));
    let (tally, notes) = store.close();
    assert_eq!((tally.words, tally.damaged, notes), (1, 0, vec![]));
    let archive = Archive::open(&folder).unwrap();
    assert_eq!(archive.alert("old").unwrap().unwrap().calls, 9);
    assert_eq!((archive.bundles().unwrap(), archive.runs("x", 9).unwrap()), (vec![], vec![]));
}

/// Calls of a day that an earlier version kept are found as before, and nobody counts them; once it is written to, it says who does.
#[test]
fn a_day_of_the_first_version_is_read_and_goes_on() {
    let folder = scratch("first-day");
    drop(open(&folder));
    let sql = rusqlite::Connection::open(folder.join("calls-2026-11-28.db")).unwrap();
    sql.execute_batch(include_str!("../src/schema/calls-1.sql")).unwrap();
    sql.execute_batch("PRAGMA application_id = 1735162211; PRAGMA user_version = 1;").unwrap();
    // 10:00:00 and no tail.
    let id = 36_000_000_000_i64 << 20;
    sql.execute("INSERT INTO call VALUES (?1, 5, NULL, NULL, x'c0000201', x'c0000202', NULL, '{}')", [id]).unwrap();
    drop(sql);
    let of = |counted_by| count(&folder, &Query { counted_by, ..Query::default() });
    assert_eq!((of(None), of(Some(7))), (1, 0));
    let store = open(&folder);
    store.call(call(1));
    store.counted(Counted { alert: 7, at: at(TEN + 1), call_id: call(1).call_ids[0].clone() });
    let (tally, notes) = store.close();
    assert_eq!((tally.calls, tally.damaged, notes), (1, 0, vec![]));
    assert_eq!((of(None), of(Some(7))), (2, 1));
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn bundles_are_numbered_and_stand_in_the_audit_log() {
    let folder = scratch("bundles");
    let store = open(&folder);
    let run = Run {
        begun: at(TEN),
        program: "greyline 0".to_owned(),
        version: "abc".to_owned(),
        config: "{}".to_owned(),
        sources: "eth1".to_owned(),
        clock: "kernel".to_owned(),
    };
    store.run(run.clone());
    let readings = [0, 600, 700, 1_300].map(|secs| ClockReading {
        at: at(TEN + secs),
        synchronised: secs != 700,
        offset_us: -12,
        error_us: 40,
        error_max_us: 900 + secs,
        stepped_us: if secs == 700 { -3_000_000 } else { 0 },
    });
    readings.iter().for_each(|&reading| store.clock(reading));
    let _ = store.close();
    let mut archive = Archive::open(&folder).unwrap();
    assert_eq!(archive.runs("abc", 9).unwrap(), [run]);
    // The one before still holds when the time begins; what comes later does not.
    for (from, until, expected) in [
        (TEN + 650, TEN + 800, &readings[1..3]),
        (TEN, TEN, &readings[..1]),
        (0, 9_999_999_999, &readings[..]),
        (0, TEN - 1, &[]),
    ] {
        assert_eq!(archive.clock(at(from), at(until), 9).unwrap(), expected, "{from}..{until}");
    }
    let first = archive.add_bundle(("a", false), (at(TEN + 1), "officer"), |number, before, head| {
        assert_eq!((number, before, head), (1, [0; 32], (0, [0; 32])));
        Ok::<_, StoreError>([7; 32])
    });
    assert_eq!(first.unwrap().unwrap().number, 1);
    let failed =
        archive.add_bundle(("a", true), (at(TEN + 2), "officer"), |_, _, _| Err(StoreError::Missing(folder.clone())));
    assert!(matches!(failed, Ok(Err(StoreError::Missing(_)))));
    let second = archive.add_bundle(("a", true), (at(TEN + 3), "officer"), |number, before, head| {
        assert_eq!((number, before, head.0), (2, [7; 32], 1));
        Ok::<_, StoreError>([8; 32])
    });
    assert_eq!(archive.bundles().unwrap()[1], second.unwrap().unwrap());
    let log = archive.audit_log(1, 9).unwrap();
    assert_eq!((log.len(), broken(BEGIN, &log)), (2, None));
    assert!(
        log[1].detail.contains("bundle 2, manifest 0808") && log[1].detail.ends_with(", redacted"),
        "{}",
        log[1].detail
    );
}

#[test]
fn a_case_is_worked_on_and_written_down() {
    let folder = scratch("cases");
    let store = open(&folder);
    for id in ["a", "b", "c"] {
        store.word(word(id, "open", TEN));
        store.word(word(id, "close", TEN + 60));
    }
    store.flush();
    let mut archive = Archive::open(&folder).unwrap();
    let by = |secs| (at(TEN + secs), "an analyst");
    assert_eq!(archive.open_case("x", by(0)).unwrap(), Err(Refused::NoAlert));
    let case = archive.open_case("a", by(1)).unwrap().unwrap();
    assert_eq!(archive.open_case("a", by(2)).unwrap(), Err(Refused::Linked(case)));
    let dismiss = Step::Dismiss { reason: "a hospital".into(), until: "2027-01-31".into() };
    for (step, expected) in [
        (Step::Acknowledge, Ok(())),
        (Step::Acknowledge, Err(Refused::State(State::Taken))),
        (Step::Link("b".into()), Ok(())),
        (Step::Link("a".into()), Err(Refused::Linked(case))),
        (Step::Link("x".into()), Err(Refused::NoAlert)),
        (Step::Note("x".repeat(4_001)), Err(Refused::TooLong)),
        (dismiss, Ok(())),
        (Step::Assign("the desk".into()), Err(Refused::State(State::Dismissed))),
    ] {
        assert_eq!(archive.step_case(case, &step, by(3)).unwrap(), expected, "{step:?}");
    }
    assert_eq!(archive.step_case(9, &Step::Acknowledge, by(4)).unwrap(), Err(Refused::NoCase));
    let found = archive.case(case).unwrap().unwrap();
    assert_eq!(
        (found.state, found.assignee.as_deref(), found.alerts),
        (State::Dismissed, Some("an analyst"), vec!["a".to_owned(), "b".to_owned()])
    );
    assert_eq!(archive.alert("b").unwrap().unwrap().case, Some(case));
    let acts: Vec<_> = archive.case_steps(case).unwrap().into_iter().map(|taken| taken.act).collect();
    assert_eq!(acts, ["open", "acknowledge", "link", "dismiss"]);
    // What was refused is in neither.
    let log = archive.audit_log(1, 100).unwrap();
    let acts: Vec<_> = log.iter().map(|entry| entry.act.as_str()).collect();
    assert_eq!((acts, broken(BEGIN, &log)), (vec!["case_open", "case_acknowledge", "case_link", "case_dismiss"], None));

    let other = archive.open_case("c", by(9)).unwrap().unwrap();
    let numbers = |state, behind| {
        archive.cases(state, behind, 10).unwrap().into_iter().map(|case| case.number).collect::<Vec<_>>()
    };
    assert_eq!(numbers(None, None), [other, case]);
    assert_eq!(numbers(Some(State::Dismissed), None), [case]);
    assert_eq!(numbers(None, Some((at(TEN + 9), other))), [case]);
    // Alerts of cases stay when others go.
    store.word(word("d", "close", TEN + 60));
    store.now(at(TEN + 4_000 * DAY));
    store.flush();
    assert!(archive.alert("a").unwrap().is_some() && archive.alert("d").unwrap().is_none());
}

/// A store that the version before cases has written keeps what it holds, and takes cases from then on.
#[test]
fn a_store_of_before_there_were_cases_is_brought_up() {
    let folder = scratch("older");
    fs::create_dir_all(&folder).unwrap();
    let older = rusqlite::Connection::open(folder.join("greyline.db")).unwrap();
    for version in [include_str!("../src/schema/main-1.sql"), include_str!("../src/schema/main-2.sql")] {
        older.execute_batch(version).unwrap();
    }
    older
        .execute_batch(
            "PRAGMA application_id = 0x676c7961; PRAGMA user_version = 2;
             INSERT INTO alert VALUES ('a', 'open', 'irsf', 3, 40.0, 'source', '192.0.2.1', 'A', 1, 1, 1, 1, 1, '{}');",
        )
        .unwrap();
    drop(older);
    let mut archive = Archive::open(&folder).unwrap();
    assert_eq!(archive.alert("a").unwrap().unwrap().case, None);
    assert_eq!(archive.open_case("a", (at(TEN), "desk")).unwrap(), Ok(1));
}
