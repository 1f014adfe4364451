//! `[detect.NAME]`: what is looked for. One table a family: its sentence in [`Detect`] says what is looked for, the attribute
//! `innocent` who does the same without fault, `leads` the kinds of alert the family can lead.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is looked for, by family.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Detect {
    /// Somebody calls far more often than their own week foretells: storms of calls to many callees, numbers dialled in order,
    /// the even pace of a dialler.
    pub burst: Burst,
    /// Calls keep to the working hours of the callee in two or more distant regions in turn, so that whoever makes them works
    /// through their own night. It never raises an alert alone.
    pub timezone: Timezone,
    /// Agents on seats call strangers: first contacts, few answers, short talks that the callee ends, as many calls at once as
    /// there are seats. The licences decide whether it is an unlicensed centre.
    pub centre: Centre,
    /// International traffic brought in under a number that is not the caller's: numbers that only call, foreign trunks with home
    /// numbers, one number in several calls at once, a number that changes between the legs of a call, the media of a gateway.
    pub grey: Grey,
    /// Calls are billed that nobody answered: the callee is silent after the answer, many numbers answer with the same media, the
    /// caller always ends it.
    pub false_answer: FalseAnswer,
    /// Many telephones ring once or twice, so that their owners call back a number that earns; then the call-backs themselves.
    pub wangiri: Wangiri,
    /// A customer's line pumps calls to destinations it never called, many at once and long, at night and over the weekend, to
    /// numbers whose holders are paid for them.
    pub irsf: Irsf,
    /// A machine calls: a caller who says nothing, talk without turns, calls of equal length, the same recording to many.
    pub robocall: Robocall,
    /// Callers show numbers or names that are not theirs: protected ones and their look-alikes, numbers used once and thrown away,
    /// blocks walked in order, calls signed without knowing the caller.
    pub identity: Identity,
    /// One address tries the doors, at whatever pace: accounts in order or from a list, passwords of an account within ten seconds
    /// of each other, prefixes that lead outside, the tools of known scanners. A password that is accepted after twenty that were not
    /// (slower ones too, unless each was challenged), or a number that is reached behind the last of many prefixes, makes it worse.
    pub scan: Scan,
}

/// The settings that judgement does not read yet, `family.key`, with the values it works with; who sets one otherwise is
/// warned that it stays so. A family that comes to read a setting takes it off.
const UNHEEDED: [&str; 12] = [
    "burst.rate_factors",
    "burst.profile_rise_per_day_share_max",
    "timezone.hand_over_secs",
    "wangiri.call_back_secs_max",
    "irsf.test_call_secs_max",
    "irsf.test_call_keep_secs",
    "robocall.audio",
    "identity.novelty_share_min",
    "identity.novelty_calls_min",
    "identity.novelty_window_secs",
    "identity.walk_step_max",
    "grey.round_trip_ms_min",
];

/// Whether judgement reads a setting, or works with its default whatever is written.
#[must_use]
pub fn is_heeded(family: &str, key: &str) -> bool {
    !UNHEEDED.iter().any(|unheeded| unheeded.split_once('.') == Some((family, key)))
}

/// How a family takes part in judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is not run.
    Off,
    /// It is run and reported, and raises no alert.
    Shadow,
    /// It is run.
    On,
}

/// What all families have: whether they run. The macro writes what would be the same ten times.
macro_rules! families {
    ($($name:literal $family:ident $field:ident),+ $(,)?) => {
        $(impl $family {
            /// How it takes part.
            #[must_use]
            pub const fn mode(&self) -> Mode {
                match (self.enabled, self.shadow) {
                    (false, _) => Mode::Off,
                    (true, true) => Mode::Shadow,
                    (true, false) => Mode::On,
                }
            }
        })+

        impl Detect {
            /// The names of all families, in the order of the documentation.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// How the family of this name takes part; off where there is none.
            #[must_use]
            pub fn mode(&self, name: &str) -> Mode {
                match name {
                    $($name => self.$field.mode(),)+
                    _ => Mode::Off,
                }
            }
        }
    };
}

families! {
    "burst" Burst burst,
    "timezone" Timezone timezone,
    "centre" Centre centre,
    "grey" Grey grey,
    "false_answer" FalseAnswer false_answer,
    "wangiri" Wangiri wangiri,
    "irsf" Irsf irsf,
    "robocall" Robocall robocall,
    "identity" Identity identity,
    "scan" Scan scan,
}

