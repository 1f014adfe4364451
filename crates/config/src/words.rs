//! The words a configuration is written in: networks, numbers, prefixes, countries, dates, time zones. Each is text that
//! is checked once; to hold the value is the proof. What a refused word says is what would have been right.

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use jiff::civil;
use jiff::tz::TimeZone;
use numbers::Plan;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use types::E164;

use crate::nearest::nearest;
use crate::template::Template;

/// Gives a word its place in serde and in the schema, where `format` is the name under which [`check`] finds it again.
macro_rules! word {
    ($word:ident, $format:literal) => {
        impl Serialize for $word {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $word {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }

        impl JsonSchema for $word {
            fn schema_name() -> Cow<'static, str> {
                stringify!($word).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "format": $format })
            }
        }
    };
}

word!(Network, "network");
word!(Address, "address");
word!(NumberRange, "number-range");
word!(Prefix, "prefix");
word!(Country, "country");
word!(Date, "date");
word!(Zone, "time-zone");
word!(DialPrefix, "dial-prefix");
word!(TechnicalPrefix, "technical-prefix");
word!(Url, "url");
word!(Template, "template");
word!(TokenHash, "token-hash");
word!(HolderKey, "holder-key");

/// Whether `text` is a word of this format, or what would be right. A format that is none of ours takes everything.
pub(crate) fn check(format: &str, text: &str) -> Result<(), String> {
    match format {
        "network" => Network::from_str(text).map(drop),
        "address" => Address::from_str(text).map(drop),
        "number-range" => NumberRange::from_str(text).map(drop),
        "prefix" => Prefix::from_str(text).map(drop),
        "country" => Country::from_str(text).map(drop),
        "date" => Date::from_str(text).map(drop),
        "time-zone" => Zone::from_str(text).map(drop),
        "dial-prefix" => DialPrefix::from_str(text).map(drop),
        "technical-prefix" => TechnicalPrefix::from_str(text).map(drop),
        "url" => Url::from_str(text).map(drop),
        "template" => Template::from_str(text).map(drop),
        "token-hash" => TokenHash::from_str(text).map(drop),
        "holder-key" => HolderKey::from_str(text).map(drop),
        _ => Ok(()),
    }
}

/// What a word of this format looks like.
pub(crate) fn looks_like(format: &str) -> Option<&'static str> {
    Some(match format {
        "network" => "an address or a network, such as \"192.0.2.10\", \"192.0.2.0/24\" or \"2001:db8::/32\"",
        "address" => "an address with a port, such as \"127.0.0.1:9060\" or \"[::1]:9060\"",
        "number-range" => {
            "a number \"+441632960001\", a block \"+441632960000-+441632960999\" or a beginning \"+441632960*\""
        }
        "prefix" => "the first digits of an international number with +, such as \"+8835\"",
        "country" => "a country of ISO 3166 in two letters, such as \"GB\"",
        "date" => "a date, such as 2027-01-31",
        "time-zone" => "a time zone of IANA, such as \"Europe/London\"",
        "dial-prefix" => "1 to 12 digits, such as \"00\"",
        "technical-prefix" => "1 to 12 of the digits, * and #, such as \"1234#\"",
        "token-hash" => "the 64 hexadecimal digits that `greyline token` prints",
        "holder-key" => "the 64 hexadecimal digits that `greyline holder` prints",
        "url" => "an address with its scheme, such as \"https://hooks.example.net/greyline\"",
        _ => return None,
    })
}

/// The refusal of a word: what it is not.
fn no<T>(text: &str, format: &str) -> Result<T, String> {
    Err(format!("{text:?} is not {}", looks_like(format).unwrap_or("allowed")))
}

