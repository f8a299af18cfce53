//! Characters that a shell acts on when it evaluates the output of a template.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metacharacter {
    /// Printable; a line feed is `\\n`.
    pub shown: &'static str,
    /// Its name and effect.
    pub name: &'static str,
}

const METACHARACTERS: [(u8, &str, &str); 9] = [
    (b'\n', "\\n", "newline (command separator)"),
    (b'\r', "\\r", "carriage return (command separator)"),
    (b'`', "`", "backtick (command substitution)"),
    (b'$', "$", "dollar sign (variable/command expansion)"),
    (b';', ";", "semicolon (command separator)"),
    (b'|', "|", "pipe (command chaining)"),
    (b'&', "&", "ampersand (background execution)"),
    (b'>', ">", "greater than (output redirection)"),
    (b'<', "<", "less than (input redirection)"),
];

/// Returns those in `text`, each once.
pub(super) fn metacharacters(text: &[u8]) -> Vec<Metacharacter> {
    let found = METACHARACTERS
        .iter()
        .filter(|(byte, ..)| text.contains(byte));
    found
        .map(|(_, shown, name)| Metacharacter { shown, name })
        .collect()
}
