//! Sends requests of HTTP/1.1, over connections that are kept for the next.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Either, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{ACCEPT, HOST, HeaderMap, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::time::Instant;

use super::connect::Connector;
use super::url::{Scheme, Url};
use super::{Error, MultipartForm, USER};

/// A connection that rested longer may have been forgotten on its way.
const REST: Duration = Duration::from_secs(90);

pub(super) type Body = Either<Full<Bytes>, MultipartForm>;

/// What connections may be shared for.
type Place = (Scheme, String);

/// Clones share their connections.
#[derive(Debug, Clone)]
pub(super) struct Client {
    connector: Connector,
    idle: Idle,
}

#[derive(Debug, Clone, Default)]
struct Idle(Arc<Mutex<HashMap<Place, Vec<Rested>>>>);

/// A connection, and since when it is idle.
type Rested = (Instant, Line);

/// A connection that speaks for one request at a time.
#[derive(Debug)]
struct Line {
    sender: SendRequest<Body>,
    address: SocketAddr,
}

/// What goes to the server, besides the headers that every request has.
pub(super) struct Message<'a> {
    pub(super) method: Method,
    pub(super) headers: &'a [(&'a str, String)],
    pub(super) body: Body,
}

pub(super) struct Response {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// That of the proxy if there is one.
    pub(super) address: SocketAddr,
    body: Incoming,
    place: Place,
    line: Option<Line>,
    idle: Idle,
}

impl Idle {
    fn put(&self, place: &Place, line: Line) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = all.entry(place.clone()).or_default();
        lines.push((Instant::now(), line));
    }

    fn take(&self, place: &Place) -> Option<Line> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = all.get_mut(place)?;
        while let Some((since, line)) = lines.pop() {
            if !line.sender.is_closed() && since.elapsed() < REST {
                return Some(line);
            }
        }
        None
    }
}

impl Client {
    pub(super) fn new(connector: Connector) -> Self {
        Self {
            connector,
            idle: Idle::default(),
        }
    }

    /// Sends `message` once, and waits for the head of the answer.
    pub(super) async fn send(&self, url: &Url, message: Message<'_>) -> Result<Response, Error> {
        let host = || url.host_and_port();
        let mut request = request(url, message).map_err(|_| Error::Request { host: host() })?;
        let place = (url.scheme(), format!("{}:{}", url.host(), url.port()));
        loop {
            let kept = self.idle.take(&place);
            let is_kept = kept.is_some();
            let mut line = match kept {
                Some(line) => line,
                None => self.open(url).await?,
            };
            if let Err(error) = line.sender.ready().await {
                if is_kept {
                    continue;
                }
                return Err(Error::reading(host(), &error));
            }
            match line.sender.try_send_request(request).await {
                Ok(answer) => {
                    let (head, body) = answer.into_parts();
                    return Ok(Response {
                        status: head.status,
                        headers: head.headers,
                        address: line.address,
                        body,
                        place,
                        line: Some(line),
                        idle: self.idle.clone(),
                    });
                }
                Err(mut failed) => match failed.take_message().filter(|_| is_kept) {
                    // The server hung up before it saw anything of this.
                    Some(unsent) => request = unsent,
                    None => return Err(Error::reading(host(), failed.error())),
                },
            }
        }
    }

    async fn open(&self, url: &Url) -> Result<Line, Error> {
        let (stream, address) = self.connector.connect(url).await?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| Error::reading(url.host_and_port(), &error))?;
        // Its errors are those of the request that it is for.
        tokio::spawn(connection);
        Ok(Line { sender, address })
    }
}

fn request(url: &Url, message: Message<'_>) -> Result<Request<Body>, hyper::http::Error> {
    let request = Request::builder()
        .method(message.method)
        .uri(url.target())
        .header(HOST, url.host_and_port())
        .header(ACCEPT, "*/*")
        .header(USER_AGENT, USER);
    let headers = message.headers.iter();
    let request = headers.fold(request, |request, (name, value)| {
        request.header(*name, value)
    });
    request.body(message.body)
}

impl Response {
    /// The bytes that the body has, if that is said.
    pub(super) fn content_length(&self) -> Option<u64> {
        self.body.size_hint().exact()
    }

    /// The next bytes of the body. After the last, the connection is free for the next request.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, hyper::Error> {
        while let Some(frame) = self.body.frame().await {
            if let Ok(data) = frame?.into_data() {
                return Ok(Some(data));
            }
        }
        if let Some(line) = self.line.take() {
            self.idle.put(&self.place, line);
        }
        Ok(None)
    }
}
