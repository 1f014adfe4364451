//! Every class of innocents and every fraud, one file each, and the scenarios made of them.

use crate::scenario::Stage;

mod blast;
mod bpo;
mod burst;
mod collections;
mod diaspora;
mod enterprise;
mod mixes;
mod reminders;
mod residential;
mod scam_centre;
mod wangiri;
mod wholesale;

/// A scenario: its name, what it shows, and how it is put together.
pub(crate) struct Plot {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) set: fn(&mut Stage),
}

/// Calls a day of an innocent class on its own, at scale 1: a month of it is the three million of the null battery
/// (SCIENCE 6.6).
const ALONE: f64 = 100_000.0;

macro_rules! plots {
    ($($name:literal: $about:literal => $set:expr;)+) => {
        &[$(Plot { name: $name, about: $about, set: $set }),+]
    };
}

/// Every scenario, innocents first.
pub(crate) static SCENARIOS: &[Plot] = plots! {
    "residential": "households and mobiles: known people, both ways, evenings too" => |stage| residential::set(stage, ALONE);
    "enterprise": "offices: extensions, a main number, office hours" => |stage| enterprise::set(stage, ALONE);
    "bpo": "licensed outbound call centres, some abroad, some following the sun" => |stage| bpo::set(stage, ALONE);
    "blast": "schools and civil alarms: a whole list within minutes" => |stage| blast::set(stage, ALONE);
    "reminders": "appointments, deliveries: one number, a recording, working hours" => |stage| reminders::set(stage, ALONE);
    "diaspora": "calling cards: relatives abroad, their evenings and weekends" => |stage| diaspora::set(stage, ALONE);
    "collections": "agencies that call the same debtors again and again" => |stage| collections::set(stage, ALONE);
    "wholesale": "carriers with callers of many countries" => |stage| wholesale::set(stage, ALONE);
    "benign": "all innocents together, 100,000 calls a day" => |stage| mixes::background(stage, ALONE);
    "scam-centre": "50 seats abroad that show numbers of the callee's country" => |stage| scam_centre::alone(stage, scam_centre::ROTATING);
    "scam-centre-static": "50 seats with a few numbers of their own, no country mismatch" => |stage| scam_centre::alone(stage, scam_centre::STATIC);
    "scam-centre-hidden": "a quarter of the calls of a licensed centre's trunk" => scam_centre::hidden;
    "follow-the-sun": "150 seats over Australia, Britain and America, 6 trunks, 1,000 numbers" => |stage| scam_centre::alone(stage, scam_centre::SUN);
    "unlicensed-centre": "350 seats in mixed traffic, with numbers of its own" => |stage| scam_centre::alone(stage, scam_centre::UNLICENSED);
    "burst-3": "a customer calls three times as much as ever" => |stage| burst::alone(stage, burst::BY_3);
    "burst-5": "five times as much" => |stage| burst::alone(stage, burst::BY_5);
    "burst-10": "ten times as much" => |stage| burst::alone(stage, burst::BY_10);
    "burst-slow": "half as much again, for days" => |stage| burst::alone(stage, burst::SLOW);
    "wangiri": "a block abroad rings a few seconds; some call back" => wangiri::alone;
};
