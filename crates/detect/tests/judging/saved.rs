//! A run that is cut in two tells what it tells in one: judgement that was written down and read again says the same to the byte.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use benches::calls::Beset;
use benches::scorecard::{Roll, knowledge};
use call::Listener;
use config::Known;
use detect::{Because, Hearer, Item, Judge, Misfit, Report, Settings, Snapshot, Status, Tables};
use synth::{Options, Scenario};
use types::{Moment, Nanos};

/// Monday 2 March 2026, midnight, from which scenarios are measured.
const MONDAY: u64 = 1_772_409_600;
/// Seconds of an hour.
const HOUR: u64 = 3_600;

/// What was told, everything of it that has an order.
#[derive(Clone, Default)]
struct Told(Rc<RefCell<Vec<(Status, u64, String)>>>);

impl Hearer for Told {
    fn report(&mut self, report: &Report<'_>) {
        let operation = report.operation;
        let items = report.evidence.iter().map(|Item { family, because, nats, share_nats }| {
            let because = match because {
                Because::Share { feature, shown, known, expected, class } => {
                    format!("{feature:?} {shown} of {known} for {} of {class}", expected.to_bits())
                }
                other => format!("{other:?}"),
            };
            format!("{family:?} {because} {} {}", nats.to_bits(), share_nats.to_bits())
        });
        let all = [
            format!("{:?} {:?} {:?} {}", report.at, report.lead, report.kind, report.shadow),
            format!("{} {} {}", report.nats.to_bits(), report.threshold_nats.to_bits(), report.raised_nats.to_bits()),
            format!("{:?} {:?} {:?}", report.innocent, report.unseen, report.tables),
            format!("{:?} {:?} {:?}", operation.members, operation.first_call, operation.last_call),
            format!("{} {} {:?}", operation.calls, operation.answered, operation.sources),
            format!("{:?} {:?} {:?}", operation.countries, operation.sweep, operation.victims),
            format!("{:?} {:?} {:?}", operation.sample, operation.seats, operation.seats_told),
            format!("{:?} {} {}", operation.callers.names(), operation.callers.count(), operation.callees().count()),
            format!("{:?} {:?} {} {:?}", operation.seals, operation.played, operation.recorded, operation.knocks),
        ];
        let all = all.into_iter().chain(items).collect::<Vec<_>>().join("\n");
        self.0.borrow_mut().push((report.status, operation.id, all));
    }
}

fn fresh(known: &Arc<Known>, told: &Told) -> Judge<Told> {
    Judge::new(Settings::of(known), Tables::ours().unwrap(), Arc::clone(known), told.clone()).unwrap()
}

/// Makes another judge of one, at a cut.
type Change<'a> = dyn Fn(Judge<Told>, &Arc<Known>, &Told) -> Judge<Told> + 'a;

/// What `change` makes of judgement at each of these hours of a scenario, and of the rest.
fn play(name: &str, options: &Options, hours: &[f64], change: &Change<'_>) -> (Vec<(Status, u64, String)>, String) {
    let scenario = Scenario::named(name, options).unwrap();
    let (known, told) = (Arc::new(knowledge(scenario.cast()).unwrap()), Told::default());
    let mut cuts = hours.iter().map(|hours| Nanos::from_parts(MONDAY + (hours * HOUR as f64) as u64, 0)).peekable();
    let mut written = false;
    let more = |moment: Moment, judge: &mut Judge<Told>| {
        if cuts.next_if(|&cut| cut <= moment.at).is_some() {
            judge.release();
            written = false;
            let held = std::mem::replace(judge, fresh(&known, &Told::default()));
            *judge = change(held, &known, &told);
        }
        // A piece at a time, between which judgement goes on.
        if !std::mem::replace(&mut written, true) {
            judge.begin_saving(Vec::new());
        }
        let _ = judge.save_some().unwrap();
        judge.moment(moment);
    };
    let mut beset = Beset { listener: fresh(&known, &told), more };
    scenario.play(&mut beset, &mut Roll::default());
    let mut judge = beset.listener;
    judge.drain();
    let rest = format!("{:?}\n{:?}\n{}", judge.means(), judge.raises(), judge.tally().entities);
    drop(judge);
    (told.0.take(), rest)
}

/// Goes on from what was written down.
fn restored(mut judge: Judge<Told>, known: &Arc<Known>, told: &Told) -> Judge<Told> {
    // What was begun before was written down as it was then, and what has changed since once more.
    let bytes = judge.finish_saving().unwrap();
    let mut next = fresh(known, told);
    next.restore(Snapshot::read(&bytes).unwrap()).unwrap();
    next
}

