//! What can be asked on the command line. `--help` is where most people learn what greyline does.

use std::net::SocketAddr;
use std::path::PathBuf;

use alert::Severity;
use clap::{Args, Parser, Subcommand};
use dossier::Language;

/// Listens to telephone traffic over IP and tells who calls whom, how, and what became of it.
///
/// Reads captures (pcap and pcapng, plain, gzip or zstd), follows tags and tunnels, puts fragments and TCP streams
/// together, finds SIP by its content on any port, and ties RTP and RTCP to the calls that announced them.
#[derive(Debug, Parser)]
#[command(version = VERSION, arg_required_else_help = true, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

const EXAMPLES: &str = "\
Examples:
  greyline replay trunk.pcap                          what is in a capture: alerts and why, traffic, calls, quality
  greyline calls trunk.pcap                           every call in it, one line each
  greyline calls --home GB captures/                  all captures of a folder, merged in time, national numbers read as British
  greyline replay --calls calls.jsonl --summary - big.pcapng.zst
  greyline watch eth1 --config greyline.toml          a mirrored link: alerts as they arise, metrics at 127.0.0.1:9640
  greyline watch --hep 0.0.0.0:9060                   what SIP servers send of what they see, in place of a mirrored link
  greyline synth demo --out demo.pcapng.zst --truth demo.jsonl
                                                      two hours of a scam centre among innocents, and who was who
  greyline replay --console trunk.pcap                the same in a browser: alerts, why, their calls, on a map
  greyline replay --store store trunk.pcap            keep calls and alerts; evidence and reports go by them
  greyline evidence ALERT --store store --capture trunk.pcap --out bundle
                                                      what an alert rests on, signed, for others to check
  greyline check greyline.toml                        is this configuration sound, and what will run
  ssh probe tcpdump -w - -U | greyline calls -        a capture as it is being made

Exit codes: 0 done, 1 alerts were raised that --fail-on asked for or a bundle is not sound, 2 bad usage, 3 the input could not be read, or an output not written, to its end (all else is reported all the same), or a bundle or report lacks what should be in it.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read captures and report what is in them: alerts and why, traffic, calls, the figures of RFC 6076, media quality
    Replay(ReplayJob),
    /// Watch live links, SIP servers that send HEP, and folders that fill: alerts as they arise, metrics for Prometheus
    Watch(WatchJob),
    /// Read captures and list the calls in them
    ///
    /// Of each side the worst leg's quality is shown. The MOS (ITU-T G.107) goes by codec, loss and delay: jitter counts as the delay of a
    /// buffer, and what comes too late for one is not counted as lost.
    Calls(Job),
    /// Say whether a configuration is sound, and what will run
    Check {
        /// The configuration, - for standard input; without it, what runs without one
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,

        /// The day on which licences are to be valid (2027-01-31), today without it
        #[arg(long, value_name = "DATE")]
        at: Option<config::Date>,
    },
    /// Describe what is looked for, who does the same innocently, and every setting
    Detectors {
        /// As one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Hold alerts against the truth: what was found, how soon, and who was accused wrongly
    Score {
        /// The truth of the traffic, as `synth` writes it: JSON Lines, plain, gzip or zstd; it is read twice
        #[arg(long, value_name = "FILE")]
        truth: PathBuf,

        /// The alerts raised, as `--alerts` writes them: JSON Lines, plain, gzip or zstd, - for standard input
        #[arg(long, value_name = "FILE")]
        alerts: PathBuf,

        /// Calls of a day for which false alerts are stated too
        #[arg(long, value_name = "N")]
        calls_day: Option<f64>,

        /// Write the score as one JSON object to this file, - for standard output in place of the table
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    },
    /// Make labelled traffic: a capture of a scenario, and the truth about it
    Synth(SynthJob),
    /// Write what an alert rests on as a bundle that others can check: records, packets, a signed manifest
    Evidence(EvidenceJob),
    /// Say whether bundles of evidence are as they were made
    Verify(VerifyJob),
    /// Make the key of one of the two who can together say which numbers a redacted bundle is about
    Holder {
        /// Who: what stands in bundles and in the audit log
        #[arg(value_name = "NAME")]
        name: String,

        /// Where the private key is written (X25519, PKCS #8 as PEM); it is the holder's alone, and lost with it is what was sealed
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Say which numbers a redacted bundle is about: with the keys of both holders, for a reason, on record
    Unseal(UnsealJob),
    /// Write a report on an alert that a judge can read and print: a page of HTML or a PDF
    Report(ReportJob),
    /// Follow victims' complaints to the calls, the operations behind them, and everybody else whom these called
    Traceback(TracebackJob),
    /// Make a token with which somebody sees the pages of `watch` and asks its API
    Token {
        /// Who: what stands in the audit log
        #[arg(value_name = "NAME")]
        name: String,

        /// What may be seen and done: see numbers masked, work on cases, see whole numbers for a reason, read the audit log
        #[arg(long, value_enum, default_value_t = Role::Viewer)]
        role: Role,
    },
    /// Print the description of the API: OpenAPI 3.1
    Openapi,
    /// Print the JSON Schema of a record
    Schema {
        /// Which record
        #[arg(value_enum)]
        record: Record,
    },
}

/// The records that are promises to strangers.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Record {
    /// A line of `--alerts`
    Alert,
    /// A line of `--calls`
    Call,
    /// The object of `--summary`
    Summary,
    /// The object of `--summary` where call records were read
    Records,
    /// A line of `synth --truth`
    Truth,
    /// The object of `score --json`
    Score,
    /// The object of `detectors --json`
    Detectors,
    /// The configuration, as editors of TOML take it
    Config,
}

