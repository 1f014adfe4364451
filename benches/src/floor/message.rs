//! The lines of a SIP message a call table cannot do without, found in one pass over its line ends.

use memchr::{memchr, memchr_iter, memmem};

/// What a message says of its call.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    /// The method of the request, or of the CSeq in a response.
    pub method: Method,
    /// The status of a response, 0 for a request.
    pub status: u16,
    /// A hash of the Call-ID, never 0.
    pub call_id: u64,
    /// A hash of the tag of From, 0 without one.
    pub from_tag: u64,
    /// A hash of the tag of To, 0 without one.
    pub to_tag: u64,
    /// A hash of the Contact line, 0 without one.
    pub contact: u64,
    /// The number of the CSeq.
    pub cseq: u32,
    /// Content-Length as it is written.
    pub content_length: u32,
    /// The first two media of the SDP body, address above port; 0 where there is none.
    pub media: [u64; 2],
}

/// The methods a call is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of RFC 3261")]
pub enum Method {
    Invite,
    Ack,
    Bye,
    Cancel,
    Other,
}

/// Reads a message; `None` where it is no SIP or has no Call-ID.
pub fn scan(bytes: &[u8]) -> Option<Message> {
    let mut ends = memchr_iter(b'\n', bytes);
    let mut start = ends.next()? + 1;
    let mut message = first_line(bytes.get(..start)?)?;
    for end in ends {
        let line = bytes.get(start..end)?;
        start = end + 1;
        match line {
            [b'\r'] | [] => break,
            [first, second, ..] => message.header(*first | 0x20, *second | 0x20, line),
            [_] => {}
        }
    }
    if message.content_length != 0 {
        message.body(bytes.get(start..)?);
    }
    (message.call_id != 0).then_some(message)
}

fn first_line(line: &[u8]) -> Option<Message> {
    let (method, status) = match line {
        [b'S', b'I', b'P', b'/', b'2', b'.', b'0', b' ', digits @ ..] => (Method::Other, decimal(digits) as u16),
        _ => (method(line), 0),
    };
    Some(Message {
        method,
        status,
        call_id: 0,
        from_tag: 0,
        to_tag: 0,
        contact: 0,
        cseq: 0,
        content_length: 0,
        media: [0; 2],
    })
}

impl Message {
    /// Takes a header line, whose first two bytes in lower case rule most names out.
    #[inline]
    fn header(&mut self, first: u8, second: u8, line: &[u8]) {
        match (first, second) {
            (b'c', b'a') => {
                if let Some(value) = value(line, b"call-id") {
                    self.call_id = hash(value) | 1;
                }
            }
            (b'c', b's') => {
                if let Some(value) = value(line, b"cseq") {
                    self.cseq = decimal(value);
                    let name = value.trim_ascii_start();
                    let name = name.get(name.iter().take_while(|byte| byte.is_ascii_digit()).count()..).unwrap_or(&[]);
                    self.method = method(name.trim_ascii_start());
                }
            }
            (b'c', b'o') => {
                if let Some(value) = value(line, b"content-length") {
                    self.content_length = decimal(value);
                } else if let Some(value) = value(line, b"contact") {
                    self.contact = hash(value) | 1;
                }
            }
            (b'f', b'r') => {
                if let Some(value) = value(line, b"from") {
                    self.from_tag = tag(value);
                }
            }
            (b't', b'o') => {
                if let Some(value) = value(line, b"to") {
                    self.to_tag = tag(value);
                }
            }
            // Compact names (RFC 3261 §7.3.3).
            (b'i', b':') => self.call_id = line.get(2..).map_or(0, hash) | 1,
            (b'f', b':') => self.from_tag = line.get(2..).map_or(0, tag),
            (b't', b':') => self.to_tag = line.get(2..).map_or(0, tag),
            (b'l', b':') => self.content_length = line.get(2..).map_or(0, decimal),
            (b'm', b':') => self.contact = line.get(2..).map_or(0, hash) | 1,
            _ => {}
        }
    }

    /// Takes the `c=` and `m=` lines of an SDP body.
    fn body(&mut self, body: &[u8]) {
        let (mut address, mut start, mut count) = (0, 0, 0);
        let [mut first, mut second] = [0, 0];
        for end in memchr_iter(b'\n', body) {
            let line = body.get(start..end).unwrap_or(&[]);
            start = end + 1;
            match line {
                [b'c', b'=', b'I', b'N', b' ', b'I', b'P', b'4', b' ', quad @ ..] => {
                    address = dotted(quad);
                    // A medium's own address comes after its `m=`.
                    match count {
                        0 => {}
                        1 => first = u64::from(address) << 16 | first & 0xffff,
                        _ => second = u64::from(address) << 16 | second & 0xffff,
                    }
                }
                [b'm', b'=', rest @ ..] => {
                    let port = memchr(b' ', rest).and_then(|space| rest.get(space + 1..)).map_or(0, decimal);
                    let medium = u64::from(address) << 16 | u64::from(port & 0xffff);
                    if count == 0 {
                        first = medium
                    } else {
                        second = medium
                    }
                    count += 1;
                }
                _ => {}
            }
        }
        self.media = [first, second];
    }
}

