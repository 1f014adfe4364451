//! RTCP that was made JSON, and becomes RTCP again.
//!
//! Asterisk, rtpengine and heplify send sender and receiver reports (RFC 3550 §6.4) as an object each, with the names of
//! Homer's definition. Numbers come as numbers or as text, and those above 2^31 of some senders as negative ones.

use serde::Deserialize;
use serde_json::Value;

/// Most report blocks of a report: what its header can count.
pub const REPORT_BLOCKS_MAX: usize = 31;

/// Packet types of RFC 3550 §12.1.
const SENDER_REPORT: u8 = 200;
const RECEIVER_REPORT: u8 = 201;

#[derive(Deserialize)]
struct Report {
    ssrc: Value,
    #[serde(default)]
    sender_information: Option<Sender>,
    #[serde(default)]
    report_blocks: Option<Vec<Block>>,
}

#[derive(Deserialize)]
struct Sender {
    #[serde(default)]
    ntp_timestamp_sec: Value,
    #[serde(default)]
    ntp_timestamp_usec: Value,
    #[serde(default)]
    rtp_timestamp: Value,
    #[serde(default)]
    packets: Value,
    #[serde(default)]
    octets: Value,
}

#[derive(Deserialize)]
struct Block {
    source_ssrc: Value,
    #[serde(default)]
    fraction_lost: Value,
    #[serde(default)]
    packets_lost: Value,
    #[serde(default)]
    highest_seq_no: Value,
    #[serde(default)]
    ia_jitter: Value,
    #[serde(default)]
    lsr: Value,
    #[serde(default)]
    dlsr: Value,
}

/// The low 32 bits of a number, however it is written; zero where there is none.
fn word(value: &Value) -> u32 {
    let whole = match value {
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_u64().map(|whole| whole as i64))
            .or_else(|| number.as_f64().map(|real| real as i64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    whole.unwrap_or_default() as u32
}

/// The report that `json` tells, as an RTCP packet; `None` where it tells none.
#[must_use]
pub fn rtcp_of(json: &[u8]) -> Option<Vec<u8>> {
    let report: Report = serde_json::from_slice(json).ok()?;
    let blocks = report.report_blocks.unwrap_or_default();
    let blocks = blocks.get(..blocks.len().min(REPORT_BLOCKS_MAX)).unwrap_or_default();
    let sender = report.sender_information.as_ref();
    let kind = if sender.is_some() { SENDER_REPORT } else { RECEIVER_REPORT };
    // RFC 3550 §6.4.1: the length counts words of 32 bits after the first.
    let words = 1 + sender.map_or(0, |_| 5) + 6 * blocks.len() as u16;
    let mut rtcp = vec![0x80 | blocks.len() as u8, kind];
    rtcp.extend_from_slice(&words.to_be_bytes());
    let mut add = |value: u32| rtcp.extend_from_slice(&value.to_be_bytes());
    add(word(&report.ssrc));
    if let Some(sender) = sender {
        let Sender { ntp_timestamp_sec, ntp_timestamp_usec, rtp_timestamp, packets, octets } = sender;
        [ntp_timestamp_sec, ntp_timestamp_usec, rtp_timestamp, packets, octets]
            .into_iter()
            .map(word)
            .for_each(&mut add);
    }
    for block in blocks {
        let lost = word(&block.packets_lost) & 0x00ff_ffff;
        add(word(&block.source_ssrc));
        add((word(&block.fraction_lost) & 0xff) << 24 | lost);
        [&block.highest_seq_no, &block.ia_jitter, &block.lsr, &block.dlsr].into_iter().map(word).for_each(&mut add);
    }
    Some(rtcp)
}
