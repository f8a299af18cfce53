//! The shared files as AWS's own tools read them.

use super::*;
use crate::test_time::is_linear;

fn get(files: &SharedFiles, profile: &str, key: &str) -> Option<String> {
    let value = files.profile(profile)?.get(key)?;
    Some(value.expose().clone())
}

#[test]
fn both_files_are_read_as_botocore_reads_them() {
    let config = "\u{feff}# comment\n[default]\nregion=eu-west-1\n; comment\n\
         [profile  spaced ]\n  Region   :   eu-west-2   \n\
         [profile \"two words\"]\nregion = eu-west-3 # no comment\n\
         s3 =\n  max_concurrent_requests = 20\n  region = inside\nrole_arn = r\n\
         [other]\nregion = eu-north-1\n[sso-session corp]\nsso_region = x\n\
         [profile both]\naws_access_key_id = config\nregion = eu-central-1\nempty =\n";
    let credentials =
        "[both]\naws_access_key_id = credentials\n\n[only]\nAWS_SECRET_ACCESS_KEY = a=b\\c:d%\n";
    let files = SharedFiles::parse(config, credentials).unwrap();
    for (profile, key, expected) in [
        ("default", "region", Some("eu-west-1")),
        ("spaced", "region", Some("eu-west-2")),
        ("two words", "region", Some("eu-west-3 # no comment")),
        ("two words", "role_arn", Some("r")),
        // Only the file of credentials has headers without the prefix.
        ("other", "region", None),
        ("sso-session corp", "sso_region", None),
        ("both", "aws_access_key_id", Some("credentials")),
        ("both", "region", Some("eu-central-1")),
        ("both", "empty", None),
        ("only", "aws_secret_access_key", Some("a=b\\c:d%")),
        ("nobody", "region", None),
    ] {
        assert_eq!(
            get(&files, profile, key).as_deref(),
            expected,
            "{profile} {key}"
        );
    }
    assert!(files.profile("other").is_none());
}

#[test]
fn a_meaningless_line_is_told_by_its_number() {
    for (content, line) in [
        ("key = canary\n", 1),
        ("[a]\n\ncanary\n", 3),
        ("[a]\nx = 1\n[b]\n[a]\n", 4),
        ("[a]\nx = canary\nX = canary\n", 3),
    ] {
        assert_eq!(
            SharedFiles::parse("", content).err().unwrap().0,
            line,
            "{content}"
        );
    }
}

#[test]
fn any_file_is_read_in_linear_time() {
    let headers = |count| (0..count).map(|at| format!("[profile {at}]\n")).collect();
    let settings = |count| {
        let lines = (0..count).map(|at| format!("{at} = 1\n"));
        ["[a]\n".to_owned()].into_iter().chain(lines).collect()
    };
    let below_a_key = |count| {
        let key = "k".repeat(64 * count);
        format!("[a]\n{key} = 1\n{}", " a\n".repeat(count))
    };
    let kinds: [fn(usize) -> String; 3] = [headers, settings, below_a_key];
    for content in kinds {
        let read = |content: &String| assert!(SharedFiles::parse(content, "").is_ok());
        assert!(is_linear(4_000, content, read), "{}", content(1));
    }
}

#[test]
fn the_files_lie_where_variables_say_else_at_home() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    std::fs::write(
        home.path().join(".aws/config"),
        "[default]\nregion = at home\n",
    )
    .unwrap();
    std::fs::write(home.path().join("mine"), "[default]\nregion = mine\n").unwrap();
    let read = |file: Option<&str>| {
        let at_home = ["HOME", "USERPROFILE"].map(|name| (name, home.path().as_os_str()));
        let named = file.map(|file| ("AWS_CONFIG_FILE", file.as_ref()));
        let environment = at_home.into_iter().chain(named).collect();
        get(
            &SharedFiles::read(&environment).unwrap(),
            "default",
            "region",
        )
    };
    assert_eq!(read(None).unwrap(), "at home");
    assert_eq!(read(Some("~/mine")).unwrap(), "mine");
    assert_eq!(read(Some("/nowhere")), None);
}
