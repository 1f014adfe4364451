//! What is said about a file with mistakes: all of them, at their places, with what would be right.

#![cfg(test)]

use config::{Date, Severity, read};
use proptest::prelude::*;

/// Reads `text` and compares what is said, line by line.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let (sound, said) = match read(text.as_bytes()) {
        Ok(sound) => (true, sound.warnings),
        Err(mistakes) => (false, mistakes),
    };
    let errors = said.iter().any(|mistake| mistake.severity == Severity::Error);
    let said: Vec<_> = said.iter().map(ToString::to_string).collect();
    assert_eq!(said, expected, "{text}");
    assert_eq!(sound, !errors);
}

#[test]
fn nothing_is_a_sound_configuration() {
    check("", &[]);
    check("# greyline\n[tap]\n[detect]\n", &[]);
    check("\u{feff}[tap]\nhome = \"GB\"\n", &[]);
}

#[test]
fn keys() {
    check("[tap]\nhom = \"GB\"", &["2:1: error: `tap` has no key `hom`: did you mean `home`?"]);
    check("privacy_level = 1", &["1:1: error: there is no section `privacy_level`: it belongs to `tap`"]);
    check("[detect.wangri]", &["1:9: error: there is no detector `wangri`: did you mean `wangiri`?"]);
    check("[[tap]]", &["1:1: error: `tap` is there once: write [tap] with one bracket"]);
    check("[trunk]", &["1:1: error: `trunk` may be there more than once: write [[trunk]] with two brackets"]);
    check(
        "[detect.wangiri]\ncolour = 1",
        &["2:1: error: `detect.wangiri` has no key `colour`; there are `enabled`, `shadow`, `ring_ms_max`, \
             `call_back_secs_max`, `half_life_secs`"],
    );
}

#[test]
fn sources() {
    check(
        "[capture]\ninterfaces = [\"eth1\", \"eth2\", \"eth1\"]\nfolders = [\"/a\", \"/a/\"]\nblock_ms = 50",
        &[
            "1:2: warning: `capture.merge_ms` is 8 and `capture.block_ms` 50: where there are several sources, frames of one come late",
            "2:31: error: `eth1` is named twice: each of `capture.interfaces` is read once",
            "3:18: error: `/a/` is named twice: each of `capture.folders` is read once",
        ],
    );
    check("[capture]\nblock_ms = 50\nmerge_ms = 50", &[]);
}

#[test]
fn sockets() {
    check(
        "[listen]\nhttp = [\"localhost:9640\"]\nhep_tcp = [\"192.0.2.1:9060\"]\nhep_tls = [\"192.0.2.1:9060\", \"[::1]:0\"]\ntls_key = \"k.pem\"",
        &[
            "2:9: error: `listen.http`: \"localhost:9640\" is not an address with a port, such as \"127.0.0.1:9060\" or \"[::1]:9060\"",
            "4:12: error: `listen.hep_tcp` listens on 192.0.2.1:9060 already",
            "5:1: error: a key needs its certificate: set `listen.tls_certificate`",
        ],
    );
    let both = "[listen]\nhep_udp = [\"0.0.0.0:9060\"]\nhep_tcp = [\"0.0.0.0:9060\"]\n";
    check(both, &[]);
    let tls = [both, "hep_tls = [\"[::]:9061\"]"].concat();
    check(&tls, &["4:1: error: TLS needs `listen.tls_certificate` and `listen.tls_key`"]);
}

#[test]
fn users() {
    let token = |digit: &str| digit.repeat(64);
    let user = |name: &str, hash: String| {
        format!("[[user]]\nname = \"{name}\"\nrole = \"viewer\"\ntoken_sha256 = \"{hash}\"\n")
    };
    let desk = user("desk", token("a"));
    check(&desk, &[]);
    check(
        &[desk.clone(), user("desk", token("a"))].concat(),
        &[
            "6:1: error: there is a user \"desk\" already: a name is given once",
            "8:1: error: another user has this token already: each has one of their own",
        ],
    );
    check(
        &user("desk", "secret".to_owned()),
        &["4:16: error: `user.token_sha256`: \"secret\" is not the 64 hexadecimal digits that `greyline token` prints"],
    );
    let open = "[listen]\nhttp = [\"0.0.0.0:9640\"]\n";
    check(open, &[]);
    check(
        &[open, &desk].concat(),
        &[
            "2:1: error: users are named, and every address here is in clear and open to others: pages and tokens go over \
            `listen.https`, or over a loopback address",
        ],
    );
    let tls = "[listen]\nhttps = [\"0.0.0.0:9641\"]\ntls_certificate = \"c.pem\"\ntls_key = \"k.pem\"\n";
    check(&[tls, &desk].concat(), &[]);
    // Written down by a probe it names no users, and is gone on from all the same.
    let config = read([tls, &desk].concat().as_bytes()).unwrap().known.config().clone();
    let kept = serde_json::from_value(serde_json::to_value(&config).unwrap()).unwrap();
    assert!(!config.user.is_empty() && config::Known::of(kept).is_ok_and(|known| known.config().user.is_empty()));
    check(
        tls,
        &["2:1: error: pages on other machines are for somebody: name a [[user]], whose token `greyline token` makes"],
    );
}

