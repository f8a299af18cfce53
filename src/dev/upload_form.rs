//! Reads the multipart form that uploads a file (protocol 8.6), and keeps a single copy of a large file.

use std::error::Error;

use http_body_util::{BodyDataStream, Limited};
use hyper::body::{Body, Bytes};
use multer::{Field, Multipart};
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::error_reply::{ErrorReply, Result};
use crate::crypto::aead::OVERHEAD;
use crate::limits::{self, Limit};

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
    let boundary = multer::parse_boundary(content_type).map_err(malformed)?;
    let most = usize::try_from(size + Limit::DEV_FORM.bytes()).unwrap_or(usize::MAX);
    let mut parts = Multipart::new(BodyDataStream::new(Limited::new(body, most)), boundary);
    let mut came = Map::new();
    while let Some(part) = unless_silent(parts.next_field()).await? {
        let name = part.name().unwrap_or_default().to_owned();
        if name != "file" {
            let content = unless_silent(part.bytes()).await?;
            let text = String::from_utf8_lossy(&content).into_owned();
            if came.insert(name, text.into()).is_some() {
                return Err(unlike_parameters());
            }
            continue;
        }
        if came != *parameters {
            return Err(unlike_parameters());
        }
        let file = read_file(part, size).await?;
        return match unless_silent(parts.next_field()).await? {
            None => Ok(file.into()),
            Some(_) => Err(ErrorReply::bad("the part `file` has to be the last")),
        };
    }
    Err(ErrorReply::bad("the form has no part `file`"))
}

async fn read_file(mut part: Field<'_>, size: u64) -> Result<Vec<u8>> {
    let mut content = Vec::new();
    let mut came = 0;
    while let Some(chunk) = unless_silent(part.chunk()).await? {
        came += chunk.len() as u64;
        if came > size {
            break;
        }
        if content.is_empty() {
            content.reserve_exact(usize::try_from(size).unwrap_or_default());
        }
        content.extend_from_slice(&chunk);
    }
    match came == size {
        true => Ok(content),
        false => Err(ErrorReply::bad(format!(
            "the file has {came} bytes or more instead of {size}"
        ))),
    }
}

async fn unless_silent<T>(what: impl Future<Output = multer::Result<T>>) -> Result<T> {
    let came = timeout(limits::SILENCE, what).await;
    came.map_err(|_| ErrorReply::silent())?.map_err(malformed)
}

fn unlike_parameters() -> ErrorReply {
    ErrorReply::bad("the form's parts are not the `parameters` of the upload, each once")
}

fn malformed(error: multer::Error) -> ErrorReply {
    ErrorReply::bad(format!("the form cannot be read: {error}"))
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
