//! Recordings as they pass a tap: what is heard of them at each privacy level, and how soon one that three callees hear is
//! known for what it is.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A capture in the making: pcap, Ethernet, IPv4, UDP.
struct Tape {
    frames: Vec<(u64, Vec<u8>)>,
}

/// The carrier whose calls come in, and the operator that takes them.
const CARRIER: [u8; 4] = [192, 0, 2, 10];
const BORDER: [u8; 4] = [198, 51, 100, 20];

impl Tape {
    fn datagram(&mut self, at_us: u64, from: ([u8; 4], u16), to: ([u8; 4], u16), payload: &[u8]) {
        let mut frame = vec![2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0];
        let length = |extra: usize| u16::try_from(payload.len() + extra).unwrap().to_be_bytes();
        frame.extend([0x45, 0]);
        frame.extend(length(28));
        frame.extend([0, 0, 0x40, 0, 64, 17, 0, 0]);
        frame.extend(from.0.iter().chain(&to.0));
        frame.extend(from.1.to_be_bytes().iter().chain(&to.1.to_be_bytes()));
        frame.extend(length(8));
        frame.extend([0, 0]);
        frame.extend(payload);
        self.frames.push((at_us, frame));
    }

    fn write(mut self, file: &Path) {
        self.frames.sort_by_key(|&(at_us, _)| at_us);
        let mut bytes = Vec::new();
        for word in [0xa1b2_c3d4_u32, 4 << 16 | 2, 0, 0, 65_535, 1] {
            bytes.extend(word.to_le_bytes());
        }
        for (at_us, frame) in &self.frames {
            for word in [at_us / 1_000_000, at_us % 1_000_000, frame.len() as u64, frame.len() as u64] {
                bytes.extend(u32::try_from(word).unwrap().to_le_bytes());
            }
            bytes.extend(frame);
        }
        fs::write(file, bytes).unwrap();
    }

    /// A call that begins at `at_us` and is answered four seconds later: its caller plays `sound`, of whose packets every
    /// `lost`th never comes; the callee is silent. Until when it lasts.
    fn call(&mut self, number: u16, at_us: u64, sound: &[u8], lost: usize) {
        let (port, answer) = (20_000 + 4 * number, at_us + 4_000_000);
        let description = |ip: [u8; 4], port: u16| {
            let [a, b, c, d] = ip;
            format!(
                "v=0\r\no=- 1 1 IN IP4 {a}.{b}.{c}.{d}\r\ns=-\r\nc=IN IP4 {a}.{b}.{c}.{d}\r\nt=0 0\r\n\
                 m=audio {port} RTP/AVP 0\r\n"
            )
        };
        let message = |start: &str, method: &str, to_tag: &str, body: &str| {
            format!(
                "{start}\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK{number}{method}\r\n\
                 From: <sip:+4416329600{number:02}@192.0.2.10>;tag=f{number}\r\n\
                 To: <sip:+4416329601{number:02}@198.51.100.20>{to_tag}\r\nCall-ID: recording-{number}@192.0.2.10\r\n\
                 CSeq: {} {method}\r\nContact: <sip:192.0.2.10>\r\nMax-Forwards: 70\r\n{}Content-Length: {}\r\n\r\n{body}",
                if method == "BYE" { 2 } else { 1 },
                if body.is_empty() { "" } else { "Content-Type: application/sdp\r\n" },
                body.len(),
            )
        };
        let uri = format!("sip:+4416329601{number:02}@198.51.100.20 SIP/2.0");
        let (there, back) = (((CARRIER, 5_060), (BORDER, 5_060)), ((BORDER, 5_060), (CARRIER, 5_060)));
        let tag = format!(";tag=t{number}");
        let [offer, answered] = [(CARRIER, port), (BORDER, port)].map(|(ip, port)| description(ip, port));
        let end = answer + 9_000_000;
        for (at, (from, to), text) in [
            (at_us, there, message(&format!("INVITE {uri}"), "INVITE", "", &offer)),
            (at_us + 200_000, back, message("SIP/2.0 180 Ringing", "INVITE", &tag, "")),
            (answer, back, message("SIP/2.0 200 OK", "INVITE", &tag, &answered)),
            (answer + 20_000, there, message(&format!("ACK {uri}"), "ACK", &tag, "")),
            (end, there, message(&format!("BYE {uri}"), "BYE", &tag, "")),
            (end + 20_000, back, message("SIP/2.0 200 OK", "BYE", &tag, "")),
        ] {
            self.datagram(at, from, to, text.as_bytes());
        }
        for (packet, payload) in sound.chunks_exact(160).enumerate() {
            let at = answer + 40_000 + 20_000 * packet as u64;
            let mut rtp = vec![0x80, 0];
            rtp.extend(u16::try_from(packet).unwrap().to_be_bytes());
            rtp.extend((160 * packet as u32).to_be_bytes());
            rtp.extend(u32::from(number).to_be_bytes());
            let mut other = rtp.clone();
            rtp.extend(payload);
            other.extend([0xff; 160]);
            if lost == 0 || packet % lost != lost / 2 {
                self.datagram(at, (CARRIER, port), (BORDER, port), &rtp);
            }
            self.datagram(at + 300, (BORDER, port), (CARRIER, port), &other);
        }
    }
}

