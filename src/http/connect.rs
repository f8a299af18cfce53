//! Makes connections: names looked up, TCP to whichever address answers first, a way through the proxy, TLS.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{HOST, PROXY_AUTHORIZATION, USER_AGENT};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;

use super::error::{first_cause, tls_reason};
use super::lookup::{self, Reach};
use super::proxy::Proxy;
use super::url::{Scheme, Url};
use super::{Error, USER};
use crate::codec;
use crate::foreign::Text;
use crate::limits;

/// The next address is tried after this while (RFC 8305, 5).
const NEXT_ADDRESS: Duration = Duration::from_millis(250);

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

type Boxed = Box<dyn Stream>;

/// Why there is no connection.
enum Fault {
    Reason(Text),
    Tls(rustls::Error),
    Lookup(lookup::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match tls_reason(&error) {
            Some(reason) => Self::Tls(reason),
            None => Self::Reason(first_cause(&error)),
        }
    }
}

impl From<hyper::Error> for Fault {
    fn from(error: hyper::Error) -> Self {
        Self::Reason(first_cause(&error))
    }
}

impl From<lookup::Error> for Fault {
    fn from(error: lookup::Error) -> Self {
        Self::Lookup(error)
    }
}

#[derive(Debug, Clone)]
pub(super) struct Connector {
    pub(super) tls: Arc<ClientConfig>,
    pub(super) proxy: Option<Proxy>,
    pub(super) reach: Reach,
}

impl Connector {
    /// Connects to the host of `url`. The address is that of the proxy if there is one.
    pub(super) async fn connect(&self, url: &Url) -> Result<(Boxed, SocketAddr), Error> {
        let proxy = self.proxy.as_ref().filter(|proxy| proxy.serves(url));
        let connecting = async {
            match proxy {
                Some(proxy) => self.connect_by(proxy, url).await,
                None => {
                    let (tcp, address) = tcp(url, self.reach).await?;
                    Ok((self.secured(Box::new(tcp), url).await?, address))
                }
            }
        };
        let connected = timeout(limits::CONNECT, connecting).await;
        let connected = connected.unwrap_or_else(|_| Err(Fault::Reason("it timed out".into())));
        connected.map_err(|fault| {
            let host = url.host_and_port();
            let proxy = proxy.map(|proxy| Box::new(proxy.name()));
            match fault {
                Fault::Reason(reason) => Error::Connect {
                    host,
                    proxy,
                    reason,
                },
                Fault::Tls(source) => Error::of_tls(host, source),
                Fault::Lookup(error) => error.of(host, proxy),
            }
        })
    }

    /// Asks the proxy for a way to the host of `url`, and speaks TLS through it.
    async fn connect_by(&self, proxy: &Proxy, url: &Url) -> Result<(Boxed, SocketAddr), Fault> {
        let (tcp, address) = tcp(&proxy.url, Reach::Anywhere).await?;
        let stream = self.secured(Box::new(tcp), &proxy.url).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection.with_upgrades());
        let place = format!("{}:{}", url.host(), url.port());
        let mut request = Request::builder()
            .method(Method::CONNECT)
            .uri(&place)
            .header(HOST, &place)
            .header(USER_AGENT, USER);
        if let Some(user) = proxy.url.user() {
            let credentials = codec::encode(user.expose().as_bytes());
            request = request.header(PROXY_AUTHORIZATION, format!("Basic {credentials}"));
        }
        let request = request.body(Empty::<Bytes>::new());
        let request = request.map_err(|error| Fault::Reason(error.to_string().into()))?;
        let answer = sender.send_request(request).await?;
        match answer.status() {
            status if status.is_success() => {}
            StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
                let reason = "it wants a user name and a password that it knows";
                return Err(Fault::Reason(reason.into()));
            }
            _ => {
                return Err(Fault::Reason(
                    "it answers that it opens no way there".into(),
                ));
            }
        }
        let way = hyper::upgrade::on(answer).await?;
        let stream = self.secured(Box::new(TokioIo::new(way)), url).await?;
        Ok((stream, address))
    }

    /// The stream as the scheme of `url` has it.
    async fn secured(&self, stream: Boxed, url: &Url) -> Result<Boxed, Fault> {
        if url.scheme() == Scheme::Http {
            return Ok(stream);
        }
        let name = ServerName::try_from(url.bare_host().to_owned());
        let name = name.map_err(|_| Fault::Reason("no certificate can be for that name".into()))?;
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        Ok(Box::new(connector.connect(name, stream).await?))
    }
}

async fn tcp(url: &Url, reach: Reach) -> Result<(TcpStream, SocketAddr), Fault> {
    let addresses = reach.addresses(url).await?;
    let connected = first_of(addresses).await?;
    let address = connected.peer_addr()?;
    connected.set_nodelay(true)?;
    Ok((connected, address))
}

/// Connects to the first address that answers, each in its turn, and both families from the start (RFC 8305).
async fn first_of(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let (mut one, mut other): (Vec<_>, Vec<_>) = {
        let first_is_v4 = addresses.first().is_some_and(SocketAddr::is_ipv4);
        let is_like_first = |address: &SocketAddr| address.is_ipv4() == first_is_v4;
        addresses.into_iter().rev().partition(is_like_first)
    };
    let mut trials = JoinSet::new();
    let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
    loop {
        if let Some(next) = one.pop().or_else(|| other.pop()) {
            std::mem::swap(&mut one, &mut other);
            trials.spawn(TcpStream::connect(next));
        }
        let is_last = one.is_empty() && other.is_empty();
        tokio::select! {
            ended = trials.join_next() => match ended {
                Some(Ok(Ok(connected))) => return Ok(connected),
                Some(Ok(Err(error))) => failed = error,
                Some(Err(error)) => failed = io::Error::other(error),
                None => return Err(failed),
            },
            () = sleep(NEXT_ADDRESS), if !is_last => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn an_address_that_answers_is_found_among_others() {
        let there = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let there = there.local_addr().unwrap();
        let closed = SocketAddr::from(([127, 0, 0, 1], 1));
        // Nobody answers there, and nobody refuses (RFC 5737).
        let silent = SocketAddr::from(([192, 0, 2, 1], 443));
        for addresses in [
            vec![there],
            vec![closed, there],
            vec![silent, silent, there],
            vec![SocketAddr::from(([0; 8], 1)), there],
        ] {
            let found = first_of(addresses.clone()).await;
            assert_eq!(found.unwrap().peer_addr().unwrap(), there, "{addresses:?}");
        }
        assert!(first_of(vec![closed, closed]).await.is_err());
        assert!(first_of(Vec::new()).await.is_err());
    }
}
