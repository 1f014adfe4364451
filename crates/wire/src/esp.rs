//! ESP (RFC 4303), which is not always encrypted: IMS phones register with NULL encryption (RFC 2410, 3GPP TS 33.203),
//! and their signalling then lies behind eight bytes in clear.
//!
//! Nothing in the header says so. RFC 5879 lists what gives it away: a trailer whose padding counts up, and content
//! whose own lengths end exactly where the trailer begins. Random bytes pass by chance about once in 2^32 packets.

use crate::ip;
use crate::layers::{Encapsulation, Kind, Step, Undecoded, Worn};

/// Bytes of initialisation vector and of integrity check value, the common ones first: HMAC-MD5-96 and HMAC-SHA1-96,
/// HMAC-SHA2-256, AES-GMAC (RFC 4543), HMAC-SHA2-384 and -512, none.
const LAYOUTS: [(usize, usize); 6] = [(0, 12), (0, 16), (8, 16), (0, 24), (0, 32), (0, 0)];

/// Reads an ESP packet from its security parameters index on, of which the capture cut off `missing` bytes.
pub(crate) fn header<'a>(missing: u32, bytes: &'a [u8], worn: &mut Worn) -> Step<'a> {
    let (_, body) = bytes.split_first_chunk::<8>().ok_or(Undecoded::CutHeader)?;
    worn.wear(Encapsulation::Esp);
    // Without the trailer there is nothing to tell by.
    if missing > 0 {
        return Err(Undecoded::Encrypted);
    }
    let (protocol, content) =
        LAYOUTS.into_iter().find_map(|(vector, check)| clear(body, vector, check)).ok_or(Undecoded::Encrypted)?;
    Ok((Kind::Inside(protocol), content))
}

/// The next header and the content, if the body reads as clear text between a vector and a check value of these lengths.
fn clear(body: &[u8], vector: usize, check: usize) -> Option<(u8, &[u8])> {
    let signed = body.get(vector..body.len().checked_sub(check)?)?;
    let (content, &[padding, protocol]) = signed.split_last_chunk::<2>()?;
    let (content, padding) = content.split_at_checked(content.len().checked_sub(usize::from(padding))?)?;
    // RFC 4303 §2.4: 1, 2, 3, ...
    let counts_up = padding.iter().zip(1_u8..).all(|(&byte, count)| byte == count);
    (counts_up && agrees(protocol, content)).then_some((protocol, content))
}

/// Whether the content is what the next header says, to the byte.
fn agrees(protocol: u8, content: &[u8]) -> bool {
    let length = |high, low| usize::from(u16::from_be_bytes([high, low])) == content.len();
    match (protocol, content) {
        (ip::protocol::IPV4, &[first, _, high, low, ..]) => first >> 4 == 4 && first & 0x0f >= 5 && length(high, low),
        (ip::protocol::IPV6, &[first, _, _, _, high, low, ..]) => {
            first >> 4 == 6 && usize::from(u16::from_be_bytes([high, low])) + 40 == content.len()
        }
        (ip::protocol::UDP, &[_, _, _, _, high, low, _, _, ..]) => length(high, low),
        (ip::protocol::TCP, _) => is_segment(content),
        _ => false,
    }
}

/// TCP tells no length, so all its other promises must hold: offset within the segment, reserved bits zero, an urgent
/// pointer only with its flag, flags that go together.
fn is_segment(content: &[u8]) -> bool {
    let Some(&[_, _, _, _, _, _, _, _, _, _, _, _, offset, flags, _, _, _, _, urgent_high, urgent_low]) =
        content.first_chunk::<20>()
    else {
        return false;
    };
    const FIN: u8 = 0x01;
    const SYN: u8 = 0x02;
    const RST: u8 = 0x04;
    const URG: u8 = 0x20;
    let header = usize::from(offset >> 4) * 4;
    let urgent = [urgent_high, urgent_low] != [0, 0];
    (20..=content.len()).contains(&header)
        && offset & 0x0f == 0
        && (!urgent || flags & URG != 0)
        && (flags & SYN == 0 || flags & (FIN | RST) == 0)
}
