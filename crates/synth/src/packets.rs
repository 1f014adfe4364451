//! Plays scripts as packets: SIP over UDP as several makers write it, and the media, in a capture.
//!
//! What greyline reads from the capture is what [`Scenario::play`](crate::Scenario::play) tells of the same scenario: parties, times to the
//! microsecond, outcome, status and who hung up (`tests/packets.rs`).

mod audio;
mod dialog;
mod file;
mod frames;
mod message;
mod request;
mod stream;
mod tape;

pub use file::{Capture, Format};
pub(crate) use tape::{Tape, inside};

use sip::Message;
use sip::sdp::Sdp;
use sip::stack::Fingerprint;
use types::{E164, Endpoint, Ip};

use crate::script::{Fate, GroupId, Manner, Role, Script, StackId, TrunkId, User};
use crate::stacks::{Stack, vendor};

/// How much media is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// None.
    None,
    /// Five packets of every second and side, as a sender that suppresses silence leaves them: sequence numbers go on,
    /// timestamps leap.
    Sparse,
    /// All fifty.
    Full,
}

/// The fingerprint of what a stack writes, or of what a border element makes of it.
pub(crate) fn fingerprint(stack: Stack, hidden: bool, v6: bool) -> Fingerprint {
    let ip = |last| match v6 {
        false => Ip::v4([192, 0, 2, last]),
        true => Ip::v6([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]),
    };
    let at = |last| Endpoint::new(ip(last), 5060);
    let number = E164::new(441_632_960_001).map(User::Number);
    let script = Script {
        group: GroupId(0),
        role: Role::Own,
        token: 1,
        line: 0,
        at_us: 0,
        ring_after_us: None,
        fate: Fate::Cancelled { after_us: 1 },
        caller: number,
        display: None,
        callee: number.unwrap_or(User::Word("nobody")),
        diverted_by: None,
        other_leg: None,
        trunk: TrunkId(0),
        gate: 0,
        stack: StackId(0),
        attest: None,
        manner: Manner::Talk,
    };
    let leg = message::Leg {
        script: &script,
        caller: script.caller,
        display: b"",
        stack,
        hidden,
        far: stack,
        token: 1,
        source: at(1),
        destination: at(2),
        caller_media: at(1),
        callee_media: at(2),
        domain: "fingerprint.example",
        asserts: false,
        session: None,
    };
    let mut written = Vec::new();
    leg.write(dialog::Part::Invite, &mut written);
    let Ok(invite) = Message::parse(&written) else { return Fingerprint::default() };
    Fingerprint::of(&invite, Sdp::parse(invite.body()).ok().as_ref())
}

/// What answers on the operator's side of a trunk: one of two kinds of equipment.
pub(crate) const fn far_end(trunk: TrunkId) -> Stack {
    Stack::new(if trunk.0 % 3 == 1 { vendor::MEDIA_GATEWAY } else { vendor::BORDER }, 0)
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Writes bytes as base64url without padding (RFC 4648 §5), as PASSporTs want them.
fn base64(bytes: &[u8], out: &mut Vec<u8>) {
    for group in bytes.chunks(3) {
        let mut word = [0; 4];
        word.iter_mut().skip(1).zip(group).for_each(|(place, byte)| *place = *byte);
        let bits = u32::from_be_bytes(word);
        let digit = |place: u32| ALPHABET.get((bits >> (18 - 6 * place) & 63) as usize).copied().unwrap_or(b'A');
        out.extend((0..=group.len() as u32).map(digit));
    }
}
