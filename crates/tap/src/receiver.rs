//! HEP senders: a socket each way they may send, UDP, TCP or TLS.
//!
//! Tasks of tokio read them; calls and frames are other threads' work. A sender over TCP is held up where frames are not taken
//! fast enough. Over UDP the kernel drops, and says how many. A connection that stops in the middle of a packet is closed.

use std::io;
use std::net::SocketAddr;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::time::Duration;

use hep::{Intake, IntakeConfig, Stream};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use types::Nanos;

use crate::parcel::{Drops, LOOK, News, Outbox, Place};

/// Connections of one receiver at once; a further one waits to be accepted.
pub const CONNECTIONS_MAX: usize = 1_024;

/// Bytes asked for as the buffer of a UDP socket; the system may give less (`net.core.rmem_max`).
const SOCKET_BYTES: usize = 16 << 20;
/// Bytes read of a connection at once.
const READ_BYTES: usize = 64 << 10;
/// How long a connection may take over its greeting, or stop in the middle of a packet.
const STALLED_MAX: Duration = Duration::from_secs(30);
/// How often the kernel is asked what it dropped.
const SECOND: Duration = Duration::from_secs(1);

/// How senders reach a receiver.
#[derive(Clone)]
pub enum Transport {
    /// A packet a datagram.
    Udp,
    /// Packets of version 3 one after another.
    Tcp,
    /// The same under TLS.
    Tls(Arc<ServerConfig>),
}

/// How HEP is received.
#[derive(Clone)]
pub struct ReceiverConfig {
    /// Where.
    pub address: SocketAddr,
    /// How.
    pub transport: Transport,
    /// From whom.
    pub intake: IntakeConfig,
}

enum Listening {
    Datagrams(UdpSocket),
    Connections(TcpListener, Option<TlsAcceptor>),
}

/// A socket that is open for senders.
pub struct Receiver {
    listening: Listening,
    intake: IntakeConfig,
}

impl Receiver {
    /// Opens the socket. To be called where a tokio runtime is at hand.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(config: ReceiverConfig) -> io::Result<Self> {
        let ReceiverConfig { address, transport, intake } = config;
        let kind = if matches!(transport, Transport::Udp) { Type::DGRAM } else { Type::STREAM };
        let protocol = if kind == Type::DGRAM { Protocol::UDP } else { Protocol::TCP };
        let socket = Socket::new(Domain::for_address(address), kind, Some(protocol))?;
        socket.set_nonblocking(true)?;
        if address.is_ipv6() {
            socket.set_only_v6(true)?;
        }
        let listening = if kind == Type::DGRAM {
            // What the system gives is enough to go on with.
            let _ = socket.set_recv_buffer_size(SOCKET_BYTES);
            socket.bind(&address.into())?;
            Listening::Datagrams(UdpSocket::from_std(socket.into())?)
        } else {
            socket.set_reuse_address(true)?;
            socket.bind(&address.into())?;
            socket.listen(128)?;
            let tls = match transport {
                Transport::Tls(config) => Some(TlsAcceptor::from(config)),
                Transport::Udp | Transport::Tcp => None,
            };
            Listening::Connections(TcpListener::from_std(socket.into())?, tls)
        };
        Ok(Self { listening, intake })
    }

    /// Where it listens: the port that was given where any was asked for.
    ///
    /// # Errors
    /// What the system says.
    pub fn address(&self) -> io::Result<SocketAddr> {
        match &self.listening {
            Listening::Datagrams(socket) => socket.local_addr(),
            Listening::Connections(listener, _) => listener.local_addr(),
        }
    }

    /// Receives until it is to stop.
    pub async fn run(self, outbox: Outbox) {
        if !outbox.post(News::Up).await {
            return;
        }
        match self.listening {
            Listening::Datagrams(socket) => datagrams(&socket, Desk::new(self.intake, outbox)).await,
            Listening::Connections(listener, tls) => connections(&listener, tls.as_ref(), &self.intake, &outbox).await,
        }
    }
}

/// Where packets are taken in, of one socket or of one connection.
struct Desk {
    intake: Intake,
    told: hep::Tally,
    outbox: Outbox,
}

impl Desk {
    fn new(config: IntakeConfig, outbox: Outbox) -> Self {
        Self { intake: Intake::new(config), told: hep::Tally::default(), outbox }
    }

    /// Hands over frames, and what came of the packets; `false` where nobody takes them any more.
    async fn hand_over(&mut self, frames: link::Frames) -> bool {
        let tally = self.intake.tally();
        let since = tally.since(&std::mem::replace(&mut self.told, tally));
        (frames.is_empty() || self.outbox.post(News::Frames(frames)).await)
            && (since == hep::Tally::default() || self.outbox.post(News::Hep(since)).await)
    }
}

