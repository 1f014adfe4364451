//! `--name value` pairs and bare words of a command line: as much as the yardsticks need.

use std::str::FromStr;

/// The words of a command line after the program's name.
#[derive(Clone, Debug)]
pub struct Arguments(Vec<String>);

impl Arguments {
    /// What this program was started with.
    #[must_use]
    pub fn of_program() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    /// Takes the first bare word.
    pub fn word(&mut self) -> Option<String> {
        let place = self.0.iter().position(|word| !word.starts_with("--"))?;
        Some(self.0.remove(place))
    }

    /// Takes the value of `--name`; `default` where it is not given.
    ///
    /// # Errors
    /// What is wrong, in words, where the value is missing or does not parse.
    pub fn value<T: FromStr>(&mut self, name: &str, default: T) -> Result<T, String> {
        Ok(self.optional(name)?.unwrap_or(default))
    }

    /// Takes the value of `--name` where it is given.
    ///
    /// # Errors
    /// As for [`Arguments::value`].
    pub fn optional<T: FromStr>(&mut self, name: &str) -> Result<Option<T>, String> {
        let Some(place) = self.0.iter().position(|word| word == name) else { return Ok(None) };
        self.0.remove(place);
        if self.0.len() <= place {
            return Err(format!("{name} needs a value"));
        }
        let text = self.0.remove(place);
        text.parse().map(Some).map_err(|_| format!("{name} {text}: not a value of its kind"))
    }

    /// Takes `--name`; whether it was given.
    pub fn flag(&mut self, name: &str) -> bool {
        let place = self.0.iter().position(|word| word == name);
        place.inspect(|&place| drop(self.0.remove(place))).is_some()
    }

    /// Says that everything was understood.
    ///
    /// # Errors
    /// The first word nobody took.
    pub fn finish(self) -> Result<(), String> {
        self.0.first().map_or(Ok(()), |word| Err(format!("{word}: not understood")))
    }
}
