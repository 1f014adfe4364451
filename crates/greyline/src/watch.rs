//! A running probe: sources to one packet thread, calls judged as they pass, alerts and metrics to the outside.
//!
//! ```text
//!  interface thread ─┐                                   ┌─► alerts, call records: files, sinks
//!  HEP task         ─┼─ parcels ─► this thread: merge,   ┤
//!  folder thread    ─┘  (bounded)  worker, clerk, judge  └─► published counts ─► HTTP task ─► Prometheus
//! ```
//!
//! The packet thread owns all state of calls and of judgement; nothing is shared with it but counters that it publishes. It never
//! waits for an output or for who scrapes. It takes parcels; a source whose parcels it does not take in time stops reading, and
//! the kernel drops and counts. Since sources never wait for anything else, nothing can wait in a circle.

mod bearings;
mod dispatch;
mod editing;
mod feed;
mod herald;
mod http;
mod journal;
mod log;
mod memory;
mod meter;
mod pages;
mod renewal;
mod sandbox;
mod service;
mod sources;
mod state;
mod timekeeper;
mod tls;

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use api::{Api, Teller, View, Way};
use call::Listener;
use config::Known;
use crossbeam_channel::{Receiver, RecvTimeoutError};
use metrics::Metrics;
use pipeline::Worker;
use sinks::{Sinks, Unusable};
use stir::Verifier;
use store::{Pace, Store};
use tap::Stop;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio_rustls::TlsAcceptor;
use types::{Moment, Nanos};

use crate::alarms::{Alarms, Kept, Taker};
use crate::clerk::{Clerk, Scribe};
use crate::cli::WatchJob;
use crate::failure::Failure;
use crate::keeping::{self, Keeper};
use crate::knowledge;
use crate::outputs::{self, Output};
use crate::paint::Paint;
use crate::run::{Done, Keeps, plan};
use crate::serve;
use crate::signers;
use dispatch::{Dispatch, Observer};
use feed::Feed;
use herald::Herald;
use http::Health;
use journal::{Calls, Journal};
use meter::Meter;
use pages::Pages;
use renewal::{Renewal, Renewer};
use state::Held;
use timekeeper::Timekeeper;

pub use sources::key as hep_key;
pub use timekeeper::REMEMBERED_EVERY;

/// How long the packet thread waits for a parcel before it looks at the clock, and while an event waits to be judged.
const LOOK: Duration = Duration::from_millis(100);
const LOOK_SOON: Duration = Duration::from_millis(2);
/// How much later than its stamp a packet may be seen, beside what the kernel keeps it back and sources wait for each other.
const ON_ITS_WAY: Duration = Duration::from_millis(5);
/// How much earlier than one before it a packet may be stamped: a network card's queues are emptied one after another.
const OUT_OF_ORDER: Duration = Duration::from_millis(3);
/// Threads that serve the outside: HTTP, HEP, signals.
const SERVERS: usize = 2;

/// For how long sinks may still deliver when the probe ends.
const SINKS_GRACE: Duration = Duration::from_secs(5);

/// Lets itself be asked, in clear and over TLS; where its metrics are.
fn reached(
    known: &Known,
    runtime: &Runtime,
    stop: &Stop,
    page: impl Fn(Way) -> axum::Router,
) -> Result<Vec<String>, Failure> {
    let listen = &known.config().listen;
    let tls = if listen.https.is_empty() { None } else { Some(TlsAcceptor::from(tls::server(listen)?)) };
    let plain = listen.http.iter().map(|address| ("http", address, None));
    let mut pages = Vec::new();
    for (scheme, address, tls) in plain.chain(listen.https.iter().map(|address| ("https", address, tls.clone()))) {
        let failed = |error: io::Error| Failure::Source(format!("{scheme} {address}"), error.to_string());
        let listener = runtime.block_on(serve::open(*address)).map_err(failed)?;
        let at = listener.local_addr().map_err(failed)?;
        let way = match tls {
            Some(_) => Way::Tls,
            None if at.ip().is_loopback() => Way::Loopback,
            None => Way::Open,
        };
        pages.push(format!("{scheme}://{at}/metrics"));
        runtime.spawn(serve::serve(listener, tls, page(way), stop.clone()));
    }
    Ok(pages)
}

/// What is wrong with sinks, a line each.
fn listed(wrong: &[Unusable]) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What a signal, or the clock, asks for.
#[derive(Clone, Default)]
struct Asked {
    stop: Stop,
    reopen: Arc<AtomicBool>,
}

