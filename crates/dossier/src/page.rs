//! The page from top to bottom.

use serde_json::Value;
use types::Nanos;

use crate::facts::{Alert, Call, Matter, moment, read};
use crate::html::Html;
use crate::picture::{self, clock, read_clock};
use crate::words::{Language, Of, Words, grouped};

/// Calls that are listed one by one at most.
const LISTED_MAX: usize = 1_000;
/// Origins that are named at most.
const NAMED_MAX: usize = 12;
/// Countries that stand in a table at most.
const COUNTRIES_MAX: usize = 30;
/// Margins under which a difference is called small.
const WEAK_DB: f64 = 20.0;

/// The page about an alert.
#[must_use]
pub fn page(matter: &Matter<'_>, language: Language) -> String {
    let calls = |records: &[Value]| records.iter().map(read).collect::<Vec<Call>>();
    let alert: Alert = read(matter.alert);
    let opened: Alert = read(matter.opened);
    let (named, all) = (calls(matter.named), matter.all.map(calls));
    Page { words: Words::of(language), matter, alert, opened, named, all, html: Html::default() }.write()
}

struct Page<'m> {
    words: Words,
    matter: &'m Matter<'m>,
    alert: Alert,
    opened: Alert,
    named: Vec<Call>,
    /// Calls of the same origin, where they are known.
    all: Option<Vec<Call>>,
    html: Html,
}

