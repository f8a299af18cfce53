//! Reads the multipart form that brings the content of a file (protocol.md 8.6).

use http_body_util::{BodyDataStream, Full};
use hyper::body::Bytes;
use multer::Multipart;
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// The parts in the order they came; none may follow the file.
pub(super) struct Form {
    pub(super) parameters: Map<String, Value>,
    pub(super) file: Vec<u8>,
}

impl Form {
    pub(super) async fn read(content_type: &str, body: Bytes) -> Result<Self, Refusal> {
        let malformed =
            |error: multer::Error| Refusal::bad(format!("the form cannot be read: {error}"));
        let boundary = multer::parse_boundary(content_type).map_err(malformed)?;
        let body: BodyDataStream<Full<Bytes>> = BodyDataStream::new(Full::new(body));
        let mut parts = Multipart::new(body, boundary);
        let mut parameters = Map::new();
        while let Some(part) = parts.next_field().await.map_err(malformed)? {
            let name = part.name().unwrap_or_default().to_owned();
            let content = part.bytes().await.map_err(malformed)?;
            if name != "file" {
                let text = String::from_utf8_lossy(&content).into_owned();
                parameters.insert(name, text.into());
                continue;
            }
            return match parts.next_field().await.map_err(malformed)? {
                None => Ok(Self {
                    parameters,
                    file: content.into(),
                }),
                Some(_) => Err(Refusal::bad("the part `file` has to be the last")),
            };
        }
        Err(Refusal::bad("the form has no part `file`"))
    }
}
