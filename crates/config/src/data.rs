//! Data files that stand beside `greyline.toml`: tables that come with the program and that an operator may replace. Whose they
//! are says what is in them; here they are read, and what is wrong gets its place.

use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};

use crate::document::{FILE_BYTES_MAX, in_order, too_long};
use crate::mistakes::{Flaw, Lines, Mistake, Severity};

/// A data file as what it says, after `check` has found nothing wrong with that.
///
/// # Errors
/// What is wrong, each at its line and column, in the order of the file: what is no TOML or none of this form alone, since
/// the rest cannot be judged then; else all that `check` says.
pub fn data<T: DeserializeOwned>(text: &str, check: impl FnOnce(&T) -> Vec<Flaw>) -> Result<T, Vec<Mistake>> {
    let lines = Lines::of(text);
    if text.len() > FILE_BYTES_MAX {
        return Err(vec![lines.mistake(Severity::Error, 0, too_long(text.len()))]);
    }
    let file: T = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        vec![lines.mistake(Severity::Error, at, error.message().to_owned())]
    })?;
    let flaws = check(&file);
    if flaws.is_empty() {
        return Ok(file);
    }
    let (document, _) = DeTable::parse_recoverable(text);
    let placed = flaws.into_iter().map(|flaw| {
        let at = place(document.get_ref(), &flaw.path);
        lines.mistake(flaw.severity, at, flaw.what)
    });
    Err(in_order(placed.collect()))
}

/// Where the deepest of a path stands that is in the file: a key, or an entry of a list.
fn place(document: &DeTable<'_>, path: &str) -> usize {
    let mut at = 0;
    let (mut table, mut list) = (Some(document), None);
    for step in path.split('/') {
        let entry = list.and_then(|list: &toml::de::DeArray<'_>| list.get(step.parse::<usize>().ok()?));
        let found = match table {
            Some(table) => table.iter().find(|(key, _)| key.get_ref() == step).map(|(key, value)| (key.span(), value)),
            None => entry.map(|value| (value.span(), value)),
        };
        let Some((span, value)) = found else { break };
        at = span.start;
        table = value.get_ref().as_table();
        list = match value.get_ref() {
            DeValue::Array(list) => Some(list),
            _ => None,
        };
    }
    at
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn check(text: &str, paths: &[&str], expected: &str) {
        let flaws = |_: &BTreeMap<String, toml::Value>| paths.iter().map(|&path| Flaw::error(path, "no")).collect();
        let said = data(text, flaws).unwrap_err();
        assert_eq!(said.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "), expected, "{text} {paths:?}");
    }

    #[test]
    fn what_is_wrong_is_told_where_it_stands() {
        let text = "a = 1\n[[b]]\nc = 2\n[[b]]\n  d = { e = 3 }\n";
        check(text, &["b/1/d/e"], "5:9: error: no");
        check(text, &["b/1"], "4:1: error: no");
        check(text, &["b/1/x"], "4:1: error: no");
        check(text, &["x"], "1:1: error: no");
        check(text, &["b/0/c", "a"], "1:1: error: no 3:1: error: no");
    }

    #[test]
    fn what_is_no_toml_is_told_where_it_ends_to_be() {
        let said = data::<BTreeMap<String, u8>>("a = 1\nb = \"x\"\n", |_| Vec::new()).unwrap_err();
        assert_eq!((said[0].line, said[0].column), (2, 5), "{said:?}");
        assert!(data::<BTreeMap<String, u8>>(&"#".repeat(9 << 20), |_| Vec::new()).is_err());
    }
}
