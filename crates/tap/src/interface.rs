//! A mirrored interface, read by a thread of its own.
//!
//! The kernel hands over blocks of packets (TPACKET_V3). One that is not full is handed over after [`InterfaceConfig::block`]:
//! a packet waits so long at most. The thread sleeps in `poll` and looks up ten times a second, since a blocking read of
//! libpcap does not wake when traffic stops. It does not use `immediate_mode`, which costs four times the CPU.

use std::os::fd::AsFd;
use std::time::Duration;

use link::{BATCH_FRAMES_MAX, Frame, LinkType};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use pcap::{Active, Capture, Precision, Stat, TimestampType};
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

/// An interface that is open.
pub struct Interface {
    config: InterfaceConfig,
    capture: Capture<Active>,
    link: LinkType,
    /// The sockets that it shares the packets with.
    group: Option<Group>,
}

impl Interface {
    /// Opens an interface.
    ///
    /// # Errors
    /// What the system says: no such interface, no right to (`CAP_NET_RAW` is needed), no such filter.
    pub fn open(config: InterfaceConfig) -> Result<Self, String> {
        let told = |error: pcap::Error| match error {
            pcap::Error::PcapError(said) => said,
            other => other.to_string(),
        };
        let bounded = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
        let block = i32::try_from(config.block.as_millis()).unwrap_or(i32::MAX).max(1);
        let mut asked = Capture::from_device(config.name.as_str())
            .map_err(told)?
            .promisc(config.promiscuous)
            .snaplen(bounded(config.snaplen))
            .buffer_size(bounded(config.ring_bytes))
            .timeout(block)
            .precision(Precision::Nano);
        if config.card_stamps {
            // Where the card has no clock of its own libpcap falls back to the kernel's.
            asked = asked.tstamp_type(TimestampType::AdapterUnsynced);
        }
        let mut capture = asked.open().map_err(told)?.setnonblock().map_err(told)?;
        if let Some(filter) = &config.filter {
            let filter =
                if capture.get_datalink() == pcap::Linktype::ETHERNET { tagged_too(filter) } else { filter.clone() };
            capture.filter(&filter, true).map_err(told)?;
        }
        let link = LinkType::in_file(u32::try_from(capture.get_datalink().0).unwrap_or(u32::MAX));
        Ok(Self { config, capture, link, group: None })
    }

    /// Opens an interface so many times, each with a ring of its own, for as many threads to share its packets by flow.
    ///
    /// # Errors
    /// As [`Interface::open`].
    pub fn open_shared(config: &InterfaceConfig, sockets: usize) -> Result<Vec<Self>, String> {
        let mut shared = vec![Self::open(config.clone())?];
        if sockets > 1
            && let Some(first) = shared.first_mut()
        {
            let group = Group::begin(&first.capture).map_err(not_shared)?;
            first.group = Some(group);
            for _ in 1..sockets {
                shared.push(Self::open_again(config.clone(), Some(group))?);
            }
        }
        Ok(shared)
    }

    /// Opens an interface, to share it as before.
    fn open_again(config: InterfaceConfig, group: Option<Group>) -> Result<Self, String> {
        let open = Self { group, ..Self::open(config)? };
        if let Some(group) = group {
            group.join(&open.capture).map_err(not_shared)?;
        }
        Ok(open)
    }

    /// Reads until it is to stop. An interface that goes away is looked for again every second.
    pub fn run(self, outbox: &Outbox) {
        let (config, group, mut next) = (self.config.clone(), self.group, Some(self));
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
                    next = Self::open_again(config.clone(), group).ok();
                }
            }
        }
    }

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
                if self.group.is_some() && !outbox.put(News::ReadTo(now.before(in_the_ring))) {
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
        let wait = if self.group.is_some() { self.config.block.min(LOOK) } else { LOOK };
        let wait = PollTimeout::from(u8::try_from(wait.as_millis()).unwrap_or(u8::MAX));
        let mut ready = [PollFd::new(self.capture.as_fd(), PollFlags::POLLIN)];
        match poll(&mut ready, wait) {
            Ok(_) | Err(Errno::EINTR) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

fn not_shared(error: Errno) -> String {
    format!("its packets cannot be shared among threads (PACKET_FANOUT): {error}")
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
