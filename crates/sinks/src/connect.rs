//! Connections to the other end: TCP, with TLS where the address asks for it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use config::{SinkTls, Url};
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

use crate::secrets;

/// Knows how to reach one address.
#[derive(Clone)]
pub(crate) struct Connector {
    host: String,
    port: u16,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    patience: Duration,
}

/// A connection.
pub(crate) enum Connection {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Connector {
    /// A connector to `url`, with TLS where `encrypted`, that waits for `patience` at most; `port` is for an address without one.
    pub fn new(
        url: &Url,
        port: u16,
        encrypted: bool,
        tls: Option<&SinkTls>,
        patience: Duration,
    ) -> Result<Self, String> {
        let host = url.host().to_owned();
        let tls = if encrypted {
            let name = ServerName::try_from(host.clone()).map_err(|_| format!("{host} is no name of a machine"))?;
            Some((TlsConnector::from(Arc::new(client(tls)?)), name))
        } else {
            None
        };
        Ok(Self { port: url.port().unwrap_or(port), host, tls, patience })
    }

    /// Connects.
    pub async fn connect(&self) -> io::Result<Connection> {
        let late = |_| io::Error::new(io::ErrorKind::TimedOut, "no connection in time");
        timeout(self.patience, self.connect_once()).await.map_err(late)?
    }

    async fn connect_once(&self) -> io::Result<Connection> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        stream.set_nodelay(true)?;
        // What is sent and not acknowledged for so long breaks the connection, so that silence is noticed.
        SockRef::from(&stream).set_tcp_user_timeout(Some(self.patience))?;
        match &self.tls {
            None => Ok(Connection::Plain(stream)),
            Some((tls, name)) => Ok(Connection::Tls(Box::new(tls.connect(name.clone(), stream).await?))),
        }
    }
}

/// Whom a client believes, and who it is.
pub(crate) fn client(tls: Option<&SinkTls>) -> Result<ClientConfig, String> {
    let provider = Arc::new(crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| error.to_string())?.with_root_certificates(authorities(tls)?);
    let Some((certificate, key)) = tls.and_then(|tls| tls.certificate_file.as_ref().zip(tls.key_file.as_ref())) else {
        return Ok(builder.with_no_client_auth());
    };
    let chain: Vec<_> = certificates(certificate)?;
    let own = PrivateKeyDer::from_pem_slice(&secrets::file(key)?).map_err(|error| format!("{key}: {error}"))?;
    builder.with_client_auth_cert(chain, own).map_err(|error| format!("{certificate}, {key}: {error}"))
}

fn certificates(path: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let pem = secrets::file(path)?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let all = all.map_err(|error| format!("{path}: {error}"))?;
    if all.is_empty() { Err(format!("{path}: there is no certificate in it")) } else { Ok(all) }
}

/// The authorities that are named, or else those of this machine.
fn authorities(tls: Option<&SinkTls>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    match tls.and_then(|tls| tls.authorities_file.as_ref()) {
        Some(path) => {
            for certificate in certificates(path)? {
                roots.add(certificate).map_err(|error| format!("{path}: {error}"))?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if roots.is_empty() {
                return Err("this machine trusts no authority: name one in `sink.tls.authorities_file`".to_owned());
            }
        }
    }
    Ok(roots)
}

impl AsyncRead for Connection {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
