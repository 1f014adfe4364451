//! What may be asked, as the document describes it: schemas made of the bounds and the words that the code checks by.

use config::AlertSeverity;
use store::cases::State;
use utoipa::openapi::schema::{KnownFormat, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{ObjectBuilder, OneOfBuilder, RefOr, Schema};

use crate::complaints::MINUTES_MAX;
use crate::show::REASON_LETTERS;

/// A number with up to 15 digits (ITU-T E.164), and what people write between them.
const NUMBER: &str = r"^[ +().-]*[1-9]([ +().-]*[0-9]){0,14}[ +().-]*$";
/// Up to 16 hexadecimal digits.
const FINGERPRINT: &str = "^[0-9a-fA-F]{1,16}$";
/// Where a page of calls begins, of alerts, of cases.
const CALL_PLACE: &str = r"^[0-9]{1,5}\.[0-9]{1,18}$";
const ALERT_PLACE: &str = r"^[0-9]{1,15}\.[0-9]\.[0-9a-f]{16}\.[0-9a-f]{1,64}$";
const CASE_PLACE: &str = r"^[0-9]{1,18}\.[0-9]{1,18}$";

/// A whole number.
fn integer(least: usize, most: usize) -> RefOr<Schema> {
    let integer = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer));
    integer.minimum(Some(least)).maximum(Some(most)).into()
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))
}

fn pattern(pattern: &str) -> RefOr<Schema> {
    text().pattern(Some(pattern)).into()
}

fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> RefOr<Schema> {
    text().enum_values(Some(words)).into()
}

/// How many, of which at most so many are given at once.
pub(crate) fn limit<const MOST: usize>() -> RefOr<Schema> {
    integer(1, MOST)
}

/// Text of so many letters.
pub(crate) fn letters<const LEAST: usize, const MOST: usize>() -> RefOr<Schema> {
    text().min_length(Some(LEAST)).max_length(Some(MOST)).into()
}

/// Why somebody wants something that stands in the audit log.
pub(crate) fn reason() -> RefOr<Schema> {
    text().min_length(Some(*REASON_LETTERS.start())).max_length(Some(*REASON_LETTERS.end())).into()
}

/// How far off a time may be.
pub(crate) fn minutes() -> RefOr<Schema> {
    let number = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Number));
    number.minimum(Some(0.0)).maximum(Some(MINUTES_MAX)).into()
}

/// A moment with its zone.
pub(crate) fn moment() -> RefOr<Schema> {
    text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).into()
}

/// A day.
pub(crate) fn day() -> RefOr<Schema> {
    text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))).into()
}

/// A telephone number.
pub(crate) fn number() -> RefOr<Schema> {
    pattern(NUMBER)
}

/// The fingerprint of a stack.
pub(crate) fn fingerprint() -> RefOr<Schema> {
    pattern(FINGERPRINT)
}

/// An address of either version of IP.
pub(crate) fn address() -> RefOr<Schema> {
    let of = |format| text().format(Some(SchemaFormat::KnownFormat(format)));
    OneOfBuilder::new().item(of(KnownFormat::Ipv4)).item(of(KnownFormat::Ipv6)).into()
}

/// Where a page of calls begins.
pub(crate) fn call_place() -> RefOr<Schema> {
    pattern(CALL_PLACE)
}

/// Where a page of alerts begins.
pub(crate) fn alert_place() -> RefOr<Schema> {
    pattern(ALERT_PLACE)
}

/// Where a page of cases begins.
pub(crate) fn case_place() -> RefOr<Schema> {
    pattern(CASE_PLACE)
}

/// A severity.
pub(crate) fn severity() -> RefOr<Schema> {
    words(AlertSeverity::ALL.map(AlertSeverity::name))
}

/// Where a case stands.
pub(crate) fn case_state() -> RefOr<Schema> {
    words(State::ALL.map(State::name))
}
