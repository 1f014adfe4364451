//! From the bytes of a file to what is known, or to all mistakes at once.
//!
//! The text is read as TOML with recovery from errors of syntax, and walked beside the schema that the declarations make.
//! What the schema does not allow is noted and left out, so that the rest can still be read and judged; where the judges
//! of `check` and `known` name a place, it is found again in the tree of what was kept.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::check;
use crate::known::Known;
use crate::mistakes::{Flaw, Lines, Mistake, Severity};
use crate::nearest::nearest;
use crate::shape::{Shape, choices, keys, required, schema};
use crate::words::{self, Date};
use crate::written::{Added, Config};

/// The longest file that is read, in bytes.
pub const FILE_BYTES_MAX: usize = 8 << 20;
/// What may stand beside a configuration, in a file of its own.
const LISTS: [&str; 2] = ["licence", "allow"];
/// The most mistakes that are told; whoever has put these right is told the others.
const MISTAKES_MAX: usize = 100;

/// A configuration that can run.
#[derive(Debug)]
pub struct Sound {
    /// What is known.
    pub known: Known,
    /// What is perhaps not as it was meant, in the order of the file.
    pub warnings: Vec<Mistake>,
    text: String,
    places: Place,
}

impl Sound {
    /// What is wrong on a day: licences and allowances that have ended or not yet begun. Warnings, in the order of the
    /// file; what stands in another beside it has no place here.
    #[must_use]
    pub fn on(&self, day: Date) -> Vec<Mistake> {
        let lines = Lines::of(&self.text);
        let config = self.known.config();
        let own = |flaw: &Flaw| entry_of(&flaw.path).is_none_or(|(section, at, _)| config.is_own(section, at));
        let flaws = self.known.on(day).into_iter().filter(own);
        in_order(flaws.filter_map(|flaw| self.places.mistake(&lines, flaw)).collect())
    }

    /// Its warnings and what else is said of it, in the order of the file.
    #[must_use]
    pub fn told(&self, flaws: impl IntoIterator<Item = Flaw>) -> Vec<Mistake> {
        let lines = Lines::of(&self.text);
        let more = flaws.into_iter().filter_map(|flaw| self.places.mistake(&lines, flaw));
        in_order(self.warnings.iter().cloned().chain(more).collect())
    }
}

/// Reads a file.
///
/// # Errors
/// All that is wrong, in the order of the file, warnings among it; at least one is an error.
pub fn read(bytes: &[u8]) -> Result<Sound, Vec<Mistake>> {
    let text = text_of(bytes)?;
    let lines = Lines::of(text);
    let Written { config, places, trunks, mut mistakes, .. } = Written::of(text, &lines);
    let let_in = check::users(&config);
    let (known, mut flaws) = Known::judged(config, &trunks);
    flaws.extend(let_in);
    mistakes.extend(flaws.into_iter().filter_map(|flaw| places.mistake(&lines, flaw)));
    let mistakes = in_order(mistakes);
    if mistakes.iter().any(|mistake| mistake.severity == Severity::Error) {
        return Err(mistakes);
    }
    Ok(Sound { known, warnings: mistakes, text: text.to_owned(), places })
}

/// Reads a file of licences and of what is allowed, which stand behind those of the configuration beside it: what is known by both.
///
/// # Errors
/// All that is wrong with the file, or with both together, in the order of the file.
pub fn read_lists(bytes: &[u8], beside: &Config) -> Result<Known, Vec<Mistake>> {
    let text = text_of(bytes)?;
    let lines = Lines::of(text);
    let Written { config, places, sections, mut mistakes, .. } = Written::of(text, &lines);
    let others = sections.into_iter().filter(|(section, _)| !LISTS.contains(&section.as_str()));
    mistakes.extend(others.map(|(section, at)| {
        let what = format!("`{section}` belongs to the configuration: here stand [[licence]] and [[allow]] alone");
        lines.mistake(Severity::Error, at, what)
    }));
    let mut both = beside.clone();
    both.lists.added = Added { licences: config.licence.len(), allowed: config.allow.len() };
    both.licence.extend(config.licence);
    both.allow.extend(config.allow);
    let trunks = both.trunk.iter().map(|trunk| trunk.name.clone()).collect();
    let (known, flaws) = Known::judged(both, &trunks);
    let here = |flaw: Flaw| {
        let (section, at, rest) = entry_of(&flaw.path)?;
        let before = match section {
            "licence" => beside.licence.len(),
            "allow" => beside.allow.len(),
            _ => return None,
        };
        let at = at.checked_sub(before)?;
        let path = rest.map_or_else(|| format!("{section}/{at}"), |rest| format!("{section}/{at}/{rest}"));
        places.mistake(&lines, Flaw { path, ..flaw })
    };
    mistakes.extend(flaws.into_iter().filter(|flaw| flaw.severity == Severity::Error).filter_map(here));
    if mistakes.is_empty() { Ok(known) } else { Err(in_order(mistakes)) }
}