/// Watches until it is asked to stop.
///
/// # Errors
/// What cannot be set up. What fails later is logged and counted, and the probe goes on.
pub fn watch(job: &WatchJob) -> Result<Done, Failure> {
    log::begin(job.log);
    let known = knowledge::of_watch(job)?;
    let mut held = state::hold(&known.config().state)?;
    let kept = held.as_mut().and_then(Held::read);
    let known = Arc::new(match &kept {
        Some(kept) => knowledge::following(&known, &kept.before)?,
        None => known,
    });
    let in_force = sandbox::shut_in(job, known.config());
    let service = |what: &str, error: &dyn std::fmt::Display| Failure::Service(format!("{what}: {error}"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(SERVERS)
        .thread_name("greyline-serve")
        .enable_all()
        .build()
        .map_err(|error| service("threads", &error))?;
    let metrics = Arc::new(Metrics::new().map_err(|error| service("metrics", &error))?);
    let asked = Asked::default();

    let spill = Path::new(&known.config().state.folder).join("sinks");
    let sinks = Sinks::start(&known.config().sink, runtime.handle(), &spill);
    let sinks = Arc::new(sinks.map_err(Failure::Sinks)?);
    let (teller, live) = runtime.block_on(async { api::live(&tap::now().get().to_string()) });
    let api = Api::new(
        serve::about(View::Watch),
        &known,
        known.config().store.folder.clone().map(PathBuf::from),
        (teller.clone(), live),
    );
    let mut desk = Desk::open(job, &known, &metrics, &sinks, (held, kept), teller)?;
    let health = Health::default();
    let (renewer, renewals) = Renewer::new(job, &known, &sinks, &api);
    let renewer = Arc::new(renewer);
    api.edits(editing::editor(&renewer));
    let page = |way| http::page(Arc::clone(&metrics), health.clone(), Arc::clone(&renewer), (&api, way));
    let pages = reached(&known, &runtime, &asked.stop, page)?;
    let mut feed = sources::open(&known, &runtime, &asked.stop, &metrics)?;
    sandbox::publish(in_force, &metrics);
    runtime.block_on(async { listen_for(&asked, &renewer) }).map_err(|error| service("signals", &error))?;
    if let Some(seconds) = job.seconds {
        let stop = asked.stop.clone();
        runtime.spawn(async move {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            stop.ask();
        });
    }
    let sources = feed.names().collect::<Vec<_>>().join(", ");
    desk.remember(&known, &sources);
    tracing::info!(sources, metrics = pages.join(" "), config = known.version(), "watching");
    runtime.spawn(service::watchdog(health.clone()));
    runtime.spawn(async { service::ready() });
    sandbox::shut_off(known.config());
    desk.run(&mut feed, &renewals, &asked, &health);
    drop(feed);
    // What the last calls and alerts said reaches whoever can be reached; the rest waits on disk.
    runtime.block_on(sinks.close(SINKS_GRACE));
    runtime.shutdown_timeout(Duration::from_secs(1));
    desk.close(job)
}

/// Asks to stop on SIGINT and SIGTERM. On SIGHUP files are opened anew, as who rotates them wants, and the configuration is read
/// anew.
fn listen_for(asked: &Asked, renewer: &Arc<Renewer>) -> io::Result<()> {
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let (mut signals, stop) = (signal(kind)?, asked.stop.clone());
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                service::stopping();
                stop.ask();
            }
        });
    }
    let (mut signals, reopen) = (signal(SignalKind::hangup())?, Arc::clone(&asked.reopen));
    let renewer = Arc::clone(renewer);
    tokio::spawn(async move {
        while signals.recv().await.is_some() {
            reopen.store(true, Ordering::Relaxed);
            // What became of it stands in the log.
            let _ = renewer.renew().await;
        }
    });
    Ok(())
}

/// The packet thread: everything that a frame touches on its way to an alert.
struct Desk {
    worker: Worker,
    clerk: Clerk,
    herald: Rc<RefCell<Herald>>,
    meter: Meter,
    pages: Pages,
    observer: Observer,
    /// Where what is told is remembered.
    store: Option<Rc<Store>>,
    notes: memory::Notes,
    /// Where what judgement knows is written down.
    keeper: Option<state::Keeper>,
    timekeeper: Timekeeper,
    /// What is watched, in words.
    watched: String,
    link: link::Tally,
    /// How long the kernel may keep a packet.
    block: Duration,
}

