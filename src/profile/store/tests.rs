//! The rules of every kind of store that can be at a path. `tests/interop` has the suite for all kinds, by the program.

use std::rc::Rc;

use super::*;
use crate::crypto::signing::SigningKey;
use crate::environment::Environment;
use crate::profile::ini::Document;
use crate::wire::server_key::KeyId;

/// A new store of each kind.
fn stores(home: &Path) -> Vec<Rc<dyn Store>> {
    let context = Environment::default().into();
    let new = |kind: &&Kind| kind.for_new?(Some(&home.join(kind.name)), &context).ok();
    KINDS.iter().filter_map(new).collect()
}

pub(super) fn config(client_id: &str) -> Config {
    Config::default().with(Member::ClientId, Some(client_id))
}

pub(super) fn name(text: &str) -> ProfileName {
    ProfileName::new(text).unwrap()
}

/// What each store says after a change: its profiles with client and server key, a star behind the active one, the editor.
/// Before it the store has the profiles of `before`, which are their own clients.
async fn after(before: &str, change: impl AsyncFn(&mut dyn Edit)) -> String {
    let home = tempfile::tempdir().unwrap();
    let mut said = Vec::new();
    for store in stores(home.path()) {
        let mut edit = store.edit().await.unwrap();
        for text in before.split_whitespace() {
            edit.put(&name(text), &config(text)).unwrap();
        }
        edit.save().await.unwrap();
        drop(edit);
        let mut edit = store.edit().await.unwrap();
        change(&mut *edit).await;
        edit.check_writable(&name("new")).await.unwrap();
        edit.save().await.unwrap();
        said.push(told(&*edit.saved().await.unwrap()).await);
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
    said.remove(0)
}

async fn told(store: &dyn Store) -> String {
    let mut words = Vec::new();
    // Each kind has an order of its own.
    let mut names = store.names();
    names.sort();
    for name in names {
        let config = store.load(&name).await.unwrap();
        let star = if store.active() == Some(name.clone()) {
            "*"
        } else {
            ""
        };
        let member = |member| config.get(member).unwrap_or_default();
        let (client, key) = (member(Member::ClientId), member(Member::ServerKeyId));
        words.push(format!("{name}={client}{key}{star}"));
    }
    words.extend(store.setting("editor").map(str::to_owned));
    words.join(" ")
}

#[tokio::test]
async fn the_first_profile_is_active_and_is_replaced() {
    let put = async |edit: &mut dyn Edit| {
        edit.put(&name("a"), &config("1")).unwrap();
        edit.put(&name("c"), &config("3")).unwrap();
        edit.set_setting("editor", Some("vi")).unwrap();
    };
    assert_eq!(after("", put).await, "a=1* c=3 vi");
    assert_eq!(after("b a", put).await, "a=1 b=b* c=3 vi");
}

#[tokio::test]
async fn the_last_remaining_profile_becomes_active() {
    for (before, deleted, expected) in [
        ("a b", "a", "b=b*"),
        ("a b c", "a", "b=b c=c"),
        ("a b", "b", "a=a*"),
        ("a", "a", ""),
    ] {
        let delete = async |edit: &mut dyn Edit| edit.delete(&name(deleted)).await.unwrap();
        assert_eq!(after(before, delete).await, expected, "{before} {deleted}");
    }
}

#[tokio::test]
async fn a_renamed_profile_keeps_its_keys_and_stays_active() {
    for (old, expected) in [("a", "b=b new=a*"), ("b", "a=a* new=b")] {
        let rename = async |edit: &mut dyn Edit| edit.rename(&name(old), &name("new")).unwrap();
        assert_eq!(after("a b", rename).await, expected);
    }
}

#[tokio::test]
async fn merging_replaces_profiles_and_keeps_the_others() {
    let theirs = b"[_config]\nactive_profile = c\n[b]\nclientid = new\n[c]\nclientid = 3\n";
    let theirs = Document::parse(theirs).unwrap();
    let merge = async |edit: &mut dyn Edit| edit.merge(&theirs).unwrap();
    assert_eq!(after("a b", merge).await, "a=a* b=new c=3");
    assert_eq!(after("", merge).await, "b=new c=3*");
}

#[tokio::test]
async fn a_server_key_is_stored_only_with_its_device() {
    for (profile, client, expected) in [
        ("p", "1", "p=18* unbound=1"),
        ("p", "2", "p=1* unbound=1"),
        ("unbound", "1", "p=1* unbound=1"),
    ] {
        let set = async |edit: &mut dyn Edit| {
            let bound = config("1").with(Member::AppKey, Some("canary"));
            edit.put(&name("p"), &bound).unwrap();
            edit.put(&name("unbound"), &config("1")).unwrap();
            let (profile, id) = (name(profile), KeyId::from(8));
            edit.set_server_key(&profile, client, id).await.unwrap();
        };
        assert_eq!(after("", set).await, expected, "{profile} {client}");
    }
}

#[tokio::test]
async fn a_second_attempt_uses_the_first_ones_keys() {
    let bind = async |edit: &mut dyn Edit| {
        let signing_key = SigningKey::generate().unwrap();
        let device = Config::unbound("one", &signing_key, &HostName::default());
        assert_eq!(edit.binds().kept("one").await, None);
        edit.binds().keep("one", &device).await.unwrap();
        assert_eq!(edit.binds().kept("one").await, Some(device));
        assert_eq!(edit.binds().kept("two").await, None);
        for _ in 0..2 {
            edit.binds().forget("one").await.unwrap();
            assert_eq!(edit.binds().kept("one").await, None);
        }
    };
    assert_eq!(after("a", bind).await, "a=a*");
}
