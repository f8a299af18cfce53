//! Where the cache lies, and places that are of no use: a warning, and nothing else changes (K1).

use std::fs;

#[cfg(unix)]
use super::{entries, entry, filled};
use super::{offline, read, vault};
use crate::support::Home;
#[cfg(unix)]
use crate::support::UID;

#[test]
fn a_named_directory_or_the_users_own() {
    let vault = vault();
    let mut home = Home::configured_for(&vault);
    for (name, value, place) in [
        ("XDG_CACHE_HOME", home.path("x").into_os_string(), "x/ksm"),
        ("KSM_CACHE_DIR", "a/b".into(), "a/b"),
    ] {
        home.set(name, value);
        read(&home).run().succeeds().stdout("canary-1").stderr("");
        assert_eq!(
            fs::read_dir(home.path(place)).unwrap().count(),
            1,
            "{place}"
        );
        offline(&home).run().succeeds().stdout("canary-1");
    }
    // The official cache is somebody else's.
    home.set("KSM_CACHE_DIR", "c");
    home.write("c/ksm_cache.bin", "theirs");
    read(&home).run().succeeds().stdout("canary-1").stderr("");
    assert_eq!(home.read("c/ksm_cache.bin"), "theirs");
}

#[test]
#[cfg(unix)]
fn a_place_of_no_use_is_a_warning() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write("file", "");
    fs::create_dir_all(home.path("open/cache")).unwrap();
    fs::set_permissions(home.path("open"), PermissionsExt::from_mode(0o777)).unwrap();
    symlink("circle", home.path("circle")).unwrap();
    // Two questions, since a record is looked for by its UID, and by its title then.
    let uid = format!("keeper://{UID}/field/password");
    let two = ["--cache", "exec", "-e", "A", "--", "printenv", "A"];
    for (place, said) in [
        ("file", "ot a directory"),
        ("file/below", "ot a directory"),
        ("open", "can be changed by other users"),
        ("open/cache", "can be changed by other users"),
        ("circle", "circle"),
        ("/proc/ksm", ""),
    ] {
        let run = home
            .command(two)
            .env("KSM_CACHE_DIR", place)
            .env("A", &uid)
            .run();
        run.succeeds().stdout("canary-1\n").stderr_has(said);
        let text = run.stderr_text();
        assert!(
            text.starts_with("Warning: the cache is of no use: "),
            "{run}"
        );
        assert_eq!(text.lines().count(), 1, "{run}");
    }
    home.command(two)
        .env("A", &uid)
        .without("HOME")
        .run()
        .succeeds()
        .stdout("canary-1\n")
        .stderr("Warning: no answer is kept: KSM_CACHE_DIR is not set, and HOME names no directory that exists\n");
    // A home that is nobody's is not made.
    home.command(two)
        .env("A", &uid)
        .env("HOME", home.path("none"))
        .run()
        .succeeds()
        .stdout("canary-1\n")
        .stderr_has("Warning: no answer is kept: ");
    assert!(!home.path("none").exists());
    offline(&home)
        .without("HOME")
        .run()
        .fails(6)
        .stdout("")
        .stderr_has("KSM_CACHE_DIR is not set, and HOME names");
}

#[test]
#[cfg(unix)]
fn what_is_no_file_of_ours_is_not_read() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let vault = vault();
    let home = filled(&vault);
    let path = entry(&home);
    let whole = fs::read(&path).unwrap();
    home.write("elsewhere", &whole);
    let link = || symlink(home.path("elsewhere"), &path).unwrap();
    let fifo = || {
        home.program("mkfifo", [&path]).run().succeeds();
    };
    let large = || fs::File::create(&path).unwrap().set_len(80 << 20).unwrap();
    let open = || {
        fs::write(&path, &whole).unwrap();
        fs::set_permissions(&path, PermissionsExt::from_mode(0o606)).unwrap();
    };
    let cases: [(&dyn Fn(), &str); 4] = [
        (&link, "is not a regular file"),
        (&fifo, "is not a regular file"),
        (&large, "is damaged"),
        (&open, "can be changed by others"),
    ];
    for (make, said) in cases {
        // What is damaged was removed.
        let _ = fs::remove_file(&path);
        make();
        let run = offline(&home).run();
        run.fails(5).stdout("").stderr_has(said);
        assert_eq!(run.stderr_text().matches("Warning").count(), 1, "{run}");
    }
    assert_eq!(fs::read(home.path("elsewhere")).unwrap(), whole);
    // The file is ours to replace; a link is not written through.
    for make in [&open as &dyn Fn(), &large] {
        fs::remove_file(&path).unwrap();
        make();
        read(&home).run().succeeds().stdout("canary-1").stderr("");
        offline(&home).run().succeeds().stdout("canary-1");
    }
    fs::remove_file(&path).unwrap();
    link();
    read(&home)
        .run()
        .succeeds()
        .stdout("canary-1")
        .stderr_has("is not a regular file");
    assert_eq!(fs::read(home.path("elsewhere")).unwrap(), whole);
    assert_eq!(entries(&home).len(), 1);
}
