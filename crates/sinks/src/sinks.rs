//! All sinks of a configuration: started, offered records, reloaded, closed.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use config::{Numbers, Sink};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use veil::Veil;

use crate::backoff::Backoff;
use crate::courier::{Courier, Order, Refusals};
use crate::hold::Hold;
use crate::inbox::Inbox;
use crate::ordeal::Ordeal;
use crate::outgoing::Outgoing;
use crate::outlet::Outlet;
use crate::secrets::{self, Unusable};
use crate::tally::{Counters, Tally};

/// How long a sink that is changed or removed by a reload may go on delivering what waits.
const RELOAD_GRACE: Duration = Duration::from_secs(5);

/// All sinks of a configuration.
pub struct Sinks {
    handle: Handle,
    folder: PathBuf,
    running: RwLock<Vec<Running>>,
    /// Those that a reload has removed, while they end.
    leaving: Mutex<Vec<JoinHandle<()>>>,
}

/// A sink whose courier works.
struct Running {
    sink: Sink,
    inbox: Arc<Inbox>,
    counters: Arc<Counters>,
    output: &'static str,
    orders: UnboundedSender<Order>,
    courier: JoinHandle<()>,
}

/// A sink that could run: all its files are read.
struct Ready {
    sink: Sink,
    veil: Veil,
    outlet: Outlet,
}

impl Ready {
    fn of(sink: &Sink) -> Result<Self, Unusable> {
        let unusable = |why| Unusable { sink: sink.name.clone(), why };
        let key = match (&sink.numbers, &sink.pseudonym_key_file) {
            (Numbers::Pseudonym, Some(path)) => secrets::pseudonym_key(path).map_err(unusable)?,
            (Numbers::Pseudonym, None) => return Err(unusable("pseudonyms need a key".to_owned())),
            _ => Vec::new(),
        };
        let veil = Veil::new(sink.numbers, &key);
        Ok(Self { sink: sink.clone(), veil, outlet: Outlet::new(sink).map_err(unusable)? })
    }

    /// Reads the files of all, or says what is wrong with any.
    fn all(sinks: &[Sink]) -> Result<Vec<Self>, Vec<Unusable>> {
        let (mut ready, mut unusable) = (Vec::new(), Vec::new());
        for sink in sinks {
            match Self::of(sink) {
                Ok(one) => ready.push(one),
                Err(why) => unusable.push(why),
            }
        }
        if unusable.is_empty() { Ok(ready) } else { Err(unusable) }
    }

    /// Starts it, once the one `before` it, which has its name and goes on in the same folder, has ended.
    fn start(self, handle: &Handle, folder: &Path, before: Option<(Running, Instant)>) -> Running {
        let Self { sink, veil, outlet } = self;
        let counters: Arc<Counters> = before.as_ref().map(|(one, _)| Arc::clone(&one.counters)).unwrap_or_default();
        let mib = |mib: u32| u64::from(mib) << 20;
        let bytes_max = usize::try_from(mib(sink.queue_mib_max)).unwrap_or(usize::MAX);
        let (records_max, spills) = (sink.queue_records_max as usize, sink.spill_mib_max > 0);
        let inbox = Arc::new(Inbox::new(records_max, bytes_max, spills, Arc::clone(&counters)));
        let folder = spills.then(|| (folder.join(&sink.name), mib(sink.spill_mib_max)));
        let (orders, told) = unbounded_channel();
        let output = outlet.name();
        let name: Arc<str> = sink.name.as_str().into();
        let courier = Courier {
            hold: Hold::new(Arc::clone(&name), Arc::clone(&inbox), Arc::clone(&counters), veil, folder),
            name,
            outlet,
            counters: Arc::clone(&counters),
            backoff: Backoff::new(Duration::from_secs(sink.retry_secs_max.into())),
            orders: told,
            closes: None,
            reopens: false,
            ordeal: Ordeal::default(),
            refusals: Refusals::default(),
        };
        let courier = handle.spawn(async move {
            if let Some((before, until)) = before {
                before.end(until).await;
            }
            courier.run().await;
        });
        Running { sink, inbox, counters, output, orders, courier }
    }
}

