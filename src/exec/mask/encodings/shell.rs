//! The quoting of shells, without the outer quotes.

use super::replace;

type Encoder = fn(&[u8]) -> Vec<u8>;

/// In single quotes in two ways, in double quotes, with backslashes in two ways, and in `$'…'` in three.
const ENCODERS: [Encoder; 8] = [
    |value| replace(value, |byte| (byte == b'\'').then_some(br"'\''")),
    |value| replace(value, |byte| (byte == b'\'').then_some(br#"'"'"'"#)),
    |value| backslash(value, |byte| br#"$`"\"#.contains(&byte)),
    |value| backslash(value, |byte| byte.is_ascii() && !is_plain(byte)),
    quoted_by_bash,
    |value| {
        replace(value, |byte| match byte {
            b'\'' => Some(br"\'"),
            b'\\' => Some(br"\\"),
            b'\n' => Some(br"\n"),
            b'\r' => Some(br"\r"),
            b'\t' => Some(br"\t"),
            _ => None,
        })
    },
    |value| ansi_c(value, |byte| byte < 0x20 || byte == 0x7f),
    |value| ansi_c(value, |byte| !(0x20..0x7f).contains(&byte)),
];

pub(super) fn shell(value: &[u8]) -> [Vec<u8>; 8] {
    ENCODERS.map(|encode| encode(value))
}

/// What programs that quote for a shell leave as it is.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte)
}

/// What bash escapes for `%q`.
fn is_special_in_bash(byte: u8) -> bool {
    b" \t!\"$&'()*,;<>?[\\]^`{|}".contains(&byte)
}

fn backslash(value: &[u8], is_special: impl Fn(u8) -> bool) -> Vec<u8> {
    let one = |byte: &u8| {
        is_special(*byte)
            .then_some(b'\\')
            .into_iter()
            .chain([*byte])
    };
    value.iter().flat_map(one).collect()
}

fn quoted_by_bash(value: &[u8]) -> Vec<u8> {
    let mut quoted = backslash(value, is_special_in_bash);
    // These two only where they begin a word.
    if matches!(quoted.first(), Some(b'#' | b'~')) {
        quoted.insert(0, b'\\');
    }
    quoted
}

/// As bash writes a text in `$'…'`; what it takes for unprintable depends on the locale.
fn ansi_c(value: &[u8], is_unprintable: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    for byte in value {
        match byte {
            7 => out.extend(br"\a"),
            8 => out.extend(br"\b"),
            b'\t' => out.extend(br"\t"),
            b'\n' => out.extend(br"\n"),
            11 => out.extend(br"\v"),
            12 => out.extend(br"\f"),
            b'\r' => out.extend(br"\r"),
            27 => out.extend(br"\E"),
            b'\\' => out.extend(br"\\"),
            b'\'' => out.extend(br"\'"),
            other if is_unprintable(*other) => out.extend(format!("\\{other:03o}").bytes()),
            other => out.push(*other),
        }
    }
    out
}