/// What a user may see and do; each may what those before it may.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Role {
    Viewer,
    Analyst,
    Officer,
    Admin,
}

impl From<Role> for config::UserRole {
    fn from(named: Role) -> Self {
        match named {
            Role::Viewer => Self::Viewer,
            Role::Analyst => Self::Analyst,
            Role::Officer => Self::Officer,
            Role::Admin => Self::Admin,
        }
    }
}

/// How much an alert matters.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum FailOn {
    Low,
    Medium,
    High,
    Critical,
}

impl From<FailOn> for Severity {
    fn from(named: FailOn) -> Self {
        match named {
            FailOn::Low => Self::Low,
            FailOn::Medium => Self::Medium,
            FailOn::High => Self::High,
            FailOn::Critical => Self::Critical,
        }
    }
}

#[derive(Debug, Args)]
pub struct ReplayJob {
    #[command(flatten)]
    pub job: Job,

    /// Show what was found in a browser: serves the pages of `watch` on this machine, and prints where, until it is stopped
    ///
    /// The address that is printed lets one in. What they show is kept in the store, the SIP messages of captures beside it; without --store in a
    /// folder for as long.
    #[arg(long, help_heading = "Output")]
    pub console: bool,
}

#[derive(Clone, Debug, Args)]
pub struct Job {
    /// Captures: files, folders (every capture in them), or - for standard input; several are merged in time order
    ///
    /// Or call records in their place: JSON Lines as --calls writes them, or .csv by the [records] of the configuration;
    /// plain, gzip or zstd.
    #[arg(required = true, value_name = "CAPTURE")]
    pub captures: Vec<PathBuf>,

    /// Write a JSON line for each call to this file, compressed where it ends in .gz or .zst; - for standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub calls: Option<PathBuf>,

    /// Write one JSON object with all counts to this file, - for standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub summary: Option<PathBuf>,

    /// Write a JSON line for everything said of an alert to this file, - for standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub alerts: Option<PathBuf>,

    /// Write what detectors with `shadow = true` would have raised, in the form of alerts, to this file, - for standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub shadow: Option<PathBuf>,

    /// Write what the innocent calls of this traffic are like to this file, - for standard output: `[tables]` of the configuration
    /// names it as `profile`
    ///
    /// Working hours by corridor, the shares of each class, usual rates of trunks. Calls of alerts teach nothing, nor do hours in which
    /// an operation was under way before it was found; where little was seen the shipped tables stand. Weeks are wanted.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub learn: Option<PathBuf>,

