//! What comes from the sources: their frames in one order, and how they fare.

use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use link::{Batch, Dropped, Frames};
use metrics::Metrics;
use metrics::catalogue::{
    FILES_DAMAGED, HEP_CLOSED, HEP_CONNECTIONS, HEP_PACKETS, HEP_SKEWED, SOURCE_DROPPED, SOURCE_FRAMES, SOURCE_OUTAGES,
    SOURCE_UP,
};
use tap::{Closed, Connections, Drops, Merge, News, Parcel, Place};
use types::Nanos;

/// How often the log is told of connections that were closed, where there are any.
const CLOSED_TOLD_EVERY: Duration = Duration::from_secs(60);

/// How a source fares.
#[derive(Clone, Debug)]
struct Source {
    name: String,
    up: bool,
    frames: u64,
    outages: u64,
    files_damaged: u64,
    dropped: [u64; Place::ALL.len()],
    /// Of these, those the log has told of.
    told: u64,
    guests: Option<Guests>,
}

/// What is known of the connections of a source.
#[derive(Clone, Debug)]
struct Guests {
    connections: Connections,
    /// Those closed of which the log has told, and when it did.
    told: [u64; Closed::ALL.len()],
    told_at: Nanos,
}

impl Guests {
    fn new(connections: Connections) -> Self {
        Self { connections, told: [0; Closed::ALL.len()], told_at: Nanos::ZERO }
    }

    /// Tells the log whom the probe closed the door to, since it was told before. Who was silent for an hour comes back by himself.
    fn tell(&mut self, source: &str, now: Nanos) {
        let closed = Closed::ALL.map(|why| self.connections.closed(why));
        let told = Closed::ALL.iter().zip(closed).zip(self.told).filter(|&((why, _), _)| *why != Closed::Idle);
        let since: Vec<_> =
            told.filter(|((_, all), told)| all > told).map(|((why, all), told)| (why, all - told)).collect();
        if since.is_empty() || (now.since(self.told_at) < CLOSED_TOLD_EVERY && self.told_at <= now) {
            return;
        }
        (self.told, self.told_at) = (closed, now);
        let open = self.connections.open();
        let reasons = since.iter().map(|(why, count)| format!("{} {count}", why.name())).collect::<Vec<_>>().join(", ");
        tracing::warn!(source, reasons, open, "connections for HEP were closed");
    }
}

/// What comes from all sources.
pub struct Feed {
    parcels: Receiver<Parcel>,
    back: Sender<Frames>,
    merge: Merge,
    sources: Vec<Source>,
    hep: hep::Tally,
    keeps_time: bool,
    /// When frames came last.
    arrived: Nanos,
    metrics: Arc<Metrics>,
}

impl Feed {
    /// A feed of the sources of these names. Where one of them shows what happens now, time passes though nothing comes.
    pub fn new(
        named: Vec<(String, Option<Connections>)>,
        keeps_time: bool,
        bound: Duration,
        (parcels, back): (Receiver<Parcel>, Sender<Frames>),
        metrics: Arc<Metrics>,
    ) -> Self {
        let merge = Merge::new(named.len(), bound);
        let source = |(name, connections): (String, Option<Connections>)| Source {
            name,
            up: false,
            frames: 0,
            outages: 0,
            files_damaged: 0,
            dropped: [0; Place::ALL.len()],
            told: 0,
            guests: connections.map(Guests::new),
        };
        let sources = named.into_iter().map(source).collect();
        let (hep, arrived) = (hep::Tally::default(), Nanos::ZERO);
        Self { parcels, back, merge, sources, hep, keeps_time, arrived, metrics }
    }

