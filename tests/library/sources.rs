//! The files of the repository that hold text, read once for all tests, and what is looked for in them. Patterns are slow
//! where nothing is optimized, so they see only what words have singled out.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use memchr::memmem;

/// What is read.
const PLACES: [&str; 5] = ["src", "tests", ".ci", ".github", "README.md"];

pub struct Source {
    /// From the root of the repository.
    pub path: PathBuf,
    pub text: String,
}

static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let mut found = Vec::new();
    for place in PLACES {
        read(&root().join(place), &mut found);
    }
    assert!(found.len() > 300, "{}", found.len());
    found
});

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All of them, in no order.
pub fn sources() -> impl Iterator<Item = &'static Source> {
    SOURCES.iter()
}

/// The sources in a folder, at any depth, whose names end so.
pub fn sources_below(folder: &str, ending: &str) -> impl Iterator<Item = &'static Source> {
    sources().filter(move |source| source.path.starts_with(folder) && source.has_ending(ending))
}

fn read(path: &Path, found: &mut Vec<Source>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            read(&entry.unwrap().path(), found);
        }
    } else if path.extension().is_none_or(|end| end != "json") {
        let path_inside = path.strip_prefix(root()).unwrap().to_owned();
        found.extend(fs::read_to_string(path).map(|text| Source {
            path: path_inside,
            text,
        }));
    }
}

impl Source {
    pub fn has_ending(&self, ending: &str) -> bool {
        self.path.extension().is_some_and(|end| end == ending)
    }
}

/// As `str::contains`, in a fraction of its time where nothing is optimized.
pub fn contains(text: &str, word: &str) -> bool {
    memmem::find(text.as_bytes(), word.as_bytes()).is_some()
}

/// What follows each `start` that no letter, digit or underscore precedes.
pub fn behind<'t>(text: &'t str, start: &'t str) -> impl Iterator<Item = &'t str> {
    let places = memmem::find_iter(text.as_bytes(), start);
    let places = places.filter(|at| !text[..*at].ends_with(is_of_word));
    places.map(|at| &text[at + start.len()..])
}

/// The word at the start of a text, which may be empty.
pub fn first_word(text: &str) -> &str {
    let end = text.find(|c| !is_of_word(c));
    &text[..end.unwrap_or(text.len())]
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// A text without what brackets enclose.
pub fn outside(text: &str, open: char, close: char) -> String {
    let mut depth = 0;
    let mut is_outside = |c: &char| {
        depth += i32::from(*c == open) - i32::from(*c == close);
        depth == 0 && *c != close
    };
    text.chars().filter(|c| is_outside(c)).collect()
}
