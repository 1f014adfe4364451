//! Who tries doors: account after account, password after password, prefix after prefix, or with a tool made for that.
//!
//! One of these alone is what a broken device does too, so each kind is told from the device that is most like it. A gateway whose
//! registrar lost its accounts asks for them in order and comes back to each within minutes; who walks a list never does. A telephone
//! with a wrong password keeps its dialog, or is challenged in each new one and waits between them; who guesses does neither. A
//! dial plan that is wrong tries a few prefixes, and its numbers are reached in the end. Whatever was once accepted of a source is its own.
//!
//! Each is a sum that never falls below nothing (Page 1954): every request adds the logarithm of how much likelier it is from who tries
//! doors, and takes off what speaks for the device. All of it fades. What is kept has the same size however much is tried.

use serde::{Deserialize, Serialize};
use types::{Ip, Nanos};

/// The next account in order, asked for the first time and refused: gateways have up to 32 accounts in order, which alone shall not do.
const STEP_NATS: f32 = 0.46;
/// The same after several tries of the account before: whoever mends a device goes through a few.
const DWELT_STEP_NATS: f32 = 2.8;
/// So many tries of one account without another in between.
const DWELT_MIN: u32 = 5;
/// An account out of order takes this off a walk,
const ASTRAY_NATS: f32 = 1.0;
/// and one that is asked for again, though others were in between, this.
const AGAIN_NATS: f32 = 2.0;
/// A minute in which an account was refused that was never asked for before: 0.97 for who walks a list, 0.6 for a dialler's old one.
const MINUTE_NATS: f32 = 0.48;
/// A minute in which one comes back that was refused before: devices do in nine of ten, lists in one of three.
const RETURN_NATS: f32 = 0.96;
/// What a request takes off that is the first of its account to be accepted, and each later one.
const ACCEPTED_NATS: f32 = 2.6;
const ACCEPTED_AGAIN_NATS: f32 = 0.1;
/// A password for the account of the last one, in a dialog of its own and soon after: devices wait, or keep their dialog.
const PASSWORD_NATS: f32 = 0.4;
/// How soon.
const SOON_NANOS: u64 = 10_000_000_000;
/// Such passwords from which on the one that opens was guessed.
const GUESSES_MIN: u32 = 20;
/// A request by a tool that is made for this. Many of them knock once at every address there is.
const TOOL_NATS: f32 = 2.0;
/// What each of these comes to at most, in nats.
const MOST_NATS: f32 = 24.0;
/// What prefixes say once there are enough of them, and a password that was guessed.
const CERTAIN_NATS: f32 = 20.0;
/// What all of it must come to to need no second family.
pub(crate) const DOORS_MIN: f32 = 10.0;
/// Accounts of which passwords are counted, and numbers of which prefixes are.
const ACCOUNTS_MAX: usize = 4;
const NUMBERS_MAX: usize = 4;
/// Prefixes told apart, at most: as many as may be asked for.
const PREFIXES_MAX: usize = 32;
/// Challenges remembered until they are answered.
const CHALLENGES_MAX: usize = 8;
/// What is told apart within it counts once.
const MINUTE_NANOS: u64 = 60_000_000_000;

/// What a request came to, as far as it says something of who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Accepted.
    Accepted,
    /// Asked who it is.
    Challenged,
    /// Nobody there, wrong credentials, or not allowed.
    Refused,
}

/// A request of a source, in or outside calls.
#[derive(Clone, Copy, Debug)]
pub struct Knock {
    /// What it came to.
    pub answer: Answer,
    /// Whether it is a call.
    pub call: bool,
    /// Whom it was about: a hash.
    pub about: u64,
    /// The same where that is a number as short as extensions are.
    pub extension: Option<u32>,
    /// The dialog it belongs to: a hash.
    pub dialog: u64,
    /// From which port.
    pub port: u16,
    /// To whom.
    pub destination: Ip,
    /// Whether it bore credentials.
    pub credentials: bool,
    /// Whether the source asked for it for the first time, and whatever it came to.
    pub first: bool,
    /// Whether it was not accepted or refused before.
    pub new: bool,
    /// Whether that was once accepted of the source.
    pub own: bool,
}

/// A number as it was dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialled {
    /// Its last digits.
    tail: u32,
    /// A hash of what stands before them.
    prefix: u32,
}

/// Digits by which a number is known behind any prefix.
const TAIL_DIGITS: usize = 9;
/// Digits of an extension, at most.
const EXTENSION_DIGITS: usize = 6;

