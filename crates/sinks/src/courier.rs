//! The courier of one sink: takes what waits, hands it to the outlet, and when that fails or takes long brings what waits to disk and
//! tries again, with pauses that grow. It ends when it is told to, after a last attempt, and leaves the rest on disk.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep_until};

use crate::backoff::Backoff;
use crate::hold::Hold;
use crate::outlet::{Delivery, Outlet};
use crate::tally::{Counters, What};

/// A delivery that takes longer is slow: what waits meanwhile goes to disk.
const SLOW: Duration = Duration::from_secs(1);

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
    pub hold: Hold,
    pub outlet: Outlet,
    pub counters: Arc<Counters>,
    pub backoff: Backoff,
    pub orders: UnboundedReceiver<Order>,
    /// When it ends, once it has been told.
    pub closes: Option<Instant>,
    /// It has been told to open again what is open, and has not yet.
    pub reopens: bool,
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
                self.hold.settle(&delivery.fates).await;
                self.counters.says(delivery.refusal.as_deref().unwrap_or_default());
                delivery.failure
            };
            match failure {
                None => self.backoff.reset(),
                Some(why) => {
                    if !why.is_empty() {
                        self.counters.failed(&why);
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
        if self.outlet.due().is_some_and(|due| due <= Instant::now())
            && let Err(why) = self.outlet.on_time().await
        {
            self.counters.failed(&why);
        }
    }

    /// Delivers, while what arrives goes to disk once that takes long.
    async fn deliver(&mut self, items: &[Arc<crate::item::Item>]) -> Delivery {
        let (hold, orders, closes, reopens) = (&mut self.hold, &mut self.orders, &mut self.closes, &mut self.reopens);
        let began = Instant::now();
        let mut delivering = pin!(self.outlet.deliver(items));
        let mut slow = false;
        loop {
            let deadline = *closes;
            let woken = tokio::select! {
                biased;
                delivery = &mut delivering => return delivery,
                () = until(deadline) => return Delivery::failed("not in time".to_owned()),
                order = orders.recv(), if deadline.is_none() => {
                    obey(order, closes, reopens);
                    Woken::Order
                }
                () = hold.inbox.arrival() => Woken::Arrival,
                () = sleep_until(began + SLOW), if !slow => {
                    slow = true;
                    Woken::Time
                }
            };
            let behind = slow || hold.uses_disk() || hold.inbox.is_half_full();
            if behind && !matches!(woken, Woken::Order) {
                hold.park().await;
            }
        }
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
