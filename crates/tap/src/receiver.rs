//! HEP senders: a socket each way they may send, UDP, TCP or TLS.
//!
//! Tasks of tokio read them; calls and frames are other threads' work. A sender over TCP is held up where frames are not taken
//! fast enough. Over UDP the kernel drops, and says how many.
//!
//! Whoever connects is a newcomer until a packet of his was valid: he has half a minute for that, and where there is no room for
//! another connection the newcomer who has waited longest goes. So senders, who send at once, always get in, whoever else holds
//! connections open. A connection that shows a wrong key, stops in the middle of a packet, or says nothing for an hour is closed.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::time::Duration;

use hep::{Intake, IntakeConfig, Stream};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use types::Nanos;

use crate::connections::{Closed, Connections};
use crate::parcel::{Drops, LOOK, News, Outbox, Place};

/// Connections of one receiver at once.
pub const CONNECTIONS_MAX: usize = 1_024;

/// Bytes asked for as the buffer of a UDP socket; the system may give less (`net.core.rmem_max`).
const SOCKET_BYTES: usize = 16 << 20;
/// Bytes read of a connection at once.
const READ_BYTES: usize = 64 << 10;
/// How long a connection may take over its greeting, or stop in the middle of a packet.
const STALLED_MAX: Duration = Duration::from_secs(30);
/// How long a connection has for its first valid packet, its greeting among it.
const NEWCOMER_MAX: Duration = Duration::from_secs(30);
/// How long a connection that had valid packets may say nothing: a server is quiet for a night, and one that is gone is noticed.
const QUIET_MAX: Duration = Duration::from_secs(3_600);
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
    /// Connections at once.
    pub connections_max: usize,
}

enum Listening {
    Datagrams(UdpSocket),
    Connections(TcpListener, Option<TlsAcceptor>),
}

/// A socket that is open for senders.
pub struct Receiver {
    listening: Listening,
    intake: IntakeConfig,
    connections: Connections,
    connections_max: usize,
}