/// `[detect.burst]`: call bursts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("leads" = ["call_burst", "robocall"]))]
#[schemars(extend("innocent" = "school and emergency blasts, appointment reminders, votes by telephone (inbound), a trunk that \
    takes over from another, redial storms after an outage, New Year"))]
pub struct Burst {
    /// Whether it is looked for.
    pub enabled: bool,
    /// Report what is found without raising alerts.
    pub shadow: bool,
    /// How many times the usual rate is a burst; evidence is the mean over these.
    #[schemars(length(min = 1, max = 8), inner(range(min = 1.1, max = 1_000.0)))]
    pub rate_factors: Vec<f64>,
    /// How fast what is usual follows what is seen, at most: a share of itself a day. A slow ramp cannot teach it more.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub profile_rise_per_day_share_max: f64,
    /// Time in which evidence loses half its weight.
    #[schemars(range(min = 60, max = 1_209_600))]
    pub half_life_secs: u32,
}

impl Default for Burst {
    fn default() -> Self {
        Self {
            enabled: true,
            shadow: false,
            rate_factors: vec![1.3, 3.0, 10.0],
            profile_rise_per_day_share_max: 0.05,
            half_life_secs: 86_400,
        }
    }
}

/// `[detect.timezone]`: calls that follow the sun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("leads" = ["timezone_targeting"]))]
#[schemars(extend("innocent" = "families abroad, wholesale carriers, licensed centres that follow the sun, companies that work \
    the hours of their own country, days on which clocks change"))]
pub struct Timezone {
    /// Whether it is looked for.
    pub enabled: bool,
    /// Report what is found without raising alerts.
    pub shadow: bool,
    /// Hour of the callee's day at which working hours begin.
    #[schemars(range(min = 0, max = 23))]
    pub work_from_hour: u8,
    /// Hour of the callee's day at which working hours end.
    #[schemars(range(min = 1, max = 24))]
    pub work_to_hour: u8,
    /// Share of all calls a region has to have to count.
    #[schemars(range(min = 0.01, max = 0.5))]
    pub region_share_min: f64,
    /// Share of a region's calls that lie in its working hours, to count.
    #[schemars(range(min = 0.5, max = 1.0))]
    pub work_share_min: f64,
    /// Time in which one region's calls may rise as another's fall, to be a hand-over.
    #[schemars(range(min = 600, max = 21_600))]
    pub hand_over_secs: u32,
    /// Time in which evidence loses half its weight.
    #[schemars(range(min = 3_600, max = 7_776_000))]
    pub half_life_secs: u32,
}

impl Default for Timezone {
    fn default() -> Self {
        Self {
            enabled: true,
            shadow: false,
            work_from_hour: 9,
            work_to_hour: 18,
            region_share_min: 0.15,
            work_share_min: 0.75,
            hand_over_secs: 7_200,
            half_life_secs: 86_400,
        }
    }
}

/// `[detect.centre]`: call centres.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("leads" = ["scam_call_centre", "unlicensed_call_centre"]))]
#[schemars(extend("innocent" = "licensed centres, inbound centres, conference bridges, large offices, trunks that are full"))]
pub struct Centre {
    /// Whether it is looked for.
    pub enabled: bool,
    /// Report what is found without raising alerts.
    pub shadow: bool,
    /// An answered call up to this is short.
    #[schemars(range(min = 1, max = 120))]
    pub short_call_secs: u32,
    /// Days for which pairs of caller and callee are remembered: what is no first contact.
    #[schemars(range(min = 1, max = 90))]
    pub pair_days: u32,
    /// Samples of the calls at once from which seats are counted.
    #[schemars(range(min = 20, max = 240))]
    pub seats_samples: u32,
    /// Time between two samples: about as long as a call lasts.
    #[schemars(range(min = 10, max = 1_800))]
    pub seats_sample_secs: u32,
    /// Variance of the calls at once over their mean, up to which they come from a fixed number of seats.
    #[schemars(range(min = 0.1, max = 0.95))]
    pub seats_dispersion_max: f64,
    /// Time in which evidence loses half its weight.
    #[schemars(range(min = 3_600, max = 7_776_000))]
    pub half_life_secs: u32,
}

impl Default for Centre {
    fn default() -> Self {
        Self {
            enabled: true,
            shadow: false,
            short_call_secs: 15,
            pair_days: 30,
            seats_samples: 60,
            seats_sample_secs: 120,
            seats_dispersion_max: 0.7,
            half_life_secs: 86_400,
        }
    }
}

