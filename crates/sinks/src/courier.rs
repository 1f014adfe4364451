//! The courier of one sink: takes what waits, hands it to the outlet, and when that fails or takes long has what waits brought to disk and
//! tries again, with pauses that grow. It ends when it is told to, after a last attempt, and leaves the rest on disk.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep_until};

use crate::backoff::Backoff;
use crate::hold::Hold;
use crate::item::Item;
use crate::ordeal::{Ordeal, Word, without_numbers};
use crate::outlet::{Delivery, Fate, Outlet};
use crate::tally::{Counters, What};

/// Refused calls that the log names one by one, in so long.
const REFUSED_CALLS_TOLD_MAX: u64 = 10;
const REFUSALS_WHILE: Duration = Duration::from_secs(60);

/// What a courier is told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    /// Open what is open again: files may have been moved.
    Reopen,
    /// Deliver what can be by then, leave the rest on disk, and end.
    Close(Instant),
}

/// The courier of one sink.
pub(crate) struct Courier {
    /// The name of the sink.
    pub name: Arc<str>,
    pub hold: Hold,
    pub outlet: Outlet,
    pub counters: Arc<Counters>,
    pub backoff: Backoff,
    pub orders: UnboundedReceiver<Order>,
    /// When it ends, once it has been told.
    pub closes: Option<Instant>,
    /// It has been told to open again what is open, and has not yet.
    pub reopens: bool,
    /// How deliveries fare, for the log.
    pub ordeal: Ordeal,
    pub refusals: Refusals,
}

/// What ended a wait.
enum Woken {
    Time,
    Arrival,
    Order,
}

impl Courier {
    /// Works until it is told to end.
    pub async fn run(mut self) {
        self.hold.recover().await;
        while self.closes.is_none_or(|closes| Instant::now() < closes) {
            if let Some(over) = self.outlet.rests().filter(|&over| self.closes.is_none() && Instant::now() < over) {
                self.pause(over).await;
                continue;
            }
            let items = self.hold.next(self.outlet.batch_max()).await;
            if items.is_empty() && self.hold.is_empty() {
                if self.closes.is_some() {
                    break;
                }
                self.idle().await;
                continue;
            }
            // What was ordered before the newest of them was offered holds for it.
            while let Ok(order) = self.orders.try_recv() {
                obey(Some(order), &mut self.closes, &mut self.reopens);
            }
            if std::mem::take(&mut self.reopens) {
                self.outlet.reopen().await;
            }
            self.on_time().await;
            let failure = if items.is_empty() {
                // What lies on disk could not be read, and the tally says why.
                Some(String::new())
            } else {
                // An alert lies on disk before it is sent, so that none is lost where this program is killed meanwhile.
                if !self.outlet.is_disk() && !self.hold.uses_disk() && items.iter().any(|item| item.what == What::Alert)
                {
                    self.hold.park().await;
                }
                let delivery = self.deliver(&items).await;
                let refusal = delivery.refusal.as_deref().unwrap_or_default();
                self.refusals.tell(&self.name, &items, &delivery.fates, refusal);
                self.hold.settle(&delivery.fates).await;
                self.counters.says(delivery.refusal.as_deref().unwrap_or_default());
                delivery.failure
            };
            match failure {
                None => {
                    self.backoff.reset();
                    self.works();
                }
                Some(why) => {
                    if !why.is_empty() {
                        self.failed(&why);
                    }
                    self.hold.park().await;
                    let over = Instant::now() + self.backoff.pause();
                    self.pause(over).await;
                }
            }
        }
        self.hold.park().await;
        self.outlet.close().await;
    }

    /// Waits for something to do.
    async fn idle(&mut self) {
        if std::mem::take(&mut self.reopens) {
            self.outlet.reopen().await;
        }
        let due = self.outlet.due();
        let woken = tokio::select! {
            () = self.hold.inbox.arrival() => Woken::Arrival,
            () = until(due) => Woken::Time,
            order = self.orders.recv() => {
                obey(order, &mut self.closes, &mut self.reopens);
                Woken::Order
            }
        };
        if matches!(woken, Woken::Time) {
            self.on_time().await;
        }
    }

    /// Has the outlet do what is due.
    async fn on_time(&mut self) {
        if self.outlet.due().is_none_or(|due| due > Instant::now()) {
            return;
        }
        let work = Work { orders: &mut self.orders, closes: &mut self.closes, reopens: &mut self.reopens };
        if let Some(Err(why)) = work.beside(&mut self.hold, self.outlet.on_time()).await {
            self.failed(&why);
        }
    }