/// The entry that a path leads to: its section, its place there, and what in it.
fn entry_of(path: &str) -> Option<(&str, usize, Option<&str>)> {
    let mut steps = path.splitn(3, '/');
    Some((steps.next()?, steps.next()?.parse().ok()?, steps.next()))
}

/// A text as it was written.
struct Written {
    config: Config,
    places: Place,
    /// The names of all trunks.
    trunks: BTreeSet<String>,
    /// What stands at the top, and where.
    sections: Vec<(String, usize)>,
    mistakes: Vec<Mistake>,
}

impl Written {
    fn of(text: &str, lines: &Lines<'_>) -> Self {
        let (document, syntax) = DeTable::parse_recoverable(text);
        let torn = syntax.iter().map(|error| error.span().map_or(0, |span| span.start)).collect();
        let mut walk = Walk { torn, noted: Vec::new() };
        for (&at, error) in walk.torn.clone().iter().zip(&syntax) {
            walk.note(at, error.message());
        }
        let document = document.get_ref();
        let (value, places) = walk.table(document, 0, schema(), "");
        let mut mistakes: Vec<_> =
            walk.noted.into_iter().map(|(at, what)| lines.mistake(Severity::Error, at, what)).collect();
        // The walk leaves nothing that serde refuses; if it did, that would be told and not lost.
        let config = serde_json::from_value(value).unwrap_or_else(|error| {
            mistakes.push(lines.mistake(Severity::Error, 0, error.to_string()));
            Config::default()
        });
        let sections = document.iter().map(|(key, _)| (key.get_ref().to_string(), key.span().start));
        Self { config, places, trunks: trunk_names(document), sections: sections.collect(), mistakes }
    }
}

/// The bytes as text, without the byte order mark that some editors write.
fn text_of(bytes: &[u8]) -> Result<&str, Vec<Mistake>> {
    let refuse = |text: &str, what: String| vec![Lines::of(text).mistake(Severity::Error, text.len(), what)];
    if bytes.len() > FILE_BYTES_MAX {
        return Err(refuse("", too_long(bytes.len())));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).and_then(|good| std::str::from_utf8(good).ok());
            Err(refuse(good.unwrap_or_default(), "this is not UTF-8, the encoding of TOML".to_owned()))
        }
    }
}

/// What is wrong with a file of so many bytes.
pub(crate) fn too_long(bytes: usize) -> String {
    format!("the file has {bytes} bytes; at most {FILE_BYTES_MAX} are read")
}

/// In the order of the file, each once, and not more than can be read.
pub(crate) fn in_order(mut mistakes: Vec<Mistake>) -> Vec<Mistake> {
    mistakes.sort_unstable();
    mistakes.dedup();
    mistakes.truncate(MISTAKES_MAX);
    mistakes
}

/// The names of all trunks that are written, those among them that have other mistakes too: what refers to them is right.
fn trunk_names(document: &DeTable<'_>) -> BTreeSet<String> {
    let trunks = document.get("trunk").and_then(|trunks| trunks.get_ref().as_array());
    let names = trunks.into_iter().flatten().filter_map(|trunk| trunk.get_ref().as_table()?.get("name"));
    names.filter_map(|name| name.get_ref().as_str().map(str::to_owned)).collect()
}

