//! A syslog server: over UDP (RFC 5426), TCP with octet counting (RFC 6587 §3.4.1), or TLS (RFC 5425).
//!
//! Syslog acknowledges nothing. Over TCP and TLS what was sent is therefore remembered until the connection would have broken if the
//! other end had not got it (`timeout_secs`, as TCP's user timeout), and sent again when it breaks before.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use config::{SinkTls, SyslogSink};
use tokio::io::{AsyncRead as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::UdpSocket;
use tokio::time::{Instant, timeout};

use super::{Delivery, Fate};
use crate::connect::{Connection, Connector};
use crate::item::Item;
use crate::syslog::Writer;

/// The longest datagram of UDP over IPv4.
const DATAGRAM_MAX: usize = 65_507;
/// Bytes of messages that are remembered; past it the oldest is taken for received.
const REMEMBERED_MAX: usize = 4 << 20;

pub(crate) struct SyslogOutlet {
    writer: Writer,
    patience: Duration,
    carrier: Carrier,
}

enum Carrier {
    Udp { host: String, port: u16, socket: Option<UdpSocket> },
    Stream(Box<Stream>),
}

/// A connection, and what was sent over it last.
struct Stream {
    connector: Connector,
    connection: Option<Connection>,
    remembered: VecDeque<(Instant, Arc<Item>)>,
    remembered_bytes: usize,
    /// Of those, the first that go over the next connection first.
    again: usize,
}

impl SyslogOutlet {
    pub fn new(syslog: &SyslogSink, tls: Option<&SinkTls>, patience: Duration) -> Result<Self, String> {
        let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let (url, scheme) = (&syslog.url, syslog.url.scheme());
        let carrier = match scheme {
            "udp" => Carrier::Udp { host: url.host().to_owned(), port: url.port().unwrap_or(514), socket: None },
            _ => {
                let (port, encrypted) = if scheme == "tls" { (6_514, true) } else { (601, false) };
                Carrier::Stream(Box::new(Stream {
                    connector: Connector::new(url, port, encrypted, tls, patience)?,
                    connection: None,
                    remembered: VecDeque::new(),
                    remembered_bytes: 0,
                    again: 0,
                }))
            }
        };
        Ok(Self { writer: Writer::new(syslog, machine.trim()), patience, carrier })
    }

    pub async fn deliver(&mut self, items: &[Arc<Item>]) -> Delivery {
        match &mut self.carrier {
            Carrier::Udp { host, port, socket } => {
                if socket.is_none() {
                    match udp(host, *port).await {
                        Ok(open) => *socket = Some(open),
                        Err(error) => return Delivery::failed(error.to_string()),
                    }
                }
                let Some(open) = socket else { return Delivery::default() };
                let mut delivery = Delivery::default();
                for item in items {
                    let message = self.writer.message(item);
                    if message.len() > DATAGRAM_MAX {
                        delivery.fates.push(Fate::Refused);
                        delivery.refusal = Some(format!("{} bytes are more than a datagram holds", message.len()));
                        continue;
                    }
                    match open.send(&message).await {
                        Ok(_) => delivery.fates.push(Fate::Delivered),
                        Err(error) => {
                            delivery.failure = Some(error.to_string());
                            *socket = None;
                            break;
                        }
                    }
                }
                delivery
            }
            Carrier::Stream(stream) => match timeout(self.patience, stream.send(&mut self.writer, items)).await {
                Ok(Ok(())) => {
                    stream.remember(items, self.patience);
                    Delivery::whole(items.len())
                }
                Ok(Err(error)) => {
                    stream.broke();
                    Delivery::failed(error.to_string())
                }
                Err(_) => {
                    stream.broke();
                    Delivery::failed("not sent in time".to_owned())
                }
            },
        }
    }

    /// When the connection is looked at next: while something is remembered.
    pub fn due(&self) -> Option<Instant> {
        match &self.carrier {
            Carrier::Stream(stream) => stream.remembered.front().map(|&(sent, _)| sent + self.patience),
            Carrier::Udp { .. } => None,
        }
    }

    /// Forgets what has arrived by now, and sends again what was remembered of a connection that broke.
    pub async fn on_time(&mut self) -> Result<(), String> {
        let Carrier::Stream(stream) = &mut self.carrier else { return Ok(()) };
        if stream.is_sound().await {
            stream.forget(self.patience);
            return Ok(());
        }
        stream.broke();
        let sent = timeout(self.patience, stream.send(&mut self.writer, &[])).await;
        let failed = match sent {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "not sent in time".to_owned(),
        };
        stream.broke();
        // Looked at again when as much time has passed.
        let now = Instant::now();
        stream.remembered.iter_mut().for_each(|(sent, _)| *sent = now);
        Err(failed)
    }

    /// Ends the connection in order, so that nothing of it is lost.
    pub async fn close(&mut self) {
        if self.due().is_some() {
            // A connection that broke unnoticed is noticed here; a second failure is the last word.
            let _ = self.on_time().await;
        }
        if let Carrier::Stream(stream) = &mut self.carrier
            && let Some(mut connection) = stream.connection.take()
        {
            // Whoever does not answer in time is left.
            let _ = timeout(self.patience, connection.shutdown()).await;
        }
    }
}

async fn udp(host: &str, port: u16) -> io::Result<UdpSocket> {
    let mut failed = io::Error::other("the name has no address");
    for address in tokio::net::lookup_host((host, port)).await? {
        let any = if address.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
        let socket = UdpSocket::bind(any).await?;
        match socket.connect(address).await {
            Ok(()) => return Ok(socket),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

impl Stream {
    /// Sends what goes again, then `items`, each with its length before it.
    async fn send(&mut self, writer: &mut Writer, items: &[Arc<Item>]) -> io::Result<()> {
        if !self.is_sound().await {
            self.broke();
        }
        let connection = match &mut self.connection {
            Some(connection) => connection,
            absent => absent.insert(self.connector.connect().await?),
        };
        let again: Vec<_> = self.remembered.iter().take(self.again).map(|(_, item)| item).collect();
        let mut bytes = Vec::new();
        for item in again.into_iter().chain(items) {
            let message = writer.message(item);
            bytes.extend(format!("{} ", message.len()).into_bytes());
            bytes.extend(message);
        }
        connection.write_all(&bytes).await?;
        connection.flush().await?;
        let now = Instant::now();
        self.remembered.iter_mut().take(self.again).for_each(|(sent, _)| *sent = now);
        self.again = 0;
        Ok(())
    }

    /// Whether the other end has not hung up, as far as is known here.
    async fn is_sound(&mut self) -> bool {
        let Some(connection) = &mut self.connection else { return self.again == 0 && self.remembered.is_empty() };
        let mut room = [0; 512];
        poll_fn(|cx| {
            let mut buffer = ReadBuf::new(&mut room);
            Poll::Ready(match Pin::new(&mut *connection).poll_read(cx, &mut buffer) {
                Poll::Pending => true,
                // Syslog servers say nothing; whatever one says is passed over.
                Poll::Ready(Ok(())) => !buffer.filled().is_empty(),
                Poll::Ready(Err(_)) => false,
            })
        })
        .await
    }

    /// The connection is gone: what was sent over it last goes again.
    fn broke(&mut self) {
        self.connection = None;
        self.again = self.remembered.len();
    }

    fn remember(&mut self, items: &[Arc<Item>], patience: Duration) {
        let now = Instant::now();
        self.remembered.extend(items.iter().map(|item| (now, Arc::clone(item))));
        self.remembered_bytes += items.iter().map(|item| item.bytes()).sum::<usize>();
        self.forget(patience);
    }

    fn forget(&mut self, patience: Duration) {
        let now = Instant::now();
        while let Some((sent, item)) = self.remembered.front()
            && (patience <= now - *sent || self.remembered_bytes > REMEMBERED_MAX)
        {
            self.remembered_bytes -= item.bytes();
            self.remembered.pop_front();
        }
    }
}
