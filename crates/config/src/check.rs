//! What is wrong with a configuration whose every key is right: names that are taken, networks and numbers that belong to
//! two, references to nobody, times that are over.

mod sinks;

use std::collections::{BTreeMap, BTreeSet};

use numbers::{Validity, look_up};
use serde_json::Value;

use crate::detect::{Detect, is_heeded};
use crate::known::each;
use crate::mistakes::Flaw;
use crate::nearest::nearest;
use crate::words::{Address, Date, Network, NumberRange};
use crate::written::{
    Allow, Capture, Columns, Config, EntityKind, Holder, Licence, Listen, Protected, Records, Role, Stir, Trunk,
};

/// The most overlaps of numbers that are told; a list that has more is wrong as a whole.
const OVERLAPS_MAX: usize = 20;

/// All that is wrong; `names` are the trunks that may be referred to.
pub(crate) fn check(config: &Config, names: &BTreeSet<String>) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    privacy(config.tap.privacy_level, &mut flaws);
    capture(&config.capture, &mut flaws);
    trunks(config, &mut flaws);
    licences(&config.licence, &mut flaws);
    protected(&config.protected, names, &mut flaws);
    allowed(&config.allow, names, &mut flaws);
    detectors(config, &mut flaws);
    unheeded(&config.detect, &mut flaws);
    records(&config.records, &mut flaws);
    stir(&config.stir, &mut flaws);
    listen(&config.listen, &mut flaws);
    holders(&config.evidence.holders, &mut flaws);
    sinks::sinks(&config.sink, names, &mut flaws);
    flaws
}

/// Two, or nobody; and two are not one.
fn holders(holders: &[Holder], flaws: &mut Vec<Flaw>) {
    for (at, holder) in each(holders) {
        blank(&holder.name, || format!("evidence/holders/{at}/name"), "`evidence.holders.name`", flaws);
    }
    match holders {
        [_] => {
            let what = "one who holds the key alone could look alone: name two, or nobody";
            flaws.push(Flaw::error("evidence/holders", what));
        }
        [one, other] if one.public_key == other.public_key => {
            flaws.push(Flaw::error("evidence/holders/1/public_key", "both have this key: each has one of their own"));
        }
        [one, other] if one.name == other.name => {
            flaws.push(Flaw::error("evidence/holders/1/name", "both have this name: they are two people"));
        }
        _ => {}
    }
}

/// TLS needs a certificate and its key, and a port is given once.
fn listen(listen: &Listen, flaws: &mut Vec<Flaw>) {
    match (&listen.tls_certificate, &listen.tls_key) {
        (Some(_), None) => {
            flaws.push(Flaw::error("listen/tls_certificate", "a certificate needs its key: set `listen.tls_key`"))
        }
        (None, Some(_)) => {
            flaws.push(Flaw::error("listen/tls_key", "a key needs its certificate: set `listen.tls_certificate`"))
        }
        (None, None) if !listen.hep_tls.is_empty() => {
            flaws.push(Flaw::error("listen/hep_tls", "TLS needs `listen.tls_certificate` and `listen.tls_key`"));
        }
        (None, None) if !listen.https.is_empty() => {
            flaws.push(Flaw::error("listen/https", "TLS needs `listen.tls_certificate` and `listen.tls_key`"));
        }
        _ => {}
    }
    let tcp =
        [("http", &listen.http), ("https", &listen.https), ("hep_tcp", &listen.hep_tcp), ("hep_tls", &listen.hep_tls)];
    let udp = [("hep_udp", &listen.hep_udp)];
    for sockets in [tcp.as_slice(), &udp] {
        let mut seen: BTreeMap<Address, &str> = BTreeMap::new();
        for (key, addresses) in sockets {
            for (at, &address) in each(addresses) {
                if let Some(other) = seen.insert(address, key).filter(|_| address.get().port() != 0) {
                    let what = format!("`listen.{other}` listens on {address} already");
                    flaws.push(Flaw::error(format!("listen/{key}/{at}"), what));
                }
            }
        }
    }
}

