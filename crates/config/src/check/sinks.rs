//! What is wrong with sinks whose every key is right: names that are taken, outputs that are missing or too many, settings that do
//! nothing, numbers that would go over the network unprotected.

use std::collections::{BTreeMap, BTreeSet};

use crate::known::each;
use crate::mistakes::Flaw;
use crate::sinks::{AlertSeverity, Numbers, Sink, SinkRecords};
use crate::words::Url;

use super::known_trunk;

/// All that is wrong with them; `names` are the trunks that may be referred to.
pub(super) fn sinks(sinks: &[Sink], names: &BTreeSet<String>, flaws: &mut Vec<Flaw>) {
    let (mut seen, mut paths) = (BTreeSet::new(), BTreeMap::new());
    for (at, sink) in each(sinks) {
        let name = &sink.name;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
        if !name.bytes().all(plain) {
            let what = format!("`sink.name` takes small letters, digits, - and _, and not {name:?}");
            flaws.push(Flaw::error(format!("sink/{at}/name"), what));
        }
        if !seen.insert(name) {
            let what = format!("there is a sink {name:?} already: a name is given once");
            flaws.push(Flaw::error(format!("sink/{at}/name"), what));
        }
        if let Some(file) = &sink.file
            && let Some(other) = paths.insert(&file.path, name)
        {
            let what = format!("sinks {other:?} and {name:?} write the same file: each needs its own");
            flaws.push(Flaw::error(format!("sink/{at}/file/path"), what));
        }
        for (place, trunk) in sink.trunks.iter().enumerate() {
            known_trunk(trunk, names, || format!("sink/{at}/trunks/{place}"), flaws);
        }
        outputs(at, sink, flaws);
        told_of(at, sink, flaws);
        shown(at, sink, flaws);
        tls(at, sink, flaws);
    }
}

/// Schemes that an output takes.
fn schemes(output: &str) -> &'static [&'static str] {
    match output {
        "syslog" => &["udp", "tcp", "tls"],
        "webhook" | "alertmanager" => &["http", "https"],
        "nats" => &["nats", "tls"],
        "kafka" => &["kafka", "tls"],
        "email" => &["smtp", "smtps", "smtp+plain"],
        _ => &[],
    }
}

/// All outputs there are.
const OUTPUTS: [&str; 7] = ["file", "syslog", "webhook", "alertmanager", "nats", "kafka", "email"];

/// Each entry has one output, and its addresses have schemes that this output speaks.
fn outputs(at: u16, sink: &Sink, flaws: &mut Vec<Flaw>) {
    let (name, written) = (&sink.name, sink.outputs());
    match written.as_slice() {
        [] => {
            let tables: Vec<_> = OUTPUTS.iter().map(|output| format!("[sink.{output}]")).collect();
            let what = format!("the sink {name:?} goes nowhere: it needs one of {}", tables.join(", "));
            flaws.push(Flaw::error(format!("sink/{at}"), what));
        }
        [_] => {}
        [(first, _), others @ ..] => {
            for (output, _) in others {
                let what =
                    format!("the sink {name:?} has `{first}` and `{output}`: each output is a [[sink]] of its own");
                flaws.push(Flaw::error(format!("sink/{at}/{output}"), what));
            }
        }
    }
    for (output, urls) in written {
        for (key, url) in urls {
            let schemes = schemes(output);
            if !schemes.contains(&url.scheme()) {
                let what = format!("`sink.{output}.{key}` takes {}://, and not {url}", schemes.join("://, "));
                flaws.push(Flaw::error(format!("sink/{at}/{output}/{key}"), what));
            }
        }
    }
    words(at, sink, flaws);
}

