//! What paths of Windows mean, by their text alone.

use std::path::{Path, PathBuf};

/// Where devices are.
pub(super) const DEVICES: &str = r"\\.\";

const VERBATIM: &str = r"\\?\";
const VERBATIM_SHARE: &str = r"\\?\UNC\";

/// The longest path that needs no prefix.
const SHORT: usize = 248;

/// The name of the device that a path leads to, in whatever directory. With an ending (`NUL.txt`) it depends on the
/// version of Windows, which is left to decide.
pub(super) fn device(path: &Path) -> Option<String> {
    let path = path.to_str()?;
    let last = path.strip_prefix(DEVICES);
    let last = last.or_else(|| path.rsplit(['\\', '/']).next())?;
    let last = match last.split_at_checked(2) {
        Some((drive, rest)) if drive.ends_with(':') => rest,
        _ => last,
    };
    let name = last.trim_end_matches([':', ' ', '.']).to_uppercase();
    is_device(&name).then_some(name)
}

fn is_device(name: &str) -> bool {
    let is_numbered = |kind: &&str| {
        let mut number = name.strip_prefix(*kind).unwrap_or_default().chars();
        matches!(number.next(), Some('1'..='9' | '¹' | '²' | '³')) && number.next().is_none()
    };
    matches!(name, "NUL" | "CON" | "AUX" | "PRN" | "CONIN$" | "CONOUT$")
        || ["COM", "LPT"].iter().any(is_numbered)
}

/// The path as people write it, where that means the same: the system resolves links to paths with a prefix.
pub(super) fn without_prefix(path: PathBuf) -> PathBuf {
    let plain = path.to_str().and_then(|text| {
        let plain = match text.strip_prefix(VERBATIM_SHARE) {
            Some(share) => format!(r"\\{share}"),
            None => text
                .strip_prefix(VERBATIM)
                .filter(|rest| has_drive(rest))?
                .to_owned(),
        };
        let parts = plain.split('\\');
        let mut is_kept =
            parts.map(|part| !part.ends_with([' ', '.']) && !is_device(&part.to_uppercase()));
        (plain.encode_utf16().count() < SHORT && is_kept.all(|kept| kept)).then_some(plain)
    });
    plain.map_or(path, PathBuf::from)
}

fn has_drive(path: &str) -> bool {
    let mut letters = path.chars();
    letters
        .next()
        .is_some_and(|letter| letter.is_ascii_alphabetic())
        && path.get(1..3) == Some(r":\")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn a_device_has_its_name_in_every_directory() {
        let table = r"
            NUL => NUL
            nul: => NUL
            C:NUL => NUL
            C:\dir\nul => NUL
            dir/Con => CON
            \\.\NUL => NUL
            \\.\com1 => COM1
            LPT² => LPT²
            CONOUT$ => CONOUT$
            NUL . => NUL
            NUL.txt => no
            nula => no
            COM => no
            COM10 => no
            COM0 => no
            NUL\file => no
            file:nul => no
            \\.\pipe\x => no
            C: => no
        ";
        for (path, expected) in cases(table) {
            let found = device(Path::new(path));
            assert_eq!(found.as_deref().unwrap_or("no"), expected, "{path}");
        }
    }

    #[test]
    fn a_prefix_goes_where_it_says_nothing() {
        let long = format!(r"\\?\C:\{}", "x".repeat(SHORT));
        let table = format!(
            r"
            \\?\C:\dir\file => C:\dir\file
            \\?\UNC\server\share\f => \\server\share\f
            \\?\C:\dir\NUL => \\?\C:\dir\NUL
            \\?\C:\dir.\f => \\?\C:\dir.\f
            \\?\Volume{{1}}\f => \\?\Volume{{1}}\f
            C:\f => C:\f
            {long} => {long}
        "
        );
        for (path, expected) in cases(&table) {
            assert_eq!(without_prefix(path.into()), Path::new(expected));
        }
    }
}
