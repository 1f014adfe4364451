//! A template: JSON in which `{{entity.value}}` inside quotes stands for a field of a record. What it makes is always JSON, whatever
//! the fields hold.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

/// JSON with places for the fields of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    text: Box<str>,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(Box<str>),
    Field(Box<str>),
}

impl Template {
    /// The names of its fields: keys with points between them.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Field(name) => Some(name.as_ref()),
            Part::Text(_) => None,
        })
    }

    /// What it makes of a record; a field that is absent stands for nothing, one that is no text for its JSON.
    #[must_use]
    pub fn fill(&self, record: &Value) -> String {
        let mut text = String::with_capacity(2 * self.text.len());
        for part in &self.parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Field(name) => text.push_str(&inside_quotes(&field(record, name))),
            }
        }
        text
    }
}

/// A field of a record as text.
fn field(record: &Value, name: &str) -> String {
    let found = name.split('.').try_fold(record, |value, key| match value {
        Value::Array(list) => list.get(key.parse::<usize>().ok()?),
        other => other.get(key),
    });
    match found {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// Text as it stands between the quotes of JSON.
fn inside_quotes(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned()
}

impl FromStr for Template {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((plain, after)) = rest.split_once("{{") {
            let Some((name, after)) = after.split_once("}}") else {
                return Err("the template has a {{ without its }}".to_owned());
            };
            let name = name.trim();
            let named = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.');
            if name.is_empty() || !name.bytes().all(named) {
                return Err(format!("the template has {{{{{name}}}}}: a field is written like {{{{entity.value}}}}"));
            }
            parts.extend([Part::Text(plain.into()), Part::Field(name.into())]);
            rest = after;
        }
        parts.push(Part::Text(rest.into()));
        let template = Self { text: text.into(), parts };
        // Within quotes an empty field is as good as any; outside of them it leaves a hole.
        match serde_json::from_str::<Value>(&template.fill(&Value::Null)) {
            Ok(_) => Ok(template),
            Err(error) => Err(format!("the template makes no JSON: {error}; fields stand inside quotes")),
        }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_filled_in() {
        let record = json!({ "title": "a \"b\"\n", "entity": { "value": "x" }, "list": [7, 8], "score_db": 3.5 });
        let check = |text: &str, expected: &str| {
            assert_eq!(text.parse::<Template>().unwrap().fill(&record), expected, "{text}");
        };
        check(r#"{"t": "{{title}}"}"#, r#"{"t": "a \"b\"\n"}"#);
        check(
            r#"["{{ entity.value }} {{list.1}}", "{{score_db}}{{absent}}{{entity}}"]"#,
            r#"["x 8", "3.5{\"value\":\"x\"}"]"#,
        );
        check("{}", "{}");
    }

    #[test]
    fn what_makes_no_json_is_refused() {
        let check = |text: &str, expected: &str| {
            let said = text.parse::<Template>().unwrap_err();
            assert!(said.contains(expected), "{said}");
        };
        check(r#"{"t": "{{title"}"#, "without its }}");
        check(r#"{"t": "{{Title}}"}"#, "like {{entity.value}}");
        check(r#"{"t": "{{}}"}"#, "like {{entity.value}}");
        check(r#"{"t": {{title}}}"#, "inside quotes");
        check("hello", "makes no JSON");
    }
}
