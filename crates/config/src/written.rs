//! `greyline.toml` as it is written. Here stands all there is to say about a key: its sentence, its default, its bounds.
//! The annotated example, `greyline check` and `greyline detectors` are made from these declarations.

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::detect::Detect;
use crate::sinks::Sink;
use crate::words::{
    Address, Country, Date, DialPrefix, HolderKey, Network, NumberRange, Prefix, TechnicalPrefix, TokenHash, Zone,
};

/// What the operator knows. Everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the tap stands and what it may do.
    pub tap: Tap,
    /// Connections over which calls come and go. Without any, every address is a stranger and entities are sources.
    #[schemars(length(max = 10_000))]
    pub trunk: Vec<Trunk>,
    /// Call centres that are allowed to be one: what decides between a scam centre and an unlicensed one. Name all, or none: where there
    /// is any, whoever telephones like a centre and is not named is told of for that alone.
    #[schemars(length(max = 10_000))]
    pub licence: Vec<Licence>,
    /// Numbers and names that scammers like to show: of authorities, banks, of the operator itself.
    #[schemars(length(max = 10_000))]
    pub protected: Vec<Protected>,
    /// What raises no alert, until when, and why. Nor does anything else most of whose calls are of it: the address it calls from, the numbers that
    /// it shows.
    #[schemars(length(max = 10_000))]
    pub allow: Vec<Allow>,
    /// Where more licences and more that is allowed stand beside this file, so that a page can edit them. Where they stand changes nothing of
    /// what is judged, so it is no part of the configuration's version; what stands there is.
    #[serde(skip_serializing)]
    pub lists: Lists,
    /// Where calls cost much and part of it comes back to whoever caused them, besides the list that is built in.
    #[schemars(length(max = 10_000))]
    pub high_cost: Vec<HighCost>,
    /// Data files in place of those that come with the program; `greyline check` says which version of each is in force. A
    /// hash over all of them stands in every alert.
    pub tables: TableFiles,
    /// Whose signatures of callers are believed (STIR/SHAKEN). A tap fetches nothing: without certificates PASSporTs are read
    /// and held against their calls, and alerts say that they were not verified.
    pub stir: Stir,
    /// What is looked for.
    pub detect: Detect,
    /// How much is remembered.
    pub limits: Limits,
    /// How captures and links are read.
    pub capture: Capture,
    /// Where `greyline watch` can be reached.
    pub listen: Listen,
    /// Who may see the pages of `greyline watch` and ask its API. Without anybody named here it is whoever sits at this machine, and sees
    /// numbers masked. Who may see what changes nothing of what is judged, so it is no part of the configuration's version.
    #[serde(skip_serializing)]
    #[schemars(length(max = 1_000))]
    pub user: Vec<User>,
    /// What `greyline watch` keeps on disk.
    pub state: State,
    /// What is remembered: alerts with their whole life, calls, who did what. How long changes nothing of what is judged, so it is no part
    /// of the configuration's version.
    #[serde(skip_serializing)]
    pub store: Store,
    /// What is handed to others of what is remembered. That changes nothing of what is judged, so it is no part of the configuration's version.
    #[serde(skip_serializing)]
    pub evidence: Evidence,
    /// What `greyline watch` gives up once it runs.
    pub process: Process,
    /// How call records are read, where there is no tap: JSON Lines as `--calls` writes them, or CSV.
    pub records: Records,
    /// Who is told of alerts and calls besides the files of the command line. What is sent where changes nothing of what is judged, so
    /// it is no part of the configuration's version.
    #[serde(skip_serializing)]
    #[schemars(length(max = 64))]
    pub sink: Vec<Sink>,
}

impl Config {
    /// Whether an entry of a list is its own, and stands in no file beside it.
    #[must_use]
    pub fn is_own(&self, section: &str, at: usize) -> bool {
        let Added { licences, allowed } = self.lists.added;
        match section {
            "licence" => at + licences < self.licence.len(),
            "allow" => at + allowed < self.allow.len(),
            _ => true,
        }
    }

    /// This one, with trunks and owners of protected numbers in the places they had in `before`: what is kept of them lies by
    /// place. One that is gone leaves its place empty, one that is new comes behind.
    #[must_use]
    pub fn in_places_of(mut self, before: &Self) -> Self {
        self.trunk = in_places(
            &before.trunk,
            self.trunk,
            |before, now| before.name == now.name,
            |gone| Trunk { addresses: Vec::new(), countries: Vec::new(), channels: None, gone: true, ..gone.clone() },
        );
        self.protected = in_places(
            &before.protected,
            self.protected,
            |before, now| before.owner == now.owner,
            |gone| Protected {
                owner: gone.owner.clone(),
                numbers: Vec::new(),
                display_names: Vec::new(),
                trunks: Vec::new(),
            },
        );
        self
    }
}

