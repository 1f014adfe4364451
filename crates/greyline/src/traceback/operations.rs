//! Operations as their alerts describe them: which calls are theirs, and whom they called.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use config::Known;
use serde::Serialize;
use serde_json::Value;
use store::{Alert, AlertQuery, Archive, Found, Query};
use types::Nanos;

use crate::failure::Failure;
use crate::json::{part, time};

/// How long before its first call and after its last an operation may have called.
const AROUND: Duration = Duration::from_secs(3_600);
/// What stands between a signer's certificate and its name for a customer, in the name of an entity.
const FOR_ORIGIN: &str = " for origin ";
/// Digits that may be open in a block of numbers: a wider one says nothing, since it is half of a country.
const OPEN_MAX: usize = 4;
/// Operations that are looked at: the latest.
const OPERATIONS_MAX: usize = 100_000;
/// Calls of an operation that are looked through for its victims.
pub const CALLS_MAX: usize = 500_000;

/// Why a call is taken for one of an operation, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// It came from where the operation calls.
    From,
    /// It came from there and shows numbers of its own.
    FromAndShown,
    /// It came from there, written by the software that the operation uses.
    FromAndWritten,
    /// All three.
    All,
    /// Whoever signed it names the same customer (`origid` of its PASSporT).
    Signed,
    /// The alert names it.
    Named,
    /// The alert counts it.
    Counted,
}

impl Sure {
    /// In words.
    pub const fn because(self) -> &'static str {
        match self {
            Self::From => "from the same addresses",
            Self::FromAndShown => "from the same addresses, showing the same numbers",
            Self::FromAndWritten => "from the same addresses, written by the same software",
            Self::All => "from the same addresses, written by the same software, showing the same numbers",
            Self::Signed => "signed for the same customer",
            Self::Named => "named in the alert",
            Self::Counted => "counted by the alert",
        }
    }
}

/// An operation, and by what its calls are known.
#[derive(Debug)]
pub struct Operation {
    pub alert: Alert,
    /// People it called, as its alert estimates them.
    pub callees: u64,
    /// Whether the store knows which calls the alert counts: then no others are its own.
    counted: bool,
    sources: Vec<String>,
    calls: Vec<String>,
    trunks: Vec<String>,
    stacks: Vec<String>,
    /// Customers as signers name them: `CERTIFICATE for origin ID`.
    signers: Vec<String>,
    /// First digits of numbers that it shows, or whole ones.
    shown: Vec<Digits>,
    /// Where its calls go, as first digits.
    towards: Vec<String>,
    /// What its leading entity is.
    lead: Lead,
}

/// A number, or the first digits of many.
#[derive(Debug)]
struct Digits {
    digits: String,
    whole: bool,
}

/// By what the calls of an operation are held together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lead {
    /// Everything from some place.
    Place,
    /// What some software wrote.
    Stack,
    /// What shows some numbers.
    Number,
    /// Anything else.
    Other,
}

impl Operation {
    /// What an alert says of its operation; nothing where its record cannot be read.
    pub fn of(alert: Alert) -> Option<Self> {
        let record: Value = serde_json::from_str(&alert.record).ok()?;
        let texts = |list: &Value| -> Vec<String> {
            list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
        };
        let lead = match alert.entity.0.as_str() {
            "trunk" | "source" => Lead::Place,
            "stack" => Lead::Stack,
            "number" | "number_block" => Lead::Number,
            _ => Lead::Other,
        };
        let mut operation = Self {
            counted: false,
            callees: part(&record, "/callees/count").as_u64().unwrap_or(0),
            sources: texts(part(&record, "/sources")),
            calls: texts(part(&record, "/calls/sample")),
            trunks: Vec::new(),
            stacks: Vec::new(),
            signers: Vec::new(),
            shown: texts(part(&record, "/callers")).iter().filter_map(|caller| digits(caller)).collect(),
            towards: Vec::new(),
            lead,
            // What of it is needed has been read.
            alert: Alert { record: String::new(), ..alert },
        };
        let members = part(&record, "/members").as_array().into_iter().flatten();
        for entity in std::iter::once(part(&record, "/entity")).chain(members) {
            let value = part(entity, "/value").as_str().unwrap_or_default();
            // `… at SOURCE` belongs to what stands before it.
            let first = value.split(' ').next().unwrap_or_default();
            match part(entity, "/kind").as_str().unwrap_or_default() {
                "trunk" => operation.trunks.push(value.to_owned()),
                "source" if value.parse::<IpAddr>().is_ok() => operation.sources.push(value.to_owned()),
                "stack" => operation.stacks.push(first.to_owned()),
                "customer" if value.contains(FOR_ORIGIN) => operation.signers.push(value.to_owned()),
                "number" | "number_block" => operation.shown.extend(digits(first)),
                // `+994… called by +3706xxx`.
                "destination_block" => {
                    operation.towards.extend(digits(first).map(|block| block.digits));
                    operation.shown.extend(value.rsplit(' ').next().and_then(digits));
                }
                _ => {}
            }
        }
        Some(operation)
    }

