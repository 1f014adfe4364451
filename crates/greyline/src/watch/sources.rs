//! The sources that were asked for, open, each with its thread or task.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use config::{Address, Capture, Known, Listen};
use hep::IntakeConfig;
use metrics::Metrics;
use tap::{
    Folder, FolderConfig, Interface, InterfaceConfig, Outbox, Receiver, ReceiverConfig, SourceId, Stop, Transport,
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

/// Opens all sources, and begins to read them once all are open.
///
/// # Errors
/// The first that cannot be opened, or that there are none.
pub fn open(known: &Known, runtime: &Runtime, stop: &Stop, metrics: &Arc<Metrics>) -> Result<Feed, Failure> {
    let (capture, listen) = (&known.config().capture, &known.config().listen);
    let mut names = Vec::new();
    let mut opened = Vec::new();
    let sockets = usize::from(capture.workers.max(2) - 1);
    for name in &capture.interfaces {
        let shared = Interface::open_shared(&interface(name, capture), sockets);
        opened.extend(shared.map_err(|why| Failure::Source(name.clone(), why))?.into_iter().map(Opened::Interface));
        names.push(name.clone());
        names.extend((2..=sockets).map(|number| format!("{name} #{number}")));
    }
    let mut add = |name: String, source: Result<Opened, String>| {
        opened.push(source.map_err(|why| Failure::Source(name.clone(), why))?);
        names.push(name);
        Ok(())
    };
    for folder in &capture.folders {
        add(folder.clone(), Folder::open(self::folder(folder, capture)).map(Opened::Folder))?;
    }
    for (how, address, transport) in receivers(listen)? {
        let config = ReceiverConfig { address: address.get(), transport, intake: intake(listen)? };
        let _inside = runtime.enter();
        let receiver = Receiver::open(config).and_then(|receiver| Ok((receiver.address()?, receiver)));
        // The port is the one that was given, where any was asked for.
        let name = receiver.as_ref().map_or(address.get(), |&(at, _)| at);
        add(
            format!("{how} {name}"),
            receiver.map(|(_, open)| Opened::Receiver(open)).map_err(|error| error.to_string()),
        )?;
    }
    if opened.is_empty() {
        return Err(Failure::NoSource);
    }
    sandbox::drop_privileges(known.config())?;
    let keeps_time = opened.iter().any(|source| !matches!(source, Opened::Folder(_)));
    if keeps_time && !capture.folders.is_empty() {
        tracing::warn!("what lies in a folder was captured before what a link shows now: its calls are judged late");
    }
    let (outboxes, parcels, back) = tap::channel(stop);
    for ((id, source), name) in (0..).map(SourceId).zip(opened).zip(&names) {
        begin(source, name, outboxes(id), runtime, known)?;
    }
    let bound = Duration::from_millis(capture.merge_ms.into());
    Ok(Feed::new(names, keeps_time, bound, (parcels, back), Arc::clone(metrics)))
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
    let key = match &listen.hep_key {
        None => None,
        Some(file) => {
            let bytes = files::read(Path::new(file), KEY_BYTES_MAX, "key")?;
            let line = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
            Some(line.trim_ascii().to_vec())
        }
    };
    Ok(IntakeConfig { key, skew_max: Duration::from_secs(listen.hep_skew_secs_max.into()) })
}
