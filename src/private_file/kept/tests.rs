use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::Duration;

use super::*;

const NAME: &str = "name";

fn kept(home: &Path) -> KeptFiles {
    KeptFiles::made_at(&home.join("a/b")).unwrap()
}

fn content(files: &KeptFiles) -> Result<Option<Vec<u8>>, Error> {
    let read = files.read(OsStr::new(NAME), Limit::TYPED_LINE)?;
    Ok(read.map(|file| file.content.expose().clone()))
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn files_are_private_and_whole() {
    let home = tempfile::tempdir().unwrap();
    let name = OsStr::new(NAME);
    assert!(KeptFiles::at(&home.path().join("a/b")).unwrap().is_none());
    let files = kept(home.path());
    let path = files.path().join(NAME);
    assert_eq!(content(&files).unwrap(), None);
    files.write(name, b"one").unwrap();
    files.write(name, b"canary").unwrap();
    assert_eq!(content(&files).unwrap().unwrap(), b"canary");
    assert_eq!((mode(files.path()), mode(&path)), (0o700, 0o600));
    let [listed] = &files.list().unwrap()[..] else {
        panic!("one file is there");
    };
    assert_eq!((&*listed.name, listed.length), (name, 6));
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(7);
    files.mark(name, at).unwrap();
    let read = files.read(name, Limit::TYPED_LINE).unwrap().unwrap();
    assert_eq!(read.modified, at);
    files.remove(name).unwrap();
    files.remove(name).unwrap();
    assert!(files.list().unwrap().is_empty());
}

#[test]
fn only_a_file_of_ours_is_read() {
    let home = tempfile::tempdir().unwrap();
    let files = kept(home.path());
    let path = files.path().join(NAME);
    let fifo = || {
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
    };
    let open = |mode: u32| {
        fs::write(&path, "canary").unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
    };
    type Make<'m> = &'m dyn Fn();
    let cases: [(Make<'_>, &str); 6] = [
        (
            &|| symlink("/etc/passwd", &path).unwrap(),
            "not a regular file",
        ),
        (&|| symlink("missing", &path).unwrap(), "not a regular file"),
        (&fifo, "not a regular file"),
        (&|| fs::create_dir(&path).unwrap(), "not a regular file"),
        (&|| open(0o602), "can be changed by others"),
        (
            &|| fs::write(&path, vec![b' '; (64 << 10) + 1]).unwrap(),
            "too much",
        ),
    ];
    for (make, expected) in cases {
        make();
        let error = crate::error_chain::joined(&content(&files).unwrap_err());
        assert!(error.contains(expected), "{error}");
        let gone = fs::remove_file(&path).or_else(|_| fs::remove_dir(&path));
        gone.unwrap();
    }
}

#[test]
fn a_directory_that_others_change_is_none() {
    let home = tempfile::tempdir().unwrap();
    let path = kept(home.path()).path().to_owned();
    fs::set_permissions(&path, PermissionsExt::from_mode(0o777)).unwrap();
    for opened in [
        KeptFiles::at(&path).map(|_| ()),
        KeptFiles::made_at(&path).map(|_| ()),
    ] {
        assert!(matches!(opened, Err(Error::Open { .. })), "{opened:?}");
    }
    fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    assert!(KeptFiles::at(&path).unwrap().is_some());
    let file = home.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(KeptFiles::made_at(&file).is_err());
}

#[test]
fn the_leftovers_of_killed_runs_go() {
    let home = tempfile::tempdir().unwrap();
    let files = kept(home.path());
    let names = [".name.aB3dE6gH.new", ".other.aB3dE6gH.new", "name"];
    for name in names {
        fs::write(files.path().join(name), "").unwrap();
    }
    files.sweep_drafts(|name| name == NAME);
    let mut left: Vec<_> = files
        .list()
        .unwrap()
        .into_iter()
        .map(|file| file.name)
        .collect();
    left.sort();
    assert_eq!(left, [names[1], names[2]]);
}
