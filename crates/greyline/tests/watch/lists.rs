//! Licences and lists that an officer edits while the probe runs.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Instant;

use serde_json::{Value, json};
use store::Archive;

use crate::{PATIENCE, Probe, folder};

/// Somebody who may ask.
struct Officer<'p> {
    probe: &'p Probe,
    token: String,
}

impl Officer<'_> {
    /// The status of the answer, and what it says.
    fn ask(&self, method: &str, body: &Value) -> (u16, Value) {
        let (token, body) = (&self.token, body.to_string());
        let mut connection = TcpStream::connect(self.probe.page).unwrap();
        write!(
            connection,
            "{method} /api/v1/lists HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
             Greyline-Reason: the register has changed\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap())
    }

    fn put(&self, text: &str, follows: &Value) -> (u16, Value) {
        self.ask("POST", &json!({ "text": text, "follows": follows, "reason": "the register has changed" }))
    }
}

/// The version of the configuration that the page shows, once it shows one that is `awaited`.
fn await_version(probe: &Probe, awaited: impl Fn(&str) -> bool) -> String {
    let begun = Instant::now();
    loop {
        let page = probe.get("/metrics");
        let shown = page.split("greyline_build_info{config=\"").nth(1).and_then(|rest| rest.split('"').next());
        if let Some(shown) = shown.filter(|shown| awaited(shown)) {
            return shown.to_owned();
        }
        assert!(begun.elapsed() < PATIENCE, "{page}");
        std::thread::yield_now();
    }
}

#[test]
fn what_an_officer_edits_is_in_force_or_changes_nothing() {
    let folder = folder("watch-lists");
    let place = |name: &str| folder.join(name);
    let made =
        Command::new(env!("CARGO_BIN_EXE_greyline")).args(["token", "ann", "--role", "officer"]).output().unwrap();
    let made = String::from_utf8(made.stdout).unwrap();
    let token = made.lines().find_map(|line| line.trim().strip_prefix("greyline_")).unwrap();
    let user = made.split_once("[[user]]").unwrap().1;
    fs::create_dir(place("lists")).unwrap();
    let file = place("lists").join("lists.toml");
    let own = "[[licence]]\nholder = \"Own Centre\"\nnumber_ranges = [\"+441632960000-+441632960099\"]\n";
    let config = |more: &str| format!("[lists]\nfile = {:?}\n{more}[[user]]{user}", file.to_str().unwrap());
    fs::write(place("greyline.toml"), config(own)).unwrap();
    let [named, store] = ["greyline.toml", "store"].map(|name| place(name).to_str().unwrap().to_owned());
    let probe =
        Probe::start(&["--state", "off", "--hep", "127.0.0.1:0", "--config", &named, "--store", &store]).unwrap();
    let officer = Officer { probe: &probe, token: format!("greyline_{token}") };
    let version = || await_version(&probe, |_| true);
    let first = version();

    let (status, lists) = officer.ask("GET", &Value::Null);
    assert_eq!((status, &lists["editable"], &lists["file"]["text"]), (200, &true.into(), &"".into()), "{lists}");
    assert_eq!(lists["licences"][0]["stands_in"], "configuration");
    let empty = lists["file"]["sha256"].clone();
    // What is wrong is said with its line, and nothing has changed.
    let overlapping = "[[licence]]\nholder = \"Other\"\nnumber_ranges = [\"+441632960050\"]\n";
    let (status, refused) = officer.put(overlapping, &empty);
    assert_eq!(status, 400, "{refused}");
    let said = refused["detail"].as_str().unwrap();
    assert!(said.contains("lists.toml:3:18: error: the licences of \"Own Centre\" and \"Other\" overlap"), "{said}");
    assert!(!file.exists() && version() == first);

    let good = "[[licence]]\nholder = \"Other\"\nnumber_ranges = [\"+441632960150\"]\n\n[[allow]]\n\
                entity = { kind = \"source\", value = \"192.0.2.9\" }\nuntil = 2099-12-31\nwhy = \"a drill\"\n";
    let (status, taken) = officer.put(good, &empty);
    assert_eq!(status, 200, "{taken}");
    assert_eq!(fs::read_to_string(&file).unwrap(), good);
    let taken = taken["version"].as_str().unwrap().to_owned();
    assert_ne!(taken, first);
    await_version(&probe, |shown| shown == taken);
    let (_, lists) = officer.ask("GET", &Value::Null);
    assert_eq!(
        (&lists["licences"][1]["stands_in"], &lists["allowed"][0]["value"]),
        (&"file".into(), &"192.0.2.9".into())
    );
    // Who has seen an older one does not write over it.
    let (status, said) = officer.put("", &empty);
    assert!(status == 409 && said["detail"].as_str().unwrap().contains("somebody else"), "{said}");
    // Half of it is never there, nor is a file of the way to it.
    assert_eq!(fs::read_dir(place("lists")).unwrap().count(), 1);

    // The operator's file stands before it: where both do not go together, neither that nor a reload changes anything.
    fs::write(place("greyline.toml"), config("[[licence]]\nholder = \"Late\"\nnumber_ranges = [\"+441632960150\"]\n"))
        .unwrap();
    let refused = probe.ask("POST", "/reload");
    assert!(refused.starts_with("HTTP/1.1 422") && refused.contains("lists.toml:3:18: error"), "{refused}");
    assert_eq!(version(), taken);
    let checked = Command::new(env!("CARGO_BIN_EXE_greyline")).args(["check", &named]).output().unwrap();
    assert_eq!(checked.status.code(), Some(2), "{checked:?}");
    fs::write(place("greyline.toml"), config(own)).unwrap();
    let checked = Command::new(env!("CARGO_BIN_EXE_greyline")).args(["check", &named]).output().unwrap();
    assert!(String::from_utf8_lossy(&checked.stdout).contains("Other"), "{checked:?}");

    let log = Archive::open(&place("store")).unwrap().audit_log(1, 100).unwrap();
    let acts: Vec<_> =
        log.iter().filter(|entry| entry.act.starts_with("lists")).map(|entry| entry.act.as_str()).collect();
    assert_eq!(acts, ["lists_edit", "lists_refused", "lists_edit", "lists_in_force"]);
    let (code, log) = probe.stop();
    assert_eq!(code, Some(0), "{log}");
}