/// An IPv4 or IPv6 network: `192.0.2.0/24`, `2001:db8::/32`; an address alone is the network of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// A network of one address.
    #[must_use]
    pub const fn single(address: IpAddr) -> Self {
        let bits = if address.is_ipv4() { 32 } else { 128 };
        Self { address, bits }
    }

    /// The first address and the last, where the network is IPv4.
    #[must_use]
    pub fn v4(&self) -> Option<(u32, u32)> {
        let IpAddr::V4(address) = self.address else { return None };
        let host = u32::MAX.checked_shr(u32::from(self.bits)).unwrap_or(0);
        Some((address.to_bits() & !host, address.to_bits() | host))
    }

    /// The first address and the last, where the network is IPv6.
    #[must_use]
    pub fn v6(&self) -> Option<(u128, u128)> {
        let IpAddr::V6(address) = self.address else { return None };
        let host = u128::MAX.checked_shr(u32::from(self.bits)).unwrap_or(0);
        Some((address.to_bits() & !host, address.to_bits() | host))
    }

    /// Whether an address lies in it; one of IPv4 as a socket of IPv6 tells it is one of IPv4.
    #[must_use]
    pub fn holds(&self, ip: IpAddr) -> bool {
        match ip.to_canonical() {
            IpAddr::V4(ip) => self.v4().is_some_and(|(first, last)| (first..=last).contains(&ip.to_bits())),
            IpAddr::V6(ip) => self.v6().is_some_and(|(first, last)| (first..=last).contains(&ip.to_bits())),
        }
    }

    /// Its first address.
    #[must_use]
    pub const fn first(&self) -> IpAddr {
        self.address
    }

    /// How many addresses it has, held at the most a `u128` can count.
    #[must_use]
    pub fn addresses(&self) -> u128 {
        let all = if self.address.is_ipv4() { 32 } else { 128 };
        1_u128.checked_shl(all - u32::from(self.bits)).unwrap_or(u128::MAX)
    }

    /// Whether `inner` lies within this network or is the same.
    #[must_use]
    pub fn contains(&self, inner: &Self) -> bool {
        let within = |outer: Option<(u128, u128)>, inner: Option<(u128, u128)>| {
            outer.zip(inner).is_some_and(|(outer, inner)| outer.0 <= inner.0 && inner.1 <= outer.1)
        };
        let wide = |(first, last): (u32, u32)| (u128::from(first), u128::from(last));
        within(self.v4().map(wide), inner.v4().map(wide)) || within(self.v6(), inner.v6())
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let Ok(address) = address.parse::<IpAddr>() else { return no(text, "network") };
        // An IPv4 address in IPv6 clothes is seen on the wire without them.
        let mapped = matches!(address, IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some());
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits.map(str::parse::<u8>) {
            None => all,
            Some(Ok(bits)) if bits <= all => bits,
            Some(_) => return Err(format!("{text:?}: a network of this version has 0 to {all} bits after the /")),
        };
        if mapped {
            return Err(format!("{text:?}: write the IPv4 address as it is, {}", address.to_canonical()));
        }
        let network = Self { address, bits };
        let first: IpAddr = match (network.v4(), network.v6()) {
            (Some((first, _)), _) => std::net::Ipv4Addr::from_bits(first).into(),
            (_, Some((first, _))) => std::net::Ipv6Addr::from_bits(first).into(),
            _ => address,
        };
        if first != address {
            return Err(format!("{text:?} is an address inside a network: the network is {first}/{bits}"));
        }
        Ok(network)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

/// An address with a port to listen on: `127.0.0.1:9060`, `[::1]:9060`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address(SocketAddr);

impl Address {
    /// Any address.
    #[must_use]
    pub const fn new(address: SocketAddr) -> Self {
        Self(address)
    }

    /// As sockets take it.
    #[must_use]
    pub const fn get(self) -> SocketAddr {
        self.0
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map_or_else(|_| no(text, "address"), |address| Ok(Self(address)))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The digits of a number or of its beginning: `+` and 1 to 15 digits, the first not 0; spaces between them are passed
/// over.
fn digits(text: &str) -> Option<E164> {
    let digits: Vec<u8> = text.trim().strip_prefix('+')?.bytes().filter(|&byte| byte != b' ').collect();
    E164::from_digits(&digits)
}

/// Numbers the file names: one, a block of one length, or all that begin alike.
///
/// The file is the operator's own, and so are the numbers in it: `Display` writes them whole, as the file does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NumberRange {
    /// `+441632960000-+441632960999`; a number alone is the block of one. Both have as many digits, the first is not
    /// the greater.
    Block(E164, E164),
    /// `+441632960*`
    Beginning(Prefix),
}

impl NumberRange {
    /// Where its numbers lie among the [keys](number_key) of all numbers, first and last of each stretch.
    pub(crate) fn stretches(self) -> impl Iterator<Item = (u64, u64)> {
        let (block, beginning) = match self {
            Self::Block(first, last) => (Some((number_key(first), number_key(last))), None),
            Self::Beginning(prefix) => (None, Some(prefix)),
        };
        block.into_iter().chain(beginning.into_iter().flat_map(Prefix::stretches))
    }

    /// The number itself, where it is one.
    #[must_use]
    pub fn single(self) -> Option<E164> {
        match self {
            Self::Block(first, last) if first == last => Some(first),
            _ => None,
        }
    }
}

/// A key that orders numbers by length, then by value: numbers of one length that follow each other have keys that do.
pub(crate) const fn number_key(number: E164) -> u64 {
    length_key(number.digits()) | number.reveal()
}

/// Where the keys of a length begin: 10^15 takes 50 bits.
const fn length_key(digits: u32) -> u64 {
    (digits as u64) << 50
}

impl FromStr for NumberRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(beginning) = text.trim().strip_suffix('*') {
            return beginning.parse().map(Self::Beginning).or_else(|_| no(text, "number-range"));
        }
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        match (digits(first), digits(last)) {
            (Some(first), Some(last)) if first.digits() != last.digits() => {
                Err(format!("{text:?}: both ends of a block have the same number of digits"))
            }
            (Some(first), Some(last)) if last < first => {
                Err(format!("{text:?}: the block ends before it begins; the lower number comes first"))
            }
            (Some(first), Some(last)) => Ok(Self::Block(first, last)),
            _ => no(text, "number-range"),
        }
    }
}

