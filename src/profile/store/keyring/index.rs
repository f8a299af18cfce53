//! The keyring's common entry, which is the only index of its profiles, and the changes that go with it.

use serde_json::{Map, Value};

use crate::json;
use crate::keyring::{self, Entry, Keyring};
use crate::profile::config::Config;
use crate::profile::name::ProfileName;
use crate::profile::store::ACTIVE;
use crate::sensitive::Sensitive;

const PROFILES: &str = "profiles";

/// The common entry, and the changes that go with what it says now.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    members: Map<String, Value>,
    changes: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    Put(String, Sensitive<String>),
    Rename(String, String),
    Delete(String),
}

impl Index {
    /// Reads the common entry; where there is none, there are no profiles. A hash that does not fit is worth a warning
    /// only: it guards no keys, and otherwise a command that was killed between writing the entry and its hash would
    /// cost all profiles (FIX 10).
    pub(super) async fn load(keyring: &Keyring) -> Result<(Self, Option<String>), keyring::Error> {
        let entry = Entry::common();
        let Some((text, fits)) = keyring.read(&entry).await? else {
            return Ok((Self::default(), None));
        };
        let members = json::members(text.expose().as_bytes());
        let index = Self {
            members: members.map_err(|_| keyring::Error::Content(entry.to_string().into()))?,
            changes: Vec::new(),
        };
        let warning = format!(
            "the list of profiles in the {} was changed by another program, or a command was cut off",
            keyring::name()
        );
        Ok((index, (!fits).then_some(warning)))
    }

    /// The profiles in order. Names that the official CLI would pass over are none.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let names = self.members.get(PROFILES).and_then(Value::as_array);
        let names = names.into_iter().flatten().filter_map(Value::as_str);
        names.filter(|name| ProfileName::new(name).is_ok())
    }

    /// A setting, truth values in the spelling of an INI file.
    pub(super) fn setting(&self, key: &str) -> Option<&str> {
        match self.members.get(key)? {
            Value::String(text) => Some(text.as_str()).filter(|text| !text.is_empty()),
            Value::Bool(true) => Some("True"),
            Value::Bool(false) => Some("False"),
            _ => None,
        }
    }

    pub(super) fn set_setting(&mut self, key: &str, value: Option<&str>) {
        match value {
            Some(value) => self.members.insert(key.to_owned(), value.into()),
            None if key == ACTIVE => self.members.insert(key.to_owned(), Value::Null),
            None => self.members.shift_remove(key),
        };
    }

    pub(super) fn put(&mut self, name: &str, config: &Config) {
        self.edit_names(|names| {
            if !names.iter().any(|known| known == name) {
                names.push(name.into());
            }
        });
        // The settings the official CLI starts with.
        for (key, value) in [("color", true), ("cache", false)] {
            self.members.entry(key).or_insert(value.into());
        }
        self.changes
            .push(Change::Put(name.to_owned(), config.to_line()));
    }

    pub(super) fn rename(&mut self, name: &str, to: &str) {
        self.edit_names(|names| {
            names
                .iter_mut()
                .filter(|known| *known == name)
                .for_each(|known| *known = to.into());
        });
        self.changes
            .push(Change::Rename(name.to_owned(), to.to_owned()));
    }

    pub(super) fn delete(&mut self, name: &str) {
        self.edit_names(|names| names.retain(|known| known != name));
        self.changes.push(Change::Delete(name.to_owned()));
    }

    /// Makes it so. At any kill the index names every item that holds keys: new items are written before it, old ones
    /// removed before it, and those with a new name keep both until it is written.
    pub(super) async fn save(&self, keyring: &Keyring) -> Result<(), keyring::Error> {
        let mut left_over = Vec::new();
        for change in &self.changes {
            match change {
                Change::Put(name, text) => keyring.save(&Entry::profile(name), text).await?,
                Change::Delete(name) => keyring.remove(&Entry::profile(name)).await?,
                Change::Rename(name, to) => {
                    let old = Entry::profile(name);
                    let text = keyring.load(&old).await?;
                    keyring.save(&Entry::profile(to), &text).await?;
                    left_over.push(old);
                }
            }
        }
        let common = json::line(&self.members).into();
        keyring.save(&Entry::common(), &common).await?;
        for entry in left_over {
            keyring.remove(&entry).await?;
        }
        Ok(())
    }

    fn edit_names(&mut self, edit: impl FnOnce(&mut Vec<Value>)) {
        // The official order of a new entry.
        self.members.entry(ACTIVE).or_insert(Value::Null);
        let names = self.members.entry(PROFILES);
        let names = names.or_insert_with(|| Value::Array(Vec::new()));
        if !names.is_array() {
            *names = Value::Array(Vec::new());
        }
        if let Value::Array(names) = names {
            edit(names);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::config::Member;

    fn name(text: &str) -> Config {
        Config::default().with(Member::ClientId, Some(text))
    }

    #[test]
    fn the_index_is_spelled_as_the_official_one() {
        let mut index = Index::default();
        index.put("a", &name("1"));
        index.put("b", &name("2"));
        index.put("a", &name("3"));
        index.set_setting(ACTIVE, Some("a"));
        let text = json::line(&index.members);
        assert_eq!(
            text,
            r#"{"active_profile": "a", "profiles": ["a", "b"], "color": true, "cache": false}"#
        );
        index.rename("a", "c");
        index.delete("b");
        index.set_setting(ACTIVE, None);
        index.set_setting("color", Some("False"));
        assert_eq!(
            json::line(&index.members),
            r#"{"active_profile": null, "profiles": ["c"], "color": "False", "cache": false}"#
        );
        assert_eq!(
            name("1").to_line().expose(),
            r#"{"clientId": "1", "privateKey": null, "appKey": null, "hostname": null, "appOwnerPublicKey": null, "serverPublicKeyId": null}"#
        );
    }

    #[test]
    fn foreign_members_of_the_index_survive_without_harm() {
        let text = r#"{"new": [1], "profiles": ["ok", "bad name", 5, "_config"], "cache": "True", "editor": ""}"#;
        let index = Index {
            members: serde_json::from_str(text).unwrap(),
            changes: Vec::new(),
        };
        assert_eq!(index.names().collect::<Vec<_>>(), ["ok"]);
        assert_eq!(index.setting("cache"), Some("True"));
        assert_eq!(index.setting("editor"), None);
        assert_eq!(json::line(&index.members), text);
    }
}
