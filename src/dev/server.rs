//! HTTP over TLS on loopback: routes requests, and seals answers.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HOST, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::endpoints;
use super::error_reply::ErrorReply;
use super::request_auth::RequestAuth;
use super::state::State;
use super::upload_form::UploadForm;
use crate::crypto::aead;
use crate::limits::Limit;

/// For the handshake, and for the head of a request.
const TIMEOUT: Duration = Duration::from_secs(30);
const API: &str = "api/rest/sm/v1";

pub(super) struct Server {
    pub(super) auth: RequestAuth,
    state: Mutex<State>,
    /// Names of endpoints, `download` or `upload`, in order.
    requests: Mutex<Vec<&'static str>>,
}

impl Server {
    pub(super) fn new(auth: RequestAuth, state: State) -> Self {
        Self {
            auth,
            state: Mutex::new(state),
            requests: Mutex::default(),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // Changes are checked before they are made, so a panic leaves a usable state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn requests(&self) -> MutexGuard<'_, Vec<&'static str>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn accept(self: Arc<Self>, listener: TcpListener, tls: TlsAcceptor) {
        loop {
            // Fails for one client, or because there are too many at the moment.
            match listener.accept().await {
                Ok((stream, _)) => drop(tokio::spawn(
                    Arc::clone(&self).serve_connection(stream, tls.clone()),
                )),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    async fn serve_connection(self: Arc<Self>, stream: TcpStream, tls: TlsAcceptor) {
        let _ = stream.set_nodelay(true);
        let Ok(Ok(stream)) = tokio::time::timeout(TIMEOUT, tls.accept(stream)).await else {
            return;
        };
        let service = service_fn(|request| {
            let server = Arc::clone(&self);
            async move { Ok::<_, Infallible>(server.respond(request).await) }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(TIMEOUT);
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

    async fn route(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, ErrorReply> {
        let (head, body) = request.into_parts();
        let path = head.uri.path().trim_start_matches('/');
        match (&head.method, path.rsplit_once('/')) {
            (&Method::POST, Some((API, endpoint))) => self.ask(endpoint, &head, body).await,
            (&Method::POST, Some(("uploads", ticket))) => {
                self.requests().push("upload");
                let form = UploadForm::read(text(&head, CONTENT_TYPE), body).await?;
                endpoints::receive_upload(&mut self.state(), ticket, form)?;
                Ok(reply(StatusCode::NO_CONTENT, Bytes::new()))
            }
            (&Method::GET, Some((kind @ ("files" | "thumbnails"), ticket))) => {
                self.requests().push("download");
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
    ) -> Result<Response<Full<Bytes>>, ErrorReply> {
        let endpoint = endpoints::named(endpoint).ok_or_else(ErrorReply::no_endpoint)?;
        self.requests().push(endpoint.0);
        let body = read(body).await?;
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

async fn read(body: Incoming) -> Result<Bytes, ErrorReply> {
    let whole = Limited::new(
        body,
        usize::try_from(Limit::DEV_REQUEST.bytes()).unwrap_or(usize::MAX),
    )
    .collect()
    .await;
    whole
        .map(|body| body.to_bytes())
        .map_err(|_| ErrorReply::too_large())
}

fn reply(status: StatusCode, body: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    response
}
