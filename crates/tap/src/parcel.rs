//! What sources hand over, and the channel they hand it over by.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, SendTimeoutError, Sender, TrySendError, bounded};
use link::Frames;
use types::Nanos;

/// Parcels that wait to be taken: of at most 256 frames or 1 MiB each, so 64 MiB at the worst.
pub const PARCELS_MAX: usize = 64;

/// How often a source that waits looks whether it is to stop.
pub(crate) const LOOK: Duration = Duration::from_millis(100);

/// Which source: its place among those that were set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceId(pub u16);

/// Something from a source.
#[derive(Debug)]
pub struct Parcel {
    /// Whose it is.
    pub source: SourceId,
    /// When it was handed over.
    pub arrived: Nanos,
    /// What it is.
    pub news: News,
}

/// What a source has to say.
#[derive(Debug)]
pub enum News {
    /// Frames, in its order.
    Frames(Frames),
    /// It has read all that came before this.
    ReadTo(Nanos),
    /// Frames that were lost, and where.
    Dropped(Drops),
    /// What came of HEP packets, since it was said before.
    Hep(hep::Tally),
    /// It is there.
    Up,
    /// It is gone, and why; it is looked for again.
    Gone(String),
    /// A file of a folder that could not be read to its end, and why.
    Damaged(String),
}

/// Frames that were lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drops {
    /// Where.
    pub place: Place,
    /// Not before this.
    pub from: Nanos,
    /// Not after this.
    pub until: Nanos,
    /// How many.
    pub frames: u64,
}

/// Where frames are lost before anybody has seen them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The network card or its driver.
    Interface,
    /// The kernel's ring, since it was not emptied in time.
    Ring,
    /// The buffer of a socket, for the same reason.
    Socket,
    /// The host that made a capture, as that says.
    Host,
}

impl Place {
    /// All places.
    pub const ALL: [Self; 4] = [Self::Interface, Self::Ring, Self::Socket, Self::Host];

    /// The word in metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Interface => "interface",
            Self::Ring => "ring",
            Self::Socket => "socket",
            Self::Host => "host",
        }
    }
}

/// Whether sources are to stop: said once, heard by all.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks all sources to stop.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether they were asked to.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Where a source puts its parcels.
#[derive(Clone, Debug)]
pub struct Outbox {
    source: SourceId,
    parcels: Sender<Parcel>,
    /// Frames that were read, whose room is taken again.
    empty: Receiver<Frames>,
    stop: Stop,
}

/// A channel from sources to who reads them: what makes an outbox for each, the parcels, and where read frames go back to.
pub fn channel(stop: &Stop) -> (impl Fn(SourceId) -> Outbox + use<>, Receiver<Parcel>, Sender<Frames>) {
    let (parcels, taken) = bounded(PARCELS_MAX);
    let (back, empty) = bounded(PARCELS_MAX);
    let stop = stop.clone();
    let outbox = move |source| Outbox { source, parcels: parcels.clone(), empty: empty.clone(), stop: stop.clone() };
    (outbox, taken, back)
}

impl Outbox {
    /// Room for frames.
    pub(crate) fn room(&self) -> Frames {
        self.empty.try_recv().unwrap_or_default()
    }

    /// Whether the source is to stop.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.is_asked()
    }

    /// Hands over, and waits for room; `false` where nobody takes parcels any more.
    pub(crate) fn put(&self, news: News) -> bool {
        let mut parcel = self.parcel(news);
        loop {
            match self.parcels.send_timeout(parcel, LOOK) {
                Ok(()) => return true,
                Err(SendTimeoutError::Timeout(back)) => parcel = back,
                Err(SendTimeoutError::Disconnected(_)) => return false,
            }
        }
    }

    /// Hands over without holding up the thread that a task runs on; `false` as above.
    pub(crate) async fn post(&self, news: News) -> bool {
        let mut parcel = self.parcel(news);
        loop {
            match self.parcels.try_send(parcel) {
                Ok(()) => return true,
                Err(TrySendError::Full(back)) => parcel = back,
                Err(TrySendError::Disconnected(_)) => return false,
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    fn parcel(&self, news: News) -> Parcel {
        Parcel { source: self.source, arrived: crate::now(), news }
    }
}
