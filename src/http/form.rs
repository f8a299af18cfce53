//! A multipart form whose last part is a file (protocol 8.6), sent from the file's own buffer.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::buffer::Buffer;
use crate::codec;
use crate::crypto::{Error, random};
use crate::sensitive::Sensitive;

/// The connection takes pieces of this size, which is the resolution of the progress.
const PIECE: usize = 64 << 10;

/// Prints as its length: the server's parts are credentials.
pub struct MultipartForm {
    boundary: String,
    /// The parts before the file's content, the content, and the end.
    pieces: [Bytes; 3],
    taken: Arc<AtomicU64>,
}

impl MultipartForm {
    /// Text parts in this order, then a part `file`.
    pub fn new(texts: &[(String, Sensitive<String>)], file: Buffer) -> Result<Self, Error> {
        let boundary = format!("ksm-{}", codec::encode_url(&random::bytes::<24>()?));
        let mut head = String::new();
        for (name, text) in texts {
            let (name, text) = (in_quotes(name), text.expose());
            head.push_str(&format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n"
            ));
        }
        head.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n\r\n"
        ));
        let tail = format!("\r\n--{boundary}--\r\n");
        Ok(Self {
            boundary,
            pieces: [head.into(), Bytes::from_owner(file), tail.into()],
            taken: Arc::default(),
        })
    }

    pub(super) fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// Bytes that remain.
    pub(super) fn length(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.len() as u64).sum()
    }

    /// Counts the bytes that the connection has taken.
    pub(super) fn taken(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.taken)
    }
}

impl fmt::Debug for MultipartForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes of a form", self.length())
    }
}

impl Body for MultipartForm {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let form = self.get_mut();
        let Some(piece) = form.pieces.iter_mut().find(|piece| !piece.is_empty()) else {
            return Poll::Ready(None);
        };
        let next = piece.split_to(piece.len().min(PIECE));
        form.taken.fetch_add(next.len() as u64, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(next))))
    }

    fn is_end_stream(&self) -> bool {
        self.length() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length())
    }
}

/// Escapes the name of a part as browsers do.
fn in_quotes(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_all_of_its_parts_in_order() {
        let file = vec![7; PIECE * 2 + 1];
        let texts = [
            ("key".to_owned(), "a/b".to_owned().into()),
            ("x\"\r\ny".to_owned(), Sensitive::default()),
        ];
        let mut form = MultipartForm::new(&texts, file.clone().into()).unwrap();
        let boundary = form.boundary.clone();
        let length = form.length();
        let mut sent = Vec::new();
        let mut context = Context::from_waker(std::task::Waker::noop());
        while let Poll::Ready(Some(Ok(frame))) = Pin::new(&mut form).poll_frame(&mut context) {
            sent.extend_from_slice(&frame.into_data().unwrap());
            assert_eq!(form.taken.load(Ordering::Relaxed), sent.len() as u64);
            assert_eq!(form.length(), length - sent.len() as u64);
        }
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na/b\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"x%22%0D%0Ay\"\r\n\r\n\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n\r\n"
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        assert!(sent == [head.as_bytes(), &file, tail.as_bytes()].concat());
        assert!(form.is_end_stream());
    }
}
