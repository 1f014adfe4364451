//! The words of an alert: what a fraud analyst would write.

use std::borrow::Cow;
use std::fmt::Write as _;

use config::{Known, ProtectedId};
use detect::{
    Because, Beyond, ClassName, Entity, Excess, Feature, Headcount, Hours, Kind, Knocks, Operation, Origin, Report,
    Seals, Signers, Sweep, Tried, Unfit, Unseen, Victims,
};
use jiff::Timestamp;
use sip::passport::Proof;
use types::{Ip, Nanos};

use crate::record::EntityName;

/// Countries named in a sentence.
const COUNTRIES_NAMED: usize = 4;

/// Capture time as RFC 3339 in UTC with microseconds.
pub fn time(at: Nanos) -> String {
    at.rfc3339()
}

/// Day and minute in UTC, for sentences.
#[must_use]
pub fn clock(at: Nanos) -> String {
    stamp(at).strftime("%-d %B %H:%M UTC").to_string()
}

fn stamp(at: Nanos) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(at.get())).unwrap_or(Timestamp::MAX)
}

/// `1234567` as `1,234,567`.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The name of an entity.
pub fn entity(known: &Known, signers: &Signers, entity: &Entity) -> EntityName {
    let value = match entity {
        Entity::NumberBlock(block) => format!("+{block}xxx"),
        Entity::Number(number) => format!("+{}", number.reveal()),
        Entity::NumberAt(origin, number) => format!("+{} at {}", number.reveal(), origin.name(known)),
        Entity::Corridor(block, destination) => format!("+{destination}… called by +{block}xxx"),
        named => named.name(known, signers).unwrap_or_default(),
    };
    EntityName { kind: entity.kind(), value }
}

/// What a kind is called.
const fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::ScamCallCentre => "Scam call centre",
        Kind::UnlicensedCallCentre => "Unlicensed call centre",
        Kind::TimezoneTargeting => "Calls that follow the sun",
        Kind::CallBurst => "Burst of calls",
        Kind::Robocall => "Robocall campaign",
        Kind::NumberRotation => "Rotation of numbers",
        Kind::GreyRoute => "Grey route",
        Kind::SimBox => "SIM box",
        Kind::CliRefile => "Refiled caller numbers",
        Kind::FalseAnswer => "False answers",
        Kind::Wangiri => "Wangiri",
        Kind::Irsf => "International revenue share fraud",
        Kind::Impersonation => "Impersonation",
        Kind::SipScan => "SIP scan",
    }
}

/// A few words: what, and who.
pub fn title(known: &Known, report: &Report<'_>) -> String {
    let sources = match report.operation.sources.as_slice() {
        [] => String::new(),
        [only] => format!(" from {}", known.place(*only)),
        [first, rest @ ..] => format!(" from {} and {} more", known.place(*first), rest.len()),
    };
    format!("{}{sources}", noun(report.kind))
}

/// A sentence: what, how many, since when, under how many numbers, to whom.
pub fn summary(known: &Known, report: &Report<'_>) -> String {
    let operation = report.operation;
    let mut text = String::new();
    if let Entity::Asker(ip) = report.lead {
        return asked(known, report, ip);
    }
    // What it is best known by need not be all of it.
    let who = if operation.members.len() > 1 {
        format!("One operation, best known by {},", mark(known, report))
    } else {
        somebody(known, report)
    };
    let people = if operation.callees().count() == 1 { "person" } else { "people" };
    let _ = write!(text, "{who} has called {} {people}", head(operation.callees(), operation.calls));
    let countries: Vec<_> =
        operation.countries.iter().take(COUNTRIES_NAMED).map(|(country, _)| country.as_str()).collect();
    if !countries.is_empty() {
        let _ = write!(text, " in {}", countries.join(", "));
    }
    if operation.countries.len() > COUNTRIES_NAMED {
        let _ = write!(text, " and {} more countries", operation.countries.len() - COUNTRIES_NAMED);
    }
    let _ = write!(text, " since {}", clock(operation.first_call));
    match operation.callers.count() {
        0 => text.push_str(", withholding its number"),
        1 => text.push_str(" from one number"),
        _ => {
            let _ = write!(text, " under {} numbers", head(operation.callers.headcount(), operation.calls));
        }
    }
    let share = 100.0 * operation.answered as f64 / operation.calls.max(1) as f64;
    let _ = write!(text, "; {} calls, {share:.0} % answered", grouped(operation.calls));
    if let Some(seats) = operation.seats_told {
        let _ = write!(text, ", about {} agents ({} to {})", seats.seats, seats.low, seats.high);
    }
    text.push('.');
    beyond(&mut text, known, operation.excess);
    if report.kind == Kind::UnlicensedCallCentre && operation.excess.is_none() {
        text.push_str(outside(known.config().licence.len()));
    }
    follow_the_sun(&mut text, &operation.sweep);
    called_back(&mut text, &operation.victims);
    played(&mut text, known, operation);
    missed(&report.unseen, &mut text);
    text
}

