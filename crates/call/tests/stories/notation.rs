//! The notation of the stories, and the messages and packets it stands for.
//!
//! A story is a title, settings, what is heard line by line, and after `=>` what is told.
//!
//! ```text
//! ## title [section of the RFC]
//! set linger_secs=1 show=people
//! 0     a>b INVITE call=c1 caller=alice callee=bob sdp=4000
//! 0.1   b>a 180 to=y
//! 1     b:5000>a:4000 RTP 50
//! 2     a>b BYE
//! 2.1   b>a 200
//! ```
//!
//! `a` to `z` are hosts, 192.0.2.1 to 192.0.2.26, on port 5060 unless another is written. A request is of call `c1`
//! unless told; its parties are those of the call's first line; tags are `x` for the caller's and `y` for the callee's,
//! and the branch follows from hop, call and CSeq. A response answers the latest request of its hop (`for=INVITE` tells
//! which) and copies what a response copies (RFC 3261 §8.2.6.2). `re` is a request within the dialog, `callee` one that
//! the callee wrote, `id=c1` one of another call that has the Call-ID of `c1`, `again` the latest message with this word on this hop sent once more. A header stands in brackets
//! and takes the place of the one that would be there. SDP: `sdp=PORT[@HOST]` and, behind commas, directions, `hold`
//! (0.0.0.0), `nowhere` (the same and port 9, as ICE has it), `t38`, `ice:HOST:PORT`, `relay:HOST:PORT/HOST:PORT` (a relay's, and
//! for whom), `96=opus/48000` (what a payload type means); several media are joined by `+`. `trickled=` are candidates after a description, in the same words. `CHECK AAAA>BBBB` is
//! ICE's, by what its sender and its receiver call themselves.

use std::collections::HashMap;
use std::fmt::Write;

use types::{Endpoint, Ip, Nanos};

/// A chapter's story.
pub(crate) struct Story {
    pub(crate) title: String,
    /// Everything before `=>` as it was written.
    pub(crate) source: String,
    pub(crate) settings: Vec<(String, String)>,
    pub(crate) heard: Vec<Arrival>,
    pub(crate) expected: String,
    /// Whether it is told only as it is, not with every message twice.
    pub(crate) once: bool,
}

/// Something that the tap hears.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) at: Nanos,
    pub(crate) source: Endpoint,
    pub(crate) destination: Endpoint,
    pub(crate) payload: Payload,
}

#[derive(Clone, Debug)]
pub(crate) enum Payload {
    Sip(Vec<u8>),
    Rtp(Vec<u8>),
    Rtcp(Vec<u8>),
    /// A check of ICE: what its sender and its receiver call themselves.
    Check(String, String),
    /// A frame that says nothing: time passes.
    Nothing,
}

/// When stories begin: a whole second, so that the ticks of capture time fall on whole seconds of a story.
const BEGINNING_SECS: f64 = 1_000_000.0;

/// The instant so many seconds into a story.
pub(crate) fn instant(secs: f64) -> Nanos {
    Nanos::new(((BEGINNING_SECS + secs) * 1e6).round() as u64 * 1_000)
}

/// Seconds into the story, as short as they can be written.
pub(crate) fn seconds(at: Nanos) -> String {
    let micros = i128::from(at.micros()) - (BEGINNING_SECS * 1e6) as i128;
    (micros as f64 / 1e6).to_string()
}

fn host(name: &str) -> Ip {
    match name.as_bytes() {
        [letter @ b'a'..=b'z'] => Ip::v4([192, 0, 2, letter - b'a' + 1]),
        _ => name.parse::<std::net::IpAddr>().unwrap().into(),
    }
}

fn endpoint(text: &str) -> Endpoint {
    match text.split_once(':') {
        Some((name, port)) => Endpoint::new(host(name), port.parse().unwrap()),
        None => Endpoint::new(host(text), 5060),
    }
}

/// An endpoint as a story writes it.
pub(crate) fn written(endpoint: Endpoint) -> String {
    let name = (b'a'..=b'z').map(|letter| char::from(letter).to_string()).find(|name| host(name) == endpoint.ip);
    let name = name.unwrap_or_else(|| endpoint.ip.to_string());
    if endpoint.port == 5060 { name } else { format!("{name}:{}", endpoint.port) }
}

/// Reads a chapter: what stands before its first story, and the stories.
pub(crate) fn read(text: &str) -> (String, Vec<Story>) {
    let (preface, rest) = text.split_at(text.find("## ").unwrap());
    let stories = rest.split("\n## ").map(|story| story.strip_prefix("## ").unwrap_or(story).trim_end());
    (preface.to_owned(), stories.map(read_story).collect())
}