#[test]
fn holders() {
    let holder = |name: &str, digit: &str| format!("{{ name = \"{name}\", public_key = \"{}\" }}", digit.repeat(64));
    let holders = |all: &[String]| format!("[evidence]\nholders = [{}]\n", all.join(", "));
    check(&holders(&[]), &[]);
    check(&holders(&[holder("ann", "a"), holder("ben", "b")]), &[]);
    check(
        &holders(&[holder("ann", "a")]),
        &["2:1: error: one who holds the key alone could look alone: name two, or nobody"],
    );
    check(
        &holders(&[holder("ann", "a"), holder("ben", "a")]),
        &["2:127: error: both have this key: each has one of their own"],
    );
    check(
        &holders(&[holder("ann", "a"), holder("ann", "b")]),
        &["2:113: error: both have this name: they are two people"],
    );
    check(
        &holders(&[holder("ann", "g"), holder("ben", "b")]),
        &[&format!(
            "2:41: error: `evidence.holders.public_key`: {:?} is not the 64 hexadecimal digits that `greyline holder` prints",
            "g".repeat(64)
        )],
    );
}

#[test]
fn values() {
    check(
        "[tap]\nprivacy_level = 7\nfalse_alerts_per_day = -1\nhome = 44\n",
        &[
            "2:17: error: `tap.privacy_level` takes a whole number from 0 to 3, and not 7",
            "3:24: error: `tap.false_alerts_per_day` takes a number from 0.001 to 10000, and not -1",
            "4:8: error: `tap.home` takes a country of ISO 3166 in two letters, such as \"GB\", and not 44",
        ],
    );
    check(
        "[tap]\nhome = \"UK\"\ntime_zone = \"Europe/Lodon\"\ncalls_per_day = nan\n",
        &[
            "2:8: error: `tap.home`: \"UK\" is no code of ISO 3166: did you mean \"GB\"?",
            "3:13: error: `tap.time_zone`: \"Europe/Lodon\" is no time zone: did you mean \"Europe/London\"?",
            "4:17: error: `tap.calls_per_day` takes a whole number from 1 to 10000000000, and not nan",
        ],
    );
    check(
        "[tap]\nfalse_alerts_per_day = nan\n[detect.burst]\nenabled = \"yes\"\nrate_factors = []\n",
        &[
            "2:24: error: `tap.false_alerts_per_day` takes a number from 0.001 to 10000, and not nan",
            "4:11: error: `detect.burst.enabled` takes true or false, and not \"yes\"",
            "5:16: error: `detect.burst.rate_factors` has 0 entries; at least 1 are wanted",
        ],
    );
    check("[tap]\nfalse_alerts_per_day = 3\n", &[]);
    check("[tap]\nnational_prefixes = [\"0\"]\n", &["1:2: error: `tap`: national prefixes need a home country"]);
}

#[test]
fn syntax() {
    check("[tap\nhome = \"GB\"", &["1:5: error: unclosed table, expected `]`"]);
    check(
        "[tap]\nhome = GB\nprivacy_level = 9",
        &[
            "2:8: error: string values must be quoted, expected literal string",
            "3:17: error: `tap.privacy_level` takes a whole number from 0 to 3, and not 9",
        ],
    );
    check("[tap]\n[tap]", &["2:2: error: duplicate key"]);
    let mistakes = read(b"[tap]\nhome = \"\xff\"").unwrap_err();
    assert_eq!(mistakes[0].to_string(), "2:9: error: this is not UTF-8, the encoding of TOML");
}

