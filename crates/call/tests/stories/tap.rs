//! Plays a story to the room as the pipeline would, and writes down what the room tells.

use std::fmt::Write;

use call::{CallConfig, CallRecord, Calls, Exchange, Heard, Listener, Media, NOBODY, Step};
use numbers::{Country, Plan};
use rtp::{Compound, Header, Heuristic, HeuristicConfig, Reports, ReportsConfig, StreamKey, Streams, StreamsConfig};
use sip::sdp::Sdp;
use sip::{HeaderName, Message};
use types::{Losses, Nanos};

use crate::notation::{Arrival, Payload, Story, seconds, written};

/// How a story is played.
#[derive(Clone, Copy, Default)]
pub(crate) struct Setting {
    /// Of every table.
    pub(crate) seed: u64,
    /// Whether every message comes twice.
    pub(crate) twice: bool,
}

/// What may be shown beside what always is.
#[derive(Default)]
struct Shown {
    people: bool,
    figures: bool,
    fax: bool,
}

/// A tap with its tables, and what was told.
pub(crate) struct Tap {
    pub(crate) calls: Calls,
    pub(crate) media: Media,
    pub(crate) told: Told,
    next_tick: Option<Nanos>,
    fax_packets: u64,
    refused_packets: u64,
}

/// What the room told, a line each.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) text: String,
    shown: Shown,
    now: Nanos,
    pub(crate) records: u64,
    pub(crate) legs: u64,
    pub(crate) messages: u64,
    pub(crate) retransmissions: u64,
}

/// Plays a story to its end, holds it to what is true of every story, and gives back what was told.
pub(crate) fn played(story: &Story, setting: Setting) -> String {
    let mut config = CallConfig { seed: setting.seed, ..CallConfig::default() };
    let mut streams = StreamsConfig { streams_max: 64, seed: setting.seed, ..StreamsConfig::default() };
    let (mut plan, mut shown) = (Plan::default(), Shown::default());
    for (name, value) in &story.settings {
        let number = || value.parse::<u32>().unwrap();
        match name.as_str() {
            "legs_max" => config.legs_max = number(),
            "lines_max" => config.lines_max = number() as u8,
            "streams_max" => config.streams_max = number() as u16,
            "joined_max" => config.joined_max = number() as u8,
            "exchanges_max" => config.exchanges_max = number(),
            "text_bytes_max" => config.text_bytes_max = number() as u16,
            "setup_secs_max" => config.setup_secs_max = number(),
            "silence_secs_max" => config.silence_secs_max = number(),
            "talk_secs_max" => config.talk_secs_max = number(),
            "linger_secs" => config.linger_secs = number(),
            "table" => streams.streams_max = number(),
            "home" => plan = Plan::of(Country::new(value.as_bytes().try_into().unwrap()).unwrap()).unwrap(),
            "show" if value == "people" => shown.people = true,
            "show" if value == "figures" => shown.figures = true,
            "show" if value == "fax" => shown.fax = true,
            "unsorted" | "once" => {}
            _ => panic!("{}: {name}", story.title),
        }
    }
    let mut tap = Tap::new(config, streams, plan);
    tap.told.shown = shown;
    for arrival in &story.heard {
        tap.hear(arrival);
        if setting.twice && matches!(arrival.payload, Payload::Sip(_)) {
            tap.hear(arrival);
        }
    }
    let last = story.heard.iter().map(|arrival| arrival.at).max().unwrap();
    tap.end(last)
}

impl Tap {
    pub(crate) fn new(config: CallConfig, streams: StreamsConfig, plan: Plan) -> Self {
        let seed = config.seed;
        let media = Media {
            streams: Streams::new(streams),
            heuristic: Heuristic::new(HeuristicConfig { seed, ..HeuristicConfig::default() }),
            reports: Reports::new(ReportsConfig { seed, ..ReportsConfig::default() }),
        };
        Self {
            calls: Calls::new(config, plan),
            media,
            told: Told::default(),
            next_tick: None,
            fax_packets: 0,
            refused_packets: 0,
        }
    }