/// Puts each entry where the same one was before.
fn in_places<T>(before: &[T], now: Vec<T>, same: impl Fn(&T, &T) -> bool, gone: impl Fn(&T) -> T) -> Vec<T> {
    let mut now: Vec<_> = now.into_iter().map(Some).collect();
    let mut take =
        |place: &T| now.iter_mut().find(|entry| entry.as_ref().is_some_and(|entry| same(place, entry)))?.take();
    let mut placed: Vec<_> = before.iter().map(|place| take(place).unwrap_or_else(|| gone(place))).collect();
    placed.extend(now.into_iter().flatten());
    placed
}

/// Where the tap stands and what it may do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Tap {
    /// Home country: how national numbers are read. Without it only international ones are, and national ones where the
    /// other party of the call leaves no doubt.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["GB"]))]
    pub home: Option<Country>,
    /// Time zone in which the dates of this file begin and end and the tap has its night.
    pub time_zone: Zone,
    /// What is dialled before an international number, in place of the home country's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    #[schemars(extend("examples" = [["00"]]))]
    pub international_prefixes: Option<Vec<DialPrefix>>,
    /// What is dialled before a national number, in place of the home country's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    #[schemars(extend("examples" = [["0"]]))]
    pub national_prefixes: Option<Vec<DialPrefix>>,
    /// What carriers put before numbers to choose a route or a customer; it is taken off before a number is read.
    #[schemars(length(max = 64))]
    #[schemars(extend("examples" = [["1234#"]]))]
    pub technical_prefixes: Vec<TechnicalPrefix>,
    /// What may be looked at: 0 signalling, 1 also RTP headers, 2 also one energy byte a packet, 3 also irreversible
    /// fingerprints of recordings. 0 is not heeded yet: it works as 1. Speech is never stored.
    #[schemars(range(min = 0, max = 3))]
    pub privacy_level: u8,
    /// False alerts a day that are bearable. All thresholds follow from it: calls a day divided by this is the evidence
    /// an alert needs.
    #[schemars(range(min = 0.001, max = 10_000.0))]
    pub false_alerts_per_day: f64,
    /// Calls a day that are expected. Without it a million for each false alert that is bearable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000_000_000_u64))]
    #[schemars(extend("examples" = [1_000_000]))]
    pub calls_per_day: Option<u64>,
}

impl Default for Tap {
    fn default() -> Self {
        Self {
            home: None,
            time_zone: Zone::default(),
            international_prefixes: None,
            national_prefixes: None,
            technical_prefixes: Vec::new(),
            privacy_level: 1,
            false_alerts_per_day: 5.0,
            calls_per_day: None,
        }
    }
}

/// A connection over which calls come and go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trunk {
    /// What it is called, here and in alerts.
    #[schemars(length(min = 1, max = 64))]
    #[schemars(extend("examples" = ["national carrier"]))]
    pub name: String,
    /// Its signalling addresses. Where those of two trunks overlap, the narrower network wins. Without any it is known by its name
    /// alone, which call records may tell; where a record of ours takes an address, one of 100::/64 stands for it, which nobody has.
    #[serde(default)]
    #[schemars(length(max = 4_096))]
    #[schemars(extend("examples" = [["192.0.2.0/24", "2001:db8::/32"]]))]
    pub addresses: Vec<Network>,
    /// Who is at its other end.
    #[schemars(extend("examples" = ["national"]))]
    pub role: Role,
    /// Countries whose numbers may call over it; without any, all.
    #[serde(default)]
    #[schemars(length(max = 300))]
    #[schemars(extend("examples" = [["GB"]]))]
    pub countries: Vec<Country>,
    /// Calls it carries at once. With it a full trunk is told from a call centre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    #[schemars(extend("examples" = [480]))]
    pub channels: Option<u32>,
    /// Whether the configuration names it no more: it has kept its place.
    #[serde(skip)]
    #[schemars(skip)]
    pub gone: bool,
}

/// Who is at the other end of a trunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A carrier abroad: no home number may call over it, but for roaming and forwarding.
    International,
    /// A carrier of the home country.
    National,
    /// A customer: its numbers are its own.
    Customer,
    /// The operator's own switches.
    Own,
}

impl Role {
    /// The word that stands in the file and in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::International => "international",
            Self::National => "national",
            Self::Customer => "customer",
            Self::Own => "own",
        }
    }
}

