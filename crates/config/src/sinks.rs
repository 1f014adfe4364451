//! `[[sink]]` as it is written: who is told of alerts and calls, of which of them, and how much of a number is shown.
//!
//! Each entry has one table that says where its records go; the others are absent. Secrets are never written here but lie in files
//! of their own, which the configuration names.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::template::Template;
use crate::words::Url;

/// Who is told of alerts and calls besides the files of the command line. What cannot be delivered at once waits in memory, then on
/// disk, in order, and is delivered at least once; what the limits refuse is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sink {
    /// What it is called in metrics, and the name of its folder on disk: small letters, digits, `-` and `_`.
    #[schemars(length(min = 1, max = 64))]
    #[schemars(extend("examples" = ["soc"]))]
    pub name: String,
    /// What it is told of.
    #[serde(default = "alerts_only")]
    #[schemars(length(min = 1, max = 2))]
    pub records: Vec<SinkRecords>,
    /// Kinds of alerts it is told of; without any, all.
    #[serde(default)]
    #[schemars(length(max = 64))]
    #[schemars(extend("examples" = [["scam_call_centre", "wangiri"]]))]
    pub kinds: Vec<AlertKind>,
    /// The least severity of alerts it is told of.
    #[serde(default)]
    pub severity_min: AlertSeverity,
    /// Moments in the life of an alert it is told of; without any, all.
    #[serde(default)]
    #[schemars(length(max = 3))]
    #[schemars(extend("examples" = [["open", "update", "close"]]))]
    pub statuses: Vec<AlertStatus>,
    /// Trunks, by name, whose alerts and calls it is told of; without any, all, and what belongs to no trunk too.
    #[serde(default)]
    #[schemars(length(max = 4_096))]
    #[schemars(extend("examples" = [["national carrier"]]))]
    pub trunks: Vec<String>,
    /// How much of a telephone number it is shown, wherever in a record one stands.
    #[serde(default)]
    #[schemars(extend("examples" = ["pseudonym"]))]
    pub numbers: Numbers,
    /// File with the key of the pseudonyms, at least 32 bytes of any kind: with another key the same number has another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/keys/soc.key"]))]
    pub pseudonym_key_file: Option<String>,
    /// Records that wait in memory; what comes on top goes to disk. Where it may keep nothing there, or disk refuses, the oldest calls go
    /// first.
    #[serde(default = "queue_records_max")]
    #[schemars(range(min = 16, max = 1_000_000))]
    pub queue_records_max: u32,
    /// MiB that wait in memory, what is on its way to disk among them.
    #[serde(default = "queue_mib_max")]
    #[schemars(range(min = 1, max = 4_096))]
    pub queue_mib_max: u32,
    /// MiB that wait on disk while it cannot be reached; 0 keeps nothing there. At the limit the oldest calls go first, alerts last.
    #[serde(default = "spill_mib_max")]
    #[schemars(range(min = 0, max = 1_048_576))]
    pub spill_mib_max: u32,
    /// Seconds before an answer that does not come counts as a failure.
    #[serde(default = "timeout_secs")]
    #[schemars(range(min = 1, max = 300))]
    pub timeout_secs: u32,
    /// The longest pause between two attempts, in seconds; the first is half a second, each then twice the one before, with some chance
    /// in it.
    #[serde(default = "retry_secs_max")]
    #[schemars(range(min = 1, max = 3_600))]
    pub retry_secs_max: u32,
    /// How the other end of an encrypted connection is known, and how it knows greyline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<SinkTls>,
    /// A file of JSON Lines, one record a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileSink>,
    /// A syslog server (RFC 5424).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub syslog: Option<SyslogSink>,
    /// A web address to which each record is posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<WebhookSink>,
    /// Prometheus Alertmanager: an alert fires while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alertmanager: Option<AlertmanagerSink>,
    /// A stream of NATS JetStream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nats: Option<NatsSink>,
    /// Topics of Kafka.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kafka: Option<KafkaSink>,
    /// Letters to people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailSink>,
}