/// Who calls, where the operation is nothing but its leading entity.
fn somebody(known: &Known, report: &Report<'_>) -> String {
    match &report.lead {
        Entity::Origin(origin @ Origin::Trunk(_)) => format!("Somebody on trunk {}", origin.name(known)),
        Entity::Origin(Origin::Source(ip)) => format!("Somebody behind {ip}"),
        Entity::Unlicensed(origin) => format!("Somebody without a licence on {}", origin.name(known)),
        Entity::Stack(_) | Entity::StackAt(..) => match report.operation.sources.as_slice() {
            [only] => format!("Somebody with software of his own behind {}", known.place(*only)),
            several => format!("Somebody with software of his own behind {} addresses", several.len()),
        },
        Entity::NumberBlock(block) => format!("The block +{block}xxx"),
        Entity::Number(number) if report.operation.callers.count() > 1 => {
            format!("Whoever shows the number +{}", number.reveal())
        }
        Entity::Number(number) => format!("The number +{}", number.reveal()),
        Entity::NumberAt(origin, number) => {
            format!("Somebody on {} who shows the number +{}", origin.name(known), number.reveal())
        }
        Entity::Corridor(block, destination) => format!("Somebody behind +{block}xxx calls +{destination}… and"),
        Entity::Route(origin, country) => format!("The route by {} to {country}", origin.name(known)),
        Entity::FarEnd(origin) => format!("The route by {}", origin.name(known)),
        Entity::Signer(signer) => format!("Whoever is signed for by {}", report.signers.name(*signer)),
        Entity::Asker(ip) => format!("The address {}", known.place(*ip)),
        Entity::Recording(_) => "Whoever plays one recording".to_owned(),
    }
}

/// By what an operation is best known, of which more is known.
fn mark(known: &Known, report: &Report<'_>) -> String {
    match &report.lead {
        Entity::Origin(origin @ Origin::Trunk(_)) => format!("some of what comes by trunk {}", origin.name(known)),
        Entity::Origin(Origin::Source(ip)) => format!("some of what comes from {ip}"),
        Entity::Unlicensed(origin) => format!("what comes by {} without a licence", origin.name(known)),
        Entity::Stack(_) | Entity::StackAt(..) => match report.operation.sources.as_slice() {
            [only] => format!("its software behind {}", known.place(*only)),
            several => format!("its software behind {} addresses", several.len()),
        },
        Entity::NumberBlock(block) => format!("the numbers +{block}xxx"),
        Entity::Number(number) => format!("the number +{}", number.reveal()),
        Entity::NumberAt(origin, number) => format!("the number +{} on {}", number.reveal(), origin.name(known)),
        Entity::Corridor(block, destination) => format!("calls of +{block}xxx to +{destination}…"),
        Entity::Route(origin, country) => format!("the route by {} to {country}", origin.name(known)),
        Entity::FarEnd(origin) => format!("the route by {}", origin.name(known)),
        Entity::Signer(signer) => format!("those of its calls that are signed by {}", report.signers.name(*signer)),
        Entity::Asker(ip) => format!("the address {}", known.place(*ip)),
        Entity::Recording(_) => "one recording that it plays".to_owned(),
    }
}

/// How many different numbers there are in so many calls: an estimate where they are many, which may say more than there were calls.
pub fn different(numbers: &Headcount, calls: u64) -> u64 {
    numbers.count().min(calls)
}

