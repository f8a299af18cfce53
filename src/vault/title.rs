//! The title in a record's JSON, read past all else: a search by title looks at every record there is and keeps one.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Error;
use crate::wire::text::Text;

/// The title as [`Record::from_json`](super::Record::from_json) reads it: the last of several, and empty if there is
/// none or it is no text.
pub(super) fn read(plain: &[u8]) -> Result<Text<'_>, Error> {
    let Titled(title) =
        serde_json::from_slice(plain).map_err(|error| Error::malformed("a record", &error))?;
    let text = title.and_then(|title| serde_json::from_str(title.get()).ok());
    Ok(text.unwrap_or_default())
}

struct Titled<'a>(Option<&'a RawValue>);

impl<'de> Deserialize<'de> for Titled<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Titled<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Titled<'de>, A::Error> {
                let mut title = None;
                while let Some(name) = map.next_key::<Text<'de>>()? {
                    match &*name {
                        "title" => title = Some(map.next_value()?),
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(Titled(title))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Record;

    #[test]
    fn it_is_the_title_the_whole_record_has() {
        for json in [
            "{}",
            r#"{"title":"a","fields":[]}    "#,
            r#"{"fields":[{"title":"x"}],"title":"a\n\"é","title":"b"}"#,
            r#"{"t\u0069tle":"a\/b"}"#,
            r#"{"title":null}"#,
            r#"{"title":"a","title":7}"#,
            r#"{"title":["a"]}"#,
        ] {
            let record = Record::from_json("U".into(), json.as_bytes()).unwrap();
            assert_eq!(&*read(json.as_bytes()).unwrap(), record.title(), "{json}");
        }
        for json in ["", "[]", "null", r#"{"title":"a""#, r#"{"title":"a"}x"#] {
            assert!(read(json.as_bytes()).is_err(), "{json}");
        }
    }
}
