//! What is known, asked as detectors ask.

#![cfg(test)]

use std::net::IpAddr;

use config::{Added, Config, EntityKind, EntityRef, Known, Role, TrunkId, read, read_lists};
use types::{E164, Ip, Nanos};

const FILE: &str = r#"
[tap]
home = "GB"
time_zone = "Asia/Kolkata"

[[trunk]]
name = "wide"
addresses = ["192.0.2.0/24", "2001:db8::/32"]
role = "international"

[[trunk]]
name = "narrow"
addresses = ["192.0.2.64/26", "2001:db8:1::/48"]
role = "customer"
channels = 30

[[licence]]
holder = "both"
addresses = ["192.0.2.0/24"]
number_ranges = ["+441632960000-+441632960499"]
seats = 50
valid_from = 2026-01-01
valid_until = 2026-12-31

[[licence]]
holder = "renewed"
number_ranges = ["+441632960000-+441632960499"]
valid_from = 2027-01-01

[[licence]]
holder = "address only"
addresses = ["198.51.100.0/25"]

[[protected]]
owner = "tax office"
numbers = ["+441632960900", "+1202555*"]
display_names = ["Tax Office"]
trunks = ["narrow"]

[[allow]]
entity = { kind = "number_block", value = "+441632960700-+441632960799" }
until = 2026-06-30
why = "test calls of the laboratory"

[[allow]]
entity = { kind = "source", value = "203.0.113.0/28" }
until = 2099-12-31
why = "our own generator"

[[allow]]
entity = { kind = "trunk", value = "narrow" }
until = 2099-12-31
why = "knows what it does"

[[allow]]
entity = { kind = "stack", value = "00c0ffee" }
until = 2099-12-31
why = "the alarm lines of the city"

[[high_cost]]
prefixes = ["+8835", "+53"]
source = "our own losses"
"#;

fn known() -> Known {
    let sound = read(FILE.as_bytes()).map_err(|mistakes| format!("{mistakes:?}")).unwrap();
    assert_eq!(sound.warnings.len(), 2, "{:?}", sound.warnings);
    sound.known
}

fn ip(text: &str) -> Ip {
    text.parse::<IpAddr>().unwrap().into()
}

fn number(digits: u64) -> E164 {
    E164::new(digits).unwrap()
}

/// Midnight in India of days of 2026 is 18:30 of the day before in London.
const BEGIN_2026: Nanos = Nanos::from_parts(1_767_205_800, 0);
const BEGIN_2027: Nanos = Nanos::from_parts(1_798_741_800, 0);

fn before(at: Nanos) -> Nanos {
    Nanos::new(at.get() - 1)
}

#[test]
fn the_narrowest_network_decides() {
    let known = known();
    for (address, trunk) in [
        ("192.0.2.1", Some("wide")),
        ("192.0.2.63", Some("wide")),
        ("192.0.2.64", Some("narrow")),
        ("192.0.2.127", Some("narrow")),
        ("192.0.2.128", Some("wide")),
        ("192.0.3.0", None),
        ("2001:db8::1", Some("wide")),
        ("2001:db8:1::1", Some("narrow")),
        ("2001:db9::", None),
        ("::", None),
    ] {
        let found = known.trunk_at(ip(address));
        assert_eq!(found.map(|trunk| trunk.name.as_str()), trunk, "{address}");
    }
    assert_eq!(known.trunk(TrunkId(1)).map(|trunk| trunk.role), Some(Role::Customer));
    assert!(known.trunk(TrunkId(2)).is_none());
}

#[test]
fn a_licence_has_its_place_its_numbers_and_its_time() {
    let known = known();
    let mid = Nanos::from_parts(1_780_000_000, 0);
    let (licensed, other) = (Some(number(441_632_960_100)), Some(number(441_632_960_700)));
    for (source, caller, at, holder) in [
        ("192.0.2.1", licensed, mid, Some("both")),
        ("192.0.2.1", licensed, BEGIN_2026, Some("both")),
        ("192.0.2.1", licensed, before(BEGIN_2026), None),
        ("192.0.2.1", licensed, before(BEGIN_2027), Some("both")),
        ("192.0.2.1", licensed, BEGIN_2027, Some("renewed")),
        ("203.0.113.1", licensed, BEGIN_2027, Some("renewed")),
        ("203.0.113.1", licensed, mid, None),
        ("192.0.2.1", other, mid, None),
        ("192.0.2.1", None, mid, None),
        ("198.51.100.7", other, mid, Some("address only")),
        ("198.51.100.7", None, mid, Some("address only")),
        ("198.51.100.200", None, mid, None),
    ] {
        let found = known.licence_of(ip(source), caller, at);
        assert_eq!(
            found.and_then(|id| known.licence(id)).map(|it| it.holder.as_str()),
            holder,
            "{source} {caller:?} {at:?}"
        );
        assert!(found.is_none_or(|id| known.is_valid(id, at)));
    }
    assert!(known.licensed_number(licensed.unwrap()).is_some());
    assert!(known.licensed_number(other.unwrap()).is_none());
}

