use super::*;

fn names(place: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(place).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Nothing is dropped but the lock.
fn kill(mut directory: PrivateDirectory) -> PathBuf {
    let path = directory.path().to_owned();
    drop(directory.lock.take());
    std::mem::forget(directory);
    path
}

#[test]
fn the_living_stay_and_the_dead_go() {
    let place = tempfile::tempdir().unwrap();
    let mut living = PrivateDirectory::create(&[place.path().to_owned()]).unwrap();
    let file = living.write(b"canary").unwrap();
    let dead = PrivateDirectory::create(&[place.path().to_owned()]).unwrap();
    assert!(kill(dead).exists());
    sweep(&[place.path().to_owned()]);
    assert_eq!(names(place.path()), [living.path()]);
    assert_eq!(fs::read(&file).unwrap(), b"canary");
    assert_ne!(living.write(b"canary").unwrap(), file);
    drop(living);
    assert!(names(place.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn noted_files_go_with_a_dead_directory() {
    let place = tempfile::tempdir().unwrap();
    let (here, there) = (place.path().join("here"), place.path().join("there"));
    let dead = PrivateDirectory::create(&[place.path().to_owned()]).unwrap();
    let placed = [&there, &here].map(|path| PlacedFile::create(path, |_| {}).unwrap().0);
    placed.iter().for_each(|file| dead.note(file));
    // Killed: nothing is dropped. Another file took one of the places meanwhile.
    std::mem::forget(placed);
    fs::remove_file(&there).unwrap();
    fs::write(&there, "other").unwrap();
    kill(dead);
    sweep(&[place.path().to_owned()]);
    assert_eq!(names(place.path()), [there]);
}

#[cfg(unix)]
#[test]
fn a_directory_without_a_lock_goes_if_empty() {
    use std::os::unix::fs::PermissionsExt;
    let place = tempfile::tempdir().unwrap();
    for name in ["ksm-private-empty", "ksm-private-full"] {
        fs::create_dir(place.path().join(name)).unwrap();
        let closed = PermissionsExt::from_mode(0o700);
        fs::set_permissions(place.path().join(name), closed).unwrap();
    }
    let full = place.path().join("ksm-private-full");
    fs::write(full.join("file"), "canary").unwrap();
    sweep(&[place.path().to_owned()]);
    assert_eq!(names(place.path()), [full]);
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    for name in ["other", "ksm-private-open"] {
        fs::create_dir(place.path().join(name)).unwrap();
        fs::write(place.path().join(name).join(LOCK), "").unwrap();
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let open = place.path().join("ksm-private-open");
        fs::set_permissions(open, PermissionsExt::from_mode(0o777)).unwrap();
        symlink("other", place.path().join("ksm-private-link")).unwrap();
        sweep(&[place.path().to_owned()]);
        assert_eq!(names(place.path()).len(), 3);
    }
}

#[test]
fn places_that_take_nothing_are_passed_over() {
    let place = tempfile::tempdir().unwrap();
    let places = [place.path().join("none"), place.path().to_owned()];
    let made = PrivateDirectory::create(&places).unwrap();
    assert!(made.path().starts_with(place.path()));
    let nowhere = PrivateDirectory::create(&[place.path().join("none")]);
    assert!(matches!(nowhere, Err(Error::NoDirectory { .. })));
}
