//! Mixes: the innocent background of the frauds, days on which everybody behaves differently, and all of it together.

use super::{
    blast, bpo, burst, collections, conference, diaspora, enterprise, false_answer, impersonation, inbound, irsf,
    probes, refile, reminders, residential, robocall, rotation, scam_centre, scan, sim_box, storm, wangiri, wholesale,
};
use crate::scenario::Detour;
use crate::stage::Stage;

/// All innocents, so many calls a day at scale 1: nine tenths retail, offices and carriers, the rest bulk callers and
/// those who are called in bulk (SCIENCE 7, base rates).
pub(super) fn background(stage: &mut Stage, calls_per_day: f64) {
    residential::set(stage, 0.42 * calls_per_day);
    enterprise::set(stage, 0.22 * calls_per_day);
    wholesale::set(stage, 0.19 * calls_per_day);
    diaspora::set(stage, 0.04 * calls_per_day);
    bpo::set(stage, 0.03 * calls_per_day);
    reminders::set(stage, 0.02 * calls_per_day);
    collections::set(stage, 0.01 * calls_per_day);
    blast::set(stage, 0.01 * calls_per_day);
    inbound::centres(stage, 0.04 * calls_per_day);
    conference::set(stage, 0.01 * calls_per_day);
    inbound::alarms(stage, 0.005 * calls_per_day);
    probes::set(stage, 0.005 * calls_per_day);
}

/// A week with New Year in it.
pub(super) fn new_year(stage: &mut Stage) {
    stage.greet();
    background(stage, super::ALONE);
}

/// A trunk fails for two hours of a working day, and another carries its calls.
pub(super) fn re_route(stage: &mut Stage) {
    background(stage, super::ALONE);
    let (from, to) = (stage.carrier(0), stage.carrier(4));
    let lives = stage.working(0.5, 11.0, 2.0);
    stage.detours.push(Detour { lives, from, to });
}

/// Everything together, a million innocent calls a day at scale 1, with smaller operations than when each is shown alone:
/// one call in nine is theirs, and still many more than on a real link (SCIENCE 7: three in a hundred). What happens once in
/// an operation happens several times over a month.
pub(super) fn everything(stage: &mut Stage) {
    background(stage, 1_000_000.0);
    scam_centre::set(stage, scam_centre::sized(scam_centre::ROTATING, 20));
    scam_centre::set(stage, scam_centre::sized(scam_centre::STATIC, 12));
    scam_centre::set(stage, scam_centre::sized(scam_centre::SUN, 12));
    scam_centre::hide(stage, 18.0);
    burst::set(stage, burst::BY_3);
    burst::set(stage, burst::BY_10);
    wangiri::set(stage, 0.35);
    wangiri::set(stage, 0.75);
    irsf::set(stage, 0.3);
    irsf::set(stage, 0.7);
    false_answer::set(stage, 0.2);
    sim_box::set(stage, 64);
    sim_box::set(stage, 256);
    refile::set(stage);
    robocall::set(stage, 7);
    impersonation::set(stage);
    rotation::set(stage, 12);
    scan::set(stage);
    inbound::vote(stage, 20_000.0);
    storm::set(stage, 2_000.0, 10_000.0);
}

/// A centre, a campaign and a wangiri that have bought the same build of a dialler, each by a carrier of its own.
pub(super) fn same_software(stage: &mut Stage) {
    background(stage, 60_000.0);
    stage.cast.sell(0);
    scam_centre::set(stage, scam_centre::sized(scam_centre::ROTATING, 20));
    robocall::set(stage, 7);
    wangiri::set(stage, 0.55);
}

/// Two hours of an afternoon: a scam centre of fifty seats with innocent neighbours, numbers for fiction only.
pub(super) fn demo(stage: &mut Stage) {
    background(stage, 30_000.0);
    scam_centre::set(stage, scam_centre::ROTATING);
}