fn read_story(text: &str) -> Story {
    let (told, expected) = text.split_once("\n=>").unwrap_or((text, ""));
    let (title, lines) = told.split_once('\n').unwrap();
    let mut settings = Vec::new();
    let mut script = Script::default();
    for line in lines.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("set ") {
            Some(words) => settings.extend(words.split(' ').map(|word| {
                let (name, value) = word.split_once('=').unwrap_or((word, ""));
                (name.to_owned(), value.to_owned())
            })),
            None => script.line(line),
        }
    }
    let has = |name: &str| settings.iter().any(|(setting, _)| setting == name);
    if !has("unsorted") {
        script.heard.sort_by_key(|arrival| arrival.at);
    }
    let source = format!("## {title}\n{lines}\n");
    let expected = expected.trim_start_matches('\n').trim_end().to_owned() + "\n\n";
    Story { title: title.to_owned(), source, once: has("once"), settings, heard: script.heard, expected }
}

/// A request or response by its words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Letter {
    /// A method or a status code.
    pub(crate) word: String,
    pub(crate) call: String,
    /// From and To, with `<>` or as user parts, and their tags.
    pub(crate) from: String,
    pub(crate) from_tag: String,
    pub(crate) to: String,
    pub(crate) to_tag: String,
    pub(crate) uri: String,
    pub(crate) branch: String,
    pub(crate) cseq: u32,
    /// Of the CSeq.
    pub(crate) method: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Letter {
    /// The message as it is sent.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let address = |who: &str, tag: &str| {
            let uri = if who.contains('<') { who.to_owned() } else { format!("<sip:{who}@192.0.2.99>") };
            if tag.is_empty() { uri } else { format!("{uri};tag={tag}") }
        };
        let mut text = match self.word.parse::<u16>() {
            Ok(code) => format!("SIP/2.0 {code} Such\r\n"),
            Err(_) if self.uri.contains(':') => format!("{} {} SIP/2.0\r\n", self.word, self.uri),
            Err(_) => format!("{} sip:{}@192.0.2.99 SIP/2.0\r\n", self.word, self.uri),
        };
        let ours = [
            ("Via", format!("SIP/2.0/UDP 192.0.2.98;branch=z9hG4bK{}", self.branch)),
            ("From", address(&self.from, &self.from_tag)),
            ("To", address(&self.to, &self.to_tag)),
            ("Call-ID", format!("{}@192.0.2.97", self.call)),
            ("CSeq", format!("{} {}", self.cseq, self.method)),
        ];
        let theirs = |name: &str| self.headers.iter().any(|(header, _)| header == name);
        for (name, value) in ours.iter().filter(|(name, _)| !theirs(name)) {
            let _ = write!(text, "{name}: {value}\r\n");
        }
        for (name, value) in &self.headers {
            let _ = write!(text, "{name}: {value}\r\n");
        }
        if !self.body.is_empty() && !theirs("Content-Type") {
            text += "Content-Type: application/sdp\r\n";
        }
        let _ = write!(text, "Content-Length: {}\r\n\r\n{}", self.body.len(), self.body);
        text.into_bytes()
    }
}

/// The session description that the words behind `sdp=` stand for.
pub(crate) fn description(words: &str, sender: Ip) -> String {
    let mut text = format!("v=0\r\no=- 1 1 IN IP4 {sender}\r\ns=-\r\nt=0 0\r\n");
    for medium in words.split('+') {
        let mut words = medium.split(',');
        let (port, ip) = match words.next().unwrap().split_once('@') {
            Some((port, name)) => (port, host(name)),
            None => (medium.split(',').next().unwrap(), sender),
        };
        let words: Vec<&str> = words.collect();
        let ip = if words.contains(&"hold") || words.contains(&"nowhere") { Ip::v4([0; 4]) } else { ip };
        let form = if words.contains(&"t38") { "image PORT udptl t38" } else { "audio PORT RTP/AVP 8 0 101" };
        let named =
            words.iter().filter_map(|word| word.split_once('=')).filter(|(number, _)| number.parse::<u8>().is_ok());
        let formats: String = named.clone().map(|(number, _)| format!(" {number}")).collect();
        let _ = write!(text, "m={}{formats}\r\nc=IN IP4 {ip}\r\n", form.replace("PORT", port));
        for (number, name) in named {
            let _ = write!(text, "a=rtpmap:{number} {name}\r\n");
        }
        if !words.contains(&"t38") {
            text += "a=rtpmap:101 telephone-event/8000\r\n";
        }
        for word in words {
            if let Some(candidate) = word.strip_prefix("ice:") {
                let at = endpoint(candidate);
                let _ = write!(text, "a=candidate:1 1 UDP 2130706431 {} {} typ host\r\n", at.ip, at.port);
            } else if let Some((at, relayed)) = word.strip_prefix("relay:").and_then(|word| word.split_once('/')) {
                let (at, of) = (endpoint(at), endpoint(relayed));
                let (raddr, rport) = (of.ip, of.port);
                let _ = write!(
                    text,
                    "a=candidate:2 1 UDP 1 {} {} typ relay raddr {raddr} rport {rport}\r\n",
                    at.ip, at.port
                );
            } else if !["hold", "nowhere", "t38"].contains(&word) && !word.contains('=') {
                let _ = write!(text, "a={word}\r\n");
            }
        }
    }
    text
}

