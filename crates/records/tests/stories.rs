//! Records told as stories: what a listener hears, in which order, and what is said of lines that are none.

#![cfg(test)]

use std::io::Cursor;

use call::{CallRecord, Exchange, Listener, Step};
use config::{Known, read};
use proptest::prelude::*;
use records::{Format, Input, Reader};
use types::{Losses, Moment, Nanos};

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
    read_through(config, files, |reader| reader.faults().iter().map(ToString::to_string).collect())
}

/// The same with what `asked` is asked of the reader at the end.
fn read_through<T>(
    config: &str,
    files: &[(&str, &str)],
    asked: impl Fn(&Reader) -> T,
) -> Result<(Vec<String>, T, records::Tally), String> {
    let known: Known = read(config.as_bytes()).map_err(|mistakes| format!("{mistakes:?}"))?.known;
    let inputs = files.iter().map(|(name, text)| Input {
        name: (*name).to_owned(),
        format: Format::of(name, text.as_bytes()).unwrap(),
        text: Box::new(Cursor::new((*text).to_owned())),
    });
    let mut reader = Reader::open(inputs.collect(), &known).map_err(|error| error.to_string())?;
    let mut diary = Diary::default();
    while reader.play(3, &mut diary) {}
    Ok((diary.told, asked(&reader), *reader.tally()))
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
        ["cdr.csv:2: 2 columns; at least 3 are needed", "cdr.csv:4: `invite_at`: \"never\" is not a time"]
    );
}

/// What the records of one line come to: the call, and what of the line was lost, by name; `!` before what is said of a line that is none.
#[track_caller]
fn line(config: &str, header: &str, line: &str, expected: &str) {
    let config = format!("[tap]\nhome = \"GB\"\n[[trunk]]\nname = \"north\"\nrole = \"national\"\n[records]\n{config}");
    let text = format!("{header}\n{line}\n");
    let asked = |reader: &Reader| [reader.unread(), reader.faults()].concat();
    let (told, faults, tally) = read_through(&config, &[("cdr.csv", &text)], asked).unwrap();
    let mut found: Vec<_> = told.iter().filter(|line| line.starts_with('=')).cloned().collect();
    tally.losses(&mut |name, count| found.extend((count > 0).then(|| format!("{name} {count}"))));
    found.extend(faults.iter().map(|fault| format!("! {fault}")));
    let found: Vec<_> = found.iter().map(|line| line.trim_start_matches("= cdr.csv:2 ")).collect();
    assert_eq!(found.join("\n"), expected, "{line}");
}

const NUMBERS: &str = "+441632960001,+12025550100";
const CALL: &str = "+441632960001 +12025550100";

#[test]
fn a_time_of_zeroes_is_none() {
    let header = "invite_at,caller,callee,answer_at,end_at";
    for (format, begin, never, end) in [
        ("unix_ms", "1795424400000", "0", "1795424412000"),
        ("unix", "1795424400", "0", "1795424412"),
        ("rfc3339", "2026-11-23T09:00:00Z", "1970-01-01T00:00:00", "2026-11-23T09:00:12Z"),
        ("rfc3339", "2026-11-23T09:00:00Z", "1970-01-01T00:00:00Z", "2026-11-23T09:00:12Z"),
        ("%Y-%m-%d %H:%M:%S", "2026-11-23 09:00:00", "0000-00-00 00:00:00", "2026-11-23 09:00:12"),
    ] {
        let config = format!("time_format = \"{format}\"\ntime_zone = \"Europe/London\"");
        let text = format!("{begin},{NUMBERS},{never},{end}");
        line(&config, header, &text, &format!("no_answer {CALL} [::]:0 from"));
        // Without a begin there is no call.
        let text = format!("{never},{NUMBERS},,{end}");
        let fault = format!("record_lines_malformed 1\n! cdr.csv:2: `invite_at`: {never:?} is not a time");
        line(&config, header, &text, &fault);
    }
}

