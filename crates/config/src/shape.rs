//! What may stand at a key, read from the schema that the declarations make: the one place where bounds are looked up.

use std::fmt;
use std::sync::LazyLock;

use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::words;
use crate::written::Config;

/// The JSON Schema (draft 2020-12) of the file, without references: descriptions, defaults and bounds of every key.
pub fn schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
        settings.into_generator().into_root_schema_for::<Config>().to_value()
    });
    &SCHEMA
}

/// What may stand at a key.
#[derive(Clone, Copy)]
pub(crate) enum Shape<'s> {
    Switch,
    Whole { min: i128, max: i128 },
    Real { min: f64, max: f64 },
    Choice(&'s [Value]),
    Text { format: &'s str, min: usize, max: usize },
    List { item: &'s Value, min: usize, max: usize },
    Table(&'s Value),
}

impl<'s> Shape<'s> {
    /// The shape that a schema of [`schema`] describes.
    pub(crate) fn of(schema: &'s Value) -> Self {
        // `Option`: what is not null.
        if let Some(Value::Array(any)) = schema.get("anyOf") {
            let not_null = any.iter().find(|each| each.get("type").and_then(Value::as_str) != Some("null"));
            return Self::of(not_null.unwrap_or(&Value::Null));
        }
        if let Some(Value::Array(choices)) = schema.get("oneOf") {
            return Self::Choice(choices);
        }
        let kind = match schema.get("type") {
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|&kind| kind != "null"),
            kind => kind.and_then(Value::as_str),
        };
        let count = |key: &str, default: usize| {
            schema.get(key).and_then(Value::as_u64).map_or(default, |count| usize::try_from(count).unwrap_or(default))
        };
        match kind {
            Some("boolean") => Self::Switch,
            Some("integer") => {
                let bound = |key: &str| schema.get(key).and_then(|bound| bound.as_number()?.as_i128());
                Self::Whole {
                    min: bound("minimum").unwrap_or(i64::MIN.into()),
                    max: bound("maximum").unwrap_or(i64::MAX.into()),
                }
            }
            Some("number") => {
                let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
                Self::Real { min: bound("minimum").unwrap_or(f64::MIN), max: bound("maximum").unwrap_or(f64::MAX) }
            }
            Some("array") => Self::List {
                item: schema.get("items").unwrap_or(&Value::Null),
                min: count("minItems", 0),
                max: count("maxItems", usize::MAX),
            },
            Some("string") => Self::Text {
                format: schema.get("format").and_then(Value::as_str).unwrap_or_default(),
                min: count("minLength", 0),
                max: count("maxLength", usize::MAX),
            },
            _ => Self::Table(schema),
        }
    }
}

/// The words of a choice.
pub(crate) fn choices(choices: &[Value]) -> impl Iterator<Item = &str> {
    choices.iter().filter_map(|choice| choice.get("const").and_then(Value::as_str))
}

/// The keys of a table, with the schema of each.
pub(crate) fn keys(table: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let keys = table.get("properties").and_then(Value::as_object);
    keys.into_iter().flatten().map(|(key, schema)| (key.as_str(), schema))
}

/// The keys that a table cannot be without.
pub(crate) fn required(table: &Value) -> impl Iterator<Item = &str> {
    let required = table.get("required").and_then(Value::as_array);
    required.into_iter().flatten().filter_map(Value::as_str)
}

/// "a whole number from 0 to 3": what would be right.
impl fmt::Display for Shape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Switch => f.write_str("true or false"),
            Self::Whole { min, max } => write!(f, "a whole number from {min} to {max}"),
            Self::Real { min, max } => write!(f, "a number from {min} to {max}"),
            Self::Choice(words) => {
                f.write_str("one of")?;
                choices(words).enumerate().try_for_each(|(at, word)| {
                    let comma = if at == 0 { "" } else { "," };
                    write!(f, "{comma} \"{word}\"")
                })
            }
            Self::Text { format, max, .. } => match words::looks_like(format) {
                Some(words) => f.write_str(words),
                None if max == 1 => f.write_str("one character in quotes"),
                None if max < usize::MAX => write!(f, "text in quotes, at most {max} letters"),
                None => f.write_str("text in quotes"),
            },
            Self::List { item, max, .. } => match Self::of(item) {
                Self::Table(_) => f.write_str("tables with two brackets"),
                item if max < usize::MAX => write!(f, "a list in brackets, at most {max}, of {item}"),
                item => write!(f, "a list in brackets of {item}"),
            },
            Self::Table(_) => f.write_str("a table"),
        }
    }
}