impl Dialled {
    /// What was dialled, where it is long enough for a prefix.
    #[must_use]
    pub fn read(user: &[u8], hash: impl Fn(&[u8]) -> u64) -> Option<Self> {
        let (prefix, tail) = user.split_at_checked(user.len().checked_sub(TAIL_DIGITS)?)?;
        Some(Self { tail: number(tail)?, prefix: hash(prefix) as u32 })
    }
}

/// A user part that is an extension.
#[must_use]
pub fn extension(user: &[u8]) -> Option<u32> {
    number(user).filter(|_| user.len() <= EXTENSION_DIGITS)
}

fn number(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.parse().ok().filter(|_| digits.iter().all(u8::is_ascii_digit))
}

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tried {
    /// Accounts in order.
    Order,
    /// Accounts from a list, minute after minute.
    List,
    /// Passwords of one account.
    Passwords,
    /// Prefixes before one number.
    Prefixes,
    /// Whatever a tool made for it tries.
    Tool,
    /// A password that was accepted after so many that were not.
    Guessed,
    /// A number that was reached after so many prefixes with which it was not.
    Reached,
}

/// What a source has asked for since it was first suspect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knocks {
    /// Since when.
    pub since: Nanos,
    /// Requests outside calls.
    pub requests: u64,
    /// Of these, refused.
    pub refused: u64,
    /// Of these, asked for credentials.
    pub challenged: u64,
    /// Calls that are over.
    pub calls: u64,
    /// Of these, refused.
    pub calls_refused: u64,
    /// Different accounts, as far as is remembered who was asked for.
    pub accounts: u64,
    /// Requests by a tool.
    pub by_tool: u64,
    /// Passwords of the account of which most were tried.
    pub passwords: u32,
    /// Prefixes before the number of which most were tried.
    pub prefixes: u32,
    /// Passwords after which one was accepted.
    pub guessed: Option<u32>,
    /// Whether a number was reached of which prefixes were tried.
    pub reached: bool,
}

/// What a source that was refused tries.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Doors {
    knocks: Knocks,
    order: f32,
    list: f32,
    passwords: f32,
    tool: f32,
    prefixes: f32,
    guessed: f32,
    reached: f32,
    faded_at: Nanos,
    last: Option<Last>,
    /// The minute it is, and what it has shown.
    minute: u64,
    new_then: bool,
    again_then: bool,
    accepted_then: bool,
    accounts: Vec<Account>,
    numbers: Vec<Number>,
    challenges: Vec<u64>,
}

/// The last request.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Last {
    about: u64,
    extension: Option<u32>,
    port: u16,
    destination: Ip,
    /// Requests about this one, without another in between.
    times: u32,
}

/// An account and the passwords that were tried.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Account {
    about: u64,
    dialog: u64,
    guesses: u32,
    last_at: Nanos,
}

/// A number and the prefixes it was dialled with.
#[derive(Debug, Serialize, Deserialize)]
struct Number {
    tail: u32,
    prefixes: Vec<u32>,
    /// Prefixes beyond those that are told apart.
    more: u32,
    first_at: Nanos,
    last_at: Nanos,
    /// Whether it was reached before there were enough: then it is not guessed.
    reached: bool,
}

/// On what terms doors are watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoorTerms {
    /// Prefixes before one number from which on they are guessed.
    pub prefixes_min: usize,
    /// Within which time.
    pub window_nanos: u64,
}

impl Doors {
    /// It is `at` now: what it came to fades by half within `half_life`, and counting begins anew where nothing is left. Of a source
    /// that is `held` to be an operation it stands.
    pub fn on_time(&mut self, at: Nanos, half_life: u64, held: bool) {
        let factor = (-(at.nanos_since(self.faded_at) as f64) / half_life as f64).exp2() as f32;
        self.faded_at = at;
        if held {
            return;
        }
        let Self { order, list, passwords, tool, prefixes, guessed, reached, .. } = self;
        for sum in [order, list, passwords, tool, prefixes, guessed, reached] {
            *sum *= factor;
        }
        let tries = |number: &Number| number.prefixes.len() > 1 && at.nanos_since(number.last_at) <= half_life;
        if !self.numbers.iter().any(tries) && self.sums().iter().all(|(_, nats)| *nats < STEP_NATS / 2.0) {
            self.knocks = Knocks { since: at, ..Knocks::default() };
        }
    }

