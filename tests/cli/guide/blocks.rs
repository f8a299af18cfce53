//! The blocks of a page, as `ksm::guide` says that they are written.

/// A block that does something.
pub struct Block {
    /// Where it begins, counted from 1.
    pub line: usize,
    /// A file that it is, by name and content.
    pub file: Option<(String, String)>,
    pub steps: Vec<Step>,
}

pub enum Step {
    Script(String),
    Session { command: String, output: String },
}

/// A block as it stands in the page.
pub struct Fenced<'t> {
    pub line: usize,
    pub language: &'t str,
    /// The comments right above it.
    pub notes: Vec<&'t str>,
    pub content: String,
}

pub fn blocks(page: &str) -> Vec<Block> {
    fenced(page).into_iter().map(block).collect()
}

fn block(fenced: Fenced<'_>) -> Block {
    let note = |kind: &str| {
        let mut notes = fenced.notes.iter();
        notes
            .find_map(|note| note.strip_prefix(kind))
            .map(str::trim)
    };
    let steps = match fenced.language {
        _ if note("not run:").is_some() => Vec::new(),
        "sh" => vec![Step::Script(fenced.content.clone())],
        "console" => session(&fenced.content),
        _ => Vec::new(),
    };
    Block {
        line: fenced.line,
        file: note("file:").map(|name| (name.to_owned(), fenced.content.clone())),
        steps,
    }
}

/// All blocks of a page, whatever they are.
pub fn fenced(page: &str) -> Vec<Fenced<'_>> {
    let mut found = Vec::new();
    let mut notes = Vec::new();
    let mut lines = page.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        let text = line.trim_start();
        if let Some(language) = text.strip_prefix("```") {
            let indent = line.len() - text.len();
            let inside = lines.by_ref().take_while(|(line, _)| line.trim() != "```");
            let content =
                inside.map(|(line, _)| line.get(indent..).unwrap_or("").to_owned() + "\n");
            found.push(Fenced {
                line: number,
                language,
                notes: std::mem::take(&mut notes),
                content: content.collect(),
            });
        } else if let Some(note) = text.strip_prefix("<!-- ") {
            notes.push(note.trim_end().trim_end_matches("-->").trim());
        } else {
            notes.clear();
        }
    }
    found
}

fn session(content: &str) -> Vec<Step> {
    let mut steps: Vec<(String, String)> = Vec::new();
    let mut is_open = false;
    for line in content.lines() {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push((command.to_owned(), String::new())),
            (None, Some((command, _))) if is_open => *command += &format!("\n{line}"),
            (None, Some((_, output))) => *output += &format!("{line}\n"),
            (None, None) => panic!("a session begins with a command: {line}"),
        }
        // A command goes on behind a backslash.
        let is_command = line.starts_with("$ ") || is_open;
        is_open = is_command && line.ends_with('\\');
    }
    let steps = steps.into_iter();
    steps
        .map(|(command, output)| Step::Session { command, output })
        .collect()
}

/// Whether output is as expected. `…` alone on a line stands for any lines, and within one for anything.
pub fn fits(expected: &str, shown: &str) -> bool {
    let expected: Vec<_> = expected.trim_end().lines().collect();
    let shown: Vec<_> = shown.trim_end().lines().collect();
    matches(
        &expected,
        &shown,
        |line| *line == "…",
        |expected, shown| {
            let expected: Vec<_> = expected.trim_end().chars().collect();
            let shown: Vec<_> = shown.trim_end().chars().collect();
            matches(&expected, &shown, |letter| *letter == '…', |a, b| a == b)
        },
    )
}

fn matches<T>(
    expected: &[T],
    shown: &[T],
    is_gap: impl Fn(&T) -> bool + Copy,
    is_same: impl Fn(&T, &T) -> bool + Copy,
) -> bool {
    match expected.split_first() {
        None => shown.is_empty(),
        Some((first, rest)) if is_gap(first) => {
            (0..=shown.len()).any(|skip| matches(rest, &shown[skip..], is_gap, is_same))
        }
        Some((first, rest)) => shown.split_first().is_some_and(|(next, left)| {
            is_same(first, next) && matches(rest, left, is_gap, is_same)
        }),
    }
}

#[test]
fn a_gap_stands_for_any_lines_and_letters() {
    for (expected, shown, fit) in [
        ("a\nb\n", "a\nb\n", true),
        ("a\n", "a\nb\n", false),
        ("a\n…\nd", "a\nb\nc\nd\n", true),
        ("…\nd", "d\n", true),
        ("…\nd", "e\n", false),
        ("port …, open", "port 4711, open", true),
        ("port …, open", "port 4711, shut", false),
        ("", "", true),
        ("", "x", false),
    ] {
        assert_eq!(fits(expected, shown), fit, "{expected:?} {shown:?}");
    }
}
