//! One payload as a SIP message: every view of it is asked, and what they show lies in the payload, in order.

use sip::stack::Fingerprint;
use sip::{Contact, Content, HeaderName, Message, NameAddr, Uri, recognise, text};

pub fn check(bytes: &[u8]) {
    let content = recognise(bytes);
    let _ = (Uri::parse(bytes), NameAddr::parse(bytes).map(|address| address.defects()));
    let _ =
        (text::list(bytes).count(), text::pieces(bytes).count(), text::unescaped(bytes).count(), text::number(bytes));
    let Ok(message) = Message::parse(bytes) else {
        assert_ne!(content, Content::Sip, "what is recognised has a start line");
        return;
    };
    let end = |part: &[u8]| part.as_ptr() as usize + part.len();
    let whole = bytes.as_ptr() as usize..=end(bytes);
    for part in [message.body(), message.rest()].into_iter().filter(|part| !part.is_empty()) {
        assert!(whole.contains(&(part.as_ptr() as usize)) && whole.contains(&end(part)));
    }
    let headers = message.headers();
    let mut last = *whole.start();
    let mut count = 0;
    for field in headers.iter() {
        for part in [field.name, field.value].into_iter().filter(|part| !part.is_empty()) {
            assert!(part.as_ptr() as usize >= last, "fields in order");
            last = end(part);
        }
        assert!(whole.contains(&last));
        assert!(headers.has(field.id) && headers.all(field.id).any(|value| value == field.value), "{field:?}");
        assert_eq!(HeaderName::of(field.name), field.id);
        count += 1;
    }
    assert_eq!(count, headers.len());
    ask(&message);
}

/// Asks a message everything.
pub fn ask(message: &Message<'_>) {
    let defects = message.inspect();
    assert!(message.defects().iter().all(|defect| defects.iter().any(|other| other == defect)), "inspect says more");
    let sdp = sip::sdp::Sdp::parse(message.body()).ok();
    let stack = Fingerprint::of(message, sdp.as_ref());
    assert_eq!(Fingerprint::from_bits(stack.bits()), stack);
    let _ = (stack.to_string(), format!("{message:?}"), message.method(), message.code());
    let _ = (message.call_id(), message.cseq(), message.rack(), message.rseq(), message.session_id());
    let _ = (message.charging(), message.replaces(), message.event(), message.privacy(), message.min_se());
    let _ = (message.supported(), message.required(), message.allowed(), message.max_forwards(), message.expires());
    let _ = (message.session_expires(), message.retry_after(), message.server(), message.content_encodings().count());
    if let Some(kind) = message.content_type() {
        let _ = (kind.boundary(), kind.params().iter().count(), kind.is(b"application", b"sdp"));
        let headers = message.headers();
        let content_type = headers.first(HeaderName::ContentType).unwrap_or_default();
        crate::body::ask(content_type, headers.first(HeaderName::ContentEncoding), message.body());
    }
    let agent = message.user_agent().map(sip::stack::family).unwrap_or_default();
    assert!(agent.len() <= message.user_agent().unwrap_or_default().len());
    for address in [message.from(), message.to(), message.refer_to(), message.referred_by()].into_iter().flatten() {
        ask_address(&address);
    }
    message.asserted().chain(message.preferred()).for_each(|address| ask_address(&address));
    message.remote_parties().for_each(|party| ask_address(&party.address));
    message.diversions().for_each(|party| ask_address(&party.address));
    message.history().for_each(|party| ask_address(&party.address));
    for contact in message.contacts() {
        if let Contact::At(address) = contact {
            ask_address(&address);
        }
    }
    for via in message.vias() {
        let _ = (via.branch(), via.received(), via.rport(), via.params().iter().count());
    }
    let references = message.call_info().chain(message.alert_info());
    let _ = references.map(|reference| (reference.purpose(), reference.params().iter().count())).count();
    let _ = (message.reasons().count(), message.warnings().count());
    let _ = (message.challenges().count(), message.authorizations().count());
    message.identities().for_each(crate::passport::check);
}

fn ask_address(address: &NameAddr<'_>) {
    let _ = (address.tag(), address.display(), address.raw_uri(), address.params().iter().count(), address.defects());
    let Some(uri) = address.uri() else { return };
    let _ = (uri.user(), uri.phone_context(), uri.transport(), uri.is_phone(), uri.extension(), uri.port);
    let _ = (uri.params().iter().count(), uri.user_params().iter().count(), uri.headers, uri.host);
}
