//! Session descriptions (RFC 8866): where media will flow, of what kind, and what its payload types mean.
//!
//! One pass over the body finds the media sections and what every call needs of them; the rest of a section is read
//! when somebody asks. Nothing is copied. Offer and answer (RFC 3264) are left to `call`: this is one side's word.

mod candidate;
mod codec;
mod media;
mod memo;
mod text;

use arrayvec::ArrayVec;
use types::{Ip, Layer, Malformed, Why};

pub use candidate::{CANDIDATES_MAX, Candidate, CandidateKind};
pub use codec::{CODECS_MAX, Codec, Codecs, Encoding, assigned};
pub use media::{Bandwidth, Direction, Media, MediaKind, Protocol, SSRCS_MAX, Setup, T38};
pub use memo::Memo;

use crate::stack::Mix;
use media::Said;
use memo::{After, Before};
use text::{FMTP, Lines, RTPMAP, address, attributes, key, keyed, token, tokens, typed};

/// Media sections kept of one description; those past it are counted as a defect. A call has one to three, a video
/// conference with bundled tracks more.
pub const MEDIA_MAX: usize = 16;

/// What a sender wrote that RFC 8866 does not allow, as bits. None of it keeps the rest from being read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Defects(u16);

impl Defects {
    /// The first line is not `v=0`.
    pub const NO_VERSION: Self = Self(1);
    /// A line that is not `letter=value`, trailing garbage among them.
    pub const BAD_LINE: Self = Self(1 << 1);
    /// A port that is no number up to 65,535; the medium reads as rejected.
    pub const BAD_PORT: Self = Self(1 << 2);
    /// A `c=` line with neither an address nor a host name.
    pub const BAD_CONNECTION: Self = Self(1 << 3);
    /// A `c=` line with a host name, which is not resolved.
    pub const HOST_NAME: Self = Self(1 << 4);
    /// More than [`MEDIA_MAX`] media sections; those past it are not read.
    pub const TOO_MANY_MEDIA: Self = Self(1 << 5);
    /// More than 4,096 lines; those past it are not read.
    pub const TOO_MANY_LINES: Self = Self(1 << 6);

    /// Whether all of `these` were found.
    #[must_use]
    pub const fn has(self, these: Self) -> bool {
        self.0 & these.0 == these.0
    }

    /// Whether nothing was found.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn add(&mut self, these: Self) {
        self.0 |= these.0;
    }
}

/// A session description where it lies in a message body.
#[derive(Clone, Debug)]
pub struct Sdp<'a> {
    session: &'a [u8],
    origin: Option<&'a [u8]>,
    name: Option<&'a [u8]>,
    media: ArrayVec<Media<'a>, MEDIA_MAX>,
    defects: Defects,
    traits: Traits,
}

/// Who made the session (`o=`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The user on the originating host, often `-`.
    pub user: &'a [u8],
    /// What tells sessions of one user apart: digits by the RFC, other things in practice.
    pub session: &'a [u8],
    /// Grows when the session is changed.
    pub version: &'a [u8],
    /// The address of the originating host; `None` for a host name.
    pub address: Option<Ip>,
}

/// How the sender's stack lays out a description: what [`crate::stack`] makes its groups of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits {
    /// The order of lines and attributes of the session and the first medium, and what `s=` and `o=` look like.
    pub form: Mix,
    /// The first medium's payload types, their names, ptime and telephone-event range.
    pub codecs: Mix,
}

impl<'a> Sdp<'a> {
    /// Reads a message body.
    ///
    /// # Errors
    /// [`Why::Grammar`] when there is not one line of the session and no medium either: this is not SDP.
    pub fn parse(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut sdp = Self::unread();
        sdp.read(body)?;
        Ok(sdp)
    }

