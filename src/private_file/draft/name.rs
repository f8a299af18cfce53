//! The names of drafts: `.<file name>.<8 random>.new`.

use std::ffi::{OsStr, OsString};
use std::io;

use crate::crypto::random;

const RANDOM: usize = 8;
const SUFFIX: &str = ".new";
/// Longer names are cut in the name of a draft, which has to fit into 255 bytes, too.
const KEPT: usize = 200;

pub(super) fn random_name(target: &OsStr) -> io::Result<OsString> {
    const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let random = random::bytes::<RANDOM>().map_err(io::Error::other)?;
    let letters = random.map(|byte| {
        let at = usize::from(byte) % LETTERS.len();
        LETTERS.get(at).map_or('x', |letter| char::from(*letter))
    });
    let mut name = OsString::from(".");
    match target.len() > KEPT {
        true => name.push(cut(&target.to_string_lossy())),
        false => name.push(target),
    }
    name.push(".");
    name.push(String::from_iter(letters));
    name.push(SUFFIX);
    Ok(name)
}

fn cut(target: &str) -> &str {
    match target.len() > KEPT {
        true => target
            .get(..target.floor_char_boundary(KEPT))
            .unwrap_or_default(),
        false => target,
    }
}

/// The name that a draft was made for, cut where it is long. `None` for what is no draft.
pub(in crate::private_file) fn target_of(name: &str) -> Option<&str> {
    let rest = name.strip_prefix('.')?.strip_suffix(SUFFIX)?;
    let (target, random) = rest.rsplit_once('.')?;
    let is_random = random.len() == RANDOM && random.chars().all(|c| c.is_ascii_alphanumeric());
    is_random.then_some(target)
}

/// Whether `name` is a draft of `target`, or of a pending bind beside it.
pub(super) fn is_leftover(name: &str, target: &str) -> bool {
    let Some(of) = target_of(name) else {
        return false;
    };
    let pending = of
        .strip_prefix('.')
        .and_then(|rest| rest.strip_prefix(target))
        .is_some_and(|rest| rest.starts_with('.') && rest.ends_with(".pending"));
    of == cut(target) || pending
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_are_told_from_other_files() {
        for (name, expected) in [
            (".keeper.ini.aB3dE6gH.new", true),
            ("..keeper.ini.0123456789abcdef.pending.aB3dE6gH.new", true),
            ("..keeper.ini.0123456789abcdef.other.aB3dE6gH.new", false),
            ("..keeper.initial.pending.aB3dE6gH.new", false),
            (".keeper.ini.aB3dE6g.new", false),
            (".keeper.ini.aB3dE6gHi.new", false),
            (".keeper.ini.aB3d-6gH.new", false),
            (".other.ini.aB3dE6gH.new", false),
            ("keeper.ini.aB3dE6gH.new", false),
            (".keeper.ini.0123456789abcdef.pending", false),
            (".keeper.ini", false),
            ("keeper.ini", false),
            (".new", false),
        ] {
            assert_eq!(is_leftover(name, "keeper.ini"), expected, "{name}");
        }
        let long = "ü".repeat(125);
        let name = random_name(OsStr::new(&long)).unwrap();
        assert!(name.len() < 255 && is_leftover(&name.to_string_lossy(), &long));
    }

    #[test]
    fn the_names_of_drafts_take_all_letters() {
        let names = (0..100).map(|_| random_name(OsStr::new("-")).unwrap());
        let names: std::collections::BTreeSet<_> = names.collect();
        let letters = names.iter().flat_map(|name| name.to_str().unwrap().chars());
        let letters: std::collections::BTreeSet<_> = letters.collect();
        assert!(names.len() == 100 && letters.len() > 55, "{letters:?}");
    }
}
