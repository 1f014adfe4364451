//! The program: flags to a plan, a plan to a run, a run to an exit code. Parsing and judging are other rooms' work.

mod alarms;
mod aside;
mod bundler;
mod bundles;
mod case;
mod check;
mod clerk;
mod cli;
mod detectors;
mod dossiers;
mod failure;
mod files;
mod json;
mod keeping;
mod knowledge;
mod messages;
mod outputs;
mod packed;
mod paint;
mod progress;
mod pupil;
mod raised;
mod report;
mod rulings;
mod run;
mod scores;
mod serve;
mod signers;
mod standing;
mod synth;
mod table;
mod tables;
mod texts;
mod tokens;
mod traceback;
mod unsealing;
mod verdicts;
mod verifying;
mod viewing;
mod watch;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

/// All is done; the input was read to its end.
const DONE: u8 = 0;
/// Alerts were raised and `--fail-on` asked for it, or a bundle is not sound.
const ALERTED: u8 = 1;
/// Bad usage or configuration.
const USAGE: u8 = 2;
/// The input could not be read, or an output not written, to its end. All else is reported all the same.
const UNREAD: u8 = 3;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let code = match run::run(&cli) {
        Ok(run::Done::Whole) => DONE,
        Ok(run::Done::Damaged) => UNREAD,
        Ok(run::Done::Alerted) => ALERTED,
        Err(failure) => {
            // Whoever reads our output has had enough of it (`| head`): not an error.
            if failure.is_broken_pipe() {
                return ExitCode::from(DONE);
            }
            // Where standard error is gone too there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "greyline: {failure}");
            failure.exit_code()
        }
    };
    ExitCode::from(code)
}
