//! Single calls frame by frame, for measurements that step through one call at a time: two parties with numbers, two
//! border controllers, two streams of G.711. The load for speed is made elsewhere.

use std::fmt::Write as _;

use super::dialog::Ip;
use super::frames::{Address, Frames, Path};

/// Something that happens in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of RFC 3261")]
pub enum Part {
    Invite,
    Ringing,
    Answer,
    Ack,
    /// The packet of this turn, in each direction.
    Media {
        turn: u16,
    },
    Bye,
    Over,
}

/// Makes the frames of calls that are told apart by number.
#[derive(Debug, Default)]
pub struct Calls {
    text: String,
    sdp: String,
    file: Vec<u8>,
}

/// Bytes of a pcap's head, and of the head of one of its records.
const FILE_HEAD: usize = 24;
const RECORD_HEAD: usize = 16;

/// Each call has its own media ports at one of so many gateways: more calls than ports use them in turn.
const GATEWAYS: u64 = 16;
const PORTS: u64 = 25_000;

/// What a call's messages and packets go between.
struct Ends {
    near: Address,
    far: Address,
    near_media: Address,
    far_media: Address,
}

impl Ends {
    const fn of(call: u64) -> Self {
        let gateway = (call / PORTS % GATEWAYS) as u8;
        let port = 10_000 + (call % PORTS * 2) as u16;
        Self {
            near: Address::new([10, 1, 0, 1], 5060),
            far: Address::new([10, 2, 0, (call % 12) as u8], 5060),
            near_media: Address::new([10, 1, 1, gateway], port),
            far_media: Address::new([10, 2, 1, gateway], port),
        }
    }
}

impl Calls {
    /// Hands the frames of one part of a call to `each`.
    pub fn frames(&mut self, call: u64, part: Part, mut each: impl FnMut(&[u8])) {
        self.file.clear();
        let ends = Ends::of(call);
        let path = |source, destination| Path { source, destination, vlan: 0, dscp: 0 };
        // Neither a string nor a vector refuses what is written to it.
        let Ok(mut frames) = Frames::begin(&mut self.file) else { return };
        if let Part::Media { turn } = part {
            for (side, (from, to)) in
                [(ends.near_media, ends.far_media), (ends.far_media, ends.near_media)].into_iter().enumerate()
            {
                let mut packet = [0x55; 172];
                let ssrc = (call as u32).wrapping_mul(2).wrapping_add(side as u32).wrapping_mul(0x9e37_79b1);
                let timestamp = u32::from(turn) * 160;
                let fields = [0x80, 8]
                    .into_iter()
                    .chain(turn.to_be_bytes())
                    .chain(timestamp.to_be_bytes())
                    .chain(ssrc.to_be_bytes());
                packet.iter_mut().zip(fields).for_each(|(place, byte)| *place = byte);
                if frames.udp(0, &path(from, to), &packet).is_err() {
                    return;
                }
            }
        } else {
            let from_near = matches!(part, Part::Invite | Part::Ack | Part::Bye);
            let (from, to) = if from_near { (ends.near, ends.far) } else { (ends.far, ends.near) };
            if message(&mut self.text, &mut self.sdp, call, part, &ends).is_err()
                || frames.udp(0, &path(from, to), self.text.as_bytes()).is_err()
            {
                return;
            }
        }
        let mut rest = self.file.get(FILE_HEAD..).unwrap_or_default();
        while let Some((head, after)) = rest.split_first_chunk::<RECORD_HEAD>() {
            let [_, _, _, _, _, _, _, _, c0, c1, c2, c3, ..] = *head;
            let Some((frame, after)) = after.split_at_checked(u32::from_le_bytes([c0, c1, c2, c3]) as usize) else {
                return;
            };
            each(frame);
            rest = after;
        }
    }
}

fn message(text: &mut String, sdp: &mut String, call: u64, part: Part, ends: &Ends) -> std::fmt::Result {
    text.clear();
    sdp.clear();
    let (near, far) = (Ip(ends.near.ip), Ip(ends.far.ip));
    let scrambled = call.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let media = match part {
        Part::Invite => Some(ends.near_media),
        Part::Answer => Some(ends.far_media),
        _ => None,
    };
    if let Some(media) = media {
        let ip = Ip(media.ip);
        write!(
            sdp,
            "v=0\r\no=SBC {call} 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {} RTP/AVP 8 18 101\r\n\
             a=rtpmap:8 PCMA/8000\r\na=rtpmap:18 G729/8000\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\n",
            media.port
        )?;
    }
    let (start, number, method) = match part {
        Part::Ringing => ("SIP/2.0 180 Ringing", 1, "INVITE"),
        Part::Answer => ("SIP/2.0 200 OK", 1, "INVITE"),
        Part::Over => ("SIP/2.0 200 OK", 2, "BYE"),
        Part::Bye => ("BYE", 2, "BYE"),
        Part::Ack => ("ACK", 1, "ACK"),
        Part::Invite | Part::Media { .. } => ("INVITE", 1, "INVITE"),
    };
    let callee = 1_632_960_000 + call % 1_000;
    if start.starts_with("SIP") {
        write!(text, "{start}\r\n")?;
    } else {
        write!(text, "{start} sip:+44{callee}@{far}:5060 SIP/2.0\r\n")?;
    }
    let to_tag = if part == Part::Invite { String::new() } else { format!(";tag={:x}", scrambled >> 40) };
    write!(
        text,
        "Via: SIP/2.0/UDP {near}:5060;branch=z9hG4bK{scrambled:x}{number}\r\nMax-Forwards: 70\r\n\
         From: \"Caller\" <sip:+1{}@{near}>;tag={:x}\r\nTo: <sip:+44{callee}@{far}>{to_tag}\r\n\
         Call-ID: {scrambled:016x}{call:08x}@{near}\r\nCSeq: {number} {method}\r\nContact: <sip:{near}:5060>\r\n\
         User-Agent: VSW 9.3.1-build 2207\r\n",
        2_025_550_100_u64 + call % 100,
        scrambled >> 32,
    )?;
    if !sdp.is_empty() {
        text.push_str("Content-Type: application/sdp\r\n");
    }
    write!(text, "Content-Length: {}\r\n\r\n{sdp}", sdp.len())
}