impl Receiver {
    /// Opens the socket. To be called where a tokio runtime is at hand.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(config: ReceiverConfig) -> io::Result<Self> {
        let ReceiverConfig { address, transport, intake, connections_max } = config;
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
        Ok(Self { listening, intake, connections: Connections::default(), connections_max })
    }

    /// What counts its connections; nothing where it has none.
    #[must_use]
    pub fn connections(&self) -> Option<Connections> {
        matches!(self.listening, Listening::Connections(..)).then(|| self.connections.clone())
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
            Listening::Connections(listener, tls) => {
                let hall = Hall {
                    tls,
                    intake: self.intake,
                    outbox,
                    connections: self.connections,
                    room: Arc::new(Semaphore::new(self.connections_max)),
                    newcomers: VecDeque::new(),
                };
                hall.receive(&listener).await;
            }
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

/// Where connections are let in.
struct Hall {
    tls: Option<TlsAcceptor>,
    intake: IntakeConfig,
    outbox: Outbox,
    connections: Connections,
    room: Arc<Semaphore>,
    /// Those who have sent nothing valid yet, and some who have meanwhile or are gone: the earliest first. Whoever is told through
    /// this has to go.
    newcomers: VecDeque<oneshot::Sender<()>>,
}

impl Hall {
    async fn receive(mut self, listener: &TcpListener) {
        while !self.outbox.is_stopped() {
            match timeout(LOOK, listener.accept()).await {
                Ok(Ok((accepted, _))) => self.let_in(accepted).await,
                // Out of descriptors, or the sender is gone already: others may still come.
                Ok(Err(_)) => tokio::time::sleep(LOOK).await,
                Err(_) => {}
            }
        }
    }

    async fn let_in(&mut self, accepted: TcpStream) {
        if self.room.available_permits() == 0 && !self.make_room() {
            return self.connections.close(Closed::Refused);
        }
        // Whoever was told to go goes at once.
        let Ok(permit) = Arc::clone(&self.room).acquire_owned().await else { return };
        let (go, told) = oneshot::channel();
        self.newcomers.retain(|newcomer| !newcomer.is_closed());
        self.newcomers.push_back(go);
        let (tls, connections) = (self.tls.clone(), self.connections.clone());
        let guest = Guest { desk: Desk::new(self.intake.clone(), self.outbox.clone()), told: Some(told) };
        tokio::spawn(async move {
            let open = connections.opens();
            if let Some(why) = guest.serve(accepted, tls).await {
                connections.close(why);
            }
            drop((open, permit));
        });
    }

    /// Has the newcomer go who has waited longest; whether there is one.
    fn make_room(&mut self) -> bool {
        while let Some(newcomer) = self.newcomers.pop_front() {
            if newcomer.send(()).is_ok() {
                return true;
            }
        }
        false
    }
}

/// A connection that was let in.
struct Guest {
    desk: Desk,
    /// Where it is told to go, while it is a newcomer.
    told: Option<oneshot::Receiver<()>>,
}

impl Guest {
    /// Reads it to its end; why it was closed, where the sender did not.
    async fn serve(mut self, accepted: TcpStream, tls: Option<TlsAcceptor>) -> Option<Closed> {
        let begun = Instant::now();
        let Some(tls) = tls else { return self.packets(accepted, begun).await };
        let greeted = tokio::select! {
            () = told_to_go(&mut self.told) => return Some(Closed::Crowded),
            greeted = timeout(STALLED_MAX, tls.accept(accepted)) => greeted,
        };
        match greeted {
            Ok(Ok(greeted)) => self.packets(greeted, begun).await,
            Ok(Err(_)) => Some(Closed::Malformed),
            Err(_) => Some(Closed::Silent),
        }
    }

    async fn packets(mut self, mut connection: impl AsyncRead + Unpin, begun: Instant) -> Option<Closed> {
        let (mut stream, mut buffer) = (Stream::default(), vec![0; READ_BYTES]);
        let (mut heard, mut valid) = (begun, begun);
        let why = loop {
            if self.desk.outbox.is_stopped() {
                break None;
            }
            let read = tokio::select! {
                () = told_to_go(&mut self.told) => break Some(Closed::Crowded),
                read = timeout(LOOK, connection.read(&mut buffer)) => read,
            };
            let now = Instant::now();
            match read {
                Ok(Ok(read)) if read > 0 => stream.on_bytes(buffer.get(..read).unwrap_or_default()),
                Ok(_) => break None,
                Err(_) => {}
            }
            if read.is_ok() {
                heard = now;
                let before = self.desk.intake.tally().valid();
                let sound = take_all(&mut stream, &mut self.desk, crate::now()).await?;
                let tally = self.desk.intake.tally();
                if tally.key_refused > 0 {
                    break Some(Closed::Key);
                }
                if !sound {
                    break Some(Closed::Malformed);
                }
                if tally.valid() > before {
                    (valid, self.told) = (now, None);
                }
            }
            if self.told.is_some() && now.duration_since(begun) >= NEWCOMER_MAX {
                break Some(Closed::Silent);
            }
            let stalls = stream.is_cut() && now.duration_since(heard) >= STALLED_MAX;
            if stalls || now.duration_since(valid) >= QUIET_MAX {
                break Some(Closed::Idle);
            }
        };
        if stream.is_cut() {
            self.desk.intake.refuse();
        }
        // Nobody takes it where the probe ends.
        let _ = self.desk.hand_over(link::Frames::default()).await;
        why
    }
}

/// Until a newcomer is told to go; who is none is never told.
async fn told_to_go(told: &mut Option<oneshot::Receiver<()>>) {
    if let Some(waiting) = told {
        if waiting.await.is_ok() {
            return;
        }
        // Nobody tells any more: the receiver has ended.
        *told = None;
    }
    std::future::pending().await
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