    /// A place for [`Sdp::read`] to fill.
    #[must_use]
    #[inline]
    pub fn unread() -> Self {
        Self {
            session: &[],
            origin: None,
            name: None,
            media: ArrayVec::new(),
            defects: Defects::default(),
            traits: Traits::default(),
        }
    }

    /// [`Sdp::parse`] in place, since there is room for many media and every move would copy it.
    ///
    /// # Errors
    /// As there; what was here before is gone then too.
    pub fn read(&mut self, body: &'a [u8]) -> Result<(), Malformed> {
        self.fill(body, None)
    }

    /// [`Sdp::read`] for who reads many: what `memo` has seen behind an `m=` line is not read again.
    ///
    /// # Errors
    /// As there.
    pub fn read_with(&mut self, body: &'a [u8], memo: &mut Memo) -> Result<(), Malformed> {
        self.fill(body, Some(memo))
    }

    #[inline(never)]
    fn fill(&mut self, body: &'a [u8], memo: Option<&mut Memo>) -> Result<(), Malformed> {
        self.media.clear();
        (self.session, self.origin, self.name) = (body, None, None);
        (self.defects, self.traits) = (Defects::default(), Traits::default());
        let mut pass = Pass::new(self);
        let (mut lines, mut new) = (Lines::new(body), None);
        while let Some(line) = lines.next() {
            let opens = pass.line(line, lines.start(), lines.after());
            if opens && let Some(memo) = memo.as_deref() {
                let (at, before) = (lines.after(), pass.before());
                let stretch = body.get(at..).filter(|_| lines.has_room(memo::STRETCH_BYTES_MAX));
                new = before.zip(stretch);
                if let Some((before, stretch)) = new
                    && let Some(after) = memo.find(&before, stretch)
                {
                    pass.resume(at, after);
                    lines.pass_all();
                    new = None;
                }
            }
        }
        if let Some((before, stretch)) = new
            && let Some(memo) = memo
            && let Some(after) = pass.after(body.len() - stretch.len())
        {
            memo.keep(before, stretch, after);
        }
        // What was not read is no part of the last section.
        pass.close(lines.after());
        if pass.known == 0 {
            return Err(Malformed { layer: Layer::Sdp, at: 0, why: Why::Grammar });
        }
        if lines.cut() {
            self.defects.add(Defects::TOO_MANY_LINES);
        }
        Ok(())
    }

    /// Who made the session.
    #[must_use]
    pub fn origin(&self) -> Option<Origin<'a>> {
        Origin::parse(self.origin?)
    }

    /// The name of the session (`s=`), often `-` or a product's.
    #[must_use]
    pub const fn name(&self) -> Option<&'a [u8]> {
        self.name
    }

    /// The media in the order they were offered: answers use the same order.
    #[must_use]
    pub fn media(&self) -> &[Media<'a>] {
        &self.media
    }

    /// The media identifiers of each group that is to share one transport (RFC 9143).
    pub fn bundles(&self) -> impl Iterator<Item = impl Iterator<Item = &'a [u8]>> {
        attributes(self.session, b"group").filter_map(|value| {
            let (semantics, mids) = token(value);
            semantics.eq_ignore_ascii_case(b"BUNDLE").then(|| tokens(mids))
        })
    }

    /// The values of the session's attributes called `name`, which is compared without regard to case.
    pub fn attributes(&self, name: &'static [u8]) -> impl Iterator<Item = &'a [u8]> {
        attributes(self.session, name)
    }

    /// What the sender wrote that it should not have.
    #[must_use]
    pub const fn defects(&self) -> Defects {
        self.defects
    }

    /// How the sender's stack lays out a description.
    pub(crate) fn traits(&self) -> Traits {
        let mut traits = self.traits;
        if let Some(name) = self.name {
            let end = name.iter().position(u8::is_ascii_digit).unwrap_or(name.len());
            traits.form.bytes(name.get(..end).unwrap_or(name));
        }
        traits.form.add(self.origin.map_or(0, origin_shape));
        traits
    }
}