/// `[detect.grey]`: grey routes and SIM boxes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("leads" = ["grey_route", "sim_box", "cli_refile"]))]
#[schemars(extend("innocent" = "roamers, forwarded calls (Diversion), switches in the cloud abroad, satellite links, alarm lines, \
    generators of test calls"))]
pub struct Grey {
    /// Whether it is looked for.
    pub enabled: bool,
    /// Report what is found without raising alerts.
    pub shadow: bool,
    /// Jitter from which on a caller's media is poor.
    #[schemars(range(min = 1, max = 1_000))]
    pub jitter_ms_min: u32,
    /// Round trip from which on a local number is not local.
    #[schemars(range(min = 10, max = 5_000))]
    pub round_trip_ms_min: u32,
    /// Time in which evidence loses half its weight.
    #[schemars(range(min = 3_600, max = 7_776_000))]
    pub half_life_secs: u32,
}

impl Default for Grey {
    fn default() -> Self {
        Self { enabled: true, shadow: false, jitter_ms_min: 30, round_trip_ms_min: 250, half_life_secs: 86_400 }
    }
}

/// `[detect.false_answer]`: false answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("leads" = ["false_answer"]))]
#[schemars(extend("innocent" = "menus and voicemail, announcements, call centres that answer at once, mirrors that show one \
    direction"))]
pub struct FalseAnswer {
    /// Whether it is looked for.
    pub enabled: bool,
    /// Report what is found without raising alerts.
    pub shadow: bool,
    /// Judge also by the time from ringing to answer against other routes to the same numbers, and by short calls over
    /// those the caller gave up. Off because US patent 9,203,952 claims it; turn it on where you may use it.
    pub timing: bool,
    /// An answered call up to this is short.
    #[schemars(range(min = 1, max = 120))]
    pub short_call_secs: u32,
    /// An answer up to this after the INVITE is early; used with `timing`.
    #[schemars(range(min = 100, max = 10_000))]
    pub early_answer_ms_max: u32,
    /// Time in which evidence loses half its weight.
    #[schemars(range(min = 600, max = 1_209_600))]
    pub half_life_secs: u32,
}

impl Default for FalseAnswer {
    fn default() -> Self {
        Self {
            enabled: true,
            shadow: false,
            timing: false,
            short_call_secs: 15,
            early_answer_ms_max: 2_000,
            half_life_secs: 86_400,
        }
    }
}

/// `[detect.wangiri]`: short rings that want to be called back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("leads" = ["wangiri"]))]
#[schemars(extend("innocent" = "missed calls between people who know each other, diallers that give up, log-in codes sent as a \
    missed call"))]
pub struct Wangiri {
    /// Whether it is looked for.
    pub enabled: bool,
    /// Report what is found without raising alerts.
    pub shadow: bool,
    /// The longest ringing before the caller gives up that still counts.
    #[schemars(range(min = 500, max = 30_000))]
    pub ring_ms_max: u32,
    /// Time after a ring in which a call the other way is a call-back.
    #[schemars(range(min = 60, max = 604_800))]
    pub call_back_secs_max: u32,
    /// Time in which evidence loses half its weight.
    #[schemars(range(min = 600, max = 1_209_600))]
    pub half_life_secs: u32,
}

impl Default for Wangiri {
    fn default() -> Self {
        Self { enabled: true, shadow: false, ring_ms_max: 6_000, call_back_secs_max: 86_400, half_life_secs: 86_400 }
    }
}

/// `[detect.irsf]`: traffic pumped to numbers that earn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("leads" = ["irsf"]))]
#[schemars(extend("innocent" = "new business abroad, conference bridges abroad, the travel season"))]
pub struct Irsf {
    /// Whether it is looked for.
    pub enabled: bool,
    /// Report what is found without raising alerts.
    pub shadow: bool,
    /// An answered call up to this is a test call.
    #[schemars(range(min = 1, max = 120))]
    pub test_call_secs_max: u32,
    /// Time after a test call in which it still points at its destination.
    #[schemars(range(min = 3_600, max = 604_800))]
    pub test_call_keep_secs: u32,
    /// Time in which evidence loses half its weight.
    #[schemars(range(min = 600, max = 1_209_600))]
    pub half_life_secs: u32,
}

impl Default for Irsf {
    fn default() -> Self {
        Self {
            enabled: true,
            shadow: false,
            test_call_secs_max: 10,
            test_call_keep_secs: 86_400,
            half_life_secs: 86_400,
        }
    }
}

