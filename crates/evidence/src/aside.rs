//! What outlives the ring: before a file of it goes, the messages of calls that an alert counts are written to files beside it, and the
//! headers of their media, which are known by the ends that these messages announce.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use link::{Capture, Config};
use sip::Message;
use sip::sdp::Sdp;
use types::{Endpoint, Nanos};

use crate::frame::opened;
use crate::pcapng;
use crate::reel::Reel;

/// What the names of these files begin with: before those of the ring, whose messages are later.
const NAME: &str = "alerts";
/// What a file says of itself.
const ABOUT: &str = "SIP messages of calls that alerts count, each under headers of UDP whatever carried it, and headers of their RTP, as the ring held them";
/// Bytes of blocks that are written at once.
const CHUNK_BYTES: usize = 1 << 18;
/// Call-IDs of which the answer is remembered, and the bytes of one: who writes longer ones is asked about with each message.
const ANSWERS_MAX: usize = 100_000;
const CALL_ID_BYTES_MAX: usize = 256;
/// Ends of media that are remembered; past it all are forgotten.
const ANNOUNCED_MAX: usize = 100_000;
/// How long after it was announced media begins at the latest: what comes later to the same end may be another call's.
const MEDIA_BEGINS: Duration = Duration::from_secs(300);

/// Says which messages are to outlive the ring.
pub struct Claims {
    /// Bytes that all of them may take; past it the earliest go.
    pub bytes_max: u64,
    /// For how long after they were put aside.
    pub keep: Duration,
    /// Whether a message is one of these, by its Call-ID and when it was sent.
    pub claim: Box<Claim>,
}

/// Whether a message is to outlive the ring, by its Call-ID and when it was sent.
pub type Claim = dyn FnMut(&[u8], Nanos) -> io::Result<bool> + Send;

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims").field("bytes_max", &self.bytes_max).field("keep", &self.keep).finish_non_exhaustive()
    }
}

/// The files of what was put aside.
pub(crate) struct Aside {
    reel: Reel,
    claims: Claims,
    answers: HashMap<Box<[u8]>, bool>,
    /// Where claimed messages announced media, and when they did.
    announced: HashMap<Endpoint, Nanos>,
}

impl Aside {
    /// Those in a folder, with whatever is there.
    pub fn open(folder: &Path, claims: Claims) -> io::Result<Self> {
        let reel = Reel::open(folder, NAME, ABOUT, claims.bytes_max)?;
        Ok(Self { reel, claims, answers: HashMap::new(), announced: HashMap::new() })
    }

    /// Puts aside what is claimed of a file; how many messages that is. Whether that can be done or not, what was put aside stays within its
    /// bounds.
    pub fn take_from(&mut self, file: &Path) -> io::Result<u64> {
        let taken = self.take(file);
        self.let_go();
        taken
    }

    fn take(&mut self, file: &Path) -> io::Result<u64> {
        // By now more may be claimed than when the file before went.
        self.answers.clear();
        let mut capture = Capture::open(&[file.to_owned()], Config { map: false }).map_err(io::Error::other)?;
        let (mut blocks, mut taken) = (Vec::new(), 0);
        while let Some(batch) = capture.next_batch() {
            for frame in batch.frames() {
                if self.is_claimed(frame.bytes, frame.at)? {
                    pcapng::packet(&mut blocks, 0, frame.at, (frame.bytes, frame.length as usize), "");
                    taken += 1;
                }
            }
            if blocks.len() >= CHUNK_BYTES {
                self.reel.write(&blocks)?;
                blocks.clear();
            }
        }
        if !blocks.is_empty() {
            self.reel.write(&blocks)?;
        }
        Ok(taken)
    }

    fn is_claimed(&mut self, frame: &[u8], at: Nanos) -> io::Result<bool> {
        let Some((source, destination, payload)) = opened(frame) else { return Ok(false) };
        let mut message = Message::unread();
        if message.read(payload).is_err() {
            let since = |end| self.announced.get(&end).is_some_and(|&announced| at.since(announced) < MEDIA_BEGINS);
            return Ok(since(destination) || since(source));
        }
        let Some(call_id) = message.call_id() else { return Ok(false) };
        let is_claimed = self.asked(call_id, at)?;
        if is_claimed {
            self.announce(&message, at);
        }
        Ok(is_claimed)
    }

    /// Remembers where a claimed message announces media.
    fn announce(&mut self, message: &Message<'_>, at: Nanos) {
        let Some(described) = message.description() else { return };
        let mut sdp = Sdp::unread();
        if sdp.read(described).is_err() {
            return;
        }
        if self.announced.len() >= ANNOUNCED_MAX {
            self.announced.clear();
        }
        self.announced.extend(sdp.media().iter().filter_map(|section| section.rtp()).map(|end| (end, at)));
    }

    /// Whether the messages of a call are claimed.
    fn asked(&mut self, call_id: &[u8], at: Nanos) -> io::Result<bool> {
        if let Some(answer) = self.answers.get(call_id) {
            return Ok(*answer);
        }
        let answer = (self.claims.claim)(call_id, at)?;
        if call_id.len() <= CALL_ID_BYTES_MAX {
            if self.answers.len() >= ANSWERS_MAX {
                self.answers.clear();
            }
            self.answers.insert(call_id.into(), answer);
        }
        Ok(answer)
    }

    /// Lets go of the earliest files while all take too much, and of those that are too old.
    fn let_go(&mut self) {
        let since = SystemTime::now().checked_sub(self.claims.keep);
        while let Some(path) = self.reel.surplus().or_else(|| self.reel.stale(since?)) {
            // One that somebody else has removed is gone as well.
            let _ = fs::remove_file(path);
        }
    }

    /// Bytes on disk.
    pub fn bytes(&self) -> u64 {
        self.reel.bytes()
    }
}