/// Numbers of people leave for nobody who is not known, nor in clear: pages are for users over TLS, or stay on this machine. That is asked of
/// what somebody wrote; what is written down of a configuration elsewhere names no users.
pub(crate) fn users(config: &Config) -> Vec<Flaw> {
    let (listen, users, mut flaws) = (&config.listen, &config.user, Vec::new());
    if !listen.https.is_empty() && users.is_empty() {
        let what = "pages on other machines are for somebody: name a [[user]], whose token `greyline token` makes";
        flaws.push(Flaw::error("listen/https", what));
    }
    let stays = listen.http.iter().any(|address| address.get().ip().is_loopback());
    if !users.is_empty() && listen.https.is_empty() && !listen.http.is_empty() && !stays {
        let what = "users are named, and every address here is in clear and open to others: pages and tokens go over \
            `listen.https`, or over a loopback address";
        flaws.push(Flaw::error("listen/http", what));
    }
    let (mut names, mut tokens) = (BTreeSet::new(), BTreeSet::new());
    for (at, user) in each(users) {
        blank(&user.name, || format!("user/{at}/name"), "`user.name`", &mut flaws);
        if !names.insert(&user.name) {
            let what = format!("there is a user {:?} already: a name is given once", user.name);
            flaws.push(Flaw::error(format!("user/{at}/name"), what));
        }
        if !tokens.insert(user.token_sha256) {
            let what = "another user has this token already: each has one of their own";
            flaws.push(Flaw::error(format!("user/{at}/token_sha256"), what));
        }
    }
    flaws
}

/// What is wrong on a day.
pub(crate) fn on(config: &Config, day: Date) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for (at, licence) in each(&config.licence) {
        if let Some(until) = licence.valid_until.filter(|&until| until < day) {
            let what = format!("the licence of {:?} ended on {until}: it covers nothing", licence.holder);
            flaws.push(Flaw::warning(format!("licence/{at}/valid_until"), what));
        }
        if let Some(from) = licence.valid_from.filter(|&from| day < from) {
            let what = format!("the licence of {:?} begins on {from}: until then it covers nothing", licence.holder);
            flaws.push(Flaw::warning(format!("licence/{at}/valid_from"), what));
        }
    }
    for (at, allow) in each(&config.allow) {
        if allow.until < day {
            let (kind, value) = (allow.entity.kind.as_str(), &allow.entity.value);
            let what = format!("{kind} {value:?} was allowed until {}: it raises alerts again", allow.until);
            flaws.push(Flaw::warning(format!("allow/{at}/until"), what));
        }
    }
    flaws
}

/// Whoever asks for less than there is must know that they get more.
fn privacy(level: u8, flaws: &mut Vec<Flaw>) {
    if level == 0 {
        let what = "`tap.privacy_level` 0 is not heeded yet: greyline works at 1, signalling and RTP headers";
        flaws.push(Flaw::warning("tap/privacy_level", what));
    }
}

/// A source is read once, and sources wait for each other for as long as the kernel keeps what one has.
fn capture(capture: &Capture, flaws: &mut Vec<Flaw>) {
    for (key, names) in [("interfaces", &capture.interfaces), ("folders", &capture.folders)] {
        let mut seen = BTreeSet::new();
        for (at, name) in names.iter().enumerate() {
            if !seen.insert(name.trim_end_matches('/')) {
                let what = format!("`{name}` is named twice: each of `capture.{key}` is read once");
                flaws.push(Flaw::error(format!("capture/{key}/{at}"), what));
            }
        }
    }
    let (merge, block) = (capture.merge_ms, capture.block_ms);
    if merge < block {
        let what = format!(
            "`capture.merge_ms` is {merge} and `capture.block_ms` {block}: where there are several sources, frames of one come late"
        );
        flaws.push(Flaw::warning("capture/merge_ms", what));
    }
}

fn trunks(config: &Config, flaws: &mut Vec<Flaw>) {
    let mut seen: BTreeMap<&str, u16> = BTreeMap::new();
    for (at, trunk) in each(&config.trunk) {
        let name = &trunk.name;
        if seen.insert(name, at).is_some() {
            flaws.push(Flaw::error(
                format!("trunk/{at}/name"),
                format!("there is a trunk {name:?} already: a name is given once"),
            ));
        }
        blank(&trunk.name, || format!("trunk/{at}/name"), "`trunk.name`", flaws);
        if trunk.addresses.is_empty() && config.records == Records::default() {
            let what = format!(
                "trunk {name:?} has no `addresses`: only call records that name it belong to it, and `[records]` says nothing of any"
            );
            // Where some are written and are wrong, that has been told.
            flaws.push(Flaw::warning(format!("trunk/{at}/addresses"), what));
        }
        if let Some(home) = config.tap.home
            && trunk.role == Role::International
            && trunk.countries.contains(&home)
        {
            let what = format!(
                "trunk {name:?} is international and may carry numbers of {home}, the home country: refiled \
                numbers of {home} are not found there"
            );
            flaws.push(Flaw::warning(format!("trunk/{at}/countries"), what));
        }
    }
    overlapping_networks(&config.trunk, flaws);
}