impl Sinks {
    /// Starts the sinks of a configuration on a runtime; what waits on disk waits under `folder`, for each sink in a folder of its name.
    ///
    /// # Errors
    /// What is wrong with the files that they name. A server that cannot be reached is no error, nor a disk that cannot be written: the
    /// [tally](Self::tallies) tells.
    pub fn start(sinks: &[Sink], handle: &Handle, folder: &Path) -> Result<Self, Vec<Unusable>> {
        let ready = Ready::all(sinks)?.into_iter();
        let running = ready.map(|one| one.start(handle, folder, None)).collect();
        let leaving = Mutex::default();
        Ok(Self { handle: handle.clone(), folder: folder.to_owned(), running: RwLock::new(running), leaving })
    }

    /// Whether these sinks could run: what is wrong with the files that they name.
    ///
    /// # Errors
    /// The same.
    pub fn check(sinks: &[Sink]) -> Result<(), Vec<Unusable>> {
        Ready::all(sinks).map(drop)
    }

    /// Offers a record to every sink that is told of it. It may be called from any thread and never waits for a sink.
    pub fn offer(&self, record: Outgoing) {
        let record = Arc::new(record);
        let running = self.running.read().unwrap_or_else(PoisonError::into_inner);
        for sink in running.iter().filter(|running| record.passes(&running.sink)) {
            sink.counters.offered(record.what());
            sink.inbox.push(Arc::clone(&record));
        }
    }

    /// What each sink has done, in the order of the configuration.
    pub fn tallies(&self) -> Vec<Tally> {
        let running = self.running.read().unwrap_or_else(PoisonError::into_inner);
        running.iter().map(|running| running.counters.tally(&running.sink.name, running.output)).collect()
    }

    /// Goes on with other sinks, at once. Those that stay as they are open their files again; those that change deliver for some seconds
    /// what they have, leave the rest on disk, and begin anew from there, while what is offered waits; those that are removed leave it
    /// there for whoever brings them back.
    ///
    /// # Errors
    /// What is wrong with the files that they name; then all stays as it was.
    pub fn reload(&self, sinks: &[Sink]) -> Result<(), Vec<Unusable>> {
        let mut ready = Ready::all(sinks)?;
        let until = Instant::now() + RELOAD_GRACE;
        let mut running = self.running.write().unwrap_or_else(PoisonError::into_inner);
        let mut ending = Vec::new();
        for one in std::mem::take(&mut *running) {
            match ready.iter().position(|new| new.sink == one.sink) {
                Some(at) => {
                    ready.swap_remove(at);
                    // A courier whose channel is closed has ended, and opens nothing.
                    let _ = one.orders.send(Order::Reopen);
                    running.push(one);
                }
                None => ending.push(one),
            }
        }
        for one in ready {
            let before = ending.iter().position(|old| old.sink.name == one.sink.name).map(|at| ending.swap_remove(at));
            running.push(one.start(&self.handle, &self.folder, before.map(|before| (before, until))));
        }
        running.sort_by_key(|running| sinks.iter().position(|sink| sink.name == running.sink.name));
        let mut leaving = self.leaving.lock().unwrap_or_else(PoisonError::into_inner);
        leaving.retain(|one| !one.is_finished());
        leaving.extend(ending.into_iter().map(|one| self.handle.spawn(one.end(until))));
        Ok(())
    }

    /// Delivers what waits, for `grace` at most, leaves the rest on disk, and ends; says what each sink has done in all. What is offered
    /// after that goes nowhere.
    pub async fn close(&self, grace: Duration) -> Vec<Tally> {
        let until = Instant::now() + grace;
        let running = std::mem::take(&mut *self.running.write().unwrap_or_else(PoisonError::into_inner));
        for one in &running {
            // Whoever has ended already needs no order.
            let _ = one.orders.send(Order::Close(until));
        }
        let mut tallies = Vec::new();
        for one in running {
            let (name, output, counters) = (one.sink.name.clone(), one.output, Arc::clone(&one.counters));
            one.end(until).await;
            tallies.push(counters.tally(&name, output));
        }
        let leaving = std::mem::take(&mut *self.leaving.lock().unwrap_or_else(PoisonError::into_inner));
        for one in leaving {
            // Each ends by itself soon after its own time.
            let _ = one.await;
        }
        tallies
    }
}

/// How long a courier may take to leave what waits on disk.
const PARKING_GRACE: Duration = Duration::from_secs(10);

impl Running {
    /// Ends: by `until` nothing is delivered any more, and soon after all is on disk.
    async fn end(mut self, until: Instant) {
        let _ = self.orders.send(Order::Close(until));
        // One that hangs on a disk that hangs is left.
        if timeout_at(until + PARKING_GRACE, &mut self.courier).await.is_err() {
            self.courier.abort();
        }
    }
}