impl<'a> Origin<'a> {
    fn parse(value: &'a [u8]) -> Option<Self> {
        let mut fields = tokens(value);
        let (user, session, version) = (fields.next()?, fields.next()?, fields.next().unwrap_or_default());
        Some(Self { user, session, version, address: fields.nth(2).and_then(address) })
    }
}

/// The first pass: what it has found and the section it is in.
struct Pass<'p, 'a> {
    sdp: &'p mut Sdp<'a>,
    /// What media inherit: the session's own values.
    inherited: Said,
    body: &'a [u8],
    /// Where the lines of the medium being read start, the last one kept; `None` in the session, and past
    /// [`MEDIA_MAX`], where nothing inherits any more.
    section: Option<usize>,
    /// Where its first line of rtpmap or fmtp starts and where its last one ends.
    maps: Option<(usize, usize)>,
    lines: u32,
    known: u32,
    last: u64,
}

impl<'p, 'a> Pass<'p, 'a> {
    fn new(sdp: &'p mut Sdp<'a>) -> Self {
        let body = sdp.session;
        Self { sdp, inherited: Said::default(), body, section: None, maps: None, lines: 0, known: 0, last: 0 }
    }

    /// A line that starts at `start`, with what follows it at `after`; `true` when it opens a medium.
    #[inline]
    fn line(&mut self, line: &'a [u8], start: usize, after: usize) -> bool {
        self.lines += 1;
        let Some((letter, value)) = typed(line) else {
            self.sdp.defects.add(Defects::BAD_LINE);
            return false;
        };
        if self.lines == 1 && letter != b'v' {
            self.sdp.defects.add(Defects::NO_VERSION);
        }
        match letter {
            b'm' => self.open(value, start, after),
            b'a' => {
                self.attribute(value, start, after);
                return false;
            }
            b'c' => self.connection(value),
            b'o' => self.sdp.origin = self.sdp.origin.or(Some(value)),
            b's' => self.sdp.name = self.sdp.name.or(Some(value)),
            b'v' | b't' | b'b' | b'k' | b'i' | b'u' | b'e' | b'p' | b'r' | b'z' => {}
            _ => {
                self.sdp.defects.add(Defects::BAD_LINE);
                return false;
            }
        }
        self.known += 1;
        self.laid_out(u64::from(letter));
        letter == b'm'
    }

    /// Behind the first `m=` line: what decides how the rest reads besides its bytes. `None` where that is more than a memo
    /// can tell apart.
    fn before(&self) -> Option<Before> {
        let is_plain = self.sdp.defects.is_empty() && matches!(&*self.sdp.media, [medium] if medium.is_new());
        is_plain.then_some(Before { traits: self.sdp.traits, last: self.last })
    }

    /// Behind the last line: what all from `start` on has come to; `None` where a memo cannot hold it.
    fn after(&self, start: usize) -> Option<After> {
        let [medium] = &*self.sdp.media else { return None };
        let maps = self.maps.map(|(first, end)| (first - start, end - start));
        let said = medium.said().filter(|_| self.section == Some(start))?;
        Some(After { traits: self.sdp.traits, defects: self.sdp.defects, said, maps })
    }

    /// Takes all from `at` on as what it came to before.
    fn resume(&mut self, at: usize, after: &After) {
        self.sdp.traits = after.traits;
        self.sdp.defects = after.defects;
        self.maps = after.maps.map(|(first, end)| (first + at, end + at));
        self.said_mut().resume(&after.said);
    }

    /// Notes a kind of line in the layout, once for a run of the same kind, within the session and the first medium.
    #[inline]
    fn laid_out(&mut self, kind: u64) {
        if self.sdp.media.len() <= 1 && kind != self.last {
            self.sdp.traits.form.add(kind);
            self.last = kind;
        }
    }

