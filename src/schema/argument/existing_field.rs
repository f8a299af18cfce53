//! A field of a record there is: `NAME=VALUE`, where NAME is LABEL, TYPE (if there is no label) or `TYPE[LABEL]`
//! (compatibility 9.4).

use super::Error;
use crate::schema::{FieldType, UnknownType, field_type};
use crate::vault::field::Field;
use crate::vault::section::FieldSection;

/// The name and the value. The name is the longest that a field has, else that of [`cut_unseen`]. As in the official CLI,
/// quotes around the whole are ignored.
pub fn cut<'t>(text: &'t str, fields: &[Field]) -> Result<(&'t str, &'t str), Error> {
    let unquoted = ['\'', '"'].iter().find_map(|quote| {
        text.strip_prefix(*quote)
            .and_then(|text| text.strip_suffix(*quote))
    });
    let text = unquoted.unwrap_or(text);
    let named = fields.iter().filter_map(|field| {
        let length = field.name().len();
        text.strip_prefix(field.name())?
            .starts_with('=')
            .then_some(length)
    });
    let longest = named.filter(|length| *length > 0).max();
    longest
        .and_then(|length| cut_at(text, length))
        .or_else(|| cut_unseen(text))
        .ok_or(Error::NoName)
}

/// Cuts at the first `=` outside the brackets of `TYPE[LABEL]`.
pub fn cut_unseen(text: &str) -> Option<(&str, &str)> {
    let first = text.find('=')?;
    let is_labelled = text.find('[').is_some_and(|bracket| bracket < first);
    let behind_label = text.find("]=").filter(|_| is_labelled);
    cut_at(text, behind_label.map_or(first, |bracket| bracket + 1))
}

/// `None` without a `=` at `length`, or without a name.
fn cut_at(text: &str, length: usize) -> Option<(&str, &str)> {
    let (name, rest) = text.split_at_checked(length)?;
    let value = rest.strip_prefix('=')?;
    (!name.is_empty()).then_some((name, value))
}

pub fn is_called(field: &Field, name: &str) -> bool {
    if name.is_empty() {
        return false;
    }
    field.name() == name
        || with_label(name)
            .is_some_and(|(kind, label)| field.kind() == Some(kind) && field.label() == Some(label))
}

/// The type and label of a field to be added under this name. A bare name of a custom field that is no type is a label.
pub fn added(
    section: FieldSection,
    name: &str,
) -> Result<(&'static FieldType, Option<&str>), UnknownType> {
    let (kind, label) = match (with_label(name), section) {
        (Some((kind, label)), _) => (kind, Some(label).filter(|label| !label.is_empty())),
        (None, FieldSection::Custom) if field_type(name).is_err() => ("text", Some(name)),
        (None, FieldSection::Standard | FieldSection::Custom) => (name, None),
    };
    Ok((field_type(kind)?, label))
}

fn with_label(name: &str) -> Option<(&str, &str)> {
    name.strip_suffix(']')?.split_once('[')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Record;

    fn record() -> Record {
        let fields = r#"{"type":"login"},{"type":"text","label":"a"},{"type":"text","label":"a=b"},{"type":"url","label":""}"#;
        let json = format!(r#"{{"title":"t","custom":[{fields}]}}"#);
        Record::from_json("U".into(), json.as_bytes()).unwrap()
    }

    #[test]
    fn a_name_is_the_longest_that_a_field_has() {
        let record = record();
        let fields = record.fields(FieldSection::Custom);
        for (text, name, value) in [
            ("login=xlogin=y", "login", "xlogin=y"),
            ("a=b=c", "a=b", "c"),
            ("a=b", "a", "b"),
            ("a=", "a", ""),
            ("text[a=b]=c=d", "text[a=b]", "c=d"),
            ("url=u", "url", "u"),
            ("'login=x'", "login", "x"),
            ("\"login=x\"", "login", "x"),
            ("'login=x\"", "'login", "x\""),
            ("login='x'", "login", "'x'"),
            ("other=x=y", "other", "x=y"),
        ] {
            assert_eq!(cut(text, fields).unwrap(), (name, value), "{text}");
        }
        for text in ["", "canary", "'", "=canary"] {
            assert_eq!(cut(text, fields), Err(Error::NoName), "{text}");
        }
    }

    #[test]
    fn a_label_may_hold_an_equals_sign() {
        for (text, expected) in [
            ("a=b=c", Some(("a", "b=c"))),
            ("text[a=b]=c", Some(("text[a=b]", "c"))),
            ("text[s[1=2]]=c", Some(("text[s[1=2]]", "c"))),
            ("text[a]=[b]=c", Some(("text[a]", "[b]=c"))),
            ("a=[b]=c", Some(("a", "[b]=c"))),
            ("a[b=c", Some(("a[b", "c"))),
            ("=a", None),
            ("a", None),
        ] {
            assert_eq!(cut_unseen(text), expected, "{text}");
        }
    }
}