    /// What the sources are called.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().map(|source| source.name.as_str())
    }

    /// Whether nothing has come for so long that time passes without it, where it does.
    pub fn is_idle(&self, now: Nanos, look: Duration) -> bool {
        self.keeps_time && self.merge.is_empty() && now.since(self.arrived) >= look
    }

    /// Whether all sources are there.
    pub fn all_up(&self) -> bool {
        self.sources.iter().all(|source| source.up)
    }

    /// How long sources wait for each other.
    pub fn bound(&self) -> Duration {
        if self.sources.len() > 1 { self.merge.bound() } else { Duration::ZERO }
    }

    /// How long until frames that are held back may go on.
    pub fn wait(&self, now: Nanos) -> Option<Duration> {
        self.merge.wait(now)
    }

    /// Takes in the next parcel; what it says is lost.
    pub fn take(&mut self, wait: Duration) -> Result<Option<Dropped>, RecvTimeoutError> {
        let Parcel { source: id, arrived, news } = self.parcels.recv_timeout(wait)?;
        let Some(source) = self.sources.get_mut(usize::from(id.0)) else { return Ok(None) };
        match news {
            News::Frames(frames) => {
                source.frames += frames.len() as u64;
                self.merge.add(id, arrived, frames);
                self.arrived = arrived;
            }
            News::ReadTo(read_to) => self.merge.progress(id, Some(read_to)),
            News::Dropped(Drops { place, from, until, frames }) => {
                if let Some(count) = source.dropped.get_mut(place as usize) {
                    *count += frames;
                }
                return Ok(Some(Dropped { from, until, frames }));
            }
            News::Hep(tally) => self.hep.add(&tally),
            News::Up => {
                source.up = true;
                tracing::info!(source = source.name, "source is there");
            }
            News::Gone(why) => {
                self.merge.progress(id, None);
                source.up = false;
                source.outages += 1;
                tracing::warn!(source = source.name, why, "source is gone; it is looked for every second");
            }
            News::Damaged(why) => {
                source.files_damaged += 1;
                tracing::warn!(source = source.name, why, "file is damaged; it was read as far as it goes");
            }
        }
        Ok(None)
    }

    /// The next frames whose time has come.
    pub fn next_batch(&mut self, now: Nanos) -> Option<Batch<'_>> {
        self.merge.next_batch(now)
    }

    /// Gives the room of frames that were read back to the sources.
    pub fn give_back(&mut self) {
        while let Some(frames) = self.merge.empty() {
            // Where there is room enough already, this one is let go.
            let _ = self.back.try_send(frames);
        }
    }

    /// Lets the outside see how the sources fare, and the log what was lost since it was told before.
    pub fn publish(&mut self) {
        for source in &mut self.sources {
            let name = source.name.as_str();
            self.metrics.level(&SOURCE_UP, &[name], f64::from(u8::from(source.up)));
            self.metrics.total(&SOURCE_OUTAGES, &[name], source.outages);
            self.metrics.total(&FILES_DAMAGED, &[name], source.files_damaged);
            if let Some(guests) = &mut source.guests {
                self.metrics.level(&HEP_CONNECTIONS, &[name], guests.connections.open() as f64);
                for why in Closed::ALL {
                    self.metrics.total(&HEP_CLOSED, &[name, why.name()], guests.connections.closed(why));
                }
                guests.tell(name, tap::now());
            }
            self.metrics.total(&SOURCE_FRAMES, &[name], source.frames);
            for (place, count) in Place::ALL.into_iter().zip(source.dropped) {
                self.metrics.total(&SOURCE_DROPPED, &[name, place.name()], count);
            }
            let dropped: u64 = source.dropped.iter().sum();
            let since = dropped - std::mem::replace(&mut source.told, dropped);
            if since > 0 {
                tracing::warn!(source = name, frames = since, "frames were lost before they were read");
            }
        }
        let hep = &self.hep;
        for (result, count) in [
            ("frame", hep.frames),
            ("malformed", hep.malformed),
            ("key_refused", hep.key_refused),
            ("log", hep.logs),
            ("other_protocol", hep.others),
            ("inflate_failed", hep.inflate_failed),
            ("report_malformed", hep.report_malformed),
        ] {
            self.metrics.total(&HEP_PACKETS, &[result], count);
        }
        self.metrics.total(&HEP_SKEWED, &[], hep.skewed);
    }

    /// What became of HEP packets.
    pub const fn hep(&self) -> &hep::Tally {
        &self.hep
    }
}
