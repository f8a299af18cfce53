//! Finds the known name that a mistyped word was meant to be. It is only ever suggested, never used in the word's place.

/// For a handful of words that differ much, such as commands: half of the word may be wrong.
pub const LOOSE: f64 = 0.5;
/// For long lists of similar names, such as field types: one slip in four letters.
pub const STRICT: f64 = 0.75;

/// The name most like `word`, in any case, if its likeness (0 to 1, 1 for equal words and for abbreviations) reaches `least`.
pub fn closest<'n>(word: &str, names: impl Iterator<Item = &'n str>, least: f64) -> Option<String> {
    nearest(word, names, least).first().map(ToString::to_string)
}

/// All names that are as like `word`, the most like ones first.
pub fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>, least: f64) -> Vec<&'n str> {
    let word = word.to_lowercase();
    let rated = names.map(|name| (likeness(&name.to_lowercase(), &word), name));
    let mut rated: Vec<_> = rated.filter(|(likeness, _)| *likeness >= least).collect();
    rated.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    rated.into_iter().map(|(_, name)| name).collect()
}

fn likeness(name: &str, word: &str) -> f64 {
    let is_abbreviation = word.len() > 1 && name.starts_with(word);
    match is_abbreviation {
        true => 1.0,
        false => strsim::normalized_damerau_levenshtein(name, word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_find_their_name_and_others_none() {
        let names = [
            "secret",
            "list",
            "get",
            "delete",
            "profile-name",
            "notation",
        ];
        for (word, loose, strict) in [
            ("sec", Some("secret"), Some("secret")),
            ("SECRTE", Some("secret"), Some("secret")),
            ("ls", Some("list"), None),
            ("gte", Some("get"), None),
            ("del", Some("delete"), Some("delete")),
            ("delet", Some("delete"), Some("delete")),
            ("profile", Some("profile-name"), Some("profile-name")),
            ("rm", None, None),
            ("run", None, None),
            ("x", None, None),
            ("", None, None),
        ] {
            for (least, expected) in [(LOOSE, loose), (STRICT, strict)] {
                let found = closest(word, names.into_iter(), least);
                assert_eq!(found.as_deref(), expected, "{word} {least}");
            }
        }
    }
}
