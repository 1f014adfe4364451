//! One session description: every view of it is asked, and what is kept is bounded.

use sip::sdp::{CANDIDATES_MAX, CODECS_MAX, MEDIA_MAX, SSRCS_MAX, Sdp};

pub fn check(bytes: &[u8]) {
    let Ok(sdp) = Sdp::parse(bytes) else { return };
    let _ = (sdp.origin(), sdp.name(), sdp.defects().is_empty(), format!("{sdp:?}"));
    assert!(sdp.media().len() <= MEDIA_MAX);
    let _ = sdp.bundles().map(Iterator::count).sum::<usize>();
    let _ = sdp.attributes(b"group").count();
    for media in sdp.media() {
        let codecs = media.codecs();
        assert!(codecs.len() <= CODECS_MAX && codecs.iter().all(|codec| codec.payload_type < 128));
        let _ = codecs.iter().filter(|codec| codec.is_telephone_event() || codec.is_comfort_noise()).count();
        assert!(media.candidates().count() <= CANDIDATES_MAX && media.ssrcs().len() <= SSRCS_MAX);
        if let Some(rtp) = media.rtp() {
            assert!(rtp.port != 0 && !rtp.ip.is_unspecified() && !media.is_rejected());
        }
        assert!(media.rtcp().is_none_or(|rtcp| rtcp.port != 0 && media.rtp().is_some()));
        let _ = (media.is_hold(), media.t38(), media.fingerprint(), media.crypto_suites().count());
        let _ = (media.bandwidths().count(), media.candidates_ended(), media.attributes(b"rtpmap").count());
        let _ = (media.mid(), media.setup(), media.ptime_ms(), media.formats(), media.direction());
    }
}
