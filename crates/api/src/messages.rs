//! The SIP messages of a call, as the ring beside the store still holds them. Who looks them up is another room's business; how much of them
//! somebody sees is this one's: all of a message with a role and a reason, otherwise its lines with numbers masked, and nothing of what may
//! hold a number in a way that no mask finds.

use std::collections::HashSet;
use std::net::SocketAddr;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Archive, Found, Place};
use types::Nanos;
use utoipa::ToSchema;

use crate::Api;
use crate::problem::{Problem, Refusals};
use crate::show::{Sight, moment, time};
use crate::visitor::Visitor;

/// Messages of an answer at most.
pub const MESSAGES_MAX: usize = 500;
/// Bytes of a message that are shown.
const TEXT_BYTES_MAX: usize = 16_384;
/// How long before a call and after it what belongs to it is looked for: longer than requests are sent again (RFC 3261 §17.1.1.2).
const AROUND: std::time::Duration = std::time::Duration::from_secs(60);
/// For how long a call may have gone on whose end is not known.
const OPEN_MAX: std::time::Duration = std::time::Duration::from_secs(4 * 3_600);

/// Looks the messages of a call up.
pub type Finder = dyn Fn(&mut Archive, &Sought) -> Result<Kept, Problem> + Send + Sync;

/// Which messages are sought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// The Call-IDs of the legs of the call, as records write them.
    pub legs: Vec<String>,
    /// Not before this.
    pub from: Nanos,
    /// Not after this.
    pub until: Nanos,
}

/// What is still there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Since when messages are held; nothing where none are.
    pub since: Option<Nanos>,
    /// Those of the call in the order of time, at most [`MESSAGES_MAX`].
    pub messages: Vec<Message>,
    /// Further ones there was no room for.
    pub left_out: u64,
    /// Whether it was given up before all was looked through.
    pub cut: bool,
}

/// A SIP message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// When it was seen.
    pub at: Nanos,
    /// Who sent it.
    pub source: SocketAddr,
    /// To whom.
    pub destination: SocketAddr,
    /// Its leg: which of the Call-IDs.
    pub leg: usize,
    /// What its start line says.
    pub start: Start,
    /// Number and method of its transaction.
    pub cseq: Option<String>,
    /// By what it travelled, as the last hop wrote it down (Via).
    pub transport: Option<String>,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// What a start line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// A method.
    Request(String),
    /// A status and its words.
    Response(u16, String),
}

/// The messages of a call.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallMessages {
    /// What is still held of it: `none`, no messages are held here at all; `later`, only ones from after the call; `partly`, only ones from
    /// some moment of the call on; `absent`, its time is held and nothing of the call lies in it; `there`.
    kept: &'static str,
    /// Since when messages are held.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    since: Option<String>,
    /// How many messages the call had, by its record.
    #[serde(skip_serializing_if = "Option::is_none")]
    counted: Option<u64>,
    /// The Call-IDs of its legs, the first leg first.
    legs: Vec<String>,
    /// The messages, the first one first.
    messages: Vec<MessageJson>,
    /// Further ones that are not among these.
    left_out: u64,
    /// Whether it was given up before all was looked through.
    cut: bool,
    /// Whether numbers are whole.
    numbers_whole: bool,
}

/// A SIP message of a call.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallMessage)]
struct MessageJson {
    /// When it was seen.
    #[schema(format = DateTime)]
    time: String,
    /// Its leg, from 0: which of `legs`.
    leg: usize,
    /// Which side of its leg sent it: `caller`, who began the leg, or `callee`.
    from: &'static str,
    /// Who sent it: address and port.
    source: String,
    /// To whom.
    destination: String,
    /// The method of a request.
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    /// The status of a response.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// What the response says of it in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Number and method of its transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    cseq: Option<String>,
    /// By what it travelled, as the last hop wrote it down.
    #[serde(skip_serializing_if = "Option::is_none")]
    transport: Option<String>,
    /// Its length in bytes.
    bytes: usize,
    /// Whether the same was sent before.
    again: bool,
    /// What it says: all of it where numbers are whole; otherwise start line and header fields with numbers masked, without what no mask can
    /// be laid over and without the body.
    text: String,
    /// Whether `text` ends before the message does.
    text_cut: bool,
}

/// What is read of the record of a call.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    call_id: String,
    legs: Vec<String>,
    end_at: Option<String>,
    end_known_at: Option<String>,
    messages: Option<u64>,
}

