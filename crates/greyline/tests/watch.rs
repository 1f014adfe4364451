//! A probe as its operator runs it: sources, signals, the page that Prometheus scrapes. Nothing here needs a privilege but the
//! test of an interface, which says so and passes where it may not open one.

#![cfg(test)]

#[path = "watch/lists.rs"]
mod lists;
#[path = "watch/state.rs"]
mod state;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;

/// For how long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A probe that runs, and what it said when it began.
struct Probe {
    child: Child,
    log: BufReader<std::process::ChildStderr>,
    /// What it logged until it watched.
    begun: String,
    sources: String,
    page: SocketAddr,
}

impl Probe {
    /// Starts one; the error is what it said in place of beginning.
    fn start(arguments: &[&str]) -> Result<Self, String> {
        Self::start_with(arguments, |_| {})
    }

    /// The same after `more` was done to the command.
    fn start_with(arguments: &[&str], more: impl FnOnce(&mut Command)) -> Result<Self, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
        command.args(["watch", "--log", "json", "--listen", "127.0.0.1:0"]).args(arguments);
        more(&mut command);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        let page = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut probe = Self { child, log, begun: String::new(), sources: String::new(), page };
        loop {
            let mut line = String::new();
            if probe.log.read_line(&mut line).unwrap() == 0 {
                return Err(std::mem::take(&mut probe.begun));
            }
            probe.begun.push_str(&line);
            let Ok(Value::Object(told)) = serde_json::from_str(&line) else { continue };
            if told.get("message") == Some(&"watching".into()) {
                let word = |key: &str| told[key].as_str().unwrap().to_owned();
                probe.page =
                    word("metrics").trim_start_matches("http://").trim_end_matches("/metrics").parse().unwrap();
                probe.sources = word("sources");
                return Ok(probe);
            }
        }
    }

    /// Where the first source listens.
    fn address(&self) -> SocketAddr {
        self.sources.rsplit(' ').next().unwrap().parse().unwrap()
    }

    fn get(&self, path: &str) -> String {
        self.ask("GET", path)
    }

    fn ask(&self, method: &str, path: &str) -> String {
        let mut connection = TcpStream::connect(self.page).unwrap();
        write!(connection, "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Waits until the page shows these lines.
    fn wait_for(&self, lines: &[&str]) {
        let begun = Instant::now();
        loop {
            let page = self.get("/metrics");
            let missing: Vec<_> = lines.iter().filter(|line| !page.lines().any(|other| other == **line)).collect();
            if missing.is_empty() {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{missing:?} did not come:\n{page}");
            std::thread::yield_now();
        }
    }

    /// Sends a signal.
    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Asks it to stop, and gives its exit code and what it logged.
    fn stop(mut self) -> (Option<i32>, String) {
        self.signal("-TERM");
        let mut log = std::mem::take(&mut self.begun);
        self.log.read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap().code(), log)
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn chunk(kind: u16, value: &[u8]) -> Vec<u8> {
    [&0u16.to_be_bytes()[..], &kind.to_be_bytes(), &(value.len() as u16 + 6).to_be_bytes(), value].concat()
}

/// A SIP message as an agent sends it, `from` and `to` the last bytes of their addresses.
fn hep(message: &str, from: u8, to: u8, key: &str) -> Vec<u8> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let inside = [
        chunk(1, &[2]),
        chunk(2, &[17]),
        chunk(3, &[192, 0, 2, from]),
        chunk(4, &[192, 0, 2, to]),
        chunk(7, &5060u16.to_be_bytes()),
        chunk(8, &5060u16.to_be_bytes()),
        chunk(9, &(now.as_secs() as u32).to_be_bytes()),
        chunk(10, &now.subsec_micros().to_be_bytes()),
        chunk(11, &[1]),
        chunk(14, key.as_bytes()),
        chunk(15, message.as_bytes()),
    ]
    .concat();
    [&b"HEP3"[..], &(inside.len() as u16 + 6).to_be_bytes(), &inside].concat()
}

/// The messages of a call from +441632960001 to +441632960002, and who sends each: 1 the caller, 2 the callee.
fn call(call_id: &str) -> Vec<(u8, String)> {
    let message = |first: &str, method: &str, cseq: u32, to_tag: &str| {
        format!(
            "{first}\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-{call_id}-{cseq}\r\nFrom: <sip:+441632960001@192.0.2.1>;tag=a\r\n\
             To: <sip:+441632960002@192.0.2.2>{to_tag}\r\nCall-ID: {call_id}\r\nCSeq: {cseq} {method}\r\nContent-Length: 0\r\n\r\n"
        )
    };
    let request = |method: &str| format!("{method} sip:+441632960002@192.0.2.2 SIP/2.0");
    vec![
        (1, message(&request("INVITE"), "INVITE", 1, "")),
        (2, message("SIP/2.0 180 Ringing", "INVITE", 1, ";tag=b")),
        (2, message("SIP/2.0 200 OK", "INVITE", 1, ";tag=b")),
        (1, message(&request("ACK"), "ACK", 1, ";tag=b")),
        (1, message(&request("BYE"), "BYE", 2, ";tag=b")),
        (2, message("SIP/2.0 200 OK", "BYE", 2, ";tag=b")),
    ]
}

fn lines(file: &Path) -> Vec<Value> {
    fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn what_sip_servers_send_makes_calls() {
    let folder = folder("watch-hep");
    let (key, calls, summary) = (folder.join("key"), folder.join("calls.jsonl"), folder.join("summary.json"));
    fs::write(&key, "secret\n").unwrap();
    let config = folder.join("greyline.toml");
    let (state, sink) = (folder.join("state"), folder.join("sink.jsonl"));
    let sinks = format!(
        "[state]\nfolder = {state:?}\n[[sink]]\nname = \"desk\"\nrecords = [\"calls\"]\n[sink.file]\npath = {sink:?}\n"
    );
    fs::write(&config, format!("[tap]\nhome = \"GB\"\n[listen]\nhep_key = {key:?}\n{sinks}")).unwrap();
    let [config, calls_file, summary_file] = [&config, &calls, &summary].map(|file| file.to_str().unwrap());
    let probe =
        Probe::start(&["--config", config, "--hep", "127.0.0.1:0", "--calls", calls_file, "--summary", summary_file])
            .unwrap();
    let (agent, to) = (UdpSocket::bind("127.0.0.1:0").unwrap(), probe.address());
    let send = |call_id: &str, key: &str| {
        for (from, message) in call(call_id) {
            agent.send_to(&hep(&message, from, 3 - from, key), to).unwrap();
        }
    };
    send("first@192.0.2.1", "secret");
    send("stranger@192.0.2.1", "guess");
    agent.send_to(b"no HEP", to).unwrap();
    let up = format!("greyline_source_up{{source=\"hep udp {to}\"}} 1");
    probe.wait_for(&[
        &up,
        "greyline_hep_packets_total{result=\"frame\"} 6",
        "greyline_hep_packets_total{result=\"key_refused\"} 6",
        "greyline_hep_packets_total{result=\"malformed\"} 1",
        "greyline_sip_requests_total{method=\"INVITE\"} 1",
        "greyline_sip_responses_total{code=\"200\"} 2",
    ]);
    assert!(probe.get("/healthz").starts_with("HTTP/1.1 200"));
    assert!(probe.get("/readyz").starts_with("HTTP/1.1 200"));
    assert!(probe.get("/nothing").starts_with("HTTP/1.1 404"));
    assert!(probe.get("/").contains("script-src 'self'"));

    // Nothing more comes, and still its time passes: what waits is judged.
    probe.wait_for(&["greyline_attempts_judged_total 1"]);
    // Somebody moves the file of calls away and says so: what is told from now on stands in a new one.
    let moved = folder.join("calls.1");
    fs::rename(&calls, &moved).unwrap();
    probe.signal("-HUP");
    let begun = Instant::now();
    while !calls.exists() {
        assert!(begun.elapsed() < PATIENCE, "the file of calls was not opened anew");
        std::thread::yield_now();
    }
    send("second@192.0.2.1", "secret");
    probe
        .wait_for(&["greyline_hep_packets_total{result=\"frame\"} 12", "greyline_sink_queue_records{sink=\"desk\"} 0"]);
    let (code, log) = probe.stop();
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(fs::read(&moved).unwrap(), b"");
    let records = lines(&calls);
    assert_eq!(records.len(), 2);
    for (record, call_id) in records.iter().zip(["first@192.0.2.1", "second@192.0.2.1"]) {
        assert_eq!((&record["call_id"], &record["caller"]["number"]), (&call_id.into(), &"+441632960001".into()));
        assert_eq!((&record["outcome"], &record["ended_by"]), (&"answered".into(), &"caller".into()));
    }
    // The sink has the same calls, and may not see whose they are.
    let told = lines(&sink);
    let ids = |records: &[Value]| records.iter().map(|record| record["call_id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&told), ids(&records));
    assert!(!fs::read_to_string(&sink).unwrap().contains("441632960001"));
    let summary: Value = serde_json::from_slice(&fs::read(&summary).unwrap()).unwrap();
    assert_eq!(
        (&summary["frames"], &summary["sip"]["messages"], &summary["calls"]["total"]),
        (&12.into(), &12.into(), &2.into())
    );
    assert!(!log.contains("44163296"), "a number stands in the log: {log}");
}

/// A disk that is full costs what would have gone there, counted, and nothing else.
#[test]
fn a_full_disk_keeps_nothing_from_the_others() {
    let folder = folder("watch-full");
    let (config, sink) = (folder.join("greyline.toml"), folder.join("sink.jsonl"));
    let state = folder.join("state");
    let sinks = format!("[[sink]]\nname = \"desk\"\nrecords = [\"calls\"]\n[sink.file]\npath = {sink:?}\n");
    fs::write(&config, format!("[state]\nfolder = {state:?}\n{sinks}")).unwrap();
    let probe =
        Probe::start(&["--config", config.to_str().unwrap(), "--hep", "127.0.0.1:0", "--calls", "/dev/full"]).unwrap();
    let (agent, to) = (UdpSocket::bind("127.0.0.1:0").unwrap(), probe.address());
    // More than the file's buffer holds.
    for n in 0..300 {
        for (from, message) in call(&format!("{n}@192.0.2.1")) {
            agent.send_to(&hep(&message, from, 3 - from, ""), to).unwrap();
        }
    }
    probe.wait_for(&["greyline_hep_packets_total{result=\"frame\"} 1800"]);
    let (code, log) = probe.stop();
    assert_ne!(code, Some(0), "{log}");
    assert_eq!(log.matches("records are not written").count(), 1, "{log}");
    assert_eq!(lines(&sink).len(), 300);
}

/// A folder is read as if its files had been named.
#[test]
fn a_folder_that_fills_tells_the_same_calls() {
    let folder = folder("watch-folder");
    let (inbox, calls, replayed) = (folder.join("inbox"), folder.join("calls.jsonl"), folder.join("replayed.jsonl"));
    fs::create_dir(&inbox).unwrap();
    fs::write(inbox.join(".part"), "a dumpcap that writes").unwrap();
    let mut sources: Vec<_> = ["answered", "busy", "cancelled", "ipv6"]
        .map(|name| fixture(&format!("stacks/{name}/traffic.pcap")))
        .into_iter()
        .map(|file| (summary_of(&file)["first"].as_str().unwrap().to_owned(), file))
        .collect();
    sources.sort();
    // Written one after another, an hour ago.
    let written = SystemTime::now() - Duration::from_secs(3_600);
    for (place, (_, source)) in (0..).zip(&sources) {
        let copy = inbox.join(format!("{place}.pcap"));
        fs::copy(source, &copy).unwrap();
        File::options().append(true).open(&copy).unwrap().set_modified(written + Duration::from_secs(place)).unwrap();
    }
    let kept = inbox.with_file_name("kept");
    let [inbox, calls_file, store] = [&inbox, &calls, &kept].map(|path| path.to_str().unwrap());
    let probe = Probe::start(&["--state", "off", "--folder", inbox, "--calls", calls_file, "--store", store]).unwrap();
    // A store has one keeper.
    let Err(said) = Probe::start(&["--state", "off", "--folder", inbox, "--store", store]) else {
        panic!("a store has two keepers")
    };
    assert!(said.contains("another greyline keeps this store"), "{said}");
    let frames: u64 = sources.iter().map(|(_, source)| summary_of(source)["frames"].as_u64().unwrap()).sum();
    probe.wait_for(&[&format!("greyline_frames_total {frames}")]);
    // Whoever sits here may ask how it fares, and sees numbers masked.
    let status = probe.get("/api/v1/status");
    assert!(status.starts_with("HTTP/1.1 200") && status.contains("\"view\":\"watch\""), "{status}");
    assert!(probe.get("/api/v1/calls?limit=1").contains("\"numbers_whole\":false"));
    assert!(probe.get("/api/v1/audit").starts_with("HTTP/1.1 403"));
    let (code, log) = probe.stop();
    assert_eq!(code, Some(0), "{log}");
    let files = sources.iter().map(|(_, source)| source);
    let replay = Command::new(env!("CARGO_BIN_EXE_greyline"))
        .args(["calls", "-q", "--calls"])
        .arg(&replayed)
        .args(files)
        .status();
    assert!(replay.unwrap().success());
    assert!(!lines(&calls).is_empty());
    assert_eq!(fs::read_to_string(&calls).unwrap(), fs::read_to_string(&replayed).unwrap());
    // The store has the same, and how media fared besides.
    let mut archive = store::Archive::open(&kept).unwrap();
    let page = archive.calls(&store::Query { most: 10_000, ..store::Query::default() }).unwrap();
    let mut kept: Vec<Value> = page.calls.iter().map(|found| serde_json::from_str(&found.record).unwrap()).collect();
    let mut told = lines(&calls);
    for calls in [&mut kept, &mut told] {
        calls.sort_by_key(|call| call["call_id"].to_string());
    }
    let media = kept.iter_mut().filter_map(|call| call.get_mut("media")?.as_array_mut()).flatten();
    let fared = media.filter_map(|stream| stream.as_object_mut().unwrap().remove("over_time")).count();
    assert!(fared > 0 && kept == told, "{fared}");
}

fn summary_of(capture: &Path) -> Value {
    let out = Command::new(env!("CARGO_BIN_EXE_greyline"))
        .args(["replay", "-q", "--summary", "-"])
        .arg(capture)
        .output()
        .unwrap();
    serde_json::from_slice(&out.stdout).unwrap()
}

#[test]
fn an_interface_is_read() {
    let (caller, callee) = (UdpSocket::bind("127.0.0.1:0").unwrap(), UdpSocket::bind("127.0.0.1:0").unwrap());
    let ports = [&caller, &callee].map(|socket| socket.local_addr().unwrap());
    let filter = format!("udp port {} and udp port {}", ports[0].port(), ports[1].port());
    let probe = match Probe::start(&["lo", "--state", "off", "--filter", &filter]) {
        Ok(probe) => probe,
        Err(said) => {
            eprintln!("skipped: the loopback interface cannot be opened here: {said}");
            assert!(said.contains("lo: "), "{said}");
            return;
        }
    };
    probe.wait_for(&["greyline_source_up{source=\"lo\"} 1"]);
    for (from, message) in call("loopback@127.0.0.1") {
        let (socket, to) = if from == 1 { (&caller, ports[1]) } else { (&callee, ports[0]) };
        socket.send_to(message.as_bytes(), to).unwrap();
    }
    probe.wait_for(&["greyline_source_frames_total{source=\"lo\"} 6", "greyline_attempts_judged_total 1"]);
    assert_eq!(probe.stop().0, Some(0));
}

/// A bad configuration changes nothing and is told whole; a good one is in force at once, and what was seen stays.
#[test]
fn a_configuration_is_read_anew() {
    let config = folder("watch-reload").join("greyline.toml");
    let write = |text: &str| fs::write(&config, text).unwrap();
    let trunk = |name: &str, address: &str| {
        format!("[[trunk]]\nname = {name:?}\naddresses = [{address:?}]\nrole = \"customer\"\n")
    };
    write(&trunk("first", "192.0.2.1"));
    let probe =
        Probe::start(&["--state", "off", "--config", config.to_str().unwrap(), "--hep", "127.0.0.1:0"]).unwrap();
    let (agent, to) = (UdpSocket::bind("127.0.0.1:0").unwrap(), probe.address());
    let send = |call_id: &str| {
        for (from, message) in call(call_id) {
            agent.send_to(&hep(&message, from, 3 - from, ""), to).unwrap();
        }
    };
    send("one@192.0.2.1");
    probe.wait_for(&["greyline_attempts_judged_total 1"]);

    write("[tap]\nhom = \"GB\"\nprivacy_level = 9\n");
    let before = probe.get("/metrics");
    let refused = probe.ask("POST", "/reload");
    assert!(refused.starts_with("HTTP/1.1 422"), "{refused}");
    assert!(refused.contains("`tap` has no key `hom`") && refused.contains("`tap.privacy_level`"), "{refused}");

    // The first trunk is gone, another has come before its place.
    write(&[trunk("new", "192.0.2.1"), trunk("other", "192.0.2.7")].concat());
    let taken = probe.ask("POST", "/reload");
    assert!(taken.starts_with("HTTP/1.1 200"), "{taken}");
    let version = taken.split("configuration ").nth(1).unwrap().split(' ').next().unwrap();
    let in_force = format!("greyline_build_info{{config=\"{version}\"");
    assert!(!before.contains(&in_force));
    send("two@192.0.2.1");
    probe.wait_for(&["greyline_attempts_judged_total 2"]);
    let page = probe.get("/metrics");
    for part in [in_force.as_str(), "trunk=\"new\"", "trunk=\"other\"", "trunk=\"first\""] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    assert_eq!(page.matches("greyline_build_info{").count(), 1);

    // What takes effect at a start alone is said, and is no part of what is in force.
    let both = [trunk("new", "192.0.2.1"), trunk("other", "192.0.2.7")].concat();
    let desk = format!("[[sink]]\nname = \"desk\"\n[sink.file]\npath = {:?}\n", "/nonexistent/desk.jsonl");
    write(&format!("[tap]\nprivacy_level = 2\n[limits]\ncalls_live_max = 4096\n{both}{desk}"));
    let taken = probe.ask("POST", "/reload");
    assert!(taken.starts_with("HTTP/1.1 200"), "{taken}");
    assert!(taken.contains(&format!("configuration {version} is in force")), "{version}: {taken}");
    for said in
        ["tap.privacy_level: this change", "limits.calls_live_max: this change", "/nonexistent: it lies outside"]
    {
        assert!(taken.contains(said), "{said}: {taken}");
    }
    write(&both);
    let taken = probe.ask("POST", "/reload");
    assert!(taken.ends_with(&format!("configuration {version} is in force\n")), "{taken}");
    let (code, log) = probe.stop();
    assert_eq!(code, Some(0), "{log}");
}

/// An interface that is not there keeps nobody from the others: it is gone until it comes.
#[test]
fn one_interface_that_is_absent_keeps_nothing_from_the_others() {
    let probe = match Probe::start(&["nosuchlink0", "--state", "off", "--hep", "127.0.0.1:0"]) {
        Ok(probe) => probe,
        Err(said) => {
            eprintln!("skipped: no interface can be opened here: {said}");
            assert!(said.contains("CAP_NET_RAW"), "{said}");
            return;
        }
    };
    probe.wait_for(&[
        "greyline_source_up{source=\"nosuchlink0\"} 0",
        "greyline_source_outages_total{source=\"nosuchlink0\"} 1",
    ]);
    assert!(probe.get("/readyz").starts_with("HTTP/1.1 503"));
    let (code, log) = probe.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("`ip link` shows those there are"), "{log}");
}

#[test]
fn what_cannot_be_watched_is_said() {
    let folder = folder("watch-blank-key");
    let (key, config) = (folder.join("key"), folder.join("greyline.toml"));
    fs::write(&key, " \n").unwrap();
    fs::write(&config, format!("[listen]\nhep_key = {key:?}\n")).unwrap();
    let config = config.to_str().unwrap();

    for (arguments, said) in [
        (&["--state", "off"] as &[&str], "nothing to watch"),
        (&["--state", "off", "--folder", "/nonexistent"], "/nonexistent: "),
        (&["--state", "off", "nosuchlink0"], "nosuchlink0: "),
        (&["--state", "off", "--hep", "192.0.2.1:9060"], "hep udp 192.0.2.1:9060: "),
        (&["--state", "off", "--config", config, "--hep", "127.0.0.1:0"], "its first line is empty"),
        (&["--state", "off", "lo", "lo"], "`lo` is named twice"),
    ] {
        let Err(log) = Probe::start(arguments) else { panic!("{arguments:?} can be watched") };
        assert!(log.contains(said), "{arguments:?}: {log}");
    }
}