/// One network of two trunks is an error; one within another is told, since the narrower wins.
fn overlapping_networks(trunks: &[Trunk], flaws: &mut Vec<Flaw>) {
    let mut networks: Vec<_> = each(trunks)
        .flat_map(|(at, trunk)| (0_u16..).zip(&trunk.addresses).map(move |(place, network)| (network, at, place)))
        .collect();
    // The wider of two that begin alike comes first, so that what is open holds all that follow.
    networks.sort_unstable_by_key(|&(network, at, place)| (first(network), u128::MAX - network.addresses(), at, place));
    let mut open: Vec<(&Network, u16)> = Vec::new();
    let name = |at: u16| trunks.get(usize::from(at)).map_or("", |trunk| trunk.name.as_str());
    for (network, at, place) in networks {
        while open.pop_if(|(outer, _)| !outer.contains(network)).is_some() {}
        let path = || format!("trunk/{at}/addresses/{place}");
        match open.last() {
            Some(&(outer, other)) if outer == network && other == at => {
                flaws.push(Flaw::warning(path(), format!("trunk {:?} has {network} twice", name(at))));
            }
            Some(&(outer, other)) if outer == network => flaws.push(Flaw::error(
                path(),
                format!(
                    "trunks {:?} and {:?} overlap: both have {network}; a network belongs to one",
                    name(other),
                    name(at)
                ),
            )),
            Some(&(outer, other)) if other != at => flaws.push(Flaw::warning(
                path(),
                format!(
                    "trunks {:?} and {:?} overlap: {network} lies in {outer}; its calls are those of {:?}",
                    name(other),
                    name(at),
                    name(at)
                ),
            )),
            _ => {}
        }
        open.push((network, at));
    }
}

/// The first address, IPv4 before IPv6.
fn first(network: &Network) -> (bool, u128) {
    match (network.v4(), network.v6()) {
        (Some((first, _)), _) => (false, first.into()),
        (None, v6) => (true, v6.map_or(0, |(first, _)| first)),
    }
}

fn licences(licences: &[Licence], flaws: &mut Vec<Flaw>) {
    for (at, licence) in each(licences) {
        let holder = &licence.holder;
        blank(holder, || format!("licence/{at}/holder"), "`licence.holder`", flaws);
        if licence.addresses.is_empty() && licence.number_ranges.is_empty() {
            let what =
                format!("the licence of {holder:?} has neither `addresses` nor `number_ranges`: it covers nothing");
            flaws.push(Flaw::error(format!("licence/{at}"), what));
        }
        if let (Some(from), Some(until)) = (licence.valid_from, licence.valid_until)
            && until < from
        {
            let what = format!("the licence of {holder:?} ends on {until}, before it begins on {from}");
            flaws.push(Flaw::error(format!("licence/{at}/valid_until"), what));
        }
        reachable(&licence.number_ranges, &format!("licence/{at}/number_ranges"), flaws);
    }
    let at_once = |a: u16, b: u16| {
        let term = |at: u16| licences.get(usize::from(at)).map(|it| (it.valid_from, it.valid_until));
        term(a).zip(term(b)).is_some_and(|((a_from, a_until), (b_from, b_until))| {
            b_until.is_none_or(|until| a_from <= Some(until)) && a_until.is_none_or(|until| b_from <= Some(until))
        })
    };
    let ranges = each(licences).map(|(at, licence)| (at, licence.number_ranges.as_slice()));
    for (one, other, path, range) in overlapping_numbers(ranges, at_once) {
        let holder = |at: u16| licences.get(usize::from(at)).map_or("", |licence| licence.holder.as_str());
        let what = format!(
            "the licences of {:?} and {:?} overlap: both have numbers of {range}, at the same time",
            holder(one),
            holder(other)
        );
        flaws.push(Flaw::error(format!("licence/{other}/number_ranges/{path}"), what));
    }
}

