//! Records told as stories: what a listener hears, in which order, and what is said of lines that are none.

#![cfg(test)]

use std::io::Cursor;

use call::{CallRecord, Exchange, Listener, Step};
use config::{Known, read};
use proptest::prelude::*;
use records::{Format, Input, Reader};
use types::{Moment, Nanos};

/// Writes down what it hears: seconds of the day, the call, what happened.
#[derive(Default)]
struct Diary {
    told: Vec<String>,
    latest: Nanos,
}

fn clock(at: Nanos) -> String {
    let secs = at.get() / 1_000_000_000 % 86_400;
    format!("{:02}:{:02}:{:02}", secs / 3_600, secs / 60 % 60, secs % 60)
}

impl Listener for Diary {
    fn moment(&mut self, moment: Moment) {
        assert!(self.latest <= moment.at, "time runs backwards");
        self.latest = moment.at;
    }

    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        let known = [call.ring_at, call.answer_at, call.end_at].iter().flatten().count();
        let id = String::from_utf8_lossy(call.call_id);
        self.told.push(format!("{} {id} {step:?} {known}", clock(at)));
    }

    fn exchange(&mut self, _exchange: &Exchange<'_>) {
        panic!("records know of calls only");
    }

    fn record(&mut self, call: &CallRecord<'_>) {
        let number =
            |party: &call::Party<'_>| party.number.map_or("-".to_owned(), |number| format!("+{}", number.reveal()));
        let (caller, callee) = (number(&call.caller), number(&call.callee));
        let id = String::from_utf8_lossy(call.call_id);
        self.told.push(format!(
            "= {id} {} {caller} {callee} {} {}",
            call.outcome.name(),
            call.source,
            call.caller_from.name()
        ));
    }
}

/// Reads files (name, text) by a configuration; what is told, then what is wrong, then the counts.
fn told(config: &str, files: &[(&str, &str)]) -> Result<(Vec<String>, Vec<String>, records::Tally), String> {
    let known: Known = read(config.as_bytes()).map_err(|mistakes| format!("{mistakes:?}"))?.known;
    let inputs = files.iter().map(|(name, text)| Input {
        name: (*name).to_owned(),
        format: Format::of(name, text.as_bytes()).unwrap(),
        text: Box::new(Cursor::new((*text).to_owned())),
    });
    let mut reader = Reader::open(inputs.collect(), &known).map_err(|error| error.to_string())?;
    let mut diary = Diary::default();
    while reader.play(3, &mut diary) {}
    Ok((diary.told, reader.faults().iter().map(ToString::to_string).collect(), *reader.tally()))
}

/// What is told of well-formed files, with neither faults nor late calls.
#[track_caller]
fn check(config: &str, files: &[(&str, &str)], expected: &[&str]) {
    let (told, faults, tally) = told(config, files).unwrap();
    assert_eq!(told, expected);
    assert!(faults.is_empty() && tally.late == 0, "{faults:?} {tally:?}");
}

fn json(id: &str, times: [&str; 4], rest: &str) -> String {
    let names = ["invite_at", "ring_at", "answer_at", "end_at"];
    let times: Vec<_> = names.iter().zip(times).filter(|(_, time)| !time.is_empty()).collect();
    let times: Vec<_> = times.iter().map(|(name, time)| format!("\"{name}\":\"2026-11-23T{time}.000000Z\"")).collect();
    format!(
        "{{\"v\":1,\"call_id\":\"{id}\",{},\"caller\":{{\"number\":\"+441632960001\",\"from\":\"pai\"}},\"callee\":{{\"number\":\
         \"+12025550100\"}},\"source\":{{\"ip\":\"192.0.2.1\",\"port\":5060}}{rest}}}\n",
        times.join(",")
    )
}

#[test]
fn our_own_records_are_told_in_the_order_of_time() {
    // They are written when calls end, so the long one that began first comes last.
    let text = json("b", ["09:00:05", "09:00:06", "", "09:00:09"], ",\"outcome\":\"cancelled\",\"status\":487")
        + &json("a", ["09:00:00", "", "09:00:04", "10:00:00"], ",\"outcome\":\"answered\",\"future\":[1,{}]");
    check(
        "",
        &[("calls.jsonl", &text)],
        &[
            "09:00:00 a Invited 0",
            "09:00:04 a Answered 1",
            "09:00:05 b Invited 0",
            "09:00:06 b Ringing 1",
            "09:00:09 b Ended 2",
            "= b cancelled +441632960001 +12025550100 192.0.2.1:5060 pai",
            "10:00:00 a Ended 2",
            "= a answered +441632960001 +12025550100 192.0.2.1:5060 pai",
        ],
    );
}

