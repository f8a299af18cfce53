//! HTTP over TLS on loopback: routes requests, and seals answers.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::endpoints;
use super::error_reply::{ErrorReply, Result};
use super::request_auth::RequestAuth;
use super::state::State;
use super::upload_form;
use crate::crypto::aead;
use crate::limits::{self, Limit};

/// The head of a request, in bytes.
const LARGEST_HEAD: usize = 64 << 10;
/// The most requests that are remembered.
const REMEMBERED: usize = 1 << 20;
const API: &str = "api/rest/sm/v1";

pub(super) struct Server {
    pub(super) auth: RequestAuth,
    state: Mutex<State>,
    /// Names of endpoints, `download` or `upload`, in order.
    requests: Mutex<Vec<&'static str>>,
    /// KiB for the bodies of requests under way.
    room: Semaphore,
}

impl Server {
    pub(super) fn new(auth: RequestAuth, state: State) -> Self {
        Self {
            auth,
            state: Mutex::new(state),
            requests: Mutex::default(),
            room: Semaphore::new((Limit::DEV_REQUEST.bytes() >> 10) as usize),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // Changes are checked before they are made, so a panic leaves a usable state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn requests(&self) -> MutexGuard<'_, Vec<&'static str>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, request: &'static str) {
        let mut requests = self.requests();
        if requests.len() < REMEMBERED {
            requests.push(request);
        }
    }

    /// Takes in a body. Nobody vouches for one before it is whole, so all of them together have a limit.
    async fn read(&self, mut body: Incoming) -> Result<(Vec<u8>, SemaphorePermit<'_>)> {
        let room = |length: usize| {
            let kibibytes = u32::try_from(length.div_ceil(1 << 10)).unwrap_or(u32::MAX);
            let taken = self.room.try_acquire_many(kibibytes);
            taken.map_err(|_| ErrorReply::too_large())
        };
        let (mut whole, mut held) = (Vec::new(), room(0)?);
        loop {
            let frame = timeout(limits::SILENCE, body.frame()).await;
            match frame.map_err(|_| ErrorReply::silent())? {
                Some(Ok(frame)) => {
                    let data = frame.into_data().unwrap_or_default();
                    held.merge(room(data.len())?);
                    whole.extend_from_slice(&data);
                }
                Some(Err(_)) => return Err(ErrorReply::silent()),
                None => return Ok((whole, held)),
            }
        }
    }

    pub(super) async fn accept(self: Arc<Self>, listener: TcpListener, tls: TlsAcceptor) {
        let places = Arc::new(Semaphore::new(limits::DEV_CONNECTIONS));
        loop {
            // Further clients wait in the queue of the system.
            let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                return;
            };
            // Fails for one client, or because there are too many at the moment.
            match listener.accept().await {
                Ok((stream, _)) => {
                    let serving = Arc::clone(&self).serve_connection(stream, tls.clone());
                    drop(tokio::spawn(async move {
                        let _ = timeout(limits::DEV_CONNECTION, serving).await;
                        drop(place);
                    }));
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    async fn serve_connection(self: Arc<Self>, stream: TcpStream, tls: TlsAcceptor) {
        let _ = stream.set_nodelay(true);
        let Ok(Ok(stream)) = timeout(limits::SILENCE, tls.accept(stream)).await else {
            return;
        };
        let service = service_fn(|request| {
            let server = Arc::clone(&self);
            async move { Ok::<_, Infallible>(server.respond(request).await) }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(limits::SILENCE)
            .max_buf_size(LARGEST_HEAD);
        let _ = http.serve_connection(TokioIo::new(stream), service).await;
    }

    async fn respond(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        self.route(request).await.unwrap_or_else(|refusal| {
            let mut response = reply(refusal.status, refusal.body.to_string());
            let json = HeaderValue::from_static("application/json");
            response.headers_mut().insert(CONTENT_TYPE, json);
            response
        })
    }

    async fn route(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>> {
        let (head, body) = request.into_parts();
        let path = head.uri.path().trim_start_matches('/');
        match (&head.method, path.rsplit_once('/')) {
            (&Method::POST, Some((API, endpoint))) => self.ask(endpoint, &head, body).await,
            (&Method::POST, Some(("uploads", ticket))) => {
                self.note("upload");
                // Nothing is kept of what nobody announced.
                let (parameters, size) = endpoints::announced(&self.state(), ticket)?;
                let content_type = text(&head, CONTENT_TYPE);
                let file = upload_form::read(content_type, body, &parameters, size).await?;
                endpoints::receive_upload(&mut self.state(), ticket, file)?;
                Ok(reply(StatusCode::NO_CONTENT, Bytes::new()))
            }
            (&Method::GET, Some((kind @ ("files" | "thumbnails"), ticket))) => {
                self.note("download");
                let content = endpoints::download(&self.state(), kind, ticket)?;
                Ok(reply(StatusCode::OK, content))
            }
            _ => Err(ErrorReply::no_endpoint()),
        }
    }

    async fn ask(
        &self,
        endpoint: &str,
        head: &Parts,
        body: Incoming,
    ) -> Result<Response<Full<Bytes>>> {
        let endpoint = endpoints::named(endpoint).ok_or_else(ErrorReply::no_endpoint)?;
        self.note(endpoint.0);
        let (body, _room) = self.read(body).await?;
        // Addresses of files lead the way the client came, through a proxy for instance.
        let origin = format!("https://{}", text(head, HOST));
        let mut state = self.state();
        let request = self
            .auth
            .authenticate(&state.devices, &head.headers, &body)?;
        let answer = endpoints::answer(endpoint, &mut state, &request, &origin)?;
        let sealed = answer.map(|json| aead::seal(&request.reply_key, json.to_string().as_bytes()));
        Ok(reply(
            StatusCode::OK,
            sealed.transpose()?.unwrap_or_default(),
        ))
    }
}

fn text(head: &Parts, name: HeaderName) -> &str {
    let value = head.headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

fn reply(status: StatusCode, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response
}
