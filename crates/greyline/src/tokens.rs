//! `greyline token`: what somebody shows to be let in, and what the configuration knows it by.

use std::path::Path;

use crate::cli::Role;
use crate::failure::Failure;
use crate::outputs::Output;
use crate::run::Done;

/// Makes a token and writes it to standard output, with the lines that name its user.
///
/// # Errors
/// That the system gives no random numbers, or that the output takes nothing.
pub fn make(name: &str, role: Role) -> Result<Done, Failure> {
    let made = api::token().map_err(|_| Failure::Service("the system gives no random numbers".to_owned()))?;
    let (token, hash) = made;
    let role = config::UserRole::from(role).as_str();
    // The same quotes for TOML as for JSON.
    let name = serde_json::Value::from(name);
    let text = format!(
        "The token, for {name} alone; it is shown this once:\n\n  {token}\n\nWhat it is known by, for the configuration:\n\n\
         [[user]]\nname = {name}\nrole = \"{role}\"\ntoken_sha256 = \"{hash}\"\n"
    );
    let mut output = Output::open(Path::new("-"))?;
    output.text(&text)?;
    output.close().map(|()| Done::Whole)
}
