//! Who sent a call on to somebody else: Diversion (RFC 5806) says so outright, History-Info (RFC 7044) among much that is no diversion.

use arrayvec::ArrayVec;

use crate::text::number;
use crate::{HeaderName, HistoryEntry, Message, NameAddr, Reason, ReasonProtocol};

/// Bytes of a Reason that are read where an entry of the history carries one: it stands at their start.
const REASON_BYTES_MAX: usize = 64;

impl<'a> Message<'a> {
    /// Who diverted the call last.
    #[must_use]
    pub fn diverted_by(&self) -> Option<NameAddr<'a>> {
        self.addresses(HeaderName::Diversion).next().or_else(|| self.diverted_in_history())
    }

    /// RFC 7544 §5: whoever stands before the target that a diversion led to; RFC 7044 §5: or whom that target names as the one it
    /// stands for (`mp`).
    fn diverted_in_history(&self) -> Option<NameAddr<'a>> {
        self.headers().first(HeaderName::HistoryInfo)?;
        let (mut before, mut last): (Option<HistoryEntry<'a>>, _) = (None, None);
        for entry in self.history() {
            if let Some(by) = before.filter(|by| leads_on(by, &entry)) {
                last = Some((by, entry));
            }
            before = Some(entry);
        }
        let (by, entry) = last?;
        let named = entry.address.params().get(b"mp");
        let named = named.and_then(|named| self.history().find(|entry| entry.index == Some(named)));
        Some(named.unwrap_or(by).address)
    }
}

/// Whether the call was diverted from one entry to the one behind it. That a telephone of the same user was tried (`rc`), or the same
/// address again (`np`), is none.
fn leads_on(by: &HistoryEntry<'_>, to: &HistoryEntry<'_>) -> bool {
    let tagged = |name: &[u8]| to.address.params().get(name).is_some();
    if tagged(b"rc") || tagged(b"np") {
        return false;
    }
    cause(to).is_some_and(is_diversion) || answer(by).is_some_and(is_diversion) && differ(by, to)
}

/// Why the request was sent to an entry (RFC 4458 §2). It belongs to the URI; Lenient: some put it behind.
fn cause(entry: &HistoryEntry<'_>) -> Option<u16> {
    let in_uri = entry.address.uri().and_then(|uri| uri.params().get(b"cause"));
    in_uri.or_else(|| entry.address.params().get(b"cause")).and_then(number)?.try_into().ok()
}

/// What an entry's target answered, for which the request went on (RFC 4244 §4.3.3.1.2).
fn answer(entry: &HistoryEntry<'_>) -> Option<u16> {
    let plain: ArrayVec<u8, REASON_BYTES_MAX> = percent_decoded(entry.reason?).take(REASON_BYTES_MAX).collect();
    let reason = Reason::parse(&plain);
    reason.cause.filter(|_| reason.protocol == ReasonProtocol::Sip)
}

/// Whether two entries are of different users: a proxy that tries one user's telephones in turn diverts nothing.
fn differ(one: &HistoryEntry<'_>, other: &HistoryEntry<'_>) -> bool {
    let [one, other] = [one, other].map(|entry| entry.address.uri());
    one.and_then(|uri| uri.user()) != other.and_then(|uri| uri.user())
}

/// The causes that stand for a diversion (RFC 4458 §2; RFC 7544 §5 adds 503). RFC 8119: 380 translates the number of a service.
const fn is_diversion(cause: u16) -> bool {
    matches!(cause, 302 | 404 | 408 | 480 | 486 | 487 | 503)
}

/// What an escaped part of a URI stands for (RFC 3261 §19.1.2).
fn percent_decoded(mut rest: &[u8]) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        if let [b'%', high, low, behind @ ..] = rest
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            rest = behind;
            return Some((high << 4 | low) as u8);
        }
        let (&byte, behind) = rest.split_first()?;
        rest = behind;
        Some(byte)
    })
}