/// The same in words.
fn head(numbers: &Headcount, calls: u64) -> String {
    let about = if numbers.is_estimate() { "about " } else { "" };
    format!("{about}{}", grouped(different(numbers, calls)))
}

/// Of who asks rather than calls: what it tries, how often, since when, and what came of it.
fn asked(known: &Known, report: &Report<'_>, ip: Ip) -> String {
    let knocks = report.operation.knocks.unwrap_or_default();
    let tried = report.evidence.iter().find_map(|item| match item.because {
        Because::Tried { what, .. } => Some(what),
        _ => None,
    });
    let what = tried.map_or_else(|| "asks for one account after another".into(), |tried| doing(&knocks, tried));
    let mut text = format!("The address {} {what}", known.place(ip));
    let _ = write!(text, " since {}", clock(report.operation.first_call));
    if knocks.requests > 0 {
        let _ = write!(text, "; {}, {} refused", number_of(knocks.requests, "request"), grouped(knocks.refused));
    }
    if knocks.challenged > 0 {
        let _ = write!(text, " and {} asked for a password", grouped(knocks.challenged));
    }
    if knocks.calls > 0 {
        let _ = write!(text, "; {}, {} refused", number_of(knocks.calls, "call"), grouped(knocks.calls_refused));
    }
    text.push('.');
    if let Some(guesses) = knocks.guessed {
        let _ = write!(text, " A password was accepted after {} that were not.", grouped(u64::from(guesses)));
    }
    if knocks.reached {
        text.push_str(" The number was reached behind one of the prefixes.");
    }
    missed(&report.unseen, &mut text);
    text
}

/// What who tries doors does.
fn doing(knocks: &Knocks, tried: Tried) -> String {
    let count = grouped(knocks.count(tried));
    match tried {
        Tried::Order => format!("asks for one account after another in order, {count} so far,"),
        Tried::List => format!("asks for one account after another, {count} so far,"),
        Tried::Passwords | Tried::Guessed => format!("guesses passwords of one account, {count} so far,"),
        Tried::Prefixes | Tried::Reached => format!("dials one number behind {count} prefixes"),
        Tried::Tool => "scans with a tool that is made for it".into(),
    }
}

/// So many of something.
fn number_of(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", grouped(count))
}

/// That no licence covers its calls, of those that are registered.
const fn outside(licences: usize) -> &'static str {
    if licences == 1 {
        " The one licence that is registered does not cover it."
    } else {
        " No licence that is registered covers it."
    }
}

/// How it goes beyond the licence its calls are made under.
fn beyond(text: &mut String, known: &Known, excess: Option<Excess>) {
    let Some((licence, of)) = excess.and_then(|it| Some((known.licence(it.licence)?, it.of))) else { return };
    let holder = &licence.holder;
    let _ = match (of, licence.seats) {
        (Beyond::Seats(agents), Some(seats)) => {
            write!(text, " The licence of {holder} is for {seats} seats, and at least {agents} agents work under it.")
        }
        (Beyond::Seats(agents), None) => write!(text, " At least {agents} agents work under the licence of {holder}."),
        (Beyond::Destination(country), _) => {
            write!(text, " The licence of {holder} does not name {country}, where it calls.")
        }
    };
}

/// What was not seen, where that lowers the evidence.
fn missed(unseen: &Unseen, text: &mut String) {
    if unseen.seen() >= 1.0 {
        return;
    }
    let percent = |share: f32| format!("{:.1} %", 100.0 * share);
    let mut missing = Vec::new();
    if unseen.kernel_drops > 0 {
        missing.push(format!("{} frames were dropped by the capturing host", grouped(unseen.kernel_drops)));
    }
    if unseen.one_way_share > 0.0 {
        missing.push(format!("{} of the calls were heard in one direction only", percent(unseen.one_way_share)));
    }
    if unseen.undecoded_share > 0.0 {
        missing.push(format!("{} of the frames could not be read", percent(unseen.undecoded_share)));
    }
    let _ =
        write!(text, " Meanwhile {}: the evidence is lowered by {}.", missing.join(", "), percent(1.0 - unseen.seen()));
}

