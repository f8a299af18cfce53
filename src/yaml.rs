//! YAML in the layout of the official clients: blocks indented by two spaces, lists as deep as their names, single quotes,
//! long texts folded. Every value is read back as it was.

use serde_json::Value;

use crate::json;

/// A text is folded after this column.
const WIDTH: usize = 80;

/// With a newline at the end.
pub fn document(value: &Value) -> String {
    let mut writer = Writer {
        text: String::new(),
        line: 0,
    };
    writer.node(value, 0, Before::Nothing);
    writer.text
}

struct Writer {
    text: String,
    /// Where the current line begins in `text`.
    line: usize,
}

/// The text before a node on its line.
#[derive(Clone, Copy, PartialEq)]
enum Before {
    Nothing,
    Dash,
    /// A name and its colon.
    Name,
}

impl Writer {
    fn node(&mut self, value: &Value, indent: usize, before: Before) {
        match value {
            Value::Object(members) if !members.is_empty() => {
                if before == Before::Name {
                    self.newline();
                }
                for (at, (name, value)) in members.iter().enumerate() {
                    if at > 0 || before != Before::Dash {
                        self.push(&" ".repeat(indent));
                    }
                    // A name is never folded.
                    self.scalar(name, None);
                    self.push(":");
                    // Lists are as deep as their names.
                    let deeper = if value.is_array() { indent } else { indent + 2 };
                    self.node(value, deeper, Before::Name);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                if before == Before::Name {
                    self.newline();
                }
                for (at, item) in items.iter().enumerate() {
                    if at > 0 || before != Before::Dash {
                        self.push(&" ".repeat(indent));
                    }
                    self.push("- ");
                    self.node(item, indent + 2, Before::Dash);
                }
            }
            scalar => {
                if before == Before::Name {
                    self.push(" ");
                }
                match scalar {
                    Value::String(text) => self.scalar(text, Some(indent)),
                    other => self.push(&other.to_string()),
                }
                self.newline();
            }
        }
    }

    /// Folded lines are indented by `fold`; without it the text stays on one line.
    fn scalar(&mut self, text: &str, fold: Option<usize>) {
        if is_plain(text) {
            self.push(text);
        } else if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            self.single_quoted(text, fold);
        } else {
            self.push(&double_quoted(text));
        }
    }

    /// Folds only at a single space between two words: YAML joins the lines by one.
    fn single_quoted(&mut self, text: &str, fold: Option<usize>) {
        self.push("'");
        let words: Vec<&str> = text.split(' ').collect();
        let says = |at: usize| words.get(at).is_some_and(|word| !word.is_empty());
        for (at, word) in words.iter().enumerate() {
            if at > 0 {
                let long = self.text.len() - self.line > WIDTH;
                match fold.filter(|_| long && says(at - 1) && says(at)) {
                    Some(indent) => {
                        self.newline();
                        self.push(&" ".repeat(indent));
                    }
                    None => self.push(" "),
                }
            }
            self.push(&word.replace('\'', "''"));
        }
        self.push("'");
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn newline(&mut self) {
        self.text.push('\n');
        self.line = self.text.len();
    }
}

/// True for texts that every reader takes for a text without quotes.
fn is_plain(text: &str) -> bool {
    const TAKEN: [&str; 7] = ["yes", "no", "on", "off", "true", "false", "null"];
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let ends = text.ends_with(|c: char| c.is_ascii_alphanumeric());
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '\'' | '-' | '/');
    starts
        && ends
        && text.len() < WIDTH / 2
        && text.chars().all(plain)
        && !TAKEN.iter().any(|taken| text.eq_ignore_ascii_case(taken))
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            ' '..='~' => quoted.push(c),
            '\n' => quoted.push_str("\\n"),
            c => json::escape_yaml(c, &mut quoted),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::Node;

    #[test]
    fn blocks_are_laid_out_as_the_official_clients_do() {
        let value = json!({
            "version": "v3",
            "data": [
                {"title": "<#ADD: x>", "fields": [{"type": "text", "label": "Driver's No"}, {"none": null, "flag": false}]},
                ["a", 64],
            ],
            "empty": [], "nothing": {}, "blank": "", "quote": "it's: so",
        });
        assert_eq!(
            document(&value),
            "version: v3\ndata:\n- title: '<#ADD: x>'\n  fields:\n  - type: text\n    label: Driver's No\n  \
             - none: null\n    flag: false\n- - a\n  - 64\nempty: []\nnothing: {}\nblank: ''\nquote: 'it''s: so'\n"
        );
    }

    #[test]
    fn long_texts_are_folded_between_words() {
        let value = json!({"name": format!("{} |", "word".repeat(3)) + &" next".repeat(20)});
        let text = document(&value);
        let first = text.lines().next().unwrap();
        assert!(first.len() > WIDTH && first.len() <= WIDTH + 5, "{first}");
        assert_eq!(text.lines().count(), 2, "{text}");
    }

    #[test]
    fn every_text_is_read_back() {
        let long = format!("a {}  b", "word ".repeat(40));
        for text in [
            "", " ", "a", "yes", "12", "- a", "a: b", "# c", "'", "''", "\"", "\\", "a\nb", "\t",
            "é", "😀", "\u{1}", "{a}", "[a", "*a", "&a", "!a", "a ", " a", "~", "null", "0x10",
            "1e5", "...", "---", "\u{2028}", "a'b c", &long,
        ] {
            let value = json!({"outer": [{text: text, "deep": {"deeper": text}}]});
            let read = Node::from_yaml(&document(&value)).unwrap();
            assert_eq!(read.to_json(), value, "{text:?}\n{}", document(&value));
        }
    }
}
