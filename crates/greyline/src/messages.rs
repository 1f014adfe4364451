//! The SIP messages of one call, found again in the ring beside a store.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use api::{Finder, Kept, MESSAGES_MAX, Sought, Start};
use evidence::{files_between, held_since};
use link::Capture;
use memchr::memmem;
use sip::{Message, StartLine};
use store::Archive;
use types::Endpoint;
use wire::{Datagram, Decoder, Stretch, Take, Taker, WireConfig};

use crate::bundles::RING;

/// Bytes that are looked through for one call: a ring of the usual size.
const BYTES_MAX: u64 = 1 << 30;

/// How far the stamp of a message may be from when it was written down: whoever sends HEP has a clock of his own.
const SKEW_MAX: Duration = Duration::from_secs(600);

/// Finds messages for whoever asks the API for them.
pub fn finder() -> Arc<Finder> {
    Arc::new(|archive: &mut Archive, sought: &Sought| Ok(find(&archive.folder().join(RING), sought)))
}

fn find(ring: &Path, sought: &Sought) -> Kept {
    let mut search = Search { sought, kept: Kept { since: held_since(ring), ..Kept::default() } };
    // Where a Call-ID is no text, what of it is must be there.
    let words = sought.legs.iter().map(|leg| leg.split('\u{fffd}').max_by_key(|part| part.len()).unwrap_or_default());
    let words: Vec<_> = words.map(|word| memmem::Finder::new(word.as_bytes())).collect();
    // The ring made of each message one packet, so that nothing has to be put together and no copy is another's.
    let mut decoder = Decoder::new(&WireConfig { duplicates: false, ..WireConfig::default() });
    let mut read = 0;
    for file in files_between(ring, sought.from.before(SKEW_MAX), sought.until.after(SKEW_MAX)) {
        // A file that the ring has let go of meanwhile is gone.
        let Ok(mut capture) = Capture::open(&[file], link::Config { map: false }) else { continue };
        while let Some(batch) = capture.next_batch() {
            for frame in batch.frames() {
                read += frame.bytes.len() as u64;
                if words.iter().any(|word| word.find(frame.bytes).is_some()) {
                    decoder.decode(&frame, &mut search);
                }
            }
            if read > BYTES_MAX {
                search.kept.cut = true;
                break;
            }
        }
        if search.kept.cut {
            break;
        }
    }
    search.kept.messages.sort_by_key(|message| message.at);
    search.kept
}

/// Takes the messages of one call out of what it is told.
struct Search<'s> {
    sought: &'s Sought,
    kept: Kept,
}

impl Taker for Search<'_> {
    fn datagram(&mut self, datagram: &Datagram<'_>) {
        let Sought { legs, from, until } = self.sought;
        let mut message = Message::unread();
        if message.read(datagram.payload).is_err() || !(*from..=*until).contains(&datagram.at) {
            return;
        }
        let Some(call_id) = message.call_id() else { return };
        let call_id = String::from_utf8_lossy(call_id);
        let Some(leg) = legs.iter().position(|leg| *leg == call_id) else { return };
        if self.kept.messages.len() >= MESSAGES_MAX {
            self.kept.left_out += 1;
            return;
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.kept.messages.push(api::Message {
            at: datagram.at,
            source: socket(datagram.source),
            destination: socket(datagram.destination),
            leg,
            start: match *message.start() {
                StartLine::Request { token, .. } => Start::Request(text(token)),
                StartLine::Response { code, reason } => Start::Response(code, text(reason)),
            },
            cseq: message.cseq().map(|cseq| format!("{} {}", cseq.number, text(cseq.token))),
            transport: message.vias().next().map(|via| text(via.transport)),
            bytes: datagram.payload.to_vec(),
        });
    }

    fn stretch(&mut self, _: &Stretch<'_>) -> Take {
        Take::Ignore
    }
}

