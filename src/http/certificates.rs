//! Certificates in PEM, from a file or from the files of a directory. Errors are texts that follow the name of the path.

use std::fs;
use std::path::Path;

use ksm_kernels::base64;
use memchr::memmem::{self, Finder};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

#[cfg(feature = "dev-vault")]
use crate::codec;
use crate::input::{self, Limit};
use crate::limits::CERTIFICATE_FILES;

type Certificates = Vec<CertificateDer<'static>>;

pub(super) fn file(path: &Path) -> Result<Certificates, String> {
    let pem = input::file(path, Limit::CERTIFICATES).and_then(input::utf_8);
    let pem = pem.map_err(|reason| reason.to_string())?;
    parse(pem.expose())
}

/// Certificates of a file of the system, where a damaged one does not count.
#[cfg(target_os = "linux")]
pub(super) fn readable(path: &Path) -> Certificates {
    let pem = input::file(path, Limit::CERTIFICATES).unwrap_or_default();
    if let Some(found) = plain(pem.expose()) {
        return found;
    }
    CertificateDer::pem_slice_iter(pem.expose())
        .flatten()
        .collect()
}

pub(super) fn directory(path: &Path) -> Result<Certificates, String> {
    of_files(path, CERTIFICATE_FILES)
}

fn of_files(directory: &Path, most: usize) -> Result<Certificates, String> {
    let mut found = Vec::new();
    let entries = fs::read_dir(directory).map_err(|reason| reason.to_string())?;
    for (number, entry) in entries.enumerate() {
        if number == most {
            return Err(format!(
                "more than {most} files are too many for a directory of certificates"
            ));
        }
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
pub(crate) fn pem(certificates: &[CertificateDer<'_>]) -> String {
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
    if let Some(found) = plain(pem) {
        return Ok(found);
    }
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|reason| reason.to_string())
}

const BEGIN: &[u8] = b"-----BEGIN ";
const KIND: &[u8] = b"CERTIFICATE-----\n";
const END: &[u8] = b"\n-----END CERTIFICATE-----\n";

/// Reads the usual form, which bundles of systems have, in a tenth of the time that reading keys with care takes. `None`
/// leaves anything else, and what is damaged, to that reader.
fn plain(pem: &[u8]) -> Option<Certificates> {
    let (begin, end) = (Finder::new(BEGIN), Finder::new(END));
    let mut found = Vec::new();
    let mut text = Vec::new();
    let mut rest = pem;
    while let Some(at) = begin.find(rest) {
        let (comment, section) = rest.split_at_checked(at)?;
        let begins_line = comment.last().is_none_or(|last| *last == b'\n');
        let section = section.strip_prefix(BEGIN)?.strip_prefix(KIND)?;
        let (body, after) = section.split_at_checked(end.find(section)?)?;
        if !begins_line || !is_comment(comment) {
            return None;
        }
        text.clear();
        let mut from = 0;
        for line_end in memchr::memchr_iter(b'\n', body).chain([body.len()]) {
            text.extend_from_slice(body.get(from..line_end)?);
            from = line_end + 1;
        }
        let mut certificate = Vec::with_capacity(text.len());
        if !base64::decode(&text, &mut certificate) {
            return None;
        }
        found.push(certificate.into());
        rest = after.strip_prefix(END)?;
    }
    is_comment(rest).then_some(found)
}

/// Whether nothing between certificates is part of one.
fn is_comment(text: &[u8]) -> bool {
    memmem::find(text, b"-----").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_without_end_is_too_large() {
        let place = tempfile::tempdir().unwrap();
        let add = |number: usize| fs::File::create(place.path().join(number.to_string())).unwrap();
        (0..3).for_each(|number| drop(add(number)));
        assert_eq!(of_files(place.path(), 3), Ok(Vec::new()));
        add(3);
        let error = of_files(place.path(), 3).unwrap_err();
        assert!(error.starts_with("more than 3 files "), "{error}");
    }

    #[test]
    fn both_readers_read_alike() {
        let body = |byte: u8| {
            let text = crate::codec::encode(&[byte; 100]);
            let (line, rest) = text.split_at(64);
            format!("{line}\n{rest}\n")
        };
        let section = |kind: &str, body: &str| {
            format!("-----BEGIN {kind}-----\n{body}-----END {kind}-----\n")
        };
        let (one, other) = (
            section("CERTIFICATE", &body(1)),
            section("CERTIFICATE", &body(2)),
        );
        for (pem, is_plain) in [
            (String::new(), true),
            ("# nothing\n".to_owned(), true),
            (one.clone(), true),
            (format!("# one\n{one}\n# other = -- \n{other}# end"), true),
            (one.replace('\n', "\r\n"), false),
            (one.trim_end().to_owned(), false),
            (format!("x{one}"), false),
            (one.replace("AQEB", "AQ B"), false),
            (one.replace("AQEB", "A*EB"), false),
            (one.replacen("-----END", "----END", 1), false),
            (format!("{one}-----END CERTIFICATE-----\n{other}"), false),
            (format!("-----BEGIN CERTIFICATE-----\n{one}"), false),
            (section("CERTIFICATE", ""), false),
            (
                format!("{}{other}", section("PRIVATE KEY", &body(3))),
                false,
            ),
            (
                format!("{}{other}", section("TRUSTED CERTIFICATE", &body(3))),
                false,
            ),
        ] {
            let careful: Result<Certificates, _> =
                CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
            let quick = plain(pem.as_bytes());
            assert_eq!(quick.is_some(), is_plain, "{pem}");
            if let Some(quick) = quick {
                assert_eq!(quick, careful.unwrap(), "{pem}");
            }
        }
    }
}