    /// Whether a request from this port follows the last one by the same: telephones behind one address have their own.
    #[must_use]
    pub fn is_same_port(&self, port: u16) -> bool {
        self.last.is_none_or(|last| last.port == port)
    }

    /// A tool that is made for this asks.
    pub const fn on_tool(&mut self) {
        self.knocks.by_tool += 1;
        self.tool = (self.tool + TOOL_NATS).min(MOST_NATS);
    }

    /// A request was answered. What speaks for a device no longer counts for a source that is `held` to be an operation.
    pub fn on_knock(&mut self, knock: &Knock, at: Nanos, held: bool) {
        let minute = at.get() / MINUTE_NANOS;
        if minute != self.minute {
            (self.minute, self.new_then, self.again_then, self.accepted_then) = (minute, false, false, false);
        }
        self.count(knock);
        let before = (self.order, self.list);
        match knock.answer {
            Answer::Refused if !knock.own => self.on_refused(knock, at),
            Answer::Accepted => self.on_accepted(knock),
            Answer::Challenged if self.challenges.len() < CHALLENGES_MAX => self.challenges.push(knock.dialog),
            Answer::Challenged => {
                self.challenges.rotate_left(1);
                if let Some(oldest) = self.challenges.last_mut() {
                    *oldest = knock.dialog;
                }
            }
            Answer::Refused => {}
        }
        let least = if held { before } else { (0.0, 0.0) };
        self.order = self.order.clamp(least.0, MOST_NATS);
        self.list = self.list.clamp(least.1, MOST_NATS);
        let again = self.last.filter(|last| last.about == knock.about);
        let Knock { about, extension, port, destination, .. } = *knock;
        self.last = Some(Last {
            about,
            extension,
            port,
            destination,
            times: again.map_or(1, |last| last.times.saturating_add(1)),
        });
    }

    fn count(&mut self, knock: &Knock) {
        let knocks = &mut self.knocks;
        let refused = u64::from(knock.answer == Answer::Refused);
        if knock.call {
            knocks.calls += 1;
            knocks.calls_refused += refused;
        } else {
            knocks.requests += 1;
            knocks.refused += refused;
            knocks.challenged += u64::from(knock.answer == Answer::Challenged);
        }
        knocks.accounts += u64::from(knock.first);
    }

    fn on_refused(&mut self, knock: &Knock, at: Nanos) {
        let last = self.last.filter(|last| last.destination == knock.destination);
        if !knock.new {
            if last.is_some_and(|last| last.about != knock.about) {
                self.on_return(knock.credentials);
            }
        } else {
            if !self.new_then {
                self.list += MINUTE_NATS;
                self.new_then = true;
            }
            // Who walks in order without saying who he is.
            if let Some(last) = last.filter(|_| !knock.credentials) {
                let follows = |(own, before): (u32, u32)| own.abs_diff(before) == 1 && last.port == knock.port;
                let dwelt = last.times >= DWELT_MIN;
                self.order += match knock.extension.zip(last.extension).is_some_and(follows) {
                    true if dwelt => DWELT_STEP_NATS,
                    true => STEP_NATS,
                    false => -ASTRAY_NATS,
                };
            }
        }
        if knock.credentials {
            self.on_password(knock, at);
        }
    }

    /// An account comes back that was refused before.
    fn on_return(&mut self, credentials: bool) {
        if !self.again_then {
            self.list -= RETURN_NATS;
            self.again_then = true;
        }
        self.order -= if credentials { 0.0 } else { AGAIN_NATS };
    }

    fn on_password(&mut self, knock: &Knock, at: Nanos) {
        let challenged = self.challenges.contains(&knock.dialog);
        let Some(account) = self.accounts.iter_mut().find(|account| account.about == knock.about) else {
            let account = Account { about: knock.about, dialog: knock.dialog, guesses: 0, last_at: at };
            keep(&mut self.accounts, account, ACCOUNTS_MAX, |account| account.last_at);
            return;
        };
        let soon = at.nanos_since(account.last_at) <= SOON_NANOS;
        let fresh = account.dialog != knock.dialog;
        (account.dialog, account.last_at) = (knock.dialog, at);
        if fresh && (soon || !challenged) {
            account.guesses = account.guesses.saturating_add(1);
            self.knocks.passwords = self.knocks.passwords.max(account.guesses);
            if soon {
                self.passwords = (self.passwords + PASSWORD_NATS).min(MOST_NATS);
            }
        }
    }

