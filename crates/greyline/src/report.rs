//! The report people read after `replay`: traffic, signalling, media, calls, quality, losses.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

use alert::grouped;
use link::Capture;
use pipeline::Worker;
use records::Reader;
use store::{Loss, Store};
use wire::Undecoded;

use crate::failure::Failure;
use crate::json::judgement::{JudgementJson, MeanEJson};
use crate::json::records::RecordsJson;
use crate::json::summary::{Delay, SummaryJson};
use crate::paint::{Ink, Paint, tame};
use crate::run::View;

/// Entries of a list that are shown; the rest is in the JSON.
const SHOWN_MAX: usize = 12;

/// Values of a mean that is shown.
const MEANS_SHOWN_MIN: u64 = 1_000;

/// The report, section by section; what did not occur is left out.
pub fn report(summary: &SummaryJson, paint: Paint) -> String {
    let mut page = Page::new(paint);
    traffic(&mut page, summary);
    signalling(&mut page, summary);
    media(&mut page, summary);
    calls(&mut page, summary);
    performance(&mut page, summary);
    judgement(&mut page, summary.judgement.as_ref());
    losses(&mut page, summary);
    page.into_text()
}

/// The line under a table of calls.
pub fn footer(summary: &SummaryJson, paint: Paint) -> String {
    let calls = &summary.calls;
    let noun = if calls.total == 1 { "call" } else { "calls" };
    let outcomes = listed(calls.outcomes.iter().map(|(&name, &count)| (name.replace('_', " "), count)));
    let line = match calls.total {
        0 => "no calls".to_owned(),
        total => format!("{} {noun}: {outcomes}", grouped(total)),
    };
    format!("{}\n", paint.ink(Ink::Heading, &line))
}

/// The report after call records.
pub fn records(summary: &RecordsJson, paint: Paint) -> String {
    let mut page = Page::new(paint);
    page.heading("Call records");
    page.line("lines", &grouped(summary.lines));
    page.line("calls", &grouped(summary.calls));
    for (label, at) in [("from", &summary.first_local), ("to", &summary.last_local)] {
        page.line(label, &at.as_ref().map(|at| format!("{at} {}", summary.time_zone)).unwrap_or_default());
    }
    let share = |count: u64| {
        let share = 100.0 * count as f64 / summary.calls.max(1) as f64;
        format!("{:>9} {share:>5.1} %", grouped(count))
    };
    for (outcome, &count) in &summary.outcomes {
        page.line(&outcome.replace('_', " "), &share(count));
    }
    for (label, unread) in [("callers unread", &summary.callers_unread), ("callees unread", &summary.callees_unread)] {
        if unread.calls > 0 {
            page.line(label, &share(unread.calls));
        }
    }
    for hint in &summary.hints {
        let hint = page.paint.ink(Ink::Warning, &tame(hint.as_bytes()));
        page.line("", &hint);
    }
    judgement(&mut page, summary.judgement.as_ref());
    let lost = listed(summary.losses.iter().map(|(name, &count)| (name.replace('_', " "), count)));
    if !lost.is_empty() {
        page.heading("Lost or refused");
        page.line("", &lost);
    }
    page.into_text()
}

/// The line under a table of calls from records.
pub fn records_footer(summary: &RecordsJson, paint: Paint) -> String {
    let outcomes = listed(summary.outcomes.iter().map(|(name, &count)| (name.replace('_', " "), count)));
    let line = match summary.calls {
        0 => "no calls".to_owned(),
        1 => format!("1 call: {outcomes}"),
        calls => format!("{} calls: {outcomes}", grouped(calls)),
    };
    format!("{}\n", paint.ink(Ink::Heading, &line))
}

/// Says on standard error what looks as if it had been read wrongly, where no report does.
pub fn complain_of_reading(summary: &RecordsJson) {
    let mut stderr = std::io::stderr().lock();
    for hint in &summary.hints {
        // Where standard error is gone nobody is left to tell; the hints are in the summary.
        let _ = writeln!(stderr, "greyline: {}", tame(hint.as_bytes()));
    }
}

/// Says on standard error which lines are no call records, and what of the others could not be read.
pub fn complain_of_records(reader: &Reader) {
    let mut stderr = std::io::stderr().lock();
    // Where standard error is gone nobody is left to tell; the counts are in the summary.
    for fault in reader.unread().iter().chain(reader.faults()) {
        let _ = writeln!(stderr, "greyline: {fault}");
    }
    let (tally, named) = (reader.tally(), reader.faults().len() as u64);
    let hidden = (tally.malformed + tally.short + tally.broken).saturating_sub(named);
    if hidden > 0 {
        let _ = writeln!(stderr, "greyline: and {hidden} more");
    }
    if tally.late > 0 {
        let what =
            "calls came after later ones had been told: `records.horizon_secs` or `records.calls_max` is too small";
        let _ = writeln!(stderr, "greyline: {} {what}", tally.late);
    }
}

