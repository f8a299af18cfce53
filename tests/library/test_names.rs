//! Test functions are named by sentences of nine words at most.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

#[test]
fn test_names_have_at_most_nine_words() {
    let definition =
        Regex::new(r"(?m)#\[(?:tokio::)?test[^\]]*\](?:\s*#\[[^\]]*\])*\s*(?:async )?fn (?<rust>\w+)|^def test_(?<python>\w+)")
            .unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names = 0;
    for path in ["src", "tests"]
        .iter()
        .flat_map(|folder| sources(&root.join(folder)))
    {
        let text = fs::read_to_string(&path).unwrap();
        for (_, [name]) in definition.captures_iter(&text).map(|found| found.extract()) {
            let words = name.split('_').count();
            assert!(words <= 9, "{}: {name} has {words} words", path.display());
            names += 1;
        }
    }
    assert!(names > 500, "{names}");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|ending| ending == "rs" || ending == "py")
            {
                found.push(path);
            }
        }
    }
    found
}
