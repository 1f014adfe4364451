//! What outlives a probe: killed, stopped or damaged, it tells of no alert twice and forgets none.

use super::*;

/// Customers over one trunk each, and numbers that are nobody's to show: a call under one of them is an alert at once.
fn configuration(folder: &Path, more: &str) -> PathBuf {
    let mut text = "[tap]\nhome = \"GB\"\n[[protected]]\nowner = \"Example Tax Office\"\n\
                    numbers = [\"+441632960900-+441632960999\"]\n"
        .to_owned();
    for n in 1..=9 {
        text += &format!("[[trunk]]\nname = \"customer {n}\"\naddresses = [\"192.0.2.{n}\"]\nrole = \"customer\"\n");
    }
    let file = folder.join("greyline.toml");
    fs::write(&file, text + more).unwrap();
    file
}

/// The INVITE of a customer that shows a protected number.
fn invite(customer: u8, call_id: &str) -> String {
    format!(
        "INVITE sip:+441632961{customer:03}@192.0.2.200 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.{customer};branch=z9hG4bK-{call_id}\r\n\
         From: <sip:+44163296090{customer}@192.0.2.{customer}>;tag=a\r\nTo: <sip:+441632961{customer:03}@192.0.2.200>\r\n\
         Call-ID: {call_id}\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nUser-Agent: pbx {customer}\r\nContent-Length: 0\r\n\r\n"
    )
}

struct Run {
    probe: Probe,
    agent: UdpSocket,
}

impl Run {
    fn start(config: &Path, alerts: &Path) -> Self {
        let files = [config, alerts].map(|file| file.to_str().unwrap());
        let probe = Probe::start(&["--config", files[0], "--hep", "127.0.0.1:0", "--alerts", files[1]]).unwrap();
        Self { probe, agent: UdpSocket::bind("127.0.0.1:0").unwrap() }
    }

    /// A call of each of these customers; waits until they are judged.
    fn call(&self, customers: &[u8], run: &str, judged: u64) {
        for &customer in customers {
            let message = invite(customer, &format!("{run}-{customer}@192.0.2.{customer}"));
            self.agent.send_to(&hep(&message, customer, 200, ""), self.probe.address()).unwrap();
        }
        self.probe.wait_for(&[&format!("greyline_attempts_judged_total {judged}")]);
    }

    fn kill(mut self) {
        self.probe.child.kill().unwrap();
        self.probe.child.wait().unwrap();
    }
}

/// The alerts that were opened, in their order, and how often each was said to be over.
fn told(alerts: &Path) -> (Vec<String>, usize) {
    let lines = lines(alerts);
    let of = |status: &str| lines.iter().filter(|line| line["status"] == status).collect::<Vec<_>>();
    let opened = of("open").iter().map(|line| line["entity"]["value"].as_str().unwrap().to_owned()).collect();
    (opened, of("close").len())
}

/// Killed as soon as an alert was told, with all that was known a day old at worst: what was told since is known all the same.
#[test]
fn who_is_killed_tells_no_alert_twice_and_forgets_none() {
    for secs in [1, 86_400] {
        let folder = folder(&format!("state-kill-{secs}"));
        let (state, alerts) = (folder.join("state"), folder.join("alerts.jsonl"));
        let config = configuration(&folder, &format!("[state]\nfolder = {state:?}\nsnapshot_secs = {secs}\n"));
        let first = Run::start(&config, &alerts);
        first.call(&[1, 2], "first", 2);
        let (before, _) = told(&alerts);
        assert_eq!(before.len(), 2, "{before:?}");
        first.kill();

        let second = Run::start(&config, &alerts);
        second.call(&[1, 2, 3], "second", 3);
        let (now, closed) = told(&alerts);
        assert_eq!((now.len(), &now[..2], closed), (3, &before[..], 0), "{now:?}");
        // Told again, so that whoever was told only in memory knows it too.
        let updated = lines(&alerts).iter().filter(|line| line["status"] == "update").count();
        assert!(updated >= 2, "{updated}");
        let page = second.probe.get("/metrics");
        let open: f64 = page
            .lines()
            .filter(|line| line.starts_with("greyline_alerts_open{"))
            .map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap())
            .sum();
        assert_eq!(open, 3.0);

        // A stop is no end of an operation.
        let (code, log) = second.probe.stop();
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("judgement goes on where it stood"), "{log}");
        let third = Run::start(&config, &alerts);
        third.call(&[1, 2, 3, 4], "third", 4);
        assert_eq!((told(&alerts).0.len(), told(&alerts).1), (4, 0));
        assert!(!third.probe.stop().1.contains("44163296"), "a number stands in the log");
    }
}

/// What does not fit or is damaged is put aside, and said.
#[test]
fn what_is_damaged_is_put_aside() {
    let folder = folder("state-damaged");
    let (state, alerts) = (folder.join("state"), folder.join("alerts.jsonl"));
    let more = format!("[state]\nfolder = {state:?}\n");
    let config = configuration(&folder, &more);
    let run = Run::start(&config, &alerts);
    run.call(&[1], "first", 1);
    run.probe.stop();
    let whole = state.join("judgement.state");
    let mut bytes = fs::read(&whole).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&whole, &bytes).unwrap();
    let run = Run::start(&config, &alerts);
    run.call(&[1], "second", 1);
    let (_, log) = run.probe.stop();
    assert!(log.contains("cannot be gone on from") && log.contains("damaged"), "{log}");
    assert_eq!(fs::read(state.join("judgement.state.refused")).unwrap(), bytes);
    assert_eq!(told(&alerts).0.len(), 2, "it began with nothing");

    // A trunk that goes and one that comes are no reason: it goes on as if the configuration had been read anew.
    let text = fs::read_to_string(&config).unwrap().replace("\"customer 1\"", "\"customer one\"");
    fs::write(&config, text).unwrap();
    let run = Run::start(&config, &alerts);
    run.call(&[2], "third", 1);
    let (_, log) = run.probe.stop();
    assert!(log.contains("judgement goes on where it stood"), "{log}");
}