/// Where a value that was kept stands in the text, and what lies in it.
#[derive(Debug, Default)]
struct Place {
    at: usize,
    inside: BTreeMap<String, Place>,
    /// Something in it was left out: what is said of it as a whole may only follow from that.
    amiss: bool,
}

impl Place {
    /// A flaw at the deepest place of its path that is in the file, unless that place has mistakes that have been told.
    fn mistake(&self, lines: &Lines<'_>, flaw: Flaw) -> Option<Mistake> {
        let mut place = self;
        for step in flaw.path.split('/') {
            let Some(deeper) = place.inside.get(step) else { break };
            place = deeper;
        }
        (!place.amiss).then(|| lines.mistake(flaw.severity, place.at, flaw.what))
    }
}

/// A walk through the document beside its schema.
struct Walk {
    /// Where the syntax is wrong: what was put together again there is not judged.
    torn: Vec<usize>,
    noted: Vec<(usize, String)>,
}

impl Walk {
    fn note(&mut self, at: usize, what: impl Into<String>) {
        self.noted.push((at, what.into()));
    }

    /// A table, with what is allowed in it; `name` is how its keys are called.
    fn table(&mut self, table: &DeTable<'_>, at: usize, schema: &Value, name: &str) -> (Value, Place) {
        let (mut kept, mut place) = (Map::new(), Place { at, ..Place::default() });
        let noted = self.noted.len();
        let mut lacking: Vec<_> = required(schema).filter(|&key| !table.contains_key(key)).collect();
        for (key, value) in table {
            let (key_at, key) = (key.span().start, key.get_ref().as_ref());
            let Some((_, key_schema)) = keys(schema).find(|&(known, _)| known == key) else {
                let meant = self.unknown_key(key_at, key, schema, name);
                lacking.retain(|&key| Some(key) != meant);
                continue;
            };
            let full = if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
            if let Some((value, mut inside)) = self.value(value, key_schema, &full) {
                inside.at = key_at;
                kept.insert(key.to_owned(), value);
                place.inside.insert(key.to_owned(), inside);
            }
        }
        for key in lacking {
            let wanted = keys(schema).find(|&(known, _)| known == key).map(|(_, schema)| Shape::of(schema));
            let wanted = wanted.map(|wanted| format!(": {wanted}")).unwrap_or_default();
            self.note(at, format!("`{name}` lacks `{key}`{wanted}"));
        }
        place.amiss = noted != self.noted.len();
        (Value::Object(kept), place)
    }

