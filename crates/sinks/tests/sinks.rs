//! Sinks against servers on loopback that answer, refuse, go away and come back. Nothing waits for a time to pass: each test waits for
//! what it expects to happen.

#![cfg(test)]

mod sample;
mod server;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use config::{Known, Sink};
use serde_json::{Value, json};
use sinks::{Loss, Outgoing, Sinks, Tally, What};
use tokio::runtime::Handle;
use types::{Ip, Nanos};

use server::{Mail, Syslog, Web};

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("greyline-sinks-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn known(text: &str) -> Known {
    config::read(text.as_bytes()).map_err(|mistakes| format!("{text} {mistakes:?}")).unwrap().known
}

fn configured(text: &str) -> Vec<Sink> {
    known(text).config().sink.clone()
}

fn start(text: &str, folder: &Folder) -> Sinks {
    Sinks::start(&configured(text), &Handle::current(), &folder.0.join("spill"))
        .map_err(|all| format!("{all:?}"))
        .unwrap()
}

/// The record of a call with this number, from the reserved ones.
fn call(number: u64) -> Outgoing {
    let record = json!({
        "v": 1, "call_id": format!("c{number}@192.0.2.1"), "n": number, "outcome": "answered",
        "caller": { "number": "+441632960001" }, "callee": { "number": "+15550100001" },
    });
    let id = format!("c{number}@192.0.2.1");
    let ends = [Ip::v4([192, 0, 2, 1]), Ip::v4([198, 51, 100, 1])];
    Outgoing::call(&Known::default(), Nanos::new(number), id.as_bytes(), ends, &record).unwrap()
}

fn alert(id: u64, status: &'static str) -> Outgoing {
    let alert = sample::alert(id, status, "2026-11-28T10:00:00.000000Z".to_owned());
    Outgoing::alert(&Known::default(), Nanos::from_parts(1_700_000_000, 0), &alert).unwrap().unwrap()
}

