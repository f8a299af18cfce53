//! Certificates in PEM, from a file or from the files of a directory. Errors are texts that follow the name of the path.

use std::fs;
use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

#[cfg(feature = "dev-vault")]
use crate::codec;
use crate::input::{self, Limit};

type Certificates = Vec<CertificateDer<'static>>;

pub(super) fn file(path: &Path) -> Result<Certificates, String> {
    let pem = input::file(path, Limit::CERTIFICATES).map_err(|reason| reason.to_string())?;
    parse(pem.expose())
}

/// Certificates of a file of the system, where a damaged one does not count.
#[cfg(target_os = "linux")]
pub(super) fn readable(path: &Path) -> Certificates {
    let pem = input::file(path, Limit::CERTIFICATES).unwrap_or_default();
    CertificateDer::pem_slice_iter(pem.expose())
        .flatten()
        .collect()
}

pub(super) fn directory(path: &Path) -> Result<Certificates, String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path).map_err(|reason| reason.to_string())? {
        let path = entry.map_err(|reason| reason.to_string())?.path();
        let told = |reason: String| format!("{}: {reason}", path.display());
        match input::regular_file(&path, Limit::CERTIFICATES) {
            Ok(pem) => found.extend(parse(pem.expose()).map_err(told)?),
            Err(input::Error::NotRegular) => {}
            // `openssl rehash` fills directories with links, which may dangle.
            Err(reason) if reason.is_not_found() => {}
            Err(reason) => return Err(told(reason.to_string())),
        }
    }
    Ok(found)
}

#[cfg(feature = "dev-vault")]
pub(super) fn pem(certificates: &[CertificateDer<'_>]) -> String {
    let mut pem = String::new();
    for certificate in certificates {
        pem.push_str("-----BEGIN CERTIFICATE-----\n");
        let text = codec::encode(certificate);
        for line in text.as_bytes().chunks(64) {
            pem.push_str(&String::from_utf8_lossy(line));
            pem.push('\n');
        }
        pem.push_str("-----END CERTIFICATE-----\n");
    }
    pem
}

fn parse(pem: &[u8]) -> Result<Certificates, String> {
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|reason| reason.to_string())
}
