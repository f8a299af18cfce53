//! What a `keeper.ini` says after a change, to the byte.

use std::time::{Duration, SystemTime};

use super::*;
use crate::crypto::signing::SigningKey;
use crate::environment::Environment;
use crate::profile::store::aws;
use crate::profile::store::pending::{LIFETIME, id};
use crate::profile::store::tests::{config, name};
use crate::wire::endpoint::HostName;
use crate::wire::server_key::KeyId;

const OFFICIAL: &str = "[_config]\nactive_profile = a\ncolor = True\ncache = False\nrecord_type_dir\neditor\n\
                        editor_use_blocking = False\neditor_process_name\n\n";

fn file(home: &Path) -> IniFile {
    IniFile::named(&home.join("keeper.ini"), &Environment::default().into())
}

async fn edit(text: Option<&str>, change: impl AsyncFnOnce(&mut dyn Edit)) -> String {
    let home = tempfile::tempdir().unwrap();
    let file = file(home.path());
    if let Some(text) = text {
        std::fs::write(&file.path, text).unwrap();
    }
    let mut edit = file.edit_within(LIFETIME).await.unwrap();
    change(&mut *edit).await;
    edit.save().await.unwrap();
    std::fs::read_to_string(&file.path).unwrap()
}

#[tokio::test]
async fn a_new_file_looks_like_the_official_one() {
    let new =
        "[a]\nclientid = 1\nprivatekey\nappkey\nhostname\nappownerpublickey\nserverpublickeyid\n\n";
    let mine = "# mine\n[_config]\nactive_profile = x\n\n[x]\nClientId=9\n";
    for (before, after) in [
        (None, [OFFICIAL, new].concat()),
        (Some(""), [OFFICIAL, new].concat()),
        (Some("# mine"), ["# mine\n", OFFICIAL, new].concat()),
        (Some(mine), [mine, "\n", new].concat()),
    ] {
        let put = async |edit: &mut dyn Edit| edit.put(&name("a"), &config("1")).unwrap();
        assert_eq!(edit(before, put).await, after, "{before:?}");
    }
    let activate = async |edit: &mut dyn Edit| edit.activate(&name("a")).unwrap();
    let text = edit(Some("[a]\nclientid = 1\n"), activate).await;
    assert_eq!(text, [OFFICIAL, "[a]\nclientid = 1\n"].concat());
}

#[tokio::test]
async fn a_change_leaves_the_other_lines_alone() {
    let before = "[_config]\nactive_profile = a\n[a]\n; mine\nclientid = 1\nappkey = k\nserverpublickeyid = 10\n[b]\nx\n";
    let text = edit(Some(before), async |edit| {
        let (a, id) = (name("a"), KeyId::from(8));
        edit.set_server_key(&a, "1", id).await.unwrap();
        edit.delete(&name("b")).await.unwrap();
        edit.rename(&a, &name("new")).unwrap();
    });
    let after = before.replace("= 10", "= 8").replace("[b]\nx\n", "");
    let after = after.replace("= a", "= new").replace("[a]", "[new]");
    assert_eq!(text.await, after);
}

#[tokio::test]
async fn references_and_keys_replace_each_other() {
    let section = Document::parse(b"[a]\nstorage = aws\nsecret = s\n").unwrap();
    let open = aws::KIND.referred.unwrap();
    let keys = open(&section, &name("a"), &Environment::default().into()).unwrap();
    let referred = edit(None, async |edit| {
        edit.put(&name("a"), &config("1")).unwrap();
        edit.refer(&name("a"), &*keys).unwrap();
    })
    .await;
    assert!(referred.starts_with(&[OFFICIAL, "[a]\nstorage = aws\n"].concat()));
    assert!(!referred.contains("clientid"), "{referred}");
    let back = edit(Some(&referred), async |edit| {
        edit.put(&name("a"), &config("1")).unwrap();
    })
    .await;
    assert!(!back.contains("storage"), "{back}");
    assert!(back.contains("clientid = 1\n"), "{back}");
}

#[tokio::test]
async fn merging_takes_over_what_it_does_not_know() {
    let theirs = "[_config]\nactive_profile = b\ncolor = False\n[b]\nclientid = new\nother = 1\n";
    let theirs = || Document::parse(theirs.as_bytes()).unwrap();
    let before = "[_config]\nactive_profile = a\n[a]\nx\n[b]\nclientid = old\nappkey = old\n";
    let text = edit(Some(before), async |edit| edit.merge(&theirs()).unwrap()).await;
    assert_eq!(
        text,
        "[_config]\nactive_profile = a\n[a]\nx\n[b]\nclientid = new\nother = 1\n"
    );
    let text = edit(None, async |edit| edit.merge(&theirs()).unwrap()).await;
    assert_eq!(text, theirs().render().expose().as_str());
}

#[tokio::test]
async fn an_unsuitable_layout_is_found_before_writing() {
    let home = tempfile::tempdir().unwrap();
    let file = file(home.path());
    // Settings above would be continued by the first header.
    std::fs::write(&file.path, "  [a]\n  x = 1\n").unwrap();
    let edit = file.edit_within(LIFETIME).await.unwrap();
    let refused = edit.check_writable(&name("b")).await.unwrap_err();
    let layout = |error| matches!(error, Error::Ini { source, .. } if source == ini::Error::Layout);
    assert!(layout(refused));
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_not_touched() {
    let home = tempfile::tempdir().unwrap();
    let file = file(home.path());
    std::fs::write(&file.path, "no section").unwrap();
    assert!(file.edit_within(LIFETIME).await.is_err());
    assert_eq!(std::fs::read(&file.path).unwrap(), b"no section");
}

#[tokio::test]
async fn a_bind_is_waited_for_a_day() {
    let home = tempfile::tempdir().unwrap();
    let file = file(home.path());
    let edit = file.edit_within(LIFETIME).await.unwrap();
    let signing_key = SigningKey::generate().unwrap();
    for client in ["one", "two"] {
        let device = Config::unbound(client, &signing_key, &HostName::default());
        edit.binds().keep(client, &device).await.unwrap();
        assert!(file.has_bind(client), "{client}");
    }
    let bind_file = format!(".keeper.ini.{}.pending", id("one"));
    let bind_file = home.path().join(bind_file);
    let open = std::fs::File::options().write(true).open(&bind_file);
    let old = SystemTime::now() - LIFETIME - Duration::from_secs(60);
    open.unwrap().set_modified(old).unwrap();
    assert_eq!(edit.binds().kept("three").await, None);
    assert!(!bind_file.exists(), "what is old stays");
    assert!(file.has_bind("two"));
}