    pub(crate) fn hear(&mut self, arrival: &Arrival) {
        let &Arrival { at, source, destination, ref payload } = arrival;
        self.told.now = at;
        if self.next_tick.is_none_or(|tick| tick <= at) {
            let second = Nanos::from_parts(at.get() / 1_000_000_000, 0);
            self.next_tick = Some(Nanos::from_parts(at.get() / 1_000_000_000 + 1, 0));
            self.calls.on_time(second, &mut self.media, &mut self.told);
        }
        match payload {
            Payload::Sip(bytes) => {
                let message = Message::parse(bytes).unwrap();
                let has_sdp = message.headers().first(HeaderName::ContentType) == Some(b"application/sdp");
                let sdp = has_sdp.then(|| Sdp::parse(message.body()).unwrap());
                let call_id = self.calls.call_id(&message);
                let heard = Heard { at, source, destination, message: &message, call_id, sdp: sdp.as_ref() };
                self.calls.on_message(&heard, &mut self.media, &mut self.told);
            }
            Payload::Rtp(bytes) => {
                self.fax_packets += u64::from(self.calls.expects_fax(source, destination));
                let header = Header::read(bytes, 0).unwrap();
                self.on_rtp(at, &StreamKey::new(source, destination, header.ssrc), &header, bytes);
            }
            Payload::Rtcp(bytes) => {
                assert!(self.calls.on_rtcp(at, source, destination, &self.media), "RTCP that nobody announced");
                self.media.reports.observe(at, source, destination, &Compound::parse(bytes).unwrap());
            }
            Payload::Check(sender, receiver) => {
                let [sender, receiver] = [sender, receiver].map(String::as_bytes);
                self.calls.on_check((Some(source), sender), (Some(destination), receiver), &mut self.media);
            }
            Payload::Nothing => {}
        }
    }

    fn on_rtp(&mut self, at: Nanos, key: &StreamKey, header: &Header, bytes: &[u8]) {
        let Self { calls, media, .. } = self;
        if let Some(id) = media.streams.find(key) {
            if media.streams.owner(id) == Some(NOBODY) {
                calls.adopt(id, (key, at), header, media);
            }
            media.streams.update(id, at, header);
        } else if let Some(id) = calls.open_stream(key, at, header, media) {
            media.streams.update(id, at, header);
        } else if let Some(found) = media.heuristic.offer(key, at, header, bytes) {
            calls.open_found(&found, media);
        } else {
            self.refused_packets += 1;
        }
    }

    /// Ends the capture, and holds the room to what is true of every story.
    pub(crate) fn end(mut self, last: Nanos) -> String {
        self.told.now = last;
        self.calls.drain(last, &mut self.media, &mut self.told);
        let (tally, told) = (self.calls.tally(), &mut self.told);
        assert!(self.calls.is_empty(), "{} legs were not freed", self.calls.len());
        let owned = self.media.streams.ids().filter(|&id| self.media.streams.owner(id) != Some(NOBODY)).count();
        assert_eq!(owned, 0, "streams were not freed");
        assert_eq!((tally.calls(), tally.legs), (told.records, told.legs), "calls and legs tallied and recorded");
        let counted = (tally.messages, tally.retransmissions);
        assert_eq!(counted, (told.messages, told.retransmissions), "messages tallied and recorded");
        for id in self.media.streams.ids() {
            let (key, figures) = (self.media.streams.key(id).unwrap(), self.media.streams.figures(id).unwrap());
            let (source, destination) = (written(key.source()), written(key.destination()));
            let _ = writeln!(told.text, "nobody's {source}>{destination} {}", figures.packets);
        }
        tally.losses(&mut |name, count| {
            if count > 0 {
                let _ = writeln!(told.text, "loss {name} {count}");
            }
        });
        if told.shown.fax {
            let _ = writeln!(told.text, "fax packets {}", self.fax_packets);
        }
        if told.shown.figures {
            told.figures(&tally.rfc6076);
        }
        told.text.push('\n');
        std::mem::take(&mut told.text)
    }
}