    /// Whether it may have called at a time at all.
    pub fn may_call(&self, at: Nanos) -> bool {
        let (first, last) = self.alert.calls_at;
        first.before(AROUND) <= at && at <= last.after(AROUND)
    }

    /// Whether a call that was found is one of its own, and how surely.
    pub fn has(&self, known: &Known, found: &Found, call: &Value) -> Option<Sure> {
        if found.counted_by.is_some() && found.counted_by == self.alert.number() {
            return Some(Sure::Counted);
        }
        if self.counted { None } else { self.may_have(known, found.at, call) }
    }

    /// The same by what the alert says of its calls.
    pub fn may_have(&self, known: &Known, at: Nanos, call: &Value) -> Option<Sure> {
        if !self.may_call(at) {
            return None;
        }
        let text = |value: &'_ Value| value.as_str().unwrap_or_default().to_owned();
        if self.calls.contains(&text(part(call, "/call_id"))) {
            return Some(Sure::Named);
        }
        // A signer's own name for its customer is neither forged by the customer nor shared with another.
        let customer =
            part(call, "/origin_id").as_str().map(|id| format!("{}{FOR_ORIGIN}{id}", text(part(call, "/signer"))));
        if let Some(customer) = customer.filter(|_| !self.signers.is_empty()) {
            return self.signers.contains(&customer).then_some(Sure::Signed);
        }
        let placeless = self.sources.is_empty() && self.trunks.is_empty();
        let from = self.sources.contains(&text(part(call, "/source/ip")))
            || trunk(known, call).is_some_and(|trunk| self.trunks.iter().any(|own| own == trunk));
        let callee = text(part(call, "/callee/number"));
        let towards = self.towards.is_empty() || self.towards.iter().any(|block| callee.starts_with(block.as_str()));
        if !(from || placeless) || !towards {
            return None;
        }
        let caller = text(part(call, "/caller/number"));
        let shows = |it: &Digits| if it.whole { caller == it.digits } else { caller.starts_with(&it.digits) };
        let (shown, written) = (self.shown.iter().any(shows), self.stacks.contains(&text(part(call, "/stack"))));
        match (written, shown, self.lead) {
            (true, true, _) => Some(Sure::All),
            (true, false, Lead::Place | Lead::Stack | Lead::Other) => Some(Sure::FromAndWritten),
            (false, true, Lead::Number | Lead::Other) => Some(Sure::FromAndShown),
            (false, true, Lead::Place) if self.stacks.is_empty() => Some(Sure::FromAndShown),
            // Nothing narrower is known of it.
            (false, false, Lead::Place)
                if from && self.stacks.is_empty() && self.signers.is_empty() && self.shown.is_empty() =>
            {
                Some(Sure::From)
            }
            _ => None,
        }
    }
}

/// The digits of a number, or those that stand before `xxx` or `…` where few others follow.
fn digits(text: &str) -> Option<Digits> {
    let (digits, open) = text.split_at(text.find(['x', '…']).unwrap_or(text.len()));
    let fine = digits.starts_with('+') && digits.len() > 1 && open.chars().count() <= OPEN_MAX;
    fine.then(|| Digits { digits: digits.to_owned(), whole: open.is_empty() })
}

/// The trunk that a call came over.
pub fn trunk<'k>(known: &'k Known, call: &Value) -> Option<&'k str> {
    let ip: IpAddr = part(call, "/source/ip").as_str()?.parse().ok()?;
    known.trunk_at(ip.into()).map(|trunk| trunk.name.as_str())
}

/// The operations that the store knows to have called at `from` or later.
///
/// # Errors
/// That the store cannot be read.
pub fn operations(archive: &mut Archive, from: Nanos, unread: &mut Vec<String>) -> Result<Vec<Operation>, Failure> {
    // Its first call may have been long before the first that somebody complains of, its last was not.
    let counting = archive.counting(from.before(AROUND)).map_err(Failure::Store)?;
    let mut all = Vec::new();
    // The last word on an operation is said at its last call or later.
    let mut query = AlertQuery { from: from.before(AROUND), most: store::PAGE_MAX, ..AlertQuery::default() };
    loop {
        let more = archive.alerts(&query).map_err(Failure::Store)?;
        let Some(last) = more.last() else { return Ok(all) };
        query.behind = Some(last.place());
        all.extend(more.into_iter().filter_map(Operation::of).map(|operation| {
            let counted = operation.alert.number().is_some_and(|number| counting.contains(&number));
            Operation { counted, ..operation }
        }));
        if all.len() >= OPERATIONS_MAX {
            unread.push(format!("there are more than {OPERATIONS_MAX} alerts; the earliest were not looked at"));
            return Ok(all);
        }
    }
}