    /// Learn by what people made of alerts: the cases of the store in this folder, which knows the alerts of this traffic
    ///
    /// Calls of alerts that were confirmed as fraud teach nothing, found again or not, nor do those of alerts of which nobody has said anything;
    /// those of alerts that were dismissed as innocent teach like any other, but no shares of entities against which there is evidence of a
    /// hundred to one. What is found and told does not change. Judging takes twice its time and memory.
    #[arg(long, value_name = "FOLDER", requires = "learn", help_heading = "Output")]
    pub cases: Option<PathBuf>,

    /// Keep calls and alerts in the store in this folder
    ///
    /// What the store holds of other captures stays; the same capture read again changes nothing. [store] of the configuration says
    /// how much is kept.
    #[arg(long, value_name = "FOLDER", help_heading = "Output")]
    pub store: Option<PathBuf>,

    /// End with exit code 1 when an alert of this severity or above was raised
    #[arg(long, value_name = "SEVERITY", help_heading = "Output")]
    pub fail_on: Option<FailOn>,

    /// No progress bar
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,

    #[command(flatten)]
    pub tap: TapFlags,

    /// Read files instead of mapping them: slower, and safe when another program may cut them short meanwhile
    #[arg(long, help_heading = "The tap")]
    pub no_map: bool,
}

/// What is known of the tap.
#[derive(Clone, Debug, Args)]
pub struct TapFlags {
    /// What the operator knows (greyline.toml): dial plan, trunks, licences, thresholds; other flags win over it
    #[arg(long, value_name = "FILE", help_heading = "The tap")]
    pub config: Option<PathBuf>,

    /// Home country of the tap (ISO 3166: GB, IN, US): how national numbers are read
    ///
    /// Without it, only numbers that say themselves that they are international are read as such, and national ones
    /// where the other party of the call leaves no doubt.
    #[arg(long, value_name = "COUNTRY", help_heading = "The tap")]
    pub home: Option<String>,

    /// A prefix the network puts before numbers, to be taken off (may be repeated)
    #[arg(long, value_name = "DIGITS", help_heading = "The tap")]
    pub technical_prefix: Vec<String>,

    /// A UDP port that carries VXLAN, besides 4789 and 8472 (may be repeated)
    #[arg(long, value_name = "PORT", help_heading = "The tap")]
    pub vxlan_port: Vec<u16>,

    /// Take a packet that is seen twice for two packets, not for the copy a mirror port made
    #[arg(long, help_heading = "The tap")]
    pub keep_duplicates: bool,

    /// Threads that share the packets; without it one
    ///
    /// What is found does not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64), help_heading = "The tap")]
    pub workers: Option<u8>,
}

#[derive(Clone, Debug, Args)]
pub struct WatchJob {
    /// Interfaces to read; `any` reads all. Without any source here those of the configuration are watched
    #[arg(value_name = "INTERFACE")]
    pub interfaces: Vec<String>,

    /// Take HEP over UDP at this address, such as 0.0.0.0:9060 (may be repeated)
    #[arg(long, value_name = "ADDRESS", help_heading = "Sources")]
    pub hep: Vec<SocketAddr>,

    /// Take HEP over TCP at this address (may be repeated)
    #[arg(long, value_name = "ADDRESS", help_heading = "Sources")]
    pub hep_tcp: Vec<SocketAddr>,

    /// Read captures that another program leaves in this folder, each when a later one is there (may be repeated)
    #[arg(long, value_name = "FOLDER", help_heading = "Sources")]
    pub folder: Vec<PathBuf>,

    /// Only packets that this filter lets through (pcap-filter(7)), tagged ones too
    #[arg(long, value_name = "FILTER", help_heading = "Sources")]
    pub filter: Option<String>,

    /// Serve metrics at this address in place of 127.0.0.1:9640; `off` serves none
    #[arg(long, value_name = "ADDRESS", help_heading = "Output")]
    pub listen: Option<String>,

    /// Keep what judgement knows in this folder in place of that of the configuration, and go on from there; `off` keeps nothing
    #[arg(long, value_name = "FOLDER", help_heading = "Output")]
    pub state: Option<PathBuf>,