/// Which parts of the world are called in turn, at which hours of theirs, and when the calls turn.
fn follow_the_sun(text: &mut String, sweep: &Sweep) {
    let regions: Vec<_> = sweep.in_turn().map(|it| format!("{} {}", it.name, hours(it.local_hours()))).collect();
    if regions.len() < 2 {
        return;
    }
    let _ = write!(text, " It keeps the hours of {} regions (their own time): {}", regions.len(), regions.join(", "));
    for turn in sweep.hand_overs() {
        let _ = write!(text, "; from {} to {} at {} UTC", turn.from, turn.to, hour(turn.hour));
    }
    text.push('.');
}

/// Victims who called back, and the first of them; a sentence is read by many, so it masks the number.
fn called_back(text: &mut String, victims: &Victims) {
    if let Some(first) = victims.named().first() {
        let calls = if victims.calls() == 1 { "call" } else { "calls" };
        let count = grouped(victims.calls());
        let _ = write!(text, " {count} {calls} back by victims, the first by {} on {}.", first.number, clock(first.at));
    }
}
/// By what recordings are known again at the tap's privacy level.
#[must_use]
pub fn known_by(known: &Known) -> &'static str {
    if known.config().tap.privacy_level >= 3 { "fingerprint" } else { "loudness" }
}

/// What its callers were heard to play, and what of it is kept.
fn played(text: &mut String, known: &Known, operation: &Operation) {
    let Some(most) = operation.played.iter().max_by_key(|it| (it.calls, std::cmp::Reverse(it.recording))) else {
        return;
    };
    let of = match operation.played.len() {
        1 => String::new(),
        several => format!(", {} of them the most frequent of {several}", grouped(most.calls)),
    };
    let calls = grouped(operation.recorded);
    let what = if operation.played.len() == 1 { "the same recording" } else { "recordings heard by others too" };
    let _ =
        write!(text, " {calls} of its calls played {what}{of}, known by its {}; no audio is kept.", known_by(known));
}

/// A whole hour: `08:00`.
pub fn hour(hour: u8) -> String {
    format!("{hour:02}:00")
}

/// A stretch of the day: `09:00-17:00`.
pub fn hours(hours: Hours) -> String {
    format!("{}-{}", hour(hours.first), hour((hours.last + 1) % 24))
}

/// The word of what was looked at.
pub const fn feature(because: &Because) -> &'static str {
    match because {
        Because::Share { feature, .. } => feature.name(),
        Because::Rate { .. } => "rate",
        Because::Protected { .. } => "protected_number",
        Because::LookAlike { .. } => "protected_name",
        Because::Unfit { .. } => "unfit_number",
        Because::Early { .. } => "early_answers",
        Because::Refiled { .. } => "refiled_number",
        Because::Landlines { .. } => "landlines_from_abroad",
        Because::BeyondLicence { .. } => "beyond_licence",
        Because::Tried { what, .. } => door(*what),
    }
}

/// The word of what was tried.
const fn door(tried: Tried) -> &'static str {
    match tried {
        Tried::Order => "accounts_in_order",
        Tried::List => "accounts_listed",
        Tried::Passwords => "passwords",
        Tried::Prefixes => "prefixes",
        Tried::Tool => "scanner",
        Tried::Guessed => "password_guessed",
        Tried::Reached => "prefix_found",
    }
}

/// What was tried, how often, and of what.
fn tries(tried: Tried, count: u64) -> (&'static str, String) {
    match tried {
        Tried::Order => {
            ("accounts", format!("{} asked for, one after the other in order", number_of(count, "account")))
        }
        Tried::List => {
            ("accounts", format!("{} asked for, ever new ones minute after minute", number_of(count, "account")))
        }
        Tried::Passwords => {
            ("passwords", format!("{} of one account, each in a dialog of its own", number_of(count, "password")))
        }
        Tried::Prefixes => ("prefixes", format!("{count} prefixes before one number, all refused")),
        Tried::Tool => ("requests", format!("{} by a tool that is made for scanning", number_of(count, "request"))),
        Tried::Guessed => ("passwords", format!("a password was accepted after {} that were not", grouped(count))),
        Tried::Reached => ("prefixes", format!("a number was reached that was refused behind {count} prefixes")),
    }
}

