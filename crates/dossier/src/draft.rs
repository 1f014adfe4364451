//! What a report says, from top to bottom.

use serde_json::Value;
use types::Nanos;

use crate::facts::{Alert, Call, Matter, moment, read};
use crate::picture::{self, clock, read_clock};
use crate::report::{Bar, Block, Cell, Column, Form, Report, Section, Table};
use crate::text::Text;
use crate::words::{Language, Of, Words, grouped};

/// Calls that are listed one by one at most.
const LISTED_MAX: usize = 1_000;
/// Origins that are named at most.
const NAMED_MAX: usize = 12;
/// Countries that stand in a table at most.
const COUNTRIES_MAX: usize = 30;
/// Margins under which a difference is called small.
const WEAK_DB: f64 = 20.0;

/// What there is to say of an alert.
pub(crate) fn draft(matter: &Matter<'_>, language: Language) -> Report {
    let calls = |records: &[Value]| records.iter().map(read).collect::<Vec<Call>>();
    let alert: Alert = read(matter.alert);
    let opened: Alert = read(matter.opened);
    let (named, all) = (calls(matter.named), matter.all.map(calls));
    Draft { words: Words::of(language), matter, alert, opened, named, all }.report()
}

struct Draft<'m> {
    words: Words,
    matter: &'m Matter<'m>,
    alert: Alert,
    opened: Alert,
    named: Vec<Call>,
    /// All of its calls, or of the same origin, where they are known.
    all: Option<Vec<Call>>,
}