#[test]
fn the_protected_are_known_by_number_and_name() {
    let known = known();
    let owner = known.protected_number(number(441_632_960_900)).unwrap();
    assert_eq!(known.protected(owner).unwrap().owner, "tax office");
    assert_eq!(known.protected_number(number(12_025_550_100)), Some(owner));
    assert_eq!(known.protected_number(number(441_632_960_901)), None);
    assert_eq!(known.protected_names().collect::<Vec<_>>(), [("Tax Office", owner)]);
    assert!(known.may_come_over(owner, TrunkId(1)));
    assert!(!known.may_come_over(owner, TrunkId(0)));
    for (caller, source, is_owners) in [
        (441_632_960_900, "192.0.2.65", true),
        (441_632_960_900, "192.0.2.1", false),
        (441_632_960_901, "192.0.2.65", false),
        (441_632_960_900, "203.0.113.1", false),
    ] {
        assert_eq!(known.is_owners(number(caller), ip(source)), is_owners, "{caller} {source}");
    }
}

#[test]
fn what_is_allowed_is_so_until_its_day_is_over() {
    let known = known();
    let until = Nanos::from_parts(1_782_844_200, 0); // 2026-07-01 in India
    let block = |last| EntityRef::NumberBlock(number(441_632_960_700), number(last));
    for (entity, at, allowed) in [
        (EntityRef::Number(number(441_632_960_750)), before(until), true),
        (EntityRef::Number(number(441_632_960_750)), until, false),
        (EntityRef::Callee(number(441_632_960_750)), Nanos::ZERO, false),
        (block(441_632_960_799), Nanos::ZERO, true),
        (block(441_632_960_800), Nanos::ZERO, false),
        (EntityRef::Source(ip("203.0.113.15")), until, true),
        (EntityRef::Source(ip("203.0.113.16")), until, false),
        (EntityRef::Trunk(TrunkId(1)), until, true),
        (EntityRef::Trunk(TrunkId(0)), until, false),
        (EntityRef::Named(EntityKind::Stack, "00c0ffee"), until, true),
        (EntityRef::Named(EntityKind::Customer, "00c0ffee"), until, false),
    ] {
        assert_eq!(known.allowed(entity, at), allowed, "{entity:?} {at:?}");
    }
}

/// What a file beside the configuration adds, or what is said of it.
fn beside(lists: &str) -> Result<Known, Vec<String>> {
    let told = |mistakes: Vec<config::Mistake>| mistakes.iter().map(ToString::to_string).collect();
    read_lists(lists.as_bytes(), known().config()).map_err(told)
}

#[test]
fn lists_beside_the_file_add_to_it() {
    let nothing = beside("").unwrap();
    assert_eq!((nothing.version(), nothing.config()), (known().version(), known().config()));
    let both = beside(
        "[[allow]]\nentity = { kind = \"trunk\", value = \"wide\" }\nuntil = 2099-12-31\nwhy = \"a drill\"\n\n\
         [[licence]]\nholder = \"Another Centre\"\naddresses = [\"192.0.2.77\"]\n",
    );
    let both = both.unwrap();
    assert_eq!(both.config().lists.added, Added { licences: 1, allowed: 1 });
    assert!(both.allowed(EntityRef::Trunk(TrunkId(0)), BEGIN_2027), "what it adds is in force");
    assert!(both.allowed(EntityRef::Trunk(TrunkId(1)), BEGIN_2027), "and so is what stood there");
    assert!(both.licence_of(ip("192.0.2.77"), None, BEGIN_2027).is_some());
    assert_ne!(both.version(), known().version());
}

#[test]
fn lists_beside_the_file_are_checked_with_it() {
    let said = [
        "[tap]\nhome = \"GB\"\n",
        "[[allow]]\nentity = { kind = \"trunk\", value = \"wade\" }\nuntil = 2099-12-31\nwhy = \"x\"\n",
        "\n[[licence]]\nholder = \"Empty\"\n",
        "[[licence]]\nholder = 7\naddresses = [\"192.0.2.77\"]\n",
        "[[licence]]\nholder = \"Other\"\nnumber_ranges = [\"+441632960777\", \"+441632960499\"]\n",
    ];
    assert_eq!(
        said.map(|lists| beside(lists).unwrap_err().join("; ")),
        [
            "1:2: error: `tap` belongs to the configuration: here stand [[licence]] and [[allow]] alone",
            "2:28: error: there is no trunk \"wade\": did you mean \"wide\"?",
            "2:1: error: the licence of \"Empty\" has neither `addresses` nor `number_ranges`: it covers nothing",
            "2:10: error: `licence.holder` takes text in quotes, at most 128 letters, and not 7",
            "3:35: error: the licences of \"both\" and \"Other\" overlap: both have numbers of +441632960499, at the same time; \
             3:35: error: the licences of \"renewed\" and \"Other\" overlap: both have numbers of +441632960499, at the same time",
        ]
    );
}