/// Pairs of entries that have numbers in common and for which `counts` holds, each pair once: the earlier entry, the later, the
/// place of the range among the later's, and that range.
fn overlapping_numbers<'c>(
    entries: impl Iterator<Item = (u16, &'c [NumberRange])>,
    counts: impl Fn(u16, u16) -> bool,
) -> Vec<(u16, u16, usize, NumberRange)> {
    let mut stretches: Vec<_> = entries
        .flat_map(|(at, ranges)| {
            let places = ranges.iter().enumerate();
            places
                .flat_map(move |(place, range)| range.stretches().map(move |(from, to)| (from, to, at, place, *range)))
        })
        .collect();
    stretches.sort_unstable();
    let (mut found, mut pairs) = (Vec::new(), BTreeSet::new());
    let mut open: Vec<(u64, u16, usize, NumberRange)> = Vec::new();
    for (from, to, at, place, range) in stretches {
        open.retain(|&(last, ..)| from <= last);
        for &(_, other, other_place, other_range) in &open {
            let pair = (at.min(other), at.max(other));
            if at == other || !counts(at, other) || !pairs.insert(pair) {
                continue;
            }
            let (place, range) = if other < at { (place, range) } else { (other_place, other_range) };
            found.push((pair.0, pair.1, place, range));
            if found.len() == OVERLAPS_MAX {
                return found;
            }
        }
        open.push((to, at, place, range));
    }
    found
}

fn protected(owners: &[Protected], names: &BTreeSet<String>, flaws: &mut Vec<Flaw>) {
    for (at, it) in each(owners) {
        let owner = &it.owner;
        blank(owner, || format!("protected/{at}/owner"), "`protected.owner`", flaws);
        if it.numbers.is_empty() && it.display_names.is_empty() {
            let what = format!("{owner:?} has neither `numbers` nor `display_names`: nothing is protected");
            flaws.push(Flaw::error(format!("protected/{at}"), what));
        }
        for (place, name) in it.display_names.iter().enumerate() {
            blank(name, || format!("protected/{at}/display_names/{place}"), "`protected.display_names`", flaws);
        }
        for (place, name) in it.trunks.iter().enumerate() {
            known_trunk(name, names, || format!("protected/{at}/trunks/{place}"), flaws);
        }
        reachable(&it.numbers, &format!("protected/{at}/numbers"), flaws);
    }
    let ranges = each(owners).map(|(at, it)| (at, it.numbers.as_slice()));
    for (one, other, place, range) in overlapping_numbers(ranges, |_, _| true) {
        let owner = |at: u16| owners.get(usize::from(at)).map_or("", |it| it.owner.as_str());
        let what = format!("numbers of {range} are protected for {:?} and for {:?}", owner(one), owner(other));
        flaws.push(Flaw::error(format!("protected/{other}/numbers/{place}"), what));
    }
}

fn allowed(allowed: &[Allow], names: &BTreeSet<String>, flaws: &mut Vec<Flaw>) {
    for (at, allow) in each(allowed) {
        let path = || format!("allow/{at}/entity/value");
        blank(&allow.why, || format!("allow/{at}/why"), "`allow.why`", flaws);
        if let Err(said) = allow.entity.target() {
            let kind = allow.entity.kind.as_str();
            flaws.push(Flaw::error(path(), format!("`allow.entity` of kind \"{kind}\": {said}")));
        }
        if allow.entity.kind == EntityKind::Trunk {
            known_trunk(&allow.entity.value, names, path, flaws);
        }
    }
}

fn detectors(config: &Config, flaws: &mut Vec<Flaw>) {
    let timezone = &config.detect.timezone;
    if timezone.work_to_hour <= timezone.work_from_hour {
        let (from, to) = (timezone.work_from_hour, timezone.work_to_hour);
        let what = format!("`detect.timezone`: working hours end at {to}, and begin only at {from}");
        flaws.push(Flaw::error("detect/timezone/work_to_hour", what));
    }
    let (robocall, level) = (&config.detect.robocall, config.tap.privacy_level);
    if robocall.audio && level < 3 {
        let what = format!("`detect.robocall.audio` needs `tap.privacy_level` 3; it is {level}");
        flaws.push(Flaw::error("detect/robocall/audio", what));
    }
}