/// A call centre that is allowed to be one. It is known by its addresses, its numbers, or both together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// Who holds it.
    #[schemars(length(min = 1, max = 128))]
    #[schemars(extend("examples" = ["Example Contact Centre"]))]
    pub holder: String,
    /// Addresses its calls come from. Where several holders share an address, their numbers tell them apart.
    #[serde(default)]
    #[schemars(length(max = 4_096))]
    #[schemars(extend("examples" = [["198.51.100.0/28"]]))]
    pub addresses: Vec<Network>,
    /// Numbers it may show.
    #[serde(default)]
    #[schemars(length(max = 4_096))]
    #[schemars(extend("examples" = [["+441632960000-+441632960499"]]))]
    pub number_ranges: Vec<NumberRange>,
    /// Seats it may have; without it, any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    #[schemars(extend("examples" = [120]))]
    pub seats: Option<u32>,
    /// First day it is valid; without it, always was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2026-01-01"]))]
    pub valid_from: Option<Date>,
    /// Last day it is valid; without it, it does not end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2028-12-31"]))]
    pub valid_until: Option<Date>,
    /// Countries it may call; without any, all.
    #[serde(default)]
    #[schemars(length(max = 300))]
    #[schemars(extend("examples" = [["GB", "IE"]]))]
    pub destinations: Vec<Country>,
}

/// Numbers and names that scammers like to show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Protected {
    /// Whose they are.
    #[schemars(length(min = 1, max = 128))]
    #[schemars(extend("examples" = ["Example Tax Office"]))]
    pub owner: String,
    /// Numbers of the owner.
    #[serde(default)]
    #[schemars(length(max = 4_096))]
    #[schemars(extend("examples" = [["+441632960900-+441632960999"]]))]
    pub numbers: Vec<NumberRange>,
    /// Names the owner shows. What looks alike counts as the same.
    #[serde(default)]
    #[schemars(length(max = 4_096), inner(length(min = 1, max = 128)))]
    #[schemars(extend("examples" = [["Example Tax Office"]]))]
    pub display_names: Vec<String>,
    /// Trunks, by name, from which its calls may come. Without any it never calls: do not originate.
    #[serde(default)]
    #[schemars(length(max = 4_096))]
    #[schemars(extend("examples" = [["national carrier"]]))]
    pub trunks: Vec<String>,
}

/// What raises no alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// What it is.
    #[schemars(extend("examples" = [{ "kind": "number_block", "value": "+441632960700-+441632960799" }]))]
    pub entity: Entity,
    /// Last day it is allowed.
    #[schemars(extend("examples" = ["2028-12-31"]))]
    pub until: Date,
    /// Why it is allowed: whoever reads it in a year wants to know.
    #[schemars(length(min = 1, max = 1_000))]
    #[schemars(extend("examples" = ["test calls of the laboratory"]))]
    pub why: String,
}

/// What an alert is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// What kind of thing it is.
    pub kind: EntityKind,
    /// Which one: the name of a trunk, an address or network, a number, a block of numbers, or what stands in the alert.
    #[schemars(length(min = 1, max = 256))]
    pub value: String,
}

/// What alerts can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// A trunk of this file.
    Trunk,
    /// A signalling address.
    Source,
    /// A customer behind a trunk: identity domain or certificate.
    Customer,
    /// Calls of one SIP stack.
    Stack,
    /// Callers in a block of numbers.
    NumberBlock,
    /// A caller.
    Number,
    /// Callees in a block of numbers.
    DestinationBlock,
    /// A callee.
    Callee,
    /// A recording that is played.
    Recording,
    /// Several of these that belong together.
    Campaign,
}

impl EntityKind {
    /// The word that stands in the file and in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trunk => "trunk",
            Self::Source => "source",
            Self::Customer => "customer",
            Self::Stack => "stack",
            Self::NumberBlock => "number_block",
            Self::Number => "number",
            Self::DestinationBlock => "destination_block",
            Self::Callee => "callee",
            Self::Recording => "recording",
            Self::Campaign => "campaign",
        }
    }
}

/// Where more licences and more that is allowed stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Lists {
    /// The file, of `[[licence]]` and `[[allow]]` alone, which are read behind those of this one and neither change nor take away any; it may not be
    /// there yet. The page *Licences and lists* of `greyline watch` writes it, for officers. Without it pages show what is written here, and
    /// change nothing. Give it a folder of its own, which the probe may write.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/var/lib/greyline/lists/lists.toml"]))]
    pub file: Option<String>,
    /// How many of the last entries stand there.
    #[serde(skip)]
    pub added: Added,
}