/// Observed, expected, of what, and a sentence.
pub fn evidence(
    known: &Known,
    seals: &Seals,
    because: &Because,
    classes: &[ClassName],
) -> (f64, f64, &'static str, String) {
    let owner = |owner: ProtectedId| known.protected(owner).map_or("its owner", |it| it.owner.as_str());
    match *because {
        Because::Share { feature, shown, known: asked, expected, class } => {
            let innocent = classes.get(class).map_or("the innocent", |class| &class.about);
            let observed = f64::from(shown) / f64::from(asked.max(1));
            let would = (expected * asked as f32).round() as u64;
            let mut text = format!("{shown} of {asked} {}; of {innocent} about {would} would", says(known, feature));
            if matches!(feature, Feature::Unattested | Feature::SignatureFails) {
                checked(seals, &mut text);
            }
            (thousandths(observed), thousandths(f64::from(expected)), "share", text)
        }
        Because::Rate { calls, expected, since } => {
            let calls_then = number_of(calls.round() as u64, "call");
            let text = format!("{calls_then} since {}, where {expected:.0} are usual at this hour", clock(since));
            (f64::from(calls).round(), thousandths(f64::from(expected)), "calls", text)
        }
        Because::Protected { owner: id, calls } => {
            let text = format!("{calls} under a number of {}, which may not come from there", owner(id));
            (f64::from(calls), 0.0, "calls", text)
        }
        Because::LookAlike { owner: id, calls } => {
            let text = format!("{calls} under a name that is made to look like that of {}", owner(id));
            (f64::from(calls), 0.0, "calls", text)
        }
        Because::Early { answers, early } => {
            let text =
                format!("{early} of {answers} answers came within two seconds, more than on other routes to there");
            let share = f64::from(early) / f64::from(answers.max(1));
            (thousandths(share), 0.0, "share", text)
        }
        Because::Unfit { why, numbers } => {
            let text = match why {
                Unfit::Impossible => "which no number can be",
                Unfit::CalledOnly => "which is for being called only",
            };
            let text = match numbers {
                1 => format!("a caller's number that nobody can call from, {text}"),
                _ => format!("{numbers} callers' numbers that nobody can call from, one of them {text}"),
            };
            (f64::from(numbers), 0.0, "numbers", text)
        }
        Because::BeyondLicence { calls } => {
            let text = format!("{} went beyond what the licence allows", number_of(u64::from(calls), "call"));
            (f64::from(calls), 0.0, "calls", text)
        }
        Because::Tried { what, count } => {
            let (of, text) = tries(what, count);
            (count as f64, 0.0, of, text)
        }
        Because::Landlines { calls, asked } => {
            let text = format!(
                "{calls} of {asked} calls from abroad came under as many landlines of this country, none of which had been seen there or \
                 called; of a platform's or an exchange's abroad most are known from one day to the next"
            );
            (thousandths(f64::from(calls) / f64::from(asked.max(1))), 0.0, "share", text)
        }
        Because::Refiled { numbers } => {
            let text = format!(
                "{numbers} numbers of the callee's country shown on one leg of calls that show a foreign one on another"
            );
            (f64::from(numbers), 0.0, "numbers", text)
        }
    }
}

/// What checking the operation's PASSporTs came to.
fn checked(seals: &Seals, text: &mut String) {
    let mut counts: Vec<_> = seals.proofs().filter(|&(_, calls)| calls > 0).collect();
    counts.sort_by_key(|&(_, calls)| std::cmp::Reverse(calls));
    for (place, (proof, calls)) in counts.into_iter().enumerate() {
        let _ = write!(
            text,
            "{} {} {}",
            if place == 0 { ". Of all its signed calls" } else { "," },
            grouped(calls),
            came_to(proof)
        );
    }
}

