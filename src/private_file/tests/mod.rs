//! What the room decides about owners, modes, links and what is no file.

mod fifos;

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::directory;
use super::facts::Facts;
use super::place::{self, Missing, Strangers};
use super::trust::{self, Concern};
use super::*;
use crate::environment::{Environment, names};
use crate::test_table::cases;

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

fn make_fifo(path: &Path) {
    mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

/// A file of ours at 0600, where it lies, and what is to be known of it.
fn file() -> (tempfile::TempDir, place::Place, Facts) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("file");
    fs::write(&path, "old").unwrap();
    set_mode(&path, 0o600);
    let (place, found) = place::to_read(&path, Policy::Named).unwrap();
    (home, place, found)
}

#[test]
fn a_concern_names_the_worst_that_others_can_do() {
    let (_home, place, mut found) = file();
    let (us, group) = (found.owner, found.group);
    let table = "
        ours ours 600 => nothing
        ours ours 700 => nothing
        ours ours 640 => readable
        ours ours 604 => readable
        ours ours 660 => readable
        ours other 640 => readable
        ours other 620 => writable
        ours ours 602 => writable
        root ours 644 => readable
        root ours 646 => writable
        invoker ours 600 => nothing
        invoker ours 644 => readable
        other ours 600 => stranger
        other ours 666 => stranger
    ";
    let invoker = Some(us + 1);
    for (given, expected) in cases(table) {
        let words: Vec<_> = given.split(' ').collect();
        found.owner = match words[0] {
            "ours" => us,
            "root" => 0,
            "invoker" => us + 1,
            _ => us + 2,
        };
        found.group = group + u32::from(words[1] == "other");
        found.mode = u32::from_str_radix(words[2], 8).unwrap();
        let said = match place.concern(&found, Policy::Found { invoker }) {
            None => "nothing",
            Some(Concern::Readable { .. }) => "readable",
            Some(Concern::Writable { .. }) => "writable",
            Some(Concern::Stranger { .. }) => "stranger",
        };
        assert_eq!(said, expected, "{given}");
    }
}

#[test]
fn we_and_root_are_trusted_and_others_are_not() {
    let (_home, _, mut found) = file();
    let us = found.owner;
    let mut holder = found;
    // Where everybody makes files.
    holder.mode = 0o1777;
    for (owner, expected) in [(us, true), (0, true), (us + 1, false), (65534, us == 65534)] {
        assert_eq!(trust::is_trusted(owner), expected, "{owner}");
        found.owner = owner;
        assert_eq!(trust::is_trusted_link(&found, &holder), expected, "{owner}");
    }
}

#[test]
fn the_caller_of_sudo_counts_for_root_alone() {
    let us = trust::us();
    let environment = Environment::default().with(names::SUDO_UID, "7");
    let invoker = (us == 0).then_some(7);
    assert_eq!(Policy::found(&environment), Policy::Found { invoker });
    for (policy, expected) in [
        (Policy::Found { invoker: Some(7) }, true),
        (Policy::Found { invoker: Some(8) }, false),
        (Policy::Found { invoker: None }, false),
        (Policy::Named, true),
        (Policy::Blind, true),
    ] {
        assert_eq!(policy.is_for(7), expected, "{policy:?}");
    }
}

#[test]
fn a_directory_is_judged_with_all_above_it() {
    let home = tempfile::tempdir().unwrap();
    let (above, place) = (home.path().join("above"), home.path().join("above/place"));
    fs::create_dir_all(&place).unwrap();
    // Of the directory above and the one in it.
    let is_root = trust::us() == 0;
    for (above_mode, mode, expected) in [
        (0o700, 0o700, true),
        (0o755, 0o755, true),
        (0o700, 0o777, false),
        // The sticky bit keeps what root has made there.
        (0o700, 0o1777, is_root),
        (0o777, 0o700, false),
        (0o1777, 0o700, is_root),
    ] {
        set_mode(&above, above_mode);
        set_mode(&place, mode);
        let closed = directory::is_closed_to_others(&place);
        assert_eq!(closed, expected, "{above_mode:o} {mode:o}");
        let environment = Environment::default().with(names::XDG_RUNTIME_DIR, &place);
        let first = directory::places(&environment).into_iter().next();
        let real = place.canonicalize().unwrap();
        assert_eq!(first == Some(real), expected, "{above_mode:o} {mode:o}");
    }
    if is_root {
        set_mode(&above, 0o700);
        set_mode(&place, 0o700);
        chown(&place, Some(7), None).unwrap();
        assert!(!directory::is_closed_to_others(&place));
    }
    let relative = Environment::default().with(names::XDG_RUNTIME_DIR, ".");
    let here = PathBuf::from(".").canonicalize().unwrap();
    assert!(!directory::places(&relative).contains(&here));
}

