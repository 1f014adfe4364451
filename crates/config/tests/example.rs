//! `deploy/greyline.toml`: every section and key with its sentence, the default in force behind a `#`, an example where there is
//! none. It is written by this test from the declarations (`BLESS=1`), and read like any other file.

#![cfg(test)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use config::{Config, Detect, read, schema};
use serde_json::Value;

const WIDTH: usize = 110;

const OPENING: &str = "\
# What the operator knows, for greyline. All of it may be left out, the whole file too.
#
# A key behind # shows the default that is in force; one that has no default shows an example and does something only without
# the #. The numbers, addresses and names here are reserved for documentation: put your own in their place.
# `greyline check FILE` says whether a file is sound and what will run; `greyline detectors` describes what is looked for.
";

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/greyline.toml")
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema["properties"].as_object().into_iter().flatten()
}

/// Paragraphs behind `#`, wrapped.
fn comment(text: &mut String, paragraph: &str) {
    let mut line = "#".to_owned();
    for word in paragraph.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{line}");
            line = "#".to_owned();
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(text, "{line}");
}

/// A value as TOML; what is a date is written as one.
fn toml(value: &Value, format: Option<&str>) -> String {
    match value {
        Value::String(day) if format == Some("date") => day.clone(),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(|item| toml(item, None)).collect::<Vec<_>>().join(", "))
        }
        Value::Object(keys) => {
            let pairs: Vec<_> = keys.iter().map(|(key, value)| format!("{key} = {}", toml(value, None))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        plain => plain.to_string(),
    }
}

fn described(text: &mut String, schema: &Value) {
    comment(text, schema["description"].as_str().unwrap());
    for word in schema["oneOf"].as_array().into_iter().flatten() {
        comment(text, &format!("  {}: {}", word["const"].as_str().unwrap(), word["description"].as_str().unwrap()));
    }
}

/// Whether it is a table that may be absent: no example stands at its key.
fn absent(schema: &Value) -> bool {
    schema["properties"].is_object() && schema["type"].as_array().is_some_and(|kinds| kinds.contains(&"null".into()))
}

/// A section whose entries have one of several tables each: all its keys once, then those tables one by one. It stands behind `#` as a
/// whole, since each entry would do something out in the world.
fn outputs(text: &mut String, section: &str, entry: &Value) {
    let _ = writeln!(text, "# [[{section}]]");
    table(text, entry, "# ", true);
    let (shared, outputs): (Vec<_>, Vec<_>) =
        properties(entry).filter(|(_, it)| absent(it)).partition(|(key, _)| *key == "tls");
    for (place, (key, inner)) in shared.into_iter().chain(outputs).enumerate() {
        let _ = writeln!(text);
        described(text, inner);
        if place > 1 {
            let _ = writeln!(text, "# [[{section}]]\n# name = \"{key}\"");
        }
        let _ = writeln!(text, "# [{section}.{key}]");
        table(text, inner, "# ", true);
    }
}

/// The keys of a table, with `hash` before each. Where they are an example as a whole, examples go before defaults.
fn table(text: &mut String, schema: &Value, hash: &str, live: bool) {
    let nested = |it: &Value| it["properties"].is_object();
    for (key, it) in properties(schema).filter(|(_, it)| (live || !nested(it)) && !absent(it)) {
        let format = it["format"].as_str().or_else(|| it["anyOf"][0]["format"].as_str());
        let default = it.get("default").filter(|default| !default.is_null() && **default != Value::Array(vec![]));
        let example = it["examples"].get(0);
        let value = if live { example.or(default) } else { default.or(example) };
        let _ = writeln!(text);
        described(text, it);
        // A whole default of a real number is written as one.
        let value = toml(value.unwrap_or_else(|| panic!("{key} has neither default nor example")), format);
        let _ = writeln!(text, "{hash}{key} = {value}");
    }
}

fn annotated() -> String {
    let mut text = OPENING.to_owned();
    for (section, it) in properties(schema()).filter(|(section, _)| *section != "detect") {
        let _ = writeln!(text, "\n");
        described(&mut text, it);
        if let Some(entry) = it.get("items") {
            if properties(entry).any(|(_, it)| absent(it)) {
                outputs(&mut text, section, entry);
                continue;
            }
            let _ = writeln!(text, "[[{section}]]");
            table(&mut text, entry, "", true);
        } else {
            let _ = writeln!(text, "[{section}]");
            table(&mut text, it, "# ", false);
            for (key, inner) in properties(it).filter(|(_, inner)| inner["properties"].is_object()) {
                let _ = writeln!(text);
                described(&mut text, inner);
                let _ = writeln!(text, "[{section}.{key}]");
                table(&mut text, inner, "# ", false);
            }
        }
    }
    for (family, it) in properties(&schema()["properties"]["detect"]) {
        let _ = writeln!(text, "\n");
        described(&mut text, it);
        comment(&mut text, &format!("Innocent: {}.", it["innocent"].as_str().unwrap()));
        let _ = writeln!(text, "[detect.{family}]");
        table(&mut text, it, "# ", false);
    }
    text
}