/// How many of the last entries of a configuration stand in the file beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// Licences.
    pub licences: usize,
    /// What is allowed.
    pub allowed: usize,
}

/// Where calls cost much.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HighCost {
    /// First digits of the numbers.
    #[schemars(length(min = 1, max = 10_000))]
    #[schemars(extend("examples" = [["+999"]]))]
    pub prefixes: Vec<Prefix>,
    /// Where the list comes from.
    #[serde(default)]
    #[schemars(length(max = 256))]
    #[schemars(extend("examples" = ["losses of last year"]))]
    pub source: String,
}

/// Data files in place of those that come with the program. As with all files named here, from the folder in which greyline is
/// started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TableFiles {
    /// What innocent traffic and scams look like: the share of calls that show each feature, class by class.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/classes.toml"]))]
    pub classes: Option<String>,
    /// What the innocent are like here, as `greyline replay --learn` writes it: it lies over the class tables, and gives trunks their
    /// usual rates from the first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/profile.toml"]))]
    pub profile: Option<String>,
    /// On which days people rest, country by country, and when they work where that is not as `[detect.timezone]` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/hours.toml"]))]
    pub hours: Option<String>,
    /// Which letters look alike in the names that callers show.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/confusables.toml"]))]
    pub confusables: Option<String>,
    /// Numbers that are dear to call everywhere; `[[high_cost]]` adds to them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/high_cost.toml"]))]
    pub high_cost: Option<String>,
}

/// Whose signatures of callers are believed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Stir {
    /// Files of PEM, or folders of such, with the certificates of the authorities that are trusted. As with all files named
    /// here, from the folder in which greyline is started.
    #[schemars(length(max = 1_000), inner(length(min = 1, max = 4_096)))]
    #[schemars(extend("examples" = [["/etc/greyline/stir/authorities"]]))]
    pub authorities: Vec<String>,
    /// Folder of the signers' certificates in PEM, each with what leads from it to its authority, where the address in PASSporTs
    /// (`x5u`) says without its scheme: `https://certs.example.net/a/b.pem` lies at certs.example.net/a/b.pem, which is where
    /// `wget --force-directories` puts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/stir/certificates"]))]
    pub certificates: Option<String>,
}

/// How much is remembered. At a limit the longest quiet is forgotten, and counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Call legs followed at once, about 650 B each without their streams.
    #[schemars(range(min = 16, max = 16_777_216))]
    pub calls_live_max: u32,
    /// Entities with evidence at once, over all levels and families; about 1 KB each. When all places are taken, who calls for
    /// the second time takes that of one that says little; half of them are kept for levels that use few, such as trunks.
    #[schemars(range(min = 1_024, max = 16_777_216))]
    pub entities_max: u32,
    /// Calls remembered for the alerts that will name them; about 300 B each.
    #[schemars(range(min = 1_024, max = 67_108_864))]
    pub journal_calls_max: u32,
    /// Alerts open at once, up to 16 KB each; past it the weakest is closed.
    #[schemars(range(min = 1, max = 100_000))]
    pub alerts_open_max: u32,
    /// Streams of calls of which it is remembered how they fared over time, up to 1 KB each, where a store keeps calls; past it the record of
    /// a call has sums alone.
    #[schemars(range(min = 16, max = 16_777_216))]
    pub streams_over_time_max: u32,
    /// Callers listened to at once, at privacy level 2 (2 KB each) or 3 (14 KB each). Each takes `detect.robocall`'s
    /// `listen_secs`; the default suits 500 answers a second at eight seconds.
    #[schemars(range(min = 16, max = 1_048_576))]
    pub streams_listened_max: u32,
    /// Recordings remembered, at privacy level 2 (1 KB each, at most 4,096) or 3 (5.5 KB each); past it the one not heard for
    /// longest is forgotten. Whatever a caller says is one until it is known that nobody else says it.
    #[schemars(range(min = 16, max = 1_048_576))]
    pub recordings_max: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            calls_live_max: 262_144,
            entities_max: 262_144,
            journal_calls_max: 262_144,
            alerts_open_max: 10_000,
            streams_over_time_max: 131_072,
            streams_listened_max: 4_096,
            recordings_max: 65_536,
        }
    }
}