/// What has been said so far in a story.
#[derive(Default)]
struct Script {
    heard: Vec<Arrival>,
    /// The parties of each call, from its first line.
    parties: HashMap<String, (String, String)>,
    /// Requests by hop, the latest last.
    asked: Vec<(Endpoint, Endpoint, Letter)>,
    /// Messages by hop and word, the latest last.
    sent: Vec<(Endpoint, Endpoint, String, String, Vec<u8>)>,
}

impl Script {
    fn line(&mut self, line: &str) {
        let (headers, line) = bracketed(line);
        let mut words = line.split_whitespace();
        let at: f64 = words.next().unwrap().parse().unwrap();
        let hop = words.next().unwrap();
        let Some((source, destination)) = hop.split_once('>') else {
            let (source, destination) = (Endpoint::default(), Endpoint::default());
            assert_eq!(hop, "tick", "{line}");
            return self.heard.push(Arrival { at: instant(at), source, destination, payload: Payload::Nothing });
        };
        let (source, destination) = (endpoint(source), endpoint(destination));
        let words: Vec<&str> = words.collect();
        let value = |name: &str| words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
        let has = |name: &str| words.contains(&name);
        let mut add = |at, payload| self.heard.push(Arrival { at, source, destination, payload });
        match words[0] {
            "RTP" => {
                let number = |name, or: u64| value(name).map_or(or, |value| value.parse().unwrap());
                let count = words.get(1).map_or(1, |count| count.parse().unwrap());
                let (first, every) = (number("seq", 0), number("every", 20));
                for step in 0..count {
                    let secs = at + (step * every) as f64 / 1e3;
                    let ssrc = number("ssrc", source.port.into()) as u32;
                    add(instant(secs), Payload::Rtp(rtp(ssrc, (first + step) as u16, number("pt", 8) as u8)));
                }
                return;
            }
            "RTCP" => {
                let number = |name, or: u32| value(name).map_or(or, |value| value.parse().unwrap());
                let payload =
                    rtcp(number("ssrc", u32::from(source.port) - 1), number("about", u32::from(destination.port) - 1));
                return add(instant(at), Payload::Rtcp(payload));
            }
            "CHECK" => {
                let (sender, receiver) = words[1].split_once('>').unwrap();
                return add(instant(at), Payload::Check(sender.to_owned(), receiver.to_owned()));
            }
            _ => {}
        }
        if has("again") {
            let word = words.iter().find(|&&word| word != "again").unwrap();
            let same = |sent: &&(Endpoint, Endpoint, String, String, Vec<u8>)| {
                (sent.0, sent.1, sent.2.as_str()) == (source, destination, word)
                    && value("call").is_none_or(|call| sent.3 == call)
            };
            let bytes = self.sent.iter().rev().find(same).unwrap().4.clone();
            return add(instant(at), Payload::Sip(bytes));
        }
        let mut letter = match words[0].parse::<u16>() {
            Ok(_) => self.response(source, destination, &value, &has),
            Err(_) => self.request(words[0], hop, &value, &has),
        };
        letter.word = words[0].to_owned();
        letter.headers = headers;
        letter.body = value("sdp").map_or_else(String::new, |words| description(words, source.ip));
        if let Some(words) = value("trickled") {
            letter.body =
                description(words, source.ip).split_once("m=").map(|(_, medium)| format!("m={medium}")).unwrap();
            letter.headers.push(("Content-Type".to_owned(), "application/trickle-ice-sdpfrag".to_owned()));
        }
        let bytes = letter.bytes();
        self.sent.push((source, destination, letter.word.clone(), letter.call.clone(), bytes.clone()));
        if letter.word.parse::<u16>().is_err() {
            self.asked.push((source, destination, letter));
        }
        self.heard.push(Arrival { at: instant(at), source, destination, payload: Payload::Sip(bytes) });
    }