#[test]
fn the_example_is_what_is_declared() {
    let annotated = annotated();
    if std::env::var_os("BLESS").is_some() {
        fs::write(path(), &annotated).unwrap();
    }
    let written = fs::read_to_string(path()).unwrap();
    assert!(written == annotated, "deploy/greyline.toml is out of date: BLESS=1 writes it");
}

#[test]
fn the_example_is_sound() {
    let text = fs::read_to_string(path()).unwrap();
    let sound = read(text.as_bytes()).map_err(|mistakes| format!("{mistakes:#?}")).unwrap();
    assert!(sound.warnings.is_empty(), "{:?}", sound.warnings);
    let config = sound.known.config();
    assert_eq!((config.trunk.len(), config.licence.len(), config.protected.len()), (1, 1, 1));
    assert_eq!((config.allow.len(), config.high_cost.len(), config.user.len()), (1, 1, 1));
}

/// What stands behind `#` is in force: put into effect it changes nothing, but for keys that have no default.
#[test]
fn defaults_behind_the_hash_are_in_force() {
    let text = fs::read_to_string(path()).unwrap();
    let keys = |line: &str| line.starts_with('[') || line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
    let live: Vec<_> =
        text.lines().map(|line| line.strip_prefix("# ").filter(|rest| keys(rest)).unwrap_or(line)).collect();
    let all = read(live.join("\n").as_bytes()).map_err(|mistakes| format!("{mistakes:#?}")).unwrap();
    let sparse = read(text.as_bytes()).unwrap();
    assert!(all.warnings.iter().all(|warning| !warning.what.contains("sink")), "{:?}", all.warnings);
    let (mut all, sparse) = (all.known.config().clone(), sparse.known.config());
    let sinks = &schema()["properties"]["sink"]["items"];
    assert_eq!(all.sink.len(), properties(sinks).filter(|(key, it)| absent(it) && *key != "tls").count());
    assert_eq!(all.detect, sparse.detect);
    assert_eq!(all.limits, sparse.limits);
    assert_eq!(all.records, sparse.records);
    let none = Config::default();
    assert!(all.tap.home.take().is_some() && all.tap.calls_per_day.take().is_some());
    assert!(all.tap.international_prefixes.take().is_some() && all.tap.national_prefixes.take().is_some());
    all.tap.technical_prefixes.clear();
    all.capture.vxlan_ports.clear();
    all.capture.interfaces.clear();
    all.capture.folders.clear();
    assert!(all.capture.filter.take().is_some());
    let listen = &mut all.listen;
    [&mut listen.https, &mut listen.hep_udp, &mut listen.hep_tcp, &mut listen.hep_tls].into_iter().for_each(Vec::clear);
    listen.trusted_proxies.clear();
    assert!(
        [&mut listen.hep_key, &mut listen.tls_certificate, &mut listen.tls_key]
            .into_iter()
            .all(|file| file.take().is_some())
    );
    assert!(all.store.folder.take().is_some());
    assert_eq!(all.evidence.holders.len(), 2);
    assert!(all.lists.file.take().is_some());
    assert_eq!((all.tap, all.capture, all.listen, all.state), (none.tap, none.capture, none.listen, none.state));
    assert_eq!(all.store, none.store);
}

#[test]
fn everything_declared_says_what_it_is() {
    fn described(name: &str, schema: &Value) {
        assert!(schema["description"].as_str().is_some_and(|text| text.ends_with('.')), "{name} is not described");
        let kinds = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
        if kinds.iter().any(|kind| kind == "integer" || kind == "number") {
            let bounded = schema["minimum"].is_number() && schema["maximum"].is_number();
            assert!(bounded, "{name} has no bounds");
        }
        for inner in [Some(schema), schema.get("items")].into_iter().flatten() {
            properties(inner).for_each(|(key, inner)| described(&format!("{name}.{key}"), inner));
        }
    }
    properties(schema()).for_each(|(key, inner)| described(key, inner));
    let families: Vec<_> = properties(&schema()["properties"]["detect"]).collect();
    assert_eq!(families.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), Detect::NAMES);
    for (name, family) in families {
        assert!(family["innocent"].is_string() && !family["leads"].as_array().unwrap().is_empty(), "{name}");
        let first: Vec<_> = properties(family).take(2).map(|(key, _)| key.as_str()).collect();
        assert_eq!(first, ["enabled", "shadow"], "{name}");
    }
}
