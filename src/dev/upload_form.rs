//! Reads the multipart form that uploads a file (protocol 8.6), and keeps a single copy of a large file.

use http_body_util::{BodyDataStream, Limited};
use hyper::body::{Body, Bytes};
use multer::{Field, Multipart};
use serde_json::{Map, Value};

use super::error_reply::ErrorReply;
use crate::crypto::aead::OVERHEAD;
use crate::limits::Limit;

pub(super) const LARGEST_FILE: u64 = Limit::DEV_FILE.bytes() + OVERHEAD as u64;

/// Parts in the order they came; none follows the file.
pub(super) struct UploadForm {
    pub(super) parameters: Map<String, Value>,
    pub(super) file: Bytes,
}

impl UploadForm {
    pub(super) async fn read<B>(content_type: &str, body: B) -> Result<Self, ErrorReply>
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let boundary = multer::parse_boundary(content_type).map_err(malformed)?;
        let announced = body.size_hint().exact().unwrap_or_default();
        let most = LARGEST_FILE + Limit::DEV_FORM.bytes();
        let body = Limited::new(body, usize::try_from(most).unwrap_or(usize::MAX));
        let mut parts = Multipart::new(BodyDataStream::new(body), boundary);
        let mut parameters = Map::new();
        while let Some(part) = parts.next_field().await.map_err(malformed)? {
            let name = part.name().unwrap_or_default().to_owned();
            if name != "file" {
                let content = part.bytes().await.map_err(malformed)?;
                let text = String::from_utf8_lossy(&content).into_owned();
                parameters.insert(name, text.into());
                continue;
            }
            let file = read_file(part, announced.min(most)).await?.into();
            return match parts.next_field().await.map_err(malformed)? {
                None => Ok(Self { parameters, file }),
                Some(_) => Err(ErrorReply::bad("the part `file` has to be the last")),
            };
        }
        Err(ErrorReply::bad("the form has no part `file`"))
    }
}

async fn read_file(mut part: Field<'_>, announced: u64) -> Result<Vec<u8>, ErrorReply> {
    let mut content = Vec::with_capacity(usize::try_from(announced).unwrap_or_default());
    while let Some(chunk) = part.chunk().await.map_err(malformed)? {
        content.extend_from_slice(&chunk);
    }
    Ok(content)
}

fn malformed(error: multer::Error) -> ErrorReply {
    ErrorReply::bad(format!("the form cannot be read: {error}"))
}
