//! The maps of a command line, checked before anything is asked.

use std::collections::BTreeMap;

use super::kind::Kind;
use super::names::SecretName;
use crate::foreign::Text;
use crate::vault::notation::Notation;

/// A secret, or a member of one whose value is a JSON object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub name: SecretName,
    pub member: Option<String>,
}

/// `--map KEY NOTATION`.
#[derive(Debug, Clone)]
pub struct Map {
    /// As typed.
    pub key: String,
    pub place: Place,
    /// The notation as typed.
    pub typed: String,
    pub notation: Notation,
}

/// Everything that is wrong with the maps, a line each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .lines.join("; "))]
pub struct MapErrors {
    pub lines: Vec<String>,
}

/// Checks maps of `(KEY, NOTATION)`.
pub fn check(kind: Kind, typed: &[(String, String)]) -> Result<Vec<Map>, MapErrors> {
    let mut maps = Vec::new();
    let mut names = Vec::new();
    let mut notations = Vec::new();
    for (key, notation) in typed {
        let place = place(kind, key).map_err(|problem| names.push(problem));
        let parsed = Notation::parse(notation).map_err(|error| {
            notations.push(format!("Key '{}': {error}", Text::from(key)));
        });
        if let (Ok(place), Ok(parsed)) = (place, parsed) {
            maps.push(Map {
                key: key.clone(),
                place,
                typed: notation.clone(),
                notation: parsed,
            });
        }
    }
    let places = typed.iter().filter_map(|(key, _)| {
        let place = place(kind, key).ok()?;
        Some((key.as_str(), place))
    });
    let called = kind.traits().names.called;
    let mut lines = Vec::new();
    let mut section = |heading: String, items: Vec<String>| {
        if !items.is_empty() {
            lines.push(heading);
            lines.extend(items.into_iter().map(|item| format!("  - {item}")));
        }
    };
    section(format!("{called} validation errors (from --map):"), names);
    section(
        "Duplicate keys found (from --map):".to_owned(),
        clashes(kind, places),
    );
    section(
        "Notations that do not parse (from --map):".to_owned(),
        notations,
    );
    match lines.is_empty() {
        true => Ok(maps),
        false => Err(MapErrors { lines }),
    }
}

fn place(kind: Kind, key: &str) -> Result<Place, String> {
    let rules = kind.traits();
    let shown = Text::from(key);
    let (name, member) = match key.split_once('+') {
        Some((name, member)) if rules.takes_documents => (name, Some(member)),
        _ => (key, None),
    };
    let checked = rules.names.check(name);
    let name = checked.map_err(|error| match member {
        Some(_) if rules.entries.is_some() => {
            format!("Secret '{}' in '{shown}': {error}", Text::from(name))
        }
        Some(_) => format!("KMS key '{}' in '{shown}': {error}", Text::from(name)),
        None => format!("Key '{shown}': {error}"),
    })?;
    match (member, &rules.entries) {
        (Some(""), _) => Err(format!("Key '{shown}': the JSON key behind `+` is empty")),
        (None, Some(_)) => Err(format!(
            "Key '{shown}': a Secret consists of entries, so a key is NAME+KEY"
        )),
        (Some(member), Some(entries)) => match entries.check(member) {
            Err(error) => Err(format!("Key '{shown}': its entry {error}")),
            Ok(member) => Ok(Place {
                name,
                member: Some(member.to_string()),
            }),
        },
        (member, None) => Ok(Place {
            name,
            member: member.map(str::to_owned),
        }),
    }
}

/// Keys that lead to one place, and names that are used whole and by member.
fn clashes<'k>(kind: Kind, places: impl Iterator<Item = (&'k str, Place)>) -> Vec<String> {
    let rules = &kind.traits().names;
    let mut by_name: BTreeMap<String, Vec<(&str, Place)>> = BTreeMap::new();
    for (key, place) in places {
        let same = by_name.entry(rules.identity(&place.name)).or_default();
        same.push((key, place));
    }
    let mut clashes = Vec::new();
    for (name, same) in &by_name {
        let mut by_member: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
        for (key, place) in same {
            let keys = by_member.entry(place.member.as_deref()).or_default();
            keys.push(key);
        }
        for (member, keys) in &by_member {
            clashes.extend(doubled(name, *member, keys));
        }
        let is_plain = |(_, place): &&(&str, Place)| place.member.is_none();
        let (plain, members): (Vec<_>, Vec<_>) = same.iter().partition(is_plain);
        if !plain.is_empty() && !members.is_empty() {
            let keys = |some: &[&(&str, Place)]| listed(some.iter().map(|(key, _)| *key));
            clashes.push(format!(
                "secret name '{name}' used in both plain format ({}) and JSON format ({})",
                keys(&plain),
                keys(&members)
            ));
        }
    }
    clashes
}

