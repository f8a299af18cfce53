//! Makes names that come from the vault harmless as file names (O5).

use ksm::foreign;

/// In bytes; file systems allow 255, and drafts add to the name.
const LONGEST: usize = 200;

/// Names of devices on Windows, whatever follows the first dot.
const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];
const NUMBERED_DEVICES: [&str; 2] = ["COM", "LPT"];

/// Replaces by `_` whatever makes `name` a path, hidden, an option, or special to a terminal or another system. An empty
/// name becomes `otherwise`.
pub(super) fn safe_name(name: &str, otherwise: &str) -> String {
    let mut safe: String = name.chars().map(harmless).collect();
    while safe.len() > LONGEST {
        safe.pop();
    }
    if safe.starts_with(['.', '-', '~', ' ']) {
        safe.replace_range(..1, "_");
    }
    if safe.ends_with(['.', ' ']) {
        safe.pop();
        safe.push('_');
    }
    if is_device(&safe) {
        safe.insert(0, '_');
    }
    match safe.is_empty() {
        true => otherwise.to_owned(),
        false => safe,
    }
}

fn harmless(c: char) -> char {
    let is_special = matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    match is_special || foreign::is_hidden(c) {
        true => '_',
        false => c,
    }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let is_numbered = |device: &&str| {
        let number = stem
            .get(..device.len())
            .filter(|start| start.eq_ignore_ascii_case(device))
            .and_then(|_| stem.get(device.len()..));
        let mut number = number.unwrap_or_default().chars();
        matches!(
            (number.next(), number.next()),
            (Some('0'..='9' | '¹' | '²' | '³'), None)
        )
    };
    DEVICES
        .iter()
        .any(|device| stem.eq_ignore_ascii_case(device))
        || NUMBERED_DEVICES.iter().any(is_numbered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_the_vaults_leads_anywhere_else() {
        for (name, expected) in [
            ("ca.pem", "ca.pem"),
            ("Zürich – ключ 🔑.txt", "Zürich – ключ 🔑.txt"),
            ("a b (1).txt", "a b (1).txt"),
            ("", "UID"),
            ("/etc/passwd", "_etc_passwd"),
            ("../../.ssh/authorized_keys", "_._.._.ssh_authorized_keys"),
            ("..", "__"),
            (".", "_"),
            ("...", "_._"),
            (".bashrc", "_bashrc"),
            ("-rf", "_rf"),
            ("~root", "_root"),
            ("C:\\x", "C__x"),
            ("a\0b\nc\x1b[31m", "a_b_c_[31m"),
            ("txt\u{202e}exe", "txt_exe"),
            ("CON", "_CON"),
            ("nul.tar.gz", "_nul.tar.gz"),
            ("com1", "_com1"),
            ("LPT¹.x", "_LPT¹.x"),
            ("aux .txt", "_aux .txt"),
            ("com", "com"),
            ("com10", "com10"),
            ("console", "console"),
            ("end.", "end_"),
            ("end ", "end_"),
            (" x", "_x"),
            ("a?*|<>\"b", "a______b"),
        ] {
            assert_eq!(safe_name(name, "UID"), expected, "{name:?}");
        }
        let long = safe_name(&"ü".repeat(300), "UID");
        assert_eq!(long.len(), LONGEST);
    }
}