impl Limits {
    /// What each limit allows, and the bytes it takes when it is reached; none where the tap may not look so deep, or where no store keeps
    /// how media fares.
    #[must_use]
    pub fn memory(&self, privacy_level: u8, keeps_media: bool) -> [(&'static str, u32, u64); 7] {
        let of = |name, count, each: u64| (name, count, u64::from(count) * each);
        let (ear, recording, recordings_max) = match privacy_level {
            ..=1 => (0, 0, 0),
            2 => (2_048, 1_024, self.recordings_max.min(4_096)),
            _ => (14_336, 5_632, self.recordings_max),
        };
        [
            of("calls live", self.calls_live_max, 650),
            of("entities", self.entities_max, 1_000),
            of("journal calls", self.journal_calls_max, 300),
            of("alerts open", self.alerts_open_max, 16_384),
            of("media over time", self.streams_over_time_max, if keeps_media { 1_024 } else { 0 }),
            of("callers heard", self.streams_listened_max, ear),
            of("recordings", recordings_max, recording),
        ]
    }
}

/// How captures and links are read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Capture {
    /// Interfaces that `greyline watch` reads where its command line names no source.
    #[schemars(length(max = 64), inner(length(min = 1, max = 64)))]
    #[schemars(extend("examples" = [["eth1"]]))]
    pub interfaces: Vec<String>,
    /// Folders into which another program captures, a file after another (`dumpcap -b`, `tcpdump -G`). A file is read when a later
    /// one is there. Links and folders are best watched by a greyline each: what a file holds is old when it is whole.
    #[schemars(length(max = 64), inner(length(min = 1, max = 4_096)))]
    #[schemars(extend("examples" = [["/var/captures"]]))]
    pub folders: Vec<String>,
    /// Seconds for which the last file of a folder must not have grown to be whole.
    #[schemars(range(min = 1, max = 86_400))]
    pub folder_settle_secs: u32,
    /// Bytes kept of a packet.
    #[schemars(range(min = 256, max = 262_144))]
    pub snaplen_bytes: u32,
    /// Memory of the kernel's ring for each interface: what may arrive while nobody looks.
    #[schemars(range(min = 1, max = 1_024))]
    pub ring_mib: u32,
    /// How long the kernel may keep a packet before it hands it over. Less costs CPU, more makes alerts late.
    #[schemars(range(min = 1, max = 1_000))]
    pub block_ms: u32,
    /// How long a frame waits for earlier ones of other sources, where there are several: no less than `block_ms`, and what their ways differ.
    #[schemars(range(min = 0, max = 10_000))]
    pub merge_ms: u32,
    /// Whether packets for other hosts are taken too. A mirror port needs it.
    pub promiscuous: bool,
    /// Whether the network card's clock stamps packets, where the card can.
    pub card_timestamps: bool,
    /// Only packets that this filter lets through (pcap-filter(7)), tagged ones too. Without it all are read, which is what tunnels need.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["udp or tcp port 5060"]))]
    pub filter: Option<String>,
    /// UDP ports that carry VXLAN besides 4789 and 8472.
    #[schemars(length(max = 8))]
    #[schemars(extend("examples" = [[4790]]))]
    pub vxlan_ports: Vec<u16>,
    /// Take a packet that is seen twice for two packets, not for the copy a mirror port made.
    pub keep_duplicates: bool,
    /// Map files into memory: quicker, and not safe where another program may cut them short meanwhile.
    pub map: bool,
    /// Threads that share the packets; no alert depends on it. 0: one. Past two an interface is opened so often, less one, and the
    /// kernel shares its packets by flow; they then wait for `merge_ms`.
    #[schemars(range(max = 64))]
    pub workers: u8,
}

impl Default for Capture {
    fn default() -> Self {
        Self {
            interfaces: Vec::new(),
            folders: Vec::new(),
            folder_settle_secs: 10,
            snaplen_bytes: 65_535,
            ring_mib: 64,
            block_ms: 5,
            merge_ms: 8,
            promiscuous: true,
            card_timestamps: false,
            filter: None,
            vxlan_ports: Vec::new(),
            keep_duplicates: false,
            map: true,
            workers: 0,
        }
    }
}

/// What `greyline watch` keeps on disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct State {
    /// The folder for it: what waits for sinks that cannot be reached, and what judgement knows.
    #[schemars(length(min = 1, max = 4_096))]
    pub folder: String,
    /// How often what judgement knows is written there, and again at the end, so that a new start goes on from it: evidence, habits,
    /// alerts that are open. 0: never, and every start begins with nothing. Alerts are written down as they are told, whatever
    /// this says but 0. Calls that are not over at the end are never kept.
    #[schemars(range(max = 86_400))]
    pub snapshot_secs: u32,
}

