//! Every word a worker tells belongs to a moment of the capture, and moments only go forward where its clock does.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use call::{CallRecord, Exchange, Listener, Step};
use link::{Capture, Config};
use pipeline::{Worker, WorkerConfig};
use types::{Moment, Nanos};

/// Notes the moment of everything that is told.
#[derive(Default)]
struct Diary {
    now: Option<Moment>,
    told: Vec<Moment>,
}

impl Listener for Diary {
    fn moment(&mut self, moment: Moment) {
        assert!(self.now <= Some(moment), "{:?} after {:?}", moment, self.now);
        self.now = Some(moment);
    }

    fn step(&mut self, step: Step, at: Nanos, _call: &CallRecord<'_>) {
        let now = self.now.unwrap();
        // An end that a timer finds lies before the moment it is found.
        assert!(at <= now.at && (at == now.at || step == Step::Ended), "{step:?} at {at:?}, told at {now:?}");
        self.told.push(now);
    }

    fn exchange(&mut self, _exchange: &Exchange<'_>) {
        self.told.push(self.now.unwrap());
    }

    fn record(&mut self, _record: &CallRecord<'_>) {
        self.told.push(self.now.unwrap());
    }
}

#[test]
fn what_is_told_stands_in_the_order_of_the_capture() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/stacks");
    let captures: Vec<PathBuf> = fs::read_dir(fixtures)
        .unwrap()
        .map(|entry| entry.unwrap().path().join("traffic.pcap"))
        .filter(|path| path.exists())
        .collect();
    assert!(captures.len() > 10, "the fixtures are not there");
    for path in captures {
        let mut capture = Capture::open(std::slice::from_ref(&path), Config::default()).unwrap();
        let (mut worker, mut diary) = (Worker::new(WorkerConfig::default()), Diary::default());
        while let Some(batch) = capture.next_batch() {
            worker.on_batch(&batch, &mut diary);
        }
        worker.drain(&mut diary);
        assert!(diary.told.is_sorted() && !diary.told.is_empty(), "{}", path.display());
    }
}

/// On a link that goes quiet time passes all the same: calls end and are told without a frame that would say so, and the drain
/// has nothing left to tell.
#[test]
fn calls_end_where_nothing_comes_any_more() {
    #[derive(Default)]
    struct Records(Vec<Vec<u8>>, Diary);

    impl Listener for Records {
        fn moment(&mut self, moment: Moment) {
            self.1.moment(moment);
        }
        fn step(&mut self, step: Step, at: Nanos, call: &CallRecord<'_>) {
            self.1.step(step, at, call);
        }
        fn exchange(&mut self, _exchange: &Exchange<'_>) {}
        fn record(&mut self, record: &CallRecord<'_>) {
            self.0.push(record.call_id.to_vec());
        }
    }

    for name in ["answered", "missed-bye", "busy", "no-answer"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../fixtures/stacks/{name}/traffic.pcap"));
        let mut capture = Capture::open(&[path], Config::default()).unwrap();
        let (mut worker, mut records) = (Worker::new(WorkerConfig::default()), Records::default());
        while let Some(batch) = capture.next_batch() {
            worker.on_batch(&batch, &mut records);
        }
        let (before, last) = (records.0.len(), worker.traffic().last.unwrap());
        for second in 1..600 {
            worker.on_idle(last.after(Duration::from_secs(second)), &mut records);
        }
        let told = records.0.len();
        assert!(told > before, "{name}: no call ended");
        assert_eq!(worker.held().0, 0, "{name}");
        worker.drain(&mut records);
        assert_eq!(records.0.len(), told, "{name}");
        assert_eq!(worker.traffic().last, Some(last), "{name}: no frame came");
    }
}
