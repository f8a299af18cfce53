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

#[cfg(target_os = "linux")]
#[test]
fn a_sweep_takes_dead_drafts_of_ours() {
    use crate::private_file::place::{self, Missing};
    let home = tempfile::tempdir().unwrap();
    let place = place::to_write(&home.path().join("it"), Missing::Refused).unwrap();
    let count = || std::fs::read_dir(home.path()).unwrap().count();
    let draft = Draft::named(&place).unwrap();
    sweep(&place);
    assert_eq!(count(), 1);
    drop(draft);
    assert_eq!(count(), 0);
    let path = home.path().join(".it.aB3dE6gH.new");
    std::fs::write(&path, "canary").unwrap();
    if trust::us() == 0 {
        std::os::unix::fs::chown(&path, Some(7), None).unwrap();
        sweep(&place);
        assert_eq!(count(), 1);
        std::os::unix::fs::chown(&path, Some(0), None).unwrap();
    }
    sweep(&place);
    assert_eq!(count(), 0);
}
