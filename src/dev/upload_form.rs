//! Reads the multipart form that uploads a file (protocol 8.6), and keeps a single copy of a large file.

use std::error::Error;

use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Bytes};
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::error_reply::{ErrorReply, Result};
use crate::crypto::aead::OVERHEAD;
use crate::limits::{self, Limit};

type Fault = Box<dyn Error + Send + Sync>;

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
    B: Body<Data = Bytes, Error: Into<Fault>>,
{
    let boundary = boundary(content_type).ok_or_else(|| malformed("it has no boundary"))?;
    let most = usize::try_from(size + Limit::DEV_FORM.bytes()).unwrap_or(usize::MAX);
    let form = Bytes::from(whole(body, most).await?);
    let mut came = Map::new();
    let mut at = 0;
    while let Some(part) = Part::at(&form, at, &boundary)? {
        at = part.end;
        if part.name != "file" {
            let text = String::from_utf8_lossy(&part.content).into_owned();
            if came.insert(part.name, text.into()).is_some() {
                return Err(unlike_parameters());
            }
            continue;
        }
        if came != *parameters {
            return Err(unlike_parameters());
        }
        let bytes = part.content.len();
        if bytes as u64 != size {
            return Err(ErrorReply::bad(format!(
                "the file has {bytes} bytes instead of {size}"
            )));
        }
        return match Part::at(&form, at, &boundary)? {
            None => Ok(part.content),
            Some(_) => Err(ErrorReply::bad("the part `file` has to be the last")),
        };
    }
    Err(ErrorReply::bad("the form has no part `file`"))
}

async fn whole<B>(body: B, most: usize) -> Result<Vec<u8>>
where
    B: Body<Data = Bytes, Error: Into<Fault>>,
{
    let mut body = std::pin::pin!(Limited::new(body, most));
    let mut whole = Vec::new();
    loop {
        let came = timeout(limits::SILENCE, body.frame()).await;
        let Some(frame) = came.map_err(|_| ErrorReply::silent())? else {
            return Ok(whole);
        };
        if let Ok(data) = frame.map_err(malformed)?.into_data() {
            if whole.is_empty() {
                whole.reserve_exact(most);
            }
            whole.extend_from_slice(&data);
        }
    }
}

/// The mark between parts, by the `Content-Type` of the form (RFC 2046, 5.1.1).
fn boundary(content_type: &str) -> Option<String> {
    let (kind, parameters) = content_type.split_once(';')?;
    let parameter = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        name.eq_ignore_ascii_case("boundary").then_some(value)
    })?;
    let boundary = parameter.trim_matches('"');
    let is_form = kind.trim().eq_ignore_ascii_case("multipart/form-data");
    (is_form && !boundary.is_empty()).then(|| boundary.to_owned())
}

struct Part {
    name: String,
    content: Bytes,
    /// Where the mark behind it begins.
    end: usize,
}

impl Part {
    /// The part whose mark begins at `at`, or `None` for the mark that ends the form.
    fn at(form: &Bytes, at: usize, boundary: &str) -> Result<Option<Self>> {
        let cut = || malformed("it ends too early");
        let mark = format!("--{boundary}");
        let rest = form.get(at..).unwrap_or_default();
        let rest = rest.strip_prefix(b"\r\n").unwrap_or(rest);
        let Some(rest) = rest.strip_prefix(mark.as_bytes()) else {
            return Err(malformed("a part does not begin with the boundary"));
        };
        if rest.starts_with(b"--") {
            return Ok(None);
        }
        let head = find(rest, b"\r\n\r\n").ok_or_else(cut)?;
        let (head, content) = rest.split_at_checked(head).ok_or_else(cut)?;
        let content = content.get(4..).unwrap_or_default();
        let start = form.len() - content.len();
        let length = find(content, format!("\r\n{mark}").as_bytes()).ok_or_else(cut)?;
        let head = String::from_utf8_lossy(head);
        Ok(Some(Self {
            name: name(&head).ok_or_else(|| malformed("a part has no name"))?,
            content: form.slice(start..start + length),
            end: start + length,
        }))
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, wanted)
}

/// The name in the `Content-Disposition` of a part.
fn name(head: &str) -> Option<String> {
    let line = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-disposition")
            .then_some(value)
    })?;
    line.split(';').find_map(|parameter| {
        let name = parameter.trim().strip_prefix("name=")?;
        Some(name.trim_matches('"').to_owned())
    })
}

fn unlike_parameters() -> ErrorReply {
    ErrorReply::bad("the form's parts are not the `parameters` of the upload, each once")
}

fn malformed(error: impl Into<Fault>) -> ErrorReply {
    let error = error.into();
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
            format!("--b c\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{name}\r\n")
        };
        let body = Full::new(Bytes::from(
            names.iter().map(part).collect::<String>() + "--b c--\r\n",
        ));
        let Value::Object(parameters) = json!({"key": "key", "policy": "policy"}) else {
            unreachable!()
        };
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
            .block_on(read(
                "multipart/form-data; charset=utf-8; boundary=\"b c\"",
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

    #[test]
    fn a_broken_form_is_refused() {
        let parts =
            b"--b\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\nfile\r\n--b--\r\n";
        let form = Bytes::from_static(parts);
        assert!(Part::at(&form, 0, "b").is_ok());
        for length in 0..form.len() - 7 {
            assert!(Part::at(&form.slice(..length), 0, "b").is_err(), "{length}");
        }
        for wrong in [
            "",
            "multipart/form-data",
            "text/plain; boundary=b",
            "multipart/form-data; boundary=",
        ] {
            assert_eq!(boundary(wrong), None, "{wrong}");
        }
    }
}