#[test]
fn files_are_read_side_by_side() {
    let one = json("a", ["09:00:00", "", "", "09:00:01"], "") + &json("c", ["18:00:00", "", "", "18:00:01"], "");
    let two = json("b", ["09:00:02", "", "", "09:00:03"], ",\"status\":486") + &json("d", ["20:00:00", "", "", ""], "");
    let expected = [
        "09:00:00 a Invited 0",
        "09:00:01 a Ended 1",
        "= a no_answer +441632960001 +12025550100 192.0.2.1:5060 pai",
        "09:00:02 b Invited 0",
        "09:00:03 b Ended 1",
        "= b busy +441632960001 +12025550100 192.0.2.1:5060 pai",
        "18:00:00 c Invited 0",
        "18:00:01 c Ended 1",
        "= c no_answer +441632960001 +12025550100 192.0.2.1:5060 pai",
        "20:00:00 d Invited 0",
        "= d incomplete +441632960001 +12025550100 192.0.2.1:5060 pai",
    ];
    for config in ["", "[records]\nhorizon_secs = 0\n"] {
        check(config, &[("one.jsonl", &one), ("two.jsonl", &two)], &expected);
        check(config, &[("two.jsonl", &two), ("one.jsonl", &one)], &expected);
    }
}

const SWITCH: &str = "
[tap]
home = \"GB\"
[[trunk]]
name = \"north\"
addresses = [\"198.51.100.0/24\"]
role = \"national\"
[records]
delimiter = \";\"
time_format = \"%d.%m.%Y %H:%M:%S\"
time_zone = \"Asia/Kolkata\"
[records.columns]
invite_at = \"Start\"
caller = \"A\"
callee = \"B\"
talk_secs = \"Billsec\"
duration_secs = \"Duration\"
q850 = \"Cause\"
source = \"Route\"
";

#[test]
fn the_records_of_a_switch() {
    let text = "\u{feff}Start;A;B;Duration;Billsec;Cause;Route;\"Odd; one\"\r\n\
                23.11.2026 14:30:00;01632 960001;0012025550100;70;60;16;north;\"x;\"\"y\"\r\n\
                23.11.2026 14:30:01;anonymous;+441632960002;20;0;17;192.0.2.9:5062;\r\n\
                23.11.2026 14:30:02;;+441632960002;5;0;16;;\r\n";
    check(
        SWITCH,
        &[("cdr.csv", text)],
        &[
            "09:00:00 cdr.csv:2 Invited 0",
            "09:00:01 cdr.csv:3 Invited 0",
            "09:00:02 cdr.csv:4 Invited 0",
            "09:00:07 cdr.csv:4 Ended 1",
            "= cdr.csv:4 cancelled - +441632960002 [::]:0 withheld",
            "09:00:10 cdr.csv:2 Answered 1",
            "09:00:21 cdr.csv:3 Ended 1",
            "= cdr.csv:3 busy - +441632960002 192.0.2.9:5062 withheld",
            "09:01:10 cdr.csv:2 Ended 2",
            "= cdr.csv:2 answered +441632960001 +12025550100 198.51.100.0:0 from",
        ],
    );
}

#[test]
fn columns_may_have_numbers() {
    let config = "[records]\nheader = false\ntime_format = \"unix\"\n[records.columns]\ninvite_at = \"3\"\ncaller = \"1\"\ncallee = \
                  \"2\"\nring_secs = \"5\"\nend_at = \"4\"\ncall_id = \"6\"\n";
    check(
        config,
        &[("cdr.csv", "+441632960001,+12025550100,1795424400.5,1795424420.5,15,x\n")],
        &[
            "09:00:00 x Invited 0",
            "09:00:05 x Ringing 1",
            "09:00:20 x Ended 2",
            "= x no_answer +441632960001 +12025550100 [::]:0 from",
        ],
    );
}

#[test]
fn lines_that_are_no_records_are_named_and_passed_over() {
    let text = json("a", ["09:00:00", "", "", "09:00:01"], "")
        + "{\"call_id\":\n\nplain text\n"
        + &json("b", ["09:00:02", "", "", "09:00:01"], "")
        + &json("c", ["09:00:02", "", "", ""], ",\"v\":2").replacen("\"v\":1,", "", 1)
        + &json("d", ["09:00:02", "", "", ""], ",\"outcome\":\"bored\"")
        + &json("e", ["", "", "09:00:02", ""], "")
        + &json("f", ["09:00:02", "", "", ""], "").replace("+441632960001", "0441632960001");
    let (told, faults, tally) = told("", &[("calls.jsonl", &text)]).unwrap();
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!((tally.lines, tally.calls, tally.malformed, tally.headless), (8, 1, 6, 1));
    assert_eq!(faults.len(), 6);
    for (fault, said) in faults.iter().zip([
        "calls.jsonl:2: EOF while parsing a value",
        "calls.jsonl:4: expected value",
        "calls.jsonl:5: `end_at` lies before `invite_at`",
        "calls.jsonl:6: version 1 of the record is read, and not 2",
        "calls.jsonl:7: `outcome`: \"bored\" is none",
        "calls.jsonl:9: `caller.number`: \"0441632960001\" is not + and up to 15 digits",
    ]) {
        assert!(fault.starts_with(said), "{fault}");
    }
}

#[test]
fn columns_that_are_not_there_are_an_error() {
    for (config, text, said) in [
        (
            "",
            "Start,A,B\n",
            "cdr.csv:1: there is no column \"invite_at\" among \"Start\", \"A\", \"B\": say in `records.columns`",
        ),
        ("", "", "cdr.csv:1: the file is empty; its first line should name the columns"),
        (
            "[records.columns]\nsource = \"Trunk\"\n",
            "invite_at,caller,callee\n",
            "cdr.csv:1: there is no column \"Trunk\" among \"invite_at\", \"caller\", \"callee\"",
        ),
        (
            "[records]\nheader = false\n",
            "1,2,3\n",
            "cdr.csv:1: there is no header: `records.columns.invite_at` has to be",
        ),
        (
            "[records]\nheader = false\n[records.columns]\ninvite_at = \"first\"\n",
            "1,2,3\n",
            "takes the number of a column from 1",
        ),
    ] {
        let error = told(config, &[("cdr.csv", text)]).unwrap_err();
        assert!(error.contains(said), "{error}");
    }
    let lines =
        "invite_at,caller,callee,source\n2026-11-23T09:00:00Z,1\n2026-11-23T09:00:00Z,1,2,nowhere\nnever,1,2,\n";
    let (_, faults, _) = told("", &[("cdr.csv", lines)]).unwrap();
    assert_eq!(
        faults,
        [
            "cdr.csv:2: 2 columns; at least 3 are needed",
            "cdr.csv:3: `source`: \"nowhere\" is neither an address nor the name of a trunk",
            "cdr.csv:4: `invite_at`: \"never\" is not a time"
        ]
    );
}

#[test]
fn what_comes_too_late_is_told_then_and_counted() {
    let text = json("a", ["09:00:00", "", "", "09:00:01"], "")
        + &json("b", ["12:00:00", "", "", "12:00:01"], "")
        + &json("c", ["10:00:00", "", "", "10:00:01"], "");
    for (config, late, crowded) in [
        ("[records]\nhorizon_secs = 600\n", 0, 0),
        ("[records]\nhorizon_secs = 10800\n", 0, 0),
        ("[records]\nhorizon_secs = 60\ncalls_max = 1\n", 1, 1),
    ] {
        let (told, _, tally) = told(config, &[("calls.jsonl", &text)]).unwrap();
        assert_eq!((tally.late, tally.crowded, tally.calls), (late, crowded, 3), "{config}");
        assert_eq!(told.iter().filter(|line| line.starts_with('=')).count(), 3);
    }
}

proptest! {
    /// However records are ordered within the horizon and cut into files, the same is told.
    #[test]
    fn order_and_files_do_not_matter(starts in prop::collection::vec((0_u32..3_000, 0_u32..600), 1..30), cut in 0_usize..30) {
        let time = |secs: u32| format!("{:02}:{:02}:{:02}", 9 + secs / 3_600, secs / 60 % 60, secs % 60);
        let mut calls: Vec<_> = starts.iter().enumerate().map(|(index, &(start, lasted))| {
            (start + lasted, json(&format!("{index:02}"), [&time(start), "", &time(start), &time(start + lasted)], ""))
        }).collect();
        let story = |calls: &[(u32, String)], cut: usize| {
            let text = |calls: &[(u32, String)]| calls.iter().map(|(_, line)| line.as_str()).collect::<String>();
            let cut = cut.min(calls.len());
            let (mut told, faults, tally) = told("", &[("a.jsonl", &text(&calls[..cut])), ("b.jsonl", &text(&calls[cut..]))]).unwrap();
            assert!(faults.is_empty() && tally.late == 0);
            // Calls of one second come in the order of the files.
            told.sort();
            told
        };
        let before = story(&calls, cut);
        calls.sort();
        prop_assert_eq!(before, story(&calls, 0));
    }

    #[test]
    fn whatever_is_written_nothing_panics(lines in prop::collection::vec(".{0,80}", 0..8), csv: bool) {
        let name = if csv { "x.csv" } else { "x.jsonl" };
        let _ = told("", &[(name, &lines.join("\n"))]);
    }
}
