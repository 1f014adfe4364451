//! SCCP ("Skinny"), the protocol between Cisco's telephones and their server: how its messages are framed, and those of
//! them that name an endpoint.
//!
//! There is no public specification; the layout is the one that Wireshark's dissector and the Asterisk channel drivers
//! agree on. Numbers are little-endian, addresses are in network order.

use types::{Endpoint, Ip};

/// The port of the server (IANA: cisco-sccp).
const PORT: u16 = 2_000;
/// Length and version, before what the length counts.
const HEADER_LEN: usize = 8;
/// These and the kind of the message.
const FRONT_LEN: usize = 12;
/// The longest message waited for, header left out; capabilities of a video telephone take about 2,000 bytes.
const LENGTH_MAX: u32 = 4_096;
/// From this version of the header on an address may be of IPv6.
const VERSION_OF_IPV6: u32 = 17;

/// What the front of a stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Front {
    /// A message of so many bytes.
    Message { length: usize },
    /// It may become one.
    More,
    /// None.
    Other,
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|word| u32::from_le_bytes(*word))
}

/// What the front of a stream is. What its header leaves open is not asked.
pub(crate) fn front(bytes: &[u8]) -> Front {
    let (length, version, kind) = (word(bytes, 0), word(bytes, 4), word(bytes, 8));
    let fits = length.is_none_or(|length| (4..=LENGTH_MAX).contains(&length))
        && version.is_none_or(|version| matches!(version, 0 | 10 | 11 | 15..=22))
        && kind.is_none_or(is_known);
    let whole = length.map(|length| HEADER_LEN + length as usize);
    match whole {
        _ if !fits => Front::Other,
        Some(length) if length <= bytes.len() => Front::Message { length },
        _ => Front::More,
    }
}

/// Whether a stream that begins like this speaks SCCP: on its own port by its first message; on others, since so short
/// a header may be anybody's, by the header of the second too.
pub(crate) fn begins(bytes: &[u8], ports: [u16; 2]) -> Front {
    let first = front(bytes);
    let Front::Message { length } = first else { return first };
    let second = bytes.get(length..).unwrap_or_default();
    match front(second) {
        _ if ports.contains(&PORT) => first,
        Front::More if second.len() < FRONT_LEN => Front::More,
        Front::Other => Front::Other,
        _ => first,
    }
}

/// The kinds of messages that are known.
const fn is_known(kind: u32) -> bool {
    matches!(kind,
        0x00..=0x10 | 0x12 | 0x20..=0x39 | 0x40..=0x4c // from the telephone
        | 0x81..=0x8b | 0x8f..=0x99 | 0x9a..=0x9f | 0x100..=0x160 // from the server
        | 0x8000 | 0x8100 | 0x8101)
}

/// The endpoint that a message names: where its sender receives, or where its receiver shall send to.
pub(crate) fn endpoint(message: &[u8]) -> Option<Endpoint> {
    const OPEN_RECEIVE_CHANNEL_ACK: u32 = 0x22;
    const OPEN_MULTIMEDIA_RECEIVE_CHANNEL_ACK: u32 = 0x31;
    const PORT_RES: u32 = 0x45;
    const START_MEDIA_TRANSMISSION: u32 = 0x8a;
    const START_MULTICAST_MEDIA_RECEPTION: u32 = 0x101;
    const START_MULTICAST_MEDIA_TRANSMISSION: u32 = 0x102;
    const START_MULTIMEDIA_TRANSMISSION: u32 = 0x132;
    const START_MEDIA_TRANSMISSION_ACK: u32 = 0x154;
    const START_MULTIMEDIA_TRANSMISSION_ACK: u32 = 0x155;
    // The words between the kind and the address.
    let before = match word(message, HEADER_LEN)? {
        // The first of them is the status: what was refused names no endpoint.
        OPEN_RECEIVE_CHANNEL_ACK | OPEN_MULTIMEDIA_RECEIVE_CHANNEL_ACK if word(message, HEADER_LEN + 4)? == 0 => 1,
        START_MEDIA_TRANSMISSION | START_MULTICAST_MEDIA_RECEPTION | START_MULTICAST_MEDIA_TRANSMISSION => 2,
        START_MULTIMEDIA_TRANSMISSION | START_MEDIA_TRANSMISSION_ACK | START_MULTIMEDIA_TRANSMISSION_ACK | PORT_RES => {
            3
        }
        _ => return None,
    };
    let at = HEADER_LEN + 4 + before * 4;
    let (ip, port) = if word(message, 4)? < VERSION_OF_IPV6 {
        (v4(message, at)?, word(message, at + 4)?)
    } else {
        let ip = match word(message, at)? {
            0 => v4(message, at + 4)?,
            1 => Ip::v6(*message.get(at + 4..)?.first_chunk()?),
            _ => return None,
        };
        (ip, word(message, at + 20)?)
    };
    let port = u16::try_from(port).ok()?;
    (port != 0 && !ip.is_unspecified()).then(|| Endpoint::new(ip, port))
}