fn doubled(name: &str, member: Option<&str>, keys: &[&str]) -> Option<String> {
    let (first, rest) = keys.split_first()?;
    match (member, rest) {
        (_, []) => None,
        (None, rest) if rest.iter().all(|key| key == first) => Some(format!(
            "'{}' appears {} times",
            Text::from(first),
            keys.len()
        )),
        (None, _) => Some(format!(
            "secret name '{name}' maps to multiple --map entries: {}",
            listed(keys.iter().copied())
        )),
        (Some(member), _) => Some(format!(
            "KMS key '{name}': duplicate JSON key '{}' in {}",
            Text::from(member),
            listed(keys.iter().copied())
        )),
    }
}

fn listed<'k>(keys: impl Iterator<Item = &'k str>) -> String {
    let quoted = keys.map(|key| format!("'{}'", Text::from(key)));
    quoted.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(keys: &[&str]) -> Vec<String> {
        let typed: Vec<_> = keys
            .iter()
            .map(|key| ((*key).to_owned(), "db/field/password".to_owned()))
            .collect();
        match check(Kind::Aws, &typed) {
            Ok(maps) => {
                let place = |map: &Map| match &map.place.member {
                    Some(member) => format!("{} {member}", map.place.name),
                    None => map.place.name.to_string(),
                };
                maps.iter().map(place).collect()
            }
            Err(MapErrors { lines }) => lines,
        }
    }

    #[test]
    fn every_wrong_key_is_told_at_once() {
        assert_eq!(told(&["a b", "c+x", "c+y+z"]), ["a_b", "c x", "c y+z"]);
        assert_eq!(
            told(&[
                "a!", "b", "b", "c d", "c_d", "e+x", "e+x", "f", "f+x", "g?+x", "h+"
            ]),
            [
                "AWS KMS secret name validation errors (from --map):",
                "  - Key 'a!': contains invalid characters: '!'",
                "  - KMS key 'g?' in 'g?+x': contains invalid characters: '?'",
                "  - Key 'h+': the JSON key behind `+` is empty",
                "Duplicate keys found (from --map):",
                "  - 'b' appears 2 times",
                "  - secret name 'c_d' maps to multiple --map entries: 'c d', 'c_d'",
                "  - KMS key 'e': duplicate JSON key 'x' in 'e+x', 'e+x'",
                "  - secret name 'f' used in both plain format ('f') and JSON format ('f+x')",
            ]
        );
    }

    #[test]
    fn a_key_for_a_cluster_names_secret_and_entry() {
        let typed = ["db", "db+a", "DB+a", "db+a b", "db+..", "db+"];
        let typed = typed.map(|key| (key.to_owned(), "db/field/password".to_owned()));
        let errors = check(Kind::Kubernetes, &typed).unwrap_err();
        assert_eq!(
            errors.lines,
            [
                "Kubernetes Secret name validation errors (from --map):",
                "  - Key 'db': a Secret consists of entries, so a key is NAME+KEY",
                "  - Secret 'DB' in 'DB+a': must be lower-case letters, digits, '-' and '.', with a letter or digit at both \
                 ends and beside each '.'",
                "  - Key 'db+a b': its entry contains invalid characters: ' '",
                "  - Key 'db+..': its entry must not be '.' or begin with '..'",
                "  - Key 'db+': the JSON key behind `+` is empty",
            ]
        );
    }

    #[test]
    fn a_wrong_notation_is_told_with_its_key() {
        let typed = [("a".to_owned(), "U/canary".to_owned())];
        let lines = check(Kind::Aws, &typed).unwrap_err().lines;
        assert_eq!(lines.len(), 2);
        assert!(lines[1].starts_with("  - Key 'a': Keeper notation"));
        assert!(!lines.concat().contains("canary"));
    }
}
