//! Records as strangers read them: JSON with `"v": 1`, times in RFC 3339 UTC with microseconds, numbers in E.164 with
//! `+`, names in snake_case, unknown is absent. Fields may be added; none changes its meaning.

pub mod call;
pub mod judgement;
pub mod records;
pub mod summary;
pub mod truth;

use std::borrow::Cow;

use numbers::look_up;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use types::{E164, Endpoint, Nanos};

/// The version of every record.
pub const VERSION: u8 = 1;

/// The JSON Schema (draft 2020-12) of a record as it is written.
pub fn schema<T: JsonSchema>() -> serde_json::Value {
    let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(RecursiveTransform(without_null));
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// Unknown is absent: no field is ever null.
fn without_null(schema: &mut Schema) {
    for keyword in ["type", "enum"] {
        let Some(serde_json::Value::Array(allowed)) = schema.get_mut(keyword) else { continue };
        allowed.retain(|each| !each.is_null() && each != "null");
        if let ("type", [only]) = (keyword, allowed.as_slice()) {
            let only = only.clone();
            schema.insert(keyword.to_owned(), only);
        }
    }
}

/// A part of a record by its JSON Pointer (RFC 6901); null where there is none.
pub fn part<'v>(record: &'v serde_json::Value, pointer: &str) -> &'v serde_json::Value {
    record.pointer(pointer).unwrap_or(&serde_json::Value::Null)
}

/// An address and a port.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub struct EndpointJson {
    /// IPv4 or IPv6 address.
    pub ip: String,
    /// Port.
    pub port: u16,
}

impl From<Endpoint> for EndpointJson {
    fn from(endpoint: Endpoint) -> Self {
        Self { ip: endpoint.ip.to_string(), port: endpoint.port }
    }
}

/// Capture time as RFC 3339 in UTC with microseconds.
pub fn time(at: Nanos) -> String {
    at.rfc3339()
}

/// Nanoseconds as milliseconds with microseconds behind the point.
pub fn millis(nanos: u64) -> f64 {
    (nanos / 1_000) as f64 / 1e3
}

/// A measured value with three decimals: more would be noise.
pub fn rounded(value: f32) -> f64 {
    (f64::from(value) * 1e3).round() / 1e3
}

/// A number in E.164 with `+`.
pub fn number(number: E164) -> String {
    format!("+{}", number.reveal())
}

/// The country of a number: ISO 3166 alpha-2, `001` for the services of the whole world.
pub fn country(number: E164) -> Option<&'static str> {
    let country = &look_up(number).country;
    (*country != numbers::Country::UNKNOWN).then(|| country.as_str())
}

/// Text as it was sent, absent when empty; what is no UTF-8 is replaced.
pub fn text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    (!bytes.is_empty()).then(|| String::from_utf8_lossy(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_promised() {
        assert_eq!(millis(1_234_567_890), 1_234.567);
        assert_eq!(rounded(0.1), 0.1);
    }
}