/// Says on standard error what of the input could not be read.
pub fn complain(capture: &Capture) {
    let mut stderr = std::io::stderr().lock();
    // Where standard error is gone nobody is left to tell; the counts are in the summary.
    for damage in capture.damages() {
        let _ = writeln!(stderr, "greyline: {damage}");
    }
    let hidden = capture.tally().damages.saturating_sub(capture.damages().len() as u64);
    if hidden > 0 {
        let _ = writeln!(stderr, "greyline: and {hidden} more");
    }
    if capture.tally().not_captures > 0 {
        let _ = writeln!(stderr, "greyline: {} files in the folders are no captures", capture.tally().not_captures);
    }
}

/// How far a clock may be set back without a word: packets that a network card hands over by several queues change places too.
const BACKWARDS_MS_MIN: f64 = 1_000.0;

/// Frames that no link layer could be read of.
pub fn unread(worker: &Worker) -> u64 {
    worker.wire_tally().undecoded_for(Undecoded::LinkType)
}

/// Says on standard error what of the frames says nothing, or cannot be right. What calls do not show is there to be seen by nobody else:
/// a report has counted it.
pub fn complain_of_frames(worker: &Worker, summary: &SummaryJson, view: View) {
    let mut said = Vec::new();
    let (unread, frames) = (unread(worker), summary.frames);
    if let Some(link) = worker.wire_tally().unread_link_type.filter(|_| unread > 0) {
        let (unread, frames) = (grouped(unread), grouped(frames));
        said.push(format!("{unread} of {frames} frames were not read: nothing is known of link type {link}"));
    }
    if let Some(most) = summary.backwards_ms_max.filter(|&most| most >= BACKWARDS_MS_MIN) {
        let most = most / 1e3;
        let count = match summary.backwards {
            1 => "once".to_owned(),
            times => format!("{} times", grouped(times)),
        };
        said.push(format!(
            "time runs backwards {count}, by up to {most:.1} s: what spans that has no duration, and calls may be told in parts"
        ));
    }
    if view == View::Calls {
        let (encrypted, cut) = (summary.sip.encrypted, summary.sip.cut);
        if encrypted > 0 {
            let carry = if encrypted == 1 { "connection carries" } else { "connections carry" };
            said.push(format!("{} {carry} SIP under TLS: the calls in it cannot be read", grouped(encrypted)));
        }
        if cut > 0 {
            let (cut, messages) = (grouped(cut), grouped(summary.sip.messages));
            said.push(format!(
                "the capture cut {cut} of {messages} SIP messages short: calls or their media may be missing; capture whole frames (`-s 0`)"
            ));
        }
    }
    let mut stderr = std::io::stderr().lock();
    for line in said {
        // Where standard error is gone nobody is left to tell; the counts are in the summary.
        let _ = writeln!(stderr, "greyline: {line}");
    }
}

/// Says on standard error what judgement rests on and does not hold, where no report does.
pub fn complain_of_judgement(judgement: Option<&JudgementJson>) {
    let mut stderr = std::io::stderr().lock();
    for warning in judgement.into_iter().flat_map(JudgementJson::warnings) {
        // Where standard error is gone nobody is left to tell; the figures are in the summary.
        let _ = writeln!(stderr, "greyline: {}", tame(warning.as_bytes()));
    }
}

/// Says on standard error which outputs did not take all of what was written, and what is missing of them.
pub fn complain_of_outputs(lacking: &[Failure]) {
    let mut stderr = std::io::stderr().lock();
    // Where standard error is gone nobody is left to tell; lines are counted in the summary.
    for failure in lacking {
        let _ = writeln!(stderr, "greyline: {}", tame(failure.to_string().as_bytes()));
    }
}

/// Ends a store; says on standard error what it lost, and what else it has to say.
pub fn complain_of_store(store: Store) {
    let (tally, notes) = store.close();
    let mut stderr = std::io::stderr().lock();
    let lost: u64 = Loss::ALL.into_iter().map(|loss| tally.lost(loss)).sum();
    let words: u64 = tally.words_lost.iter().sum();
    let counted: u64 = tally.counted_lost.iter().sum();
    let provenance: u64 = tally.provenance_lost.iter().sum();
    let lost = (lost + words + counted + provenance > 0).then(|| {
        format!(
            "the store lacks {lost} calls, {words} words on alerts, of {counted} calls which alert counts them, and {provenance} notes on by what was judged"
        )
    });
    for note in notes.into_iter().chain(lost) {
        // Where standard error is gone nobody is left to tell.
        let _ = writeln!(stderr, "greyline: {}", tame(note.as_bytes()));
    }
}