    fn on_accepted(&mut self, knock: &Knock) {
        let account = self.accounts.iter().position(|account| account.about == knock.about);
        let account = account.map(|place| self.accounts.swap_remove(place));
        if let Some(account) = account.filter(|account| account.guesses >= GUESSES_MIN && !knock.own) {
            (self.knocks.guessed, self.guessed) = (Some(account.guesses), CERTAIN_NATS);
        }
        if !knock.own {
            (self.order, self.list) = (self.order - ACCEPTED_NATS, self.list - ACCEPTED_NATS);
        } else {
            self.order -= ACCEPTED_AGAIN_NATS;
            self.list -= if self.accepted_then { 0.0 } else { MINUTE_NATS };
            self.accepted_then = true;
        }
    }

    /// A call to a number is over, and was refused or not.
    pub const fn on_number(&mut self, refused: bool) {
        self.knocks.calls += 1;
        self.knocks.calls_refused += refused as u64;
    }

    /// A number was dialled, as never before if it is `new`, and refused or reached.
    pub fn on_dialled(&mut self, dialled: Dialled, new: bool, refused: bool, at: Nanos, terms: DoorTerms) {
        let place = self.numbers.iter().position(|number| number.tail == dialled.tail);
        let Some(number) = place.and_then(|place| self.numbers.get_mut(place)) else {
            let prefixes = if refused { vec![dialled.prefix] } else { Vec::new() };
            let (tail, reached) = (dialled.tail, !refused);
            let number = Number { tail, prefixes, more: 0, first_at: at, last_at: at, reached };
            keep(&mut self.numbers, number, NUMBERS_MAX, |number| number.last_at);
            return;
        };
        number.last_at = at;
        if !refused {
            number.reached = number.prefixes.len() < terms.prefixes_min;
            if !number.reached {
                (self.knocks.reached, self.reached) = (true, CERTAIN_NATS);
            }
            return;
        }
        if at.nanos_since(number.first_at) > terms.window_nanos {
            (number.first_at, number.reached) = (at, false);
            (number.prefixes, number.more) = (Vec::new(), 0);
        }
        let (room, known) = (number.prefixes.len() < PREFIXES_MAX, number.prefixes.contains(&dialled.prefix));
        if room && !known && !number.reached {
            number.prefixes.push(dialled.prefix);
        }
        number.more += u32::from(!room && !known && new);
        if number.prefixes.len() >= terms.prefixes_min {
            self.knocks.prefixes = self.knocks.prefixes.max(number.prefixes.len() as u32 + number.more);
            self.prefixes = CERTAIN_NATS;
        }
    }

    /// What each kind of trying comes to, in nats.
    #[must_use]
    pub const fn sums(&self) -> [(Tried, f32); 7] {
        [
            (Tried::Guessed, self.guessed),
            (Tried::Reached, self.reached),
            (Tried::Prefixes, self.prefixes),
            (Tried::Order, self.order),
            (Tried::Passwords, self.passwords),
            (Tried::Tool, self.tool),
            (Tried::List, self.list),
        ]
    }

    /// What all of it comes to, in nats.
    #[must_use]
    pub fn nats(&self) -> f32 {
        self.sums().iter().map(|(_, nats)| nats).sum()
    }

    /// How much was asked for.
    #[must_use]
    pub const fn knocks(&self) -> Knocks {
        self.knocks
    }
}

impl Knocks {
    /// How often it was tried.
    #[must_use]
    pub fn count(&self, tried: Tried) -> u64 {
        match tried {
            Tried::Order | Tried::List => self.accounts,
            Tried::Passwords => u64::from(self.passwords),
            Tried::Prefixes | Tried::Reached => u64::from(self.prefixes),
            Tried::Tool => self.by_tool,
            Tried::Guessed => self.guessed.map_or(0, u64::from),
        }
    }

    /// Whether a door opened: a password was guessed, or a number reached behind one of many prefixes.
    #[must_use]
    pub const fn opened(&self) -> bool {
        self.guessed.is_some() || self.reached
    }
}

/// Keeps one more, in the place of the one that was there last longest ago where there is no room.
fn keep<T>(kept: &mut Vec<T>, one: T, most: usize, last_at: impl Fn(&T) -> Nanos) {
    if kept.len() >= most
        && let Some(oldest) = kept.iter_mut().min_by_key(|kept| last_at(kept))
    {
        *oldest = one;
    } else {
        kept.push(one);
    }
}
