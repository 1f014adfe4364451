//! IEEE 802.11 data frames in clear text: from the MAC header to the LLC header behind it.

use types::{Layer, Reader};

use crate::layers::{Kind, Step, Undecoded};

/// Reads a frame from its frame control field on (IEEE 802.11-2020 §9.2.4.1, §9.3.2.1). `padded` says that the MAC
/// header is filled up to a multiple of four bytes, as some drivers do and radiotap tells.
pub(crate) fn frame(bytes: &[u8], padded: bool) -> Step<'_> {
    const VERSION: u8 = 0x03;
    const DATA: u8 = 2;
    const NO_DATA: u8 = 0x40;
    const QOS: u8 = 0x80;
    const TO_AND_FROM_DS: u8 = 0x03;
    const PROTECTED: u8 = 0x40;
    const ORDER: u8 = 0x80;
    const AGGREGATE: u8 = 0x80;
    let mut reader = Reader::new(Layer::Link, bytes);
    let &[first, second] = reader.array()?;
    // The version is always 0. Where it is not, a controller of Cisco's swapped the two bytes, as they do in CAPWAP.
    let (control, flags) = if first & VERSION == 0 { (first, second) } else { (second, first) };
    if control & VERSION != 0 {
        return Err(Undecoded::Malformed);
    }
    if control >> 2 & 0x03 != DATA || control & NO_DATA != 0 {
        return Err(Undecoded::WlanControl);
    }
    // Duration, three addresses, sequence control.
    reader.take(22)?;
    if flags & TO_AND_FROM_DS == TO_AND_FROM_DS {
        reader.take(6)?;
    }
    let mut aggregate = false;
    if control & QOS != 0 {
        let &[qos, _] = reader.array()?;
        aggregate = qos & AGGREGATE != 0;
        if flags & ORDER != 0 {
            reader.take(4)?;
        }
    }
    if padded && !reader.at().is_multiple_of(4) {
        reader.take(2)?;
    }
    if flags & PROTECTED != 0 {
        return decrypted(reader.rest());
    }
    if aggregate {
        return first_of_aggregate(reader);
    }
    Ok((Kind::Llc, reader.rest()))
}

/// A station that captures its own traffic hands it up decrypted, the flag still set and the initialisation vector, of
/// WEP or of CCMP, often still there: an LLC header in clear behind it tells.
fn decrypted(body: &[u8]) -> Step<'_> {
    for vector in [0, 4, 8] {
        if let Some(clear @ [0xaa, 0xaa, 0x03, ..]) = body.get(vector..) {
            return Ok((Kind::Llc, clear));
        }
    }
    Err(Undecoded::Encrypted)
}

/// An A-MSDU (§9.3.2.2) holds several packets; the walk has one path and follows the first.
fn first_of_aggregate(mut reader: Reader<'_>) -> Step<'_> {
    reader.take(12)?;
    let length = usize::from(reader.u16()?);
    Ok((Kind::Llc, reader.rest().get(..length).unwrap_or(reader.rest())))
}
