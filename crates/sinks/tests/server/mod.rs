//! Servers on loopback: of the web, of syslog over TCP, of mail.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// A request that was taken.
#[derive(Clone)]
pub struct Taken {
    pub target: String,
    pub headers: hyper::HeaderMap,
    pub body: Vec<u8>,
}

impl Taken {
    pub fn header(&self, name: &str) -> String {
        self.headers[name].to_str().unwrap().to_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Default)]
struct Seen<T> {
    all: Mutex<Vec<T>>,
    more: Notify,
}

impl<T: Clone> Seen<T> {
    fn push(&self, one: T) {
        self.all.lock().unwrap().push(one);
        self.more.notify_waiters();
    }

    async fn until(&self, count: usize) {
        loop {
            let more = self.more.notified();
            if self.all.lock().unwrap().len() >= count {
                return;
            }
            more.await;
        }
    }
}

/// A web server that answers every request with one status, and remembers those it took.
pub struct Web {
    pub address: SocketAddr,
    status: Arc<AtomicU16>,
    seen: Arc<Seen<Taken>>,
}

impl Web {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let web = Self {
            address: listener.local_addr().unwrap(),
            status: Arc::new(AtomicU16::new(200)),
            seen: Arc::new(Seen { all: Mutex::default(), more: Notify::new() }),
        };
        let (status, seen) = (Arc::clone(&web.status), Arc::clone(&web.seen));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (status, seen) = (Arc::clone(&status), Arc::clone(&seen));
                let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                    let (status, seen) = (Arc::clone(&status), Arc::clone(&seen));
                    async move {
                        let (target, headers) = (request.uri().to_string(), request.headers().clone());
                        let body = request.into_body().collect().await.unwrap().to_bytes().to_vec();
                        let status = status.load(Ordering::SeqCst);
                        if status < 300 {
                            seen.push(Taken { target, headers, body });
                        }
                        Response::builder().status(status).body(Empty::<Bytes>::new())
                    }
                });
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        web
    }

    pub fn answer(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.seen.all.lock().unwrap().clone()
    }

    pub async fn until(&self, count: usize) {
        self.seen.until(count).await;
    }
}

/// A syslog server over TCP with octet counting.
pub struct Syslog {
    pub address: SocketAddr,
    seen: Arc<Seen<String>>,
    serving: JoinHandle<()>,
}

impl Syslog {
    pub async fn start(address: Option<SocketAddr>) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(address.unwrap_or_else(|| "127.0.0.1:0".parse().unwrap())).unwrap();
        let listener = socket.listen(8).unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen { all: Mutex::default(), more: Notify::new() });
        let told = Arc::clone(&seen);
        let serving = tokio::spawn(async move {
            // One connection at a time, within this task: whoever ends it ends the connection.
            while let Ok((stream, _)) = listener.accept().await {
                let mut reader = BufReader::new(stream);
                loop {
                    let mut length = Vec::new();
                    if reader.read_until(b' ', &mut length).await.unwrap_or(0) == 0 {
                        break;
                    }
                    let length: usize = String::from_utf8(length).unwrap().trim().parse().unwrap();
                    let mut message = vec![0; length];
                    if reader.read_exact(&mut message).await.is_err() {
                        break;
                    }
                    told.push(String::from_utf8(message).unwrap());
                }
            }
        });
        Self { address, seen, serving }
    }

    pub async fn until(&self, count: usize) {
        self.seen.until(count).await;
    }

    /// Ends it; what it had received.
    pub async fn kill(self) -> Vec<String> {
        self.serving.abort();
        let _ = self.serving.await;
        self.seen.all.lock().unwrap().clone()
    }
}

/// A mail server that takes letters, or says `450` to each.
pub struct Mail {
    pub address: SocketAddr,
    busy: Arc<AtomicBool>,
    seen: Arc<Seen<String>>,
}

impl Mail {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mail = Self {
            address: listener.local_addr().unwrap(),
            busy: Arc::default(),
            seen: Arc::new(Seen { all: Mutex::default(), more: Notify::new() }),
        };
        let (busy, seen) = (Arc::clone(&mail.busy), Arc::clone(&mail.seen));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (busy, seen) = (Arc::clone(&busy), Arc::clone(&seen));
                tokio::spawn(async move { serve_mail(BufReader::new(stream), &busy, &seen).await });
            }
        });
        mail
    }

    pub fn busy(&self, busy: bool) {
        self.busy.store(busy, Ordering::SeqCst);
    }

    pub fn letters(&self) -> Vec<String> {
        self.seen.all.lock().unwrap().clone()
    }
}

/// RFC 5321 as far as a client that behaves needs it.
async fn serve_mail(mut stream: BufReader<TcpStream>, busy: &AtomicBool, seen: &Seen<String>) -> std::io::Result<()> {
    stream.write_all(b"220 test\r\n").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let answer: &[u8] = match line.get(..4).unwrap_or_default() {
            "EHLO" => b"250 test\r\n",
            "MAIL" if busy.load(Ordering::SeqCst) => b"450 busy\r\n",
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut letter = String::new();
                while !letter.ends_with("\r\n.\r\n") {
                    stream.read_line(&mut letter).await?;
                }
                seen.push(letter);
                b"250 taken\r\n"
            }
            _ => b"250 well\r\n",
        };
        stream.write_all(answer).await?;
    }
}
