//! Message bodies: a line with the Content-Type, a line with the Content-Encoding, then the body.

use sip::body::isup::Isup;
use sip::body::{Kind, description, parts};

/// More parts than any body may have.
const PARTS_MAX: usize = 256;

pub fn check(bytes: &[u8]) {
    let mut lines = bytes.splitn(3, |&byte| byte == b'\n');
    let (content_type, encoding) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    ask(content_type, Some(encoding).filter(|encoding| !encoding.is_empty()), lines.next().unwrap_or_default());
}

/// Asks a body everything.
pub fn ask(content_type: &[u8], encoding: Option<&[u8]>, body: &[u8]) {
    let mut count = 0;
    for part in parts(content_type, encoding, body) {
        assert!(part.content.len() <= body.len());
        match part.kind {
            Kind::Sdp => crate::sdp::check(part.content),
            Kind::Isup => {
                let Ok(isup) = Isup::parse(&part) else { continue };
                let calling = [isup.calling, isup.redirecting].into_iter().flatten().map(|party| party.number);
                for number in calling.chain(isup.called) {
                    assert!(number.digits().iter().all(u8::is_ascii_digit));
                }
            }
            _ => {}
        }
        count += 1;
    }
    assert!(count <= PARTS_MAX);
    let _ = description(content_type, encoding, body);
}
