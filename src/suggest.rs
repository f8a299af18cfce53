//! Finds the known name that a mistyped word was meant to be, and says it. It is only ever suggested, never used in the
//! word's place.

use crate::foreign::Text;
use crate::limits::{OFFERED, OFFERED_LENGTH};

/// For a handful of words that differ much, such as commands: one letter of three, two of five.
pub const LOOSE: f64 = 0.6;
/// For long lists of similar names, such as field types: one slip in four letters.
pub const STRICT: f64 = 0.75;

/// The name most like `word`, in any case, if its likeness (0 to 1, 1 for equal words and for abbreviations) reaches `least`.
pub fn closest<'n>(word: &str, names: impl Iterator<Item = &'n str>, least: f64) -> Option<String> {
    let word = word.to_lowercase();
    let rated = names.map(|name| (likeness(&name.to_lowercase(), &word), name));
    rated
        .filter(|(likeness, _)| *likeness >= least)
        // Of several that begin so, the shortest has the fewest letters besides.
        .max_by(|(a, one), (b, other)| a.total_cmp(b).then(other.len().cmp(&one.len())))
        .map(|(_, name)| name.to_owned())
}

/// The name that `word` is a slip of the pen for. Abbreviations do not count.
pub fn slip<'n>(word: &str, names: impl Iterator<Item = &'n str>, least: f64) -> Option<String> {
    let rated = names.map(|name| (strsim::normalized_damerau_levenshtein(name, word), name));
    rated
        .filter(|(likeness, _)| *likeness >= least)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name.to_owned())
}

/// ``did you mean `NAME`? ``, with the blank at the end; nothing if no name is like `word`.
pub fn meant<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> String {
    let name = closest(word, names, LOOSE);
    name.map_or_else(String::new, |name| question(&name))
}

/// The same for a name that is almost `word`, in the words of `spell`.
pub fn nearly<'n>(
    word: &str,
    names: impl Iterator<Item = &'n str>,
    spell: impl Fn(&str) -> String,
) -> String {
    let name = closest(word, names, STRICT);
    name.map_or_else(String::new, |name| question(&spell(&name)))
}

/// Whether `advice` begins with a name that was meant.
pub fn is_question(advice: &str) -> bool {
    advice.starts_with("did you mean ")
}

fn question(name: &str) -> String {
    format!("did you mean `{}`? ", shown(name))
}

/// The first of `names` as one text for people: `a, b, c and 12 more`.
pub fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    in_words(names.map(shown))
}

/// The same for names that may hold blanks, each within backticks.
pub fn quoted<'n>(names: impl Iterator<Item = &'n str>) -> String {
    in_words(names.map(|name| format!("`{}`", shown(name))))
}

fn in_words(mut names: impl Iterator<Item = String>) -> String {
    let first: Vec<_> = names.by_ref().take(OFFERED).collect();
    match names.count() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

fn shown(name: &str) -> String {
    Text::cut(name, OFFERED_LENGTH).to_string()
}

fn likeness(name: &str, word: &str) -> f64 {
    // Comparing takes time for each pair of letters.
    if name.len().max(word.len()) > 4 * OFFERED_LENGTH {
        return if name == word { 1.0 } else { 0.0 };
    }
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
            ("ls", None, None),
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
