//! The program as its users meet it: exit codes, messages, records that keep to their schema.

#![cfg(test)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use boon::{Compiler, Schemas};
use serde_json::Value;

fn greyline(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_greyline")).args(arguments).output().unwrap()
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A capture of one OPTIONS and a call that is answered and ends, in Ethernet, IPv4 and UDP.
fn capture() -> Vec<u8> {
    const MESSAGES: [(bool, &str, &str); 6] = [
        (true, "OPTIONS sip:192.0.2.2 SIP/2.0", "7 OPTIONS"),
        (true, "INVITE sip:+442079460001@192.0.2.2 SIP/2.0", "1 INVITE"),
        (false, "SIP/2.0 180 Ringing", "1 INVITE"),
        (false, "SIP/2.0 200 OK", "1 INVITE"),
        (true, "BYE sip:+442079460001@192.0.2.2 SIP/2.0", "2 BYE"),
        (false, "SIP/2.0 200 OK", "2 BYE"),
    ];
    let mut file = [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1].map(u32::to_le_bytes).concat();
    for (second, (out, start, cseq)) in (0_u32..).zip(MESSAGES) {
        let to = if start.starts_with("OPTIONS") || cseq == "1 INVITE" && out { "" } else { ";tag=b" };
        let call_id = if cseq == "7 OPTIONS" { "probe@192.0.2.1" } else { "call@192.0.2.1" };
        let text = format!(
            "{start}\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK{cseq}\r\nFrom: \"Bank\x1b[2J\" \
             <sip:+441632960001@192.0.2.1>;tag=a\r\nTo: <sip:+442079460001@192.0.2.2>{to}\r\nCall-ID: {call_id}\r\n\
             CSeq: {cseq}\r\nContent-Length: 0\r\n\r\n"
        );
        let (length, from, to) = (text.len() as u16, if out { 1 } else { 2 }, if out { 2 } else { 1 });
        let mut frame =
            [&[0; 12][..], &[8, 0, 0x45, 0], &(length + 28).to_be_bytes(), &[0, second as u8, 0, 0, 64, 17]].concat();
        frame.extend([0, 0, 192, 0, 2, from, 192, 0, 2, to, 0x13, 0xc4, 0x13, 0xc4]);
        frame.extend([(length + 8).to_be_bytes(), [0, 0]].concat());
        frame.extend(text.as_bytes());
        let size = frame.len() as u32;
        file.extend([1_700_000_000 + second, 0, size, size].map(u32::to_le_bytes).concat());
        file.extend(frame);
    }
    file
}

/// A capture whose frames are changed: where each lies, and what `change` makes of its head and its bytes.
fn changed(capture: &[u8], change: impl Fn(usize, &mut [u32; 4], &mut Vec<u8>)) -> Vec<u8> {
    let (head, mut rest) = capture.split_at(24);
    let mut file = head.to_vec();
    for place in 0.. {
        let Some((head, behind)) = rest.split_first_chunk::<16>() else { break };
        let mut words = [0, 4, 8, 12].map(|at| u32::from_le_bytes(head[at..at + 4].try_into().unwrap()));
        let (bytes, after) = behind.split_at(words[2] as usize);
        let mut bytes = bytes.to_vec();
        change(place, &mut words, &mut bytes);
        words[2] = bytes.len() as u32;
        file.extend(words.map(u32::to_le_bytes).concat());
        file.extend(bytes);
        rest = after;
    }
    file
}

/// What a capture cannot show is said where a table of calls shows nothing of it.
#[test]
fn what_cannot_be_read_or_cannot_be_right_is_said() {
    let folder = folder("unread");
    let whole = capture();
    let mut unread = whole.clone();
    unread[20..24].copy_from_slice(&143_u32.to_le_bytes()); // DOCSIS
    let set_back = changed(&whole, |place, head, _| head[0] -= if place >= 4 { 30 } else { 0 });
    let disordered = changed(&whole, |place, head, _| {
        if place == 2 {
            (head[0], head[1]) = (head[0] - 2, 500_000);
        }
    });
    let cut = changed(&whole, |_, _, frame| frame.truncate(96));
    for (name, bytes, code, said_so) in [
        ("whole", &whole, 0, ""),
        ("unread", &unread, 3, "greyline: 6 of 6 frames were not read: nothing is known of link type 143\n"),
        ("set-back", &set_back, 0, "greyline: time runs backwards once, by up to 29.0 s"),
        ("disordered", &disordered, 0, ""),
        ("cut", &cut, 0, "greyline: the capture cut 6 of 6 SIP messages short"),
    ] {
        let file = folder.join(name);
        fs::write(&file, bytes).unwrap();
        for command in ["calls", "replay"] {
            let run = greyline(&[command, "-q", file.to_str().unwrap()]);
            let stderr = said(&run.stderr);
            assert_eq!(run.status.code(), Some(code), "{command} {name}: {stderr}");
            // A report counts what was cut.
            let told = command == "calls" || name != "cut";
            assert!(stderr.starts_with(if told { said_so } else { "" }), "{command} {name}: {stderr}");
            assert_eq!(stderr.is_empty(), said_so.is_empty() || !told, "{command} {name}: {stderr}");
        }
    }
    let set_back = folder.join("set-back");
    let run = greyline(&["calls", "-q", "--calls", "-", set_back.to_str().unwrap()]);
    let call: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!((&call["outcome"], &call["ended_by"]), (&"answered".into(), &"caller".into()));
    assert!(call.get("end_at").is_none() && call.get("talk_ms").is_none(), "{call}");
}

#[test]
fn exit_codes_and_what_to_do() {
    let folder = folder("exit-codes");
    let (good, cut, empty, text) =
        (folder.join("good.pcap"), folder.join("cut.pcap"), folder.join("empty.pcap"), folder.join("notes.txt"));
    let bytes = capture();
    fs::write(&good, &bytes).unwrap();
    fs::write(&cut, &bytes[..bytes.len() - 10]).unwrap();
    fs::write(&empty, []).unwrap();
    fs::write(&text, "no capture").unwrap();
    let [good, cut, empty, text] = [&good, &cut, &empty, &text].map(|path| path.to_str().unwrap());
    for (arguments, code, complaint) in [
        (vec!["replay", good], 0, ""),
        (vec!["calls", good], 0, ""),
        (vec!["replay", cut], 3, "read up to byte"),
        (vec!["replay", empty], 3, "empty.pcap"),
        (vec!["replay", text], 3, "notes.txt"),
        (vec!["replay", "nowhere.pcap"], 3, "nowhere.pcap"),
        (vec!["replay"], 2, "<CAPTURE>"),
        (vec!["replay", "--config", text, good], 2, "notes.txt:1:4: error"),
        (vec!["replay", "--config", "nowhere.toml", good], 2, "nowhere.toml"),
        (vec!["check"], 0, ""),
        (vec!["check", text], 2, "notes.txt has mistakes and is not used"),
        (vec!["check", "--at", "1.1.2027"], 2, "2027-01-31"),
        (vec!["detectors"], 0, ""),
        (vec![], 2, "Usage"),
        (vec!["listen"], 2, "listen"),
        (vec!["replay", "--home", "Narnia", good], 2, "ISO 3166"),
        (vec!["replay", "--technical-prefix", "abc", good], 2, "--technical-prefix"),
        (vec!["replay", "--calls", "-", "--summary", "-", good], 2, "mixed"),
        (vec!["replay", "--calls", "/nowhere/calls.jsonl", good], 2, "/nowhere/calls.jsonl"),
        (vec!["replay", "--calls", "/dev/full", good], 3, "/dev/full: No space left"),
    ] {
        let run = greyline(&arguments);
        assert_eq!(run.status.code(), Some(code), "{arguments:?}: {}", said(&run.stderr));
        assert!(said(&run.stderr).contains(complaint), "{arguments:?}: {}", said(&run.stderr));
    }
    // What was read before the damage is reported all the same.
    assert!(said(&greyline(&["replay", cut]).stdout).contains("INVITE 1"));
}

/// A file that takes no more ends with a whole line, what is missing is counted, and everything else is written.
#[test]
fn a_full_disk_keeps_nothing_from_the_other_outputs() {
    const CALLS: usize = 3_000;
    // Units of 512 bytes, as POSIX has it: half of what the calls take.
    const ROOM: &str = "trap '' XFSZ; ulimit -f 1000; exec \"$@\"";
    let folder = folder("full");
    let names = ["cdr.csv", "calls.jsonl", "alerts.jsonl", "summary.json"];
    let [cdr, calls, alerts, summary] = names.map(|name| folder.join(name).to_str().unwrap().to_owned());
    let line = |n: usize| format!("2026-03-02T09:{:02}:{:02}Z,+441632960001,+4420794{n:05}\n", n / 60, n % 60);
    fs::write(&cdr, format!("invite_at,caller,callee\n{}", (0..CALLS).map(line).collect::<String>())).unwrap();
    let outputs = ["--calls", &calls, "--alerts", &alerts, "--summary", &summary, "--quiet"];
    let run = Command::new("sh")
        .args(["-c", ROOM, "sh", env!("CARGO_BIN_EXE_greyline"), "replay", &cdr])
        .args(outputs)
        .output()
        .unwrap();
    let complaint = said(&run.stderr);
    assert_eq!(run.status.code(), Some(3), "{complaint}");
    assert_eq!(complaint.lines().filter(|line| line.contains("calls.jsonl")).count(), 1, "{complaint}");
    let written = fs::read_to_string(&calls).unwrap();
    assert!(written.ends_with('\n') && written.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    let summary: Value = serde_json::from_slice(&fs::read(&summary).unwrap()).unwrap();
    let missing = summary["losses"]["calls_unwritten"].as_u64().unwrap() as usize;
    assert!(missing > 0 && written.lines().count() + missing == CALLS, "{missing}");
    let thousands = format!("its last {},{:03} lines are missing", missing / 1_000, missing % 1_000);
    assert!(complaint.contains(&thousands), "{complaint}");
    assert!(said(&run.stdout).contains("calls unwritten"), "{}", said(&run.stdout));
    let whole = greyline(&["replay", &cdr, "--alerts", "-", "--quiet"]);
    assert_eq!(fs::read(&alerts).unwrap(), whole.stdout);
}

#[test]
fn people_get_tables_without_a_strangers_control_characters() {
    let folder = folder("people");
    let file = folder.join("one.pcap");
    fs::write(&file, capture()).unwrap();
    let table = said(&greyline(&["calls", file.to_str().unwrap()]).stdout);
    assert!(table.contains("+441632960001 GB") && table.contains("answered"), "{table}");
    assert!(table.contains("1 call: answered 1"), "{table}");
    let report = said(&greyline(&["replay", file.to_str().unwrap()]).stdout);
    assert!(report.contains("SER 100.0 %") && !report.contains('\x1b'), "{report}");
}

#[test]
fn standard_input_tells_the_same() {
    let folder = folder("stdin");
    let file = folder.join("one.pcap");
    fs::write(&file, capture()).unwrap();
    let named = greyline(&["replay", "--calls", "-", file.to_str().unwrap()]).stdout;
    let mut piped = Command::new(env!("CARGO_BIN_EXE_greyline"))
        .args(["replay", "--calls", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    piped.stdin.take().unwrap().write_all(&capture()).unwrap();
    assert_eq!(said(&piped.wait_with_output().unwrap().stdout), said(&named));
}

/// Validates `record` against the schema that the program itself prints.
fn check_schema(name: &str, records: &[Value]) {
    let schema: Value = serde_json::from_slice(&greyline(&["schema", name]).stdout).unwrap();
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("record.json", schema).unwrap();
    let index = compiler.compile("record.json", &mut schemas).unwrap();
    assert!(!records.is_empty());
    for record in records {
        if let Err(error) = schemas.validate(record, index) {
            panic!("{error:#}\n{record:#}");
        }
    }
    let broken = serde_json::json!({"v": "one"});
    assert!(schemas.validate(&broken, index).is_err(), "the schema refuses nothing");
}

#[test]
fn records_keep_to_their_schemas() {
    let folder = folder("schemas");
    let file = folder.join("one.pcap");
    fs::write(&file, capture()).unwrap();
    let mut inputs = vec![file.to_str().unwrap().to_owned()];
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/stacks");
    inputs.extend(fixtures.exists().then(|| fixtures.to_str().unwrap().to_owned()));
    for input in &inputs {
        let lines = said(&greyline(&["replay", "--calls", "-", input]).stdout);
        let calls: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        check_schema("call", &calls);
        let summary = greyline(&["replay", "--summary", "-", input]).stdout;
        check_schema("summary", &[serde_json::from_slice(&summary).unwrap()]);
    }
}

/// Days and months that were read the wrong way round, a missing home country and a prefix that nobody has named are seen in the report.
#[test]
fn the_report_on_records_shows_how_they_were_read() {
    let folder = folder("reading");
    let [cdr, config, summary] = ["cdr.csv", "greyline.toml", "summary.json"].map(|name| folder.join(name));
    let records = |prefix: &str| {
        let mut text = "invite_at,caller,callee,answer_at,end_at,q850,source\n".to_owned();
        for minute in 0..30 {
            let caller = if minute < 3 { "anonymous".to_owned() } else { format!("016329600{minute:02}") };
            let (begin, cause) = (format!("01/02/2026 09:{minute:02}:00"), if minute == 7 { "N/A" } else { "16" });
            text += &format!("{begin},{caller},{prefix}0163296099{},0,{begin},{cause},WS_ORBIT\n", minute % 10);
        }
        text
    };
    let reading = "[records]\ntime_format = \"%d/%m/%Y %H:%M:%S\"\ntime_zone = \"Asia/Karachi\"\n";
    let home = "[tap]\nhome = \"GB\"\n";
    let trunk = "[[trunk]]\nname = \"WS_ORBIT\"\nrole = \"international\"\n";
    let period = "from             2026-02-01T09:00:00+05:00 Asia/Karachi\n  to               2026-02-01T09:29:00+05:00 Asia/Karachi";
    let lost = "record q850 unread 1";
    for (known, prefix, [callers, callees], expected) in [
        (
            [reading, home, trunk].concat(),
            "",
            [0, 0],
            vec![period, "cancelled               29", "no answer                1", lost],
        ),
        ([reading, home].concat(), "", [0, 0], vec!["record source unread 30", lost]),
        (
            [reading, home, trunk].concat(),
            "1234#",
            [0, 30],
            vec![
                "callees unread          30 100.0 %",
                "most callees could not be read",
                "123…",
                "`tap.technical_prefixes`",
            ],
        ),
        (
            reading.to_owned(),
            "",
            [27, 30],
            vec![
                "callers unread          27  90.0 %",
                "most callers",
                "most callees",
                "need their country in `tap.home`",
            ],
        ),
    ] {
        fs::write(&cdr, records(prefix)).unwrap();
        fs::write(&config, &known).unwrap();
        let [cdr, config, summary] = [&cdr, &config, &summary].map(|path| path.to_str().unwrap());
        let output = greyline(&["replay", "-q", cdr, "--config", config, "--summary", summary]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output.stderr));
        let told = said(&output.stdout);
        for what in expected {
            assert!(told.contains(what), "{what}: {told}");
        }
        let summary: Value = serde_json::from_slice(&fs::read(summary).unwrap()).unwrap();
        let unread = ["callers_unread", "callees_unread"].map(|name| summary[name]["calls"].as_u64().unwrap());
        assert_eq!((unread, summary["calls"].as_u64()), ([callers, callees], Some(30)));
        assert_eq!(summary["first"].as_str(), Some("2026-02-01T04:00:00.000000Z"));
        let hints = usize::from(callers > 15) + usize::from(callees > 15);
        assert_eq!(summary["hints"].as_array().map(Vec::len), Some(hints));
    }
}

#[test]
fn the_configuration_says_how_numbers_are_read_and_flags_win() {
    let folder = folder("configuration");
    let (file, config) = (folder.join("good.pcap"), folder.join("greyline.toml"));
    // The callee as this network writes it: a technical prefix, then the national number.
    let text = capture().iter().map(|&byte| char::from(byte)).collect::<String>();
    let bytes: Vec<u8> = text.replace("+442079460001", "9902079460001").chars().map(|letter| letter as u8).collect();
    fs::write(&file, bytes).unwrap();
    let trunk = "[[trunk]]\nname = \"Transit\"\naddresses = [\"192.0.2.2\"]\nrole = \"international\"\n";
    fs::write(&config, format!("[tap]\nhome = \"GB\"\ntechnical_prefixes = [\"99\"]\n{trunk}")).unwrap();
    let [file, config] = [&file, &config].map(|path| path.to_str().unwrap());
    let callee = |arguments: &[&str]| {
        let output = greyline(&[&["replay", "-q", "--calls", "-", file], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output.stderr));
        let call: Value = serde_json::from_slice(&output.stdout).unwrap();
        let trunk = arguments.contains(&"--config").then_some("Transit");
        assert_eq!((call["destination"]["trunk"].as_str(), call["source"].get("trunk")), (trunk, None));
        check_schema("call", std::slice::from_ref(&call));
        call["callee"]["number"].as_str() == Some("+442079460001")
    };
    assert!(!callee(&[]));
    assert!(callee(&["--config", config]));
    assert!(callee(&["--home", "GB", "--technical-prefix", "99"]));
    assert!(!callee(&["--config", config, "--technical-prefix", "98"]));
}

#[test]
fn the_example_is_checked_and_the_detectors_keep_to_their_schema() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/greyline.toml");
    let output = greyline(&["check", example.to_str().unwrap(), "--at", "2029-01-01"]);
    let told = said(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{told}");
    for what in ["2 warnings", "ended on 2028-12-31", "not valid until 2028-12-31", "0 of 1 on 2029-01-01", "60.0 dB"] {
        assert!(told.contains(what), "{what}: {told}");
    }
    let schema: Value = serde_json::from_slice(&greyline(&["schema", "detectors"]).stdout).unwrap();
    let detectors: Value = serde_json::from_slice(&greyline(&["detectors", "--json"]).stdout).unwrap();
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("detectors.json", schema).unwrap();
    let index = compiler.compile("detectors.json", &mut schemas).unwrap();
    schemas.validate(&detectors, index).unwrap();
}

#[test]
fn alerts_are_scored_against_the_truth() {
    let folder = folder("score");
    let (truth, alerts) = (folder.join("truth.jsonl.gz"), folder.join("alerts.jsonl"));
    let lines = "{\"type\":\"call\",\"call_id\":\"x\",\"group\":\"g\",\"invite_at\":\"2026-11-23T09:00:00.000000Z\"}\n\
                 {\"type\":\"group\",\"id\":\"g\",\"kind\":\"wangiri\",\"label\":\"fraud\"}\n";
    let mut packed = flate2::write::GzEncoder::new(fs::File::create(&truth).unwrap(), flate2::Compression::fast());
    packed.write_all(lines.as_bytes()).unwrap();
    packed.finish().unwrap();
    let alert = "{\"alert_id\":\"a\",\"time\":\"2026-11-23T09:01:00Z\",\"kind\":\"wangiri\",\"calls\":{\"count\":1,\"sample\":[\"x\"]}}";
    fs::write(&alerts, alert).unwrap();
    let [truth, alerts] = [&truth, &alerts].map(|path| path.to_str().unwrap());
    let table = greyline(&["score", "--truth", truth, "--alerts", alerts]);
    assert_eq!(table.status.code(), Some(0), "{}", said(&table.stderr));
    assert!(said(&table.stdout).contains("wangiri"), "{}", said(&table.stdout));

    let card = greyline(&["score", "--truth", truth, "--alerts", alerts, "--json", "-", "--calls-day", "1e6"]);
    let card: Value = serde_json::from_slice(&card.stdout).unwrap();
    assert_eq!(card["total"]["found"], 1);
    let schema: Value = serde_json::from_slice(&greyline(&["schema", "score"]).stdout).unwrap();
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("score.json", schema).unwrap();
    let index = compiler.compile("score.json", &mut schemas).unwrap();
    schemas.validate(&card, index).unwrap();

    let wrong = greyline(&["score", "--truth", alerts, "--alerts", alerts]);
    assert_eq!(wrong.status.code(), Some(3));
    assert!(said(&wrong.stderr).contains("alerts.jsonl:1: missing field `type`"), "{}", said(&wrong.stderr));
}

#[test]
fn call_records_are_read_back_as_they_were_written() {
    let folder = folder("records");
    let names =
        ["good.pcap", "calls.jsonl", "again.jsonl", "cdr.csv", "bad.csv", "summary.json"].map(|name| folder.join(name));
    let [good, calls, again, cdr, bad, summary] = names.each_ref().map(|path| path.to_str().unwrap());
    fs::write(good, capture()).unwrap();
    assert_eq!(greyline(&["replay", "-q", good, "--calls", calls]).status.code(), Some(0));
    let output = greyline(&["replay", "-q", calls, "--calls", again, "--summary", summary]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output.stderr));
    assert_eq!(fs::read(calls).unwrap(), fs::read(again).unwrap());
    assert!(said(&output.stdout).contains("answered                 1 100.0 %"), "{}", said(&output.stdout));
    let schema: Value = serde_json::from_slice(&greyline(&["schema", "records"]).stdout).unwrap();
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("records.json", schema).unwrap();
    let index = compiler.compile("records.json", &mut schemas).unwrap();
    schemas.validate(&serde_json::from_slice(&fs::read(summary).unwrap()).unwrap(), index).unwrap();

    fs::write(cdr, "invite_at,caller,callee,talk_secs,end_at\n2026-11-23T09:00:00Z,+441632960001,+12025550100,7,2026-11-23T09:00:09Z\nx\n").unwrap();
    let output = greyline(&["calls", cdr]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output.stderr));
    assert!(said(&output.stdout).contains("+12025550100") && said(&output.stdout).contains("1 call: answered 1"));
    assert!(said(&output.stderr).contains("cdr.csv:3: 1 columns; at least 3 are needed"), "{}", said(&output.stderr));

    fs::write(bad, "when,who,whom\n").unwrap();
    for (arguments, code, complaint) in [
        (vec!["replay", bad], 3, "bad.csv:1: there is no column \"invite_at\" among \"when\", \"who\", \"whom\""),
        (vec!["replay", good, calls], 2, "read them one after the other"),
    ] {
        let output = greyline(&arguments);
        assert_eq!(output.status.code(), Some(code));
        assert!(said(&output.stderr).contains(complaint), "{}", said(&output.stderr));
    }
}

/// The address that is printed lets one in, nothing else does, and nothing is left behind.
#[test]
fn a_capture_is_shown_in_a_browser() {
    let folder = folder("cli-console");
    let (file, scratch) = (folder.join("call.pcap"), folder.join("tmp"));
    fs::write(&file, capture()).unwrap();
    fs::create_dir(&scratch).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
    command.args(["replay", "-q", "--console"]).arg(&file).env("TMPDIR", &scratch);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let (mut line, mut said) = (String::new(), String::new());
    while !line.starts_with("Open http://") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "it has ended: {said}");
        said.push_str(&line);
    }
    let (host, token) = line.trim().strip_prefix("Open http://").unwrap().split_once("/#token=").unwrap();
    let ask = |question: &str, more: &str| {
        let mut connection = TcpStream::connect(host).unwrap();
        write!(connection, "{question} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n").unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    };
    let page = ask("GET /", "");
    assert!(
        page.starts_with("HTTP/1.1 200") && page.contains("script-src 'self'") && page.contains("console.js"),
        "{page}"
    );
    assert!(ask("GET /console.js", "").contains("content-type: text/javascript"));
    assert!(ask("GET /../greyline.toml", "").starts_with("HTTP/1.1 404"));
    assert!(ask("GET /api/v1/calls", "").starts_with("HTTP/1.1 401"));
    let calls = ask("GET /api/v1/calls", &format!("Authorization: Bearer {token}\r\n"));
    assert!(calls.starts_with("HTTP/1.1 200") && calls.contains("call@192.0.2.1"), "{calls}");
    let id = calls.split("\"id\":\"").nth(1).unwrap().split('"').next().unwrap();
    let messages = ask(&format!("GET /api/v1/calls/{id}/messages"), &format!("Authorization: Bearer {token}\r\n"));
    assert!(messages.contains("\"kept\":\"there\"") && messages.contains("\"method\":\"INVITE\""), "{messages}");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(fs::read_dir(scratch).unwrap().count(), 0);
}

/// Whoever stops it before all is read finds nothing left behind either: while frames come, and while it waits for one that does not.
#[test]
fn a_capture_that_is_stopped_leaves_nothing_behind() {
    for flows in [true, false] {
        let scratch = folder(&format!("cli-stopped-{flows}"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
        command.args(["replay", "-q", "--console", "-"]).env("TMPDIR", &scratch);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut fed = child.stdin.take().unwrap();
        let feeding = std::thread::spawn(move || {
            let (whole, mut goes_on) = (capture(), flows);
            let mut rest = whole.as_slice();
            while goes_on {
                goes_on = fed.write_all(rest).is_ok();
                rest = &whole[24..];
            }
            fed
        });
        let kept = || fs::read_dir(&scratch).unwrap().count();
        while kept() == 0 {
            assert!(child.try_wait().unwrap().is_none(), "it has ended");
            std::thread::yield_now();
        }
        assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
        let ended = child.wait_with_output().unwrap();
        assert_eq!((ended.status.code(), kept()), (Some(3), 0), "{}", said(&ended.stderr));
        drop(feeding.join().unwrap());
    }
}
