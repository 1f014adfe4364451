//! Mixes of everybody: the innocent background of the frauds, and all of it together.

use super::{blast, bpo, collections, diaspora, enterprise, reminders, residential, wholesale};
use crate::scenario::Stage;

/// All innocents, so many calls a day at scale 1: nine tenths retail, offices and carriers, the rest bulk callers
/// (SCIENCE 7, base rates).
pub(super) fn background(stage: &mut Stage, calls_per_day: f64) {
    residential::set(stage, 0.43 * calls_per_day);
    enterprise::set(stage, 0.25 * calls_per_day);
    wholesale::set(stage, 0.20 * calls_per_day);
    diaspora::set(stage, 0.05 * calls_per_day);
    bpo::set(stage, 0.03 * calls_per_day);
    reminders::set(stage, 0.02 * calls_per_day);
    collections::set(stage, 0.01 * calls_per_day);
    blast::set(stage, 0.01 * calls_per_day);
}
