//! The forms in which a configuration travels: JSON, INI, and base64 of either.

use std::path::Path;

use super::config::{Config, Member};
use super::ini::{self, Document, SETTINGS};
use super::name::ProfileName;
use super::pasted;
use crate::codec;
use crate::document::Node;
use crate::sensitive::Sensitive;
use crate::wire::endpoint::HostName;

#[derive(Debug, Clone)]
pub enum Bundle {
    Config(Config),
    /// With at least one profile.
    Ini(Document),
}

/// Why a text is no configuration. It quotes nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("it is not UTF-8 text")]
    Encoding,
    #[error("it is encrypted by an SDK, with a key in a cloud's key management")]
    Protected,
    #[error("it is empty")]
    Empty,
    #[error("it is neither JSON nor INI nor base64 of one of these")]
    Form(#[source] codec::Error),
    #[error("it is base64, but not of a JSON or INI text")]
    Content,
    #[error("it is the path of a file, and not what the file holds")]
    Path,
    #[error("it is a one-time token, and no configuration")]
    Token,
    #[error("its JSON is broken at line {line}, column {column}")]
    Json { line: usize, column: usize },
    #[error("its INI text is broken")]
    Ini(#[from] ini::Error),
    #[error("it holds no profile")]
    NoProfile,
    #[error("it holds several profiles and none is the active one")]
    Several,
}

/// The SDKs' mark of a configuration that they encrypted.
const PROTECTED: [u8; 2] = [0xff, 0xff];

/// The text in the bytes of a file or variable.
pub fn text(bytes: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(bytes).map_err(|_| match bytes.starts_with(&PROTECTED) {
        true => Error::Protected,
        false => Error::Encoding,
    })
}

pub fn read(text: &str) -> Result<Bundle, Error> {
    let pasted = pasted::text(text);
    let text = pasted.expose().as_str();
    if let Some(inner) = in_manifest(text) {
        return read(self::text(inner.expose())?);
    }
    match text.chars().next() {
        None => Err(Error::Empty),
        Some('{' | '[' | '#' | ';') => read_plain(text),
        Some(_) => read_base64(text).map_err(|error| match error {
            Error::Form(_) | Error::Content if pasted::is_token(text) => Error::Token,
            Error::Form(_) | Error::Content if pasted::is_path(text) => Error::Path,
            error => error,
        }),
    }
}

/// The configuration in the manifest of a Kubernetes Secret, as `ksm init k8s` prints one.
fn in_manifest(text: &str) -> Option<Sensitive<Vec<u8>>> {
    if !text.contains("kind") || !text.contains("Secret") {
        return None;
    }
    let manifest = Node::from_yaml(text).ok()?;
    if manifest.get("kind")?.spelling() != Some("Secret") {
        return None;
    }
    let data = manifest.get("data")?.get("config")?.spelling()?;
    codec::decode(data).ok().map(Sensitive::new)
}

/// Whether a text that should be the path of a file is what such a file would hold, and is not to be shown.
pub fn is_content(path: &Path) -> bool {
    let Some(given) = path.to_str().filter(|_| !path.exists()) else {
        return false;
    };
    let text = pasted::text(given);
    // A path may look like the base64 of anything. Tokens are made without slashes.
    let is_token = !text.expose().contains('/') && pasted::is_token(text.expose());
    is_token || read(text.expose()).is_ok()
}

fn read_base64(text: &str) -> Result<Bundle, Error> {
    let bytes = Sensitive::new(codec::decode(text).map_err(Error::Form)?);
    let plain = self::text(bytes.expose()).map_err(|error| match error {
        Error::Encoding => Error::Content,
        error => error,
    })?;
    read_plain(plain.trim_start_matches('\u{feff}'))
}

/// Reads any of the forms for the one device in it: of an INI text, the active or the only profile.
pub fn read_one(text: &str) -> Result<Config, Error> {
    let document = match read(text)? {
        Bundle::Config(config) => return Ok(config),
        Bundle::Ini(document) => document,
    };
    let active = document.get(SETTINGS, "active_profile");
    let active = active.filter(|name| document.has_profile(name.expose()));
    let mut names = document.profiles();
    let name = match (active, names.next(), names.next()) {
        (Some(active), ..) => active.expose(),
        (None, Some(only), None) => only,
        (None, _, _) => return Err(Error::Several),
    };
    Ok(Config::in_section(&document, name))
}

fn read_plain(text: &str) -> Result<Bundle, Error> {
    let start = text.trim_start();
    if start.starts_with('{') {
        let config = serde_json::from_str(text).map_err(|error| Error::Json {
            line: error.line(),
            column: error.column(),
        })?;
        return Ok(Bundle::Config(config));
    }
    if !start.starts_with(['[', '#', ';']) {
        return Err(Error::Content);
    }
    let document = Document::parse(text.as_bytes())?;
    if document.profiles().next().is_none() {
        return Err(Error::NoProfile);
    }
    Ok(Bundle::Ini(document))
}

/// An INI file with `config` as its one profile, which is active.
pub fn to_ini(config: &Config, name: &ProfileName) -> Result<Sensitive<String>, ini::Error> {
    let mut document = Document::default();
    document.set(SETTINGS, "active_profile", Some(name.as_str()))?;
    config.put_section(&mut document, name.as_str())?;
    document.render_checked()
}

/// The JSON that the vendor's SDKs read: keys in the standard alphabet, and hosts instead of region codes.
pub fn to_json(config: &Config) -> Sensitive<String> {
    let mut config = config.clone();
    for member in [Member::ClientId, Member::PrivateKey, Member::AppKey] {
        let bytes = config.get(member).map(codec::decode);
        if let Some(Ok(bytes)) = bytes.map(|bytes| bytes.map(Sensitive::new)) {
            let standard = Sensitive::new(codec::encode(bytes.expose()));
            config.set(member, Some(standard.expose()));
        }
    }
    let host = config.get(Member::Hostname).map(HostName::parse);
    if let Some(Ok(host)) = host {
        config.set(Member::Hostname, Some(host.authority()));
    }
    config.to_sdk_json()
}

/// The wrapped form of an export: URL-safe base64 with padding on one line.
pub fn to_base64(text: &Sensitive<String>) -> Sensitive<String> {
    codec::encode_url_padded(text.expose().as_bytes()).into()
}
