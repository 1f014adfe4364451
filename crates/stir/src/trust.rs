//! Whom to believe: the authorities, and the certificates of signers by where they are to be had.

use std::fmt;
use std::time::Duration;

use foldhash::quality::RandomState;
use hashbrown::HashMap;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use sip::passport::Proof;
use types::Nanos;
use webpki::ring::{ECDSA_P256_SHA256, ECDSA_P256_SHA384, ECDSA_P384_SHA256, ECDSA_P384_SHA384};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};
use x509_parser::parse_x509_certificate;

use crate::numbers::{Scope, TN_AUTH_LIST};

/// Certificates of one file that are looked at: a signer's own and those between it and the authority.
const CHAIN_MAX: usize = 8;

/// Authorities and signers.
#[derive(Debug, Default)]
pub struct Trust {
    authorities: Vec<TrustAnchor<'static>>,
    signers: HashMap<Box<str>, Signer, RandomState>,
}

/// Why a file is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It holds no certificate in PEM.
    NoCertificate,
    /// A certificate in it cannot be read.
    Unreadable,
    /// It is longer than a chain is.
    TooMany,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCertificate => {
                f.write_str("there is no certificate in it; PEM is wanted, `-----BEGIN CERTIFICATE-----`")
            }
            Self::Unreadable => f.write_str("a certificate in it cannot be read"),
            Self::TooMany => {
                write!(f, "there are more than {CHAIN_MAX} certificates in it; a signer's own and its chain are wanted")
            }
        }
    }
}

/// A signer's certificate and what leads from it to an authority.
struct Signer {
    chain: Vec<CertificateDer<'static>>,
    key: Box<[u8]>,
    /// `None` where it does not say: whoever trusts it trusts it for any.
    scope: Option<Scope>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a chain of {}", self.chain.len())
    }
}

/// What a signature comes to, whatever the claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sealed {
    /// Nobody has the certificate.
    Unknown,
    /// Somebody else made it.
    Bad,
    /// Its certificate is not to be believed.
    Untrusted,
    /// It holds.
    Holds,
}

impl Trust {
    /// Believes the authorities of a PEM file; how many there are.
    ///
    /// # Errors
    /// No certificate in it, or one that cannot be read.
    pub fn authorities(&mut self, pem: &[u8]) -> Result<usize, Wrong> {
        let certificates = certificates(pem, usize::MAX)?;
        for certificate in &certificates {
            let anchor = anchor_from_trusted_cert(certificate).map_err(|_| Wrong::Unreadable)?;
            self.authorities.push(anchor.to_owned());
        }
        Ok(certificates.len())
    }

    /// Knows a signer by the PEM file that lies at `place`: the signer's certificate first, then what leads to its authority.
    ///
    /// # Errors
    /// No certificate in it, one that cannot be read, or too many.
    pub fn signer(&mut self, place: &str, pem: &[u8]) -> Result<(), Wrong> {
        let chain = certificates(pem, CHAIN_MAX)?;
        let first = chain.first().ok_or(Wrong::NoCertificate)?;
        let (_, parsed) = parse_x509_certificate(first).map_err(|_| Wrong::Unreadable)?;
        let key = parsed.public_key().subject_public_key.data.as_ref().into();
        let list = parsed.extensions().iter().find(|extension| extension.oid.to_id_string() == TN_AUTH_LIST);
        let scope = list.map(|list| Scope::read(list.value).ok_or(Wrong::Unreadable)).transpose()?;
        self.signers.insert(place.into(), Signer { chain, key, scope });
        Ok(())
    }

    /// How many signers are known.
    #[must_use]
    pub fn signers(&self) -> usize {
        self.signers.len()
    }

    /// Whether `signature` is that of whoever's certificate is to be had at `url` over `signed`, and to be believed at `at`.
    pub(crate) fn seal(&self, url: &str, signed: &[u8], signature: &[u8], at: Nanos) -> Sealed {
        let Some(signer) = self.signers.get(place(url)) else { return Sealed::Unknown };
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &signer.key);
        match key.verify(signed, signature) {
            Err(_) => Sealed::Bad,
            Ok(()) if self.believes(signer, at) => Sealed::Holds,
            Ok(()) => Sealed::Untrusted,
        }
    }

    /// Whether the certificate at `url` may speak for a number.
    pub(crate) fn may_speak_for(&self, url: &str, number: Option<u64>) -> bool {
        let scope = self.signers.get(place(url)).and_then(|signer| signer.scope.as_ref());
        scope.is_none_or(|scope| number.is_none_or(|number| scope.holds(number)))
    }

    fn believes(&self, signer: &Signer, at: Nanos) -> bool {
        let Some((own, between)) = signer.chain.split_first() else { return false };
        let Ok(certificate) = EndEntityCert::try_from(own) else { return false };
        let algorithms = [ECDSA_P256_SHA256, ECDSA_P256_SHA384, ECDSA_P384_SHA256, ECDSA_P384_SHA384];
        let at = UnixTime::since_unix_epoch(Duration::from_nanos(at.get()));
        // SHAKEN certificates say nothing of what they are used for (ATIS-1000080), which this accepts.
        let usage = KeyUsage::server_auth();
        certificate.verify_for_usage(&algorithms, &self.authorities, between, at, usage, None, None).is_ok()
    }
}

/// A URL without its scheme: host and path, as a file would lie that `wget --force-directories` fetched from there.
fn place(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, place)| place)
}

/// What a token comes to when the signature and the claims are put together.
pub(crate) fn proof(sealed: Sealed, flaw: Option<Proof>) -> Proof {
    match (sealed, flaw) {
        (Sealed::Bad, _) => Proof::BadSignature,
        (Sealed::Untrusted, _) => Proof::Untrusted,
        (_, Some(flaw)) => flaw,
        (Sealed::Unknown, None) => Proof::Unchecked,
        (Sealed::Holds, None) => Proof::Verified,
    }
}

fn certificates(pem: &[u8], most: usize) -> Result<Vec<CertificateDer<'static>>, Wrong> {
    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        if certificates.len() >= most {
            return Err(Wrong::TooMany);
        }
        certificates.push(certificate.map_err(|_| Wrong::Unreadable)?);
    }
    if certificates.is_empty() { Err(Wrong::NoCertificate) } else { Ok(certificates) }
}