/// What checking a PASSporT came to.
const fn came_to(proof: Proof) -> &'static str {
    match proof {
        Proof::Unchecked => "were not verified, for want of the signer's certificate",
        Proof::Verified => "were verified",
        Proof::BadSignature => "were signed by another key than the signer's",
        Proof::Untrusted => "had a certificate that no trusted authority answers for",
        Proof::Stale => "were signed more than a minute before or after the call",
        Proof::OtherCaller => "were signed for another caller",
        Proof::OtherCallee => "were signed for another callee",
        Proof::Unauthorised => "were signed by somebody who may not speak for the number",
        Proof::Unreadable => "could not be checked",
    }
}

pub fn thousandths(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

/// What a feature says of calls, with the limits by which the operator has it judged.
fn says(known: &Known, feature: Feature) -> Cow<'static, str> {
    let detect = &known.config().detect;
    let seconds = |millis: u32| f64::from(millis) / 1e3;
    let text = match feature {
        Feature::FirstContact => "calls went to people it had no contact with before",
        Feature::BusinessHours => "stretches of three hours began with a call in the callee's working hours",
        Feature::CallerNew => "calls showed a number never seen there before",
        Feature::DomesticAbroad => "calls came from abroad under a number of the callee's own country",
        Feature::Unattested => "calls had no attestation A",
        Feature::SignatureFails => "signed calls carried a signature that does not hold",
        Feature::HeadersLost => {
            "of a carrier's calls went on to another without the signature or the diversion they came with"
        }
        Feature::CallerChanged => "of a carrier's calls went on under another caller's number",
        Feature::CallerUnreal => "calls showed a number that nobody can have",
        Feature::NeverCalled => "calls came from numbers that nobody ever calls",
        Feature::PoorMedia => "calls lost packets in bursts or had jitter on the caller's side",
        Feature::Answered | Feature::Reached => "calls were answered",
        Feature::Short => {
            return format!("answered calls were over within {} seconds", detect.centre.short_call_secs).into();
        }
        Feature::RouteShort => {
            return format!("answered calls were over within {} seconds", detect.false_answer.short_call_secs).into();
        }
        Feature::CalleeEnds => "answered calls were ended by the callee",
        Feature::Conversed => {
            let short = detect.centre.short_call_secs;
            return format!("answered calls of more than {short} seconds went on for more than a minute and a half")
                .into();
        }
        Feature::RingAndDrop => {
            let limit = seconds(detect.wangiri.ring_ms_max);
            return format!("unanswered calls were dropped within {limit} seconds of ringing").into();
        }
        Feature::CallerSilent => "answered calls had a caller who never spoke",
        Feature::Recorded => "callers who were listened to played what three people have heard within a day",
        Feature::RouteSilent => "answered calls had a callee who never spoke",
        Feature::DestinationNew => "calls went to numbers that were not called before that day",
        Feature::CountryNew => "calls went to a country that was not called before that day",
        Feature::HighCost => "calls went to numbers on the list of high cost",
        Feature::OffHours => {
            "stretches of three hours began with a call at night or on a day of rest where the caller is"
        }
        Feature::Parallel => "calls were made while another to numbers there was up or rang",
        Feature::CalleeAgain => "calls went to a number called before on the same day",
        Feature::RouteNoRinging => "calls were answered without ringing",
        Feature::RouteCallerEnds => "answered calls were ended by the caller",
        Feature::FalseNoRinging => "answers that look false came without ringing",
        Feature::FalseCallerEnds => "answers that look false were ended by the caller",
        Feature::RouteInstant => {
            let limit = seconds(detect.false_answer.early_answer_ms_max);
            return format!("calls were answered within {limit} seconds").into();
        }
        Feature::AskRefused => "requests were refused",
        Feature::BurstFirstContact => "calls of the burst went to people it had no contact with before",
        Feature::BurstAnswered => "calls of the burst were answered",
        Feature::BurstShort => {
            let limit = detect.centre.short_call_secs;
            return format!("answered calls of the burst were over within {limit} seconds").into();
        }
        Feature::BurstCalleeEnds => "answered calls of the burst were ended by the callee",
        Feature::BurstCallerNew => "calls of the burst showed a number never seen there before",
        Feature::BurstOneCaller => "calls of the burst showed the same few numbers",
        Feature::BurstUnattested => "calls of the burst had no attestation A",
        Feature::BurstCalleeAgain => "calls of the burst went to a number called before on the same day",
        Feature::BurstFailed => "calls of the burst failed in the network",
        Feature::AskNew => "requests were about somebody never asked for before",
        Feature::AskQuick => "requests came within a second of the one before",
    };
    Cow::Borrowed(text)
}

