//! What is shown over TLS.

use std::path::Path;
use std::sync::Arc;

use config::Listen;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::failure::Failure;
use crate::files;

/// Bytes of a file that are looked at.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// The server's side of TLS 1.2 and 1.3.
///
/// # Errors
/// Files that cannot be read, or hold no certificate and key that fit.
pub fn server(listen: &Listen) -> Result<Arc<ServerConfig>, Failure> {
    let file = |named: &Option<String>, what: &str| {
        let name = named.clone().unwrap_or_default();
        files::read(Path::new(&name), FILE_BYTES_MAX, what).map(|bytes| (name, bytes))
    };
    let (name, bytes) = file(&listen.tls_certificate, "certificate")?;
    let wrong = |name: &str, why: &dyn std::fmt::Display| Failure::Source(name.to_owned(), why.to_string());
    let chain: Vec<_> =
        CertificateDer::pem_slice_iter(&bytes).collect::<Result<_, _>>().map_err(|error| wrong(&name, &error))?;
    let (key_name, bytes) = file(&listen.tls_key, "private key")?;
    let key = PrivateKeyDer::from_pem_slice(&bytes).map_err(|error| wrong(&key_name, &error))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong("tls", &error))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| wrong(&name, &error))?;
    Ok(Arc::new(config))
}
