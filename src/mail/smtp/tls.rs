//! TLS with verified certificates: the system's authorities and the office's own, never fewer checks.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, ClientConnection, RootCertStore};

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

/// What went wrong in the handshake, as an office understands it: a certificate's trouble is named, not dumped.
pub(super) fn words(error: &io::Error) -> String {
    let refused = match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(refused)) => refused,
        Some(_) | None => return format!("TLS: {error}"),
    };
    let what = match refused {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is made out to another host name".to_owned()
        }
        CertificateError::UnknownIssuer => {
            "is signed by nobody whom this machine or ca_file knows".to_owned()
        }
        CertificateError::Revoked => "was revoked".to_owned(),
        // What the verifier says of a certificate that signed itself.
        CertificateError::Other(inner) if inner.0.to_string().contains("CaUsedAsEndEntity") => {
            "is signed by itself, not by an authority".to_owned()
        }
        other => format!("cannot be trusted: {other}"),
    };
    format!("TLS: the server's certificate {what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_certificate_is_told_in_words() {
        let told = |refused: CertificateError| {
            words(&io::Error::new(io::ErrorKind::InvalidData, rustls::Error::InvalidCertificate(refused)))
        };
        for (refused, says) in [
            (CertificateError::Expired, "TLS: the server's certificate has expired"),
            (
                CertificateError::NotValidForName,
                "TLS: the server's certificate is made out to another host name",
            ),
            (
                CertificateError::UnknownIssuer,
                "TLS: the server's certificate is signed by nobody whom this machine or ca_file knows",
            ),
        ] {
            assert_eq!(told(refused), says);
        }
        let lost = io::Error::from(io::ErrorKind::UnexpectedEof);
        assert!(words(&lost).starts_with("TLS: "), "{}", words(&lost));
    }
}
