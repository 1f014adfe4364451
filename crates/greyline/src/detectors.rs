//! `greyline detectors`: what is looked for, who does the same innocently, and every setting, all from the declarations of
//! `config`.

use std::fmt::Write as _;
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::failure::Failure;
use crate::json::VERSION;
use crate::outputs::Output;
use crate::paint::{Ink, Paint};
use crate::run::Done;

/// Letters of a line of text.
const WIDTH: usize = 100;

/// All families of detectors.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DetectorsJson {
    /// Version of this record.
    v: u8,
    /// The families.
    detectors: Vec<DetectorJson>,
}

/// A family of detectors.
#[derive(Debug, Serialize, JsonSchema)]
struct DetectorJson {
    /// Its name: the table `[detect.NAME]` of the configuration.
    name: String,
    /// What it looks for.
    looks_for: String,
    /// Who does the same innocently.
    innocent: String,
    /// The kinds of alert it can lead.
    leads: Vec<String>,
    /// Its settings.
    settings: Vec<SettingJson>,
}

/// A setting.
#[derive(Debug, Serialize, JsonSchema)]
struct SettingJson {
    /// Its key.
    key: String,
    /// What is in force without a configuration.
    default: Value,
    /// What it counts, where it is a number: `s`, `ms`, `d`, `share` (0 to 1), `count`.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
    /// The least that is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<f64>,
    /// The most that is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<f64>,
    /// Whether it can be set: judgement works with the default of those that cannot yet.
    settable: bool,
    /// What it means.
    meaning: String,
}

impl DetectorsJson {
    /// The declarations.
    pub fn declared() -> Self {
        let families = properties(config::schema().pointer("/properties/detect").unwrap_or(&Value::Null));
        let detectors = families.map(|(name, family)| DetectorJson {
            name: name.to_owned(),
            looks_for: text(family, "description"),
            innocent: text(family, "innocent"),
            leads: strings(family, "leads"),
            settings: properties(family).map(|(key, setting)| SettingJson::of(name, key, setting)).collect(),
        });
        Self { v: VERSION, detectors: detectors.collect() }
    }
}

impl SettingJson {
    fn of(family: &str, key: &str, setting: &Value) -> Self {
        let bounded = setting.get("items").unwrap_or(setting);
        let bound = |name: &str| bounded.get(name).and_then(Value::as_f64);
        let (min, max) = (bound("minimum"), bound("maximum"));
        Self {
            key: key.to_owned(),
            default: setting.get("default").cloned().unwrap_or_default(),
            unit: min.is_some().then(|| unit(key)),
            min,
            max,
            settable: config::is_heeded(family, key),
            meaning: text(setting, "description"),
        }
    }
}

/// The unit that a key ends in, bounds left aside.
fn unit(key: &str) -> &'static str {
    let units = [("secs", "s"), ("ms", "ms"), ("days", "d"), ("hour", "h of the day"), ("share", "share")];
    let found = units.iter().find(|(word, _)| key.split('_').any(|part| part == *word));
    found.map_or("count", |&(_, unit)| unit)
}

fn properties(schema: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(key, schema)| (key.as_str(), schema))
}

/// The text of a schema's attribute on one line.
fn text(schema: &Value, attribute: &str) -> String {
    let text = schema.get(attribute).and_then(Value::as_str).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn strings(schema: &Value, attribute: &str) -> Vec<String> {
    let list = schema.get(attribute).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|each| each.as_str().map(str::to_owned)).collect()
}

/// Writes them to standard output.
///
/// # Errors
/// That it does not take them.
pub fn print(as_json: bool) -> Result<Done, Failure> {
    let mut output = Output::open(Path::new("-"))?;
    let detectors = DetectorsJson::declared();
    if as_json {
        output.document(&detectors)?;
    } else {
        output.text(&page(&detectors, Paint::for_stdout()))?;
    }
    output.close().map(|()| Done::Whole)
}

fn page(detectors: &DetectorsJson, paint: Paint) -> String {
    let mut page = String::new();
    for detector in &detectors.detectors {
        let gap = if page.is_empty() { "" } else { "\n" };
        let _ = writeln!(page, "{gap}{}: {}", paint.ink(Ink::Heading, &detector.name), detector.leads.join(", "));
        wrapped(&mut page, "  ", &detector.looks_for);
        wrapped(&mut page, "  ", &format!("Innocent: {}.", detector.innocent));
        for setting in &detector.settings {
            let unit = setting.unit.filter(|&unit| unit != "count").map(|unit| format!(" {unit}")).unwrap_or_default();
            let fixed = if setting.settable { "" } else { "   (fixed for now)" };
            let beside = paint.ink(Ink::Quiet, &format!("{unit}{fixed}"));
            let _ = writeln!(page, "    {} = {}{beside}", setting.key, setting.default);
            wrapped(&mut page, "        ", &setting.meaning);
        }
    }
    page
}

/// Text in lines that begin with `margin`.
fn wrapped(page: &mut String, margin: &str, text: &str) {
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length <= WIDTH {
            page.push(' ');
            column += 1 + length;
        } else {
            page.push_str(if column == 0 { margin } else { "\n" });
            page.push_str(if column == 0 { "" } else { margin });
            column = margin.len() + length;
        }
        page.push_str(word);
    }
    page.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_is_described() {
        let declared = DetectorsJson::declared();
        let names: Vec<_> = declared.detectors.iter().map(|detector| detector.name.as_str()).collect();
        assert_eq!(names, config::Detect::NAMES);
        for detector in &declared.detectors {
            assert!(!detector.looks_for.is_empty() && !detector.innocent.is_empty() && !detector.leads.is_empty());
            assert!(detector.settings.iter().all(|setting| !setting.meaning.is_empty() && !setting.default.is_null()));
        }
    }

    #[test]
    fn text_is_wrapped() {
        let mut page = String::new();
        wrapped(&mut page, "  ", "word ".repeat(30).trim_end());
        assert!(page.lines().all(|line| line.len() <= WIDTH && line.starts_with("  word")));
        assert_eq!(page.split_whitespace().count(), 30);
    }

    #[test]
    fn units_stand_in_the_key() {
        assert_eq!(
            ["half_life_secs", "ring_ms_max", "seats_min", "novelty_share_min"].map(unit),
            ["s", "ms", "count", "share"]
        );
    }
}