/// A page of headings and labelled lines.
pub struct Page {
    text: String,
    paint: Paint,
}

impl Page {
    /// An empty page.
    pub const fn new(paint: Paint) -> Self {
        Self { text: String::new(), paint }
    }

    /// What stands on it.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Begins a section.
    pub fn heading(&mut self, title: &str) {
        let gap = if self.text.is_empty() { "" } else { "\n" };
        let title = self.paint.ink(Ink::Heading, title);
        let _ = writeln!(self.text, "{gap}{title}");
    }

    /// A line, unless there is nothing to say in it.
    pub fn line(&mut self, label: &str, value: &str) {
        if !value.is_empty() {
            let _ = writeln!(self.text, "  {label:<16} {value}");
        }
    }
}

/// `a 3, b 2`: what occurred, the most frequent first.
fn listed<N: AsRef<str>>(counts: impl Iterator<Item = (N, u64)>) -> String {
    let mut counts: Vec<_> = counts.filter(|&(_, count)| count > 0).collect();
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let shown = counts.iter().take(SHOWN_MAX);
    let mut words: Vec<_> =
        shown.map(|(name, count)| format!("{} {}", tame(name.as_ref().as_bytes()), grouped(*count))).collect();
    if counts.len() > SHOWN_MAX {
        words.push(format!("and {} more", counts.len() - SHOWN_MAX));
    }
    words.join(", ")
}

fn traffic(page: &mut Page, summary: &SummaryJson) {
    page.heading("Traffic");
    page.line("frames", &format!("{} ({} bytes)", grouped(summary.frames), grouped(summary.bytes)));
    if let (Some(first), Some(last)) = (&summary.first, &summary.last) {
        page.line("from", first);
        page.line("to", last);
    }
    page.line("encapsulations", &listed(summary.encapsulations.iter().map(|(name, &count)| (name, count))));
    if summary.fragments.ipv4 + summary.fragments.ipv6 > 0 {
        let fragments = &summary.fragments;
        let seen = listed([("IPv4", fragments.ipv4), ("IPv6", fragments.ipv6)].into_iter());
        page.line("fragments", &format!("{seen}; {} packets put together", grouped(fragments.reassembled)));
    }
    page.line("mirror copies", &counted(summary.duplicates));
    page.line("not decoded", &listed(summary.undecoded.iter().map(|(name, &count)| (name, count))));
}

fn signalling(page: &mut Page, summary: &SummaryJson) {
    let sip = &summary.sip;
    if sip.messages + sip.encrypted + sip.in_esp == 0 {
        return;
    }
    page.heading("SIP");
    let about = if sip.call_ids_estimated { "about " } else { "" };
    page.line("messages", &format!("{} in {about}{} Call-IDs", grouped(sip.messages), grouped(sip.call_ids)));
    page.line("requests", &listed(sip.requests.iter().map(|(name, &count)| (name, count))));
    page.line("responses", &listed(sip.status.iter().map(|(name, &count)| (name, count))));
    page.line("transports", &listed(sip.transports.iter().map(|(name, &count)| (name, count))));
    page.line("under TLS", &counted(sip.encrypted));
    page.line("cut short", &counted(sip.cut));
    page.line("in NULL ESP", &counted(sip.in_esp));
    for (kind, verdicts) in &summary.exchanges {
        page.line(kind, &listed(verdicts.iter().map(|(name, &count)| (name.replace('_', " "), count))));
    }
}

fn counted(count: u64) -> String {
    if count == 0 { String::new() } else { grouped(count) }
}

fn media(page: &mut Page, summary: &SummaryJson) {
    let rtp = &summary.rtp;
    let others = [
        ("RTCP", summary.rtcp.packets),
        ("STUN", summary.stun.packets),
        ("DTLS", summary.dtls.packets),
        ("ZRTP", summary.zrtp.packets),
        ("TURN", summary.turn.packets),
        ("T.38", summary.t38.packets),
        ("DTMF events", rtp.dtmf_packets),
    ];
    if rtp.heuristic_packets + others.iter().map(|(_, count)| count).sum::<u64>() == 0 {
        return;
    }
    page.heading("Media");
    let pair = |packets, streams| match packets {
        0 => String::new(),
        _ => format!("{} packets in {} streams", grouped(packets), grouped(streams)),
    };
    page.line("RTP of calls", &pair(rtp.packets, rtp.streams));
    page.line("RTP alone", &pair(rtp.heuristic_packets - rtp.packets, rtp.heuristic_streams - rtp.streams));
    page.line("beside it", &listed(others.into_iter()));
}

