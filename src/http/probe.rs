//! Diagnoses a server without being known to it: can it be reached, does it prove its name, what time does it have.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use reqwest::Url;
use reqwest::header::DATE;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::file::parse;
use super::{Error, Http, host_of};
use crate::{clock, limits};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    pub address: SocketAddr,
    /// Includes the look-up of the name.
    pub took: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// The `Date` of the answer, to the second.
    pub theirs: SystemTime,
    /// Half-way between request and answer.
    pub ours: SystemTime,
}

impl Clocks {
    pub fn apart(&self) -> Duration {
        let ahead = self.ours.duration_since(self.theirs);
        ahead.unwrap_or_else(|behind| behind.duration())
    }

    pub fn ours_is_ahead(&self) -> bool {
        self.ours > self.theirs
    }
}

impl Http {
    /// The variable that names a proxy, if one does. Only the client knows which hosts are excepted.
    pub fn proxy(&self) -> Option<&'static str> {
        self.proxy
    }

    /// Connects to the server of `url` as far as TCP, without any proxy.
    pub async fn reach(&self, url: &str) -> Result<Reached, Error> {
        let begun = Instant::now();
        let connected = timeout(limits::CONNECT, connect(&parse(url)?)).await;
        let connected = connected.unwrap_or_else(|_| Err("nobody answers".to_owned()));
        let address = connected.map_err(|reason| Error::Connect {
            host: host_of(url),
            proxy: None,
            reason,
        })?;
        Ok(Reached {
            address,
            took: begun.elapsed(),
        })
    }

    /// Asks the server of `url` for its root by the ordinary way. Any answer proves that the server can be
    /// reached and is who it should be; some tell the time.
    pub async fn meet(&self, url: &str) -> Result<Option<Clocks>, Error> {
        let (sent, begun) = (clock::reading(), Instant::now());
        let response = self
            .send(self.client.get(parse(url)?), &host_of(url))
            .await?;
        let ours = sent + begun.elapsed() / 2;
        let date = response.headers().get(DATE);
        let theirs = date.and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
        Ok(theirs.map(|theirs| Clocks { theirs, ours }))
    }
}

async fn connect(url: &Url) -> Result<SocketAddr, String> {
    let host = url.host_str().unwrap_or_default();
    // An address of IPv6 stands in brackets there.
    let host = host.trim_matches(['[', ']']);
    let port = url.port_or_known_default().unwrap_or(443);
    let unknown = |error: io::Error| format!("the name cannot be looked up: {error}");
    let addresses: Vec<SocketAddr> = lookup_host((host, port)).await.map_err(unknown)?.collect();
    let refused = |error: io::Error| {
        let tried: Vec<_> = addresses.iter().map(ToString::to_string).collect();
        format!("{error} (tried {})", tried.join(", "))
    };
    let stream = TcpStream::connect(addresses.as_slice())
        .await
        .map_err(refused)?;
    stream.peer_addr().map_err(refused)
}