impl Draft<'_> {
    fn report(&self) -> Report {
        let Self { words, matter, alert, .. } = self;
        let kind = words.word(Of::Kinds, &alert.kind).to_owned();
        let severity = words.word(Of::Severities, &alert.severity).to_owned();
        let about = [("id", alert.alert_id.clone()), ("kind", kind), ("severity", severity)];
        let made =
            [("at", clock(matter.made_at)), ("by", matter.made_by.to_owned()), ("program", matter.program.to_owned())];
        let sections = [
            ("what", self.what()),
            ("figures", self.figures()),
            ("timeline", self.timeline()),
            ("hours", self.hours()),
            ("where", self.countries()),
            ("evidence", self.evidence()),
            ("innocent", self.innocent()),
            ("limits", self.limits()),
            ("calls", self.calls()),
            ("method", vec![self.say("method", &[])]),
            ("glossary", self.glossary()),
            ("sources", self.sources()),
        ];
        let sections = sections.into_iter().filter(|(_, blocks)| !blocks.is_empty());
        let heading = |key| words.word(Of::Headings, key).to_owned();
        Report {
            language: words.language().to_owned(),
            from_right: words.direction() == "rtl",
            title: words.title().to_owned(),
            id: alert.alert_id.clone(),
            headline: alert.title.clone(),
            about: words.say("alert", &about),
            made: words.say("made", &made),
            hint: words.word(Of::Labels, "print").to_owned(),
            sections: sections.map(|(key, blocks)| Section { heading: heading(key), blocks }).collect(),
        }
    }

    fn say(&self, key: &str, fill: &[(&str, String)]) -> Block {
        Block::Paragraph(self.words.say(key, fill))
    }

    fn label(&self, key: &str) -> String {
        self.words.word(Of::Labels, key).to_owned()
    }

    /// Columns by their headings, each with how wide it is on paper.
    fn columns<const N: usize>(&self, columns: [(&str, f32); N]) -> Vec<Column> {
        columns.map(|(label, width)| Column { label: self.label(label), width }).into()
    }

    fn what(&self) -> Vec<Block> {
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
        let mut blocks = vec![self.say("what", &fill)];
        let sources: Vec<_> = alert.sources.iter().take(NAMED_MAX).map(String::as_str).collect();
        if !sources.is_empty() {
            blocks.push(self.say("sources", &[("sources", sources.join(", "))]));
        }
        if let Some(seats) = &alert.seats {
            let fill = [("estimate", seats.estimate), ("low", seats.low), ("high", seats.high)];
            blocks.push(self.say("seats", &fill.map(|(place, count)| (place, grouped(count)))));
        }
        if let Some(it) = &alert.call_backs {
            blocks.push(self.say("call_backs", &[("count", grouped(it.count))]));
        }
        let after = moment(&self.opened.time).zip(moment(&alert.first_call)).map(|(opened, first)| opened.since(first));
        let after = words.span(after.map_or(0, |after| after.as_secs()));
        blocks.push(self.say("found", &[("opened", read_clock(&self.opened.time)), ("after", after)]));
        if alert.status == "close" {
            blocks.push(self.say("found_closed", &[("closed", read_clock(&alert.time))]));
        }
        blocks.extend(self.own());
        blocks
    }

    /// What the program said of it at the time, in its own words: at last, at first, and under which names.
    fn own(&self) -> Vec<Block> {
        let Self { alert, opened, .. } = self;
        let mut blocks = vec![self.say("own", &[("at", read_clock(&alert.time))]), Block::Quote(alert.summary.clone())];
        if opened.summary != alert.summary {
            blocks.push(self.say("own_first", &[("at", read_clock(&opened.time))]));
            blocks.push(Block::Quote(opened.summary.clone()));
        }
        let mut names: Vec<Alert> = self.matter.life.iter().map(read).collect();
        names.dedup_by(|later, earlier| later.entity == earlier.entity);
        if names.len() > 1 {
            let count = ("count", grouped(names.len() as u64));
            blocks.push(self.say("own_names", &[count]));
            let name = |it: &Alert| (read_clock(&it.time), Text::foreign(it.entity.to_string()));
            blocks.push(Block::Definitions(names.iter().take(NAMED_MAX).map(name).collect()));
        }
        blocks
    }

    fn figures(&self) -> Vec<Block> {
        let (alert, words) = (&self.alert, &self.words);
        let lasted = moment(&alert.last_call)
            .zip(moment(&alert.first_call))
            .map_or(0, |(last, first)| last.since(first).as_secs());
        let answered =
            format!("{} ({})", grouped(alert.calls.answered), share(alert.calls.answered, alert.calls.count));
        let mut figures = vec![
            ("calls", grouped(alert.calls.count)),
            ("callees", grouped(alert.callees())),
            ("answered", answered),
            ("callers", grouped(alert.caller_count)),
            ("lasted", words.span(lasted)),
            ("score", words.decibels(alert.score_db)),
            ("threshold", words.decibels(alert.threshold_db)),
        ];
        if let Some(seats) = &alert.seats {
            figures.insert(4, ("seats", format!("{} ({}–{})", seats.estimate, seats.low, seats.high)));
        }
        vec![Block::Figures(figures.into_iter().map(|(label, figure)| (self.label(label), figure)).collect())]
    }

    /// The calls that pictures rest on.
    fn pictured(&self) -> &[Call] {
        self.all.as_deref().unwrap_or(&self.named)
    }

    fn timeline(&self) -> Vec<Block> {
        let times = || self.pictured().iter().filter_map(Call::at);
        let raised = moment(&self.opened.time);
        let picture = picture::timeline(&self.words, self.pictured(), raised);
        let Some((picture, (first, last))) = picture.zip(times().min().zip(times().max())) else { return Vec::new() };
        let bucket = self.words.span(picture::bucket(first, last));
        vec![self.say("timeline", &[("bucket", bucket)]), Block::Timeline(picture)]
    }

    fn hours(&self) -> Vec<Block> {
        if self.pictured().is_empty() {
            return Vec::new();
        }
        let (local, origin, unknown) = picture::hours(self.pictured(), self.matter.zone);
        let squares = |title: &str, week| Block::Hours(picture::squares(&self.words, title, week));
        let mut blocks = vec![self.say("hours", &[]), squares(&self.label("local"), &local)];
        if let Some((zone, week)) = self.matter.zone.zip(origin) {
            let fill = [("zone", zone.to_owned())];
            blocks.push(self.say("hours_zone", &fill));
            blocks.push(squares(&self.words.label("origin", &fill), &week));
        }
        if unknown > 0 {
            blocks.push(self.say("hours_unknown", &[("count", grouped(unknown))]));
        }
        blocks
    }

    fn countries(&self) -> Vec<Block> {
        let countries = &self.alert.callees.countries;
        if countries.is_empty() {
            return Vec::new();
        }
        let all: u64 = countries.iter().map(|it| it.calls).sum();
        let rows = countries.iter().take(COUNTRIES_MAX).map(|it| {
            let name = Text::ours(format!("{} (", self.words.word(Of::Countries, &it.country)));
            let name = name.and(Text::foreign(it.country.clone())).and(Text::ours(")"));
            let bar = Bar { length: it.calls as f64 / all.max(1) as f64, against: false };
            let share = Cell { bar: Some(bar), ..Cell::of(Text::ours(share(it.calls, all)), Form::Figure) };
            vec![Cell::of(name, Form::Plain), Cell::of(Text::ours(grouped(it.calls)), Form::Figure), share]
        });
        let columns = self.columns([("country", 5.0), ("calls", 2.0), ("share", 4.0)]);
        let table = Table { columns, rows: rows.collect(), total: None, numbered: false };
        vec![self.say("where", &[]), Block::Table(table)]
    }

    fn evidence(&self) -> Vec<Block> {
        let (alert, words) = (&self.alert, &self.words);
        let (score, threshold) = (words.decibels(alert.score_db), words.decibels(alert.threshold_db));
        let most = alert.evidence.iter().map(|it| it.counts().abs()).fold(1.0, f64::max);
        let rows = alert.evidence.iter().map(|it| {
            let [observed, expected] = [it.observed, it.expected]
                .map(|value| Cell::of(Text::foreign(measured(value, &it.unit)), Form::Figure));
            let bar = Bar { length: it.counts().abs() / most, against: it.counts() < 0.0 };
            let counts = Cell::of(Text::foreign(words.decibels(it.counts())), Form::Figure);
            let finding = Cell::of(Text::ours(it.text.clone()), Form::English);
            vec![finding, observed, expected, Cell { bar: Some(bar), ..counts }]
        });
        let columns = self.columns([("finding", 6.0), ("observed", 2.0), ("expected", 2.0), ("counts", 4.0)]);
        let total = Some((self.label("total"), score.clone()));
        let table = Table { columns, rows: rows.collect(), total, numbered: false };
        let mut blocks = vec![self.say("evidence", &[("score", score), ("threshold", threshold)])];
        // Alerts of earlier versions do not say.
        if !alert.weighed_from.is_empty() {
            let [from, to] = [&alert.weighed_from, &alert.weighed_to].map(|time| read_clock(time));
            blocks.push(self.say("evidence_weighed", &[("from", from), ("to", to)]));
        }
        blocks.push(Block::Table(table));
        blocks
    }

    fn innocent(&self) -> Vec<Block> {
        let margin = self.alert.innocent_reading.margin_db;
        let class = self.words.word(Of::Classes, &self.alert.innocent_reading.class).to_owned();
        let mut blocks = vec![self.say("innocent", &[("class", class), ("factor", factor(margin))])];
        if margin < WEAK_DB {
            blocks.push(self.say("innocent_weak", &[]));
        }
        if !self.alert.refuted_by.is_empty() {
            blocks.push(self.say("refuted", &[]));
            blocks.push(Block::Quote(self.alert.refuted_by.clone()));
        }
        blocks
    }

    fn limits(&self) -> Vec<Block> {
        let unread = self.matter.unread;
        let mut blocks: Vec<_> =
            unread.iter().map(|what| self.say("limits_unread", &[("what", what.clone())])).collect();
        match &self.alert.coverage {
            // Of the traffic nothing is; of the store there is.
            None if !unread.is_empty() => {}
            None => blocks.push(self.say("limits_none", &[])),
            Some(it) => {
                let fill = [
                    ("share", percent(it.seen_share)),
                    ("drops", grouped(it.kernel_drops)),
                    ("one_way", percent(it.one_way_share)),
                    ("undecoded", percent(it.undecoded_share)),
                ];
                blocks.push(self.say("limits_seen", &fill));
            }
        }
        let (counted, named) = (self.alert.calls.count, self.alert.calls.sample.len() as u64);
        let held = self.named.len() as u64;
        let fill = [("counted", grouped(counted)), ("named", grouped(named)), ("held", grouped(held))];
        blocks.push(self.say("limits_sample", &fill));
        match self.all.as_ref().map(Vec::len) {
            Some(count) if self.matter.counted => {
                blocks.push(self.say("limits_counted", &[("count", grouped(count as u64))]));
            }
            Some(count) => {
                let origin = self.alert.entity.value.clone();
                blocks.push(self.say("limits_all", &[("count", grouped(count as u64)), ("origin", origin)]));
            }
            None if held < counted && !unread.is_empty() => {
                blocks.push(self.say("limits_named_unread", &[("count", grouped(held))]));
            }
            None if held < counted => blocks.push(self.say("limits_named_only", &[("count", grouped(held))])),
            None => {}
        }
        let speech = match self.matter.privacy_level {
            Some(..=1) => "limits_speech",
            Some(2) => "limits_speech_loudness",
            Some(_) => "limits_speech_fingerprint",
            None => "limits_speech_unkept",
        };
        let always = ["limits_numbers", speech, "limits_person", "limits_clock"];
        blocks.extend(always.map(|key| self.say(key, &[])));
        blocks.extend(self.clock());
        blocks
    }

    /// How far from the true time the times may be.
    fn clock(&self) -> Vec<Block> {
        let Some(clock) = &self.matter.clock else { return vec![self.say("limits_clock_unknown", &[])] };
        let readings = ("readings", grouped(clock.readings));
        let mut blocks = vec![match clock.error_max_us {
            Some(error) if clock.unsynchronised == 0 => {
                self.say("limits_clock_kept", &[readings, ("error", seconds(error))])
            }
            _ => self.say("limits_clock_unkept", &[readings, ("unsynchronised", grouped(clock.unsynchronised))]),
        }];
        if clock.steps > 0 {
            let fill = [("count", grouped(clock.steps)), ("step", seconds(clock.step_max_us))];
            blocks.push(self.say("limits_clock_set", &fill));
        }
        blocks
    }

    fn calls(&self) -> Vec<Block> {
        let count = self.named.len().min(LISTED_MAX);
        if count == 0 {
            return vec![self.say("calls_none", &[])];
        }
        let rows = (1_u64..).zip(self.named.iter().take(LISTED_MAX)).map(|(number, call)| self.row(number, call));
        let number = Column { label: "#".to_owned(), width: 0.8 };
        let columns =
            [("time", 3.2), ("caller", 3.2), ("callee", 3.2), ("talk", 2.0), ("ended", 2.4), ("call_id", 4.0)];
        let columns = std::iter::once(number).chain(self.columns(columns)).collect();
        let table = Table { columns, rows: rows.collect(), total: None, numbered: true };
        vec![self.say("calls", &[("count", grouped(count as u64))]), Block::Table(table)]
    }

    /// A call as a row of the table of calls.
    fn row(&self, number: u64, call: &Call) -> Vec<Cell> {
        let words = &self.words;
        let word = |key| Text::ours(words.word(Of::Labels, key));
        let shown = |shown: Option<&str>, otherwise| shown.map_or_else(|| word(otherwise), Text::foreign);
        let display = call.caller.display.as_deref();
        let display = display.map(|name| word("display").and(Text::ours(": ")).and(Text::foreign(name)));
        let country = call.callee.country.as_deref().map(|country| Text::ours(words.word(Of::Countries, country)));
        let talked = call.talk_ms.filter(|_| call.answer_at.is_some());
        let talked = talked.map(|ms| Text::foreign(words.span((ms / 1e3).round() as u64)));
        let ended = call.ended_by.as_deref().map(|who| Text::ours(words.word(Of::Ended, who)));
        vec![
            Cell::of(Text::ours(number.to_string()), Form::Figure),
            Cell::of(Text::foreign(call.at().map(clock).unwrap_or_default()), Form::Figure),
            Cell { note: display, ..Cell::of(shown(call.caller.shown(), "withheld"), Form::Plain) },
            Cell { note: country, ..Cell::of(shown(call.callee.shown(), "unknown"), Form::Plain) },
            Cell::of(talked.unwrap_or_else(|| word("not_answered")), Form::Figure),
            Cell::of(ended.unwrap_or_default(), Form::Plain),
            Cell::of(Text::foreign(call.call_id.clone()), Form::Id),
        ]
    }

    fn glossary(&self) -> Vec<Block> {
        let words = self.words.glossary().iter();
        vec![Block::Definitions(words.map(|(word, meaning)| (word.clone(), Text::ours(meaning.clone()))).collect())]
    }

    fn sources(&self) -> Vec<Block> {
        let alert = &self.alert;
        let mut rows = vec![("entity", alert.entity.to_string())];
        let members = alert.members.iter().take(NAMED_MAX);
        rows.extend(members.map(|member| ("members", member.to_string())));
        rows.push(("program", format!("greyline {}", alert.versions.greyline)));
        rows.push(("rules", alert.versions.rules.clone()));
        rows.push(("tables", alert.versions.tables.clone()));
        rows.push(("config", alert.versions.config.clone()));
        let rows = rows.into_iter().map(|(label, value)| (self.label(label), Text::foreign(value)));
        let mut blocks = vec![Block::Definitions(rows.collect())];
        blocks.push(self.say(if self.matter.bundles.is_empty() { "checked_none" } else { "checked" }, &[]));
        blocks.extend(self.matter.bundles.iter().map(|made| {
            let at = clock(Nanos::new(made.at.get()));
            self.say("bundle", &[("number", made.number.to_string()), ("at", at), ("hash", made.manifest.clone())])
        }));
        let (entries, hash) = &self.matter.audit;
        blocks.push(self.say("audit", &[("entries", grouped(*entries)), ("hash", hash.clone())]));
        blocks
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

/// Microseconds as seconds, to the millisecond and rounded up.
fn seconds(micros: u64) -> String {
    let millis = micros.div_ceil(1_000);
    format!("{}.{:03} s", grouped(millis / 1_000), millis % 1_000)
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