fn calls(page: &mut Page, summary: &SummaryJson) {
    let calls = &summary.calls;
    if calls.total == 0 {
        return;
    }
    page.heading("Calls");
    let legs = if calls.legs > calls.total { format!(" of {} legs", grouped(calls.legs)) } else { String::new() };
    page.line("calls", &format!("{}{legs}", grouped(calls.total)));
    for (outcome, &count) in &calls.outcomes {
        if count > 0 {
            let share = 100.0 * count as f64 / calls.total as f64;
            page.line(&outcome.replace('_', " "), &format!("{:>9} {share:>5.1} %", grouped(count)));
        }
    }
}

fn performance(page: &mut Page, summary: &SummaryJson) {
    let figures = &summary.rfc6076;
    let delays: BTreeMap<&str, &Option<Delay>> = BTreeMap::from([
        ("RRD", &figures.rrd),
        ("SRD", &figures.srd),
        ("SRD failed", &figures.srd_failed),
        ("SDD", &figures.sdd),
        ("SDT", &figures.sdt),
    ]);
    let ratios = [
        ("SER", figures.ser_percent),
        ("SEER", figures.seer_percent),
        ("ISA", figures.isa_percent),
        ("SCR", figures.scr_percent),
        ("IRA", figures.ira_percent),
    ];
    let ratios: Vec<_> = ratios.iter().filter_map(|(name, share)| Some(format!("{name} {:.1} %", (*share)?))).collect();
    if ratios.is_empty() && delays.values().all(|delay| delay.is_none()) {
        return;
    }
    page.heading("Performance (RFC 6076)");
    page.line("ratios", &ratios.join(", "));
    for (name, delay) in delays {
        if let Some(Delay { count, mean_ms, min_ms, max_ms }) = delay {
            page.line(name, &format!("mean {mean_ms:.0} ms, {min_ms:.0} to {max_ms:.0} ms, of {}", grouped(*count)));
        }
    }
}

/// Whether innocent calls look as the tables say.
fn judgement(page: &mut Page, judgement: Option<&JudgementJson>) {
    let Some(judgement) = judgement else { return };
    let means = &judgement.calibration.means;
    let values: u64 = means.iter().filter(|mean| mean.feature.is_none()).map(|mean| mean.values).sum();
    let warnings = judgement.warnings();
    let asked = |mean: &&MeanEJson| mean.feature.is_some() && mean.values >= MEANS_SHOWN_MIN;
    let highest = means.iter().filter(asked).max_by(|a, b| a.mean_e.total_cmp(&b.mean_e));
    // A few calls say nothing of it.
    if highest.is_none() && judgement.learned.is_none() && warnings.is_empty() {
        return;
    }
    page.heading("Calibration");
    if let Some(MeanEJson { feature: Some(feature), class, mean_e, .. }) = highest {
        page.line("mean e-values", &format!("at most {mean_e:.3} ({feature}, {class}), of {} events", grouped(values)));
    }
    if let Some(learned) = &judgement.learned {
        let what = format!(
            "from {} calls; left out {} of alerts, {} in {} hours in which an operation had begun unnoticed",
            grouped(learned.calls),
            grouped(learned.calls_of_alerts),
            grouped(learned.calls_dropped),
            grouped(learned.hours_dropped)
        );
        page.line("learned", &what);
        if let Some(cases) = &learned.cases {
            let said = format!(
                "{} alerts confirmed as fraud, {} of whose calls were left out; {} dismissed as innocent, from {} of whose calls it learned; {} undecided",
                grouped(cases.confirmed),
                grouped(cases.calls_of_confirmed),
                grouped(cases.dismissed),
                grouped(cases.calls_of_dismissed),
                grouped(cases.undecided)
            );
            page.line("cases", &said);
            if cases.unknown > 0 {
                let said = format!(
                    "the store does not know {} of these alerts, so their first calls taught something: replay with --store first",
                    grouped(cases.unknown)
                );
                page.line("", &page.paint.ink(Ink::Warning, &said));
            }
        }
    }
    for warning in warnings {
        let warning = page.paint.ink(Ink::Warning, &tame(warning.as_bytes()));
        page.line("", &warning);
    }
}

fn losses(page: &mut Page, summary: &SummaryJson) {
    let lost = listed(summary.losses.iter().map(|(name, &count)| (name.replace('_', " "), count)));
    if !lost.is_empty() {
        page.heading("Lost or refused");
        page.line("", &lost);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_well() {
        assert_eq!(
            ["0", "999", "1,000", "1,234,567"],
            [0, 999, 1_000, 1_234_567].map(grouped).each_ref().map(String::as_str)
        );
        assert_eq!(listed([("b", 2), ("none", 0), ("a", 1_500)].into_iter()), "a 1,500, b 2");
    }
}
