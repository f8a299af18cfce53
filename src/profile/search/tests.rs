use super::*;

fn paths(variables: &[(&str, &str)]) -> Vec<String> {
    let variables = variables.iter().copied();
    let environment = variables.collect::<Environment>().in_directory("/here");
    let place = |path: PathBuf| {
        let policy = policy_of(&path, &environment);
        format!("{} {policy:?}", path.display()).replace(" { invoker: None }", "")
    };
    candidates(&environment).into_iter().map(place).collect()
}

#[test]
fn places_are_searched_in_the_official_order() {
    let system = [
        "/etc/keeper.ini Found",
        "/etc/ksm/keeper.ini Found",
        "/etc/keeper/keeper.ini Found",
    ];
    let mut expected = vec!["/here/keeper.ini Found"];
    expected.extend(system);
    assert_eq!(paths(&[("HOME", "")]), expected);
    assert_eq!(
        paths(&[
            ("KSM_INI_FILE", "my.ini"),
            ("KSM_INI_DIR", "sub"),
            ("HOME", "/h"),
            ("APPDATA", "/a")
        ]),
        [
            "/here/keeper.ini Found",
            "/here/sub/my.ini Named",
            "/here/my.ini Found",
            "/h/my.ini Found",
            "/h/.config/ksm/my.ini Found",
            "/h/.keeper/my.ini Found",
            "/etc/my.ini Found",
            "/etc/ksm/my.ini Found",
            "/etc/keeper/my.ini Found",
            "/a/Keeper/my.ini Found",
        ]
    );
}

#[test]
fn a_development_vault_has_one_place() {
    let socket = ("KSM_DEV_SOCKET", "/d/control");
    let home = ("HOME", "/h");
    assert_eq!(
        paths(&[socket, ("KSM_INI_DIR", "/d/profiles"), home]),
        ["/d/profiles/keeper.ini Named"]
    );
    let usual = paths(&[home]);
    assert_eq!(paths(&[socket, home]), usual);
    assert_eq!(paths(&[("KSM_DEV_SOCKET", ""), home]), usual);
}

#[test]
fn windows_has_places_of_its_own() {
    let environment = Environment::from_iter([
        ("USERPROFILE", "/u"),
        ("APPDATA", "/a"),
        ("PROGRAMDATA", "/d"),
        ("PROGRAMFILES", "/f"),
    ])
    .in_directory("/here");
    let places = |found: Vec<PathBuf>| {
        let found = found.iter().map(|path| path.display().to_string());
        let found = found.map(|path| path.trim_end_matches('/').replace('\\', "/"));
        found.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        places(directories_on(System::Windows, &environment)),
        "/here /u /a/Keeper /d/ksm /d/Keeper /f/Keeper"
    );
    assert_eq!(
        places(unattended_on(System::Windows, &environment)),
        "/here/keeper.ini /u/keeper.ini"
    );
    assert_eq!(
        places(unattended_on(System::Unix, &environment)),
        "/here/keeper.ini"
    );
}

#[test]
fn a_store_in_the_working_directory_wins_with_warning() {
    let home = tempfile::tempdir().unwrap();
    let (here, other) = (home.path().join("here"), home.path().join("other"));
    for directory in [&here, &other] {
        std::fs::create_dir(directory).unwrap();
        std::fs::write(directory.join(NAME), "").unwrap();
    }
    for (ini_dir, warned) in [(&other, true), (&here, false)] {
        let environment = Environment::from_iter([("KSM_INI_DIR", ini_dir)]);
        let environment = environment.in_directory(&here);
        let found = find(&environment).unwrap();
        assert_eq!(found, here.join(NAME));
        assert_eq!(warnings::conflict(&environment).is_some(), warned);
    }
}

#[test]
fn a_container_without_home_still_has_a_place() {
    let environment = Environment::default().in_directory("/");
    assert_eq!(
        new_file_unattended(&environment),
        [Path::new("/keeper.ini")]
    );
}
