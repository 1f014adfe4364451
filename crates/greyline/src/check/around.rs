//! What a configuration names outside of itself: files, a filter, fields of records, users and folders of this machine.
//!
//! What a run reads before it begins must be there, and be what it is taken for: without that nothing runs. A user and the folders that a run
//! writes belong to the machine it runs on, which need not be this one: they are told as warnings.

use std::fs;
use std::path::Path;

use alert::Alert;
use config::{Config, Flaw, Sink, SinkRecords, Template};
use nix::errno::Errno;
use nix::unistd::{AccessFlags, User, access};
use serde_json::Value;
use sinks::{Sinks, Unusable};

use crate::json;
use crate::json::call::CallJson;
use crate::watch::hep_key;

/// All that is wrong.
pub fn flaws(config: &Config) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    filter(config, &mut flaws);
    files(config, &mut flaws);
    sinks(config, &mut flaws);
    machine(config, &mut flaws);
    flaws
}

fn filter(config: &Config, flaws: &mut Vec<Flaw>) {
    let Some(filter) = &config.capture.filter else { return };
    if let Some(why) = tap::filter_flaw(filter) {
        flaws.push(Flaw::error("capture/filter", format!("`capture.filter` takes a filter of pcap-filter(7): {why}")));
    }
}

/// Files that are read before anything runs.
fn files(config: &Config, flaws: &mut Vec<Flaw>) {
    for (path, file) in config.named_files() {
        if let Err(error) = fs::metadata(file) {
            flaws.push(Flaw::error(path, format!("{file}: {error}")));
        }
    }
    let key = config.listen.hep_key.as_deref().map(Path::new);
    if let Some(key) = key.filter(|key| key.exists())
        && let Err(why) = hep_key(key)
    {
        flaws.push(Flaw::error("listen/hep_key", why.to_string()));
    }
}

fn sinks(config: &Config, flaws: &mut Vec<Flaw>) {
    let named = config.named_files();
    let unusable = Sinks::check(&config.sink).err().unwrap_or_default();
    for Unusable { sink: name, why } in unusable {
        let Some((at, sink)) = config.sink.iter().enumerate().find(|(_, sink)| sink.name == name) else { continue };
        // The file that it complains of, or else its output.
        let own = format!("sink/{at}/");
        let file = named.iter().find(|(path, file)| path.starts_with(&own) && why.contains(file));
        let path = match (file, &sink.kafka) {
            (Some((path, _)), _) => path.clone(),
            (None, Some(_)) => format!("sink/{at}/kafka"),
            (None, None) => format!("sink/{at}/name"),
        };
        if !flaws.iter().any(|flaw| flaw.path == path) {
            flaws.push(Flaw::error(path, format!("the sink {name:?} cannot run: {why}")));
        }
    }
    for (at, sink) in config.sink.iter().enumerate() {
        if let Some(template) = sink.webhook.as_ref().and_then(|webhook| webhook.template.as_ref()) {
            fields(at, sink, template, flaws);
        }
        if let Some(file) = &sink.file {
            let folder = Path::new(&file.path).parent().filter(|folder| *folder != Path::new(""));
            if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                let what = format!("there is no folder {} on this machine: nothing is written there", folder.display());
                flaws.push(Flaw::warning(format!("sink/{at}/file/path"), what));
            }
        }
    }
}

/// Fields of a template that no record has.
fn fields(at: usize, sink: &Sink, template: &Template, flaws: &mut Vec<Flaw>) {
    let schemas: Vec<Value> = sink
        .records
        .iter()
        .map(|records| match records {
            SinkRecords::Alerts => json::schema::<Alert>(),
            SinkRecords::Calls => json::schema::<CallJson<'_>>(),
        })
        .collect();
    for field in template.fields() {
        if !schemas.iter().any(|schema| has(schema, schema, field.split('.'))) {
            let what = format!(
                "no record of this sink has a field {field:?}: nothing stands for it (`greyline schema` lists them)"
            );
            flaws.push(Flaw::warning(format!("sink/{at}/webhook/template"), what));
        }
    }
}