    /// A new `m=` line: the section before it is complete.
    fn open(&mut self, value: &'a [u8], start: usize, after: usize) {
        if self.sdp.media.is_empty() {
            self.sdp.session = self.body.get(..start).unwrap_or(self.body);
        }
        self.close(start);
        if self.sdp.media.is_full() {
            return self.sdp.defects.add(Defects::TOO_MANY_MEDIA);
        }
        let medium = Media::open(self.inherited, value, &mut self.sdp.defects);
        if self.sdp.media.is_empty() {
            self.sdp.traits.codecs.bytes(medium.formats());
        }
        self.sdp.media.push(medium);
        self.section = Some(after);
    }

    /// The section being read ends at `end`, or with the body.
    fn close(&mut self, end: usize) {
        if let (Some(start), Some(medium)) = (self.section.take(), self.sdp.media.last_mut()) {
            let stretch = |start: usize, end: usize| self.body.get(start..end).unwrap_or_default();
            let maps = self.maps.take().map_or(&[][..], |(start, end)| stretch(start, end));
            medium.close(stretch(start, end), maps, self.sdp.session);
        }
    }

    /// `c=IN IP4 192.0.2.1`. The first of a section holds; a host name leaves the section without an address.
    fn connection(&mut self, value: &'a [u8]) {
        let usual = value.strip_prefix(b"IN IP4 ").and_then(address);
        let written = || tokens(value).nth(2);
        let ip = usual.or_else(|| address(written()?));
        if ip.is_none() {
            let named = written().is_some_and(|name| name.iter().any(u8::is_ascii_alphabetic));
            self.sdp.defects.add(if named { Defects::HOST_NAME } else { Defects::BAD_CONNECTION });
        }
        self.said_mut().connect(ip);
    }

    /// What the section being read has said.
    #[inline]
    fn said_mut(&mut self) -> &mut Said {
        match self.section.and(self.sdp.media.last_mut()) {
            Some(medium) => medium.said_mut(),
            None => &mut self.inherited,
        }
    }

    #[inline]
    fn attribute(&mut self, text: &'a [u8], start: usize, after: usize) {
        const RTCP_FB: u64 = key(b"rtcp-fb");
        self.known += 1;
        let (name, value) = keyed(text);
        let first = self.sdp.media.len() == 1;
        if matches!(name, RTPMAP | FMTP) && self.section.is_some() {
            self.maps = Some((self.maps.map_or(start, |(first, _)| first), after));
        }
        match name {
            // Which of them follow one another depends on the codecs, so in the layout they are one kind.
            RTPMAP => {
                if first {
                    self.sdp.traits.codecs.bytes(value);
                }
                self.laid_out(RTPMAP);
            }
            FMTP | RTCP_FB => self.laid_out(RTPMAP),
            _ => {
                if let (media::MID, Some(medium)) = (name, self.section.and(self.sdp.media.last_mut())) {
                    medium.call(value);
                }
                let kind = self.said_mut().attribute(name, value);
                match kind {
                    media::Noted::Direction => self.laid_out(media::DIRECTION_KIND),
                    media::Noted::Ptime(ms) if first => self.sdp.traits.codecs.add(u64::from(ms) << 8 | 1),
                    media::Noted::Ptime(_) | media::Noted::Other => {}
                }
                if kind != media::Noted::Direction {
                    self.laid_out(name);
                }
            }
        }
    }
}

/// What an `o=` line of this stack looks like whoever calls: the user's kind, and the rough length of the identifier.
fn origin_shape(value: &[u8]) -> u64 {
    let (user, rest) = token(value);
    let (session, _) = token(rest);
    let user = match user {
        b"-" => 1,
        user if user.iter().any(u8::is_ascii_digit) => 2,
        _ => 3,
    };
    let length = match session.len() {
        0..=5 => 0,
        6..=11 => 1,
        _ => 2,
    };
    user | length << 2
}

#[cfg(test)]
mod tests;