impl Default for State {
    fn default() -> Self {
        Self { folder: "/var/lib/greyline".to_owned(), snapshot_secs: 60 }
    }
}

/// What `greyline watch` gives up once it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Process {
    /// As whom it goes on once its sources are open, where it was started by root; as a service it is started as its user already. The
    /// folder of state is given to that user, and those of other outputs must be writable for it. CAP_NET_RAW is kept where
    /// interfaces are read: one that went away is opened again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64))]
    #[schemars(extend("examples" = ["greyline"]))]
    pub user: Option<String>,
    /// Whether it shuts itself in, as far as the kernel offers that: files that are neither the system's nor named here or on the
    /// command line are out of its reach (Landlock), and so are system calls that no probe makes (seccomp); threads that read
    /// packets open no connections. `greyline_sandbox_in_force` says what holds. A new configuration that names files in
    /// other folders needs a new start.
    pub sandbox: bool,
}

impl Default for Process {
    fn default() -> Self {
        Self { user: None, sandbox: true }
    }
}

/// What is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    /// The folder for it. Without it nothing is remembered. It holds telephone numbers whole: it is for the eyes of few.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/var/lib/greyline/store"]))]
    pub folder: Option<String>,
    /// Days for which calls are kept; a day is let go of as a whole.
    #[schemars(range(min = 1, max = 3_650))]
    pub calls_days: u32,
    /// What calls may take of the disk, about 1 KB each; past it the earliest day goes, and where there is only one, no more are kept.
    #[schemars(range(min = 1, max = 65_536))]
    pub calls_gib_max: u32,
    /// Seconds between two figures of a stream in the record of its call: packets, losses, jitter and MOS over time, at most 60 of each, so that
    /// those of a long call lie further apart. 0 writes none.
    #[schemars(range(min = 0, max = 3_600))]
    pub media_every_secs: u32,
    /// Days for which alerts are kept after their end.
    #[schemars(range(min = 1, max = 36_500))]
    pub alerts_days: u32,
    /// What alerts may take of the disk, up to 16 KB for each word on one; past it those that ended first go.
    #[schemars(range(min = 16, max = 1_048_576))]
    pub alerts_mib_max: u32,
    /// What the SIP messages of the last hours may take of the disk, of which `greyline watch` keeps a ring: what an alert rests on is cut out
    /// of it. 5,000 calls a second fill a gigabyte in half a minute. 0 keeps none.
    #[schemars(range(min = 0, max = 16_777_216))]
    pub packets_mib_max: u32,
    /// RTP headers kept beside them of each stream of a call, from its beginning, 72 B each: who sent media from where, with which codec and
    /// when, and nothing of what was said. It needs `tap.privacy_level` 1. 0 keeps none.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub media_headers: u32,
    /// What the SIP messages of calls that alerts count may take of the disk: they are put aside before the ring lets go of them, and kept as
    /// long as alerts are; past it the earliest go. 0 puts none aside.
    #[schemars(range(min = 0, max = 16_777_216))]
    pub alert_packets_mib_max: u32,
    /// What has to be free on disk: with less, alerts alone are kept.
    #[schemars(range(min = 0, max = 16_777_216))]
    pub free_mib_min: u32,
}

impl Default for Store {
    fn default() -> Self {
        Self {
            folder: None,
            calls_days: 30,
            calls_gib_max: 100,
            media_every_secs: 5,
            alerts_days: 1_095,
            alerts_mib_max: 4_096,
            packets_mib_max: 1_024,
            media_headers: 25,
            alert_packets_mib_max: 1_024,
            free_mib_min: 1_024,
        }
    }
}

/// What is handed to others of what is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Evidence {
    /// The two who can only together say which numbers a redacted bundle is about: it holds them sealed for both. `greyline holder` makes the
    /// key of each, `greyline unseal` asks for both and stands in the audit log. Without them nobody can say it ever again.
    #[schemars(length(max = 2))]
    #[schemars(extend("examples" = [[
        { "name": "data protection officer", "public_key": "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a" },
        { "name": "head of the fraud desk", "public_key": "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f" },
    ]]))]
    pub holders: Vec<Holder>,
}

/// One of the two without whom numbers stay sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// Who: what stands in bundles and in the audit log.
    #[schemars(length(min = 1, max = 64))]
    pub name: String,
    /// What is sealed with; the private key that opens it is the holder's alone.
    pub public_key: HolderKey,
}

