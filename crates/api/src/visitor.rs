//! Who asks: tokens, and sessions of browsers.
//!
//! A token is 256 bits from the system's generator, so nobody guesses it and its plain SHA-256 may lie in the configuration. A slow hash
//! would guard a guessable password and cost milliseconds of each question; that only such tokens are taken is seen to here, by their form.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use config::{TokenHash, User, UserRole};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

/// What every token begins with: what finds secrets that were committed by mistake knows them by it.
const TOKEN_PREFIX: &str = "greyline_";
/// Sessions at once; past it the one that was idle longest ends.
const SESSIONS_MAX: usize = 1_000;
/// For how long a session goes on.
pub const SESSION_MAX: Duration = Duration::from_secs(12 * 3_600);
/// For how long it goes on without a question.
const IDLE_MAX: Duration = Duration::from_secs(3_600);

/// The system gives no random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRandomness;

/// 256 random bits in hexadecimal digits.
fn secret() -> Result<String, NoRandomness> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // A string takes what it is given.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

fn hash(text: &str) -> TokenHash {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    TokenHash::new(bytes)
}

/// A new token, and what it is known by.
///
/// # Errors
/// That the system gives no random numbers.
pub fn token() -> Result<(String, TokenHash), NoRandomness> {
    let token = format!("{TOKEN_PREFIX}{}", secret()?);
    let hash = hash(&token);
    Ok((token, hash))
}

/// What a token is known by; nothing where it is none that [`token`] could have made.
pub fn token_hash(token: &str) -> Option<TokenHash> {
    let digits = token.strip_prefix(TOKEN_PREFIX)?;
    let made = digits.len() == 64 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    made.then(|| hash(token))
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// Who: what stands in the audit log.
    pub name: Arc<str>,
    /// What may be seen and done.
    pub role: UserRole,
    /// By what.
    pub by: By,
}

/// By what a visitor is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// By sitting at this machine, where nobody is named.
    Place,
    /// By a token.
    Token(TokenHash),
    /// By a session: the hash of its name, the token it was begun with, and what a page shows to change something.
    Session(TokenHash, TokenHash, Arc<str>),
}

/// Who is named.
#[derive(Debug, Default)]
pub struct Users(HashMap<TokenHash, (Arc<str>, UserRole)>);

impl Users {
    /// These.
    pub fn new(users: &[User]) -> Self {
        Self(users.iter().map(|user| (user.token_sha256, (user.name.as_str().into(), user.role))).collect())
    }

    /// Whether nobody is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Who may do what takes a role, by name.
    pub fn at_least(&self, role: UserRole) -> BTreeSet<Arc<str>> {
        self.0.values().filter(|(_, own)| *own >= role).map(|(name, _)| Arc::clone(name)).collect()
    }

    /// Who is known by this.
    pub fn find(&self, token: TokenHash) -> Option<(Arc<str>, UserRole)> {
        self.0.get(&token).cloned()
    }
}

/// A session while it goes on.
#[derive(Debug)]
struct Session {
    token: TokenHash,
    csrf: Arc<str>,
    begun: Instant,
    used: Instant,
}

impl Session {
    fn is_over(&self, now: Instant) -> bool {
        now.duration_since(self.begun) >= SESSION_MAX || now.duration_since(self.used) >= IDLE_MAX
    }
}

/// Sessions of browsers, by the hash of what their cookie says.
#[derive(Debug, Default)]
pub struct Sessions(HashMap<TokenHash, Session>);

impl Sessions {
    /// Begins one: what its cookie says, and what its pages show to change something.
    ///
    /// # Errors
    /// That the system gives no random numbers.
    pub fn begin(&mut self, token: TokenHash, now: Instant) -> Result<(String, Arc<str>), NoRandomness> {
        let (cookie, csrf) = (secret()?, Arc::<str>::from(secret()?));
        if self.0.len() >= SESSIONS_MAX {
            self.0.retain(|_, session| !session.is_over(now));
        }
        if self.0.len() >= SESSIONS_MAX
            && let Some(idle) = self.0.iter().min_by_key(|(_, session)| session.used).map(|(&name, _)| name)
        {
            self.0.remove(&idle);
        }
        self.0.insert(hash(&cookie), Session { token, csrf: Arc::clone(&csrf), begun: now, used: now });
        Ok((cookie, csrf))
    }

    /// The session of a cookie, which goes on by being used.
    pub fn find(&mut self, cookie: &str, now: Instant) -> Option<By> {
        let name = hash(cookie);
        let session = self.0.get_mut(&name)?;
        if session.is_over(now) {
            self.0.remove(&name);
            return None;
        }
        session.used = now;
        Some(By::Session(name, session.token, Arc::clone(&session.csrf)))
    }

    /// Whether one goes on; that is no use of it.
    pub fn goes_on(&self, name: TokenHash, now: Instant) -> bool {
        self.0.get(&name).is_some_and(|session| !session.is_over(now))
    }

    /// Ends one.
    pub fn end(&mut self, name: TokenHash) {
        self.0.remove(&name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tokens_that_were_made_are_taken() {
        let (token, hash) = token().unwrap();
        assert_eq!(token_hash(&token), Some(hash));
        assert_ne!(super::token().unwrap().1, hash);
        let (short, long) = (token.chars().skip(1).collect::<String>(), format!("{token}0"));
        for other in ["", "secret", TOKEN_PREFIX, &short, &long, &token.to_uppercase()] {
            assert_eq!(token_hash(other), None, "{other}");
        }
    }

    #[test]
    fn a_session_ends() {
        let (mut sessions, begun) = (Sessions::default(), Instant::now());
        let after = |seconds| begun + Duration::from_secs(seconds);
        let token = token().unwrap().1;
        let (idle, _) = sessions.begin(token, begun).unwrap();
        let (used, csrf) = sessions.begin(token, begun).unwrap();
        assert!(matches!(sessions.find(&used, begun), Some(By::Session(_, it, shown)) if it == token && shown == csrf));
        assert_eq!(sessions.find("x", begun), None);
        for hour in 1..24 {
            assert_eq!(sessions.find(&used, after(hour * 3_599)).is_some(), hour < 13, "{hour}");
        }
        assert_eq!(sessions.find(&idle, after(3_600)), None);
        assert!(sessions.0.is_empty());
    }

    #[test]
    fn sessions_are_bounded() {
        let (mut sessions, begun) = (Sessions::default(), Instant::now());
        let token = token().unwrap().1;
        let (first, _) = sessions.begin(token, begun).unwrap();
        let later = begun + Duration::from_secs(1);
        for _ in 0..SESSIONS_MAX {
            sessions.begin(token, later).unwrap();
        }
        assert_eq!((sessions.0.len(), sessions.find(&first, later)), (SESSIONS_MAX, None));
    }
}
