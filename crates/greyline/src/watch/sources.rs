//! The sources that were asked for, open, each with its thread or task.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use config::{Address, Capture, Known, Listen};
use hep::IntakeConfig;
use metrics::Metrics;
use tap::{
    CONNECTIONS_MAX, Connections, Folder, FolderConfig, Interface, InterfaceConfig, Outbox, Receiver, ReceiverConfig,
    SourceId, Stop, Transport,
};
use tokio::runtime::Runtime;

use crate::failure::Failure;
use crate::files;
use crate::watch::feed::Feed;
use crate::watch::sandbox;
use crate::watch::tls;

/// Bytes of a key file that are looked at.
const KEY_BYTES_MAX: u64 = 4_096;

/// A source that is open and not yet read.
enum Opened {
    Interface(Interface),
    Folder(Folder),
    Receiver(Receiver),
}

/// Sources that are set up, and what they are called.
#[derive(Default)]
struct Sources {
    opened: Vec<Opened>,
    named: Vec<(String, Option<Connections>)>,
    /// The first that is not there now, and why.
    absent: Option<(String, String)>,
}

impl Sources {
    fn add(&mut self, name: String, source: Opened) {
        let connections = match &source {
            Opened::Receiver(receiver) => receiver.connections(),
            Opened::Interface(_) | Opened::Folder(_) => None,
        };
        self.named.push((name, connections));
        self.opened.push(source);
    }

    fn interfaces(&mut self, capture: &Capture) -> Result<(), Failure> {
        let sockets = usize::from(capture.workers.max(2) - 1);
        for name in &capture.interfaces {
            let shared = Interface::open_shared(&interface(name, capture), sockets);
            let shared = shared.map_err(|why| Failure::Source(name.clone(), why.to_string()))?;
            for (number, interface) in (1..).zip(shared) {
                if let Some(why) = interface.absent() {
                    self.absent.get_or_insert_with(|| (name.clone(), why.to_owned()));
                }
                let name = if number == 1 { name.clone() } else { format!("{name} #{number}") };
                self.add(name, Opened::Interface(interface));
            }
        }
        Ok(())
    }

    /// Each has to be there: what comes later lies outside what the sandbox leaves in reach.
    fn folders(&mut self, capture: &Capture) -> Result<(), Failure> {
        for path in &capture.folders {
            let folder = Folder::open(folder(path, capture)).map_err(|why| Failure::Source(path.clone(), why))?;
            self.add(path.clone(), Opened::Folder(folder));
        }
        Ok(())
    }

    fn receivers(&mut self, listen: &Listen, runtime: &Runtime) -> Result<(), Failure> {
        for (how, address, transport) in receivers(listen)? {
            let (address, intake) = (address.get(), intake(listen)?);
            let config = ReceiverConfig { address, transport, intake, connections_max: CONNECTIONS_MAX };
            let _inside = runtime.enter();
            let receiver = Receiver::open(config).and_then(|receiver| Ok((receiver.address()?, receiver)));
            // The port is the one that was given, where any was asked for.
            let (at, receiver) =
                receiver.map_err(|error| Failure::Source(format!("{how} {address}"), error.to_string()))?;
            self.add(format!("{how} {at}"), Opened::Receiver(receiver));
        }
        Ok(())
    }
}