impl fmt::Display for NumberRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Block(first, last) if first == last => write!(f, "+{}", first.reveal()),
            Self::Block(first, last) => write!(f, "+{}-+{}", first.reveal(), last.reveal()),
            Self::Beginning(prefix) => write!(f, "{prefix}*"),
        }
    }
}

impl fmt::Debug for NumberRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The first digits of international numbers: `+8835`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prefix(E164);

impl Prefix {
    /// For each length a number that begins so may have: the first key and the last.
    pub(crate) fn stretches(self) -> impl Iterator<Item = (u64, u64)> {
        let (value, least) = (self.0.reveal(), self.0.digits());
        (least..=E164::DIGITS_MAX as u32).map(move |digits| {
            let scale = 10_u64.pow(digits - least);
            (length_key(digits) | (value * scale), length_key(digits) | (value * scale + scale - 1))
        })
    }
}

impl FromStr for Prefix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        digits(text).map_or_else(|| no(text, "prefix"), |digits| Ok(Self(digits)))
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0.reveal())
    }
}

impl fmt::Debug for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A country that has a dial plan in the tables of `numbers`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Country(numbers::Country);

impl Country {
    /// The country in the words of `numbers`.
    #[must_use]
    pub const fn get(self) -> numbers::Country {
        self.0
    }
}

impl FromStr for Country {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let letters: Option<[u8; 2]> = text.as_bytes().try_into().ok();
        let country = letters.and_then(numbers::Country::new).filter(|&country| Plan::of(country).is_some());
        match country {
            Some(country) => Ok(Self(country)),
            None if text.eq_ignore_ascii_case("UK") => {
                Err("\"UK\" is no code of ISO 3166: did you mean \"GB\"?".into())
            }
            None => no(text, "country"),
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A day of the calendar, in the time zone of the tap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(civil::Date);

impl Date {
    /// The day in the words of `jiff`.
    #[must_use]
    pub const fn get(self) -> civil::Date {
        self.0
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self(date)
    }
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let date = (text.len() == "2027-01-31".len()).then(|| text.parse().ok()).flatten();
        date.map_or_else(|| no(text, "date"), |date| Ok(Self(date)))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A time zone of the IANA database that is built in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone in the words of `jiff`.
    #[must_use]
    pub const fn get(&self) -> &TimeZone {
        &self.0
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(zone) = TimeZone::get(text) {
            return Ok(Self(zone));
        }
        let names: Vec<_> = jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
        match nearest(text, names.iter().map(String::as_str)) {
            Some(name) => Err(format!("{text:?} is no time zone: did you mean {name:?}?")),
            None => no(text, "time-zone"),
        }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or("UTC"))
    }
}

/// What is dialled before a number to leave the country or the area: digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialPrefix(Box<str>);

/// What a carrier puts before a number to choose a route or a customer: digits, `*` and `#`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TechnicalPrefix(Box<str>);

impl DialPrefix {
    /// Its digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TechnicalPrefix {
    /// Its symbols.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_prefix(text: &str, symbol: impl Fn(u8) -> bool) -> bool {
    (1..=Plan::PREFIX_SYMBOLS_MAX).contains(&text.len()) && text.bytes().all(symbol)
}

impl FromStr for DialPrefix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if is_prefix(text, |symbol| symbol.is_ascii_digit()) { Ok(Self(text.into())) } else { no(text, "dial-prefix") }
    }
}

