//! The architecture page draws the library in layers, which is compared with the source.

use std::collections::BTreeSet;
use std::fs;

use regex::Regex;

use crate::manual::{root, texts};

fn page() -> String {
    fs::read_to_string(root().join("src/manual/architecture.md")).unwrap()
}

/// The library's modules, line by line as they are drawn.
fn layers() -> Vec<Vec<String>> {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let module = Regex::new(r"(?m)^pub mod (\w+);").unwrap();
    let modules: BTreeSet<_> = module
        .captures_iter(&lib)
        .map(|found| found[1].to_owned())
        .collect();
    let page = page();
    let chapter = page.split("## The layers").nth(1).unwrap();
    let drawing = chapter.split("```").nth(1).unwrap();
    let layers = drawing.lines().map(|line| {
        let words = line.split_whitespace().map(str::to_owned);
        words.filter(|word| modules.contains(word)).collect()
    });
    let layers: Vec<Vec<String>> = layers.filter(|line: &Vec<_>| !line.is_empty()).collect();
    let mut drawn: BTreeSet<_> = layers.iter().flatten().cloned().collect();
    drawn.insert("manual".to_owned());
    assert_eq!(drawn, modules, "the drawing, and the modules of lib.rs");
    layers
}

/// Finds the modules of the library that a text uses.
struct Uses {
    single: Regex,
    several: Regex,
    nested: Regex,
}

impl Uses {
    fn new() -> Self {
        Self {
            single: Regex::new(r"(?-u:\b)crate::([a-z_]+)").unwrap(),
            several: Regex::new(r"(?-u:\b)use crate::\{([^;]*)\};").unwrap(),
            nested: Regex::new(r"::\{[^{}]*\}|::[A-Za-z_]+").unwrap(),
        }
    }

    /// Tests at the end of a file are left out.
    fn of(&self, text: &str) -> BTreeSet<String> {
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let is_code = |line: &&str| !line.trim_start().starts_with("//");
        let code: String = text.split_inclusive('\n').filter(is_code).collect();
        let single = self.single.captures_iter(&code);
        let mut used: BTreeSet<_> = single.map(|found| found[1].to_owned()).collect();
        for list in self.several.captures_iter(&code) {
            let mut names = list[1].to_owned();
            while self.nested.is_match(&names) {
                names = self.nested.replace_all(&names, "").into_owned();
            }
            used.extend(names.split(',').map(|name| name.trim().to_owned()));
        }
        used
    }
}

#[test]
fn modules_use_only_the_layers_below_their_own() {
    let (layers, uses) = (layers(), Uses::new());
    let mut wrong = Vec::new();
    for (at, layer) in layers.iter().enumerate() {
        let not_below: BTreeSet<_> = layers[..=at].iter().flatten().collect();
        for module in layer {
            let mut files = Vec::new();
            texts(&root().join("src").join(module), &mut files);
            texts(&root().join(format!("src/{module}.rs")), &mut files);
            for (path, text) in files {
                if path
                    .iter()
                    .any(|part| part == "tests" || part == "tests.rs")
                {
                    continue;
                }
                let mut used = uses.of(&text);
                used.retain(|used| used != module && not_below.contains(used));
                wrong.extend(
                    used.iter()
                        .map(|used| format!("{} uses {used}", path.display())),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