#[test]
fn output_like_another_file_takes_its_group_and_mode() {
    let (home, _, _) = file();
    let (model, path) = (home.path().join("file"), home.path().join("out"));
    set_mode(&model, 0o664);
    if trust::us() == 0 {
        chown(&model, None, Some(7)).unwrap();
    }
    Output::like(&path, &model).unwrap().write(b"new").unwrap();
    let group = |path: &Path| fs::metadata(path).unwrap().gid();
    assert_eq!((group(&path), mode(&path)), (group(&model), 0o660));
    if trust::us() == 0 {
        chown(&model, Some(7), None).unwrap();
        Output::like(&path, &model).unwrap().write(b"new").unwrap();
        assert_eq!((group(&path), mode(&path)), (0, 0o600));
    }
}

#[test]
fn what_comes_to_a_judged_place_is_judged_again() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("out");
    let mut output = Output::at(&path, Rights::Kept).unwrap();
    fs::write(&path, "theirs").unwrap();
    output.write(b"ours").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"ours");

    let mut output = Output::at(&path, Rights::Kept).unwrap();
    fs::remove_file(&path).unwrap();
    make_fifo(&path);
    assert!(matches!(output.write(b"ours"), Err(Error::Changed { .. })));
    if trust::us() == 0 {
        for owner in [0, 7] {
            fs::remove_file(&path).unwrap();
            let mut output = Output::at(&path, Rights::Kept).unwrap();
            fs::write(&path, "theirs").unwrap();
            chown(&path, Some(owner), None).unwrap();
            assert_eq!(output.write(b"ours").is_ok(), owner == 0);
        }
    }
}

#[test]
fn a_name_that_hides_is_not_absent() {
    let (_home, place, _) = file();
    let error = place.directory.look("x".repeat(300).as_ref()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidFilename, "{error}");
}

#[test]
fn nothing_of_others_is_removed() {
    let (home, _, _) = file();
    let path = home.path().join("file");
    // Only root can give files away.
    if trust::us() == 0 {
        chown(&path, Some(4242), None).unwrap();
        remove(&path).unwrap();
        assert!(path.exists());
        chown(&path, Some(0), None).unwrap();
    }
    remove(&path).unwrap();
    assert!(!path.exists());
    remove(&path).unwrap();
}

#[test]
fn what_is_ours_can_be_closed_to_others() {
    let (home, _, _) = file();
    let path = home.path().join("file");
    assert!(trust::can_be_closed(&path));
    assert!(!trust::can_be_closed(&home.path().join("none")));
    if trust::us() == 0 {
        chown(&path, Some(4242), None).unwrap();
        assert!(!trust::can_be_closed(&path));
    }
}

#[test]
fn a_path_goes_on_behind_directories_only() {
    let (home, _, _) = file();
    let path = home.path().join("file");
    let open = File::open(&path).unwrap();
    let descriptor = std::os::fd::AsRawFd::as_raw_fd(&open);
    for wrong in [
        path.join("in"),
        path.join("in/it"),
        format!("/proc/self/fd/{descriptor}/in").into(),
    ] {
        let error = place::walk(&wrong, Strangers::Refused, Missing::Made).unwrap_err();
        assert!(error.to_string().contains("write"), "{error}");
    }
    assert_eq!(fs::read(&path).unwrap(), b"old");
}

#[test]
fn as_many_links_are_followed_as_by_the_system() {
    let home = tempfile::tempdir().unwrap();
    let link = |number: usize| home.path().join(number.to_string());
    fs::write(link(0), "canary").unwrap();
    for number in 1..=41 {
        symlink((number - 1).to_string(), link(number)).unwrap();
    }
    assert!(fs::read(link(40)).is_ok() && read(&link(40), Policy::Named).is_ok());
    assert!(fs::read(link(41)).is_err());
    let error = read(&link(41), Policy::Named).unwrap_err();
    assert!(matches!(error, Error::Circle { .. }), "{error}");
}

#[test]
fn a_place_is_kept_when_its_directory_is_another() {
    let home = tempfile::tempdir().unwrap();
    let (here, there) = (home.path().join("here"), home.path().join("there"));
    std::fs::create_dir(&here).unwrap();
    let mut output = Output::at(&here.join("out"), Rights::Kept).unwrap();
    std::fs::rename(&here, &there).unwrap();
    std::fs::create_dir(&here).unwrap();
    output.write(b"canary").unwrap();
    assert_eq!(std::fs::read(there.join("out")).unwrap(), b"canary");
    assert_eq!(std::fs::read_dir(&here).unwrap().count(), 0);
}