#[test]
fn what_cannot_be_read_is_absent_and_the_call_is_not_lost() {
    let begin = "2026-11-23T09:00:00Z";
    for (column, value, said) in [
        ("ring_at", "soon", "a time"),
        ("answer_at", "NULL", "a time"),
        ("duration_secs", "1:10", "a number of seconds"),
        ("duration_ms", "-1", "a number of milliseconds"),
        ("talk_secs", "-1", "a number of seconds"),
        ("ring_secs", "x", "a number of seconds"),
        ("status", "16", "a number from 100 to 699"),
        ("status", "busy", "a number from 100 to 699"),
        ("q850", "N/A", "a number from 0 to 127"),
        ("q850", "487", "a number from 0 to 127"),
        ("q850", "200", "a number from 0 to 127"),
        ("ended_by", "16", "one of the words of `records.columns.ended_by`"),
        ("attestation", "full", "one of the words of `records.columns.attestation`"),
        ("source", "WS_TATA", "an address, and no [[trunk]] has that name"),
        ("destination", "WS_TATA", "an address, and no [[trunk]] has that name"),
    ] {
        let loss = column.trim_end_matches("_secs").trim_end_matches("_ms");
        let header = format!("invite_at,caller,callee,end_at,{column}");
        let expected = format!(
            "no_answer {CALL} [::]:0 from\nrecord_{loss}_unread 1\n! cdr.csv:2: `{column}`: {value:?} is not {said}; it is taken as absent"
        );
        line("", &header, &format!("{begin},{NUMBERS},2026-11-23T09:00:09Z,{value}"), &expected);
    }
    // The first of many is told, and all are counted.
    let text =
        format!("invite_at,caller,callee,q850\n{begin},{NUMBERS},N/A\n{begin},{NUMBERS},N/B\n{begin},{NUMBERS},16\n");
    let unread = |reader: &Reader| reader.unread().len();
    let (_, unread, tally) = read_through("", &[("cdr.csv", &text)], unread).unwrap();
    let mut lost = Vec::new();
    tally.losses(&mut |name, count| lost.extend((count > 0).then_some((name, count))));
    assert_eq!((tally.calls, unread, lost.as_slice()), (3, 1, &[("record_q850_unread", 2)][..]));
}

#[test]
fn lines_that_are_cut_are_no_calls() {
    let header = "invite_at,caller,callee,status,source";
    let begin = "2026-11-23T09:00:00Z";
    let short = |said: &str| format!("record_lines_short 1\n! cdr.csv:2: {said}");
    line("", header, &format!("{begin},+44163"), &short("2 columns; at least 3 are needed"));
    line("", header, &format!("{begin},{NUMBERS},48"), &short("4 columns of 5: the line looks cut off"));
    line("", header, "TOTAL,5000", &short("2 columns; at least 3 are needed"));
    line("", header, &format!("{begin},{NUMBERS},486,,more"), &format!("incomplete {CALL} [::]:0 from"));
    // Without a header a line has to have what is read of it.
    let columns =
        "header = false\n[records.columns]\ninvite_at = \"1\"\ncaller = \"2\"\ncallee = \"3\"\nstatus = \"5\"";
    let whole = format!("{begin},{NUMBERS},x,486");
    line(columns, &whole, "", &format!("= cdr.csv:1 incomplete {CALL} [::]:0 from"));
    let cut = format!("{begin},{NUMBERS},x");
    line(columns, &cut, "", "record_lines_short 1\n! cdr.csv:1: 4 columns of 5: the line looks cut off");
}

#[test]
fn lines_that_come_again_are_told_once() {
    let begin = "2026-11-23T09:00";
    let call = |second: u32, rest: &str| format!("{begin}:{second:02}Z,{NUMBERS},{rest}\n");
    let header = "invite_at,caller,callee,call_id\n";
    for (lines, calls, repeated) in [
        (vec![call(0, "a"), call(0, "a")], 1, 1),
        (vec![call(0, "a"), call(1, "b"), call(0, "a"), call(0, "a")], 2, 2),
        // Legs of a call, and what was written of it in between, differ.
        (vec![call(0, "a"), call(1, "a")], 2, 0),
    ] {
        let one = format!("{header}{}", lines.concat());
        let (_, _, tally) = told("", &[("cdr.csv", &one)]).unwrap();
        assert_eq!((tally.calls, tally.repeated, tally.lines), (calls, repeated, calls + repeated), "{one}");
        // In files that overlap, too.
        let (_, _, tally) = told("", &[("a.csv", &one), ("b.csv", &one)]).unwrap();
        assert_eq!((tally.calls, tally.repeated), (calls, calls + 2 * repeated), "{one}");
    }
}

