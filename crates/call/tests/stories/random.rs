//! Any sequence of messages and packets, however senseless, keeps what is true of every story: nothing panics, every
//! table stays within its limit, every call that was opened is recorded once, everything is freed at the end, and the
//! same sequence tells the same again under another seed.

use call::CallConfig;
use numbers::Plan;
use proptest::prelude::*;
use rtp::StreamsConfig;
use types::{Endpoint, Ip};

use crate::notation::{Arrival, Letter, Payload, description, instant, rtp};
use crate::tap::Tap;

const WORDS: [&str; 22] = [
    "INVITE", "INVITE", "INVITE", "ACK", "BYE", "CANCEL", "PRACK", "UPDATE", "INFO", "REFER", "NOTIFY", "OPTIONS",
    "REGISTER", "100", "180", "183", "200", "200", "302", "407", "486", "487",
];
const METHODS: [&str; 6] = ["INVITE", "INVITE", "INVITE", "BYE", "UPDATE", "REGISTER"];
const TAGS: [&str; 4] = ["", "x", "y", "z"];
const SDP: [&str; 6] = ["", "", "4000", "4000,sendonly", "4002@b", "4004,t38"];
const EXTRA: [(&str, &str); 6] = [
    ("Supported", "timer"),
    ("Session-Expires", "90"),
    ("X-Other-Leg", "call-1@192.0.2.97"),
    ("X-Other-Leg", "call-2@192.0.2.97"),
    ("Session-ID", "ab30317f1a784dc48ff824d0d3715d86"),
    ("Reason", "Q.850;cause=16"),
];
/// Seconds from one arrival to the next: mostly little, at times past every limit, at times backwards.
const LEAPS: [f64; 8] = [0.0, 0.001, 0.02, 0.5, 3.0, 35.0, 250.0, -7.0];

/// What an arrival is made of: each number chooses from its list.
#[derive(Clone, Debug)]
struct Choice {
    leap: usize,
    hop: (u8, u8),
    word: usize,
    method: usize,
    call: u8,
    tags: (usize, usize),
    branch: u8,
    cseq: u32,
    sdp: usize,
    extra: usize,
    /// Whether it is a packet of media instead.
    media: bool,
    /// Whether an earlier arrival comes again instead, and how far back it lies.
    again: Option<usize>,
}

fn choice() -> impl Strategy<Value = Choice> {
    let who = (0..4_u8, 0..4_u8);
    let what = (0..WORDS.len(), 0..METHODS.len(), 0..4_u8, (0..TAGS.len(), 0..TAGS.len()), 0..3_u8, 1..4_u32);
    let more = (0..SDP.len(), 0..EXTRA.len(), prop::bool::weighted(0.2), prop::option::weighted(0.1, 1..6_usize));
    (0..LEAPS.len(), who, what, more).prop_map(|(leap, hop, what, more)| {
        let (word, method, call, tags, branch, cseq) = what;
        let (sdp, extra, media, again) = more;
        Choice { leap, hop, word, method, call, tags, branch, cseq, sdp, extra, media, again }
    })
}

fn config() -> impl Strategy<Value = (CallConfig, u32)> {
    let limits = (1..6_u32, 0..4_u8, 0..4_u16, 0..3_u8, 0..3_u32, 0..60_u16, 0..5_u32);
    limits.prop_map(|(legs_max, lines_max, streams_max, joined_max, exchanges_max, text_bytes_max, table)| {
        let limits =
            CallConfig { legs_max, lines_max, streams_max, joined_max, exchanges_max, ..CallConfig::default() };
        (CallConfig { text_bytes_max, ..limits }, table)
    })
}

fn arrivals(choices: &[Choice]) -> Vec<Arrival> {
    let mut secs = 1_000.0;
    let mut arrivals: Vec<Arrival> = Vec::new();
    for choice in choices {
        secs += LEAPS[choice.leap];
        let at = instant(secs);
        let earlier =
            choice.again.and_then(|back| arrivals.len().checked_sub(back)).map(|place| arrivals[place].clone());
        arrivals.push(match earlier {
            Some(earlier) => Arrival { at, ..earlier },
            None => Arrival { at, ..arrival(choice) },
        });
    }
    arrivals
}

fn arrival(choice: &Choice) -> Arrival {
    let end = |host: u8, port| Endpoint::new(Ip::v4([192, 0, 2, 1 + host]), port);
    let (source, destination) = choice.hop;
    let at = instant(0.0);
    if choice.media {
        let port = |host: u8| 4_000 + 2 * u16::from(host % 2);
        let payload = Payload::Rtp(rtp(u32::from(choice.branch), choice.cseq as u16, 8));
        let (source, destination) = (end(source, port(source)), end(destination, port(choice.call)));
        return Arrival { at, source, destination, payload };
    }
    let word = WORDS[choice.word];
    let is_response = word.parse::<u16>().is_ok();
    let (name, value) = EXTRA[choice.extra];
    let sdp = SDP[choice.sdp];
    let letter = Letter {
        word: word.to_owned(),
        call: format!("call-{}", choice.call),
        from: "+441632960001".to_owned(),
        from_tag: TAGS[choice.tags.0].to_owned(),
        to: "+441632960002".to_owned(),
        to_tag: TAGS[choice.tags.1].to_owned(),
        uri: "+441632960002".to_owned(),
        branch: choice.branch.to_string(),
        cseq: choice.cseq,
        method: if is_response { METHODS[choice.method] } else { word }.to_owned(),
        headers: vec![(name.to_owned(), value.to_owned())],
        body: if sdp.is_empty() { String::new() } else { description(sdp, end(source, 0).ip) },
    };
    let payload = Payload::Sip(letter.bytes());
    Arrival { at, source: end(source, 5_060), destination: end(destination, 5_060), payload }
}

fn told(config: CallConfig, table: u32, seed: u64, arrivals: &[Arrival]) -> String {
    let streams = StreamsConfig { streams_max: table, seed, ..StreamsConfig::default() };
    let mut tap = Tap::new(CallConfig { seed, ..config }, streams, Plan::default());
    for arrival in arrivals {
        tap.hear(arrival);
        assert!(tap.calls.len() <= config.legs_max as usize, "{} legs", tap.calls.len());
        assert!(tap.media.streams.len() <= table as usize, "{} streams", tap.media.streams.len());
    }
    let last = arrivals.iter().map(|arrival| arrival.at).max().unwrap();
    tap.end(last)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn senseless_sequences_keep_the_house_in_order(
        choices in prop::collection::vec(choice(), 1..80),
        (config, table) in config(),
    ) {
        let arrivals = arrivals(&choices);
        let first = told(config, table, 1, &arrivals);
        prop_assert_eq!(&first, &told(config, table, 1, &arrivals), "played again");
        prop_assert_eq!(&first, &told(config, table, 0x9e37_79b9, &arrivals), "under another seed");
    }

    #[test]
    fn wide_limits_lose_nothing(choices in prop::collection::vec(choice(), 1..200)) {
        let told = told(CallConfig::default(), 1_024, 1, &arrivals(&choices));
        let refused = ["evicted", "refused", "replaced", "cut"];
        let lost = told.lines().find(|line| line.starts_with("loss ") && refused.iter().any(|name| line.contains(name)));
        prop_assert_eq!(lost, None);
    }
}