impl Desk {
    fn open(
        job: &WatchJob,
        known: &Arc<Known>,
        metrics: &Arc<Metrics>,
        sinks: &Arc<Sinks>,
        (held, kept): (Option<Held>, Option<Kept>),
        teller: Teller,
    ) -> Result<Self, Failure> {
        let for_people = outputs::is_for_people([&job.alerts, &job.shadow, &job.calls, &job.summary])?;
        let paint = for_people.then(Paint::for_stdout);
        let append = |file: &Option<PathBuf>| file.as_deref().map(Output::append).transpose();
        let herald = Herald::new(Arc::clone(metrics), Arc::clone(sinks), Arc::clone(known));
        herald.begin();
        let herald = herald.also(append(&job.alerts)?, append(&job.shadow)?, paint);
        let herald = Rc::new(RefCell::new(herald));
        let store = known.config().store.folder.as_deref().map(Path::new);
        let store = store.map(|folder| keeping::open(folder, known, Pace::Link)).transpose()?;
        let pages = Pages::new(teller);
        let (taken, remembered, told) = (Rc::clone(&herald), store.clone(), pages.herald());
        let taker: Taker = Box::new(move |alert| {
            remembered.iter().for_each(|store| keeping::keep(store, &alert));
            told(&alert);
            taken.borrow_mut().take(alert);
        });
        let meter = Meter::new(Arc::clone(metrics), Arc::clone(known));
        let dispatch = Dispatch::new(Arc::clone(sinks), Arc::clone(known));
        let mut scribes: Vec<Box<dyn Scribe>> =
            vec![Box::new(meter.trunks()), Box::new(dispatch), Box::new(pages.compass())];
        if let Some(output) = append(&job.calls)? {
            let journal = Journal::new(output, "calls", Arc::clone(metrics));
            scribes.push(Box::new(Calls { journal, known: Arc::clone(known) }));
        }
        if let Some(store) = &store {
            scribes.push(Box::new(Keeper::new(Rc::clone(store), Arc::clone(known))));
        }
        let room = known.config().limits.calls_live_max as usize;
        let mut alarms = Alarms::new(Arc::clone(known), taker, None)?;
        store.iter().for_each(|store| alarms.counts(keeping::counter(store)));
        if let Some(kept) = kept {
            match alarms.go_on(kept, known) {
                Ok(()) => {
                    let (entities, open) = (alarms.tally().entities, alarms.open());
                    tracing::info!(entities, open, "judgement goes on where it stood");
                }
                Err(why) => held.iter().for_each(|held| held.refuse(&why)),
            }
        }
        alarms.wait(OUT_OF_ORDER);
        let keeper = held.map(|held| state::Keeper::open(held, known, metrics)).transpose();
        let mut keeper = keeper.map_err(|error| Failure::Service(format!("threads: {error}")))?;
        if let Some(keeper) = &mut keeper {
            keeper.found(&mut alarms);
            alarms.keeps(keeper.log());
        }
        // Whoever is told may have begun anew, too, and the counters of what is open have.
        alarms.tell_open();
        let clerk = Clerk {
            verifier: Some(Verifier::new(signers::trust(&known.config().stir)?, room)),
            alarms: Some(alarms),
            scribes,
            ring: store.as_deref().map(|store| keeping::ring(store, known)).transpose()?.flatten(),
        };
        let block = Duration::from_millis(known.config().capture.block_ms.into());
        let keeps = Keeps { calls: store.is_some(), packets: clerk.ring.is_some() };
        let (worker, observer) = (Worker::new(plan(known, keeps)), Observer::new(Arc::clone(sinks)));
        let (link, watched, timekeeper) = (link::Tally::default(), String::new(), Timekeeper::new());
        let notes = memory::Notes::default();
        Ok(Self {
            worker,
            clerk,
            herald,
            meter,
            pages,
            observer,
            store,
            notes,
            keeper,
            timekeeper,
            watched,
            link,
            block,
        })
    }

    /// Remembers by what is judged from now on; what is watched stays as it was where it is not said.
    fn remember(&mut self, known: &Known, watched: &str) {
        if !watched.is_empty() {
            watched.clone_into(&mut self.watched);
        }
        if let Some(store) = &self.store {
            keeping::begin(store, known, self.watched.clone(), keeping::OF_THE_PROBE);
        }
    }