    /// Append a JSON line for everything said of an alert to this file, - for standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub alerts: Option<PathBuf>,

    /// Append what detectors with `shadow = true` would have raised to this file, - for standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub shadow: Option<PathBuf>,

    /// Append a JSON line for each call to this file, - for standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub calls: Option<PathBuf>,

    /// Keep calls and alerts in the store in this folder, in place of the configuration's
    #[arg(long, value_name = "FOLDER", help_heading = "Output")]
    pub store: Option<PathBuf>,

    /// When it ends, write one JSON object with all counts to this file, - for standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub summary: Option<PathBuf>,

    /// End after so many seconds; without it SIGINT or SIGTERM end it
    #[arg(long, value_name = "SECONDS", help_heading = "Output")]
    pub seconds: Option<u64>,

    /// How its own log is written to standard error
    #[arg(long, value_enum, default_value_t = LogForm::Text, help_heading = "Output")]
    pub log: LogForm,

    #[command(flatten)]
    pub tap: TapFlags,
}

#[derive(Debug, Args)]
pub struct EvidenceJob {
    /// The alert: its id
    #[arg(value_name = "ALERT")]
    pub alert: String,

    /// The store that has it
    #[arg(long, value_name = "FOLDER")]
    pub store: PathBuf,

    /// The bundle: a folder, which is made, and which its owner alone may read
    #[arg(long, value_name = "FOLDER", help_heading = "Output")]
    pub out: PathBuf,

    /// Captures to cut the packets out of, in place of the ring that `watch` keeps: files or folders (may be repeated)
    #[arg(long, value_name = "CAPTURE")]
    pub capture: Vec<PathBuf>,

    /// Replace telephone numbers, in records and packets, by others of the same length, the same by the same; blank names
    #[arg(long, help_heading = "Output")]
    pub redacted: bool,

    /// The key that signs (Ed25519, PKCS #8): made where it is not there; by default evidence.key in the store
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub key: Option<PathBuf>,

    /// Who makes it, for the audit log; by default who is logged in, or the user this runs as
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    pub by: Option<String>,

    #[command(flatten)]
    pub tap: TapFlags,
}

#[derive(Debug, Args)]
pub struct ReportJob {
    /// The alert: its id
    #[arg(value_name = "ALERT")]
    pub alert: String,

    /// The store that has it
    #[arg(long, value_name = "FOLDER")]
    pub store: PathBuf,

    /// The report: a PDF where the name ends in .pdf, else a page of HTML, all in one file that its owner alone may read; - for standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub out: PathBuf,

    /// The language: en, ur
    #[arg(long, value_name = "TAG", default_value = "en", help_heading = "Output")]
    pub language: Language,

    /// Time zone of a second table of hours (Asia/Karachi): where the callers are taken to be; without it there is none
    #[arg(long, value_name = "ZONE", help_heading = "Output")]
    pub zone: Option<config::Zone>,

    /// Who makes it, for the page and the audit log; by default who is logged in, or the user this runs as
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    pub by: Option<String>,
}

#[derive(Debug, Args)]
pub struct TracebackJob {
    /// Complaints: CSV whose first line names its columns
    ///
    /// `callee`, the number that was called, and `time` are needed; `minutes` says how far off the time may be (10 without it), `caller` which
    /// number was shown, `said` what was said, `id` what the complaint is called.
    #[arg(value_name = "COMPLAINTS")]
    pub complaints: PathBuf,

    /// The store that has the calls
    #[arg(long, value_name = "FOLDER")]
    pub store: PathBuf,

    /// Time zone of times that name none (Asia/Karachi); UTC without it
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<config::Zone>,

    /// Write a JSON line for each complaint and each operation to this file, - for standard output in place of the text
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub json: Option<PathBuf>,

    /// Who asks, for the audit log; by default who is logged in, or the user this runs as
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    pub by: Option<String>,

    #[command(flatten)]
    pub tap: TapFlags,
}

#[derive(Debug, Args)]
pub struct VerifyJob {
    /// Bundles, folders or the ZIP archives that pages hand out; of several it is asked too whether they follow from each other
    #[arg(required = true, value_name = "BUNDLE")]
    pub bundles: Vec<PathBuf>,