fn socket(endpoint: Endpoint) -> SocketAddr {
    SocketAddr::new(endpoint.ip.into(), endpoint.port)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use call::Sent;
    use evidence::Ring;
    use types::{Ip, Nanos};

    use super::*;

    fn at(secs: u64) -> Nanos {
        Nanos::from_parts(1_795_860_000 + secs, 0)
    }

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("greyline-messages-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    /// Takes down what was sent from one machine to another at a second.
    fn take(ring: &mut Ring, second: u64, call_id: &[u8], (from, to): (u8, u8), start: &str) {
        let message = [
            start.as_bytes(),
            b"\r\nVia: SIP/2.0/TCP 192.0.2.9;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP 192.0.2.8\r\ni: ",
            call_id,
            b"\r\nCSeq: 7 INVITE\r\nUser-Agent: <img src=x onerror=alert(1)>\r\n\r\n",
        ];
        let end = |last| Endpoint::new(Ip::v4([192, 0, 2, last]), 5_060);
        let (source, destination) = (end(from), end(to));
        let bytes = &message.concat();
        ring.take(&Sent { at: at(second), source, destination, call_id, bytes, alone: true });
    }

    fn sought(legs: &[&str], from: u64, until: u64) -> Sought {
        Sought { legs: legs.iter().map(|&leg| leg.to_owned()).collect(), from: at(from), until: at(until) }
    }

    #[test]
    fn both_legs_of_a_call_are_found_and_nobody_elses() {
        let folder = folder("legs");
        let mut ring = Ring::open(&folder, 1 << 30, None).unwrap();
        take(&mut ring, 1, b"one@a", (1, 2), "INVITE sip:x@192.0.2.2 SIP/2.0");
        take(&mut ring, 2, b"other@a", (1, 2), "INVITE sip:x@192.0.2.2 SIP/2.0");
        take(&mut ring, 3, b"two@b", (2, 3), "INVITE sip:x@192.0.2.3 SIP/2.0");
        take(&mut ring, 4, b"two@b", (3, 2), "SIP/2.0 486 <b>Busy</b>");
        take(&mut ring, 5, b"one@a", (2, 1), "SIP/2.0 486 Busy Here");
        // The same name in another call, and as a part of another name.
        take(&mut ring, 900, b"one@a", (1, 2), "INVITE sip:x@192.0.2.2 SIP/2.0");
        take(&mut ring, 6, b"one@abc", (1, 2), "INVITE sip:x@192.0.2.2 SIP/2.0");
        drop(ring);
        let kept = find(&folder, &sought(&["one@a", "two@b"], 0, 60));
        let told: Vec<_> = kept.messages.iter().map(|it| (it.leg, it.source.to_string(), it.start.clone())).collect();
        let [a, b, c] = ["192.0.2.1:5060", "192.0.2.2:5060", "192.0.2.3:5060"].map(str::to_owned);
        let invite = || Start::Request("INVITE".to_owned());
        let busy = |words: &str| Start::Response(486, words.to_owned());
        assert_eq!(
            told,
            [(0, a, invite()), (1, b.clone(), invite()), (1, c, busy("<b>Busy</b>")), (0, b, busy("Busy Here"))]
        );
        let first = &kept.messages[0];
        assert_eq!((first.cseq.as_deref(), first.transport.as_deref()), (Some("7 INVITE"), Some("TCP")));
        assert!(first.bytes.starts_with(b"INVITE sip:x@192.0.2.2 SIP/2.0\r\n") && first.bytes.ends_with(b"\r\n\r\n"));
        assert_eq!((kept.since, kept.left_out, kept.cut), (Some(at(1)), 0, false));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_name_that_is_no_text_is_known_by_what_is_written_of_it() {
        let folder = folder("bytes");
        let mut ring = Ring::open(&folder, 1 << 30, None).unwrap();
        take(&mut ring, 1, b"\xff\xfe@192.0.2.1", (1, 2), "INVITE sip:x@192.0.2.2 SIP/2.0");
        take(&mut ring, 2, b"x@192.0.2.1", (1, 2), "INVITE sip:x@192.0.2.2 SIP/2.0");
        drop(ring);
        let kept = find(&folder, &sought(&["\u{fffd}\u{fffd}@192.0.2.1"], 0, 60));
        assert_eq!(kept.messages.len(), 1);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn no_more_are_held_than_there_is_room_for() {
        let folder = folder("many");
        let mut ring = Ring::open(&folder, 1 << 30, None).unwrap().waiting();
        for n in 0..MESSAGES_MAX as u64 + 7 {
            take(&mut ring, n, b"one@a", (1, 2), "OPTIONS sip:x@192.0.2.2 SIP/2.0");
        }
        drop(ring);
        let kept = find(&folder, &sought(&["one@a"], 0, 5_000));
        assert_eq!((kept.messages.len(), kept.left_out), (MESSAGES_MAX, 7));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn where_nothing_is_held_nothing_is_found() {
        assert_eq!(find(&folder("none"), &sought(&["one@a"], 0, 60)), Kept::default());
    }
}
