//! What of STUN (RFC 8489) says where media flows: the checks of ICE (RFC 8445), whose user name holds what both ends said of
//! themselves in signalling, and media that TURN carries in indications of its own (RFC 8656 §11).

use types::{Endpoint, Ip};

/// Attributes that are read of one message; those that are looked for stand before any that might follow so many.
const ATTRIBUTES_MAX: usize = 16;
/// The magic cookie of RFC 8489 §5.
const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];

const BINDING_REQUEST: u16 = 0x0001;
const SEND_INDICATION: u16 = 0x0016;
const DATA_INDICATION: u16 = 0x0017;
const USERNAME: u16 = 0x0006;
const XOR_PEER_ADDRESS: u16 = 0x0012;
const DATA: u16 = 0x0013;

/// What a STUN message says of media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stun<'a> {
    /// Whether a path carries what both ends send is being checked (RFC 8445 §7.2.2).
    Check {
        /// What the end that it is sent to called itself (`a=ice-ufrag`).
        receiver: &'a [u8],
        /// What its sender did.
        sender: &'a [u8],
    },
    /// A datagram on its way through a relay, between the relay's client and its peer.
    Relayed {
        /// The end that is not in the way of the message itself.
        peer: Endpoint,
        /// Whether it goes to the peer or comes from it.
        to_peer: bool,
        /// What is in it.
        payload: &'a [u8],
    },
}

impl<'a> Stun<'a> {
    /// Reads a datagram that [is STUN](crate::Kind::Stun); `None` where it says nothing of media.
    #[must_use]
    pub fn read(datagram: &'a [u8]) -> Option<Self> {
        let (&[k0, k1, _, _], rest) = datagram.split_first_chunk::<4>()?;
        let (cookie, rest) = rest.split_first_chunk::<4>()?;
        let (transaction, attributes) = rest.split_first_chunk::<12>()?;
        if *cookie != COOKIE {
            return None;
        }
        match u16::from_be_bytes([k0, k1]) {
            BINDING_REQUEST => {
                let name = find(attributes, USERNAME)?;
                let colon = name.iter().position(|&byte| byte == b':')?;
                Some(Self::Check { receiver: name.get(..colon)?, sender: name.get(colon + 1..)? })
            }
            kind @ (SEND_INDICATION | DATA_INDICATION) => {
                let peer = unmasked(find(attributes, XOR_PEER_ADDRESS)?, transaction)?;
                let payload = find(attributes, DATA)?;
                Some(Self::Relayed { peer, to_peer: kind == SEND_INDICATION, payload })
            }
            _ => None,
        }
    }
}

/// The value of the first attribute of a kind.
fn find(mut attributes: &[u8], wanted: u16) -> Option<&[u8]> {
    for _ in 0..ATTRIBUTES_MAX {
        let (&[t0, t1, l0, l1], rest) = attributes.split_first_chunk::<4>()?;
        let length = usize::from(u16::from_be_bytes([l0, l1]));
        let value = rest.get(..length)?;
        if u16::from_be_bytes([t0, t1]) == wanted {
            return Some(value);
        }
        attributes = rest.get(length.next_multiple_of(4)..)?;
    }
    None
}

/// An address that was masked so that no box on the way rewrites it (RFC 8489 §14.2).
fn unmasked(value: &[u8], transaction: &[u8; 12]) -> Option<Endpoint> {
    let (&[_, family, p0, p1], masked) = value.split_first_chunk::<4>()?;
    let port = u16::from_be_bytes([p0, p1]) ^ u16::from_be_bytes([COOKIE[0], COOKIE[1]]);
    let mut mask = COOKIE.iter().chain(transaction);
    let mut unmask = |byte: u8| byte ^ mask.next().copied().unwrap_or_default();
    let ip = match family {
        1 => Ip::v4(masked.first_chunk::<4>()?.map(&mut unmask)),
        2 => Ip::v6(masked.first_chunk::<16>()?.map(&mut unmask)),
        _ => return None,
    };
    Some(Endpoint::new(ip, port))
}
