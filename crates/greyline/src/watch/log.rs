//! The probe's own log, on standard error. It names sources, alerts by their id, and failures; never a number of a person.

use std::io;

use tracing_subscriber::fmt;

use crate::cli::LogForm;

/// Begins the log.
pub fn begin(form: LogForm) {
    let log = fmt().with_writer(io::stderr).with_target(false).with_ansi(false);
    // Only a second log in one process is refused.
    let _ = match form {
        LogForm::Text => log.try_init(),
        LogForm::Json => log.json().flatten_event(true).try_init(),
    };
}