fn v4(message: &[u8], at: usize) -> Option<Ip> {
    message.get(at..)?.first_chunk().map(|bytes| Ip::v4(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message of these words, the address and the port in their places.
    fn message(version: u32, kind: u32, body: &[u32]) -> Vec<u8> {
        let words = [4 + 4 * body.len() as u32, version, kind];
        words.iter().chain(body).flat_map(|word| word.to_le_bytes()).collect()
    }

    fn check(version: u32, kind: u32, body: &[u32], expected: &str) {
        let found = endpoint(&message(version, kind, body));
        assert_eq!(found.map(|found| found.to_string()).unwrap_or_default(), expected, "{version} {kind:#x}");
    }

    const V4: u32 = u32::from_le_bytes([192, 0, 2, 5]);
    const V6: [u32; 4] = [u32::from_le_bytes([0x20, 1, 0xd, 0xb8]), 0, 0, u32::from_le_bytes([0, 0, 0, 1])];

    #[test]
    fn endpoints_stand_where_version_and_kind_say() {
        check(0, 0x22, &[0, V4, 24_576, 7], "192.0.2.5:24576");
        check(20, 0x22, &[0, 0, V4, 0, 0, 0, 24_576, 7], "192.0.2.5:24576");
        check(17, 0x22, &[0, 1, V6[0], V6[1], V6[2], V6[3], 24_576], "[2001:db8::1]:24576");
        check(11, 0x8a, &[1, 2, V4, 24_576, 20, 4], "192.0.2.5:24576");
        check(20, 0x154, &[1, 2, 3, 0, V4, 0, 0, 0, 24_576, 0], "192.0.2.5:24576");
        check(0, 0x132, &[1, 2, 100, V4, 24_576], "192.0.2.5:24576");
    }

    #[test]
    fn what_names_no_endpoint() {
        check(0, 0x22, &[1, V4, 24_576], "");
        check(0, 0x22, &[0, V4, 0], "");
        check(0, 0x22, &[0, 0, 24_576], "");
        check(0, 0x22, &[0, V4, 65_536], "");
        check(0, 0x22, &[0, V4], "");
        check(20, 0x22, &[0, 2, V4, 0, 0, 0, 24_576], "");
        check(0, 0x00, &[0, V4, 24_576], "");
    }

    #[test]
    fn fronts() {
        let keep_alive = message(0, 0, &[]);
        let twice = keep_alive.repeat(2);
        for cut in 0..=twice.len() {
            let whole = Front::Message { length: keep_alive.len() };
            let expected = |enough| if cut < enough { Front::More } else { whole };
            assert_eq!(begins(&twice[..cut], [PORT, 50_000]), expected(12), "{cut}");
            assert_eq!(begins(&twice[..cut], [4_000, 50_000]), expected(24), "{cut}");
        }
        assert_eq!(begins(&[keep_alive.as_slice(), b"hello"].concat(), [4_000; 2]), Front::Other);
        assert_eq!(front(&message(1, 0, &[])), Front::Other);
        assert_eq!(front(&message(0, 0x7000, &[])), Front::Other);
        assert_eq!(front(b"GET / HTTP/1.1\r\n"), Front::Other);
        assert_eq!(front(&[0; 12]), Front::Other);
    }
}