/// Opens all sources, and begins to read them. One that is not there now is looked for until it comes, where another is.
///
/// # Errors
/// The first that no waiting would open, that none is there, or that none was named.
pub fn open(known: &Known, runtime: &Runtime, stop: &Stop, metrics: &Arc<Metrics>) -> Result<Feed, Failure> {
    let (capture, listen) = (&known.config().capture, &known.config().listen);
    let mut sources = Sources::default();
    sources.interfaces(capture)?;
    sources.folders(capture)?;
    sources.receivers(listen, runtime)?;
    let Sources { opened, named, absent } = sources;
    if opened.is_empty() {
        return Err(Failure::NoSource);
    }
    let is_there = |source: &Opened| !matches!(source, Opened::Interface(interface) if interface.absent().is_some());
    if !opened.iter().any(is_there)
        && let Some((name, why)) = absent
    {
        return Err(Failure::Source(name, why));
    }
    sandbox::drop_privileges(known.config())?;
    let keeps_time = opened.iter().any(|source| !matches!(source, Opened::Folder(_)));
    if keeps_time && !capture.folders.is_empty() {
        tracing::warn!("what lies in a folder was captured before what a link shows now: its calls are judged late");
    }
    let (outboxes, parcels, back) = tap::channel(stop);
    for ((id, source), (name, _)) in (0..).map(SourceId).zip(opened).zip(&named) {
        begin(source, name, outboxes(id), runtime, known)?;
    }
    let bound = Duration::from_millis(capture.merge_ms.into());
    Ok(Feed::new(named, keeps_time, bound, (parcels, back), Arc::clone(metrics)))
}

/// Begins to read a source.
fn begin(source: Opened, name: &str, outbox: Outbox, runtime: &Runtime, known: &Known) -> Result<(), Failure> {
    let begun = thread::Builder::new().name(format!("greyline {name}"));
    let begun = match source {
        Opened::Interface(interface) => begun.spawn(move || interface.run(&outbox)).map(drop),
        Opened::Folder(folder) => {
            let config = known.config().clone();
            let run = move || {
                sandbox::shut_off(&config);
                folder.run(&outbox);
            };
            begun.spawn(run).map(drop)
        }
        Opened::Receiver(receiver) => {
            runtime.spawn(receiver.run(outbox));
            Ok(())
        }
    };
    begun.map_err(|error| Failure::Source(name.to_owned(), error.to_string()))
}

fn interface(name: &str, capture: &Capture) -> InterfaceConfig {
    InterfaceConfig {
        name: name.to_owned(),
        snaplen: capture.snaplen_bytes,
        ring_bytes: capture.ring_mib << 20,
        block: Duration::from_millis(capture.block_ms.into()),
        promiscuous: capture.promiscuous,
        card_stamps: capture.card_timestamps,
        filter: capture.filter.clone(),
    }
}

fn folder(path: &str, capture: &Capture) -> FolderConfig {
    let settle = Duration::from_secs(capture.folder_settle_secs.into());
    FolderConfig { path: path.into(), settle, map: capture.map }
}

/// Every socket for HEP: how it is told of, where it is, what it speaks.
fn receivers(listen: &Listen) -> Result<Vec<(&'static str, Address, Transport)>, Failure> {
    let mut sockets: Vec<_> = listen.hep_udp.iter().map(|&address| ("hep udp", address, Transport::Udp)).collect();
    sockets.extend(listen.hep_tcp.iter().map(|&address| ("hep tcp", address, Transport::Tcp)));
    if !listen.hep_tls.is_empty() {
        let config = tls::server(listen)?;
        sockets.extend(listen.hep_tls.iter().map(|&address| ("hep tls", address, Transport::Tls(Arc::clone(&config)))));
    }
    Ok(sockets)
}

fn intake(listen: &Listen) -> Result<IntakeConfig, Failure> {
    let key = listen.hep_key.as_deref().map(|file| key(Path::new(file))).transpose()?;
    Ok(IntakeConfig { key, skew_max: Duration::from_secs(listen.hep_skew_secs_max.into()) })
}

/// The key that senders show: the first line of a file. An empty one would be shown by whoever shows none.
///
/// # Errors
/// That it cannot be read, or holds no key.
pub fn key(file: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = files::read(file, KEY_BYTES_MAX, "key")?;
    let key = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default().trim_ascii().to_vec();
    if key.is_empty() {
        let why = io::Error::new(io::ErrorKind::InvalidData, "its first line is empty: a key is what stands there");
        return Err(Failure::Unread(file.to_owned(), why));
    }
    Ok(key)
}
