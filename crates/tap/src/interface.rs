//! A mirrored interface, read by a thread of its own.
//!
//! The kernel hands over blocks of packets (TPACKET_V3). One that is not full is handed over after [`InterfaceConfig::block`]:
//! a packet waits so long at most. The thread sleeps in `poll` and looks up ten times a second, since a blocking read of
//! libpcap does not wake when traffic stops. It does not use `immediate_mode`, which costs four times the CPU.

use std::fmt;
use std::io;
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use link::{BATCH_FRAMES_MAX, Frame, LinkType};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use pcap::{Active, Capture, Linktype, Precision, Stat, TimestampType};
use socket2::{Domain, Socket, Type};
use types::Nanos;

use crate::fanout::Group;
use crate::parcel::{Drops, LOOK, News, Outbox, Place};

/// How often the kernel is asked what it dropped, and a lost interface is looked for.
const SECOND: Duration = Duration::from_secs(1);

/// How much later than asked for the kernel's timers may run.
const JIFFY: Duration = Duration::from_millis(10);

/// How an interface is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceConfig {
    /// Its name; `any` reads all.
    pub name: String,
    /// Bytes kept of a packet.
    pub snaplen: u32,
    /// Bytes of the kernel's ring.
    pub ring_bytes: u32,
    /// How long the kernel may keep a packet before it hands it over.
    pub block: Duration,
    /// Whether packets for other hosts are taken too, as a mirror port needs.
    pub promiscuous: bool,
    /// Whether the card's clock stamps packets, where it can.
    pub card_stamps: bool,
    /// Only packets that this filter lets through (pcap-filter(7)), tagged ones too.
    pub filter: Option<String>,
}

/// An interface that is to be read, open or looked for.
pub struct Interface {
    config: InterfaceConfig,
    /// What the sockets have in common that share its packets.
    group: Option<Shared>,
    open: Result<Open, String>,
}

/// The group of sockets on one interface, once one of them is open.
type Shared = Arc<Mutex<Option<Group>>>;

/// An interface that is open.
struct Open {
    config: InterfaceConfig,
    capture: Capture<Active>,
    link: LinkType,
    /// Whether it shares the packets with others.
    shares: bool,
}

/// Why an interface could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unopened {
    /// It is not there, or it is down: it may come.
    Absent(String),
    /// This process may open none: no waiting helps.
    Forbidden(String),
    /// It cannot be read as it is asked for.
    Unfit(String),
}

impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Absent(why) | Self::Forbidden(why) | Self::Unfit(why)) = self;
        f.write_str(why)
    }
}

impl Open {
    fn new(config: &InterfaceConfig, group: Option<&Shared>) -> Result<Self, Unopened> {
        let absent = |error: pcap::Error| match may_open() {
            Ok(()) => Unopened::Absent(absence(&config.name, &said(error))),
            Err(error) => Unopened::Forbidden(format!("{error}: {REMEDY}")),
        };
        let unfit = |error: pcap::Error| Unopened::Unfit(said(error));
        let bounded = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
        let block = i32::try_from(config.block.as_millis()).unwrap_or(i32::MAX).max(1);
        let mut asked = Capture::from_device(config.name.as_str())
            .map_err(absent)?
            .promisc(config.promiscuous)
            .snaplen(bounded(config.snaplen))
            .buffer_size(bounded(config.ring_bytes))
            .timeout(block)
            .precision(Precision::Nano);
        if config.card_stamps {
            // Where the card has no clock of its own libpcap falls back to the kernel's.
            asked = asked.tstamp_type(TimestampType::AdapterUnsynced);
        }
        let mut capture = asked.open().map_err(absent)?.setnonblock().map_err(absent)?;
        if let Some(filter) = &config.filter {
            let tagged = capture.get_datalink() == Linktype::ETHERNET;
            let filter = if tagged { tagged_too(filter) } else { filter.clone() };
            capture.filter(&filter, true).map_err(unfit)?;
        }
        if let Some(group) = group {
            share(&capture, group).map_err(|error| {
                Unopened::Unfit(format!("its packets cannot be shared among threads (PACKET_FANOUT): {error}"))
            })?;
        }
        let link = LinkType::in_file(u32::try_from(capture.get_datalink().0).unwrap_or(u32::MAX));
        Ok(Self { config: config.clone(), capture, link, shares: group.is_some() })
    }
}