impl Sink {
    /// The outputs that it has, by the names of their tables, and the keys and addresses of where each goes. A sound one has one.
    pub(crate) fn outputs(&self) -> Vec<(&'static str, Vec<(&'static str, &Url)>)> {
        let mut outputs = Vec::new();
        if self.file.is_some() {
            outputs.push(("file", Vec::new()));
        }
        if let Some(syslog) = &self.syslog {
            outputs.push(("syslog", vec![("url", &syslog.url)]));
        }
        if let Some(webhook) = &self.webhook {
            outputs.push(("webhook", vec![("url", &webhook.url)]));
        }
        if let Some(alertmanager) = &self.alertmanager {
            outputs.push(("alertmanager", alertmanager.urls.iter().map(|url| ("urls", url)).collect()));
        }
        if let Some(nats) = &self.nats {
            outputs.push(("nats", nats.servers.iter().map(|url| ("servers", url)).collect()));
        }
        if let Some(kafka) = &self.kafka {
            outputs.push(("kafka", kafka.brokers.iter().map(|url| ("brokers", url)).collect()));
        }
        if let Some(email) = &self.email {
            outputs.push(("email", vec![("server", &email.server)]));
        }
        outputs
    }

    /// Where its records go, in words.
    #[must_use]
    pub fn goes_to(&self) -> String {
        let file = self.file.as_ref().map(|file| format!("file {}", file.path));
        let urls = self.outputs().into_iter().filter(|(_, urls)| !urls.is_empty()).map(|(output, urls)| {
            let urls: Vec<_> = urls.into_iter().map(|(_, url)| url.to_string()).collect();
            format!("{output} {}", urls.join(" "))
        });
        file.into_iter().chain(urls).collect::<Vec<_>>().join(", ")
    }
}

fn alerts_only() -> Vec<SinkRecords> {
    vec![SinkRecords::Alerts]
}

const fn queue_records_max() -> u32 {
    10_000
}

const fn queue_mib_max() -> u32 {
    64
}

const fn spill_mib_max() -> u32 {
    256
}

const fn timeout_secs() -> u32 {
    10
}

const fn retry_secs_max() -> u32 {
    60
}

/// What a sink is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SinkRecords {
    /// Alerts: each when it opens, when more is known, and when it closes.
    Alerts,
    /// Calls: each when it has ended.
    Calls,
}

impl SinkRecords {
    /// The word in the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alerts => "alerts",
            Self::Calls => "calls",
        }
    }
}

/// How much of a telephone number is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Numbers {
    /// Its first three digits and its last two.
    #[default]
    Masked,
    /// A name in its place, always the same for the same number: a keyed hash.
    Pseudonym,
    /// All of it.
    Whole,
}

impl Numbers {
    /// The word in the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Masked => "masked",
            Self::Pseudonym => "pseudonym",
            Self::Whole => "whole",
        }
    }
}

/// How much an alert matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Severity")]
pub enum AlertSeverity {
    /// Worth a look this week.
    #[default]
    Low,
    /// Worth a look today.
    Medium,
    /// People are being harmed.
    High,
    /// Many people are being harmed, or money leaves by the minute.
    Critical,
}

impl AlertSeverity {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word in the file, in records and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// A moment in the life of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertStatus {
    /// It is raised.
    Open,
    /// More is known.
    Update,
    /// It is over.
    Close,
}

impl AlertStatus {
    /// The word in the file and in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Update => "update",
            Self::Close => "close",
        }
    }
}

/// What an alert says an operation is, in the words of the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// Agents who call strangers with a story.
    ScamCallCentre,
    /// A call centre without a licence, or beyond it.
    UnlicensedCallCentre,
    /// Calls that follow the working day around the globe.
    TimezoneTargeting,
    /// Many calls at once, against the entity's own habit.
    CallBurst,
    /// One recording to many.
    Robocall,
    /// One dialler behind many numbers.
    NumberRotation,
    /// International traffic brought in past the international route.
    GreyRoute,
    /// A gateway full of SIM cards.
    SimBox,
    /// A caller's number changed to make the call cheaper.
    CliRefile,
    /// Billing without an answer.
    FalseAnswer,
    /// Ring once, be called back.
    Wangiri,
    /// International revenue share fraud.
    Irsf,
    /// A number or name that belongs to somebody else.
    Impersonation,
    /// Guessing of numbers, prefixes or passwords.
    SipScan,
}

impl AlertKind {
    /// All kinds.
    pub const ALL: [Self; 14] = [
        Self::ScamCallCentre,
        Self::UnlicensedCallCentre,
        Self::TimezoneTargeting,
        Self::CallBurst,
        Self::Robocall,
        Self::NumberRotation,
        Self::GreyRoute,
        Self::SimBox,
        Self::CliRefile,
        Self::FalseAnswer,
        Self::Wangiri,
        Self::Irsf,
        Self::Impersonation,
        Self::SipScan,
    ];

    /// The word in the file and in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ScamCallCentre => "scam_call_centre",
            Self::UnlicensedCallCentre => "unlicensed_call_centre",
            Self::TimezoneTargeting => "timezone_targeting",
            Self::CallBurst => "call_burst",
            Self::Robocall => "robocall",
            Self::NumberRotation => "number_rotation",
            Self::GreyRoute => "grey_route",
            Self::SimBox => "sim_box",
            Self::CliRefile => "cli_refile",
            Self::FalseAnswer => "false_answer",
            Self::Wangiri => "wangiri",
            Self::Irsf => "irsf",
            Self::Impersonation => "impersonation",
            Self::SipScan => "sip_scan",
        }
    }
}

