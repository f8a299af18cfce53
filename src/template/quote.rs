//! Writes a value so that a shell, a YAML parser or a dotenv reader reads it back as it was (O6).

/// Tells nothing of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransformError {
    #[error("`{0}` takes text only, and the value is not valid UTF-8")]
    NotText(&'static str),
    #[error("`{0}` cannot write a value that contains a NUL byte")]
    Nul(&'static str),
    #[error(
        "`dotenv` cannot write a value that contains `${{`, which some readers expand however it is quoted"
    )]
    Expandable,
}

/// A word of any POSIX shell, in single quotes.
pub(super) fn shell(value: &[u8]) -> Result<Vec<u8>, TransformError> {
    if value.contains(&0) {
        return Err(TransformError::Nul("shell"));
    }
    let mut word = Vec::with_capacity(value.len() + 8);
    word.push(b'\'');
    for byte in value {
        match byte {
            b'\'' => word.extend_from_slice(b"'\\''"),
            byte => word.push(*byte),
        }
    }
    word.push(b'\'');
    Ok(word)
}

/// A value of a dotenv file. All readers agree on single quotes around text without quotes and doubled backslashes;
/// other text is written as python-dotenv reads it.
pub(super) fn dotenv(value: &str) -> Result<String, TransformError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    if value.contains('\0') {
        return Err(TransformError::Nul("dotenv"));
    }
    // Expanded by python-dotenv between quotes of either kind.
    if value.contains("${") {
        return Err(TransformError::Expandable);
    }
    if !value.is_empty() && value.chars().all(is_plain) {
        return Ok(value.to_owned());
    }
    let is_literal =
        !value.contains(['\'', '\r']) && !value.contains(r"\\") && !value.ends_with('\\');
    if is_literal {
        return Ok(format!("'{value}'"));
    }
    // Readers turn CR into LF, so CR is escaped; every reader takes a bare LF.
    let mut escaped = String::with_capacity(value.len() + 8);
    for c in value.chars() {
        match c {
            '\r' => escaped.push_str("\\r"),
            '\\' | '"' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    Ok(format!("\"{escaped}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotenv_prefers_what_all_readers_agree_on() {
        for (value, expected) in [
            ("", "''"),
            ("plain-1.5/x=y", "plain-1.5/x=y"),
            ("two words # no comment", "'two words # no comment'"),
            ("a\nb", "'a\nb'"),
            (r"$x `y` a\b", r"'$x `y` a\b'"),
            ("it's", "\"it's\""),
            ("a\\\\b\"\r", r#""a\\\\b\"\r""#),
            ("end\\", r#""end\\""#),
        ] {
            assert_eq!(dotenv(value).unwrap(), expected, "{value:?}");
        }
    }

    #[test]
    fn a_shell_word_is_bytes() {
        assert_eq!(shell(b"it's \xff$(x)\n").unwrap(), b"'it'\\''s \xff$(x)\n'");
        assert_eq!(shell(b"").unwrap(), b"''");
    }
}
