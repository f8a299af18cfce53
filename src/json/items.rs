//! How many things a JSON text lists. It is asked before the text is read, since each of them takes memory of its own.

use memchr::memchr2_iter;

use crate::limits::{ANSWER_ITEMS, BYTES_PER_ITEM, BYTES_PER_OBJECT};

/// Whether the text lists far more than its length is good for.
pub(crate) fn is_crowded(json: &[u8]) -> bool {
    let most = |bytes| ANSWER_ITEMS + json.len() / bytes;
    let (objects, items) = (most(BYTES_PER_OBJECT), most(BYTES_PER_ITEM));
    // Texts hold such marks too, so they are left out only where that matters.
    if memchr2_iter(b'{', b',', json).count() <= objects {
        return false;
    }
    let (braces, commas) = outside_texts(json);
    braces > objects || commas > items
}

/// Counts the braces that open and the commas.
fn outside_texts(json: &[u8]) -> (usize, usize) {
    let (mut braces, mut commas) = (0, 0);
    let (mut in_text, mut is_escaped) = (false, false);
    for byte in json {
        match byte {
            b'"' if !is_escaped => in_text = !in_text,
            b'{' if !in_text => braces += 1,
            b',' if !in_text => commas += 1,
            _ => {}
        }
        is_escaped = in_text && *byte == b'\\' && !is_escaped;
    }
    (braces, commas)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_lists_too_much_is_known() {
        let list = |item: &str, count: usize| format!("[{}]", vec![item; count].join(","));
        let text = |text: String| serde_json::to_string(&text).unwrap();
        for (json, expected) in [
            (list("1", 10_000), false),
            (list("1", 20_000), true),
            (list("{}", 10_000), false),
            (list("{}", 12_000), true),
            (list("\"a text of twelve bytes\"", 50_000), false),
            (text(list("{1", 50_000)), false),
            (text(list("\\\"", 50_000)), false),
            (
                format!("[{},{}]", text("\\\"".repeat(9)), list("1", 20_000)),
                true,
            ),
        ] {
            assert_eq!(is_crowded(json.as_bytes()), expected, "{:.40}", json);
        }
    }
}