/// Where `greyline watch` can be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Listen {
    /// Where metrics are served to Prometheus (`/metrics`), and whether it runs (`/healthz`, `/readyz`); nowhere where none is named. On a
    /// loopback address pages and the API are there, too; on others only over TLS.
    #[schemars(length(max = 8))]
    pub http: Vec<Address>,
    /// Where the same is served over TLS, with pages and the API, to who is named as a `[[user]]`.
    #[schemars(length(max = 8))]
    #[schemars(extend("examples" = [["0.0.0.0:9641"]]))]
    pub https: Vec<Address>,
    /// Proxies that hand questions on and say for whom (`X-Forwarded-For`): whose questions are counted, and who stands in the audit log, is then
    /// whoever asks them. Nobody else is believed.
    #[schemars(length(max = 64))]
    #[schemars(extend("examples" = [["192.0.2.20"]]))]
    pub trusted_proxies: Vec<Network>,
    /// Where HEP arrives over UDP: what SIP servers and agents send of what they see, in place of a tap.
    #[schemars(length(max = 16))]
    #[schemars(extend("examples" = [["0.0.0.0:9060"]]))]
    pub hep_udp: Vec<Address>,
    /// Where HEP arrives over TCP.
    #[schemars(length(max = 16))]
    #[schemars(extend("examples" = [["0.0.0.0:9060"]]))]
    pub hep_tcp: Vec<Address>,
    /// Where HEP arrives over TLS.
    #[schemars(length(max = 16))]
    #[schemars(extend("examples" = [["0.0.0.0:9061"]]))]
    pub hep_tls: Vec<Address>,
    /// File whose first line is the key that senders of HEP must show. Without it anybody may send who reaches the port.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/hep.key"]))]
    pub hep_key: Option<String>,
    /// How far the clock of a sender of HEP may be from ours; packets further away carry the time of their arrival.
    #[schemars(range(min = 1, max = 86_400))]
    pub hep_skew_secs_max: u32,
    /// PEM file with the certificate that is shown over TLS, and what leads to its authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/tls/certificate.pem"]))]
    pub tls_certificate: Option<String>,
    /// PEM file with its private key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/tls/key.pem"]))]
    pub tls_key: Option<String>,
}

impl Default for Listen {
    fn default() -> Self {
        Self {
            http: vec![Address::new(SocketAddr::from(([127, 0, 0, 1], 9640)))],
            https: Vec::new(),
            trusted_proxies: Vec::new(),
            hep_udp: Vec::new(),
            hep_tcp: Vec::new(),
            hep_tls: Vec::new(),
            hep_key: None,
            hep_skew_secs_max: 60,
            tls_certificate: None,
            tls_key: None,
        }
    }
}

/// Somebody, or some program, that may see pages and ask the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Who: what stands in the audit log.
    #[schemars(length(min = 1, max = 64))]
    #[schemars(extend("examples" = ["fraud desk"]))]
    pub name: String,
    /// What may be seen and done.
    #[schemars(extend("examples" = ["analyst"]))]
    pub role: UserRole,
    /// What the token is known by. `greyline token` makes both, and only what it made is taken: a word that could be guessed is none.
    #[schemars(extend("examples" = ["c0ffee5e1a5d2b0f7a1c3e4d5b6a79880f1e2d3c4b5a69788796a5b4c3d2e1f0"]))]
    pub token_sha256: TokenHash,
}

/// What a user may see and do; each may what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserRole {
    /// See everything, numbers masked.
    Viewer,
    /// Work on cases.
    Analyst,
    /// See whole numbers, for a reason that stands in the audit log with each look; edit licences and what is allowed.
    Officer,
    /// Read the audit log.
    Admin,
}

impl UserRole {
    /// All of them, who may least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Analyst, Self::Officer, Self::Admin];

    /// The word that stands in the file and in answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Analyst => "analyst",
            Self::Officer => "officer",
            Self::Admin => "admin",
        }
    }
}

/// How call records are read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Records {
    /// What stands between two columns of CSV: one character, "\t" for a tabulator.
    #[schemars(length(min = 1, max = 1))]
    pub delimiter: String,
    /// Whether the first line of CSV names the columns.
    pub header: bool,
    /// How CSV writes times: "rfc3339", "unix" (seconds, perhaps with a fraction), "unix_ms", or a pattern of strftime such as
    /// "%Y-%m-%d %H:%M:%S%.f".
    #[schemars(length(min = 2, max = 128))]
    pub time_format: String,
    /// Time zone of times that do not say theirs.
    pub time_zone: Zone,
    /// How much earlier than the newest a call may begin and still be told in its order: longer than the longest call, where
    /// calls are written down when they end.
    #[schemars(range(min = 0, max = 604_800))]
    pub horizon_secs: u32,
    /// Calls held back for that at once, about 400 B each and as much for each media stream; past it the earliest goes on.
    #[schemars(range(min = 1, max = 67_108_864))]
    pub calls_max: u32,
    /// Which column of CSV says what.
    pub columns: Columns,
}