/// What libpcap says.
fn said(error: pcap::Error) -> String {
    match error {
        pcap::Error::PcapError(said) => said,
        other => other.to_string(),
    }
}

/// What to do where no interface may be opened.
const REMEDY: &str = "reading interfaces takes CAP_NET_RAW: run it as the service that the package installs, by root, or after \
                      `setcap cap_net_raw+ep` of the program";

/// Whether this process may open interfaces at all.
fn may_open() -> io::Result<()> {
    match Socket::new(Domain::PACKET, Type::RAW, None) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(error),
        _ => Ok(()),
    }
}

/// Why an interface is not there, and what to do.
fn absence(name: &str, said: &str) -> String {
    if Path::new("/sys/class/net").join(name).exists() {
        format!("{said} (`ip link set {name} up` sets it up)")
    } else {
        format!("{said} (there is no interface of that name now: `ip link` shows those there are)")
    }
}

/// Has a socket share packets with the others of the group; the first begins it.
fn share(socket: &Capture<Active>, group: &Shared) -> Result<(), Errno> {
    let mut begun = group.lock().unwrap_or_else(PoisonError::into_inner);
    match *begun {
        Some(group) => group.join(socket),
        None => Group::begin(socket).map(|group| *begun = Some(group)),
    }
}

impl Interface {
    /// An interface so many times, each with a ring of its own, for as many threads to share its packets by flow. One that is not there
    /// is looked for until it comes.
    ///
    /// # Errors
    /// What no waiting mends: no right to open it (`CAP_NET_RAW` is needed), no such filter.
    pub fn open_shared(config: &InterfaceConfig, sockets: usize) -> Result<Vec<Self>, Unopened> {
        let group = (sockets > 1).then(Shared::default);
        let open = |_| match Open::new(config, group.as_ref()) {
            Ok(open) => Ok(Self { config: config.clone(), group: group.clone(), open: Ok(open) }),
            Err(Unopened::Absent(why)) => Ok(Self { config: config.clone(), group: group.clone(), open: Err(why) }),
            Err(other) => Err(other),
        };
        (0..sockets.max(1)).map(open).collect()
    }

    /// Why it is not there, where it is not.
    #[must_use]
    pub fn absent(&self) -> Option<&str> {
        self.open.as_ref().err().map(String::as_str)
    }

    /// Reads until it is to stop. An interface that is not there, or goes away, is looked for every second.
    pub fn run(self, outbox: &Outbox) {
        let Self { config, group, open } = self;
        let mut next = match open {
            Ok(open) => Some(open),
            Err(why) => {
                if !outbox.put(News::Gone(why)) {
                    return;
                }
                None
            }
        };
        while !outbox.is_stopped() {
            match next.take() {
                Some(open) => {
                    if !outbox.put(News::Up) {
                        return;
                    }
                    let Some(why) = open.read(outbox) else { return };
                    if !outbox.put(News::Gone(why)) {
                        return;
                    }
                }
                None => {
                    std::thread::sleep(SECOND);
                    next = Open::new(&config, group.as_ref()).ok();
                }
            }
        }
    }
}