/// A Call-ID as stories write it.
fn name(call_id: &[u8]) -> &str {
    let text = std::str::from_utf8(call_id).unwrap();
    text.split('@').next().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn span(nanos: u64) -> String {
    (nanos as f64 / 1e9).to_string()
}

impl Told {
    fn figures(&mut self, figures: &call::Rfc6076) {
        let spans = |spans: &call::Spans| format!("{}x{}", spans.count, spans.mean_ms().unwrap_or_default());
        let share = |share: Option<f64>| share.map_or("-".to_owned(), |share| format!("{share:.1}"));
        let _ = writeln!(
            self.text,
            "rfc6076 sessions={} ser={} seer={} isa={} scr={} srd={} srd_failed={} sdd={} sdt={} rrd={} ira={}",
            figures.sessions,
            share(figures.ser()),
            share(figures.seer()),
            share(figures.isa()),
            share(figures.scr()),
            spans(&figures.srd),
            spans(&figures.srd_failed),
            spans(&figures.sdd),
            spans(&figures.sdt),
            spans(&figures.rrd),
            share(figures.ira()),
        );
    }

    fn party(&self, party: &call::Party<'_>) -> String {
        let number = party.number.map_or("-".to_owned(), |number| format!("+{}", number.reveal()));
        let display = if party.display.is_empty() { String::new() } else { format!("/{}", text(party.display)) };
        format!("{number}/{}{display}", text(party.raw))
    }
}

impl Listener for Told {
    fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
        let step = format!("{step:?}").to_lowercase();
        let _ = write!(self.text, "{} {step} {}", seconds(at), name(call.call_id));
        if at != self.now {
            let _ = write!(self.text, " told={}", seconds(self.now));
        }
        self.text.push('\n');
    }

    fn exchange(&mut self, exchange: &Exchange<'_>) {
        let (kind, verdict) = (exchange.kind.name(), exchange.verdict.name());
        let _ = write!(self.text, "{} {kind} {verdict}", seconds(self.now));
        if let Some(status) = exchange.status {
            let _ = write!(self.text, " {status}");
        }
        let credentials = if exchange.credentials { " credentials" } else { "" };
        let (source, destination) = (written(exchange.source), written(exchange.destination));
        let _ = write!(self.text, " {source}>{destination} user={}{credentials}", text(exchange.user));
        if exchange.retransmissions > 0 {
            let _ = write!(self.text, " again={}", exchange.retransmissions);
        }
        self.text.push('\n');
    }

    fn record(&mut self, record: &CallRecord<'_>) {
        self.records += 1;
        self.legs += 1 + record.legs.len() as u64;
        self.messages += u64::from(record.messages);
        self.retransmissions += u64::from(record.retransmissions);
        let mut words = vec!["record".to_owned(), name(record.call_id).to_owned(), record.outcome.name().to_owned()];
        let mut word = |name: &str, value: Option<String>| words.extend(value.map(|value| format!("{name}={value}")));
        word("by", record.ended_by.map(|by| by.name().to_owned()));
        word("roles", record.roles_unknown.then(|| "unknown".to_owned()));
        word("status", record.status.map(|status| status.to_string()));
        word("q850", record.q850.map(|cause| cause.to_string()));
        word("invite", record.invite_at.map(seconds));
        word("pdd", record.post_dial_delay().map(span));
        word("ring", record.ringing().map(span));
        word("talk", record.talking().map(span));
        word("end", record.end_at.map(seconds));
        word("messages", Some(record.messages.to_string()));
        word("again", (record.retransmissions > 0).then(|| record.retransmissions.to_string()));
        let legs: Vec<_> = record.legs.iter().map(|leg| name(leg)).collect();
        word("shared", record.call_id_shared.then(|| "call-id".to_owned()));
        word("legs", (!legs.is_empty()).then(|| legs.join(",")));
        word("media", record.media_hidden.then(|| "hidden".to_owned()));
        if let Some(passage) = record.passage {
            word("changed", passage.caller_shown.map(|number| format!("+{}", number.reveal())));
            let lost = [("identity", passage.identity_lost), ("diversion", passage.diversion_lost)];
            let lost: Vec<_> = lost.into_iter().filter(|(_, lost)| *lost == Some(true)).map(|(what, _)| what).collect();
            word("lost", (!lost.is_empty()).then(|| lost.join(",")));
        }
        if self.shown.people {
            word("caller", Some(self.party(&record.caller)));
            word("from", Some(record.caller_from.name().to_owned()));
            word("callee", Some(self.party(&record.callee)));
            word("diversion", Some(text(record.diversion)).filter(|diversion| !diversion.is_empty()));
            word("agent", Some(text(record.user_agent)).filter(|agent| !agent.is_empty()));
        }
        let _ = writeln!(self.text, "{}", words.join(" "));
        for media in record.media {
            let from = format!("{:?}", media.from).to_lowercase();
            let (source, destination) = (written(media.source), written(media.destination));
            let _ = write!(self.text, "  {from} {source}>{destination} {}", media.figures.packets);
            if name(media.leg) != name(record.call_id) {
                let _ = write!(self.text, " of {}", name(media.leg));
            }
            if media.figures.payload_types.dominant().is_some_and(|kind| kind >= 96) {
                let _ = write!(self.text, " {}", media.figures.codec.name());
            }
            if media.ssrc != u32::from(media.source.port) {
                let _ = write!(self.text, " ssrc={}", media.ssrc);
            }
            if let Some(rtcp) = &media.rtcp {
                let _ = write!(self.text, " reports={}/{}", rtcp.sender_reports, rtcp.reception_reports);
            }
            self.text.push('\n');
        }
    }
}