impl Page<'_> {
    fn write(mut self) -> String {
        self.head();
        self.what();
        self.figures();
        self.timeline();
        self.hours();
        self.countries();
        self.evidence();
        self.innocent();
        self.limits();
        self.calls();
        self.method();
        self.glossary();
        self.sources();
        self.html.raw("</main></body></html>\n");
        self.html.into_string()
    }

    fn head(&mut self) {
        let Self { words, matter, alert, html, .. } = self;
        html.raw("<!DOCTYPE html>\n<html lang=\"").text(words.language()).raw("\" dir=\"").text(words.direction());
        html.raw("\">\n<head><meta charset=\"utf-8\">");
        // Nothing is loaded and nothing runs, whatever stands in the page.
        html.raw(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        );
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>");
        html.text(words.title()).raw(" · ").text(&alert.alert_id).raw("</title><style>");
        html.raw(include_str!("page.css")).raw("</style></head>\n<body><main><header><p class=\"kicker\">");
        html.text(words.title()).raw("</p><h1>").foreign(&alert.title).raw("</h1><p>");
        let kind = words.word(Of::Kinds, &alert.kind).to_owned();
        let severity = words.word(Of::Severities, &alert.severity).to_owned();
        let fill = [("id", alert.alert_id.clone()), ("kind", kind), ("severity", severity)];
        html.said(&words.say("alert", &fill)).raw("</p><p class=\"quiet\">");
        let fill =
            [("at", clock(matter.made_at)), ("by", matter.made_by.to_owned()), ("program", matter.program.to_owned())];
        html.said(&words.say("made", &fill)).raw(" <span class=\"screen\">").text(words.word(Of::Labels, "print"));
        html.raw("</span></p></header>\n");
    }

    fn section(&mut self, heading: &str) {
        self.html.raw("<section><h2>").text(self.words.word(Of::Headings, heading)).raw("</h2>\n");
    }

    fn end(&mut self) {
        self.html.raw("</section>\n");
    }

    fn say(&mut self, key: &str, fill: &[(&str, String)]) {
        let said = self.words.say(key, fill);
        self.html.raw("<p>").said(&said).raw("</p>\n");
    }

    fn what(&mut self) {
        self.section("what");
        let (alert, words) = (&self.alert, &self.words);
        let countries: Vec<_> =
            alert.callees.countries.iter().take(NAMED_MAX).map(|it| words.word(Of::Countries, &it.country)).collect();
        let fill = [
            ("first", read_clock(&alert.first_call)),
            ("last", read_clock(&alert.last_call)),
            ("calls", grouped(alert.calls.count)),
            ("callees", grouped(alert.callees())),
            ("countries", countries.join(", ")),
            ("callers", grouped(alert.caller_count)),
            ("answered", grouped(alert.calls.answered)),
            ("share", share(alert.calls.answered, alert.calls.count)),
        ];
        let sources: Vec<_> = alert.sources.iter().take(NAMED_MAX).map(String::as_str).collect();
        let sources = [("sources", sources.join(", "))];
        let after = moment(&self.opened.time).zip(moment(&alert.first_call)).map(|(opened, first)| opened.since(first));
        let found = [
            ("opened", read_clock(&self.opened.time)),
            ("after", words.span(after.map_or(0, |after| after.as_secs()))),
        ];
        let seats = alert.seats.as_ref().map(|seats| {
            [("estimate", grouped(seats.estimate)), ("low", grouped(seats.low)), ("high", grouped(seats.high))]
        });
        let closed = (alert.status == "close").then(|| [("closed", read_clock(&alert.time))]);
        let call_backs = alert.call_backs.as_ref().map(|it| [("count", grouped(it.count))]);
        let summary = alert.summary.clone();
        let sourced = !alert.sources.is_empty();
        self.say("what", &fill);
        if sourced {
            self.say("sources", &sources);
        }
        if let Some(seats) = seats {
            self.say("seats", &seats);
        }
        if let Some(count) = call_backs {
            self.say("call_backs", &count);
        }
        self.say("found", &found);
        if let Some(closed) = closed {
            self.say("found_closed", &closed);
        }
        self.say("own", &[]);
        self.html.raw("<blockquote lang=\"en\" dir=\"ltr\">").text(&summary).raw("</blockquote>\n");
        self.end();
    }

    fn figures(&mut self) {
        self.section("figures");
        let (alert, words, html) = (&self.alert, &self.words, &mut self.html);
        let lasted = moment(&alert.last_call)
            .zip(moment(&alert.first_call))
            .map_or(0, |(last, first)| last.since(first).as_secs());
        let answered =
            format!("{} ({})", grouped(alert.calls.answered), share(alert.calls.answered, alert.calls.count));
        let mut tiles = vec![
            ("calls", grouped(alert.calls.count)),
            ("callees", grouped(alert.callees())),
            ("answered", answered),
            ("callers", grouped(alert.caller_count)),
            ("lasted", words.span(lasted)),
            ("score", words.decibels(alert.score_db)),
            ("threshold", words.decibels(alert.threshold_db)),
        ];
        if let Some(seats) = &alert.seats {
            tiles.insert(4, ("seats", format!("{} ({}–{})", seats.estimate, seats.low, seats.high)));
        }
        html.raw("<dl class=\"tiles\">");
        for (label, figure) in tiles {
            html.raw("<div><dt>")
                .text(words.word(Of::Labels, label))
                .raw("</dt><dd>")
                .foreign(&figure)
                .raw("</dd></div>");
        }
        html.raw("</dl>\n");
        self.end();
    }

    /// The calls that pictures rest on.
    fn pictured(&self) -> &[Call] {
        self.all.as_deref().unwrap_or(&self.named)
    }

    fn timeline(&mut self) {
        let times = || self.pictured().iter().filter_map(Call::at);
        let Some((first, last)) = times().min().zip(times().max()) else { return };
        let bucket = self.words.span(picture::bucket(first, last));
        self.section("timeline");
        self.say("timeline", &[("bucket", bucket)]);
        let raised = moment(&self.opened.time);
        let calls = self.all.as_deref().unwrap_or(&self.named);
        picture::timeline(&mut self.html, &self.words, calls, raised);
        self.end();
    }

    fn hours(&mut self) {
        if self.pictured().is_empty() {
            return;
        }
        let zone = self.matter.zone.unwrap_or("UTC").to_owned();
        let (local, origin, unknown) = picture::hours(self.pictured(), &zone);
        self.section("hours");
        let fill = [("zone", zone)];
        self.say("hours", &fill);
        let titles = [self.words.word(Of::Labels, "local").to_owned(), self.words.label("origin", &fill)];
        for (title, hours) in titles.iter().zip([local, origin]) {
            picture::squares(&mut self.html, &self.words, title, &hours);
        }
        if unknown > 0 {
            self.say("hours_unknown", &[("count", grouped(unknown))]);
        }
        self.end();
    }

    fn countries(&mut self) {
        if self.alert.callees.countries.is_empty() {
            return;
        }
        self.section("where");
        self.say("where", &[]);
        let (alert, words, html) = (&self.alert, &self.words, &mut self.html);
        let all: u64 = alert.callees.countries.iter().map(|it| it.calls).sum();
        html.raw("<table class=\"list\"><thead><tr>");
        for label in ["country", "calls", "share"] {
            html.element("<th scope=\"col\">", words.word(Of::Labels, label), "</th>");
        }
        html.raw("</tr></thead><tbody>");
        for it in alert.callees.countries.iter().take(COUNTRIES_MAX) {
            html.raw("<tr><td>")
                .text(words.word(Of::Countries, &it.country))
                .raw(" (")
                .foreign(&it.country)
                .raw(")</td><td class=\"n\">");
            html.text(&grouped(it.calls)).raw("</td><td class=\"n wide\"><span class=\"bar\" style=\"width:");
            html.figure(it.calls as f64 / all.max(1) as f64 * 50.0)
                .raw("%\"></span> ")
                .text(&share(it.calls, all))
                .raw("</td></tr>");
        }
        html.raw("</tbody></table>\n");
        self.end();
    }

    fn evidence(&mut self) {
        self.section("evidence");
        let (score, threshold) =
            (self.words.decibels(self.alert.score_db), self.words.decibels(self.alert.threshold_db));
        self.say("evidence", &[("score", score.clone()), ("threshold", threshold)]);
        let (alert, words, html) = (&self.alert, &self.words, &mut self.html);
        let most = alert.evidence.iter().map(|it| it.db.abs()).fold(1.0, f64::max);
        html.raw("<table class=\"list\"><thead><tr>");
        for label in ["finding", "observed", "expected", "counts"] {
            html.element("<th scope=\"col\">", words.word(Of::Labels, label), "</th>");
        }
        html.raw("</tr></thead><tbody>");
        for it in &alert.evidence {
            html.raw("<tr><td lang=\"en\" dir=\"ltr\">").text(&it.text).raw("</td>");
            for value in [it.observed, it.expected] {
                html.raw("<td class=\"n\">").foreign(&measured(value, &it.unit)).raw("</td>");
            }
            html.raw("<td class=\"n wide\"><span class=\"bar ");
            html.raw(if it.db < 0.0 { "against" } else { "for" }).raw("\" style=\"width:");
            html.figure(it.db.abs() / most * 40.0)
                .raw("%\"></span> ")
                .foreign(&words.decibels(it.db))
                .raw("</td></tr>");
        }
        html.raw("</tbody><tfoot><tr><th scope=\"row\" colspan=\"3\">").text(words.word(Of::Labels, "total"));
        html.raw("</th><td class=\"n\">").foreign(&score).raw("</td></tr></tfoot></table>\n");
        self.end();
    }

    fn innocent(&mut self) {
        self.section("innocent");
        let margin = self.alert.innocent_reading.margin_db;
        let class = self.words.word(Of::Classes, &self.alert.innocent_reading.class).to_owned();
        self.say("innocent", &[("class", class), ("factor", factor(margin))]);
        if margin < WEAK_DB {
            self.say("innocent_weak", &[]);
        }
        if !self.alert.refuted_by.is_empty() {
            self.say("refuted", &[]);
            let refuted = self.alert.refuted_by.clone();
            self.html.raw("<blockquote lang=\"en\" dir=\"ltr\">").text(&refuted).raw("</blockquote>\n");
        }
        self.end();
    }

    fn limits(&mut self) {
        self.section("limits");
        self.html.raw("<div class=\"limits\">");
        match &self.alert.coverage {
            None => self.say("limits_none", &[]),
            Some(it) => {
                let fill = [
                    ("share", percent(it.seen_share)),
                    ("drops", grouped(it.kernel_drops)),
                    ("one_way", percent(it.one_way_share)),
                    ("undecoded", percent(it.undecoded_share)),
                ];
                self.say("limits_seen", &fill);
            }
        }
        let (counted, named) = (self.alert.calls.count, self.alert.calls.sample.len() as u64);
        let held = self.named.len() as u64;
        self.say("limits_sample", &[("counted", grouped(counted)), ("named", grouped(named)), ("held", grouped(held))]);
        match self.all.as_ref().map(Vec::len) {
            Some(count) => {
                let origin = self.alert.entity.value.clone();
                self.say("limits_all", &[("count", grouped(count as u64)), ("origin", origin)]);
            }
            None if held < counted => self.say("limits_named_only", &[("count", grouped(held))]),
            None => {}
        }
        for what in self.matter.unread {
            self.say("limits_unread", &[("what", what.clone())]);
        }
        for key in ["limits_numbers", "limits_speech", "limits_person", "limits_clock"] {
            self.say(key, &[]);
        }
        self.html.raw("</div>\n");
        self.end();
    }

    fn calls(&mut self) {
        self.section("calls");
        let count = self.named.len().min(LISTED_MAX);
        if count == 0 {
            self.say("calls_none", &[]);
            return self.end();
        }
        self.say("calls", &[("count", grouped(count as u64))]);
        let (words, html) = (&self.words, &mut self.html);
        html.raw("<table class=\"list calls\"><thead><tr><th></th>");
        for label in ["time", "caller", "callee", "talk", "ended", "call_id"] {
            html.element("<th scope=\"col\">", words.word(Of::Labels, label), "</th>");
        }
        html.raw("</tr></thead><tbody>");
        for (number, call) in (1_u64..).zip(self.named.iter().take(LISTED_MAX)) {
            html.raw("<tr><td class=\"n\">").text(&number.to_string()).raw("</td><td class=\"n\">");
            html.foreign(&call.at().map(clock).unwrap_or_default()).raw("</td><td>");
            html.foreign(call.caller.shown().unwrap_or_else(|| words.word(Of::Labels, "withheld")));
            if let Some(display) = call.caller.display.as_deref() {
                html.raw("<br><small>")
                    .text(words.word(Of::Labels, "display"))
                    .raw(": ")
                    .foreign(display)
                    .raw("</small>");
            }
            html.raw("</td><td>").foreign(call.callee.shown().unwrap_or_else(|| words.word(Of::Labels, "unknown")));
            if let Some(country) = call.callee.country.as_deref() {
                html.raw("<br><small>").text(words.word(Of::Countries, country)).raw("</small>");
            }
            html.raw("</td><td class=\"n\">");
            match call.talk_ms.filter(|_| call.answer_at.is_some()) {
                Some(ms) => html.foreign(&words.span((ms / 1e3).round() as u64)),
                None => html.text(words.word(Of::Labels, "not_answered")),
            };
            html.raw("</td><td>");
            if let Some(who) = call.ended_by.as_deref() {
                html.text(words.word(Of::Ended, who));
            }
            html.raw("</td><td><small class=\"id\">").foreign(&call.call_id).raw("</small></td></tr>\n");
        }
        html.raw("</tbody></table>\n");
        self.end();
    }

    fn method(&mut self) {
        self.section("method");
        self.say("method", &[]);
        self.end();
    }

    fn glossary(&mut self) {
        self.section("glossary");
        self.html.raw("<dl class=\"words\">");
        for (word, meaning) in self.words.glossary() {
            self.html.element("<dt>", word, "</dt>").element("<dd>", meaning, "</dd>");
        }
        self.html.raw("</dl>\n");
        self.end();
    }

    fn sources(&mut self) {
        self.section("sources");
        let (alert, words, html) = (&self.alert, &self.words, &mut self.html);
        html.raw("<dl class=\"words\">");
        let row = |html: &mut Html, label: &str, value: &str| {
            html.element("<dt>", words.word(Of::Labels, label), "</dt>").raw("<dd>").foreign(value).raw("</dd>");
        };
        row(html, "entity", &format!("{}: {}", alert.entity.kind, alert.entity.value));
        for member in alert.members.iter().take(NAMED_MAX) {
            row(html, "members", &format!("{}: {}", member.kind, member.value));
        }
        row(html, "program", &format!("greyline {}", alert.versions.greyline));
        row(html, "rules", &alert.versions.rules);
        row(html, "tables", &alert.versions.tables);
        row(html, "config", &alert.versions.config);
        html.raw("</dl>\n");
        let (entries, hash) = &self.matter.audit;
        let audit = [("entries", grouped(*entries)), ("hash", hash.clone())];
        self.say(if self.matter.bundles.is_empty() { "checked_none" } else { "checked" }, &[]);
        for made in self.matter.bundles {
            let at = clock(Nanos::new(made.at.get()));
            self.say("bundle", &[("number", made.number.to_string()), ("at", at), ("hash", made.manifest.clone())]);
        }
        self.say("audit", &audit);
        self.end();
    }
}

/// A share of a whole.
fn share(part: u64, whole: u64) -> String {
    if whole == 0 { "–".to_owned() } else { percent(part as f64 / whole as f64) }
}

/// A share from 0 to 1.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 10.0 { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}

/// A value in its unit.
fn measured(value: f64, unit: &str) -> String {
    match unit {
        "share" => percent(value),
        "" => rounded(value),
        unit => format!("{} {unit}", rounded(value)),
    }
}

fn rounded(value: f64) -> String {
    if value.fract() == 0.0 || value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// How many times, for so many decibels.
fn factor(db: f64) -> String {
    match db {
        // Under a thousand as it is, over a million as a power of ten: more figures would be noise.
        ..30.0 => format!("{:.0}", 10_f64.powf(db / 10.0)),
        30.0..60.0 => grouped(10_u64.pow((db / 10.0) as u32)),
        _ => {
            let raised = |digit: char| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit.to_digit(10)? as usize);
            format!("10{}", format!("{:.0}", (db / 10.0).floor()).chars().filter_map(raised).collect::<String>())
        }
    }
}