/// Names that the other end would not take.
fn words(at: u16, sink: &Sink, flaws: &mut Vec<Flaw>) {
    if let Some(alertmanager) = &sink.alertmanager {
        if alertmanager.hold_secs < 2 * alertmanager.repeat_secs {
            let what = "`sink.alertmanager.hold_secs` is at least twice `repeat_secs`, or alerts would end between two repeats";
            flaws.push(Flaw::error(format!("sink/{at}/alertmanager/hold_secs"), what));
        }
        for (place, label) in alertmanager.labels.iter().enumerate() {
            let name = label.split_once('=').map_or("", |(name, _)| name);
            let letter = |(place, byte): (usize, u8)| {
                byte.is_ascii_alphabetic() || byte == b'_' || (place > 0 && byte.is_ascii_digit())
            };
            if name.is_empty() || !name.bytes().enumerate().all(letter) {
                let what = format!(
                    "`sink.alertmanager.labels` takes name=value, the name of letters, digits and _, and not {label:?}"
                );
                flaws.push(Flaw::error(format!("sink/{at}/alertmanager/labels/{place}"), what));
            }
        }
    }
    if let Some(nats) = &sink.nats {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if !nats.subject.split('.').all(|word| !word.is_empty() && word.bytes().all(plain)) {
            let what = format!("`sink.nats.subject` takes words with points between them, and not {:?}", nats.subject);
            flaws.push(Flaw::error(format!("sink/{at}/nats/subject"), what));
        }
        if !nats.stream.bytes().all(plain) {
            let what = format!("`sink.nats.stream` takes one word, and not {:?}", nats.stream);
            flaws.push(Flaw::error(format!("sink/{at}/nats/stream"), what));
        }
    }
    if let Some(kafka) = &sink.kafka {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        for (key, topic) in [("topic_alerts", &kafka.topic_alerts), ("topic_calls", &kafka.topic_calls)] {
            if !topic.bytes().all(plain) {
                let what = format!("`sink.kafka.{key}` takes letters, digits, -, _ and ., and not {topic:?}");
                flaws.push(Flaw::error(format!("sink/{at}/kafka/{key}"), what));
            }
        }
    }
    let logins = [
        ("nats", sink.nats.as_ref().map(|it| (&it.user, &it.password_file))),
        ("email", sink.email.as_ref().map(|it| (&it.user, &it.password_file))),
    ];
    for (output, login) in logins {
        let (has, lacks) = match login {
            Some((Some(_), None)) => ("user", "password_file"),
            Some((None, Some(_))) => ("password_file", "user"),
            _ => continue,
        };
        let what = format!("`sink.{output}.{has}` needs `sink.{output}.{lacks}`");
        flaws.push(Flaw::error(format!("sink/{at}/{output}/{has}"), what));
    }
    if let Some(email) = &sink.email {
        let mailbox = |text: &str| {
            let address =
                text.rsplit_once('<').map_or(text, |(_, address)| address.strip_suffix('>').unwrap_or_default());
            address
                .split_once('@')
                .is_some_and(|(who, host)| !who.is_empty() && !host.is_empty() && !address.contains(' '))
        };
        let to = email.to.iter().enumerate().map(|(place, to)| (format!("to/{place}"), to));
        for (path, text) in [("from".to_owned(), &email.from)].into_iter().chain(to).filter(|(_, text)| !mailbox(text))
        {
            let key = path.split('/').next().unwrap_or_default();
            let what = format!("`sink.email.{key}` takes an address such as \"fraud@example.net\", and not {text:?}");
            flaws.push(Flaw::error(format!("sink/{at}/email/{path}"), what));
        }
    }
}

/// What it is told of: filters that filter nothing.
fn told_of(at: u16, sink: &Sink, flaws: &mut Vec<Flaw>) {
    let alerts = sink.records.contains(&SinkRecords::Alerts);
    let filters = [
        ("kinds", !sink.kinds.is_empty()),
        ("severity_min", sink.severity_min != AlertSeverity::Low),
        ("statuses", !sink.statuses.is_empty()),
    ];
    for (key, _) in filters.into_iter().filter(|&(_, set)| set && !alerts) {
        let what = format!("`sink.{key}` is about alerts, and {:?} is told of none", sink.name);
        flaws.push(Flaw::warning(format!("sink/{at}/{key}"), what));
    }
    for (output, is_some) in [("alertmanager", sink.alertmanager.is_some()), ("email", sink.email.is_some())] {
        if is_some && sink.records.contains(&SinkRecords::Calls) {
            let what = format!("`sink.{output}` takes alerts only: leave calls out of `records`");
            flaws.push(Flaw::error(format!("sink/{at}/records"), what));
        }
    }
}

/// How much of a number is shown, and to whom.
fn shown(at: u16, sink: &Sink, flaws: &mut Vec<Flaw>) {
    match (sink.numbers, &sink.pseudonym_key_file) {
        (Numbers::Pseudonym, None) => {
            let what = "`sink.numbers` \"pseudonym\" needs `pseudonym_key_file`: without a key anybody could reckon the numbers";
            flaws.push(Flaw::error(format!("sink/{at}/numbers"), what));
        }
        (Numbers::Masked | Numbers::Whole, Some(_)) => {
            let what = "`sink.pseudonym_key_file` does nothing without `numbers = \"pseudonym\"`";
            flaws.push(Flaw::warning(format!("sink/{at}/pseudonym_key_file"), what));
        }
        _ => {}
    }
    let open =
        |url: &Url| !url.is_here() && matches!(url.scheme(), "udp" | "tcp" | "http" | "nats" | "kafka" | "smtp+plain");
    for (output, urls) in sink.outputs() {
        for (key, url) in urls.into_iter().filter(|(_, url)| open(url) && sink.numbers == Numbers::Whole) {
            let what =
                format!("whole numbers go to {url} for anybody on the way to read: a scheme with TLS protects them");
            flaws.push(Flaw::warning(format!("sink/{at}/{output}/{key}"), what));
        }
    }
}

/// A certificate without its key proves nothing, nor the other way round.
fn tls(at: u16, sink: &Sink, flaws: &mut Vec<Flaw>) {
    let Some(tls) = &sink.tls else { return };
    let (has, lacks) = match (&tls.certificate_file, &tls.key_file) {
        (Some(_), None) => ("certificate_file", "key_file"),
        (None, Some(_)) => ("key_file", "certificate_file"),
        _ => return,
    };
    flaws.push(Flaw::error(format!("sink/{at}/tls/{has}"), format!("`sink.tls.{has}` needs `sink.tls.{lacks}`")));
}
