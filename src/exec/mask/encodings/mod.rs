//! The forms in which programs print a value: as it is, and in the encodings of logs and tools.

mod json_string;
mod letters;
mod markup;
mod percent;
mod shell;

use self::letters::{Letters, Spellings};
use crate::codec;
use crate::sensitive::Sensitive;

/// The encoders, with what they made of letters before.
#[derive(Default)]
pub(super) struct Encoders(Spellings);

/// What is searched for. To know its length it need not be written.
pub(super) enum Form<'a> {
    Text(&'a [u8]),
    Spelled(&'a Letters<'a>, &'a [u8]),
}

impl Encoders {
    /// Hands over the forms of a value; some may be the same.
    pub(super) fn forms(&mut self, value: &[u8], each: &mut dyn FnMut(&Form<'_>)) {
        let letters = Letters::of(value);
        for spelling in self.0.of(&letters).iter() {
            each(&Form::Spelled(&letters, spelling));
        }
        let mut hex = Sensitive::new(codec::encode_hex(value));
        each(&Form::Text(hex.expose().as_bytes()));
        hex.expose_mut().make_ascii_uppercase();
        each(&Form::Text(hex.expose().as_bytes()));
        base64(value, &mut |text| each(&Form::Text(text)));
    }
}

impl Form<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Spelled(letters, spelling) => letters.length(spelling),
        }
    }

    pub(super) fn read(&self, read: impl FnOnce(&[u8])) {
        match self {
            Self::Text(text) => read(text),
            Self::Spelled(letters, spelling) => {
                read(Sensitive::new(letters.write(spelling)).expose());
            }
        }
    }
}

/// Values of no more bytes meet one end of a line of base64 at most, since lines have 64 characters or more.
const ONE_BREAK: usize = 48;

/// Within longer data, the base64 of the value depends on where a group of three bytes begins, and its last character
/// on the byte that follows.
fn base64(value: &[u8], each: &mut dyn FnMut(&[u8])) {
    for (before, foreign) in [(0, 0), (1, 2), (2, 3)] {
        let data = Sensitive::new([vec![0; before].as_slice(), value].concat());
        let certain = data.expose().len() * 8 / 6;
        let standard = Sensitive::new(codec::encode(data.expose()).into_bytes());
        let text = standard.expose();
        let unpadded = text.iter().take_while(|byte| **byte != b'=').count();
        let mut ends = vec![certain, unpadded, text.len()];
        ends.dedup();
        let has_other = text.iter().any(|byte| matches!(byte, b'+' | b'/'));
        let other = Sensitive::new(match has_other {
            true => url_safe(text),
            false => Vec::new(),
        });
        for text in [text, other.expose()] {
            let ends = ends.iter().filter_map(|end| text.get(foreign..*end));
            ends.for_each(&mut *each);
            // Tools break lines at these widths.
            for width in [64, 76] {
                if before == 0 && text.len() > width {
                    text.chunks(width).for_each(&mut *each);
                }
            }
        }
        if value.len() <= ONE_BREAK {
            broken(text.get(..certain).unwrap_or_default(), foreign, each);
        }
    }
}

/// Lines end behind a group of four characters, with a carriage return on a terminal.
fn broken(text: &[u8], foreign: usize, each: &mut dyn FnMut(&[u8])) {
    for at in (4..text.len()).step_by(4) {
        if let (Some(before), Some(behind)) = (text.get(foreign..at), text.get(at..)) {
            for end in [b"\n".as_slice(), b"\r\n"] {
                each(Sensitive::new([before, end, behind].concat()).expose());
            }
        }
    }
}

fn url_safe(text: &[u8]) -> Vec<u8> {
    let bytes = text.iter().map(|byte| match byte {
        b'+' => b'-',
        b'/' => b'_',
        other => *other,
    });
    bytes.collect()
}

/// Replaces the bytes for which `replacement` has one.
fn replace<const N: usize>(
    value: &[u8],
    replacement: impl Fn(u8) -> Option<&'static [u8; N]>,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + N);
    for byte in value {
        match replacement(*byte) {
            Some(text) => out.extend_from_slice(text),
            None => out.push(*byte),
        }
    }
    out
}