fn same(name: &str, days: f64, scale: f64, hours: &[f64], least: usize) {
    let options = Options { days, warm_up_days: 1.0, scale, ..Scenario::usual(name) };
    let whole = play(name, &options, hours, &|judge, _, _| judge);
    let cut = play(name, &options, hours, &restored);
    assert!(whole.0.len() >= least, "{name}: {} reports", whole.0.len());
    for (whole, cut) in whole.0.iter().zip(&cut.0) {
        assert_eq!(whole, cut, "{name}");
    }
    assert_eq!((whole.0.len(), &whole.1), (cut.0.len(), &cut.1), "{name}");
}

#[test]
fn a_centre_that_was_found_before_the_cut_is_told_on() {
    // Cut before anything is found, while it works, and at night.
    same("scam-centre-static", 1.0, 0.1, &[-5.0, 8.5, 12.0, 20.0], 3);
}

#[test]
fn rings_that_make_people_call_back_are_told_on() {
    same("wangiri", 1.0, 0.1, &[7.0, 11.5, 15.0], 2);
}

#[test]
fn bursts_and_sim_boxes_are_told_on() {
    for name in ["burst-5", "sim-box"] {
        same(name, 1.0, 0.1, &[6.0, 10.0, 14.0], 0);
    }
}

#[test]
fn who_is_innocent_stays_it() {
    same("enterprise", 1.0, 0.1, &[9.0, 13.0], 0);
}

/// Whatever is told after the last time that all was written down is neither told again nor forgotten: the standings say it.
#[test]
fn what_was_told_since_is_not_told_anew() {
    let options = Options { days: 1.0, warm_up_days: 1.0, scale: 0.1, ..Options::default() };
    let name = "scam-centre-static";
    let (whole, _) = play(name, &options, &[], &|judge, _, _| judge);
    let opened = |told: &[(Status, u64, String)]| {
        let opened = told.iter().filter(|(status, ..)| *status == Status::Open);
        opened.map(|&(_, id, _)| id).collect::<Vec<_>>()
    };
    assert_eq!(opened(&whole).len(), 1);
    // Written down at nine, before it was found; killed at noon.
    let written = RefCell::new((Vec::new(), Rc::new(RefCell::new(Vec::new()))));
    let change = |mut judge: Judge<Told>, known: &Arc<Known>, told: &Told| {
        let mut written = written.borrow_mut();
        if written.0.is_empty() {
            written.0 = judge.save(Vec::new()).unwrap();
            let standings = Rc::clone(&written.1);
            judge.keeps(Box::new(move |standing| standings.borrow_mut().push(standing.to_vec())));
            return judge;
        }
        let mut next = fresh(known, told);
        next.restore(Snapshot::read(&written.0).unwrap()).unwrap();
        assert_eq!(next.open(), 0, "it was not found yet");
        for standing in written.1.borrow().iter() {
            next.reinstate(standing).unwrap();
        }
        assert_eq!(next.open(), 1);
        next
    };
    let (cut, _) = play(name, &options, &[-4.0, 12.0], &change);
    assert!(!written.borrow().1.borrow().is_empty(), "nothing was told between");
    assert_eq!(opened(&cut), opened(&whole), "one, once, under the same id");
    let closed = |told: &[(Status, u64, String)]| told.iter().filter(|(status, ..)| *status == Status::Close).count();
    assert_eq!((closed(&cut), closed(&whole)), (1, 1));
    assert!(cut.iter().any(|(status, ..)| *status == Status::Update), "it is told on");
}

#[test]
fn what_is_not_ours_is_refused() {
    let known = Arc::new(Known::default());
    let bytes = fresh(&known, &Told::default()).save(Vec::new()).unwrap();
    assert!(Snapshot::read(&bytes).is_ok());
    for length in [0, 1, bytes.len() / 2, bytes.len() - 1] {
        assert!(Snapshot::read(&bytes[..length]).is_err(), "{length} bytes");
    }
    // Trunks in other places.
    let trunk =
        |name: &str| format!("[[trunk]]\nname = \"{name}\"\nrole = \"customer\"\naddresses = [\"192.0.2.1\"]\n");
    let of = |text: &str| Arc::new(config::read(text.as_bytes()).unwrap().known);
    let bytes = fresh(&of(&trunk("north")), &Told::default()).save(Vec::new()).unwrap();
    let restore = |known: Arc<Known>| fresh(&known, &Told::default()).restore(Snapshot::read(&bytes).unwrap());
    assert_eq!(restore(of(&trunk("south"))), Err(Misfit::Places));
    assert_eq!(restore(of(&trunk("north"))), Ok(()));
}