fn sound(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/recordings");
    fs::read(folder.join(name)).unwrap()
}

fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recordings");
    fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

/// What the summary says was listened to at a privacy level, with these settings of `[detect.robocall]`.
fn listening(capture: &Path, level: u8, settings: &str) -> Option<Value> {
    let config = scratch(&format!("{level}.toml"));
    let text = format!("[tap]\nhome = \"GB\"\nprivacy_level = {level}\n[detect.robocall]\n{settings}\n");
    fs::write(&config, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
    command.args(["replay", "-q", "--alerts"]).arg(scratch("alerts.jsonl"));
    command.args(["--summary", "-", "--config"]).args([&config, capture]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["calls"]["total"], 5, "{}", summary["calls"]);
    summary.get("listening").cloned()
}

/// Recordings, calls that were heard to play them, and milliseconds after the third answer.
fn heard(capture: &Path, level: u8, settings: &str) -> (u64, u64, f64) {
    let told = listening(capture, level, settings).unwrap();
    let count = |of: &str| told[of].as_u64().unwrap();
    assert_eq!((count("streams"), count("unreadable")), (5, 0), "callers are listened to, callees are not");
    (count("recordings"), count("recorded_calls"), told["recognised_ms_max"].as_f64().unwrap_or(0.0))
}

#[test]
fn the_third_callee_hears_what_two_have_heard() {
    let capture = scratch("campaign.pcap");
    let mut tape = Tape { frames: Vec::new() };
    let minute = |count: u64| 1_790_000_000_000_000 + 60_000_000 * count;
    // One recording through GSM with 3 % loss, every time from another moment on, and two others between.
    let campaign = sound("0.gsm.ul");
    tape.call(1, minute(0), &campaign, 33);
    tape.call(2, minute(1), &sound("1.ul"), 0);
    tape.call(3, minute(2), &campaign[1_500..], 31);
    tape.call(4, minute(3), &sound("2.gsm.ul"), 40);
    tape.call(5, minute(14), &campaign[3_333..], 35);
    tape.write(&capture);

    assert_eq!(listening(&capture, 1, ""), None, "nothing is looked at unless the operator says so");
    let (recordings, calls, after_ms) = heard(&capture, 3, "");
    assert_eq!((recordings, calls), (1, 3));
    assert!((3_000.0..5_000.0).contains(&after_ms), "{after_ms} ms after the third answer");
    // A byte of loudness a packet knows it again too, when five seconds of it are there.
    let (recordings, calls, after_ms) = heard(&capture, 2, "");
    assert_eq!((recordings, calls), (1, 3));
    assert!((5_000.0..9_001.0).contains(&after_ms), "{after_ms} ms after the third answer");

    // What the settings say is heeded.
    assert_eq!(heard(&capture, 3, "fingerprint_error_share_max = 0.05").0, 0, "GSM moves more bits");
    assert_eq!(heard(&capture, 2, "envelope_correlation_min = 0.999").0, 0, "GSM moves the loudness");
    assert_eq!(heard(&capture, 3, "recording_keep_secs = 600").0, 0, "forgotten after ten minutes");
    let sooner = heard(&capture, 2, "listen_secs = 6");
    assert!(sooner.2 < after_ms, "{sooner:?}: {after_ms} ms where eight seconds are listened to");
}

/// A quarter of an hour of a scenario with every packet of it, the file that its operator would write, and the truth.
fn campaign() -> (PathBuf, String, PathBuf) {
    let [capture, config, truth] = ["synth.pcapng", "synth.toml", "synth.truth"].map(scratch);
    let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
    command.args(["synth", "robocall", "--seed", "3", "--days", "0.01", "--warm-up", "0", "--scale", "0.01"]);
    command.args(["--start", "2026-03-02T14:00", "--media", "full", "--out"]).arg(&capture);
    command.arg("--truth").arg(&truth).arg("--config").arg(&config);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    (capture, fs::read_to_string(config).unwrap(), truth)
}

#[test]
fn the_alert_of_a_campaign_names_what_it_plays() {
    let (capture, written, truth) = campaign();
    let truth = fs::read_to_string(truth).unwrap();
    let of_campaign = |call_id: &str| {
        let line = truth.lines().find(|line| line.contains(&format!("\"{call_id}\""))).unwrap();
        line.contains("\"group\":\"robocall")
    };
    for (level, known_by) in [(1, None), (2, Some("loudness")), (3, Some("fingerprint"))] {
        let (config, alerts) = (scratch("operator.toml"), scratch("campaign.jsonl"));
        let asked = format!("[tap]\nprivacy_level = {level}");
        fs::write(&config, written.replacen("[tap]", &asked, 1)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_greyline"));
        command.args(["replay", "-q", "--alerts"]).arg(&alerts).arg("--config").args([&config, &capture]);
        assert_eq!(command.output().unwrap().status.code(), Some(0));
        let alerts = fs::read_to_string(alerts).unwrap();
        let last: Value = serde_json::from_str(alerts.lines().last().unwrap()).unwrap();
        assert_eq!((&last["status"], &last["kind"]), (&"close".into(), &"robocall".into()), "level {level}: {last}");
        let summary = last["summary"].as_str().unwrap();
        let evidence = last["evidence"].as_array().unwrap();
        let recorded = evidence.iter().find(|line| line["feature"] == "recorded");
        let Some(known_by) = known_by else {
            assert!(last.get("recordings").is_none() && recorded.is_none() && !summary.contains("recording"), "{last}");
            continue;
        };
        let [played] = last["recordings"].as_array().unwrap().as_slice() else { panic!("{last}") };
        assert_eq!(played["known_by"], known_by);
        let calls = played["calls"].as_u64().unwrap();
        assert!(calls > 20, "level {level}: {played}");
        let words =
            format!("{calls} of its calls played the same recording, known by its {known_by}; no audio is kept.");
        assert!(summary.contains(&words), "{summary}");
        let recorded = recorded.unwrap();
        assert_eq!(recorded["family"], "robocall");
        // By itself it may bring nothing: where callers are silent too, they bring all that the family may.
        assert!(recorded["observed"].as_f64().unwrap() > 0.3, "{recorded}");
        for call_id in last["calls"]["sample"].as_array().unwrap() {
            assert!(of_campaign(call_id.as_str().unwrap()), "{call_id} is somebody else's");
        }
    }
}
