//! The words of a request outside calls, and of its response: plain, since nothing tells stacks apart there.

use types::Endpoint;

use super::message::{Host, address_of, print, reason};
use crate::events::write_user;
use crate::random::mix;
use crate::script::Request;
use crate::stacks::{Stack, vendor};
use crate::tokens;

/// Writes a request outside calls, or with `status` its final response.
pub(crate) fn write(
    request: &Request,
    stack: Stack,
    (source, destination): (Endpoint, Endpoint),
    status: Option<u16>,
    out: &mut Vec<u8>,
) {
    out.clear();
    let method = match request.kind {
        call::ExchangeKind::Options => "OPTIONS",
        _ => "REGISTER",
    };
    let mut user = Vec::new();
    write_user(request.user, &mut user);
    let user = String::from_utf8_lossy(&user);
    let mut word = Vec::new();
    tokens::address(destination, &mut word);
    let server = String::from_utf8_lossy(&word).into_owned();
    match status {
        None if method == "REGISTER" => print(out, format_args!("REGISTER sip:{server} SIP/2.0\r\n")),
        None => print(out, format_args!("{method} sip:{user}@{server} SIP/2.0\r\n")),
        Some(status) => print(out, format_args!("SIP/2.0 {status} {}\r\n", reason(status))),
    }
    out.extend_from_slice(b"Via: SIP/2.0/UDP ");
    tokens::address(source, out);
    print(out, format_args!(":{};branch=z9hG4bK", source.port));
    tokens::branch(stack.vendor, mix(request.token, 10), out);
    // An endpoint keeps its Call-ID from registration to registration; each of these is another's.
    print(out, format_args!(";rport\r\nFrom: <sip:{user}@{server}>;tag="));
    tokens::tag(stack.vendor, mix(request.token, 2), out);
    print(out, format_args!("\r\nTo: <sip:{user}@{server}>"));
    if status.is_some() {
        out.extend_from_slice(b";tag=");
        tokens::tag(vendor::BORDER, mix(request.token, 3), out);
    }
    out.extend_from_slice(b"\r\nCall-ID: ");
    tokens::call_id(stack.vendor, request.token, source, out);
    print(out, format_args!("\r\nCSeq: {} {method}\r\n", if request.credentials { 2 } else { 1 }));
    match status {
        None => {
            out.extend_from_slice(b"Max-Forwards: 70\r\nContact: <sip:");
            address_of(Some(request.user), Host::At(source), Some(source.port), out);
            out.extend_from_slice(b">\r\n");
            if !stack.agent().is_empty() {
                print(out, format_args!("User-Agent: {}\r\n", stack.agent()));
            }
            if request.credentials {
                let answer = mix(request.token, 40);
                print(
                    out,
                    format_args!(
                        "Authorization: Digest username=\"{user}\",realm=\"link.example\",nonce=\"{:016x}\",\
                         uri=\"sip:{server}\",response=\"{answer:016x}{:016x}\",algorithm=MD5\r\n",
                        mix(answer, 1),
                        mix(answer, 2),
                    ),
                );
            }
            if method == "REGISTER" {
                out.extend_from_slice(b"Expires: 3600\r\n");
            }
        }
        Some(401) => print(
            out,
            format_args!(
                "WWW-Authenticate: Digest realm=\"link.example\",nonce=\"{:016x}\",algorithm=MD5\r\n",
                mix(request.token, 41)
            ),
        ),
        Some(_) => {}
    }
    out.extend_from_slice(b"Content-Length: 0\r\n\r\n");
}