impl FromStr for TechnicalPrefix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if is_prefix(text, |symbol| symbol.is_ascii_digit() || matches!(symbol, b'*' | b'#')) {
            Ok(Self(text.into()))
        } else {
            no(text, "technical-prefix")
        }
    }
}

impl fmt::Display for DialPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for TechnicalPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The SHA-256 of a token: who has the token is known by it, who has only this is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// A hash as it was reckoned.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl FromStr for TokenHash {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        bytes_of(text).map_or_else(|| no(text, "token-hash"), |bytes| Ok(Self(bytes)))
    }
}

impl fmt::Display for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The public key of somebody without whom numbers of redacted bundles stay sealed (X25519).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HolderKey([u8; 32]);

impl HolderKey {
    /// A key of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(self) -> [u8; 32] {
        self.0
    }
}

impl FromStr for HolderKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        bytes_of(text).map_or_else(|| no(text, "holder-key"), |bytes| Ok(Self(bytes)))
    }
}

impl fmt::Display for HolderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// 32 bytes in 64 hexadecimal digits.
fn bytes_of(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let digits = text.as_bytes();
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    let digit = |digit: u8| char::from(digit).to_digit(16);
    for (byte, &[high, low]) in bytes.iter_mut().zip(digits.as_chunks::<2>().0) {
        *byte = (digit(high)? << 4 | digit(low)?) as u8;
    }
    Some(bytes)
}

/// An address with its scheme: `https://hooks.example.net:8443/greyline`. Who logs in says so elsewhere, so that no secret is written
/// into it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Url {
    text: Box<str>,
    scheme: u8,
    host: (u16, u16),
    port: Option<u16>,
}

impl Url {
    /// The most letters it may have.
    const LETTERS_MAX: usize = 2_048;

