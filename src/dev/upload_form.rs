//! Reads the form that uploads a file (protocol 8.6).

use std::error::Error;

use http_body_util::Limited;
use hyper::body::{Body, Bytes};
use serde_json::{Map, Value};

use super::error_reply::{ErrorReply, Result};
use super::multipart::Multipart;
use crate::crypto::aead::OVERHEAD;
use crate::limits::Limit;

/// Sealed.
pub(super) const LARGEST_FILE: u64 = Limit::DEV_FILE.bytes() + OVERHEAD as u64;

/// The parts of a form before the file, in any order.
pub(super) type Parameters = Map<String, Value>;

/// Returns the file of a form, which has to have `size` bytes, and to be the last part after `parameters`.
pub(super) async fn read<B>(
    content_type: &str,
    body: B,
    parameters: &Parameters,
    size: u64,
) -> Result<Bytes>
where
    B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
{
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let most = size.saturating_add(Limit::DEV_FORM.bytes() as usize);
    let mut form = Multipart::new(content_type, Limited::new(body, most))?;
    form.begin().await?;
    let mut came = Map::new();
    while let Some(name) = form.name().await? {
        if name != "file" {
            let text = String::from_utf8_lossy(&form.content().await?).into_owned();
            if came.insert(name, text.into()).is_some() {
                return Err(unlike_parameters());
            }
            continue;
        }
        if came != *parameters {
            return Err(unlike_parameters());
        }
        let file = form.content_of(size).await?;
        let file = file.ok_or_else(|| ErrorReply::bad(format!("the file has not {size} bytes")))?;
        return match form.name().await? {
            None => Ok(file.into()),
            Some(_) => Err(ErrorReply::bad("the part `file` has to be the last")),
        };
    }
    Err(ErrorReply::bad("the form has no part `file`"))
}

fn unlike_parameters() -> ErrorReply {
    ErrorReply::bad("the form's parts are not the `parameters` of the upload, each once")
}

#[cfg(test)]
mod tests {
    use http_body_util::Full;
    use serde_json::json;

    use super::*;

    /// Posts parts of these names; the contents are the names, too.
    fn post(names: &[&str]) -> Result<Bytes> {
        let part = |name: &&str| {
            format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{name}\r\n")
        };
        let body = Full::new(Bytes::from(
            names.iter().map(part).collect::<String>() + "--b--\r\n",
        ));
        let Value::Object(parameters) = json!({"key": "key", "policy": "policy"}) else {
            unreachable!()
        };
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
            .block_on(read(
                "multipart/form-data; boundary=b",
                body,
                &parameters,
                4,
            ))
    }

    #[test]
    fn parts_come_in_any_order_and_the_file_last() {
        for taken in [["key", "policy", "file"], ["policy", "key", "file"]] {
            assert_eq!(post(&taken).unwrap(), "file", "{taken:?}");
        }
        for refused in [
            &["key", "file"][..],
            &["key", "policy", "acl", "file"],
            &["key", "policy", "key", "file"],
            &["key", "file", "policy"],
            &["key", "policy", "file", "file"],
            &["key", "policy"],
            &[],
        ] {
            assert!(post(refused).is_err(), "{refused:?}");
        }
    }
}
