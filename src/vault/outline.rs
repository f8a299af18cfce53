//! A record's JSON at one glance: what a list of records shows, and whether every field can be read. It copies nothing, since
//! a vault has thousands of records and a command wants one.

use ksm_kernels::json::{Text, glance};

use super::error::Error;
use super::raw::RawObject;
use crate::wire::text::AnswerText;

/// What of a record can be told without keeping the rest of it.
pub(super) struct Outline<'a> {
    pub(super) title: AnswerText<'a>,
    /// The type.
    pub(super) kind: AnswerText<'a>,
}

impl<'a> Outline<'a> {
    /// Returns `None` for a record with anything unusual, such as damage or a title that is no text: that takes a closer
    /// look.
    pub(super) fn of(plain: &'a [u8]) -> Option<Self> {
        let glance = glance::at_record(std::str::from_utf8(plain).ok()?)?;
        Some(Self {
            title: text(glance.title)?,
            kind: text(glance.kind)?,
        })
    }
}

/// The title of a record, whatever else of it is damaged.
pub(super) fn title(plain: &[u8]) -> Result<AnswerText<'_>, Error> {
    if let Some(outline) = Outline::of(plain) {
        return Ok(outline.title);
    }
    let title = RawObject::of_record(plain)?.text("title");
    Ok(title.map(|title| title.value).unwrap_or_default().into())
}

fn text(text: Text<'_>) -> Option<AnswerText<'_>> {
    match text {
        Text::Bare(text) => Some(text.into()),
        Text::Escaped(quoted) => serde_json::from_str(quoted).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Record;

    #[test]
    fn the_title_is_that_of_the_whole_record() {
        for json in [
            "{}",
            r#"{"title":"a","fields":[]}    "#,
            r#"{"fields":[{"title":"x"}],"title":"a\n\"é","title":"b"}"#,
            r#"{"t\u0069tle":"a\/b"}"#,
            r#"{"title":"\ud83d\udd11"}"#,
            r#"{"title":null}"#,
            r#"{"title":"a","title":7}"#,
            r#"{"title":["a"]}"#,
        ] {
            let record = Record::from_json("U".into(), json.as_bytes()).unwrap();
            assert_eq!(&*title(json.as_bytes()).unwrap(), record.title(), "{json}");
        }
        let damaged = br#"{"title":"a","fields":7}"#;
        assert!(Record::from_json("U".into(), damaged.as_slice()).is_err());
        assert_eq!(&*title(damaged).unwrap(), "a");
        for json in ["", "[]", "null", r#"{"title":"a""#, r#"{"title":"a"}x"#] {
            assert!(title(json.as_bytes()).is_err(), "{json}");
        }
    }
}