impl Open {
    /// Reads until it is to stop (`None`), or until the interface is gone and why.
    fn read(mut self, outbox: &Outbox) -> Option<String> {
        let (mut counted, mut asked) = (Counted::default(), crate::now());
        let mut carries = true;
        // A block that is not full is handed over at the second tick of its timer at the latest.
        let in_the_ring = self.config.block * 2 + JIFFY;
        loop {
            let now = crate::now();
            if now.since(asked) >= SECOND || now < asked {
                if let Ok(stat) = self.capture.stats()
                    && !counted.told(stat, asked, now).all(|drops| outbox.put(News::Dropped(drops)))
                {
                    return None;
                }
                asked = now;
                let before = std::mem::replace(&mut carries, carries_now(&self.config.name));
                if before != carries && !outbox.put(if carries { News::Up } else { News::Gone(NO_LINK.to_owned()) }) {
                    return None;
                }
            }
            if outbox.is_stopped() {
                return None;
            }
            let mut frames = outbox.room();
            let link = self.link;
            let read = self.capture.dispatch(Some(BATCH_FRAMES_MAX), |packet| {
                let stamp = packet.header.ts;
                let secs = u64::try_from(stamp.tv_sec).unwrap_or_default();
                let nanos = u64::try_from(stamp.tv_usec).unwrap_or_default();
                let at = Nanos::from_parts(secs, nanos);
                frames.push(&Frame { at, link, bytes: packet.data, length: packet.header.len });
            });
            match read {
                Ok(_) | Err(pcap::Error::TimeoutExpired) => {}
                Err(error) => return Some(error.to_string()),
            }
            let whole = frames.len() < BATCH_FRAMES_MAX;
            if !frames.is_empty() && !outbox.put(News::Frames(frames)) {
                return None;
            }
            if whole {
                // The others' frames wait for this.
                if self.shares && !outbox.put(News::ReadTo(now.before(in_the_ring))) {
                    return None;
                }
                if let Err(error) = self.wait() {
                    return Some(error.to_string());
                }
            }
        }
    }

    /// Sleeps until there is something to read: a tenth of a second at most, and where others wait for it no longer than the kernel
    /// keeps a packet.
    fn wait(&self) -> Result<(), Errno> {
        let wait = if self.shares { self.config.block.min(LOOK) } else { LOOK };
        let wait = PollTimeout::from(u8::try_from(wait.as_millis()).unwrap_or(u8::MAX));
        let mut ready = [PollFd::new(self.capture.as_fd(), PollFlags::POLLIN)];
        match poll(&mut ready, wait) {
            Ok(_) | Err(Errno::EINTR) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// What is said of an interface that is there and carries nothing: set down, or its cable is out. libpcap waits for it.
const NO_LINK: &str = "it is down, or has no link";

/// Whether an interface could carry something now, as the system says (RFC 2863 ifOperStatus). What it says nothing of could.
fn carries_now(name: &str) -> bool {
    let state = std::fs::read_to_string(format!("/sys/class/net/{name}/operstate")).unwrap_or_default();
    !matches!(state.trim(), "down" | "lowerlayerdown" | "notpresent")
}

/// What the kernel has said so far.
#[derive(Default)]
struct Counted {
    ring: u32,
    interface: u32,
}

impl Counted {
    /// What was dropped since the kernel was asked before. Its counters have 32 bits and begin anew.
    fn told(&mut self, stat: Stat, from: Nanos, until: Nanos) -> impl Iterator<Item = Drops> + use<> {
        let ring = stat.dropped.wrapping_sub(std::mem::replace(&mut self.ring, stat.dropped));
        let interface = stat.if_dropped.wrapping_sub(std::mem::replace(&mut self.interface, stat.if_dropped));
        let drops = [(Place::Ring, ring), (Place::Interface, interface)];
        let drops = drops.map(|(place, frames)| Drops { place, from, until, frames: u64::from(frames) });
        drops.into_iter().filter(|drops| drops.frames > 0)
    }
}

/// A filter that lets tagged packets through too: by itself `udp` silently loses whatever carries a VLAN tag, and each `vlan`
/// moves where everything behind it is looked for.
#[must_use]
pub fn tagged_too(filter: &str) -> String {
    format!("({filter}) or (vlan and ({filter})) or (vlan and vlan and ({filter}))")
}

/// What is wrong with a filter, as an interface of Ethernet would say.
#[must_use]
pub fn filter_flaw(filter: &str) -> Option<String> {
    let dead = Capture::dead(Linktype::ETHERNET).ok()?;
    dead.compile(&tagged_too(filter), true).err().map(said)
}