    /// The public key that the operator is known by (PEM)
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,

    /// Hold them, and the audit log, against the store they come from
    #[arg(long, value_name = "FOLDER")]
    pub store: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct UnsealJob {
    /// The bundle, a folder or the ZIP archive that pages hand out
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,

    /// The private keys of both holders (give it twice)
    #[arg(long, value_name = "FILE", required = true)]
    pub key: Vec<PathBuf>,

    /// The store that the bundle comes from: its audit log says first who asked, and why
    #[arg(long, value_name = "FOLDER")]
    pub store: PathBuf,

    /// What the numbers are needed for
    #[arg(long, value_name = "TEXT")]
    pub reason: String,

    /// Other digits that were replaced, too, since they might have been a number: of Call-IDs, sessions, spellings
    #[arg(long, help_heading = "Output")]
    pub all: bool,

    /// Write them to this file, a line of CSV each, - for standard output
    ///
    /// `shown` is what stands in the bundle, as its records write it, `number` what that stands for, and `what` is `number`: of whoever called or was
    /// called, was shown, or passed calls on. With --all it is `digits` for the rest. A file is its owner's alone to read.
    #[arg(long, value_name = "FILE", default_value = "-", help_heading = "Output")]
    pub out: PathBuf,

    /// Who asks, for the audit log; by default who is logged in, or the user this runs as
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    pub by: Option<String>,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogForm {
    /// A line of text each
    Text,
    /// A JSON object each
    Json,
}

#[derive(Debug, Args)]
pub struct SynthJob {
    /// Which scenario; --list tells them
    #[arg(required_unless_present = "list")]
    pub scenario: Option<String>,

    /// List the scenarios
    #[arg(long)]
    pub list: bool,

    /// Write the packets to this capture: pcapng, or pcap where the name says .pcap. As every
    /// file that is written, compressed where its name ends in .gz or .zst
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub out: Option<PathBuf>,

    /// Write the truth to this file, a JSON line for each call and each group
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub truth: Option<PathBuf>,

    /// Write the call records to this file that greyline would read from the packets
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub calls: Option<PathBuf>,

    /// Write what the operator of these trunks knows to this file: greyline.toml with trunks, licences, protected numbers
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub config: Option<PathBuf>,

    /// The same seed makes the same traffic to the byte
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// Days, or parts of one; without it what suits the scenario
    #[arg(long, value_name = "DAYS")]
    pub days: Option<f64>,

    /// The first day, or its first moment, UTC (2026-03-02, 2026-03-02T14:00)
    #[arg(long, value_name = "DATE", value_parser = start)]
    pub start: Option<jiff::Timestamp>,

    /// Days before the start in which only the innocent telephone
    #[arg(long, value_name = "DAYS")]
    pub warm_up: Option<f64>,

    /// From 0, blatant, to 3, hardly different from the innocent
    #[arg(long, value_name = "0..3", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=3))]
    pub hardness: u8,

    /// So many times the innocent traffic
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    pub scale: f64,

    /// How much media
    #[arg(long, value_enum, default_value_t = SynthMedia::None)]
    pub media: SynthMedia,

    /// Only numbers that are kept for fiction and tests
    #[arg(long)]
    pub reserved: bool,
}

/// How much media a made capture has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum SynthMedia {
    /// None
    None,
    /// Five packets a second and side, as silence suppression leaves them
    Sparse,
    /// Every packet of G.711
    Full,
}

impl SynthMedia {
    /// As the room takes it.
    pub const fn depth(self) -> synth::Media {
        match self {
            Self::None => synth::Media::None,
            Self::Sparse => synth::Media::Sparse,
            Self::Full => synth::Media::Full,
        }
    }
}

/// A moment, UTC.
fn start(text: &str) -> Result<jiff::Timestamp, String> {
    let said = |_| format!("{text} is no date; 2026-03-02 or 2026-03-02T14:00 would be");
    let moment: jiff::civil::DateTime = text.parse().map_err(said)?;
    moment.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp()).map_err(said)
}