#[test]
fn a_call_over_the_hour_that_a_clock_repeats_keeps_its_order() {
    let config = "time_format = \"%d/%m/%Y %H:%M:%S\"\ntime_zone = \"Europe/London\"";
    let text = format!(
        "invite_at,caller,callee,answer_at,end_at\n25/10/2026 01:59:50,{NUMBERS},25/10/2026 01:00:05,25/10/2026 01:03:05\n"
    );
    check(
        &format!("[records]\n{config}\n"),
        &[("cdr.csv", &text)],
        &[
            "00:59:50 cdr.csv:2 Invited 0",
            "01:00:05 cdr.csv:2 Answered 1",
            "01:03:05 cdr.csv:2 Ended 2",
            "= cdr.csv:2 answered +441632960001 +12025550100 [::]:0 from",
        ],
    );
}

#[test]
fn spans_have_seconds_or_milliseconds() {
    let begin = "2026-11-23T09:00:00Z";
    for (config, header, values, answer, end) in [
        ("", "duration_ms,talk_ms", "25000,20500", "09:00:04", "09:00:25"),
        ("", "duration_secs,talk_secs", "25,20.5", "09:00:04", "09:00:25"),
        // Where a file has both, the finer; unless somebody has named the other.
        ("", "talk_secs,talk_ms,duration_secs", "20,20500,25", "09:00:04", "09:00:25"),
        ("talk_secs = \"billsec\"", "billsec,talk_ms,duration_secs", "20,20500,25", "09:00:05", "09:00:25"),
        ("talk_ms = \"bill\"", "bill,duration_secs", "20500,25", "09:00:04", "09:00:25"),
    ] {
        let text = format!("invite_at,caller,callee,{header}\n{begin},{NUMBERS},{values}\n");
        let (told, _, _) = told(&format!("[records.columns]\n{config}\n"), &[("cdr.csv", &text)]).unwrap();
        assert_eq!(
            told[1..3],
            [format!("{answer} cdr.csv:2 Answered 1"), format!("{end} cdr.csv:2 Ended 2")],
            "{header}"
        );
    }
}

/// Hears how long after its begin each call was answered, and how long people talked, in seconds.
#[derive(Default)]
struct Delays(Vec<[Option<u64>; 2]>);

impl Listener for Delays {
    fn step(&mut self, _: Step, _: Nanos, _: &CallRecord<'_>) {}

    fn exchange(&mut self, _: &Exchange<'_>) {}

    fn record(&mut self, call: &CallRecord<'_>) {
        self.0.push([call.post_dial_delay(), call.talking()].map(|nanos| Some(nanos? / 1_000_000_000)));
    }
}

#[test]
fn how_soon_a_talk_alone_began_stays_unknown() {
    let begin = "2026-11-23T09:00:00Z";
    let csv = |header: &str, values: &str| format!("invite_at,caller,callee,{header}\n{begin},{NUMBERS},{values}\n");
    let ours = |rest: &str| json("a", ["09:00:00", "", "09:00:00", "09:00:20"], rest);
    for (name, text, expected) in [
        ("cdr.csv", csv("talk_secs,q850", "20,16"), [None, Some(20)]),
        ("cdr.csv", csv("talk_secs,duration_secs", "20,25"), [Some(5), Some(20)]),
        ("cdr.csv", csv("talk_secs,q850", "0,16"), [None, None]),
        ("calls.jsonl", ours(",\"set_up_unknown\":true"), [None, Some(20)]),
        ("calls.jsonl", ours(""), [Some(0), Some(20)]),
    ] {
        let format = Format::of(name, text.as_bytes()).unwrap();
        let input = Input { name: name.to_owned(), format, text: Box::new(Cursor::new(text.clone())) };
        let (mut reader, mut delays) = (Reader::open(vec![input], &Known::default()).unwrap(), Delays::default());
        while reader.play(3, &mut delays) {}
        assert_eq!(delays.0, [expected], "{text}");
    }
}

#[test]
fn a_trunk_may_have_a_name_only() {
    let begin = "2026-11-23T09:00:00Z";
    let text = format!("invite_at,caller,callee,source\n{begin},{NUMBERS},north\n");
    let config = "[[trunk]]\nname = \"north\"\nrole = \"national\"\n";
    let known: Known = read(config.as_bytes()).unwrap().known;
    let stands = known.trunk_address("north").unwrap();
    let (told, _, _) = told(config, &[("cdr.csv", &text)]).unwrap();
    assert_eq!(told.last().unwrap(), &format!("= cdr.csv:2 incomplete {CALL} [{stands}]:0 from"));
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