/// Somebody who was called by an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Victim {
    pub number: String,
    /// Calls to this number.
    pub calls: u64,
    /// Of these, answered.
    pub answered: u64,
    /// Seconds talked in all of them.
    pub talk_s: u64,
    /// The first of them.
    pub first_at: String,
}

/// Whom an operation called.
#[derive(Debug, Default)]
pub struct Reach {
    /// Those whom the store saw it call, who talked longest first.
    pub victims: Vec<Victim>,
    /// Whether there are more than these.
    pub cut: bool,
}

impl Reach {
    /// How many people an operation called: as many as are listed, or where some are not, what its alert estimates.
    pub const fn people(&self, operation: &Operation) -> People {
        if self.cut || self.victims.is_empty() {
            People { count: operation.callees, estimated: true }
        } else {
            People { count: self.victims.len() as u64, estimated: false }
        }
    }
}

/// How many people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct People {
    /// So many.
    pub count: u64,
    /// Or about so many.
    pub estimated: bool,
}

impl People {
    /// All but one of them.
    pub const fn others(self) -> Self {
        Self { count: self.count.saturating_sub(1), ..self }
    }
}

impl fmt::Display for People {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.estimated { "about " } else { "" }, alert::grouped(self.count))
    }
}

/// Everybody whom the store saw an operation call, as far as `calls_max` of its calls tell.
///
/// # Errors
/// That the store cannot be read.
pub fn victims(
    archive: &mut Archive,
    known: &Known,
    operation: &Operation,
    calls_max: usize,
    unread: &mut Vec<String>,
) -> Result<Reach, Failure> {
    let (from, until) = operation.alert.calls_at;
    let within = Query { from, until, most: store::PAGE_MAX, ..Query::default() };
    let addresses = operation.sources.iter().filter_map(|source| source.parse().ok());
    let mut queries: Vec<_> = match operation.alert.number().filter(|_| operation.counted) {
        Some(number) => vec![Query { counted_by: Some(number), ..within.clone() }],
        None => addresses.map(|address| Query { address: Some(address), ..within.clone() }).collect(),
    };
    if queries.is_empty() {
        let stacks = operation.stacks.iter().filter_map(|stack| u64::from_str_radix(stack, 16).ok());
        queries.extend(stacks.map(|stack| Query { stack: Some(stack), ..within.clone() }));
    }
    let mut victims: BTreeMap<String, Victim> = BTreeMap::new();
    let (mut seen, mut cut) = (0, false);
    for mut query in queries {
        loop {
            let page = archive.calls(&query).map_err(Failure::Store)?;
            unread.extend(page.unread);
            seen += page.calls.len();
            for found in &page.calls {
                let Ok(call) = serde_json::from_str::<Value>(&found.record) else { continue };
                // The address of a place where calls go stands in them, too.
                let own = query
                    .address
                    .is_none_or(|address| part(&call, "/source/ip").as_str() == Some(address.to_string().as_str()));
                if own && operation.has(known, found, &call).is_some() {
                    add(&mut victims, found.at, &call);
                }
            }
            query.behind = page.next;
            if query.behind.is_none() || seen >= calls_max {
                cut |= query.behind.is_some();
                break;
            }
        }
    }
    let mut victims: Vec<_> = victims.into_values().collect();
    victims.sort_by(|one, other| other.talk_s.cmp(&one.talk_s).then_with(|| one.number.cmp(&other.number)));
    Ok(Reach { victims, cut })
}

