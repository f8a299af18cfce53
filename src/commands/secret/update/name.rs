//! How an argument of `secret update` names a field: by its label, by its type where it has no label, or by both, as
//! `TYPE[LABEL]`.

use ksm::vault::field::Field;

use crate::failure::Failure;

/// The name and the value in `NAME=VALUE`. The name is the longest that a field has, else what [`cut_blindly`] finds.
/// Quotes around the whole are no part of it, as in the official CLI.
pub(super) fn cut<'t>(text: &'t str, fields: &[Field]) -> Result<(&'t str, &'t str), Failure> {
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
        .or_else(|| cut_blindly(text))
        .ok_or_else(|| Failure::usage("a value is given as NAME=VALUE"))
}

/// The same where the fields are not known: cuts at the first `=`, of which one in the brackets of `TYPE[LABEL]` is none.
pub(super) fn cut_blindly(text: &str) -> Option<(&str, &str)> {
    let first = text.find('=')?;
    let is_labelled = text.find('[').is_some_and(|bracket| bracket < first);
    let behind_label = text.find("]=").filter(|_| is_labelled);
    cut_at(text, behind_label.map_or(first, |bracket| bracket + 1))
}

/// Cuts at the `=` that stands at `length`, unless nothing stands before it.
fn cut_at(text: &str, length: usize) -> Option<(&str, &str)> {
    let (name, rest) = text.split_at_checked(length)?;
    let value = rest.strip_prefix('=')?;
    (!name.is_empty()).then_some((name, value))
}

/// Whether `name` is the field's label, its type where it has no label, or both as `TYPE[LABEL]`.
pub(super) fn is_called(field: &Field, name: &str) -> bool {
    if name.is_empty() {
        return false;
    }
    field.name() == name
        || with_label(name)
            .is_some_and(|(kind, label)| field.kind() == Some(kind) && field.label() == Some(label))
}

/// `TYPE[LABEL]`.
pub(super) fn with_label(name: &str) -> Option<(&str, &str)> {
    name.strip_suffix(']')?.split_once('[')
}

#[cfg(test)]
mod tests {
    use ksm::vault::Record;
    use ksm::vault::record::Section;

    use super::*;
    use crate::failure::Code;

    fn record() -> Record {
        let fields = r#"{"type":"login"},{"type":"text","label":"a"},{"type":"text","label":"a=b"},{"type":"url","label":""}"#;
        let json = format!(r#"{{"title":"t","custom":[{fields}]}}"#);
        Record::from_json("U".into(), json.as_bytes()).unwrap()
    }

    #[test]
    fn a_name_is_the_longest_that_a_field_has() {
        let record = record();
        let fields = record.fields(Section::Custom);
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
            let failure = cut(text, fields).unwrap_err();
            assert_eq!(failure.code(), Code::Usage, "{text}");
            assert!(!failure.to_string().contains("canary"));
        }
    }

    #[test]
    fn an_equals_sign_in_a_label_does_not_end_a_name() {
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
            assert_eq!(cut_blindly(text), expected, "{text}");
        }
    }
}
