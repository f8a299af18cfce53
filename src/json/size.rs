//! The size of JSON before it is written.

use serde_json::Value;

/// The longest way in which a short number is written.
const DECIMAL: usize = 24;

/// About as many bytes as the value has in JSON.
pub(crate) fn size(value: &Value) -> usize {
    2 + match value {
        Value::Null | Value::Bool(_) => 4,
        Value::Number(number) => number.as_str().len(),
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| 4 + name.len() + size(value))
            .sum(),
    }
}

/// As many bytes as [`pretty`] makes of the value within so many others, or some more.
pub(crate) fn pretty_size(value: &Value, level: usize) -> usize {
    let line = |level: usize| 2 + 4 * level;
    let within = level + 1;
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::Number(number) => number.as_str().len().max(DECIMAL),
        Value::String(text) => text_size(text),
        Value::Array(items) => {
            let items = items.iter();
            let sizes = items.map(|item| line(within) + pretty_size(item, within));
            line(level) + sizes.sum::<usize>()
        }
        Value::Object(members) => {
            let members = members.iter();
            let sizes = members.map(|(name, value)| {
                line(within) + text_size(name) + 2 + pretty_size(value, within)
            });
            line(level) + sizes.sum::<usize>()
        }
    }
}

/// With its quotes and escapes.
fn text_size(text: &str) -> usize {
    let sizes = text.chars().map(|character| match character {
        '"' | '\\' => 2,
        ' '..='~' => 1,
        _ => 6 * character.len_utf16(),
    });
    2 + sizes.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::json::pretty;

    #[test]
    fn no_text_is_longer_than_its_size() {
        let deep = (0..100).fold(json!(1e15), |inner, _| json!({"a": [inner]}));
        for value in [
            deep,
            json!([null, true, false, -0.1, 1e300, "é🔑\u{1}\"\\/\n\u{7f}"]),
            json!({"": {}, "\u{1f511}": [[], [{}]], "b": "x".repeat(1000)}),
            json!("x"),
        ] {
            let (least, most) = (pretty(&value).len(), pretty_size(&value, 0));
            assert!(least <= most && most <= 2 * least + 64, "{least} {most}");
        }
    }
}