const TRUNKS: &str = "\
[[trunk]]
name = \"north\"
addresses = [\"192.0.2.0/24\", \"2001:db8::/32\"]
role = \"international\"
[[trunk]]
name = \"south\"
addresses = [\"198.51.100.0/24\"]
role = \"customer\"
";

#[test]
fn trunks() {
    check(TRUNKS, &[]);
    check(
        "[[trunk]]\nname = \"a\"\nadresses = [\"192.0.2.0/24\"]\nrole = \"custom\"\n",
        &[
            "3:1: error: `trunk` has no key `adresses`: did you mean `addresses`?",
            "4:8: error: `trunk.role` takes one of \"international\", \"national\", \"customer\", \"own\", and not \"custom\": did \
             you mean \"customer\"?",
        ],
    );
    check(
        "[[trunk]]\nname = \"a\"\naddresses = [\"192.0.2.0/24\"]\n",
        &["1:1: error: `trunk` lacks `role`: one of \"international\", \"national\", \"customer\", \"own\""],
    );
    check(
        &format!(
            "{TRUNKS}[[trunk]]\nname = \"north\"\naddresses = [\"192.0.2.0/24\", \"198.51.100.64/26\"]\nrole = \"own\"\n"
        ),
        &[
            "10:1: error: there is a trunk \"north\" already: a name is given once",
            "11:14: error: trunks \"north\" and \"north\" overlap: both have 192.0.2.0/24; a network belongs to one",
            "11:30: warning: trunks \"south\" and \"north\" overlap: 198.51.100.64/26 lies in 198.51.100.0/24; its calls are \
             those of \"north\"",
        ],
    );
    check(
        "[[trunk]]\nname = \"a\"\nrole = \"customer\"\n",
        &[
            "1:1: warning: trunk \"a\" has no `addresses`: only call records that name it belong to it, and `[records]` says \
             nothing of any",
        ],
    );
    // What is wrong with its only address is told once.
    check(
        "[[trunk]]\nname = \"a\"\naddresses = [\"192.0.2.300\"]\nrole = \"customer\"\n",
        &[
            "3:14: error: `trunk.addresses`: \"192.0.2.300\" is not an address or a network, such as \"192.0.2.10\", \"192.0.2.0/24\" or \"2001:db8::/32\"",
        ],
    );
    check("[[trunk]]\nname = \"a\"\naddresses = []\nrole = \"customer\"\n[records]\ntime_format = \"unix\"\n", &[]);
    check(
        "[tap]\nhome = \"GB\"\n[[trunk]]\nname = \"a\"\naddresses = [\"192.0.2.1\"]\nrole = \"international\"\ncountries = \
         [\"GB\"]\n",
        &[
            "7:1: warning: trunk \"a\" is international and may carry numbers of GB, the home country: refiled numbers of GB are \
           not found there",
        ],
    );
}

#[test]
fn licences() {
    check(
        "[[licence]]\nholder = \" \"\n[[licence]]\nholder = \"b\"\naddresses = [\"192.0.2.1\"]\nvalid_from = \
         2027-01-01\nvalid_until = 2026-12-31\n",
        &[
            "1:1: error: the licence of \" \" has neither `addresses` nor `number_ranges`: it covers nothing",
            "2:1: error: `licence.holder` is blank: write something a person can use",
            "7:1: error: the licence of \"b\" ends on 2026-12-31, before it begins on 2027-01-01",
        ],
    );
    // One after the other they may have the same numbers; at once not.
    let licences = |until| {
        format!(
            "[[licence]]\nholder = \"a\"\nnumber_ranges = [\"+441632960*\"]\nvalid_until = {until}\n[[licence]]\nholder = \
             \"b\"\nnumber_ranges = [\"+44 1632 960500-+44 1632 960599\"]\nvalid_from = \"2026-01-01\"\n"
        )
    };
    check(&licences("2025-12-31"), &[]);
    check(
        &licences("2026-01-01"),
        &[
            "7:18: error: the licences of \"a\" and \"b\" overlap: both have numbers of +441632960500-+441632960599, at the same \
           time",
        ],
    );
    let sound = read(licences("2025-12-31").as_bytes()).unwrap();
    let on = |day: &str| sound.on(day.parse::<Date>().unwrap()).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        on("2025-12-31"),
        ["8:1: warning: the licence of \"b\" begins on 2026-01-01: until then it covers nothing"]
    );
    assert_eq!(on("2026-01-01"), ["4:1: warning: the licence of \"a\" ended on 2025-12-31: it covers nothing"]);
}

#[test]
fn the_protected_and_the_allowed() {
    check(
        &format!("{TRUNKS}[[protected]]\nowner = \"tax office\"\nnumbers = [\"441632960001\"]\ntrunks = [\"nroth\"]\n"),
        &[
            "11:12: error: `protected.numbers`: \"441632960001\" is not a number \"+441632960001\", a block \
             \"+441632960000-+441632960999\" or a beginning \"+441632960*\"",
            "12:11: error: there is no trunk \"nroth\": did you mean \"north\"?",
        ],
    );
    check(
        "[[protected]]\nowner = \"a\"\n",
        &["1:1: error: \"a\" has neither `numbers` nor `display_names`: nothing is protected"],
    );
    check(
        "[[protected]]\nowner = \"a\"\nnumbers = [\"+441632960*\"]\n[[protected]]\nowner = \"b\"\nnumbers = \
         [\"+441632960001\"]\n",
        &["6:12: error: numbers of +441632960001 are protected for \"a\" and for \"b\""],
    );
    check(
        "[[allow]]\nentity = { kind = \"number\", value = \"12\" }\nuntil = 2027-01-31\n[[allow]]\nentity = { kind = \"trunk\", \
         value = \"x\" }\nuntil = 2027-02-30\nwhy = \" \"\n",
        &[
            "1:1: error: `allow` lacks `why`: text in quotes, at most 1000 letters",
            "6:9: error: invalid date, expected day between 01 and 28",
        ],
    );
    check(
        "[[allow]]\nentity = { kind = \"number\", value = \"12\" }\nuntil = 2027-01-31\nwhy = \" \"\n",
        &[
            "2:29: error: `allow.entity` of kind \"number\": \"12\" is not a number \"+441632960001\", a block \
             \"+441632960000-+441632960999\" or a beginning \"+441632960*\"",
            "4:1: error: `allow.why` is blank: write something a person can use",
        ],
    );
}

#[test]
fn detectors() {
    check(
        "[detect.timezone]\nwork_from_hour = 20\n[detect.robocall]\naudio = true\n",
        &[
            "1:9: error: `detect.timezone`: working hours end at 18, and begin only at 20",
            "4:1: error: `detect.robocall.audio` needs `tap.privacy_level` 3; it is 1",
            "4:1: warning: `detect.robocall.audio` is not heeded yet: judgement works with false",
        ],
    );
    check("[detect.centre]\npair_days = 60\n[detect.false_answer]\ntiming = true\n", &[]);
    check("[detect.burst]\nshadow = true\n", &[]);
    check(
        "[detect.irsf]\ntest_call_secs_max = 70\n",
        &["2:1: warning: `detect.irsf.test_call_secs_max` is not heeded yet: judgement works with 10"],
    );
}

#[test]
fn records() {
    check(
        "[records]\ndelimiter = \"ab\"\ntime_format = \"iso\"\n[records.columns]\ncallr = \"A\"\n",
        &[
            "2:13: error: `records.delimiter` takes one character in quotes, and not \"ab\"",
            "3:1: error: `records.time_format` takes \"rfc3339\", \"unix\", \"unix_ms\" or a pattern such as \"%Y-%m-%d \
             %H:%M:%S\", and not \"iso\"",
            "5:1: error: `records.columns` has no key `callr`: did you mean `caller`?",
        ],
    );
    for (what, keys, flaws) in [
        ("duration", "duration_secs = \"s\"\nduration_ms = \"ms\"\n", 1),
        ("talk", "talk_secs = \"s\"\ntalk_ms = \"ms\"\n", 1),
        ("ring", "ring_secs = \"s\"\nring_ms = \"ms\"\n", 1),
        ("talk", "talk_ms = \"ms\"\nduration_secs = \"s\"\n", 0),
    ] {
        let said = format!(
            "3:1: error: `records.columns` takes `{what}_secs` or `{what}_ms`, and not both: name the finer one"
        );
        check(&format!("[records.columns]\n{keys}"), &[said.as_str()][..flaws]);
    }
}

#[test]
fn depth_and_length_have_an_end() {
    for deep in [
        "a.".repeat(100_000) + "a = 1",
        "a = ".to_owned() + &"[".repeat(100_000),
        format!("[{}a]", "a.".repeat(100_000)),
    ] {
        assert!(read(deep.as_bytes()).is_err());
    }
    assert!(read(&vec![b'#'; 9 << 20]).is_err());
    assert_eq!(read("x = 1\n".repeat(1_000).as_bytes()).unwrap_err().len(), 100);
}

/// Pieces of files, right and wrong.
fn piece() -> impl Strategy<Value = String> {
    let lines = [
        "[tap]",
        "[[trunk]]",
        "[[licence]]",
        "[[protected]]",
        "[[allow]]",
        "[[high_cost]]",
        "[detect.burst]",
        "[limits]",
        "[capture]",
        "home = \"GB\"",
        "name = \"a\"",
        "addresses = [\"192.0.2.0/24\", 7]",
        "addresses = [\"::/0\"]",
        "role = \"own\"",
        "role = 1",
        "countries = [\"IN\"]",
        "holder = \"h\"",
        "number_ranges = [\"+44*\", \"+4-+5\"]",
        "valid_until = 2026-01-01",
        "seats = 0",
        "owner = \"o\"",
        "numbers = [\"+441*\"]",
        "trunks = [\"a\"]",
        "entity = { kind = \"trunk\", value = \"a\" }",
        "until = 2026-01-01T00:00:00",
        "why = \"w\"",
        "prefixes = [\"+999\", \"\"]",
        "tick_secs = 0x10",
        "rate_factors = [2, 3.5, inf]",
        "entities_max = 99999999999999999999",
        "vxlan_ports = [1, 65536]",
        "map = false",
        "= ]",
        "\"",
        "'''",
        "a.b.c = {",
    ];
    prop_oneof![9 => prop::sample::select(lines.to_vec()).prop_map(str::to_owned), 1 => ".{0,12}"]
}

proptest! {
    #[test]
    fn whatever_is_written_is_told_and_nothing_panics(lines in prop::collection::vec(piece(), 0..24)) {
        let text = lines.join("\n");
        match read(text.as_bytes()) {
            Ok(sound) => prop_assert!(sound.warnings.iter().all(|mistake| mistake.severity == Severity::Warning)),
            Err(mistakes) => {
                prop_assert!(mistakes.iter().any(|mistake| mistake.severity == Severity::Error));
                // What the walk lets through, serde takes: it never speaks.
                prop_assert!(mistakes.iter().all(|mistake| !mistake.what.contains("at line")), "{mistakes:?}");
            }
        }
    }

    #[test]
    fn whatever_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = read(&bytes);
    }
}

