//! Every class of innocents and every fraud, one file each, and the scenarios made of them.

use crate::stage::Stage;

mod blast;
mod bpo;
mod burst;
mod collections;
mod conference;
mod diaspora;
mod enterprise;
mod false_answer;
mod impersonation;
mod inbound;
mod irsf;
mod mixes;
mod probes;
mod refile;
mod reminders;
mod residential;
mod robocall;
mod rotation;
mod scam_centre;
mod scan;
mod sim_box;
mod storm;
mod wangiri;
mod wholesale;

/// A scenario: its name, what it shows, and how it is put together.
pub(crate) struct Plot {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// Seconds since the epoch and days that it is usually played from and for, where that matters.
    pub(crate) usual: Option<(i64, f64)>,
    /// Whether only numbers for fiction are used.
    pub(crate) reserved: bool,
    pub(crate) set: fn(&mut Stage),
}

impl Plot {
    const fn new(name: &'static str, about: &'static str, set: fn(&mut Stage)) -> Self {
        Self { name, about, usual: None, reserved: false, set }
    }
}

/// Calls a day of an innocent class on its own, at scale 1: a month of it is the three million of the null battery
/// (SCIENCE 6.6).
const ALONE: f64 = 100_000.0;

/// Every scenario, innocents first.
pub(crate) static SCENARIOS: &[Plot] = &[
    Plot::new("residential", "households and mobiles: known people, both ways, evenings too", |stage| {
        residential::set(stage, ALONE);
    }),
    Plot::new("enterprise", "offices: extensions, a main number, office hours", |stage| enterprise::set(stage, ALONE)),
    Plot::new("bpo", "licensed outbound call centres, some abroad, some following the sun", |stage| {
        bpo::set(stage, ALONE)
    }),
    Plot::new("blast", "schools and civil alarms: a whole list within minutes", |stage| blast::set(stage, ALONE)),
    Plot::new("reminders", "appointments, deliveries: one number, a recording, working hours", |stage| {
        reminders::set(stage, ALONE);
    }),
    Plot::new("wholesale", "carriers with callers of many countries", |stage| wholesale::set(stage, ALONE)),
    Plot::new("diaspora", "calling cards: relatives abroad, their evenings and weekends", |stage| {
        diaspora::set(stage, ALONE);
    }),
    Plot::new("collections", "agencies that call the same debtors again and again", |stage| {
        collections::set(stage, ALONE);
    }),
    Plot::new("inbound", "call centres that are called", |stage| inbound::centres(stage, ALONE)),
    Plot::new("conference", "bridges: many to one, long, on the hour", |stage| conference::set(stage, ALONE)),
    Plot::new("alarms", "alarm panels: few called, tones, at any hour", |stage| inbound::alarms(stage, ALONE)),
    Plot::new("probes", "test-call generators, heartbeats, registrations", |stage| probes::set(stage, ALONE)),
    Plot::new("benign", "all innocents together, 100,000 calls a day", |stage| mixes::background(stage, ALONE)),
    // 2026-12-27, a Sunday.
    Plot { usual: Some((1_798_329_600, 8.0)), ..Plot::new("new-year", "a week with New Year in it", mixes::new_year) },
    // 2026-10-23: European clocks change on the 25th, American ones on 1 November.
    Plot {
        usual: Some((1_792_713_600, 12.0)),
        ..Plot::new("clock-change", "twelve days in which Europe and America change their clocks", |stage| {
            mixes::background(stage, ALONE);
        })
    },
    Plot::new("re-route", "a trunk fails, another carries its calls", mixes::re_route),
    Plot::new("televoting", "a country votes by telephone", inbound::televoting),
    Plot::new("outage", "an outage, then redials and registrations all at once", storm::alone),
    Plot::new("scam-centre", "50 seats abroad that show numbers of the callee's country", |stage| {
        scam_centre::alone(stage, scam_centre::ROTATING);
    }),
    Plot::new("scam-centre-static", "50 seats with a few numbers of their own, no country mismatch", |stage| {
        scam_centre::alone(stage, scam_centre::STATIC);
    }),
    Plot::new("scam-centre-hidden", "a quarter of the calls of a licensed centre's trunk", scam_centre::hidden),
    Plot::new("scam-centre-retail", "a quarter of what comes from a shared border element", scam_centre::retail),
    Plot::new("follow-the-sun", "150 seats over Australia, Britain and America, 6 trunks, 1,000 numbers", |stage| {
        scam_centre::alone(stage, scam_centre::SUN);
    }),
    Plot::new("unlicensed-centre", "350 seats in mixed traffic, with numbers of its own", |stage| {
        scam_centre::alone(stage, scam_centre::UNLICENSED);
    }),
    Plot::new("burst-3", "a customer calls three times as much as ever", |stage| burst::alone(stage, burst::BY_3)),
    Plot::new("burst-5", "five times as much", |stage| burst::alone(stage, burst::BY_5)),
    Plot::new("burst-10", "ten times as much", |stage| burst::alone(stage, burst::BY_10)),
    Plot::new("burst-slow", "half as much again, for days", |stage| burst::alone(stage, burst::SLOW)),
    Plot::new("wangiri", "a block abroad rings a few seconds; some call back", wangiri::alone),
    Plot::new("irsf", "a hacked exchange pumps calls abroad from Friday evening", irsf::alone),
    Plot::new("false-answer-50", "a route answers half of its calls itself", |stage| false_answer::alone(stage, 0.5)),
    Plot::new("false-answer-20", "a fifth of them", |stage| false_answer::alone(stage, 0.2)),
    Plot::new("false-answer-10", "a tenth", |stage| false_answer::alone(stage, 0.1)),
    Plot::new("false-answer-5", "a twentieth", |stage| false_answer::alone(stage, 0.05)),
    Plot::new("sim-box", "calls from abroad that come out of mobiles at home", sim_box::alone),
    Plot::new("refile", "a carrier that changes the callers' numbers", refile::alone),
    Plot::new("refile-onward", "a switch that shows one number in and another out", refile::onward),
    Plot::new("robocall", "one recording to thousands", robocall::alone),
    Plot::new("impersonation", "the number or the name of the tax office and a bank", impersonation::alone),
    Plot::new("rotation", "one dialler behind 1,000 numbers and 8 trunks", rotation::alone),
    Plot::new("same-software", "a centre, a campaign and a wangiri that dial with the same", mixes::same_software),
    Plot::new("scan", "extensions, passwords and prefixes are tried out", scan::alone),
    Plot {
        usual: Some((1_772_409_600, 28.0)),
        ..Plot::new("everything", "all of it together, a million calls a day", mixes::everything)
    },
    // 2026-03-03T14:00Z, a Tuesday: afternoon in Britain, morning in New York.
    Plot {
        usual: Some((1_772_546_400, 1.0 / 12.0)),
        reserved: true,
        ..Plot::new("demo", "two hours: a scam centre of 50 seats among innocents, numbers for fiction", mixes::demo)
    },
];
