//! RTCP as it lies in a datagram: compound packets (RFC 3550 §6), reduced-size ones (RFC 5506), extended reports
//! (RFC 3611) and feedback (RFC 4585). What the reports add up to is in [`crate::Reports`].

use types::{Layer, Malformed, Reader, Why};

/// Packets looked at in one datagram: a mixer's largest compound has fewer.
const PACKETS_MAX: usize = 32;
/// Report blocks of an extended report that are looked at.
const XR_BLOCKS_MAX: usize = 16;
/// Items of one source description that are looked at.
const SDES_ITEMS_MAX: usize = 16;

/// One datagram of RTCP.
#[derive(Clone, Copy, Debug)]
pub struct Compound<'a> {
    first: &'a [u8],
    plain: bool,
}

impl<'a> Compound<'a> {
    /// Walks the lengths of a datagram's packets.
    ///
    /// Under SRTCP only the first eight bytes are in the clear, and an index and a tag follow (RFC 3711 §3.4). Such a
    /// datagram is told by its lengths, which then do not end where it does; it has no packets for us.
    ///
    /// # Errors
    /// [`Why::Version`] where it is no RTCP, [`Why::Short`] where it ends within its first packet.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(Layer::Rtcp, bytes);
        let _first = Raw::parse(&mut reader)?;
        let mut plain = true;
        for _ in 1..PACKETS_MAX {
            if reader.is_empty() {
                break;
            }
            plain &= Raw::parse(&mut reader).is_ok();
            if !plain {
                break;
            }
        }
        Ok(Self { first: bytes, plain })
    }

    /// Whether its contents are encrypted, or cut off.
    #[must_use]
    pub const fn is_protected(&self) -> bool {
        !self.plain
    }

    /// Its packets; none when they are encrypted. Packets whose contents do not fit them are left out.
    pub fn packets(&self) -> impl Iterator<Item = Rtcp<'a>> + use<'a> {
        let mut reader = Reader::new(Layer::Rtcp, if self.plain { self.first } else { &[] });
        let raws = std::iter::from_fn(move || Raw::parse(&mut reader).ok());
        raws.take(PACKETS_MAX).filter_map(|raw| raw.read().ok())
    }
}

/// A packet's common header and its contents.
#[derive(Clone, Copy)]
struct Raw<'a> {
    count: u8,
    packet_type: u8,
    contents: &'a [u8],
}

impl<'a> Raw<'a> {
    fn parse(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let &[flags, packet_type, l0, l1] = reader.array::<4>()?;
        if flags >> 6 != 2 || !matches!(packet_type, 192..=223) {
            return Err(reader.malformed(Why::Version));
        }
        let all = reader.take(usize::from(u16::from_be_bytes([l0, l1])) * 4)?;
        // Lenient: padding that does not fit is none; under SRTP its count is encrypted.
        let padding = match all.last() {
            Some(&count) if flags & 0x20 != 0 => usize::from(count),
            _ => 0,
        };
        let contents = all.get(..all.len().saturating_sub(padding)).filter(|kept| !kept.is_empty()).unwrap_or(all);
        Ok(Self { count: flags & 0x1f, packet_type, contents })
    }

    fn read(self) -> Result<Rtcp<'a>, Malformed> {
        let mut reader = Reader::new(Layer::Rtcp, self.contents);
        Ok(match self.packet_type {
            200 => {
                let ssrc = reader.u32()?;
                let sent = Sent {
                    ntp: u64::from(reader.u32()?) << 32 | u64::from(reader.u32()?),
                    timestamp: reader.u32()?,
                    packets: reader.u32()?,
                    octets: reader.u32()?,
                };
                Rtcp::SenderReport { ssrc, sent, blocks: self.blocks(reader)? }
            }
            201 => Rtcp::ReceiverReport { ssrc: reader.u32()?, blocks: self.blocks(reader)? },
            202 => Rtcp::Sdes(Sdes { chunks: self.count, bytes: self.contents }),
            203 => {
                let (ssrcs, _) = reader.take(usize::from(self.count) * 4)?.as_chunks::<4>();
                Rtcp::Bye { ssrcs: Ssrcs(ssrcs) }
            }
            204 => Rtcp::App { ssrc: reader.u32()?, name: *reader.array()? },
            205 | 206 => Rtcp::Feedback {
                of_payload: self.packet_type == 206,
                format: self.count,
                ssrc: reader.u32()?,
                media_ssrc: reader.u32()?,
            },
            207 => Rtcp::Extended { ssrc: reader.u32()?, blocks: XrBlocks { bytes: reader.rest() } },
            other => Rtcp::Other(other),
        })
    }

    fn blocks(self, mut reader: Reader<'a>) -> Result<ReportBlocks<'a>, Malformed> {
        let (blocks, _) = reader.take(usize::from(self.count) * 24)?.as_chunks::<24>();
        Ok(ReportBlocks(blocks))
    }
}