/// How the other end of an encrypted connection is known, and how it knows greyline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SinkTls {
    /// File of PEM with the authorities that are trusted, in place of those of this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/tls/authority.pem"]))]
    pub authorities_file: Option<String>,
    /// File of PEM with greyline's own certificate, and what leads from it to its authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/tls/greyline.pem"]))]
    pub certificate_file: Option<String>,
    /// File of PEM with the key of that certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/tls/greyline.key"]))]
    pub key_file: Option<String>,
}

/// A file of JSON Lines, one record a line, as `--alerts` and `--calls` write them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileSink {
    /// Where it lies; those before it are called the same with .1, .2 and so on behind, .1 the youngest.
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/var/log/greyline/alerts.jsonl"]))]
    pub path: String,
    /// MiB from which a new one is begun; 0 never.
    #[serde(default = "rotate_mib")]
    #[schemars(range(min = 0, max = 1_048_576))]
    pub rotate_mib: u32,
    /// Hours after which a new one is begun, counted from its first record; 0 never.
    #[serde(default)]
    #[schemars(range(min = 0, max = 8_784))]
    pub rotate_hours: u32,
    /// How many before it are kept.
    #[serde(default = "kept_files")]
    #[schemars(range(min = 0, max = 1_000))]
    pub kept: u32,
}

const fn rotate_mib() -> u32 {
    256
}

const fn kept_files() -> u32 {
    8
}

/// A syslog server (RFC 5424). Over UDP nothing is acknowledged: what is lost on the way is not noticed. Over TCP and TLS what was
/// sent in the last seconds before a connection broke is sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SyslogSink {
    /// Where it listens: udp:// (RFC 5426, port 514), tcp:// (RFC 6587 with octet counting, port 601) or tls:// (RFC 5425, port 6514).
    #[schemars(extend("examples" = ["tls://logs.example.net:6514"]))]
    pub url: Url,
    /// How a record is written.
    #[serde(default)]
    pub body: SyslogBody,
    /// Facility: 16 is local0.
    #[serde(default = "facility")]
    #[schemars(range(min = 0, max = 23))]
    pub facility: u8,
    /// Name of this machine in the messages; without it, the machine's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    #[schemars(extend("examples" = ["probe1.example.net"]))]
    pub hostname: Option<String>,
    /// Private enterprise number behind `greyline@` in structured data; the default is the one reserved for documentation.
    #[serde(default = "enterprise")]
    #[schemars(range(min = 1, max = 4_294_967_295_u32))]
    pub enterprise: u32,
}

const fn facility() -> u8 {
    16
}

const fn enterprise() -> u32 {
    32_473
}

/// How a record is written in syslog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SyslogBody {
    /// The facts as structured data, then a sentence.
    #[default]
    Structured,
    /// ArcSight Common Event Format.
    Cef,
    /// The record as JSON.
    Json,
}

/// A web address to which each record is posted, one after another. Requests carry `Idempotency-Key`; with a secret they carry
/// `Greyline-Timestamp` and `Greyline-Signature` too, the HMAC-SHA256 over the timestamp, a point and the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookSink {
    /// Where it is.
    #[schemars(extend("examples" = ["https://hooks.example.net/greyline"]))]
    pub url: Url,
    /// File with the secret of the signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/keys/hooks.secret"]))]
    pub secret_file: Option<String>,
    /// File with a token that is sent as `Authorization: Bearer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/keys/hooks.token"]))]
    pub token_file: Option<String>,
    /// What is posted in place of the record: JSON in which `{{title}}` or `{{entity.value}}` inside quotes stands for that field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["{\"text\": \"{{severity}}, {{status}}: {{title}}. {{summary}}\"}"]))]
    pub template: Option<Template>,
}

/// Prometheus Alertmanager (API v2): an alert fires while it is open. It takes alerts only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertmanagerSink {
    /// Where it is; of a cluster, every one, since they do not tell each other. It is enough when one of them answers.
    #[schemars(length(min = 1, max = 16))]
    #[schemars(extend("examples" = [["http://127.0.0.1:9093"]]))]
    pub urls: Vec<Url>,
    /// File with a token that is sent as `Authorization: Bearer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/keys/alertmanager.token"]))]
    pub token_file: Option<String>,
    /// Labels that are added to each alert, `name=value`.
    #[serde(default)]
    #[schemars(length(max = 32), inner(length(min = 3, max = 256)))]
    #[schemars(extend("examples" = [["team=fraud"]]))]
    pub labels: Vec<String>,
    /// Seconds after which an open alert is said again: Alertmanager forgets what is not repeated.
    #[serde(default = "repeat_secs")]
    #[schemars(range(min = 5, max = 3_600))]
    pub repeat_secs: u32,
    /// Seconds after which Alertmanager takes an open alert for over when greyline is not heard of.
    #[serde(default = "hold_secs")]
    #[schemars(range(min = 15, max = 86_400))]
    pub hold_secs: u32,
}

