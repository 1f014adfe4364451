//! What happens, written down before it does: a call or a request outside calls, small enough to draw half a million of
//! them a second.

use sip::passport::Attest;
use types::E164;

use call::{ExchangeKind, Side, Verdict};

/// A group of a scenario: the calls of one operation, or of one innocent entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u16);

/// A trunk of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrunkId(pub u16);

/// A SIP stack of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StackId(pub u16);

/// What stands left of the `@`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum User {
    /// A number in international form, written with `+`.
    Number(E164),
    /// Digits without `+`, so many of them, leading zeros among them.
    Digits(u64, u8),
    /// A name.
    Word(&'static str),
}

impl User {
    /// The number, where it is one.
    #[must_use]
    pub const fn number(self) -> Option<E164> {
        match self {
            Self::Number(number) => Some(number),
            Self::Digits(..) | Self::Word(_) => None,
        }
    }
}

/// What becomes of a call. Times are microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Answered so long after the INVITE, up for so long, ended by one of the two.
    Answered {
        /// From the INVITE to the answer.
        after_us: u32,
        /// From the answer to the BYE.
        talk_us: u64,
        /// Who hangs up.
        by: Side,
    },
    /// The caller gives up so long after the INVITE.
    Cancelled {
        /// From the INVITE to the CANCEL.
        after_us: u32,
    },
    /// Refused with this status so long after the INVITE.
    Refused {
        /// From the INVITE to the final response.
        after_us: u32,
        /// Which it is.
        status: u16,
    },
}

/// How the media of an answered call goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Two people in turn.
    Talk,
    /// The caller plays a recording, this one of the scenario's; the callee says a word or two.
    Recording(u16),
    /// The callee plays one: an announcement, a mailbox, a faked answer.
    Announcement(u16),
    /// Nothing is heard of the caller: no packet, or nothing but comfort noise.
    SilentCaller,
    /// Nothing is heard of the callee, though packets come.
    SilentCallee,
    /// The callee's packets never come: a one-way path.
    OneWay,
    /// Two people over a bad line: bursts of loss and jitter on the caller's side (a GSM gateway).
    Poor,
    /// Both play music or a modem's tone without a pause: an alarm line, a fax.
    Tones,
}

/// Whose part a call of a group plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The group's own.
    Own,
    /// A victim's call back.
    Victim,
    /// A try before the deed.
    Test,
    /// A call of this group carries no harm, and is in it because it belongs to the same equipment or customer.
    Cover,
}

impl Role {
    /// The word in the truth.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Victim => "victim",
            Self::Test => "test",
            Self::Cover => "cover",
        }
    }
}

/// A call before it happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Script {
    /// Whose it is.
    pub group: GroupId,
    /// What part it plays there.
    pub role: Role,
    /// What makes it unique: Call-ID, tags and branches come from it.
    pub token: u64,
    /// Its place among all calls of the scenario, from 0 on: its ports are nobody else's while it lasts.
    pub line: u32,
    /// When its INVITE passes the tap, microseconds since the epoch.
    pub at_us: u64,
    /// When a 18x passes, after the INVITE; `None` when none does.
    pub ring_after_us: Option<u32>,
    /// What becomes of it.
    pub fate: Fate,
    /// Who calls; `None` when the number is withheld.
    pub caller: Option<User>,
    /// The display name, by its place in the scenario's list; `None` without one.
    pub display: Option<u16>,
    /// Who is called.
    pub callee: User,
    /// Who diverted the call here.
    pub diverted_by: Option<E164>,
    /// The number that the second leg shows, where it is another than the first leg's: somebody changed it on the way.
    pub other_leg: Option<E164>,
    /// The trunk it comes in by.
    pub trunk: TrunkId,
    /// Which of the trunk's addresses.
    pub gate: u8,
    /// What wrote its INVITE.
    pub stack: StackId,
    /// How it is signed; `None` unsigned.
    pub attest: Option<Attest>,
    /// How its media goes.
    pub manner: Manner,
}

impl Script {
    /// When it is over.
    #[must_use]
    pub const fn end_us(&self) -> u64 {
        self.at_us
            + match self.fate {
                Fate::Answered { after_us, talk_us, .. } => after_us as u64 + talk_us,
                Fate::Cancelled { after_us } | Fate::Refused { after_us, .. } => after_us as u64,
            }
    }

    /// When it is answered, if it is.
    #[must_use]
    pub const fn answer_us(&self) -> Option<u64> {
        match self.fate {
            Fate::Answered { after_us, .. } => Some(self.at_us + after_us as u64),
            Fate::Cancelled { .. } | Fate::Refused { .. } => None,
        }
    }

    /// The last final response to its INVITE.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self.fate {
            Fate::Answered { .. } => 200,
            Fate::Cancelled { .. } => 487,
            Fate::Refused { status, .. } => status,
        }
    }
}

/// A request outside calls before it happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// Whose it is.
    pub group: GroupId,
    /// What makes it unique.
    pub token: u64,
    /// When it passes the tap, microseconds since the epoch.
    pub at_us: u64,
    /// What is asked for.
    pub kind: ExchangeKind,
    /// What becomes of it.
    pub verdict: Verdict,
    /// When its final response passes, after it; `None` without one.
    pub after_us: Option<u32>,
    /// Whether it carries credentials.
    pub credentials: bool,
    /// Whom it is for.
    pub user: User,
    /// The trunk it comes in by.
    pub trunk: TrunkId,
    /// Which of the trunk's addresses.
    pub gate: u8,
    /// What wrote it.
    pub stack: StackId,
}

impl Request {
    /// The status of its final response.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match (self.after_us, self.verdict) {
            (None, _) | (_, Verdict::Unanswered) => None,
            (_, Verdict::Accepted) => Some(200),
            (_, Verdict::Challenged) => Some(401),
            (_, Verdict::AuthenticationFailed) => Some(403),
            (_, Verdict::Refused) => Some(404),
        }
    }
}

/// What a stretch of time holds.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Its calls, by the time of their INVITE once sorted.
    pub calls: Vec<Script>,
    /// Its requests outside calls, by their time once sorted.
    pub requests: Vec<Request>,
}

impl Sheet {
    pub(crate) fn clear(&mut self) {
        self.calls.clear();
        self.requests.clear();
    }

    /// Brings everything into the one order that does not depend on who wrote first, and counts the calls on from `lines`.
    pub(crate) fn sort(&mut self, lines: &mut u32) {
        self.calls.sort_unstable_by_key(|call| (call.at_us, call.group, call.token));
        for call in &mut self.calls {
            call.line = *lines;
            *lines = lines.wrapping_add(1);
        }
        self.requests.sort_unstable_by_key(|request| (request.at_us, request.group, request.token));
    }
}
