//! TLS with verified certificates: the system's authorities and the office's own, never fewer checks.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use crate::domain::mail::Wrong;

/// The client's side of every handshake.
///
/// # Errors
/// A sentence, when `ca_file` cannot be read or holds no certificate.
pub(super) fn config(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    // Certificates of the system that cannot be read are no reason to refuse the others.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca_file {
        let unreadable = |error: &dyn std::fmt::Display| format!("ca_file {}: {error}", path.display());
        let mut added = 0;
        for cert in CertificateDer::pem_file_iter(path).map_err(|e| unreadable(&e))? {
            roots.add(cert.map_err(|e| unreadable(&e))?).map_err(|e| unreadable(&e))?;
            added += 1;
        }
        if added == 0 {
            return Err(unreadable(&"it holds no certificate"));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// A connection that will only finish its handshake with a certificate made out to `host`.
pub(super) fn client(config: Arc<ClientConfig>, host: &str) -> Result<ClientConnection, String> {
    let name = ServerName::try_from(host.to_string())
        .map_err(|_| format!("{host:?} is neither a host name nor an address"))?;
    ClientConnection::new(config, name).map_err(|error| error.to_string())
}

/// A refused certificate or TLS version will not mend itself and needs a person; a broken
/// handshake may.
pub(super) fn wrong(error: &io::Error) -> Wrong {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(
            rustls::Error::InvalidCertificate(_)
            | rustls::Error::NoCertificatesPresented
            | rustls::Error::UnsupportedNameType
            | rustls::Error::PeerIncompatible(_),
        ) => Wrong::Unusable,
        Some(_) | None => Wrong::Lost,
    }
}