impl Told {
    fn sought(&self, found: &Found) -> Sought {
        let ends = [&self.end_at, &self.end_known_at].into_iter().flatten();
        let end = ends.filter_map(|end| moment("end", end).ok()).max();
        Sought {
            legs: std::iter::once(&self.call_id).chain(&self.legs).cloned().collect(),
            from: found.at.before(AROUND),
            until: end.unwrap_or(found.at.after(OPEN_MAX)).after(AROUND),
        }
    }
}

/// The SIP messages of a call, for as long as they are held. With the header `greyline-reason` an officer sees them whole, and the audit log
/// says so.
#[utoipa::path(get, path = "/calls/{id}/messages", tag = "calls",
    params(("id" = String, Path, description = "Its `id`.")),
    responses((status = 200, body = CallMessages), Refusals))]
pub(crate) async fn list(
    State(api): State<Api>,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<CallMessages>, Problem> {
    let place: Place = id.parse().map_err(|_| Problem::Absent("call"))?;
    let found = api.reads().read(move |archive| archive.call(place)).await?.ok_or(Problem::Absent("call"))?;
    let sight = Sight::of(api.reads(), &visitor, &headers, format!("messages of call {id}")).await?;
    let told: Told = serde_json::from_str(&found.record).unwrap_or_default();
    let sought = told.sought(&found);
    let (finder, asked) = (api.finder(), sought.clone());
    let turn = api.turn().await?;
    let kept = api.reads().ask(move |archive| {
        let kept = finder(archive, &asked);
        // Whoever asked may have gone: it is this one's turn until here all the same.
        drop(turn);
        kept
    });
    let kept = kept.await?;
    Ok(Json(CallMessages {
        kept: how_much(&kept, found.at, &sought),
        since: kept.since.map(time),
        counted: told.messages,
        legs: sought.legs.iter().map(|leg| seen(&sight, Field::Name, leg)).collect(),
        messages: shown(&kept.messages, &sight),
        left_out: kept.left_out,
        cut: kept.cut,
        numbers_whole: sight.is_whole(),
    }))
}

/// What is held of a call that began at `begun`, in a word.
fn how_much(kept: &Kept, begun: Nanos, sought: &Sought) -> &'static str {
    match kept.since {
        None => "none",
        Some(since) if since > sought.until => "later",
        Some(since) if since > begun => "partly",
        Some(_) if kept.messages.is_empty() => "absent",
        Some(_) => "there",
    }
}

fn shown(messages: &[Message], sight: &Sight) -> Vec<MessageJson> {
    let mut before = HashSet::new();
    let mut shown = Vec::with_capacity(messages.len());
    for message in messages {
        let Message { source, destination, bytes, .. } = message;
        // Who sent the first message of a leg is its calling side; a port may be another for each connection.
        let first = messages.iter().find(|it| it.leg == message.leg).map_or(*source, |it| it.source);
        let calling = *source == first || (*destination != first && source.ip() == first.ip());
        let (method, status, reason) = match &message.start {
            Start::Request(method) => (Some(seen(sight, Field::Name, method)), None, None),
            Start::Response(code, words) => (None, Some(*code), Some(seen(sight, Field::Person, words))),
        };
        let held = bytes.get(..TEXT_BYTES_MAX).unwrap_or(bytes);
        let text = String::from_utf8_lossy(held);
        shown.push(MessageJson {
            time: time(message.at),
            leg: message.leg,
            from: if calling { "caller" } else { "callee" },
            source: source.to_string(),
            destination: destination.to_string(),
            method,
            status,
            reason,
            cseq: message.cseq.as_deref().map(|cseq| seen(sight, Field::Name, cseq)),
            transport: message.transport.as_deref().map(|transport| seen(sight, Field::Name, transport)),
            bytes: bytes.len(),
            again: !before.insert((source, destination, bytes)),
            text: if sight.is_whole() { text.into_owned() } else { masked(&text, sight) },
            text_cut: held.len() < bytes.len(),
        });
    }
    shown
}

/// What a header field holds, and so how numbers are sought in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    /// Persons and where they are reached: digits are a number, whatever stands between them.
    Person,
    /// Names that machines gave: digits among letters of a hexadecimal word belong to it.
    Name,
}