/// One packet of RTCP.
#[derive(Clone, Copy, Debug)]
pub enum Rtcp<'a> {
    /// What a sender sent and what it received (RFC 3550 §6.4.1).
    SenderReport {
        /// Who reports.
        ssrc: u32,
        /// What it sent so far.
        sent: Sent,
        /// What it received from others.
        blocks: ReportBlocks<'a>,
    },
    /// What somebody who sends nothing received (RFC 3550 §6.4.2).
    ReceiverReport {
        /// Who reports.
        ssrc: u32,
        /// What it received from others.
        blocks: ReportBlocks<'a>,
    },
    /// Who the sources are (RFC 3550 §6.5).
    Sdes(Sdes<'a>),
    /// Who leaves (RFC 3550 §6.6).
    Bye {
        /// The sources that leave.
        ssrcs: Ssrcs<'a>,
    },
    /// An application's own (RFC 3550 §6.7).
    App {
        /// Who sent it.
        ssrc: u32,
        /// Its four letters.
        name: [u8; 4],
    },
    /// Extended reports (RFC 3611).
    Extended {
        /// Who reports.
        ssrc: u32,
        /// The reports.
        blocks: XrBlocks<'a>,
    },
    /// Feedback (RFC 4585 §6.1).
    Feedback {
        /// Of the payload (206), else of the transport (205).
        of_payload: bool,
        /// The message type.
        format: u8,
        /// Who sent it.
        ssrc: u32,
        /// The source it is about.
        media_ssrc: u32,
    },
    /// A packet type without a reader of ours.
    Other(u8),
}

/// A sender's account of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The sender's wall clock, NTP format: seconds since 1900 and 2^-32 of them.
    pub ntp: u64,
    /// The same instant on the clock of its timestamps.
    pub timestamp: u32,
    /// Packets sent.
    pub packets: u32,
    /// Payload octets sent.
    pub octets: u32,
}

impl Sent {
    /// The middle 32 bits of the NTP time, by which reception reports name this report.
    #[must_use]
    pub const fn ntp_middle(&self) -> u32 {
        (self.ntp >> 16) as u32
    }
}

/// Reception reports of one packet, at most 31.
#[derive(Clone, Copy, Debug)]
pub struct ReportBlocks<'a>(&'a [[u8; 24]]);

impl ReportBlocks<'_> {
    /// Each report.
    pub fn iter(&self) -> impl Iterator<Item = ReportBlock> + '_ {
        self.0.iter().map(ReportBlock::read)
    }
}

/// What somebody received of one source (RFC 3550 §6.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportBlock {
    /// The source.
    pub ssrc: u32,
    /// 256ths of the packets since the previous report that were lost.
    pub fraction_lost: u8,
    /// Packets lost since the beginning: a signed 24-bit count, since duplicates can make it negative.
    pub lost: i32,
    /// Highest sequence number received, with its cycles above.
    pub highest: u32,
    /// Interarrival jitter in ticks of the source's clock.
    pub jitter: u32,
    /// The middle of the NTP time of the last sender report received; 0 for none.
    pub last_sender_report: u32,
    /// How long ago that was, in 65,536ths of a second.
    pub delay: u32,
}

impl ReportBlock {
    fn read(bytes: &[u8; 24]) -> Self {
        let [s0, s1, s2, s3, fraction_lost, l0, l1, l2, h0, h1, h2, h3, j0, j1, j2, j3, r0, r1, r2, r3, d0, d1, d2, d3] =
            *bytes;
        let word = u32::from_be_bytes;
        Self {
            ssrc: word([s0, s1, s2, s3]),
            fraction_lost,
            lost: i32::from_be_bytes([l0, l1, l2, 0]) >> 8,
            highest: word([h0, h1, h2, h3]),
            jitter: word([j0, j1, j2, j3]),
            last_sender_report: word([r0, r1, r2, r3]),
            delay: word([d0, d1, d2, d3]),
        }
    }
}

/// A list of sources.
#[derive(Clone, Copy, Debug)]
pub struct Ssrcs<'a>(&'a [[u8; 4]]);

impl Ssrcs<'_> {
    /// Each source.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().map(|bytes| u32::from_be_bytes(*bytes))
    }
}

/// Source descriptions of one packet.
#[derive(Clone, Copy, Debug)]
pub struct Sdes<'a> {
    chunks: u8,
    bytes: &'a [u8],
}

impl<'a> Sdes<'a> {
    /// Sources and their canonical names, which may be `user@host`: personal, so to be hashed, not kept.
    pub fn canonical_names(&self) -> impl Iterator<Item = (u32, &'a [u8])> + use<'a> {
        let mut reader = Reader::new(Layer::Rtcp, self.bytes);
        let chunks = std::iter::from_fn(move || sdes_chunk(&mut reader).ok());
        chunks.take(usize::from(self.chunks)).filter_map(|(ssrc, name)| Some((ssrc, name?)))
    }
}

fn sdes_chunk<'a>(reader: &mut Reader<'a>) -> Result<(u32, Option<&'a [u8]>), Malformed> {
    let ssrc = reader.u32()?;
    let mut name = None;
    for _ in 0..SDES_ITEMS_MAX {
        let kind = reader.u8()?;
        if kind == 0 {
            // The list ends with one to four zero bytes, so that the next chunk begins on a word.
            reader.take(reader.rest().len() % 4)?;
            return Ok((ssrc, name));
        }
        let length = reader.u8()?;
        let text = reader.take(usize::from(length))?;
        if kind == 1 {
            name = Some(text);
        }
    }
    Err(reader.malformed(Why::TooMany))
}