    /// `https`
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.text.get(..usize::from(self.scheme)).unwrap_or_default()
    }

    /// The name or address of the machine, IPv6 without its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        let (from, to) = self.host;
        self.text.get(usize::from(from)..usize::from(to)).unwrap_or_default()
    }

    /// The port, where one is written.
    #[must_use]
    pub const fn port(&self) -> Option<u16> {
        self.port
    }

    /// What stands behind the machine and its port: empty, or from the first `/` or `?`.
    #[must_use]
    pub fn path(&self) -> &str {
        let authority = usize::from(self.scheme) + "://".len();
        let rest = self.text.get(authority..).unwrap_or_default();
        rest.find(['/', '?']).and_then(|at| rest.get(at..)).unwrap_or_default()
    }

    /// Whether it is this machine.
    #[must_use]
    pub fn is_here(&self) -> bool {
        self.host() == "localhost" || self.host().parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((scheme, rest)) = text.split_once("://") else { return no(text, "url") };
        let letters = |text: &str, others: &str| {
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || others.as_bytes().contains(&byte))
        };
        let plain = text.len() <= Self::LETTERS_MAX && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
        if !plain || scheme.is_empty() || scheme.len() > 16 || !letters(scheme, "+-.") {
            return no(text, "url");
        }
        let authority = rest.find(['/', '?']).and_then(|at| rest.get(..at)).unwrap_or(rest);
        if authority.contains('@') {
            return Err("no name and no password is written into an address: they lie in files".to_owned());
        }
        let at = scheme.len() + "://".len();
        let (from, host, port) = match authority.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            Some((host, port)) => (at + 1, host, port.strip_prefix(':').or(port.is_empty().then_some(""))),
            None => {
                let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
                (at, host, if authority.ends_with(':') { None } else { Some(port) })
            }
        };
        let named = from == at && !host.is_empty() && host.len() <= 253 && letters(host, "-._");
        let sound = named || (from > at && host.parse::<std::net::Ipv6Addr>().is_ok());
        let port = match port {
            Some("") => Ok(None),
            Some(port) => port.parse::<u16>().map(Some).map_err(drop),
            None => Err(()),
        };
        let (true, Ok(port)) = (sound && port != Ok(Some(0)), port) else { return no(text, "url") };
        let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        let host = (place(from), place(from + host.len()));
        Ok(Self { scheme: u8::try_from(scheme.len()).unwrap_or(0), host, port, text: text.into() })
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a word; gives it as it is written back, or what was said.
    fn read<W: FromStr<Err = String> + fmt::Display>(text: &str) -> String {
        text.parse::<W>().map_or_else(|said| format!("! {said}"), |word| word.to_string())
    }

    #[test]
    fn networks() {
        for (text, expected) in [
            ("192.0.2.0/24", "192.0.2.0/24"),
            ("192.0.2.7", "192.0.2.7/32"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("2001:db8::/32", "2001:db8::/32"),
            ("2001:db8::1", "2001:db8::1/128"),
            ("192.0.2.7/24", "! \"192.0.2.7/24\" is an address inside a network: the network is 192.0.2.0/24"),
            ("192.0.2.0/33", "! \"192.0.2.0/33\": a network of this version has 0 to 32 bits after the /"),
            ("::ffff:192.0.2.1", "! \"::ffff:192.0.2.1\": write the IPv4 address as it is, 192.0.2.1"),
        ] {
            assert_eq!(read::<Network>(text), expected);
        }
        assert!(read::<Network>("192.0.2").contains("is not an address or a network, such as"));
        let network = |text: &str| text.parse::<Network>().unwrap();
        assert_eq!(network("192.0.2.0/24").addresses(), 256);
        assert_eq!(network("::/0").addresses(), u128::MAX);
        assert!(network("192.0.2.0/24").contains(&network("192.0.2.16/28")));
        assert!(!network("::/0").contains(&network("192.0.2.0/24")));
    }

    #[test]
    fn numbers() {
        for (text, expected) in [
            ("+44 1632 960001", "+441632960001"),
            ("+441632960000-+441632960999", "+441632960000-+441632960999"),
            ("+441632960*", "+441632960*"),
            ("+441632-+44163", "! \"+441632-+44163\": both ends of a block have the same number of digits"),
            ("+12-+11", "! \"+12-+11\": the block ends before it begins; the lower number comes first"),
        ] {
            assert_eq!(read::<NumberRange>(text), expected);
        }
        for malformed in ["441632960001", "+", "+0441632", "+1234567890123456", "*", "+44a", "+44-", ""] {
            assert!(read::<NumberRange>(malformed).contains("is not a number"), "{malformed}");
        }
        let stretches: Vec<_> = "+441*".parse::<NumberRange>().unwrap().stretches().collect();
        assert_eq!(stretches.len(), 13);
        assert_eq!(stretches[1], (length_key(4) | 4410, length_key(4) | 4419));
    }

    #[test]
    fn places_and_times() {
        assert_eq!(read::<Country>("gb"), "GB");
        assert_eq!(read::<Country>("UK"), "! \"UK\" is no code of ISO 3166: did you mean \"GB\"?");
        assert!(read::<Country>("ZZ").starts_with('!'));
        assert_eq!(read::<Date>("2027-01-31"), "2027-01-31");
        assert!(read::<Date>("2027-02-29").contains("a date, such as"));
        assert!(read::<Date>("31.01.2027").starts_with('!'));
        assert_eq!(read::<Zone>("Asia/Kolkata"), "Asia/Kolkata");
        assert_eq!(read::<Zone>("UTC"), "UTC");
        assert_eq!(read::<Zone>("Asia/Calcuta"), "! \"Asia/Calcuta\" is no time zone: did you mean \"Asia/Calcutta\"?");
        assert_eq!(read::<DialPrefix>("00"), "00");
        assert!(read::<DialPrefix>("+").starts_with('!'));
        assert_eq!(read::<TechnicalPrefix>("1234#"), "1234#");
    }

    #[test]
    fn urls() {
        let check = |text: &str, scheme, host, port, path| {
            let url: Url = text.parse().unwrap();
            assert_eq!((url.scheme(), url.host(), url.port(), url.path()), (scheme, host, port, path), "{text}");
            assert_eq!(url.to_string(), text);
        };
        check("https://hooks.example.net/a/b?c=d", "https", "hooks.example.net", None, "/a/b?c=d");
        check("tls://[2001:db8::1]:6514", "tls", "2001:db8::1", Some(6514), "");
        check("udp://192.0.2.1:514", "udp", "192.0.2.1", Some(514), "");
        check("http://127.0.0.1?x", "http", "127.0.0.1", None, "?x");
        for malformed in
            ["", "https", "https://", "://x", "http://x:", "http://x:0", "http://x:70000", "http://a b", "http://[x]"]
        {
            assert!(read::<Url>(malformed).contains("is not an address with its scheme"), "{malformed}");
        }
        assert!(read::<Url>("https://me:word@example.net").contains("no password"));
        assert!("http://[::1]:9093".parse::<Url>().unwrap().is_here());
        assert!(!"http://192.0.2.1".parse::<Url>().unwrap().is_here());
    }
}
