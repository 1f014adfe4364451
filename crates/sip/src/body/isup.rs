//! The SS7 message inside SIP-I and SIP-T: its type, and of an IAM who calls whom as the telephone network sees it
//! (ITU-T Q.763; ANSI T1.113 where the content type says so). Everything else of ISUP is left alone.

use arrayvec::ArrayVec;
use types::{Layer, Malformed, Reader, Why};

use super::{Part, parameter};

/// Digits of one number; Q.763 numbers have 15 to 18, and a few with routing prefixes more.
pub const DIGITS_MAX: usize = 32;

/// Optional parameters read of one message.
const PARAMETERS_MAX: usize = 64;

/// ISUP message types that calls are made of (Q.763 Table 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageType {
    /// IAM: a call begins.
    InitialAddress,
    /// SAM: more digits of the called number.
    SubsequentAddress,
    /// ACM: the called exchange has all digits.
    AddressComplete,
    /// CON: ACM and ANM in one.
    Connect,
    /// ANM: the callee answers.
    Answer,
    /// CPG: something happened on the way, ringing for one.
    CallProgress,
    /// REL: the call ends.
    Release,
    /// RLC: the circuit is free.
    ReleaseComplete,
    /// SUS: the callee hung up, the caller has not.
    Suspend,
    /// RES: the callee is back.
    Resume,
    /// Any other, by its number.
    Other(u8),
}

/// How a number is to be read (Q.763 §3.9, nature of address).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nature {
    /// A subscriber of the local area.
    Subscriber,
    /// A number with its area code, without the country's.
    National,
    /// A number with its country code.
    International,
    /// Known to one network only.
    NetworkSpecific,
    /// Unknown, or a value this crate has no word for.
    Other(u8),
}

/// Whether the callee may see a calling number (Q.763 §3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are those of the recommendation")]
pub enum Presentation {
    Allowed,
    Restricted,
    NotAvailable,
    Reserved,
}

/// Who vouches for a calling number (Q.763 §3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Screening {
    /// The user gave it and nobody checked.
    UserUnverified,
    /// The user gave it and the network checked it.
    UserVerified,
    /// The user gave it and it did not pass the network's check.
    UserFailed,
    /// The network gave it.
    Network,
}

/// A party number where it lies in a message: personal data, so `Debug` shows no digit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Number<'a> {
    /// How it is to be read.
    pub nature: Nature,
    /// Whether it is of the telephone numbering plan (E.164).
    pub is_e164: bool,
    packed: &'a [u8],
    odd: bool,
}

/// A calling party's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calling<'a> {
    /// The number.
    pub number: Number<'a>,
    /// Whether the callee may see it.
    pub presentation: Presentation,
    /// Who vouches for it.
    pub screening: Screening,
}

/// An ISUP message, as far as it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Isup<'a> {
    /// Its type.
    pub message_type: MessageType,
    /// IAM: the calling party's category (10 ordinary, 15 pay phone, 13 test call; Q.763 §3.11).
    pub category: Option<u8>,
    /// IAM: whom the caller calls.
    pub called: Option<Number<'a>>,
    /// IAM: who calls.
    pub calling: Option<Calling<'a>>,
    /// IAM: who diverted the call here last.
    pub redirecting: Option<Calling<'a>>,
    /// REL: why the call ends (Q.850).
    pub cause: Option<u8>,
}

impl<'a> Isup<'a> {
    /// Reads an ISUP part, which begins with the message type: SIP has no circuit numbers.
    ///
    /// # Errors
    /// [`Malformed`] when it is empty, or is an IAM that ends before its called number.
    pub fn parse(part: &Part<'a>) -> Result<Self, Malformed> {
        let says = |name: &[u8]| {
            parameter(part.content_type, name)
                .and_then(|value| value.get(..4))
                .is_some_and(|base| base.eq_ignore_ascii_case(b"ansi"))
        };
        Self::parse_bytes(part.content, says(b"base") || says(b"version"))
    }

    fn parse_bytes(bytes: &'a [u8], ansi: bool) -> Result<Self, Malformed> {
        let mut reader = Reader::new(Layer::Sip, bytes);
        let message_type = MessageType::of(reader.u8()?);
        let mut isup =
            Self { message_type, category: None, called: None, calling: None, redirecting: None, cause: None };
        match message_type {
            MessageType::InitialAddress => isup.initial_address(&mut reader, ansi)?,
            // The pointer to the cause stands right behind the type; the cause is its second octet.
            MessageType::Release => {
                let cause = variable(reader.rest(), 0);
                isup.cause = cause.and_then(|cause| cause.get(1)).map(|octet| octet & 0x7f);
            }
            _ => {}
        }
        Ok(isup)
    }

