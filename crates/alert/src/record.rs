//! The alert record: a line of `--alerts`. Fields may be added; none changes its meaning.

use config::Known;
use detect::{Kind, Operation, Report, Seals, Status, Unseen};
use schemars::JsonSchema;
use serde::Serialize;
use sip::passport::Proof;

use crate::severity::{Severity, severity_of};
use crate::words;

/// The version of the record.
const VERSION: u8 = 1;

/// Decibels of a nat: 10 / ln 10.
const DB: f64 = 4.342_944_819_032_518;

/// An alert.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "Alert")]
pub struct Alert {
    /// Version of the record.
    pub v: u8,
    /// The same through its life.
    pub alert_id: String,
    /// Where it stands in its life.
    #[schemars(extend("enum" = ["open", "update", "close"]))]
    pub status: &'static str,
    /// Only detectors in shadow speak of it: it is no alert, and stands in the file of `--shadow`. Absent in alerts.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub shadow: bool,
    /// The moment of the capture at which this is said.
    #[schemars(extend("format" = "date-time"))]
    pub time: String,
    /// What it is.
    #[schemars(extend("enum" = Kind::ALL.map(Kind::name)))]
    pub kind: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Evidence against the closest innocent reading, in decibels: ten times the decimal logarithm of how much likelier the
    /// calls are from a scam.
    pub score_db: f64,
    /// Evidence that an alert needs at this moment, in decibels.
    pub threshold_db: f64,
    /// How much of that is asked for since days before brought far more alerts than is bearable; absent where none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold_raised_db: Option<f64>,
    /// The entity that leads.
    pub entity: EntityName,
    /// Other entities that belong to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<EntityName>,
    /// A few words.
    pub title: String,
    /// A sentence a person can read.
    pub summary: String,
    /// Why, the weightiest first.
    pub evidence: Vec<EvidenceLine>,
    /// From when the calls are whose shares stand in `evidence`: those of its leading entity from the moment on at which its evidence
    /// began. What rules found (numbers, names, doors) is of all its time.
    #[schemars(extend("format" = "date-time"))]
    pub weighed_from: String,
    /// To when: the moment of the most evidence. Later calls are counted, and weighed only where they bring more.
    #[schemars(extend("format" = "date-time"))]
    pub weighed_to: String,
    /// The innocent class that explains the calls best.
    pub innocent_reading: InnocentReading,
    /// What would speak against it.
    pub refuted_by: &'static str,
    /// Its first call.
    #[schemars(extend("format" = "date-time"))]
    pub first_call: String,
    /// Its last call.
    #[schemars(extend("format" = "date-time"))]
    pub last_call: String,
    /// Its calls.
    pub calls: Calls,
    /// Addresses that sent its INVITEs, at most 32; a trunk that has none by its name.
    pub sources: Vec<String>,
    /// Numbers it shows, or the blocks they lie in where they are many.
    pub callers: Vec<String>,
    /// Different numbers it shows; within 3 % above 4,096.
    pub caller_count: u64,
    /// Whom it calls.
    pub callees: Callees,
    /// How its calls are signed.
    pub signatures: Signatures,
    /// What was not seen while the evidence came together; absent where nothing is known to be missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// The parts of the world that it calls in turn, each in its working hours.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<RegionCalls>,
    /// When its calls turn from one of these to the next, in the order of the day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hand_overs: Vec<HandOver>,
    /// Who was rung by it and called back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_backs: Option<CallBacks>,
    /// What its callers were heard to play, most first, at most 16: where the tap may listen. No audio is kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recordings: Vec<RecordingCalls>,
    /// How many agents, when the calls look like agents'.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<Seats>,
    /// What judged it.
    pub versions: Versions,
}

/// An entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Entity")]
pub struct EntityName {
    /// What it is.
    #[schemars(extend("enum" = ["trunk", "source", "customer", "stack", "number_block", "number", "destination_block", "callee", "recording", "campaign"]))]
    pub kind: &'static str,
    /// Which.
    pub value: String,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "Evidence")]
pub struct EvidenceLine {
    /// The family that brings it, by its name in the configuration.
    pub family: &'static str,
    /// What was looked at.
    pub feature: &'static str,
    /// What was seen.
    pub observed: f64,
    /// What the innocent would show whom it speaks against: the closest, or those who would be closer without it.
    pub expected: f64,
    /// Of what.
    pub unit: &'static str,
    /// What the score would lose without it.
    pub db: f64,
    /// Its part of the score: all parts add up to it.
    pub share_db: f64,
    /// In words.
    pub text: String,
}

/// The innocent class that explains the calls best.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "InnocentReading")]
pub struct InnocentReading {
    /// Its word.
    pub class: String,
    /// Who that is.
    pub about: String,
    /// How far behind it is, in decibels.
    pub margin_db: f64,
}

/// The calls of an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "AlertCalls")]
pub struct Calls {
    /// How many.
    pub count: u64,
    /// Of these, answered.
    pub answered: u64,
    /// Call-IDs of the first of them, at most 100.
    pub sample: Vec<String>,
}