/// Report blocks of an extended report.
#[derive(Clone, Copy, Debug)]
pub struct XrBlocks<'a> {
    bytes: &'a [u8],
}

impl<'a> XrBlocks<'a> {
    /// Each block of a type that is read here; others are passed over.
    pub fn iter(&self) -> impl Iterator<Item = XrBlock<'a>> + use<'a> {
        let mut reader = Reader::new(Layer::Rtcp, self.bytes);
        let blocks = std::iter::from_fn(move || xr_block(&mut reader).ok());
        blocks.take(XR_BLOCKS_MAX).flatten()
    }
}

fn xr_block<'a>(reader: &mut Reader<'a>) -> Result<Option<XrBlock<'a>>, Malformed> {
    let &[kind, _, l0, l1] = reader.array::<4>()?;
    let contents = reader.take(usize::from(u16::from_be_bytes([l0, l1])) * 4)?;
    Ok(match (kind, contents) {
        (4, [_, _, n0, n1, n2, n3, ..]) if contents.len() == 8 => {
            Some(XrBlock::ReceiverTime { ntp_middle: u32::from_be_bytes([*n0, *n1, *n2, *n3]) })
        }
        (5, _) => Some(XrBlock::LastReceiverTimes(LastReceiverTimes(contents.as_chunks::<12>().0))),
        (7, _) => contents.first_chunk::<32>().map(|bytes| XrBlock::Voip(VoipMetrics::read(bytes))),
        _ => None,
    })
}

/// A block of an extended report.
#[derive(Clone, Copy, Debug)]
pub enum XrBlock<'a> {
    /// When the receiver sent this, the middle of its NTP time (RFC 3611 §4.4).
    ReceiverTime {
        /// The middle 32 bits.
        ntp_middle: u32,
    },
    /// Answers to the above (RFC 3611 §4.5).
    LastReceiverTimes(LastReceiverTimes<'a>),
    /// What an endpoint heard (RFC 3611 §4.7).
    Voip(VoipMetrics),
}

/// Answers to receiver reference times.
#[derive(Clone, Copy, Debug)]
pub struct LastReceiverTimes<'a>(&'a [[u8; 12]]);

impl LastReceiverTimes<'_> {
    /// Each receiver's SSRC, the middle of its reference time, and the delay since in 65,536ths of a second.
    pub fn iter(&self) -> impl Iterator<Item = (u32, u32, u32)> + '_ {
        self.0.iter().map(|&[s0, s1, s2, s3, r0, r1, r2, r3, d0, d1, d2, d3]| {
            let word = u32::from_be_bytes;
            (word([s0, s1, s2, s3]), word([r0, r1, r2, r3]), word([d0, d1, d2, d3]))
        })
    }
}

/// VoIP metrics (RFC 3611 §4.7): what an endpoint, jitter buffer and all, made of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoipMetrics {
    /// The stream.
    pub ssrc: u32,
    /// 256ths of packets lost.
    pub loss: u8,
    /// 256ths of packets that came too late.
    pub discard: u8,
    /// 256ths lost or discarded within bursts.
    pub burst_density: u8,
    /// The same outside of bursts.
    pub gap_density: u8,
    /// Mean length of a burst, ms.
    pub burst_ms: u16,
    /// Mean length of the time between, ms.
    pub gap_ms: u16,
    /// Round trip as RTCP measured it, ms; 0 where it did not.
    pub round_trip_ms: u16,
    /// Delay within the endpoint, ms.
    pub end_system_ms: u16,
    /// Rating R, where the endpoint gave one.
    pub r: Option<u8>,
    /// Listening quality, tenths of MOS.
    pub mos_listening: Option<u8>,
    /// Conversational quality, tenths of MOS.
    pub mos_conversational: Option<u8>,
    /// Nominal delay of the jitter buffer, ms.
    pub buffer_ms: u16,
}

impl VoipMetrics {
    fn read(bytes: &[u8; 32]) -> Self {
        let [s0, s1, s2, s3, loss, discard, burst_density, gap_density, b0, b1, g0, g1, t0, t1, e0, e1, rest @ ..] =
            *bytes;
        let [_signal, _noise, _echo, _gmin, r, _external, listening, conversational, _config, _, n0, n1, ..] = rest;
        let known = |value: u8| Some(value).filter(|&value| value != 127);
        let half = u16::from_be_bytes;
        Self {
            ssrc: u32::from_be_bytes([s0, s1, s2, s3]),
            loss,
            discard,
            burst_density,
            gap_density,
            burst_ms: half([b0, b1]),
            gap_ms: half([g0, g1]),
            round_trip_ms: half([t0, t1]),
            end_system_ms: half([e0, e1]),
            r: known(r),
            mos_listening: known(listening),
            mos_conversational: known(conversational),
            buffer_ms: half([n0, n1]),
        }
    }
}