impl Default for Records {
    fn default() -> Self {
        Self {
            delimiter: ",".to_owned(),
            header: true,
            time_format: "rfc3339".to_owned(),
            time_zone: Zone::default(),
            horizon_secs: 14_400,
            calls_max: 1_048_576,
            columns: Columns::default(),
        }
    }
}

/// Which column of CSV says what: its name in the header, or its number from 1 where there is no header. Only the beginning, the
/// caller and the callee have to be there; of the others, what cannot be read is taken as absent and counted. A time of zeroes, or of
/// the epoch, is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Columns {
    /// When the call began: the first INVITE.
    #[schemars(length(min = 1, max = 64))]
    pub invite_at: String,
    /// The number that called.
    #[schemars(length(min = 1, max = 64))]
    pub caller: String,
    /// The number that was called.
    #[schemars(length(min = 1, max = 64))]
    pub callee: String,
    /// What names the call; without it the file and the line do.
    #[schemars(length(min = 1, max = 64))]
    pub call_id: String,
    /// When it rang.
    #[schemars(length(min = 1, max = 64))]
    pub ring_at: String,
    /// When it was answered.
    #[schemars(length(min = 1, max = 64))]
    pub answer_at: String,
    /// When it ended.
    #[schemars(length(min = 1, max = 64))]
    pub end_at: String,
    /// Seconds from its beginning to its end, where one of these is not written.
    #[schemars(length(min = 1, max = 64))]
    pub duration_secs: String,
    /// The same in milliseconds, in place of `duration_secs`.
    #[schemars(length(min = 1, max = 64))]
    pub duration_ms: String,
    /// Seconds from the answer to its end, where one of these is not written; 0 was not answered. Where neither is, it was answered as
    /// soon as it can have been, and how long that took is unknown.
    #[schemars(length(min = 1, max = 64))]
    pub talk_secs: String,
    /// The same in milliseconds, in place of `talk_secs`.
    #[schemars(length(min = 1, max = 64))]
    pub talk_ms: String,
    /// Seconds it rang, where the answer or the end is written and the ringing is not.
    #[schemars(length(min = 1, max = 64))]
    pub ring_secs: String,
    /// The same in milliseconds, in place of `ring_secs`.
    #[schemars(length(min = 1, max = 64))]
    pub ring_ms: String,
    /// Where it came from: an address, with a port or without, or the name of a trunk.
    #[schemars(length(min = 1, max = 64))]
    pub source: String,
    /// Where it went: an address, with a port or without, or the name of a trunk.
    #[schemars(length(min = 1, max = 64))]
    pub destination: String,
    /// The name the caller showed.
    #[schemars(length(min = 1, max = 64))]
    pub display: String,
    /// The last final response of SIP, 100 to 699.
    #[schemars(length(min = 1, max = 64))]
    pub status: String,
    /// The cause of ITU-T Q.850, 0 to 127.
    #[schemars(length(min = 1, max = 64))]
    pub q850: String,
    /// Who ended it: "caller", "callee" or "network".
    #[schemars(length(min = 1, max = 64))]
    pub ended_by: String,
    /// What the signer attested: "A", "B" or "C".
    #[schemars(length(min = 1, max = 64))]
    pub attestation: String,
    /// Who forwarded it.
    #[schemars(length(min = 1, max = 64))]
    pub diversion: String,
    /// The software that called.
    #[schemars(length(min = 1, max = 64))]
    pub user_agent: String,
}

impl Default for Columns {
    fn default() -> Self {
        let named = str::to_owned;
        Self {
            invite_at: named("invite_at"),
            caller: named("caller"),
            callee: named("callee"),
            call_id: named("call_id"),
            ring_at: named("ring_at"),
            answer_at: named("answer_at"),
            end_at: named("end_at"),
            duration_secs: named("duration_secs"),
            duration_ms: named("duration_ms"),
            talk_secs: named("talk_secs"),
            talk_ms: named("talk_ms"),
            ring_secs: named("ring_secs"),
            ring_ms: named("ring_ms"),
            source: named("source"),
            destination: named("destination"),
            display: named("display"),
            status: named("status"),
            q850: named("q850"),
            ended_by: named("ended_by"),
            attestation: named("attestation"),
            diversion: named("diversion"),
            user_agent: named("user_agent"),
        }
    }
}