/// The people called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Callees")]
pub struct Callees {
    /// How many; within 3 % above 4,096.
    pub count: u64,
    /// Calls by country, most first.
    pub countries: Vec<CountryCalls>,
}

/// Calls to a country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "CountryCalls")]
pub struct CountryCalls {
    /// ISO 3166 alpha-2; `ZZ` where numbers could not be read.
    pub country: String,
    /// Calls.
    pub calls: u64,
}

/// How calls are signed (STIR/SHAKEN): by what was attested, and of the signed by what that is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Signatures")]
pub struct Signatures {
    /// Calls with full attestation: the signer knows that the number is the customer's.
    pub a: u64,
    /// With partial attestation: it knows the customer.
    pub b: u64,
    /// With gateway attestation: it only knows where the call came in.
    pub c: u64,
    /// Without any.
    pub unattested: u64,
    /// Signed calls whose signature, certificate and claims hold.
    pub verified: u64,
    /// Whose claims fit the call, and whose signature could not be checked.
    pub not_verified: u64,
    /// That do not hold.
    pub failed: u64,
}

impl Signatures {
    fn of(seals: &Seals) -> Self {
        let [a, b, c, unattested] = seals.attests();
        let sum = |counts: fn(Proof) -> bool| {
            seals.proofs().filter(|&(proof, _)| counts(proof)).map(|(_, calls)| calls).sum()
        };
        Self {
            a,
            b,
            c,
            unattested,
            verified: sum(|proof| proof == Proof::Verified),
            not_verified: sum(|proof| matches!(proof, Proof::Unchecked | Proof::Unreadable)),
            failed: sum(|proof| proof.fails() == Some(true)),
        }
    }
}

/// What was not seen of a time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "Coverage")]
pub struct Coverage {
    /// Frames that the capturing host dropped, as it says itself.
    pub kernel_drops: u64,
    /// Share of the answered calls with media of which one direction only was seen; 0 where no more than is usual.
    pub one_way_share: f64,
    /// Share of the frames that were cut short, damaged, or of a kind that cannot be read.
    pub undecoded_share: f64,
    /// Share of what went past that was seen, taken together: the evidence of calls counts so many times.
    pub seen_share: f64,
}

impl Coverage {
    fn of(unseen: &Unseen) -> Option<Self> {
        let share = |share: f32| (f64::from(share) * 1e6).round() / 1e6;
        let seen_share = share(unseen.seen());
        (unseen.seen() < 1.0).then(|| Self {
            kernel_drops: unseen.kernel_drops,
            one_way_share: share(unseen.one_way_share),
            undecoded_share: share(unseen.undecoded_share),
            seen_share,
        })
    }
}

/// A part of the world that is called in its working hours.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "RegionCalls")]
pub struct RegionCalls {
    /// Its name in the tz database: `Europe`.
    pub region: String,
    /// Calls to it.
    pub calls: u64,
    /// Share of these in its working hours, which `[detect.timezone]` of the configuration says.
    pub working_share: f64,
    /// The least stretch of its own day that holds nine of ten of them: `09:00-17:00`.
    pub local_hours: String,
    /// The same in UTC.
    pub utc_hours: String,
}

/// The moment of the day at which calls turn from one part of the world to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "HandOver")]
pub struct HandOver {
    /// From here.
    pub from: String,
    /// To here.
    pub to: String,
    /// The first hour in which the second gets more calls than the first, UTC: `08:00`.
    pub utc: String,
}

/// Calls of victims to the numbers that rang them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "CallBacks")]
pub struct CallBacks {
    /// How many.
    pub count: u64,
    /// Who, in the order of their first calls; at most 32.
    pub victims: Vec<Victim>,
}

/// Somebody who called back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Victim")]
pub struct Victim {
    /// Who.
    pub number: String,
    /// Which number was called.
    pub called: String,
    /// When for the first time.
    #[schemars(extend("format" = "date-time"))]
    pub time: String,
}

/// A recording that callers play.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "RecordingCalls")]
pub struct RecordingCalls {
    /// Which: the same in every run over the same traffic.
    pub recording: String,
    /// Calls of the operation that were heard to play it.
    pub calls: u64,
    /// By what it is known again: its loudness (privacy level 2) or its fingerprint (level 3).
    #[schemars(extend("enum" = ["loudness", "fingerprint"]))]
    pub known_by: &'static str,
    /// When the first of these calls began.
    #[schemars(extend("format" = "date-time"))]
    pub first_call: String,
    /// When the last of them began.
    #[schemars(extend("format" = "date-time"))]
    pub last_call: String,
}

/// Estimated agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Seats")]
pub struct Seats {
    /// The most likely number.
    pub estimate: u32,
    /// Nine in ten chance it is at least this.
    pub low: u32,
    /// And at most this.
    pub high: u32,
}

/// What judged an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Versions")]
pub struct Versions {
    /// The program.
    pub greyline: String,
    /// What judges: a hash of its source.
    pub rules: String,
    /// The class tables: version and hash.
    pub tables: String,
    /// Hash of the configuration.
    pub config: String,
}

