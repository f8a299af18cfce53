//! Reads the multipart form that brings the content of a file (protocol.md 8.6), as it comes: a large file is here once.

use http_body_util::{BodyDataStream, Limited};
use hyper::body::{Body, Bytes};
use multer::{Field, Multipart};
use serde_json::{Map, Value};

use super::error_reply::ErrorReply;
use crate::crypto::aead::OVERHEAD;

/// The sealed content of the largest file that the vault takes: 1 GiB.
pub(super) const LARGEST_FILE: u64 = (1 << 30) + OVERHEAD as u64;
/// All other parts of a form.
const LARGEST_REST: u64 = 1 << 20;

/// The parts in the order they came; none may follow the file.
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
        let most = LARGEST_FILE + LARGEST_REST;
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
            let file = whole(part, announced.min(most)).await?.into();
            return match parts.next_field().await.map_err(malformed)? {
                None => Ok(Self { parameters, file }),
                Some(_) => Err(ErrorReply::bad("the part `file` has to be the last")),
            };
        }
        Err(ErrorReply::bad("the form has no part `file`"))
    }
}

async fn whole(mut part: Field<'_>, announced: u64) -> Result<Vec<u8>, ErrorReply> {
    let mut content = Vec::with_capacity(usize::try_from(announced).unwrap_or_default());
    while let Some(chunk) = part.chunk().await.map_err(malformed)? {
        content.extend_from_slice(&chunk);
    }
    Ok(content)
}

fn malformed(error: multer::Error) -> ErrorReply {
    ErrorReply::bad(format!("the form cannot be read: {error}"))
}