    fn request<'a>(
        &mut self,
        method: &str,
        hop: &str,
        value: &dyn Fn(&str) -> Option<&'a str>,
        has: &dyn Fn(&str) -> bool,
    ) -> Letter {
        let call = value("call").unwrap_or("c1");
        let parties = self.parties.entry(call.to_owned()).or_insert_with(|| {
            let party = |name, or: &str| value(name).unwrap_or(or).to_owned();
            (party("caller", "+441632960001"), party("callee", "+441632960002"))
        });
        let (caller, callee) = parties.clone();
        let outside = ["INVITE", "CANCEL", "REGISTER", "OPTIONS", "MESSAGE", "SUBSCRIBE", "PUBLISH"];
        let within = has("re") || !outside.contains(&method);
        let cseq = value("cseq").map_or(default_cseq(method, within), |cseq| cseq.parse().unwrap());
        let of_invite = method == "CANCEL" || method == "ACK" && self.refused(hop, call);
        let transaction = if of_invite { "INVITE" } else { method };
        let branch = value("branch").map_or_else(|| format!("-{hop}-{call}-{cseq}-{transaction}"), str::to_owned);
        let (mut from_tag, mut to_tag) = ("x", if within { "y" } else { "" });
        let (mut from, mut to) = (caller, callee);
        if has("callee") {
            (from, to, from_tag, to_tag) = (to, from, "y", "x");
        }
        Letter {
            call: value("id").unwrap_or(call).to_owned(),
            uri: value("uri").map_or_else(|| to.clone(), str::to_owned),
            from,
            from_tag: value("from").unwrap_or(from_tag).to_owned(),
            to,
            to_tag: value("to").unwrap_or(to_tag).to_owned(),
            branch,
            cseq,
            method: method.to_owned(),
            ..Letter::default()
        }
    }

    /// Whether the latest answer to this hop is a refusal, whose ACK is of the INVITE's transaction (RFC 3261 §17.1.1.3).
    fn refused(&self, hop: &str, call: &str) -> bool {
        let (asker, asked) = hop.split_once('>').map(|(asker, asked)| (endpoint(asker), endpoint(asked))).unwrap();
        let answers = self.sent.iter().rev().filter(|sent| (sent.0, sent.1, sent.3.as_str()) == (asked, asker, call));
        answers.filter_map(|sent| sent.2.parse::<u16>().ok()).next().is_some_and(|code| code >= 300)
    }

    /// The answer to the latest request that fits, or, when the tap heard none, to one that it did not hear.
    fn response<'a>(
        &mut self,
        source: Endpoint,
        destination: Endpoint,
        value: &dyn Fn(&str) -> Option<&'a str>,
        has: &dyn Fn(&str) -> bool,
    ) -> Letter {
        let answers = |(asker, asked, letter): &&(Endpoint, Endpoint, Letter)| {
            (*asker, *asked) == (destination, source)
                && letter.method != "ACK"
                && value("for").is_none_or(|method| letter.method == method)
                && value("call").is_none_or(|call| letter.call == call)
                && value("cseq").is_none_or(|cseq| letter.cseq.to_string() == cseq)
        };
        let mut letter = match self.asked.iter().rev().find(answers) {
            Some((_, _, letter)) => letter.clone(),
            None => self.request(value("for").unwrap_or("INVITE"), "unheard", value, has),
        };
        if letter.to_tag.is_empty() {
            letter.to_tag = value("to").unwrap_or("y").to_owned();
        }
        letter
    }
}

const fn default_cseq(method: &str, within: bool) -> u32 {
    match (method.as_bytes(), within) {
        (b"INVITE", true) => 2,
        (b"PRACK", _) => 3,
        (b"UPDATE", _) => 4,
        (b"INFO", _) => 5,
        (b"REFER", _) => 6,
        (b"NOTIFY", _) => 7,
        (b"BYE", _) => 9,
        _ => 1,
    }
}

/// Headers in brackets, and the line without them.
fn bracketed(line: &str) -> (Vec<(String, String)>, String) {
    let (mut headers, mut rest) = (Vec::new(), String::new());
    for part in line.split('[') {
        let (inside, behind) = part.split_once(']').unwrap_or(("", part));
        if let Some((name, value)) = inside.split_once(": ") {
            headers.push((name.to_owned(), value.to_owned()));
        }
        rest += behind;
    }
    (headers, rest)
}

/// An RTP packet of 20 ms of G.711.
pub(crate) fn rtp(ssrc: u32, sequence: u16, payload_type: u8) -> Vec<u8> {
    let mut packet = vec![0x80, payload_type];
    packet.extend(sequence.to_be_bytes());
    packet.extend((u32::from(sequence) * 160).to_be_bytes());
    packet.extend(ssrc.to_be_bytes());
    packet.extend([0x55; 160]);
    packet
}

/// A sender report with one reception report (RFC 3550 §6.4.1).
fn rtcp(ssrc: u32, about: u32) -> Vec<u8> {
    let mut packet = vec![0x81, 200, 0, 12];
    for word in [ssrc, 1, 0, 0, 50, 8_000, about, 0, 50, 0, 0, 0] {
        packet.extend(word.to_be_bytes());
    }
    packet
}