    /// The fixed part, then pointers to the called number and to the optional part. Where ITU-T ends the fixed part with
    /// the transmission medium, ANSI points to the user service first.
    fn initial_address(&mut self, reader: &mut Reader<'a>, ansi: bool) -> Result<(), Malformed> {
        let &[_nature, _forward, _indicators, category] = reader.array()?;
        self.category = Some(category);
        if !ansi {
            reader.u8()?;
        }
        let pointers = reader.rest();
        let (called, optional) = if ansi { (1, 2) } else { (0, 1) };
        let called = variable(pointers, called).ok_or_else(|| reader.malformed(Why::Length))?;
        self.called = Number::parse(called).map(|(number, _)| number);
        let from = pointers.get(optional).filter(|pointer| **pointer != 0);
        let Some(mut rest) = from.and_then(|pointer| pointers.get(optional + usize::from(*pointer)..)) else {
            return Ok(());
        };
        for _ in 0..PARAMETERS_MAX {
            let &[code, length, ref after @ ..] = rest else { break };
            let Some((value, after)) = after.split_at_checked(usize::from(length)) else { break };
            match code {
                0 => break,
                0x0a => self.calling = Calling::parse(value),
                0x0b => self.redirecting = Calling::parse(value),
                _ => {}
            }
            rest = after;
        }
        Ok(())
    }
}

/// The variable parameter that the pointer at `place` points to: an offset from itself to a length, then the value.
fn variable(pointers: &[u8], place: usize) -> Option<&[u8]> {
    let from = place + usize::from(*pointers.get(place)?);
    let length = usize::from(*pointers.get(from)?);
    pointers.get(from + 1..from + 1 + length)
}

impl MessageType {
    const fn of(number: u8) -> Self {
        match number {
            0x01 => Self::InitialAddress,
            0x02 => Self::SubsequentAddress,
            0x06 => Self::AddressComplete,
            0x07 => Self::Connect,
            0x09 => Self::Answer,
            0x0c => Self::Release,
            0x0d => Self::Suspend,
            0x0e => Self::Resume,
            0x10 => Self::ReleaseComplete,
            0x2c => Self::CallProgress,
            other => Self::Other(other),
        }
    }
}

impl<'a> Number<'a> {
    /// Reads the two octets before the digits and hands out the second with the number.
    fn parse(value: &'a [u8]) -> Option<(Self, u8)> {
        let [first, second, packed @ ..] = value else { return None };
        let nature = match first & 0x7f {
            1 => Nature::Subscriber,
            3 => Nature::National,
            4 => Nature::International,
            5 => Nature::NetworkSpecific,
            other => Nature::Other(other),
        };
        Some((Self { nature, is_e164: second >> 4 & 7 == 1, packed, odd: first & 0x80 != 0 }, *second))
    }

    /// The digits as ASCII, without the end-of-pulsing signal and other overdecadic codes.
    #[must_use]
    pub fn digits(&self) -> ArrayVec<u8, DIGITS_MAX> {
        let nibbles = (self.packed.len() * 2).saturating_sub(usize::from(self.odd));
        let codes = self.packed.iter().flat_map(|octet| [octet & 0xf, octet >> 4]).take(nibbles);
        codes.filter(|code| *code < 10).map(|code| b'0' + code).take(DIGITS_MAX).collect()
    }
}

impl std::fmt::Debug for Number<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}, {} digits", self.nature, self.digits().len())
    }
}

impl<'a> Calling<'a> {
    fn parse(value: &'a [u8]) -> Option<Self> {
        let (number, second) = Number::parse(value)?;
        let presentation = match second >> 2 & 3 {
            0 => Presentation::Allowed,
            1 => Presentation::Restricted,
            2 => Presentation::NotAvailable,
            _ => Presentation::Reserved,
        };
        let screening = match second & 3 {
            0 => Screening::UserUnverified,
            1 => Screening::UserVerified,
            2 => Screening::UserFailed,
            _ => Screening::Network,
        };
        Some(Self { number, presentation, screening })
    }
}