fn add(victims: &mut BTreeMap<String, Victim>, at: Nanos, call: &Value) {
    let callee = part(call, "/callee");
    let Some(number) = part(callee, "/number").as_str().or_else(|| part(callee, "/raw").as_str()) else { return };
    let victim = victims.entry(number.to_owned()).or_insert_with(|| Victim {
        number: number.to_owned(),
        calls: 0,
        answered: 0,
        talk_s: 0,
        first_at: String::new(),
    });
    victim.calls += 1;
    victim.answered += u64::from(part(call, "/answer_at").is_string());
    victim.talk_s += (part(call, "/talk_ms").as_f64().unwrap_or(0.0) / 1e3).round() as u64;
    let at = time(at);
    if victim.first_at.is_empty() || at < victim.first_at {
        victim.first_at = at;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn people_are_counted_where_all_are_listed() {
        let operation = Operation { callees: 3_022, ..operation("source", "192.0.2.1", &json!([])) };
        let victim = |number: &str| Victim {
            number: number.to_owned(),
            calls: 1,
            answered: 0,
            talk_s: 0,
            first_at: String::new(),
        };
        let listed = || vec![victim("+441632960001"), victim("+441632960002")];
        for (victims, cut, people, others) in [
            (listed(), false, "2", "1"),
            (listed(), true, "about 3,022", "about 3,021"),
            (vec![], false, "about 3,022", "about 3,021"),
        ] {
            let said = Reach { victims, cut }.people(&operation);
            assert_eq!((said.to_string().as_str(), said.others().to_string().as_str()), (people, others));
        }
    }

    use super::*;

    fn operation(kind: &str, value: &str, members: &Value) -> Operation {
        let record = json!({
            "entity": { "kind": kind, "value": value }, "members": members, "sources": ["192.0.2.1"], "callers": ["+441632960xxx"],
            "calls": { "count": 9, "sample": ["a@b"] }, "callees": { "count": 9 },
        });
        let alert = Alert {
            id: "1".to_owned(),
            status: "open".to_owned(),
            kind: "robocall".to_owned(),
            severity: 3,
            score_db: 90.0,
            entity: (kind.to_owned(), value.to_owned()),
            title: "Robocall campaign".to_owned(),
            opened: Nanos::new(1),
            said: Nanos::new(1),
            calls_at: (Nanos::from_parts(10_000, 0), Nanos::from_parts(20_000, 0)),
            calls: 9,
            record: record.to_string(),
            case: None,
        };
        Operation::of(alert).unwrap()
    }

    fn has(operation: &Operation, secs: u64, [call_id, source, stack, caller]: [&str; 4]) -> Option<Sure> {
        let known = Known::of(config::Config::default()).unwrap();
        let call = json!({ "call_id": call_id, "source": { "ip": source }, "stack": stack, "caller": { "number": caller },
            "callee": { "number": "+15550100001" } });
        operation.may_have(&known, Nanos::from_parts(secs, 0), &call)
    }

    #[test]
    fn calls_belong_by_what_cannot_be_forged_at_will() {
        let none = json!([]);
        let by_stack = operation("stack", "00aa at 192.0.2.1", &none);
        let own = ["x", "192.0.2.1", "00aa", "+15550100009"];
        assert_eq!(has(&by_stack, 15_000, own), Some(Sure::FromAndWritten));
        assert_eq!(has(&by_stack, 15_000, ["x", "192.0.2.1", "00aa", "+441632960001"]), Some(Sure::All));
        // Of another time, from elsewhere, or by other software: not its own, whatever number it shows.
        assert_eq!(has(&by_stack, 90_000, own), None);
        assert_eq!(has(&by_stack, 15_000, ["x", "192.0.2.9", "00aa", "+441632960001"]), None);
        assert_eq!(has(&by_stack, 15_000, ["x", "192.0.2.1", "00bb", "+441632960001"]), None);
        // What is named is its own.
        assert_eq!(has(&by_stack, 15_000, ["a@b", "192.0.2.9", "", ""]), Some(Sure::Named));
        let by_number = operation("number_block", "+441632960xxx", &none);
        assert_eq!(has(&by_number, 15_000, ["x", "192.0.2.1", "", "+441632960001"]), Some(Sure::FromAndShown));
        assert_eq!(has(&by_number, 15_000, ["x", "192.0.2.1", "", "+15550100009"]), None);
        let by_place = operation("source", "192.0.2.1", &none);
        assert_eq!(has(&by_place, 15_000, ["x", "192.0.2.1", "", "+15550100009"]), None);
        let mut nothing_else = operation("source", "192.0.2.1", &none);
        nothing_else.shown.clear();
        assert_eq!(has(&nothing_else, 15_000, ["x", "192.0.2.1", "", "+15550100009"]), Some(Sure::From));
        let corridor = operation("destination_block", "+1555… called by +441632960xxx", &none);
        assert_eq!(has(&corridor, 15_000, ["x", "192.0.2.1", "", "+441632960001"]), Some(Sure::FromAndShown));
        // Half of a country is no block.
        assert!(digits("+44xxxxxxxxxx").is_none() && digits("+441632960xxx").is_some());
        let elsewhere = operation("destination_block", "+994… called by +441632960xxx", &none);
        assert_eq!(has(&elsewhere, 15_000, ["x", "192.0.2.1", "", "+441632960001"]), None);
    }
    #[test]
    fn a_signers_name_for_its_customer_decides() {
        let members = json!([{ "kind": "customer", "value": "https://a.example/c.pem for origin 7" }]);
        let operation = operation("stack", "00aa", &members);
        let known = Known::of(config::Config::default()).unwrap();
        let has = |origin: &str, ip: &str| {
            let call = json!({ "call_id": "x", "source": { "ip": ip }, "stack": "00aa", "signer": "https://a.example/c.pem",
                "origin_id": origin });
            operation.may_have(&known, Nanos::from_parts(15_000, 0), &call)
        };
        assert_eq!((has("7", "192.0.2.9"), has("8", "192.0.2.1")), (Some(Sure::Signed), None));
    }
}
