//! Reads a body of `multipart/form-data` (RFC 7578) part by part, as it comes.

use std::error::Error;
use std::pin::Pin;

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes};
use memchr::memmem;
use tokio::time::timeout;

use super::error_reply::{ErrorReply, Result};
use crate::limits::{self, Limit};

/// A delimiter begins with it.
const LINE_END: &[u8] = b"\r\n";

pub(super) struct Multipart<B> {
    body: Pin<Box<B>>,
    /// What came and is not read yet.
    rest: Vec<u8>,
    delimiter: Vec<u8>,
}

impl<B> Multipart<B>
where
    B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>>,
{
    pub(super) fn new(content_type: &str, body: B) -> Result<Self> {
        let (kind, _) = content_type.split_once(';').unwrap_or_default();
        if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
            return Err(malformed("its type is not `multipart/form-data`"));
        }
        let boundary = parameter(content_type, "boundary").filter(|text| !text.is_empty());
        let boundary = boundary.ok_or_else(|| malformed("its type has no `boundary`"))?;
        Ok(Self {
            body: Box::pin(body),
            // The first delimiter may be the first line.
            rest: LINE_END.to_vec(),
            delimiter: format!("\r\n--{boundary}").into(),
        })
    }

    /// Skips what comes before the first part.
    pub(super) async fn begin(&mut self) -> Result<()> {
        self.content().await.map(drop)
    }

    /// After a delimiter, the name of the part that it begins; `None` if it is the last one.
    pub(super) async fn name(&mut self) -> Result<Option<String>> {
        let end = self.take(LINE_END.len()).await?;
        match end.as_slice() {
            b"--" => return Ok(None),
            LINE_END => {}
            _ => return Err(malformed("neither a part nor the end follows a delimiter")),
        }
        let headers = self.until(b"\r\n\r\n").await?;
        let headers = String::from_utf8_lossy(&headers);
        let disposition = headers.split("\r\n").find_map(|header| {
            let (name, value) = header.split_once(':')?;
            let is_disposition = name.trim().eq_ignore_ascii_case("content-disposition");
            is_disposition.then_some(value)
        });
        let name = disposition.and_then(|value| parameter(value, "name"));
        Ok(Some(name.unwrap_or_default()))
    }

    /// The content of a part, up to the next delimiter and without it.
    pub(super) async fn content(&mut self) -> Result<Vec<u8>> {
        let delimiter = self.delimiter.clone();
        self.until(&delimiter).await
    }

    /// The content of a part that should have `size` bytes; `None` if it has more or fewer. It is kept once.
    pub(super) async fn content_of(&mut self, size: usize) -> Result<Option<Vec<u8>>> {
        let delimiter = self.delimiter.clone();
        let mut content = self.take(size + delimiter.len()).await?;
        if !content.ends_with(&delimiter) {
            return Ok(None);
        }
        content.truncate(size);
        Ok((memmem::find(&content, &delimiter).is_none()).then_some(content))
    }

    async fn until(&mut self, mark: &[u8]) -> Result<Vec<u8>> {
        let mut searched = 0;
        loop {
            let rest = self.rest.get(searched..).unwrap_or_default();
            if let Some(found) = memmem::find(rest, mark) {
                let mut content = self.take(searched + found + mark.len()).await?;
                content.truncate(searched + found);
                return Ok(content);
            }
            if self.rest.len() as u64 > Limit::DEV_FORM.bytes() {
                return Err(malformed("a part besides the file is too large"));
            }
            searched = self.rest.len().saturating_sub(mark.len() - 1);
            let came = self.chunk().await?;
            let came = came.ok_or_else(|| malformed("it ends early"))?;
            self.rest.extend_from_slice(&came);
        }
    }

    /// The next `size` bytes; fewer at the end.
    async fn take(&mut self, size: usize) -> Result<Vec<u8>> {
        let kept = size.min(self.rest.len());
        let mut taken = Vec::new();
        let room = taken.try_reserve_exact(size);
        room.map_err(|_| malformed("there is no memory for a part"))?;
        taken.extend(self.rest.drain(..kept));
        while taken.len() < size {
            let Some(mut came) = self.chunk().await? else {
                break;
            };
            let wanted = came.len().min(size - taken.len());
            taken.extend_from_slice(&came.split_to(wanted));
            self.rest.extend_from_slice(&came);
        }
        Ok(taken)
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>> {
        loop {
            let frame = timeout(limits::SILENCE, self.body.frame()).await;
            let Some(frame) = frame.map_err(|_| ErrorReply::silent())? else {
                return Ok(None);
            };
            let frame = frame.map_err(|error| malformed(&error.into().to_string()))?;
            if let Ok(data) = frame.into_data() {
                return Ok(Some(data));
            }
        }
    }
}

/// A parameter of the value of a header, which may stand in quotes.
fn parameter(value: &str, wanted: &str) -> Option<String> {
    let (_, mut rest) = value.split_once(';')?;
    loop {
        let (name, value) = rest.split_once('=')?;
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => value.split_once(';').unwrap_or((value, "")),
        };
        if name.trim_matches([' ', ';']).eq_ignore_ascii_case(wanted) {
            return Some(value.trim().to_owned());
        }
        rest = after;
    }
}

fn malformed(why: &str) -> ErrorReply {
    ErrorReply::bad(format!("the form cannot be read: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn parameters_may_stand_in_quotes() {
        let table = r#"
            form-data; name=a => a
            form-data;name="a; b"; filename=c => a; b
            form-data; filename="x; name=y"; NAME="a" => a
            form-data; filename=x; name=a => a
            form-data; name="a => none
            form-data; filename=name => none
            name=a => none
        "#;
        for (value, expected) in cases(table) {
            let name = parameter(value, "name");
            assert_eq!(name.as_deref().unwrap_or("none"), expected, "{value}");
        }
    }
}
