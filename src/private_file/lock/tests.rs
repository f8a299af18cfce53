use super::*;
use crate::limits::LOCK;

const NAMED: Policy = Policy::Named;

#[tokio::test]
async fn saving_sweeps_what_killed_saves_left_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("keeper.ini");
    for name in [".keeper.ini.aB3dE6gH.new", ".other.aB3dE6gH.new"] {
        std::fs::write(home.path().join(name), "canary").unwrap();
    }
    let mut lock = lock(&store, NAMED, LOCK).await.unwrap();
    lock.replace(b"new").unwrap();
    let mut names: Vec<_> = std::fs::read_dir(home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [".other.aB3dE6gH.new", "keeper.ini", "keeper.ini.lock"]
    );
}

#[tokio::test]
async fn a_store_that_changed_under_the_lock_stays() {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("keeper.ini");
    let mut fresh = lock(&store, NAMED, LOCK).await.unwrap();
    std::fs::write(&store, "theirs").unwrap();
    assert!(matches!(fresh.replace(b"ours"), Err(Error::Exists { .. })));
    drop(fresh);
    let mut held = lock(&store, NAMED, LOCK).await.unwrap();
    std::fs::write(home.path().join("other"), "other").unwrap();
    std::fs::rename(home.path().join("other"), &store).unwrap();
    assert!(matches!(held.read(), Err(Error::Changed { .. })));
    assert!(matches!(held.replace(b"ours"), Err(Error::Changed { .. })));
    assert_eq!(std::fs::read(&store).unwrap(), b"other");
}

#[cfg(unix)]
#[test]
fn want_of_locks_is_told_from_broken_locks() {
    use rustix::io::Errno;
    for (reason, expected) in [
        (Errno::NOLCK, true),
        (Errno::OPNOTSUPP, true),
        (Errno::NOSYS, true),
        (Errno::INVAL, true),
        (Errno::IO, false),
        (Errno::BADF, false),
        (Errno::INTR, false),
    ] {
        assert_eq!(is_no_lock(&reason.into()), expected, "{reason:?}");
    }
    assert!(!is_no_lock(&io::ErrorKind::Other.into()));
}

#[cfg(unix)]
#[tokio::test]
async fn a_hard_linked_lock_leaves_the_other_file_unchanged() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let (store, other) = (home.path().join("keeper.ini"), home.path().join("other"));
    std::fs::write(&other, "").unwrap();
    std::fs::set_permissions(&other, PermissionsExt::from_mode(0o644)).unwrap();
    std::fs::hard_link(&other, home.path().join("keeper.ini.lock")).unwrap();
    lock(&store, NAMED, LOCK).await.unwrap();
    let mode = std::fs::metadata(&other).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
}

#[tokio::test]
async fn a_lock_goes_with_a_store_that_never_came() {
    let home = tempfile::tempdir().unwrap();
    let (store, file) = (home.path().join("a"), home.path().join("a.lock"));
    let first = lock(&store, NAMED, LOCK).await.unwrap();
    assert!(file.exists());
    drop(first);
    assert!(!file.exists());
    let mut second = lock(&store, NAMED, LOCK).await.unwrap();
    second.replace(b"new").unwrap();
    drop(second);
    assert!(file.exists());
    std::fs::remove_file(&store).unwrap();
    drop(lock(&store, NAMED, LOCK).await.unwrap());
    assert!(file.exists(), "it was there before");
}

/// A removed lock file would let a third writer in beside the second.
#[tokio::test]
async fn a_writer_that_waited_makes_the_lock_anew() {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("a");
    let first = lock(&store, NAMED, LOCK).await.unwrap();
    let waiting = lock(&store, NAMED, LOCK);
    let (second, ()) = tokio::join!(waiting, async { drop(first) });
    let second = second.unwrap();
    assert!(home.path().join("a.lock").exists());
    let third = tokio::time::timeout(Duration::from_millis(120), lock(&store, NAMED, LOCK)).await;
    assert!(third.is_err(), "the lock was given twice");
    drop(second);
}

#[tokio::test]
async fn a_second_writer_waits_for_the_first() {
    let home = tempfile::tempdir().unwrap();
    let store = home.path().join("keeper.ini");
    let first = lock(&store, NAMED, LOCK).await.unwrap();
    let second = tokio::time::timeout(Duration::from_millis(120), lock(&store, NAMED, LOCK)).await;
    assert!(second.is_err(), "the lock was given twice");
    assert!(lock(&store, NAMED, Duration::ZERO).await.is_err());
    drop(first);
    assert!(lock(&store, NAMED, Duration::ZERO).await.is_ok());
    assert!(lock(&store, NAMED, LOCK).await.is_ok());
}
