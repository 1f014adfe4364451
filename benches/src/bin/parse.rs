//! `parse FILE ROUNDS [WHAT]`: one SIP message read again and again, so that the slope between two counts of rounds is
//! what one reading costs. WHAT is `recognise`, `message` (parsed and indexed; the default), `views` (that, and what a
//! call table asks of every message) or `frame` (cut out of a stream).

use std::error::Error;
use std::hint::black_box;
use std::{env, fs};

use sip::framing::Framer;
use sip::{HeaderName, Message};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = env::args().skip(1);
    let (Some(file), Some(rounds)) = (words.next(), words.next()) else {
        return Err("parse FILE ROUNDS [recognise|message|views|frame]".into());
    };
    let (bytes, rounds) = (fs::read(file)?, rounds.parse::<u64>()?);
    let what: fn(&[u8]) = match words.next().as_deref() {
        None | Some("message") => message,
        Some("recognise") => recognise,
        Some("views") => views,
        Some("frame") => frame,
        Some(other) => return Err(format!("{other} is none of recognise, message, views, frame").into()),
    };
    for _ in 0..rounds {
        what(black_box(&bytes));
    }
    Ok(())
}

fn recognise(bytes: &[u8]) {
    black_box(sip::recognise(bytes));
}

fn message(bytes: &[u8]) {
    let mut message = Message::unread();
    let parsed = message.read(bytes);
    black_box((&message, parsed.is_ok()));
}

fn views(bytes: &[u8]) {
    let mut message = Message::unread();
    if message.read(bytes).is_err() {
        return;
    }
    let message = black_box(&message);
    black_box(message.from_tag());
    black_box(message.to().and_then(|to| to.uri()).and_then(|uri| uri.user()));
    black_box(message.call_id());
    black_box(message.cseq());
    black_box(message.branch());
    black_box(message.headers().first(HeaderName::Contact));
    black_box(message.headers().first(HeaderName::ContentType));
}

fn frame(bytes: &[u8]) {
    black_box(Framer::default().next(bytes, false));
}