#[cfg(test)]
pub(super) fn encodings(value: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut keep = |form: &Form<'_>| form.read(|text| found.push(text.to_vec()));
    Encoders::default().forms(value, &mut keep);
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encodings_of_common_tools_are_known() {
        let cases = [
            ("pass word/ö", "pass word/ö"),
            ("pass word/ö", "7061737320776f72642fc3b6"),
            ("pass word/ö", "7061737320776F72642FC3B6"),
            ("pass word/ö", "pass%20word%2F%C3%B6"),
            ("pass word/ö", "pass%20word%2f%c3%b6"),
            ("pass word/ö", "pass%20word/%C3%B6"),
            ("pass word/ö", "pass+word%2F%C3%B6"),
            ("pass word/~", "pass+word%2F~"),
            ("pass word/~", "pass+word%2F%7E"),
            ("it's(1)!", "it's(1)!"),
            ("it's(1)!", "it%27s%281%29%21"),
            ("a\"b\\c\n<é😀/", "a\\\"b\\\\c\\n<é😀/"),
            ("a\"b\\c\n<é😀/", "a\\\"b\\\\c\\n<\\u00e9\\ud83d\\ude00/"),
            ("a\"b\\c\n<é😀/", "a\\\"b\\\\c\\n\\u003cé😀/"),
            ("a\"b\\c\n<é😀/", "a\\\"b\\\\c\\n<\\u00e9\\ud83d\\ude00\\/"),
            ("it's $5", r"it'\''s $5"),
            ("it's $5", r#"it'"'"'s $5"#),
            ("it's $5", r"it's \$5"),
            ("it's $5", r"it\'s\ \$5"),
            ("canary-1", "Y2FuYXJ5LTE="),
            ("canary-1", "Y2FuYXJ5LTE"),
            ("\u{1}it's\\\n\r\t", "\u{1}it\\'s\\\\\\n\\r\\t"),
            ("~a,b#c é", r"\~a\,b#c\ é"),
            ("~a,b#c é", r"\~a,b\#c\ é"),
            ("it's\u{1b}é", r"it\'s\Eé"),
            ("it's \u{1}\u{7f}é", r"it\'s \001\177é"),
            ("it's\u{1}é", r"it\'s\001\303\251"),
            ("a\"b\\c\n", r#"a\\\"b\\\\c\\n"#),
            ("é\"", r#"\\u00e9\\\""#),
            ("<it's> \"&\"", "&lt;it&#x27;s&gt; &quot;&amp;&quot;"),
            ("<it's> \"&\"", "&lt;it&#39;s&gt; &#34;&amp;&#34;"),
            ("<it's> \"&\"", "&lt;it&apos;s&gt; &quot;&amp;&quot;"),
            ("<it's> \"&\"", "&lt;it's&gt; \"&amp;\""),
            ("<é>\n", "&lt;&#233;&gt;&#10;"),
            ("<é>\n", "&lt;&#233;&gt;\n"),
            ("<é>\n", "<&#233;>\n"),
            // Node, Go, encodeURI, SQLAlchemy, .NET.
            ("p@ss$w;d/1", "p%40ss$w%3Bd%2F1"),
            ("p@ss$w;d/1", "p%40ss$w;d%2F1"),
            ("p@ss$w d/1", "p@ss$w%20d/1"),
            ("a^|\\\"$b", "a^|%5C%22$b"),
            ("p@s$ w+d/1", "p%40s%24 w+d%2F1"),
            ("p@s$ é:d/1", "p%40s$ é%3Ad%2F1"),
            ("p@s$ (d)/1", "p%40s%24+(d)%2f1"),
            ("p@ss/=", "p%40ss%2f%3d"),
            // .NET, Gson, PHP, Django.
            ("<'ä+\"`&", r"\u003C\u0027\u00E4\u002B\u0022\u0060\u0026"),
            ("<'ä+\"`&", r"\u003c\u0027ä\u002b\u0022\u0060\u0026"),
            ("<'ä=\"`&", r#"\u003c\u0027ä\u003d\"`\u0026"#),
            ("<'ä=\"`&", r#"\u003C\u0027ä\u003D\"`\u0026"#),
            ("<'ä+\"`&", r"\u003C\u0027\u00e4+\u0022`\u0026"),
            ("<'ä+\"`&", r#"\u003C'\u00e4+\"`\u0026"#),
            ("pass ä\"/", r#"pass \u00E4\"/"#),
            (
                "<'ä+\"`&",
                r"\\u003C\\u0027\\u00E4\\u002B\\u0022\\u0060\\u0026",
            ),
            // PHP, Go, Handlebars, Mustache, .NET.
            ("it's \"=+`/é", "it&#039;s &quot;=+`/é"),
            ("it's \"=+`/é", "it&#39;s &#34;=&#43;`/é"),
            ("it's \"=+`/é", "it&#x27;s &quot;&#x3D;+&#x60;/é"),
            ("it's \"=+`/é", "it&#39;s &quot;&#x3D;+&#x60;&#x2F;é"),
            ("it's \"=+`/é", "it&#x27;s &quot;=&#x2B;&#x60;/&#xE9;"),
            ("it's \"=+`/é", "it&apos;s &quot;=+`/&#xe9;"),
            ("a\tb", "a&#x9;b"),
        ];
        for (value, spelling) in cases {
            let known = encodings(value.as_bytes());
            assert!(
                known.iter().any(|text| text == spelling.as_bytes()),
                "{value:?} as {spelling:?}"
            );
        }
    }

    #[test]
    fn few_forms_are_made_of_ordinary_values() {
        let most = [
            ("canarycanary", 32),
            ("p@ssw0rd-1", 40),
            ("Tr0ub4dor&3", 50),
            ("p@ss$word/1+=", 85),
            (
                "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj/+",
                50,
            ),
            ("<a\\b>'c'&\"d\" e/f+g=`é`\t$h(i)[j]{k}:@;,*!#%^~|?", 370),
        ];
        for (value, most) in most {
            let count = encodings(value.as_bytes()).len();
            assert!(count <= most, "{value}: {count}");
        }
    }

    #[test]
    fn base64_is_known_by_the_lines_of_tools() {
        let value = "canary ".repeat(9);
        let (text, known) = (codec::encode(value.as_bytes()), encodings(value.as_bytes()));
        for width in [64, 76] {
            for line in text.as_bytes().chunks(width) {
                assert!(known.iter().any(|form| form == line), "{width}");
            }
        }
    }

    #[test]
    fn base64_is_known_across_lines() {
        let value = "a canary of 26 characters!";
        let known = encodings(value.as_bytes());
        for before in 0..80 {
            let text = codec::encode(format!("{:before$}{value}{:90}", "", "").as_bytes());
            let start = (before * 8).div_ceil(6);
            let end = (before + value.len()) * 8 / 6;
            for width in [64, 76] {
                for line_end in ["\n", "\r\n"] {
                    let lines: Vec<_> = text.as_bytes().chunks(width).collect();
                    let wrapped = lines.join(line_end.as_bytes());
                    let place = |at: usize| at + (at - 1) / width * line_end.len();
                    let secret = &wrapped[place(start + 1) - 1..place(end)];
                    assert!(known.iter().any(|form| form == secret), "{before} {width}");
                }
            }
        }
    }

    #[test]
    fn base64_is_known_at_any_offset() {
        let value = "se?cret>~\u{7f}1";
        for before in ["", "x", "xx", "xxx"] {
            for after in ["", "y", "yy"] {
                let text = codec::encode(format!("{before}{value}{after}").as_bytes());
                let twin = text.replace('+', "-").replace('/', "_");
                for text in [text, twin] {
                    let lengths = encodings(value.as_bytes())
                        .into_iter()
                        .filter_map(|known| String::from_utf8(known).ok())
                        .filter(|known| text.contains(known.as_str()))
                        .map(|known| known.len());
                    // At most a character at either end is not the value's alone.
                    let alone = value.len() * 8 / 6 - 1;
                    assert!(lengths.max() >= Some(alone), "{before}…{after}");
                }
            }
        }
    }
}