const SINK: &str = "[[sink]]\nname = \"soc\"\n";
const FILE: &str = "[sink.file]\npath = \"/var/log/greyline/a.jsonl\"\n";

#[test]
fn sinks() {
    check(&format!("{SINK}{FILE}"), &[]);
    check(
        SINK,
        &["1:1: error: the sink \"soc\" goes nowhere: it needs one of [sink.file], [sink.syslog], [sink.webhook], \
             [sink.alertmanager], [sink.nats], [sink.kafka], [sink.email]"],
    );
    check("[[sink]]\n", &["1:1: error: `sink` lacks `name`: text in quotes, at most 64 letters"]);
    check(
        &format!("{SINK}{FILE}[sink.webhook]\nurl = \"https://hooks.example.net\"\n"),
        &["5:7: error: the sink \"soc\" has `file` and `webhook`: each output is a [[sink]] of its own"],
    );
    check(
        &format!(
            "{SINK}{FILE}[[sink]]\nname = \"soc\"\n{FILE}[[sink]]\nname = \"A B\"\n[sink.syslog]\nurl = \"udp://127.0.0.1\"\n"
        ),
        &[
            "6:1: error: there is a sink \"soc\" already: a name is given once",
            "8:1: error: sinks \"soc\" and \"soc\" write the same file: each needs its own",
            "10:1: error: `sink.name` takes small letters, digits, - and _, and not \"A B\"",
        ],
    );
    check(
        &format!("{SINK}trunks = [\"nort\"]\nkinds = [\"wangiry\"]\nseverity_min = \"hi\"\n{FILE}{TRUNKS}"),
        &[
            "3:11: error: there is no trunk \"nort\": did you mean \"north\"?",
            "4:10: error: `sink.kinds` takes one of \"scam_call_centre\", \"unlicensed_call_centre\", \"timezone_targeting\", \
             \"call_burst\", \"robocall\", \"number_rotation\", \"grey_route\", \"sim_box\", \"cli_refile\", \"false_answer\", \
             \"wangiri\", \"irsf\", \"impersonation\", \"sip_scan\", and not \"wangiry\": did you mean \"wangiri\"?",
            "5:16: error: `sink.severity_min` takes one of \"low\", \"medium\", \"high\", \"critical\", and not \"hi\"",
        ],
    );
    check(
        &format!("{SINK}records = [\"calls\"]\nstatuses = [\"open\"]\npseudonym_key_file = \"k\"\n{FILE}"),
        &[
            "4:1: warning: `sink.statuses` is about alerts, and \"soc\" is told of none",
            "5:1: warning: `sink.pseudonym_key_file` does nothing without `numbers = \"pseudonym\"`",
        ],
    );
    check(
        &format!("{SINK}numbers = \"pseudonym\"\n{FILE}[sink.tls]\nkey_file = \"k\"\n"),
        &[
            "3:1: error: `sink.numbers` \"pseudonym\" needs `pseudonym_key_file`: without a key anybody could reckon the numbers",
            "7:1: error: `sink.tls.key_file` needs `sink.tls.certificate_file`",
        ],
    );
}