    /// A value, if it is what its schema wants.
    fn value(&mut self, value: &Spanned<DeValue<'_>>, schema: &Value, name: &str) -> Option<(Value, Place)> {
        let at = value.span().start;
        let shape = Shape::of(schema);
        if !matches!(value.get_ref(), DeValue::Table(_)) && self.torn.iter().any(|torn| value.span().contains(torn)) {
            return None;
        }
        let kept = match (&shape, value.get_ref()) {
            (Shape::Table(schema), DeValue::Table(table)) => {
                let (kept, place) = self.table(table, at, schema, name);
                // Without one of the keys it needs it cannot be judged; with a mistake elsewhere in it, it can.
                return required(schema).all(|key| kept.get(key).is_some()).then_some((kept, place));
            }
            (Shape::List { item, min, max }, DeValue::Array(items)) => {
                return self.list(items, at, (item, *min, *max), name);
            }
            (Shape::List { item, .. }, DeValue::Table(_)) if matches!(Shape::of(item), Shape::Table(_)) => {
                self.note(at, format!("`{name}` may be there more than once: write [[{name}]] with two brackets"));
                return None;
            }
            (Shape::Table(_), DeValue::Array(_)) => {
                self.note(at, format!("`{name}` is there once: write [{name}] with one bracket"));
                return None;
            }
            (Shape::Switch, DeValue::Boolean(switch)) => Ok(Value::from(*switch)),
            (Shape::Whole { min, max }, DeValue::Integer(whole)) => {
                let whole = i128::from_str_radix(whole.as_str(), whole.radix()).ok();
                let whole = whole.filter(|whole| (min..=max).contains(&whole));
                whole.and_then(serde_json::Number::from_i128).map(Value::Number).ok_or_else(String::new)
            }
            (Shape::Real { min, max }, DeValue::Integer(_) | DeValue::Float(_)) => {
                let real = match value.get_ref() {
                    DeValue::Float(real) => f64::from_str(real.as_str()).ok(),
                    DeValue::Integer(whole) => {
                        i64::from_str_radix(whole.as_str(), whole.radix()).ok().map(|whole| whole as f64)
                    }
                    _ => None,
                };
                let real = real.filter(|real| (min..=max).contains(&real));
                real.and_then(serde_json::Number::from_f64).map(Value::Number).ok_or_else(String::new)
            }
            (Shape::Choice(words), DeValue::String(word)) => {
                let known = choices(words).any(|known| known == word.as_ref());
                let meant = || nearest(word, choices(words)).map(|word| format!(": did you mean \"{word}\"?"));
                if known { Ok(Value::from(word.as_ref())) } else { Err(meant().unwrap_or_default()) }
            }
            (Shape::Text { format: "date", .. }, DeValue::Datetime(moment)) if moment.time.is_none() => {
                let day = moment.to_string();
                words::check("date", &day).map(|()| Value::from(day)).map_err(|_| String::new())
            }
            (Shape::Text { format, min, max }, DeValue::String(text)) => match words::check(format, text) {
                Ok(()) if (min..=max).contains(&&text.chars().count()) => Ok(Value::from(text.as_ref())),
                Ok(()) => Err(String::new()),
                Err(said) => {
                    self.note(at, format!("`{name}`: {said}"));
                    return None;
                }
            },
            _ => Err(String::new()),
        };
        match kept {
            Ok(kept) => Some((kept, Place { at, ..Place::default() })),
            Err(meant) => {
                self.note(at, format!("`{name}` takes {shape}, and not {}{meant}", stands(value.get_ref())));
                None
            }
        }
    }

    fn list(
        &mut self,
        items: &[Spanned<DeValue<'_>>],
        at: usize,
        (schema, min, max): (&Value, usize, usize),
        name: &str,
    ) -> Option<(Value, Place)> {
        if !(min..=max).contains(&items.len()) {
            let bound = if items.len() < min { format!("at least {min}") } else { format!("at most {max}") };
            self.note(at, format!("`{name}` has {} entries; {bound} are wanted", items.len()));
            return None;
        }
        let (mut kept, mut place) = (Vec::new(), Place { at, ..Place::default() });
        let noted = self.noted.len();
        for item in items {
            if let Some((value, inside)) = self.value(item, schema, name) {
                place.inside.insert(kept.len().to_string(), inside);
                kept.push(value);
            }
        }
        place.amiss = noted != self.noted.len();
        (kept.len() >= min).then_some((Value::Array(kept), place))
    }

    /// Notes a key that is none, and returns the one that was probably meant.
    fn unknown_key<'s>(&mut self, at: usize, key: &str, table: &'s Value, name: &str) -> Option<&'s str> {
        let what = match name {
            "" => format!("there is no section `{key}`"),
            "detect" => format!("there is no detector `{key}`"),
            _ => format!("`{name}` has no key `{key}`"),
        };
        let meant = nearest(key, keys(table).map(|(known, _)| known));
        // Below a header that is torn, keys have lost their section.
        if meant.is_none() && name.is_empty() && !self.torn.is_empty() {
            return None;
        }
        let elsewhere = keys(schema()).find(|(_, section)| keys(section).any(|(known, _)| known == key));
        let help = match (meant, elsewhere) {
            (Some(meant), _) => format!(": did you mean `{meant}`?"),
            (None, Some((section, _))) => format!(": it belongs to `{section}`"),
            (None, None) => {
                let known: Vec<_> = keys(table).map(|(known, _)| format!("`{known}`")).collect();
                format!("; there are {}", known.join(", "))
            }
        };
        self.note(at, what + &help);
        meant
    }
}

/// What stands in place of what should.
fn stands(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("{text:?}"),
        DeValue::Integer(whole) => whole.to_string(),
        DeValue::Float(real) => real.to_string(),
        DeValue::Boolean(switch) => switch.to_string(),
        DeValue::Datetime(moment) => moment.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
