//! One HEP packet: version 3 is chunks of type, length and value; versions 1 and 2 are a fixed header before the payload.

use types::{Endpoint, Ip, Layer, Malformed, Nanos, Reader, Why};

/// Most chunks looked at in one packet. Kamailio sends fourteen, heplify seventeen.
pub const CHUNKS_MAX: usize = 64;

/// What version 3 begins with.
const MAGIC: &[u8; 4] = b"HEP3";

/// Address families, as Linux and the BSDs number them: the IPv6 of versions 1 and 2 is that of the sender's system.
const AF_INET: u8 = 2;
const AF_INET6: [u8; 4] = [10, 24, 28, 30];

/// What a payload is, by chunk 11 of the HEP3 definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A SIP message.
    Sip,
    /// An RTP packet.
    Rtp,
    /// RTCP: a compound packet, or what a sender made of one in JSON.
    Rtcp,
    /// MGCP or Megaco.
    Gateway,
    /// A line of a log.
    Log,
    /// Anything else, by its number.
    Other(u8),
}

impl Kind {
    const fn of(number: u8) -> Self {
        match number {
            1 => Self::Sip,
            4 => Self::Rtp,
            5 => Self::Rtcp,
            6 | 7 => Self::Gateway,
            100 => Self::Log,
            other => Self::Other(other),
        }
    }
}

/// What a HEP packet says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// When the sender saw it; version 1 does not say.
    pub at: Option<Nanos>,
    /// Where the payload came from.
    pub source: Endpoint,
    /// Where it went.
    pub destination: Endpoint,
    /// The protocol number of IP it travelled under.
    pub protocol: u8,
    /// What the payload is.
    pub kind: Kind,
    /// The number of the capture agent.
    pub agent: u32,
    /// The key by which the agent says who it is.
    pub key: Option<&'a [u8]>,
    /// What was seen.
    pub payload: &'a [u8],
    /// Whether the payload is under zlib or gzip.
    pub compressed: bool,
}

impl<'a> Packet<'a> {
    /// Reads a packet of any version.
    ///
    /// # Errors
    /// What is none, what is cut, and a version 3 that does not say from where to where.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(Layer::Hep, bytes);
        match bytes.first() {
            Some(1 | 2) => Self::fixed(&mut reader),
            _ => Self::chunked(&mut reader),
        }
    }

    fn chunked(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        if reader.array::<4>()? != MAGIC {
            return Err(reader.malformed(Why::Version));
        }
        let whole = usize::from(reader.u16()?);
        let inside = whole.checked_sub(6).ok_or_else(|| reader.malformed(Why::Length))?;
        let mut chunks = Reader::new(Layer::Hep, reader.take(inside)?);
        let mut said = Said::default();
        for _ in 0..CHUNKS_MAX {
            if chunks.is_empty() {
                return said.packet().ok_or_else(|| chunks.malformed(Why::Grammar));
            }
            let (vendor, kind, length) = (chunks.u16()?, chunks.u16()?, chunks.u16()?);
            let length = length.checked_sub(6).ok_or_else(|| chunks.malformed(Why::Length))?;
            let value = chunks.take(usize::from(length))?;
            // Chunks of a vendor's own are for that vendor's programs.
            if vendor == 0 {
                said.on_chunk(kind, Reader::new(Layer::Hep, value))?;
            }
        }
        Err(chunks.malformed(Why::TooMany))
    }

    /// Versions 1 and 2. The length they state covers the header and the addresses, and of some senders the time too, so the
    /// payload begins where these end.
    fn fixed(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let &[version, _, family, protocol] = reader.array::<4>()?;
        let ports = (reader.u16()?, reader.u16()?);
        let (from, to) = match family {
            AF_INET => (Ip::v4(*reader.array()?), Ip::v4(*reader.array()?)),
            six if AF_INET6.contains(&six) => (Ip::v6(*reader.array()?), Ip::v6(*reader.array()?)),
            _ => return Err(reader.malformed(Why::BadNumber)),
        };
        let (at, agent) = if version == 2 { time(reader.array()?) } else { (None, 0) };
        Ok(Self {
            at,
            source: Endpoint::new(from, ports.0),
            destination: Endpoint::new(to, ports.1),
            protocol,
            kind: Kind::Sip,
            agent,
            key: None,
            payload: reader.rest(),
            compressed: false,
        })
    }
}

/// The time header of version 2, in the byte order of the sender's machine: that in which its microseconds are some.
fn time(header: &[u8; 12]) -> (Option<Nanos>, u32) {
    let &[a, b, c, d, e, f, g, h, i, j, ..] = header;
    let little = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]), u16::from_le_bytes([i, j]));
    let big = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]), u16::from_be_bytes([i, j]));
    let sound = |&(_, micros, _): &(u32, u32, u16)| micros < 1_000_000;
    match [little, big].into_iter().find(sound) {
        Some((secs, micros, agent)) => {
            (Some(Nanos::from_parts(u64::from(secs), u64::from(micros) * 1_000)), u32::from(agent))
        }
        None => (None, 0),
    }
}

/// What the chunks have said so far.
#[derive(Default)]
struct Said<'a> {
    protocol: Option<u8>,
    from: Option<Ip>,
    to: Option<Ip>,
    ports: (u16, u16),
    secs: Option<u32>,
    micros: u32,
    kind: Option<Kind>,
    agent: u32,
    key: Option<&'a [u8]>,
    payload: &'a [u8],
    compressed: bool,
}

impl<'a> Said<'a> {
    fn on_chunk(&mut self, kind: u16, mut value: Reader<'a>) -> Result<(), Malformed> {
        match kind {
            2 => self.protocol = Some(value.u8()?),
            3 => self.from = Some(Ip::v4(*value.array()?)),
            4 => self.to = Some(Ip::v4(*value.array()?)),
            5 => self.from = Some(Ip::v6(*value.array()?)),
            6 => self.to = Some(Ip::v6(*value.array()?)),
            7 => self.ports.0 = value.u16()?,
            8 => self.ports.1 = value.u16()?,
            9 => self.secs = Some(value.u32()?),
            10 => self.micros = value.u32()?,
            11 => self.kind = Some(Kind::of(value.u8()?)),
            12 => self.agent = value.u32()?,
            14 => self.key = Some(value.rest()),
            15 | 16 => (self.payload, self.compressed) = (value.rest(), kind == 16),
            // Address family, keep-alive, correlation, VLAN, addresses of Ethernet, figures: nobody needs them here.
            _ => {}
        }
        Ok(())
    }

    /// The packet, where it is said from where to where, both of one IP version.
    fn packet(self) -> Option<Packet<'a>> {
        let (from, to) = self.from.zip(self.to).filter(|(from, to)| from.is_v4() == to.is_v4())?;
        let micros = u64::from(self.micros);
        Some(Packet {
            at: self.secs.map(|secs| Nanos::from_parts(u64::from(secs), micros * 1_000)),
            source: Endpoint::new(from, self.ports.0),
            destination: Endpoint::new(to, self.ports.1),
            protocol: self.protocol.unwrap_or(17),
            kind: self.kind.unwrap_or(Kind::Sip),
            agent: self.agent,
            key: self.key,
            payload: self.payload,
            compressed: self.compressed,
        })
    }
}