/// What stands after the colon, if the line has this name, given in lower case. The length is known when this is
/// compiled, so a name is compared in a few words instead of byte by byte.
#[inline]
fn value<'a, const N: usize>(line: &'a [u8], name: &[u8; N]) -> Option<&'a [u8]> {
    let (start, rest) = line.split_first_chunk::<N>()?;
    let differs = start.iter().zip(name).fold(0, |differs, (byte, name)| differs | (byte | 0x20) ^ name);
    match rest {
        [b':', b' ', value @ ..] | [b':', value @ ..] if differs == 0 => Some(value),
        _ => None,
    }
}

fn method(text: &[u8]) -> Method {
    match text {
        [b'I', b'N', b'V', ..] => Method::Invite,
        [b'A', b'C', b'K', ..] => Method::Ack,
        [b'B', b'Y', b'E', ..] => Method::Bye,
        [b'C', b'A', b'N', ..] => Method::Cancel,
        _ => Method::Other,
    }
}

/// The number a text begins with, after blanks.
fn decimal(text: &[u8]) -> u32 {
    let digits = text.trim_ascii_start().iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |value: u32, digit| value.wrapping_mul(10).wrapping_add(u32::from(digit - b'0')))
}

/// The IPv4 address a text begins with.
fn dotted(text: &[u8]) -> u32 {
    let (mut address, mut part) = (0_u32, 0_u32);
    for byte in text {
        match byte {
            b'0'..=b'9' => part = (part * 10 + u32::from(byte - b'0')) & 0xff,
            b'.' => {
                address = (address | part) << 8;
                part = 0;
            }
            _ => break,
        }
    }
    address | part
}

/// A hash of the tag parameter, 0 without one. The parameters stand after the address.
fn tag(value: &[u8]) -> u64 {
    let parameters = memchr(b'>', value).and_then(|end| value.get(end..)).unwrap_or(value);
    let found = match parameters {
        [b'>', b';', b't', b'a', b'g', b'=', tag @ ..] => Some(tag),
        [] | [b'>'] | [b'>', b'\r'] => None,
        _ => memmem::find(parameters, b";tag=").and_then(|at| parameters.get(at + 5..)),
    };
    found.map_or(0, |tag| hash(tag.get(..memchr(b';', tag).unwrap_or(tag.len())).unwrap_or(tag)) | 1)
}

/// A hash of a text without the line's end, eight bytes a step.
fn hash(text: &[u8]) -> u64 {
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    let (words, rest) = text.as_chunks::<8>();
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let mix = |state: u64, word: u64| {
        let product = u128::from(state ^ word ^ 0xd6e8_feb8_6659_fd93) * 0x9e37_79b9_7f4a_7c15;
        product as u64 ^ (product >> 64) as u64
    };
    let state = words.iter().fold(text.len() as u64, |state, word| mix(state, u64::from_le_bytes(*word)));
    mix(state, u64::from_le_bytes(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_a_call_are_found() {
        let sdp =
            "v=0\r\nc=IN IP4 192.0.2.7\r\nm=audio 4000 RTP/AVP 8\r\nm=video 5000 RTP/AVP 31\r\nc=IN IP4 192.0.2.8\r\n";
        let long = format!(
            "INVITE sip:b@example.org SIP/2.0\r\nFrom: \"A\" <sip:a@example.org>;tag=one;x=y\r\nTo: <sip:b@example.org>\r\n\
             Call-ID: 7@example.org\r\nCSeq: 314 INVITE\r\nContact: <sip:a@192.0.2.7>\r\nContent-Length: {}\r\n\r\n{sdp}",
            sdp.len()
        );
        let message = scan(long.as_bytes()).unwrap();
        assert_eq!((message.method, message.status, message.cseq), (Method::Invite, 0, 314));
        assert_eq!(message.media, [0xc000_0207_0fa0, 0xc000_0208_1388]);
        assert_ne!((message.from_tag, message.contact), (0, 0));
        assert_eq!(message.to_tag, 0);

        let short = "SIP/2.0 486 Busy Here\r\nf: <sip:a@example.org>;tag=one\r\nt: <sip:b@example.org>;tag=two\r\n\
                     i: 7@example.org\r\nCSeq: 314 INVITE\r\nl: 0\r\n\r\n";
        let answer = scan(short.as_bytes()).unwrap();
        assert_eq!((answer.method, answer.status), (Method::Invite, 486));
        assert_eq!(answer.from_tag, message.from_tag);
        assert_ne!(answer.to_tag, 0);
        assert!(scan(b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n").is_none());
    }
}
