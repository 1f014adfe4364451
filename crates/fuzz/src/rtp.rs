//! One datagram on a media port: the ways to read it agree.

use rtp::{Header, Kind, Packet, Stun, channel_payload, demux, is_udptl};

pub fn check(bytes: &[u8]) {
    let kind = demux(bytes);
    let _ = is_udptl(bytes);
    let inside = channel_payload(bytes);
    assert!(inside.is_none() || kind == Kind::TurnChannel);
    assert!(inside.is_none_or(|inside| inside.len() + 4 <= bytes.len()));
    if let Some(Stun::Relayed { payload, .. }) = Stun::read(bytes) {
        assert!(payload.len() < bytes.len());
    }
    let header = Header::read(bytes, 0);
    assert!(kind != Kind::Rtp || header.is_some(), "what is taken for RTP has its header");
    assert_eq!(Header::recognise(bytes, 0), header.filter(|_| kind == Kind::Rtp), "in one look, and sorted");
    if let Ok(packet) = Packet::parse(bytes) {
        assert_eq!(Some(packet.header()), header, "the view and the fixed header");
        assert!(packet.csrc().count() <= 15);
        let extension = packet.extension().map_or(0, |(_, extension)| extension.len());
        assert!(packet.payload().len() + extension + usize::from(packet.padding()) + 12 <= bytes.len());
    }
    if kind == Kind::Rtcp {
        let _ = rtp::Compound::parse(bytes).map(|compound| compound.packets().count());
    }
}