/// What would speak against it.
pub const fn refuted_by(kind: Kind) -> &'static str {
    match kind {
        Kind::ScamCallCentre | Kind::UnlicensedCallCentre => {
            "A licence for these numbers or addresses, and callees who call back or are called again."
        }
        Kind::Wangiri => "Callees who know the caller, or who asked for the call (a code sent by a missed call).",
        Kind::Robocall => {
            "A recording that the callees asked for: reminders, announcements of a school or an authority."
        }
        Kind::CliRefile => {
            "A forwarding subscriber or a roaming mobile behind the number, or an allocation newer than the tables."
        }
        Kind::TimezoneTargeting => "A licensed centre that works for companies of these regions.",
        Kind::CallBurst => "An event that explains it: an announcement, a vote, a trunk that took over for another.",
        Kind::NumberRotation => "A permission of the numbers' owners.",
        Kind::GreyRoute | Kind::SimBox => {
            "Calls to these numbers, roaming, or a customer abroad with numbers of the country."
        }
        Kind::FalseAnswer => {
            "Callees who speak; announcements or mailboxes at the destination that answer on every route."
        }
        Kind::Irsf => "A new business partner there, called in office hours, few calls at a time.",
        Kind::Impersonation => "A permission of the number's or name's owner.",
        Kind::SipScan => "A device that lost its configuration, or a monitoring system of one's own.",
    }
}

#[cfg(test)]
mod tests {
    use config::LicenceId;

    use super::*;

    #[test]
    fn what_goes_beyond_a_licence_is_told() {
        let text = "[[licence]]\nholder = \"Example Contact Centre\"\naddresses = [\"192.0.2.1\"]\nseats = 30\n\
                    destinations = [\"IE\"]\n";
        let known = config::read(text.as_bytes()).unwrap().known;
        let [country] = known.config().licence[0].destinations[..] else { panic!("one country") };
        let check = |of, expected: &str| {
            let mut text = String::new();
            beyond(&mut text, &known, Some(Excess { licence: LicenceId(0), of }));
            assert_eq!(text, expected);
        };
        check(
            Beyond::Seats(81),
            " The licence of Example Contact Centre is for 30 seats, and at least 81 agents work under it.",
        );
        check(
            Beyond::Destination(country.get()),
            " The licence of Example Contact Centre does not name IE, where it calls.",
        );
    }

    #[test]
    fn what_is_tried_is_told_with_its_count() {
        let knocks = Knocks { accounts: 2_000, passwords: 798, prefixes: 13, guessed: Some(798), ..Knocks::default() };
        for (tried, expected) in [
            (Tried::Order, "asks for one account after another in order, 2,000 so far,"),
            (Tried::List, "asks for one account after another, 2,000 so far,"),
            (Tried::Passwords, "guesses passwords of one account, 798 so far,"),
            (Tried::Guessed, "guesses passwords of one account, 798 so far,"),
            (Tried::Prefixes, "dials one number behind 13 prefixes"),
            (Tried::Tool, "scans with a tool that is made for it"),
        ] {
            assert_eq!(doing(&knocks, tried), expected);
        }
    }

    #[test]
    fn limits_are_those_of_the_configuration() {
        let check = |text: &str, feature, expected: &str| {
            let known = config::read(text.as_bytes()).unwrap().known;
            assert!(says(&known, feature).ends_with(expected), "{}", says(&known, feature));
        };
        check("", Feature::Short, "within 15 seconds");
        check("", Feature::RingAndDrop, "within 6 seconds of ringing");
        check("[detect.centre]\nshort_call_secs = 30", Feature::Short, "within 30 seconds");
        check("[detect.centre]\nshort_call_secs = 30", Feature::BurstShort, "within 30 seconds");
        check("[detect.centre]\nshort_call_secs = 30", Feature::RouteShort, "within 15 seconds");
        check("[detect.wangiri]\nring_ms_max = 2_500", Feature::RingAndDrop, "within 2.5 seconds of ringing");
    }
}