#[test]
fn high_cost_is_by_the_first_digits() {
    let known = known();
    assert!(known.high_cost(number(5_312_345_678)));
    assert!(known.high_cost(number(88_351_234)));
    assert!(!known.high_cost(number(883_412_345)));
    assert!(!known.high_cost(number(441_632_960_001)));
}

#[test]
fn the_version_is_that_of_the_meaning() {
    let version = |text: &str| read(text.as_bytes()).unwrap().known.version().to_owned();
    let empty = Known::default();
    assert_eq!(version("# a comment\n[tap]\nprivacy_level = 1\n"), empty.version());
    assert_ne!(version("[tap]\nprivacy_level = 0\n"), empty.version());
    assert_ne!(version("[capture]\nkeep_duplicates = true\n"), empty.version());
    // Where packets come from and who is told finds nothing else.
    assert_eq!(
        version("[capture]\nworkers = 4\ninterfaces = [\"eth1\"]\n[listen]\nhttp = [\"127.0.0.1:9999\"]\n"),
        empty.version()
    );
    assert_eq!(version("[tap]\nhome = \"gb\"\nprivacy_level = 0"), version("[tap]\nprivacy_level = 0\nhome = \"GB\""));
    assert_eq!(empty.version().len(), 16);
}

#[test]
fn the_budget_is_the_threshold() {
    let tap = Config::default().tap;
    assert!((tap.threshold_db(5_000_000.0) - 60.0).abs() < 1e-9);
    assert!(tap.threshold_db(1.0).abs() < 1e-9);
}

/// Call records may name a trunk that has no address: one that nobody has stands for it, and is not shown.
#[test]
fn trunks_may_be_known_by_name_only() {
    let known = read(
        b"[[trunk]]\nname = \"a\"\nrole = \"national\"\n[[trunk]]\nname = \"b\"\nrole = \"national\"\n\
          [[trunk]]\nname = \"c\"\naddresses = [\"192.0.2.0/24\", \"100::/16\"]\nrole = \"national\"\n",
    );
    let known = known.unwrap().known;
    for (name, shown) in [("a", "a"), ("b", "b"), ("c", "192.0.2.0")] {
        let ip = known.trunk_address(name).unwrap();
        assert_eq!((known.trunk_at(ip).unwrap().name.as_str(), known.place(ip).as_str()), (name, shown));
    }
    assert_eq!(known.trunk_address("d"), None);
    assert_eq!(known.place(ip("203.0.113.1")), "203.0.113.1");
    // One that is gone has no place of its own any more.
    let none = Known::following(Config::default(), &known).unwrap();
    assert_eq!(none.trunk_at(known.trunk_address("a").unwrap()), None);
}

/// What is kept of trunks and owners lies by place: they keep theirs, and the version is that of the file as it is written.
#[test]
fn trunks_and_owners_keep_their_places() {
    let file = |trunks: &[&str], owners: &[&str]| {
        let trunk = |(at, name): (usize, &&str)| {
            format!("[[trunk]]\nname = {name:?}\naddresses = [\"192.0.2.{at}\"]\nrole = \"national\"\n")
        };
        let owner = |name: &&str| format!("[[protected]]\nowner = {name:?}\ndisplay_names = [{name:?}]\n");
        let written = trunks.iter().enumerate().map(trunk).chain(owners.iter().map(owner)).collect::<String>();
        read(written.as_bytes()).unwrap().known
    };
    let before = file(&["a", "b", "c"], &["tax", "bank"]);
    let written = file(&["d", "c", "a"], &["bank", "post"]);
    let now = Known::following(written.config().clone(), &before).unwrap();
    let trunks: Vec<_> = now.config().trunk.iter().map(|trunk| (trunk.name.as_str(), trunk.addresses.len())).collect();
    assert_eq!(trunks, [("a", 1), ("b", 0), ("c", 1), ("d", 1)]);
    let owners: Vec<_> = now.config().protected.iter().map(|it| (it.owner.as_str(), it.display_names.len())).collect();
    assert_eq!(owners, [("tax", 0), ("bank", 1), ("post", 1)]);
    assert_eq!(now.version(), written.version());
    assert_ne!(now.version(), before.version());
}