/// Nats in decibels, with one decimal: more would be noise.
#[must_use]
pub fn decibels(nats: f32) -> f64 {
    (f64::from(nats) * DB * 10.0).round() / 10.0
}

impl Alert {
    /// What a report says, as it is written.
    #[must_use]
    pub fn of(known: &Known, report: &Report<'_>, versions: &Versions) -> Self {
        let operation = report.operation;
        let (class, about) = report.innocent;
        let (version, hash) = report.tables;
        let members = operation.members.iter().filter(|(entity, _)| *entity != report.lead);
        let seats = operation.seats_told;
        let seats = seats.map(|estimate| Seats { estimate: estimate.seats, low: estimate.low, high: estimate.high });
        let countries = operation.countries.iter();
        let opened = operation.knocks.is_some_and(|knocks| knocks.opened());
        let evidence = report.evidence.iter().map(|item| {
            let (observed, expected, unit, text) =
                words::evidence(known, &operation.seals, &item.because, report.classes);
            let feature = words::feature(&item.because);
            let (db, share_db) = (decibels(item.nats), decibels(item.share_nats));
            EvidenceLine { family: item.family.name(), feature, observed, expected, unit, db, share_db, text }
        });
        Self {
            v: VERSION,
            alert_id: format!("{:016x}", operation.id),
            status: match report.status {
                Status::Open => "open",
                Status::Update => "update",
                Status::Close => "close",
            },
            shadow: report.shadow,
            time: words::time(report.at),
            kind: report.kind.name(),
            severity: severity_of(report.kind, operation.answered, operation.victims.calls(), opened),
            score_db: decibels(report.nats),
            threshold_db: decibels(report.threshold_nats),
            threshold_raised_db: (report.raised_nats > 0.0).then(|| decibels(report.raised_nats)),
            entity: words::entity(known, report.signers, &report.lead),
            members: members.map(|(entity, _)| words::entity(known, report.signers, entity)).collect(),
            title: words::title(known, report),
            summary: words::summary(known, report),
            evidence: evidence.collect(),
            weighed_from: words::time(report.weighed.0),
            weighed_to: words::time(report.weighed.1),
            innocent_reading: InnocentReading {
                class: class.to_owned(),
                about: about.to_owned(),
                margin_db: decibels(report.nats),
            },
            refuted_by: words::refuted_by(report.kind),
            first_call: words::time(operation.first_call),
            last_call: words::time(operation.last_call),
            calls: Calls {
                count: operation.calls,
                answered: operation.answered,
                sample: operation.sample.iter().map(|id| String::from_utf8_lossy(id).into_owned()).collect(),
            },
            sources: operation.sources.iter().map(|&ip| known.place(ip)).collect(),
            callers: operation.callers.names(),
            caller_count: words::different(operation.callers.headcount(), operation.calls),
            callees: Callees {
                count: words::different(operation.callees(), operation.calls),
                countries: countries
                    .map(|(country, calls)| CountryCalls { country: country.to_string(), calls: *calls })
                    .collect(),
            },
            signatures: Signatures::of(&operation.seals),
            coverage: Coverage::of(&report.unseen),
            regions: regions(operation),
            hand_overs: hand_overs(operation),
            call_backs: call_backs(operation),
            recordings: recordings(known, operation),
            seats,
            versions: Versions { tables: format!("{version} {hash:016x}"), ..versions.clone() },
        }
    }
}

/// The parts of the world, where it calls several in turn.
fn regions(operation: &Operation) -> Vec<RegionCalls> {
    let several = operation.sweep.in_turn().count() > 1;
    let told = operation.sweep.in_turn().filter(|_| several).map(|region| RegionCalls {
        region: region.name.to_owned(),
        calls: region.calls,
        working_share: words::thousandths(region.working as f64 / region.calls.max(1) as f64),
        local_hours: words::hours(region.local_hours()),
        utc_hours: words::hours(region.universal_hours()),
    });
    told.collect()
}

fn hand_overs(operation: &Operation) -> Vec<HandOver> {
    let told = operation.sweep.hand_overs().into_iter().map(|it| HandOver {
        from: it.from.to_owned(),
        to: it.to.to_owned(),
        utc: words::hour(it.hour),
    });
    told.collect()
}

fn call_backs(operation: &Operation) -> Option<CallBacks> {
    let victims = &operation.victims;
    let named = victims.named().iter().map(|victim| Victim {
        number: format!("+{}", victim.number.reveal()),
        called: format!("+{}", victim.called.reveal()),
        time: words::time(victim.at),
    });
    (victims.calls() > 0).then(|| CallBacks { count: victims.calls(), victims: named.collect() })
}

fn recordings(known: &Known, operation: &Operation) -> Vec<RecordingCalls> {
    let mut played = operation.played.clone();
    played.sort_by_key(|it| (std::cmp::Reverse(it.calls), it.recording));
    let told = played.into_iter().map(|it| RecordingCalls {
        recording: it.recording.to_string(),
        calls: it.calls,
        known_by: words::known_by(known),
        first_call: words::time(it.first),
        last_call: words::time(it.last),
    });
    told.collect()
}