fn records(records: &Records, flaws: &mut Vec<Flaw>) {
    if !records.delimiter.is_ascii() || records.delimiter == "\"" {
        let what = format!(
            "`records.delimiter` takes a character of ASCII other than the quote, and not {:?}",
            records.delimiter
        );
        flaws.push(Flaw::error("records/delimiter", what));
    }
    let format = records.time_format.as_str();
    if !matches!(format, "rfc3339" | "unix" | "unix_ms") && !format.contains('%') {
        let what = format!(
            "`records.time_format` takes \"rfc3339\", \"unix\", \"unix_ms\" or a pattern such as \"%Y-%m-%d %H:%M:%S\", and not \
             {format:?}"
        );
        flaws.push(Flaw::error("records/time_format", what));
    }
    let (columns, defaults) = (&records.columns, Columns::default());
    for (what, secs, ms) in [
        ("duration", columns.duration_secs != defaults.duration_secs, columns.duration_ms != defaults.duration_ms),
        ("talk", columns.talk_secs != defaults.talk_secs, columns.talk_ms != defaults.talk_ms),
        ("ring", columns.ring_secs != defaults.ring_secs, columns.ring_ms != defaults.ring_ms),
    ] {
        if secs && ms {
            let path = format!("records/columns/{what}_ms");
            let said =
                format!("`records.columns` takes `{what}_secs` or `{what}_ms`, and not both: name the finer one");
            flaws.push(Flaw::error(path, said));
        }
    }
}

/// One without the other verifies nothing, and whoever gave it believes that it does.
fn stir(stir: &Stir, flaws: &mut Vec<Flaw>) {
    match (stir.authorities.is_empty(), &stir.certificates) {
        (true, Some(_)) => flaws.push(Flaw::error(
            "stir/certificates",
            "`stir.certificates` needs `stir.authorities`: without one that is trusted no signature holds",
        )),
        (false, None) => flaws.push(Flaw::error(
            "stir/authorities",
            "`stir.authorities` needs `stir.certificates`: without the signers' own certificates nothing can be verified",
        )),
        _ => {}
    }
}

/// Settings that are written and not heeded: nobody should believe that they work.
fn unheeded(detect: &Detect, flaws: &mut Vec<Flaw>) {
    let (written, default) = (serde_json::to_value(detect), serde_json::to_value(Detect::default()));
    let (Ok(Value::Object(written)), Ok(default)) = (written, default) else { return };
    for (family, keys) in &written {
        for (key, value) in keys.as_object().into_iter().flatten() {
            let Some(fixed) = default.get(family).and_then(|keys| keys.get(key)) else { continue };
            if value != fixed && !is_heeded(family, key) {
                let what = format!("`detect.{family}.{key}` is not heeded yet: judgement works with {fixed}");
                flaws.push(Flaw::warning(format!("detect/{family}/{key}"), what));
            }
        }
    }
}

fn known_trunk(name: &str, names: &BTreeSet<String>, path: impl Fn() -> String, flaws: &mut Vec<Flaw>) {
    if names.contains(name) {
        return;
    }
    let meant = nearest(name, names.iter().map(String::as_str)).map(|name| format!(": did you mean {name:?}?"));
    let help = meant.unwrap_or_else(|| "; it takes the name of a [[trunk]] of this file".to_owned());
    flaws.push(Flaw::error(path(), format!("there is no trunk {name:?}{help}")));
}

fn blank(text: &str, path: impl Fn() -> String, key: &str, flaws: &mut Vec<Flaw>) {
    if text.trim().is_empty() {
        flaws.push(Flaw::error(path(), format!("{key} is blank: write something a person can use")));
    }
}

/// Numbers that nobody can have are probably mistyped.
fn reachable(ranges: &[NumberRange], path: &str, flaws: &mut Vec<Flaw>) {
    for (place, range) in ranges.iter().enumerate() {
        let NumberRange::Block(first, _) = range else { continue };
        let wrong = match look_up(*first).validity {
            Validity::Valid | Validity::Possible => continue,
            Validity::TooShort => "too short",
            Validity::TooLong => "too long",
            Validity::Invalid => "not a number of any country",
        };
        flaws.push(Flaw::warning(format!("{path}/{place}"), format!("{range} is {wrong}: no call will show it")));
    }
}