    /// Takes what sources hand over until all have stopped.
    fn run(&mut self, feed: &mut Feed, renewals: &Receiver<Renewal>, asked: &Asked, health: &Health) {
        let mut published = tap::now();
        // How far behind the clock time is let pass where nothing comes: what is on its way arrives sooner.
        let lag = ON_ITS_WAY + self.block + feed.bound();
        loop {
            let saves = self.keeper.as_ref().is_some_and(state::Keeper::saves);
            let look = if saves || self.is_waiting() { LOOK_SOON } else { LOOK };
            let mut ended = false;
            match feed.take(feed.wait(tap::now()).unwrap_or(LOOK).min(look)) {
                Ok(None) => {}
                Ok(Some(dropped)) => {
                    self.link.dropped += dropped.frames;
                    self.worker.on_dropped(dropped, &mut self.clerk);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => ended = true,
            }
            let now = tap::now();
            while let Some(batch) = feed.next_batch(if ended { Nanos::MAX } else { now }) {
                let last = batch.heads().last().map_or(Nanos::ZERO, |head| head.at);
                self.worker.on_batch(&batch, &mut self.clerk);
                self.clerk.moment(Moment { at: last.min(now), frame: self.worker.traffic().frames });
            }
            if feed.is_idle(now, look) {
                let until = now.before(lag);
                self.worker.on_idle(until, &mut self.clerk);
                self.clerk.moment(Moment { at: until, frame: self.worker.traffic().frames });
            }
            feed.give_back();
            if let Ok(renewal) = renewals.try_recv() {
                self.renew(renewal);
            }
            if ended {
                break;
            }
            if let (Some(keeper), Some(alarms)) = (&mut self.keeper, &mut self.clerk.alarms) {
                keeper.on_time(now, alarms);
            }
            if now.since(published) >= Duration::from_secs(1) || now < published {
                published = now;
                self.publish(feed, health);
                if asked.reopen.swap(false, Ordering::Relaxed) {
                    self.reopen();
                }
            }
        }
        self.worker.drain(&mut self.clerk);
        self.clerk.drain();
        self.publish(feed, health);
    }

    /// Whether an event waits to be judged.
    fn is_waiting(&self) -> bool {
        self.clerk.alarms.as_ref().is_some_and(Alarms::is_waiting)
    }

    /// Lets the outside see where things stand.
    fn publish(&mut self, feed: &mut Feed, health: &Health) {
        // Before the page shows a source: whoever has seen it there finds the probe ready.
        let ready = feed.all_up();
        health.beat(ready);
        self.clerk.scribes.iter_mut().for_each(|scribe| scribe.flush());
        self.meter.publish(&self.worker, &self.clerk, feed);
        self.observer.publish(self.meter.metrics(), tap::now());
        self.pages.publish(&self.worker, self.link.dropped, ready, self.store.as_deref());
        self.timekeeper.look(self.meter.metrics(), self.store.as_deref());
        if let Some(store) = &self.store {
            memory::publish(store, self.clerk.ring.as_mut(), self.meter.metrics(), &mut self.notes);
        }
    }

    /// Goes on by what is known now.
    fn renew(&mut self, renewal: Renewal) {
        let Renewal { known, settings, tables, trust, taken } = renewal;
        let renewed = self.clerk.alarms.as_mut().map_or(Ok(()), |alarms| alarms.renew(settings, tables, &known));
        if renewed.is_ok() {
            self.worker.renew(known.numbering_plan().clone());
            if let Some(verifier) = &mut self.clerk.verifier {
                verifier.renew(trust);
            }
            self.clerk.scribes.iter_mut().for_each(|scribe| scribe.renew(&known));
            self.meter.renew(&known);
            self.keeper.iter_mut().for_each(|keeper| keeper.renew(&known));
            self.herald.borrow_mut().renew(&known);
            self.remember(&known, "");
        }
        // Whoever asked has gone where nobody takes the answer.
        let _ = taken.send(renewed);
    }

    fn reopen(&mut self) {
        tracing::info!("files are opened anew");
        self.herald.borrow_mut().reopen();
        self.clerk.scribes.iter_mut().for_each(|scribe| scribe.reopen());
    }

    /// Writes the last records.
    fn close(mut self, job: &WatchJob) -> Result<Done, Failure> {
        if let (Some(keeper), Some(alarms)) = (self.keeper.take(), &mut self.clerk.alarms) {
            keeper.close(alarms);
        }
        let summary = job.summary.as_deref().map(|_| self.clerk.summary(&self.worker, &self.link));
        let mut lacking = self.clerk.dismiss_scribes();
        drop(self.clerk);
        lacking.extend(self.herald.borrow_mut().close());
        if let (Some(file), Some(summary)) = (&job.summary, summary) {
            lacking.extend(Output::open(file).and_then(|output| output.only(&summary)).err());
        }
        if let Some(store) = self.store.and_then(Rc::into_inner) {
            memory::close(store);
        }
        // Whoever reads our log has gone where this fails.
        let _ = io::stderr().flush();
        lacking.iter().for_each(|failure| tracing::warn!(%failure, "an output is not whole"));
        Ok(if lacking.is_empty() { Done::Whole } else { Done::Damaged })
    }
}