async fn datagrams(socket: &UdpSocket, mut desk: Desk) {
    let mut buffer = vec![0; hep::PACKET_BYTES_MAX];
    let (mut dropped, mut asked, mut up) = (dropped_of(socket).unwrap_or_default(), crate::now(), true);
    while !desk.outbox.is_stopped() {
        let mut frames = desk.outbox.room();
        if let Ok(received) = timeout(LOOK, socket.readable()).await {
            let received = received.and_then(|()| {
                while !frames.is_full() {
                    match socket.try_recv(&mut buffer) {
                        Ok(length) => {
                            desk.intake.take(buffer.get(..length).unwrap_or_default(), crate::now(), &mut frames);
                        }
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                        // Somebody's earlier answer was refused: no concern of a receiver.
                        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok(())
            });
            let news = match received {
                Ok(()) if !up => Some(News::Up),
                Err(error) if up => Some(News::Gone(error.to_string())),
                Ok(()) => None,
                // It may be that a socket that fails is ready all the time.
                Err(_) => {
                    tokio::time::sleep(LOOK).await;
                    None
                }
            };
            if let Some(news) = news {
                up = !up;
                if !desk.outbox.post(news).await {
                    return;
                }
            }
        }
        if !desk.hand_over(frames).await {
            return;
        }
        let now = crate::now();
        if now.since(asked) >= SECOND || now < asked {
            let drops = dropped_of(socket).unwrap_or(dropped);
            let frames = drops.wrapping_sub(std::mem::replace(&mut dropped, drops));
            // The clock may have been set back.
            let from = std::mem::replace(&mut asked, now).min(now);
            let drops = Drops { place: Place::Socket, from, until: now, frames };
            if frames > 0 && !desk.outbox.post(News::Dropped(drops)).await {
                return;
            }
        }
    }
}

/// Datagrams that the kernel had no room for, as `/proc/net/udp` says of the socket.
fn dropped_of(socket: &UdpSocket) -> Option<u64> {
    let inode = std::fs::metadata(format!("/proc/self/fd/{}", socket.as_raw_fd())).ok()?.ino().to_string();
    let table = if socket.local_addr().ok()?.is_ipv4() { "/proc/self/net/udp" } else { "/proc/self/net/udp6" };
    let table = std::fs::read_to_string(table).ok()?;
    let row = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let row = row.skip(1).find(|columns| columns.get(9) == Some(&inode.as_str()))?;
    row.last()?.parse().ok()
}

async fn connections(listener: &TcpListener, tls: Option<&TlsAcceptor>, intake: &IntakeConfig, outbox: &Outbox) {
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    while !outbox.is_stopped() {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
        let accepted = loop {
            match timeout(LOOK, listener.accept()).await {
                _ if outbox.is_stopped() => return,
                Ok(Ok((accepted, _))) => break accepted,
                // Out of descriptors, or the sender is gone already: others may still come.
                Ok(Err(_)) => tokio::time::sleep(LOOK).await,
                Err(_) => {}
            }
        };
        let (tls, desk) = (tls.cloned(), Desk::new(intake.clone(), outbox.clone()));
        tokio::spawn(async move {
            match tls {
                None => packets(accepted, desk).await,
                Some(tls) => {
                    if let Ok(Ok(greeted)) = timeout(STALLED_MAX, tls.accept(accepted)).await {
                        packets(greeted, desk).await;
                    }
                }
            }
            drop(permit);
        });
    }
}

/// Reads a connection to its end.
async fn packets(mut connection: impl AsyncRead + Unpin, mut desk: Desk) {
    let (mut buffer, mut stream, mut since) = (vec![0; READ_BYTES], Stream::default(), crate::now());
    while !desk.outbox.is_stopped() {
        let read = match timeout(LOOK, connection.read(&mut buffer)).await {
            Err(_) if stream.is_cut() && crate::now().since(since) > STALLED_MAX => break,
            Err(_) => continue,
            Ok(Ok(read)) if read > 0 => read,
            Ok(_) => break,
        };
        stream.on_bytes(buffer.get(..read).unwrap_or_default());
        since = crate::now();
        match take_all(&mut stream, &mut desk, since).await {
            Some(true) => {}
            Some(false) => break,
            None => return,
        }
    }
    if stream.is_cut() {
        desk.intake.refuse();
    }
    let _ = desk.hand_over(link::Frames::default()).await;
}

/// Takes in all whole packets; whether more can follow, `None` where nobody takes frames any more.
async fn take_all(stream: &mut Stream, desk: &mut Desk, received: Nanos) -> Option<bool> {
    let mut sound = true;
    loop {
        let mut frames = desk.outbox.room();
        let more = loop {
            match stream.next_packet() {
                Ok(Some(packet)) => desk.intake.take(packet, received, &mut frames),
                Ok(None) => break false,
                Err(hep::Astray) => {
                    sound = false;
                    break false;
                }
            }
            if frames.is_full() {
                break true;
            }
        };
        if !desk.hand_over(frames).await {
            return None;
        }
        if !more {
            return Some(sound);
        }
    }
}
