//! The roots that are trusted (D17).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore};

use super::verifier::{Verification, Verifier};
use super::{Error, certificates};
use crate::clock;
use crate::environment::{Environment, names};

const BUNDLE_SETTINGS: &[&str] = &[names::REQUESTS_CA_BUNDLE, names::CURL_CA_BUNDLE];

/// The bundles of Linux distributions. Reading the directory beside one costs ten times as much.
#[cfg(target_os = "linux")]
const SYSTEM_BUNDLES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/opt/etc/ssl/certs/ca-certificates.crt",
];

#[derive(Debug)]
pub struct Trust {
    roots: Roots,
    added: Option<PathBuf>,
}

#[derive(Debug)]
enum Roots {
    System,
    Named {
        setting: &'static str,
        file: Option<PathBuf>,
        directory: Option<PathBuf>,
    },
}

impl Trust {
    /// Unreadable roots are found when the client is built.
    pub(crate) fn from_environment(environment: &Environment) -> Self {
        let path = |name: &str| environment.nonempty(name).map(PathBuf::from);
        let named = |setting, file, directory| Roots::Named {
            setting,
            file,
            directory,
        };
        let bundle = || {
            let found = |setting: &&'static str| Some((*setting, path(setting)?));
            Some(match BUNDLE_SETTINGS.iter().find_map(found)? {
                (setting, path) if path.is_dir() => named(setting, None, Some(path)),
                (setting, path) => named(setting, Some(path), None),
            })
        };
        let roots = match (path(names::SSL_CERT_FILE), path(names::SSL_CERT_DIR)) {
            (None, None) => bundle().unwrap_or(Roots::System),
            (None, directory) => named(names::SSL_CERT_DIR, None, directory),
            (file, directory) => named(names::SSL_CERT_FILE, file, directory),
        };
        Self {
            roots,
            added: path(names::KSM_CA_FILE),
        }
    }

    /// TLS 1.2 and up by ring, without client certificates.
    pub(super) fn tls(&self, verification: Verification) -> Result<ClientConfig, Error> {
        let provider = Arc::new(ring::default_provider());
        clock::now()?;
        let builder =
            ClientConfig::builder_with_details(Arc::clone(&provider), Arc::new(CertificateClock))
                .with_safe_default_protocol_versions()?;
        // Named files are read in either case, so that a wrong one does not wait for the check to be turned on again.
        let roots = self.roots()?;
        let verifier = Verifier::new(roots, provider, verification)?;
        Ok(builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth())
    }

    /// The roots as PEM, for programs that read one file; without those of `KSM_CA_FILE` and those built in.
    #[cfg(feature = "dev-vault")]
    pub(crate) fn pem(&self) -> Result<String, Error> {
        Ok(match &self.roots {
            Roots::System => certificates::pem(&system_certificates()),
            Roots::Named {
                setting,
                file,
                directory,
            } => certificates::pem(&read_named(setting, file.as_deref(), directory.as_deref())?),
        })
    }

    fn roots(&self) -> Result<RootCertStore, Error> {
        let mut store = RootCertStore::empty();
        match &self.roots {
            Roots::System => add_system(&mut store),
            Roots::Named {
                setting,
                file,
                directory,
            } => {
                add_named(&mut store, setting, file.as_deref(), directory.as_deref())?;
            }
        }
        if let Some(file) = &self.added {
            add_named(&mut store, names::KSM_CA_FILE, Some(file), None)?;
        }
        Ok(store)
    }
}

/// Tells the time to whoever checks certificates. TLS fails where there is none; its own clock would panic.
#[derive(Debug)]
pub(crate) struct CertificateClock;

impl TimeProvider for CertificateClock {
    fn current_time(&self) -> Option<UnixTime> {
        clock::now().ok()?;
        clock::since_1970(clock::reading()).map(UnixTime::since_unix_epoch)
    }
}

fn add_named(
    store: &mut RootCertStore,
    setting: &'static str,
    file: Option<&Path>,
    directory: Option<&Path>,
) -> Result<(), Error> {
    let (added, _) = store.add_parsable_certificates(read_named(setting, file, directory)?);
    if added == 0 {
        let path = file.or(directory).unwrap_or(Path::new(""));
        return Err(refuse(
            setting,
            path,
            "there is no certificate in it".to_owned(),
        ));
    }
    Ok(())
}

fn read_named(
    setting: &'static str,
    file: Option<&Path>,
    directory: Option<&Path>,
) -> Result<Vec<CertificateDer<'static>>, Error> {
    let mut found = Vec::new();
    if let Some(path) = file {
        found.extend(certificates::file(path).map_err(|reason| refuse(setting, path, reason))?);
    }
    if let Some(path) = directory {
        let inside = certificates::directory(path);
        found.extend(inside.map_err(|reason| refuse(setting, path, reason))?);
    }
    // Directories name each certificate twice.
    found.sort_unstable_by(|one, other| one.cmp(other));
    found.dedup();
    Ok(found)
}

fn refuse(setting: &'static str, path: &Path, reason: String) -> Error {
    Error::Roots {
        path: path.to_owned(),
        setting,
        reason: reason.into(),
    }
}

/// Falls back to built-in roots where the system has none.
fn add_system(store: &mut RootCertStore) {
    store.add_parsable_certificates(system_certificates());
    if store.is_empty() {
        store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
}

#[cfg(target_os = "linux")]
fn system_certificates() -> Vec<CertificateDer<'static>> {
    SYSTEM_BUNDLES
        .iter()
        .map(|path| certificates::readable(Path::new(path)))
        .find(|certificates| !certificates.is_empty())
        .unwrap_or_default()
}

#[cfg(not(target_os = "linux"))]
fn system_certificates() -> Vec<CertificateDer<'static>> {
    rustls_native_certs::load_native_certs().certs
}