const fn repeat_secs() -> u32 {
    60
}

const fn hold_secs() -> u32 {
    300
}

/// A stream of NATS JetStream. Alerts have the subject `SUBJECT.alerts.KIND`, calls `SUBJECT.calls`; the key of each record is its
/// `Nats-Msg-Id`, by which the server knows what it has already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NatsSink {
    /// Servers of one cluster: nats:// (port 4222), or tls:// where the connection must be encrypted.
    #[schemars(length(min = 1, max = 16))]
    #[schemars(extend("examples" = [["nats://127.0.0.1:4222"]]))]
    pub servers: Vec<Url>,
    /// What all subjects begin with.
    #[serde(default = "nats_subject")]
    #[schemars(length(min = 1, max = 128))]
    pub subject: String,
    /// The stream that keeps them; it is made where it is not there.
    #[serde(default = "nats_stream")]
    #[schemars(length(min = 1, max = 64))]
    pub stream: String,
    /// Servers that keep a copy, where the stream is made.
    #[serde(default = "nats_replicas")]
    #[schemars(range(min = 1, max = 5))]
    pub replicas: u8,
    /// Seconds for which a record is known again, where the stream is made.
    #[serde(default = "nats_duplicate_secs")]
    #[schemars(range(min = 1, max = 86_400))]
    pub duplicate_secs: u32,
    /// File of credentials, as `nsc` writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/keys/nats.creds"]))]
    pub credentials_file: Option<String>,
    /// Who logs in, where there are no credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    #[schemars(extend("examples" = ["greyline"]))]
    pub user: Option<String>,
    /// File with the password of the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/keys/nats.password"]))]
    pub password_file: Option<String>,
}

fn nats_subject() -> String {
    "greyline".to_owned()
}

fn nats_stream() -> String {
    "GREYLINE".to_owned()
}

const fn nats_replicas() -> u8 {
    1
}

const fn nats_duplicate_secs() -> u32 {
    600
}

/// Topics of Kafka. A record's key is `alert_id` or `call_id`, so that what belongs together stays in order; the header `id` tells two
/// deliveries of one record. Only programs that were built with it have it: `cargo build --features kafka`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KafkaSink {
    /// Brokers to begin with: kafka:// (port 9092), or tls:// where the connection must be encrypted.
    #[schemars(length(min = 1, max = 16))]
    #[schemars(extend("examples" = [["kafka://127.0.0.1:9092"]]))]
    pub brokers: Vec<Url>,
    /// The topic of alerts.
    #[serde(default = "kafka_alerts")]
    #[schemars(length(min = 1, max = 249))]
    pub topic_alerts: String,
    /// The topic of calls.
    #[serde(default = "kafka_calls")]
    #[schemars(length(min = 1, max = 249))]
    pub topic_calls: String,
}

fn kafka_alerts() -> String {
    "greyline.alerts".to_owned()
}

fn kafka_calls() -> String {
    "greyline.calls".to_owned()
}

/// Letters to people. It takes alerts only; those that come within a pause go together in one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailSink {
    /// The server that takes them: smtp:// with STARTTLS (port 587), smtps:// (port 465), or smtp+plain:// without encryption (port 25).
    #[schemars(extend("examples" = ["smtp://mail.example.net:587"]))]
    pub server: Url,
    /// Who logs in there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    #[schemars(extend("examples" = ["greyline"]))]
    pub user: Option<String>,
    /// File with the password of the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4_096))]
    #[schemars(extend("examples" = ["/etc/greyline/keys/mail.password"]))]
    pub password_file: Option<String>,
    /// Whom they are from.
    #[schemars(length(min = 3, max = 320))]
    #[schemars(extend("examples" = ["Greyline <greyline@example.net>"]))]
    pub from: String,
    /// Whom they go to.
    #[schemars(length(min = 1, max = 64), inner(length(min = 3, max = 320)))]
    #[schemars(extend("examples" = [["fraud@example.net"]]))]
    pub to: Vec<String>,
    /// Seconds between two letters.
    #[serde(default = "email_pause_secs")]
    #[schemars(range(min = 0, max = 86_400))]
    pub pause_secs: u32,
}

const fn email_pause_secs() -> u32 {
    60
}