/// Whether a schema allows for what lies at the end of these steps.
fn has<'p>(root: &Value, schema: &Value, mut steps: impl Iterator<Item = &'p str> + Clone) -> bool {
    if let Some(named) = schema.get("$ref").and_then(Value::as_str).and_then(|named| named.strip_prefix('#')) {
        return root.pointer(named).is_some_and(|schema| has(root, schema, steps));
    }
    let several = ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|key| schema.get(key)?.as_array()).flatten();
    if several.into_iter().any(|schema| has(root, schema, steps.clone())) {
        return true;
    }
    let Some(step) = steps.next() else { return true };
    let named = schema.get("properties").and_then(|keys| keys.get(step));
    let others = schema.get("additionalProperties").filter(|others| others.is_object());
    let item = step.parse::<usize>().ok().and_then(|_| schema.get("items"));
    named.or(others).or(item).is_some_and(|schema| has(root, schema, steps))
}

/// A user and folders that a run on this machine would need.
fn machine(config: &Config, flaws: &mut Vec<Flaw>) {
    if let Some(user) = &config.process.user
        && matches!(User::from_name(user), Ok(None))
    {
        flaws.push(Flaw::warning(
            "process/user",
            format!("there is no user {user:?} on this machine: nothing would start here"),
        ));
    }
    let state = (config.state.snapshot_secs > 0).then_some(("state/folder", config.state.folder.as_str()));
    let store = config.store.folder.as_deref().map(|folder| ("store/folder", folder));
    for (path, folder) in state.into_iter().chain(store) {
        if let Some(why) = cannot_be_made(Path::new(folder)) {
            flaws.push(Flaw::warning(
                path,
                format!("the folder {folder} cannot be made or written on this machine: {why}"),
            ));
        }
    }
}

/// Why nobody could make a folder, by the nearest that is there. Who may is not asked: a run may be another user's.
fn cannot_be_made(folder: &Path) -> Option<String> {
    let nearest = folder.ancestors().find(|path| path.exists())?;
    if !nearest.is_dir() {
        return Some(format!("{} is no folder", nearest.display()));
    }
    let may_write = access(nearest, AccessFlags::W_OK);
    (may_write == Err(Errno::EROFS)).then(|| format!("{}: {}", nearest.display(), Errno::EROFS.desc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_records_are_known() {
        let (alert, call) = (json::schema::<Alert>(), json::schema::<CallJson<'_>>());
        let of = |schema: &Value, field: &str| has(schema, schema, field.split('.'));
        for field in ["summary", "entity.value", "evidence.0.db", "calls.count", "severity", "calls.sample.0"] {
            assert!(of(&alert, field), "{field}");
        }
        for field in ["summry", "entity.valu", "severity.name", "entity.value.x"] {
            assert!(!of(&alert, field), "{field}");
        }
        assert!(of(&call, "caller.number") && !of(&call, "alert_id"));
    }

    #[test]
    fn what_lies_outside_of_the_file_is_looked_at() {
        let text = "[process]\nuser = \"nosuchuser\"\n[capture]\nfilter = \"udp prt 5060\"\n[listen]\nhep_key = \"/dev/null\"\n\
                    [store]\nfolder = \"/dev/null/store\"\n[tables]\nclasses = \"/nonexistent/classes.toml\"\n\
                    [[sink]]\nname = \"w\"\n[sink.webhook]\nurl = \"http://127.0.0.1\"\nsecret_file = \"/nonexistent/secret\"\n\
                    template = '{\"text\": \"{{summry}}\"}'\n[[sink]]\nname = \"f\"\n[sink.file]\npath = \"/nonexistent/f.jsonl\"\n\
                    [[sink]]\nname = \"t\"\n[sink.webhook]\nurl = \"http://127.0.0.1\"\ntoken_file = \"/dev/null\"\n";
        let sound = config::read(text.as_bytes()).unwrap();
        let said: Vec<_> = sound.told(flaws(sound.known.config())).iter().map(ToString::to_string).collect();
        for (place, what) in [
            ("2:1: warning", "there is no user \"nosuchuser\""),
            ("4:1: error", "pcap-filter(7)"),
            ("6:1: error", "its first line is empty"),
            ("8:1: warning", "/dev/null is no folder"),
            ("10:1: error", "/nonexistent/classes.toml: No such file"),
            ("15:1: error", "/nonexistent/secret: No such file"),
            ("16:1: warning", "no record of this sink has a field \"summry\""),
            ("20:1: warning", "there is no folder /nonexistent"),
            ("25:1: error", "/dev/null: it is empty"),
        ] {
            assert!(
                said.iter().any(|line| line.starts_with(place) && line.contains(what)),
                "{place} {what}: {said:#?}"
            );
        }
        assert_eq!(said.iter().filter(|line| line.contains("error")).count(), 5, "{said:#?}");
    }
}