    fn failed(&mut self, why: &str) {
        self.counters.failed(why);
        if let Some(Word { attempts, lasted }) = self.ordeal.failed(why, Instant::now()) {
            let (sink, output, cause, secs) = (&*self.name, self.outlet.name(), without_numbers(why), lasted.as_secs());
            tracing::warn!(sink, output, cause, attempts, secs, "a sink does not take records: they wait");
        }
    }

    fn works(&mut self) {
        if let Some(Word { attempts, lasted }) = self.ordeal.works(Instant::now()) {
            let (sink, output, secs) = (&*self.name, self.outlet.name(), lasted.as_secs());
            tracing::info!(sink, output, attempts, secs, "a sink takes records again");
        }
    }

    /// Delivers.
    async fn deliver(&mut self, items: &[Arc<Item>]) -> Delivery {
        let work = Work { orders: &mut self.orders, closes: &mut self.closes, reopens: &mut self.reopens };
        let delivery = work.beside(&mut self.hold, self.outlet.deliver(items)).await;
        delivery.unwrap_or_else(|| Delivery::failed("not in time".to_owned()))
    }

    /// Waits before the next attempt; what arrives goes to disk.
    async fn pause(&mut self, mut over: Instant) {
        loop {
            let woken = tokio::select! {
                () = sleep_until(over) => return,
                () = self.hold.inbox.arrival() => Woken::Arrival,
                order = self.orders.recv(), if self.closes.is_none() => {
                    obey(order, &mut self.closes, &mut self.reopens);
                    Woken::Order
                }
            };
            match woken {
                Woken::Arrival => self.hold.park().await,
                // Whoever closes or reloads has perhaps mended something: one more attempt at once.
                Woken::Order | Woken::Time => over = Instant::now(),
            }
        }
    }
}

/// Tells the log of records that the other end refused for good: of each alert, and of so many calls in a while.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    /// Since when, and how many calls were refused.
    calls: Option<(Instant, u64)>,
}

impl Refusals {
    fn tell(&mut self, sink: &str, items: &[Arc<Item>], fates: &[Fate], why: &str) {
        let refused = items.iter().zip(fates).filter(|&(_, fate)| *fate == Fate::Refused);
        let cause = without_numbers(why);
        for (item, _) in refused {
            let record = &*item.key;
            if item.what == What::Alert {
                tracing::error!(sink, record, cause, "an alert was refused and is given up for this sink");
            } else if self.tells_call(Instant::now()) {
                tracing::warn!(sink, record, cause, "a call was refused and is given up for this sink");
            }
        }
    }

    /// Whether one more call is told of by itself: others are counted in `greyline_sink_dropped_total`.
    fn tells_call(&mut self, now: Instant) -> bool {
        let (since, count) = self.calls.get_or_insert((now, 0));
        if now.duration_since(*since) >= REFUSALS_WHILE {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        *count <= REFUSED_CALLS_TOLD_MAX
    }
}

/// What a courier hears while its outlet works.
struct Work<'a> {
    orders: &'a mut UnboundedReceiver<Order>,
    closes: &'a mut Option<Instant>,
    reopens: &'a mut bool,
}

impl Work<'_> {
    /// Has the outlet work while `hold` looks after what arrives; nothing where it must end before it is done.
    async fn beside<T>(self, hold: &mut Hold, work: impl Future<Output = T>) -> Option<T> {
        let over = Notify::new();
        let work = async {
            let done = self.until_done(work).await;
            over.notify_one();
            done
        };
        tokio::join!(work, hold.watch(&over)).0
    }

    async fn until_done<T>(self, work: impl Future<Output = T>) -> Option<T> {
        let Self { orders, closes, reopens } = self;
        let mut work = pin!(work);
        loop {
            let deadline = *closes;
            tokio::select! {
                biased;
                done = &mut work => return Some(done),
                () = until(deadline) => return None,
                order = orders.recv(), if deadline.is_none() => obey(order, closes, reopens),
            }
        }
    }
}

async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// Takes an order down; where nobody is left to give one, it ends at once.
fn obey(order: Option<Order>, closes: &mut Option<Instant>, reopens: &mut bool) {
    match order {
        Some(Order::Reopen) => *reopens = true,
        Some(Order::Close(by)) => *closes = Some(by),
        None => *closes = Some(Instant::now()),
    }
}