/// `[detect.robocall]`: recordings that call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("leads" = ["robocall"]))]
#[schemars(extend("innocent" = "greetings of menus, reminders, music on hold, tones that ring back: half of all calls by \
    machine are wanted"))]
pub struct Robocall {
    /// Whether it is looked for.
    pub enabled: bool,
    /// Report what is found without raising alerts.
    pub shadow: bool,
    /// How much of a side's media has to be seen before its silence says anything.
    #[schemars(range(min = 1, max = 60))]
    pub silent_secs_min: u32,
    /// Judge also by traces that codecs and losses left in the audio. Off because US patent 9,516,497 and its relatives
    /// claim it; turn it on where you may use it. It needs privacy level 3.
    pub audio: bool,
    /// Correlation of two envelopes of five seconds from which on they are one recording. It needs privacy level 2.
    #[schemars(range(min = 0.5, max = 1.0))]
    pub envelope_correlation_min: f64,
    /// Share of differing bits up to which two fingerprints of three seconds are one recording. It needs privacy level 3.
    #[schemars(range(min = 0.05, max = 0.4))]
    pub fingerprint_error_share_max: f64,
    /// How much of the caller's side of an answered call is listened to, from the answer on. It needs privacy level 2.
    #[schemars(range(min = 6, max = 30))]
    pub listen_secs: u32,
    /// How long a recording is remembered.
    #[schemars(range(min = 600, max = 604_800))]
    pub recording_keep_secs: u32,
    /// Time in which evidence loses half its weight.
    #[schemars(range(min = 600, max = 1_209_600))]
    pub half_life_secs: u32,
}

impl Default for Robocall {
    fn default() -> Self {
        Self {
            enabled: true,
            shadow: false,
            silent_secs_min: 4,
            audio: false,
            envelope_correlation_min: 0.92,
            fingerprint_error_share_max: 0.28,
            listen_secs: 8,
            recording_keep_secs: 86_400,
            half_life_secs: 86_400,
        }
    }
}

/// `[detect.identity]`: callers who show a number that is not theirs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("leads" = ["impersonation", "number_rotation"]))]
#[schemars(extend("innocent" = "centres that show their customer's number with permission, pools of diallers in the cloud, ported \
    numbers"))]
pub struct Identity {
    /// Whether it is looked for.
    pub enabled: bool,
    /// Report what is found without raising alerts.
    pub shadow: bool,
    /// Share of numbers seen once from which on numbers rotate.
    #[schemars(range(min = 0.1, max = 1.0))]
    pub novelty_share_min: f64,
    /// Calls that share rests on, at least.
    #[schemars(range(min = 10, max = 10_000))]
    pub novelty_calls_min: u32,
    /// The window in which a number is seen once.
    #[schemars(range(min = 600, max = 604_800))]
    pub novelty_window_secs: u32,
    /// The widest step between numbers that follow each other, to walk a block.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub walk_step_max: u32,
    /// Time in which evidence loses half its weight.
    #[schemars(range(min = 600, max = 1_209_600))]
    pub half_life_secs: u32,
}

impl Default for Identity {
    fn default() -> Self {
        Self {
            enabled: true,
            shadow: false,
            novelty_share_min: 0.8,
            novelty_calls_min: 30,
            novelty_window_secs: 3_600,
            walk_step_max: 1_000,
            half_life_secs: 86_400,
        }
    }
}

/// `[detect.scan]`: scans of SIP equipment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("leads" = ["sip_scan"]))]
#[schemars(extend("innocent" = "equipment that starts, registrations all at once after an outage, a device or an exchange \
    with a wrong password, monitoring by OPTIONS"))]
pub struct Scan {
    /// Whether it is looked for.
    pub enabled: bool,
    /// Report what is found without raising alerts.
    pub shadow: bool,
    /// Prefixes before one number that are refused, from which on they are guessed. A dial plan that is wrong tries three or four.
    #[schemars(range(min = 2, max = 32))]
    pub prefixes_min: u32,
    /// The time in which they are tried.
    #[schemars(range(min = 1, max = 1_209_600))]
    pub prefixes_window_secs: u32,
    /// Time in which evidence loses half its weight.
    #[schemars(range(min = 60, max = 1_209_600))]
    pub half_life_secs: u32,
}

impl Default for Scan {
    fn default() -> Self {
        Self { enabled: true, shadow: false, prefixes_min: 10, prefixes_window_secs: 86_400, half_life_secs: 86_400 }
    }
}