/// Waits until `holds` of the tally of the first sink, and that adds up; how long that takes is the machine's.
async fn until(sinks: &Sinks, holds: impl Fn(&Tally) -> bool) -> Tally {
    let patience = tokio::time::Instant::now() + Duration::from_secs(60);
    loop {
        let tally = sinks.tallies().remove(0);
        if holds(&tally) && sums(&tally)[0] == sums(&tally)[1] {
            return tally;
        }
        assert!(tokio::time::Instant::now() < patience, "in vain: {tally:?}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// What came, and what was delivered, was lost by name, or waits.
fn sums(tally: &Tally) -> [u64; 2] {
    let sum = |counts: &[u64]| counts.iter().sum::<u64>();
    let lost: u64 = tally.dropped.iter().map(|counts| sum(counts)).sum();
    [sum(&tally.offered) + tally.recovered, sum(&tally.delivered) + lost + tally.queued + tally.spilled]
}

#[track_caller]
fn adds_up(tally: &Tally) {
    assert_eq!(sums(tally)[0], sums(tally)[1], "{tally:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_gets_what_its_filter_lets_through() {
    let folder = Folder::new();
    let (alerts, calls) = (folder.path("alerts.jsonl"), folder.path("calls.jsonl"));
    let text = format!(
        "[[trunk]]\nname = \"north\"\naddresses = [\"192.0.2.0/24\"]\nrole = \"customer\"\n\
         [[sink]]\nname = \"a\"\nseverity_min = \"high\"\nkinds = [\"wangiri\"]\nstatuses = [\"open\", \"close\"]\n[sink.file]\npath = {alerts:?}\n\
         [[sink]]\nname = \"none\"\nkinds = [\"irsf\"]\n[sink.file]\npath = {:?}\n\
         [[sink]]\nname = \"c\"\nrecords = [\"calls\"]\nnumbers = \"whole\"\n[sink.file]\npath = {calls:?}\n",
        folder.path("none.jsonl")
    );
    let sinks = start(&text, &folder);
    for status in ["open", "update", "close"] {
        sinks.offer(alert(7, status));
    }
    (0..1_000).for_each(|number| sinks.offer(call(number)));
    let tallies = sinks.close(Duration::from_secs(60)).await;
    tallies.iter().for_each(adds_up);
    assert_eq!(tallies.iter().map(|it| it.delivered).collect::<Vec<_>>(), [[2, 0], [0, 0], [0, 1_000]]);
    let read = |path: &str| -> Vec<Value> {
        fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let alerts = read(&alerts);
    assert_eq!([&alerts[0]["status"], &alerts[1]["status"]], ["open", "close"]);
    assert_eq!(alerts[0]["summary"], "The number +441…01 has called 50 people.");
    let calls = read(&calls);
    assert!(calls.iter().zip(0..).all(|(call, number)| call["n"] == number), "in order");
    assert_eq!(calls[0]["caller"]["number"], "+441632960001");
    assert!(!folder.0.join("none.jsonl").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn trunks_choose_who_is_told() {
    let trunks = "[[trunk]]\nname = \"north\"\naddresses = [\"192.0.2.0/24\"]\nrole = \"customer\"\n\
                  [[trunk]]\nname = \"south\"\naddresses = [\"198.51.100.0/24\"]\nrole = \"customer\"\n";
    let folder = Folder::new();
    let sink = |trunk: &str| {
        let path = folder.path(trunk);
        format!(
            "[[sink]]\nname = {trunk:?}\nrecords = [\"calls\"]\ntrunks = [{trunk:?}]\n[sink.file]\npath = {path:?}\n"
        )
    };
    let text = [trunks, &sink("north"), &sink("south")].concat();
    let known = known(&text);
    let sinks = start(&text, &folder);
    for (source, destination) in [([192, 0, 2, 1], [203, 0, 113, 1]), ([192, 0, 2, 1], [198, 51, 100, 1])] {
        let ends = [Ip::v4(source), Ip::v4(destination)];
        sinks.offer(Outgoing::call(&known, Nanos::new(1), b"x", ends, &json!({})).unwrap());
    }
    let tallies = sinks.close(Duration::from_secs(60)).await;
    assert_eq!([tallies[0].delivered, tallies[1].delivered], [[0, 2], [0, 1]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_was_away_gets_everything_in_order_and_signed() {
    let folder = Folder::new();
    fs::write(folder.0.join("secret"), "a secret\n").unwrap();
    fs::write(folder.0.join("token"), "a-token\n").unwrap();
    let web = Web::start().await;
    let text = format!(
        "[[sink]]\nname = \"w\"\nrecords = [\"alerts\", \"calls\"]\nretry_secs_max = 1\ntimeout_secs = 5\n[sink.webhook]\n\
         url = \"http://{}/hook?x=1\"\nsecret_file = {:?}\ntoken_file = {:?}\n",
        web.address,
        folder.path("secret"),
        folder.path("token")
    );
    let sinks = start(&text, &folder);
    sinks.offer(alert(1, "open"));
    web.until(1).await;
    web.answer(503);
    (0..100).for_each(|number| sinks.offer(call(number)));
    let tally = until(&sinks, |tally| tally.failures >= 2 && tally.spilled == 100).await;
    assert!(tally.last_error.contains("503"), "{}", tally.last_error);
    web.answer(202);
    until(&sinks, |tally| tally.delivered == [1, 100]).await;
    let tally = sinks.close(Duration::from_secs(60)).await.remove(0);
    adds_up(&tally);
    let taken = web.taken();
    assert_eq!(taken.len(), 101);
    assert_eq!(taken[0].json()["alert_id"], "0000000000000001");
    assert!(taken[1..].iter().zip(0..).all(|(request, number)| request.json()["n"] == number));
    let keys: BTreeSet<_> = taken.iter().map(|request| request.header("idempotency-key")).collect();
    assert_eq!(keys.len(), 101);
    assert!(keys.contains("0000000000000001-open-2026-11-28T10:00:00.000000Z"));
    for request in &taken {
        assert_eq!(request.target, "/hook?x=1");
        assert_eq!(request.header("authorization"), "Bearer a-token");
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"a secret");
        let signed = [request.header("greyline-timestamp").as_bytes(), b".", &request.body].concat();
        let tag: String = ring::hmac::sign(&key, &signed).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(request.header("greyline-signature"), format!("v1={tag}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_webhook_refuses_is_counted_and_the_rest_goes_on() {
    let (folder, web) = (Folder::new(), Web::start().await);
    let text = format!(
        "[[sink]]\nname = \"w\"\n[sink.webhook]\nurl = \"http://{}\"\ntemplate = '{{\"text\": \"{{{{severity}}}}: {{{{summary}}}}\"}}'\n",
        web.address
    );
    let sinks = start(&text, &folder);
    web.answer(400);
    sinks.offer(alert(1, "open"));
    until(&sinks, |tally| tally.lost(Loss::Refused, What::Alert) == 1).await;
    web.answer(200);
    sinks.offer(alert(2, "open"));
    until(&sinks, |tally| tally.delivered == [1, 0]).await;
    assert_eq!(web.taken()[0].json(), json!({ "text": "high: The number +441…01 has called 50 people." }));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_left_on_disk_is_delivered_by_the_next_run() {
    let (folder, web) = (Folder::new(), Web::start().await);
    web.answer(500);
    let text = format!(
        "[[sink]]\nname = \"w\"\nrecords = [\"alerts\", \"calls\"]\nretry_secs_max = 1\n[sink.webhook]\nurl = \"http://{}\"\n",
        web.address
    );
    let sinks = start(&text, &folder);
    (0..50).for_each(|number| sinks.offer(call(number)));
    sinks.offer(alert(1, "open"));
    let tally = sinks.close(Duration::from_millis(300)).await.remove(0);
    adds_up(&tally);
    assert_eq!((tally.queued, tally.spilled), (0, 51));
    web.answer(200);
    let sinks = start(&text, &folder);
    let tally = until(&sinks, |tally| tally.delivered == [1, 50]).await;
    assert_eq!((tally.recovered, tally.spilled), (51, 0));
    assert!(web.taken().iter().take(50).zip(0..).all(|(request, number)| request.json()["n"] == number));
    adds_up(&sinks.close(Duration::from_secs(60)).await.remove(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_syslog_server_that_dies_loses_nothing() {
    let (folder, first) = (Folder::new(), Syslog::start(None).await);
    let text = format!(
        "[[sink]]\nname = \"s\"\nrecords = [\"calls\"]\nretry_secs_max = 1\n[sink.syslog]\nurl = \"tcp://{}\"\nbody = \"json\"\n",
        first.address
    );
    let sinks = start(&text, &folder);
    (0..100).for_each(|number| sinks.offer(call(number)));
    first.until(100).await;
    // It dies and takes with it what it had received and not yet read.
    let address = first.address;
    let before = first.kill().await;
    (100..200).for_each(|number| sinks.offer(call(number)));
    until(&sinks, |tally| tally.failures > 0 && tally.spilled > 0).await;
    let second = Syslog::start(Some(address)).await;
    until(&sinks, |tally| tally.delivered[1] == 200).await;
    second.until(100).await;
    adds_up(&sinks.close(Duration::from_secs(60)).await.remove(0));
    let after = second.kill().await;
    let number = |message: &String| -> u64 {
        let (_, json) = message.split_once('\u{feff}').unwrap();
        serde_json::from_str::<Value>(json).unwrap()["n"].as_u64().unwrap()
    };
    let received: BTreeSet<u64> = before.iter().chain(&after).map(number).collect();
    assert_eq!(received.len(), 200);
    assert!(after.iter().map(number).collect::<Vec<_>>().is_sorted());
    assert!(before[0].starts_with("<134>1 1970-01-01T00:00:00.000000Z "), "{}", before[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn udp_is_sent_one_datagram_a_record() {
    let folder = Folder::new();
    let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let text = format!("[[sink]]\nname = \"s\"\n[sink.syslog]\nurl = \"udp://{}\"\n", socket.local_addr().unwrap());
    let sinks = start(&text, &folder);
    sinks.offer(alert(1, "open"));
    let mut buffer = vec![0; 70_000];
    let length = socket.recv(&mut buffer).await.unwrap();
    let message = String::from_utf8(buffer[..length].to_vec()).unwrap();
    assert!(message.starts_with("<131>1 2023-11-14T22:13:20.000000Z "), "{message}");
    assert!(
        message.contains(" wangiri [meta sequenceId=\"1\"][greyline@32473 id=\"0000000000000001-open-"),
        "{message}"
    );
    assert!(message.ends_with("] \u{feff}The number +441…01 has called 50 people."), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn alertmanager_is_told_of_the_end() {
    let (folder, web) = (Folder::new(), Web::start().await);
    let text = format!(
        "[[sink]]\nname = \"am\"\n[sink.alertmanager]\nurls = [\"http://127.0.0.1:1\", \"http://{}/am\"]\nlabels = [\"team=fraud\"]\n",
        web.address
    );
    let sinks = start(&text, &folder);
    sinks.offer(alert(1, "open"));
    until(&sinks, |tally| tally.delivered == [1, 0]).await;
    sinks.offer(alert(1, "close"));
    until(&sinks, |tally| tally.delivered == [2, 0]).await;
    let taken = web.taken();
    assert_eq!(taken[0].target, "/am/api/v2/alerts");
    let [open, close] = [taken[0].json(), taken[1].json()];
    let labels = json!({ "alertname": "Greyline", "alert_id": "0000000000000001", "kind": "wangiri", "severity": "high", "team": "fraud" });
    assert_eq!((&open[0]["labels"], &close[0]["labels"]), (&labels, &labels));
    assert_eq!(open[0]["startsAt"], "2026-11-28T09:00:00.000000Z");
    assert_eq!(open[0]["annotations"]["entity"], "+441…01");
    let ends = |body: &Value| body[0]["endsAt"].as_str().unwrap().to_owned();
    assert!(ends(&close) < ends(&open));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_disk_the_oldest_calls_go_first_and_are_counted() {
    let (folder, web) = (Folder::new(), Web::start().await);
    web.answer(500);
    let text = format!(
        "[[sink]]\nname = \"w\"\nrecords = [\"alerts\", \"calls\"]\nspill_mib_max = 0\nqueue_records_max = 20\nretry_secs_max = 1\n[sink.webhook]\nurl = \"http://{}\"\n",
        web.address
    );
    let sinks = start(&text, &folder);
    (0..10).for_each(|id| sinks.offer(alert(id, "open")));
    (0..100).for_each(|number| sinks.offer(call(number)));
    let tally = until(&sinks, |tally| tally.failures > 0).await;
    assert_eq!(tally.lost(Loss::QueueFull, What::Alert), 0);
    assert!(tally.lost(Loss::QueueFull, What::Call) >= 74, "{tally:?}");
    web.answer(200);
    let tally = until(&sinks, |tally| tally.queued == 0).await;
    assert_eq!(tally.delivered[0], 10);
    assert_eq!(web.taken().last().unwrap().json()["n"], 99);
    assert!(!folder.0.join("spill").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_cannot_be_written_is_told_and_nothing_more() {
    let (folder, web) = (Folder::new(), Web::start().await);
    web.answer(500);
    fs::write(folder.0.join("spill"), "a file in the way").unwrap();
    let text =
        format!("[[sink]]\nname = \"w\"\nretry_secs_max = 1\n[sink.webhook]\nurl = \"http://{}\"\n", web.address);
    let sinks = start(&text, &folder);
    (0..5).for_each(|id| sinks.offer(alert(id, "open")));
    until(&sinks, |tally| tally.failures > 1 && tally.spill_errors > 1).await;
    // Room is made: what waits goes to disk with the next attempt.
    fs::remove_file(folder.0.join("spill")).unwrap();
    until(&sinks, |tally| tally.spilled == 5).await;
    web.answer(200);
    until(&sinks, |tally| tally.delivered == [5, 0]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_loses_nothing_and_a_bad_one_changes_nothing() {
    let (folder, web) = (Folder::new(), Web::start().await);
    let (path, moved) = (folder.path("a.jsonl"), folder.path("moved.jsonl"));
    let file = format!("[[sink]]\nname = \"f\"\n[sink.file]\npath = {path:?}\n");
    let hook = |timeout: u32| {
        format!(
            "[[sink]]\nname = \"w\"\ntimeout_secs = {timeout}\nretry_secs_max = 1\n[sink.webhook]\nurl = \"http://{}\"\n",
            web.address
        )
    };
    let sinks = start(&[hook(5), file.clone()].concat(), &folder);
    web.answer(500);
    sinks.offer(alert(1, "open"));
    until(&sinks, |tally| tally.failures > 0).await;
    let lacking = format!(
        "[[sink]]\nname = \"x\"\n[sink.webhook]\nurl = \"http://127.0.0.1\"\nsecret_file = {:?}\n",
        folder.path("absent")
    );
    let said = sinks.reload(&configured(&lacking)).unwrap_err();
    assert!(said.len() == 1 && said[0].to_string().contains("absent"), "{said:?}");
    while sinks.tallies()[1].delivered != [1, 0] {
        tokio::task::yield_now().await;
    }
    fs::rename(&path, &moved).unwrap();
    web.answer(200);
    sinks.reload(&configured(&[file, hook(6)].concat())).unwrap();
    sinks.offer(alert(2, "open"));
    let tallies = sinks.close(Duration::from_secs(60)).await;
    assert_eq!(
        tallies.iter().map(|tally| (tally.name.as_str(), tally.delivered)).collect::<Vec<_>>(),
        [("f", [2, 0]), ("w", [2, 0])]
    );
    let lines = |path: &str| fs::read_to_string(path).unwrap().lines().count();
    assert_eq!((lines(&path), lines(&moved)), (1, 1));
}

/// On one thread, so that the courier finds the order and the record at once.
#[tokio::test]
async fn what_is_offered_after_a_reload_goes_into_a_new_file() {
    let folder = Folder::new();
    let path = folder.path("a.jsonl");
    let file = format!("[[sink]]\nname = \"f\"\n[sink.file]\npath = {path:?}\n");
    let sinks = start(&file, &folder);
    for round in 1..=50 {
        sinks.offer(alert(round, "open"));
        while sinks.tallies()[0].delivered != [round, 0] {
            tokio::task::yield_now().await;
        }
        fs::rename(&path, folder.path(&format!("{round}.jsonl"))).unwrap();
        sinks.reload(&configured(&file)).unwrap();
    }
    sinks.close(Duration::from_secs(60)).await;
    for round in 1..=50 {
        assert_eq!(fs::read_to_string(folder.path(&format!("{round}.jsonl"))).unwrap().lines().count(), 1, "{round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_go_together_and_wait_for_a_busy_server() {
    let (folder, mail) = (Folder::new(), Mail::start().await);
    mail.busy(true);
    let text = format!(
        "[[sink]]\nname = \"m\"\nretry_secs_max = 1\n[sink.email]\nserver = \"smtp+plain://{}\"\npause_secs = 3600\n\
         from = \"Greyline <greyline@example.net>\"\nto = [\"fraud@example.net\", \"soc@example.net\"]\n",
        mail.address
    );
    let sinks = start(&text, &folder);
    sinks.offer(alert(1, "open"));
    until(&sinks, |tally| tally.failures > 0 && tally.last_error.contains("busy")).await;
    mail.busy(false);
    until(&sinks, |tally| tally.delivered == [1, 0]).await;
    // Within the pause they wait, on disk; the end sends them all in one.
    for id in 2..5 {
        sinks.offer(alert(id, "open"));
    }
    until(&sinks, |tally| tally.spilled == 3).await;
    let tally = sinks.close(Duration::from_secs(60)).await.remove(0);
    adds_up(&tally);
    assert_eq!(tally.delivered, [4, 0]);
    let letters = mail.letters();
    assert_eq!(letters.len(), 2);
    assert!(letters[0].contains("Subject: [greyline] high: Wangiri from 192.0.2.1 (open)\r\n"), "{}", letters[0]);
    assert!(
        letters[0].contains("Message-ID: <0000000000000001-open-2026-11-28T100000.000000Z@example.net>\r\n"),
        "{}",
        letters[0]
    );
    assert!(letters[1].contains(" (open), and 2 more\r\n"), "{}", letters[1]);
    assert!(letters.iter().all(|letter| !letter.contains("441632960001")));
}

/// The clock of this test runs by itself: ten minutes pass at once.
#[tokio::test(start_paused = true)]
async fn attempts_become_rarer() {
    let folder = Folder::new();
    // Nobody listens at port 1.
    let text = "[[sink]]\nname = \"w\"\nspill_mib_max = 0\nretry_secs_max = 60\n[sink.webhook]\nurl = \"http://127.0.0.1:1\"\n";
    let sinks = start(text, &folder);
    sinks.offer(alert(1, "open"));
    tokio::time::sleep(Duration::from_secs(600)).await;
    // Seven pauses up to 32 s, which take 32 to 64 s together; then pauses of 30 to 60 s.
    let failures = sinks.tallies()[0].failures;
    assert!((15..=28).contains(&failures), "{failures}");
}

/// Whoever offers is never held up, whatever the other end does.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stalls_holds_up_nobody() {
    let folder = Folder::new();
    // It takes connections and never answers.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let text = format!(
        "[[sink]]\nname = \"w\"\nrecords = [\"calls\"]\nqueue_records_max = 100\ntimeout_secs = 300\n[sink.webhook]\nurl = \"http://{}\"\n",
        listener.local_addr().unwrap()
    );
    let sinks = Arc::new(start(&text, &folder));
    let offering = Arc::clone(&sinks);
    std::thread::spawn(move || (0..10_000).for_each(|number| offering.offer(call(number)))).join().unwrap();
    // What could not wait in memory went to disk or was counted.
    until(&sinks, |tally| tally.spilled > 0 && tally.queued == 0).await;
    let sinks = Arc::try_unwrap(sinks).ok().unwrap();
    let tally = sinks.close(Duration::ZERO).await.remove(0);
    adds_up(&tally);
    assert_eq!(tally.queued, 0);
}

/// Whatever the other end does: what is too much for memory goes to disk, all of it, and comes out of there in order.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_while_there_is_room_on_disk() {
    const CALLS: u64 = 3_000;
    let hangs = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let web = Web::start().await;
    web.answer(500);
    // Nobody listens at port 1.
    let servers =
        [("hangs", hangs.local_addr().unwrap()), ("refuses", "127.0.0.1:1".parse().unwrap()), ("500", web.address)];
    for (server, address) in servers {
        for queue in [16, 200] {
            let folder = Folder::new();
            let text = |address| {
                format!(
                    "[[sink]]\nname = \"w\"\nrecords = [\"calls\"]\nqueue_records_max = {queue}\nretry_secs_max = 1\n[sink.webhook]\n\
                     url = \"http://{address}\"\n"
                )
            };
            let sinks = Arc::new(start(&text(address), &folder));
            let offering = Arc::clone(&sinks);
            std::thread::spawn(move || (0..CALLS).for_each(|number| offering.offer(call(number)))).join().unwrap();
            let tally = until(&sinks, |tally| tally.queued == 0 && tally.spilled + tally.dropped[0][1] == CALLS).await;
            assert_eq!(tally.spilled, CALLS, "{server}, {queue}: {tally:?}");
            let sinks = Arc::try_unwrap(sinks).ok().unwrap();
            adds_up(&sinks.close(Duration::ZERO).await.remove(0));
            let other = Web::start().await;
            let sinks = start(&text(other.address), &folder);
            until(&sinks, |tally| tally.delivered[1] == CALLS).await;
            assert!(other.taken().iter().zip(0..).all(|(request, number)| request.json()["n"] == number), "{server}");
        }
    }
}

#[test]
fn kinds_and_words_are_those_of_alerts() {
    for kind in detect::Kind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
    }
    for severity in alert::Severity::ALL {
        assert_eq!(serde_json::to_value(severity).unwrap(), severity.name());
    }
}