#[test]
fn outputs_of_sinks() {
    check(
        &format!("{SINK}[sink.syslog]\nurl = \"https://logs.example.net\"\nbody = \"xml\"\n"),
        &[
            "4:1: error: `sink.syslog.url` takes udp://, tcp://, tls://, and not https://logs.example.net",
            "5:8: error: `sink.syslog.body` takes one of \"structured\", \"cef\", \"json\", and not \"xml\"",
        ],
    );
    check(
        &format!("{SINK}numbers = \"whole\"\n[sink.syslog]\nurl = \"udp://logs.example.net\"\n"),
        &[
            "5:1: warning: whole numbers go to udp://logs.example.net for anybody on the way to read: a scheme with TLS protects them",
        ],
    );
    check(&format!("{SINK}numbers = \"whole\"\n[sink.syslog]\nurl = \"udp://127.0.0.1\"\n"), &[]);
    check(
        &format!("{SINK}[sink.webhook]\nurl = \"hooks.example.net\"\ntemplate = '{{\"a\": {{{{title}}}}}}'\n"),
        &[
            "4:7: error: `sink.webhook.url`: \"hooks.example.net\" is not an address with its scheme, such as \
             \"https://hooks.example.net/greyline\"",
            "5:12: error: `sink.webhook.template`: the template makes no JSON: expected value at line 1 column 7; fields stand inside \
             quotes",
        ],
    );
    check(
        &format!("{SINK}[sink.webhook]\nurl = \"https://me:secret@hooks.example.net\"\n"),
        &["4:7: error: `sink.webhook.url`: no name and no password is written into an address: they lie in files"],
    );
    check(
        &format!(
            "{SINK}records = [\"calls\"]\n[sink.alertmanager]\nurls = [\"http://127.0.0.1:9093\"]\nlabels = [\"1=a\"]\nhold_secs = 60\n"
        ),
        &[
            "3:1: error: `sink.alertmanager` takes alerts only: leave calls out of `records`",
            "6:11: error: `sink.alertmanager.labels` takes name=value, the name of letters, digits and _, and not \"1=a\"",
            "7:1: error: `sink.alertmanager.hold_secs` is at least twice `repeat_secs`, or alerts would end between two repeats",
        ],
    );
    check(
        &format!(
            "{SINK}[sink.nats]\nservers = [\"kafka://127.0.0.1\"]\nsubject = \"a.>\"\nstream = \"a.b\"\nuser = \"me\"\n"
        ),
        &[
            "4:1: error: `sink.nats.servers` takes nats://, tls://, and not kafka://127.0.0.1",
            "5:1: error: `sink.nats.subject` takes words with points between them, and not \"a.>\"",
            "6:1: error: `sink.nats.stream` takes one word, and not \"a.b\"",
            "7:1: error: `sink.nats.user` needs `sink.nats.password_file`",
        ],
    );
    check(
        &format!("{SINK}[sink.kafka]\nbrokers = [\"tls://kafka.example.net\"]\ntopic_calls = \"a b\"\n"),
        &["5:1: error: `sink.kafka.topic_calls` takes letters, digits, -, _ and ., and not \"a b\""],
    );
    check(
        &format!(
            "{SINK}records = [\"alerts\", \"calls\"]\n[sink.email]\nserver = \"smtp://mail.example.net\"\nfrom = \"greyline\"\n\
             to = [\"Fraud <fraud@example.net>\", \"a b@example.net\"]\n"
        ),
        &[
            "3:1: error: `sink.email` takes alerts only: leave calls out of `records`",
            "6:1: error: `sink.email.from` takes an address such as \"fraud@example.net\", and not \"greyline\"",
            "7:36: error: `sink.email.to` takes an address such as \"fraud@example.net\", and not \"a b@example.net\"",
        ],
    );
}