/// What somebody sees of a text.
fn seen(sight: &Sight, field: Field, text: &str) -> String {
    // `veil` knows by the key of a record what lies there.
    let key = match field {
        Field::Person => "raw",
        Field::Name => "call_id",
    };
    let record = sight.value(json!({ key: text }));
    record.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Header fields, by their names and the short ones, that hold persons and words.
const PERSONS: &str = "from f to t contact m route record-route p-asserted-identity p-preferred-identity p-called-party-id \
    remote-party-id diversion history-info refer-to r referred-by b warning reason subject s organization";
/// Those that hold what machines say to each other.
const NAMES: &str = "via v call-id i cseq max-forwards user-agent server allow supported k require unsupported content-type c \
    content-length l expires session-expires x min-se retry-after accept date rseq rack event o privacy \
    mime-version allow-events";

/// What a header field of this name holds; nothing where it may hold anything, such as numbers in Base64 (Identity) or in a hash.
fn field(name: &str) -> Option<Field> {
    let among = |names: &str| names.split(' ').any(|other| name.eq_ignore_ascii_case(other));
    if among(PERSONS) {
        return Some(Field::Person);
    }
    among(NAMES).then_some(Field::Name)
}

/// A start line with numbers masked. The status of a response is none.
fn start(line: &str, sight: &Sight) -> String {
    let status = line.strip_prefix("SIP/2.0 ").and_then(|rest| rest.split_at_checked(3));
    match status.filter(|(code, _)| code.bytes().all(|digit| digit.is_ascii_digit())) {
        Some((code, words)) if !words.starts_with(|letter: char| letter.is_alphanumeric()) => {
            format!("SIP/2.0 {code}{}", seen(sight, Field::Person, words))
        }
        _ => seen(sight, Field::Person, line),
    }
}

/// Start line and header fields of a message with numbers masked.
fn masked(text: &str, sight: &Sight) -> String {
    let head = text.trim_start();
    let end = ["\r\n\r\n", "\n\n"].into_iter().filter_map(|end| head.find(end)).min();
    let (head, body) = head.split_at(end.unwrap_or(head.len()));
    // RFC 3261 §7.3.1: a line that begins with white space goes on with the one before.
    let unfolded = head.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
    let mut lines = unfolded.lines();
    let mut out = start(lines.next().unwrap_or_default(), sight);
    for line in lines {
        out.push('\n');
        match line.split_once(':').map(|(name, value)| (name.trim(), value.trim())) {
            Some((name, value)) => match field(name) {
                Some(field) => out.push_str(&format!("{name}: {}", seen(sight, field, value))),
                None => out.push_str(&format!("{}: (not shown)", seen(sight, Field::Person, name))),
            },
            None => out.push_str("(not shown)"),
        }
    }
    if !body.trim().is_empty() {
        out.push_str("\n\n(the body is not shown)");
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_message_is_masked_and_what_no_mask_finds_is_left_out() {
        let message = "INVITE sip:+12025550199@192.0.2.2 SIP/2.0\r\nv: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKab12cd34ef\r\n\
            From: \"Bank 020 7946 0991\"\r\n <sip:442079460991@192.0.2.1>;tag=a\r\nTo: <tel:+1-202-555-0199>\r\n\
            Call-ID: 442079460991@192.0.2.1\r\nCSeq: 1 INVITE\r\nIdentity: eyJvcmlnIjp7InRuIjoiNDQyMDc5NDYwOTkxIn19\r\n\
            X-Customer-442079460991: 442079460991\r\n442079460991\r\nUser-Agent: A1 4.4.20\r\n\r\nv=0\r\no=442079460991";
        let shown = masked(message, &Sight::MASKED);
        assert_eq!(
            shown,
            "INVITE sip:+120…99@19… SIP/2.0\nv: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKab12cd34ef\n\
             From: \"Bank 020…91\" <sip:442…91@19…>;tag=a\nTo: <tel:+120…99>\nCall-ID: 442…91@192.0.2.1\nCSeq: 1 INVITE\n\
             Identity: (not shown)\nX-Customer-442…91: (not shown)\n(not shown)\nUser-Agent: A1 4.4.20\n\n(the body is not shown)"
        );
        assert_eq!(masked("", &Sight::MASKED), "");
        let response =
            "SIP/2.0 486 Busy, try 020 7946 0991\r\nReason: Q.850;cause=17;text=\"+44 20 7946 0991\"\r\n\r\n";
        assert_eq!(
            masked(response, &Sight::MASKED),
            "SIP/2.0 486 Busy, try 020…91\nReason: Q.850;cause=17;text=\"+442…91\""
        );
        // What only looks like a status is none.
        assert_eq!(masked("SIP/2.0 4420 7946 0991", &Sight::MASKED), "SIP/204…91");
    }

    proptest! {
        /// No line lets a whole number through, wherever a sender puts it and however it is spelt where people write.
        #[test]
        fn no_whole_number_survives(number in 10_000_000_u64..1_000_000_000_000_000, spelling in 0_usize..5, end in 0_usize..3) {
            let digits = number.to_string();
            let (area, rest) = digits.split_at(digits.len() / 2);
            let spelt = [digits.clone(), format!("+{digits}"), format!("{area} {rest}"), format!("({area}) {rest}"), format!("{area}-{rest}")];
            let (text, end) = (&spelt[spelling], ["\r\n", "\n", "\r\n "][end]);
            let message = [
                format!("INVITE sip:{text}@192.0.2.2 SIP/2.0"), format!("From: \"{text}\" <sip:{text}@192.0.2.1>;tag={digits}"),
                format!("t: <tel:{text}>"), format!("Contact: <sip:{digits}@192.0.2.1>"), format!("P-Asserted-Identity: {text}"),
                format!("Diversion: <sip:{text}@192.0.2.1>;reason=unknown"), format!("Reason: SIP;text=\"{text}\""),
                format!("Call-ID: {digits}@192.0.2.1"), format!("CSeq: {digits} INVITE"), format!("User-Agent: phone/{digits}"),
                format!("Via: SIP/2.0/UDP 192.0.2.1;branch={digits}"), format!("X-{text}: {text}"), text.clone(),
                format!("Authorization: Digest username=\"{text}\""), String::new(), format!("o={text}"),
            ];
            let shown = masked(&message.join(end), &Sight::MASKED);
            let found: String = shown.lines().map(|line| line.chars().filter(char::is_ascii_digit).collect::<String>() + ";").collect();
            prop_assert!(!found.contains(&digits), "{shown}");
        }
    }

    #[test]
    fn what_is_held_of_a_call() {
        let at = |secs| Nanos::from_parts(secs, 0);
        let sought = Sought { legs: Vec::new(), from: at(40), until: at(200) };
        let message = Message {
            at: at(100),
            source: "192.0.2.1:5060".parse().unwrap(),
            destination: "192.0.2.2:5060".parse().unwrap(),
            leg: 0,
            start: Start::Request("INVITE".to_owned()),
            cseq: None,
            transport: None,
            bytes: b"INVITE".to_vec(),
        };
        let check = |since: Option<u64>, messages: usize, word: &str| {
            let kept = Kept { since: since.map(at), messages: vec![message.clone(); messages], ..Kept::default() };
            assert_eq!(how_much(&kept, at(100), &sought), word);
        };
        check(None, 0, "none");
        check(Some(201), 0, "later");
        check(Some(120), 0, "partly");
        check(Some(120), 2, "partly");
        check(Some(90), 0, "absent");
        check(Some(90), 2, "there");
    }

    #[test]
    fn each_leg_has_its_calling_side_and_what_comes_again_is_known() {
        let message = |leg, from: &str, to: &str, what: &str| Message {
            at: Nanos::from_parts(100, 0),
            source: from.parse().unwrap(),
            destination: to.parse().unwrap(),
            leg,
            start: Start::Request(what.to_owned()),
            cseq: None,
            transport: None,
            bytes: what.as_bytes().to_vec(),
        };
        let (a, b, b2, c) = ("192.0.2.1:5060", "192.0.2.2:5060", "192.0.2.2:41000", "[2001:db8::3]:5060");
        let messages = [
            message(0, a, b, "INVITE"),
            message(0, a, b, "INVITE"),
            message(1, b2, c, "INVITE"),
            message(1, c, b2, "OK"),
            message(0, b, a, "OK"),
            message(1, b, c, "ACK"),
            // Two sides of one address are told apart by their ports.
            message(2, "127.0.0.1:1", "127.0.0.1:2", "INVITE"),
            message(2, "127.0.0.1:2", "127.0.0.1:1", "OK"),
        ];
        let shown = shown(&messages, &Sight::MASKED);
        let sides: Vec<_> = shown.iter().map(|it| (it.leg, it.from, it.again)).collect();
        assert_eq!(
            sides,
            [
                (0, "caller", false),
                (0, "caller", true),
                (1, "caller", false),
                (1, "callee", false),
                (0, "callee", false),
                (1, "caller", false),
                (2, "caller", false),
                (2, "callee", false)
            ]
        );
    }

    #[test]
    fn a_long_message_is_shown_as_far_as_there_is_room() {
        let message = Message {
            at: Nanos::from_parts(100, 0),
            source: "192.0.2.1:5060".parse().unwrap(),
            destination: "192.0.2.2:5060".parse().unwrap(),
            leg: 0,
            start: Start::Response(200, "OK".to_owned()),
            cseq: None,
            transport: None,
            bytes: vec![b'x'; TEXT_BYTES_MAX + 1],
        };
        let shown = shown(&[message], &Sight::MASKED);
        let [message] = shown.as_slice() else { panic!("{shown:?}") };
        assert_eq!((message.text_cut, message.bytes, message.text.len()), (true, 16_385, 16_384));
    }
}