/// A full disk costs the newest of what is known, counted; what was written before stays.
#[test]
fn a_full_disk_leaves_what_was_written() {
    let folder = folder("state-full");
    let (state, alerts) = (folder.join("state"), folder.join("alerts.jsonl"));
    let more = format!("[process]\nsandbox = false\n[state]\nfolder = {state:?}\nsnapshot_secs = 1\n");
    let config = configuration(&folder, &more);
    let run = Run::start(&config, &alerts);
    run.call(&[1], "first", 1);
    run.probe.stop();
    let before = fs::read(state.join("judgement.state")).unwrap();
    std::os::unix::fs::symlink("/dev/full", state.join("judgement.state.new")).unwrap();
    let run = Run::start(&config, &alerts);
    run.call(&[1, 2], "second", 2);
    let begun = Instant::now();
    let failed = |page: &str| {
        page.lines().any(|line| line.strip_prefix("greyline_state_failures_total ").is_some_and(|count| count != "0"))
    };
    while !failed(&run.probe.get("/metrics")) {
        assert!(begun.elapsed() < PATIENCE, "no failure is counted");
        std::thread::yield_now();
    }
    let (code, log) = run.probe.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("No space left on device"), "{log}");
    assert_eq!(fs::read(state.join("judgement.state")).unwrap(), before);
    // What was told since stands in the log beside it.
    fs::remove_file(state.join("judgement.state.new")).unwrap();
    let run = Run::start(&config, &alerts);
    run.call(&[1, 2], "third", 2);
    assert_eq!(told(&alerts).0.len(), 2);
    run.probe.stop();
}

/// Files that are none of its own are out of its reach, whatever a new configuration says.
#[test]
fn files_that_are_none_of_its_own_are_out_of_reach() {
    let (folder, elsewhere) = (folder("sandbox"), folder("sandbox-elsewhere"));
    let config = configuration(&folder, "");
    let hours = elsewhere.join("hours.toml");
    fs::write(&hours, "version = \"none\"\n").unwrap();
    let probe =
        Probe::start(&["--config", config.to_str().unwrap(), "--hep", "127.0.0.1:0", "--state", "off"]).unwrap();
    let page = probe.get("/metrics");
    assert!(page.contains("greyline_sandbox_in_force{measure=\"system_calls\"} 1"), "{page}");
    if page.contains("greyline_sandbox_in_force{measure=\"files\"} 0") {
        eprintln!("skipped: this kernel offers no Landlock");
        return;
    }
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("{text}[tables]\nhours = {hours:?}\n")).unwrap();
    let refused = probe.ask("POST", "/reload");
    assert!(refused.starts_with("HTTP/1.1 422") && refused.contains("Permission denied"), "{refused}");
    fs::write(&config, text).unwrap();
    assert!(probe.ask("POST", "/reload").starts_with("HTTP/1.1 200"));
    let (code, log) = probe.stop();
    assert_eq!(code, Some(0), "{log}");
}

/// The service manager hears when all sources are open, of a reload and of the end, and that the packet thread makes progress.
#[test]
fn the_service_manager_is_told() {
    use std::os::unix::net::UnixDatagram;

    let folder = folder("notify");
    let path = folder.join("notify");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(PATIENCE)).unwrap();
    let hear = || {
        let mut bytes = [0; 256];
        let length = manager.recv(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    };
    let wait_for = |what: &str| {
        while !hear().lines().any(|line| line == what) {}
    };
    let config = configuration(&folder, "");
    let command = |command: &mut Command| {
        command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "300000").env_remove("WATCHDOG_PID");
    };
    let arguments = ["--config", config.to_str().unwrap(), "--hep", "127.0.0.1:0", "--state", "off"];
    let probe = Probe::start_with(&arguments, command).unwrap();
    for what in ["READY=1", "WATCHDOG=1"] {
        wait_for(what);
    }
    assert!(probe.ask("POST", "/reload").starts_with("HTTP/1.1 200"));
    for what in ["RELOADING=1", "READY=1"] {
        wait_for(what);
    }
    probe.stop();
    wait_for("STOPPING=1");
}

/// A folder has one keeper: a second probe says so, and does not run on without.
#[test]
fn a_second_probe_does_not_share_the_folder() {
    let folder = folder("watch-state-held");
    let config = configuration(&folder, &format!("[state]\nfolder = {:?}\n", folder.join("state")));
    let arguments = ["--config", config.to_str().unwrap(), "--hep", "127.0.0.1:0"];
    let first = Probe::start(&arguments).unwrap();
    let Err(said) = Probe::start(&arguments) else { panic!("a folder has two keepers") };
    assert!(said.contains("another greyline keeps its state here"), "{said}");
    assert_eq!(first.stop().0, Some(0));
    // Whoever held it has gone: the next one takes it.
    assert_eq!(Probe::start(&arguments).unwrap().stop().0, Some(0));
}
