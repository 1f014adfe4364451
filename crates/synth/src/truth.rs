//! What is true of the traffic: which group each call belongs to, and what the groups are.

use std::collections::BTreeSet;

use types::{E164, Endpoint, Ip, Nanos};

use crate::cast::Cast;
use crate::group::Head;
use crate::script::{GroupId, Role, Script, User};

/// Who wants to know the truth.
pub trait Truth {
    /// A call, when it is over.
    fn call(&mut self, call: &CallTruth<'_>);
    /// A group, after the last call.
    fn group(&mut self, group: &GroupTruth<'_>);
}

/// Nobody.
impl Truth for () {
    fn call(&mut self, _call: &CallTruth<'_>) {}

    fn group(&mut self, _group: &GroupTruth<'_>) {}
}

/// What is true of a call.
#[derive(Clone, Copy, Debug)]
pub struct CallTruth<'a> {
    /// Its Call-ID.
    pub call_id: &'a [u8],
    /// Whose it is.
    pub group: GroupId,
    /// Whose it is, by name and kind.
    pub head: &'a Head,
    /// What part it plays there.
    pub role: Role,
    /// Whether it lies before the measured time.
    pub warm_up: bool,
    /// The number shown; `None` when withheld or none.
    pub caller: Option<E164>,
    /// The number called; `None` when it is none.
    pub callee: Option<E164>,
    /// Where it came from.
    pub source: Endpoint,
    /// Its INVITE.
    pub invite_at: Nanos,
    /// Its answer.
    pub answer_at: Option<Nanos>,
    /// Its end.
    pub end_at: Nanos,
    /// The last final response.
    pub status: u16,
}

impl<'a> CallTruth<'a> {
    pub(crate) fn of(script: &Script, call_id: &'a [u8], cast: &'a Cast) -> Self {
        let nanos = |at_us: u64| Nanos::new(at_us * 1_000);
        Self {
            call_id,
            group: script.group,
            head: cast.head(script.group),
            role: script.role,
            warm_up: script.at_us < cast.measured_from_us(),
            caller: script.caller.and_then(User::number),
            callee: script.callee.number(),
            source: cast.path(script.trunk, script.gate).0,
            invite_at: nanos(script.at_us),
            answer_at: script.answer_us().map(nanos),
            end_at: nanos(script.end_us()),
            status: script.status(),
        }
    }
}

/// What is true of a group.
#[derive(Clone, Copy, Debug)]
pub struct GroupTruth<'a> {
    /// What was known of it beforehand.
    pub head: &'a Head,
    /// Addresses its own calls came from, in order.
    pub sources: &'a BTreeSet<Ip>,
    /// Numbers it showed, in order; at most [`CALLERS_MAX`].
    pub callers: &'a BTreeSet<E164>,
    /// Its first and last INVITE of the measured time; `None` without calls.
    pub first: Option<Nanos>,
    /// The last of them.
    pub last: Option<Nanos>,
    /// Calls of the measured time.
    pub calls: u64,
}

/// Numbers named for a group; the others are in its calls.
pub const CALLERS_MAX: usize = 2_000;

/// Counts the groups while their calls go by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    groups: Vec<Account>,
}

#[derive(Clone, Debug, Default)]
struct Account {
    sources: BTreeSet<Ip>,
    callers: BTreeSet<E164>,
    first: Option<Nanos>,
    last: Option<Nanos>,
    calls: u64,
}

impl Ledger {
    pub(crate) fn call(&mut self, call: &CallTruth<'_>) {
        if call.warm_up {
            return;
        }
        let index = usize::from(call.group.0);
        if self.groups.len() <= index {
            self.groups.resize_with(index + 1, Account::default);
        }
        let Some(account) = self.groups.get_mut(index) else { return };
        account.calls += 1;
        account.first = account.first.into_iter().chain([call.invite_at]).min();
        account.last = account.last.into_iter().chain([call.invite_at]).max();
        if call.role == Role::Victim {
            return;
        }
        account.sources.insert(call.source.ip);
        if let Some(caller) = call.caller.filter(|_| account.callers.len() < CALLERS_MAX) {
            account.callers.insert(caller);
        }
    }

    /// Tells of every group of the cast, in their order.
    pub(crate) fn tell(&self, cast: &Cast, truth: &mut impl Truth) {
        let none = Account::default();
        for (index, head) in cast.heads().iter().enumerate() {
            let Account { sources, callers, first, last, calls } = self.groups.get(index).unwrap_or(&none);
            truth.group(&GroupTruth { head, sources, callers, first: *first, last: *last, calls: *calls });
        }
    }
}
