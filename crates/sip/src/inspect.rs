//! The closer look: what is wrong inside header values. It reads what a call needs anyway and more, so it is for
//! detectors and tests, not for every packet.

use crate::text::{is_space, leading_number, number, trim_start};
use crate::{Contact, Defect, Defects, HeaderName, Message, StartLine, Uri};

/// The largest sequence number, exclusive (RFC 3261 §8.1.1.5).
const CSEQ_LIMIT: u64 = 1 << 31;
/// The largest number of hops (RFC 3261 §20.22).
const HOPS_MAX: u64 = 255;
/// The largest number of seconds (RFC 3261 §20.19).
const SECONDS_MAX: u64 = (1 << 32) - 1;
/// The magic cookie that every branch starts with (RFC 3261 §8.1.1.7).
const COOKIE: &[u8] = b"z9hG4bK";

impl Message<'_> {
    /// Everything that is wrong with the message: its form ([`Message::defects`]) and its values.
    #[must_use]
    pub fn inspect(&self) -> Defects {
        let mut defects = self.defects();
        self.inspect_transaction(&mut defects);
        self.inspect_numbers(&mut defects);
        self.inspect_addresses(&mut defects);
        let date = self.headers().first(HeaderName::Date);
        defects.add_if(Defect::Date, date.is_some_and(|date| !date.ends_with(b"GMT")));
        defects
    }

    fn inspect_transaction(&self, defects: &mut Defects) {
        let cseq = self.cseq();
        if let Some(value) = self.headers().first(HeaderName::CSeq) {
            let in_range = leading_number(value).is_some_and(|(number, _)| number < CSEQ_LIMIT);
            defects.add_if(Defect::Number, !in_range);
        }
        if let StartLine::Request { token, uri, .. } = *self.start() {
            defects.add_if(Defect::CSeqMethod, cseq.is_some_and(|cseq| cseq.token != token));
            defects.add_if(Defect::UriHeaders, Uri::parse(uri).is_some_and(|uri| !uri.headers.is_empty()));
        }
        let branch = self.vias().next().and_then(|via| via.branch());
        defects.add_if(Defect::Branch, branch == Some(COOKIE));
    }

    fn inspect_numbers(&self, defects: &mut Defects) {
        let limits = [
            (HeaderName::MaxForwards, HOPS_MAX),
            (HeaderName::Expires, SECONDS_MAX),
            (HeaderName::MinExpires, SECONDS_MAX),
            (HeaderName::RetryAfter, SECONDS_MAX),
        ];
        for (id, max) in limits {
            let mut values = self.headers().all(id);
            let good = |value| leading_number(value).is_some_and(|(number, _)| number <= max);
            defects.add_if(Defect::Number, !values.all(good));
        }
        for warning in self.headers().list(HeaderName::Warning) {
            let code = leading_number(warning).map(|(code, _)| code);
            defects.add_if(Defect::Number, !code.is_some_and(|code| (100..1000).contains(&code)));
        }
        for contact in self.contacts() {
            let Contact::At(address) = contact else { continue };
            let Some(expires) = address.params().get(b"expires") else { continue };
            defects.add_if(Defect::Number, number(expires).is_none_or(|seconds| seconds > SECONDS_MAX));
        }
    }

    fn inspect_addresses(&self, defects: &mut Defects) {
        let add = |defects: &mut Defects, found: Defects| found.iter().for_each(|defect| defects.add(defect));
        for address in [self.from(), self.to()].into_iter().flatten() {
            add(defects, address.defects());
        }
        for contact in self.contacts() {
            if let Contact::At(address) = contact {
                add(defects, address.defects());
            }
        }
        for id in [HeaderName::Via, HeaderName::From, HeaderName::To, HeaderName::Contact] {
            defects.add_if(Defect::Separator, self.headers().all(id).any(has_empty_part));
        }
    }
}

/// Whether a comma or semicolon outside quotes and brackets has nothing after it but the next one or the end.
fn has_empty_part(value: &[u8]) -> bool {
    let (mut in_quotes, mut in_brackets, mut escaped, mut open) = (false, false, false, false);
    for &byte in trim_start(value) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_quotes => escaped = true,
            b'"' if !in_brackets => (in_quotes, open) = (!in_quotes, false),
            _ if in_quotes => {}
            b'<' => (in_brackets, open) = (true, false),
            b'>' => in_brackets = false,
            b',' | b';' if !in_brackets => {
                if open {
                    return true;
                }
                open = true;
            }
            byte if is_space(byte) => {}
            _ => open = false,
        }
    }
    open && !in_quotes
}
