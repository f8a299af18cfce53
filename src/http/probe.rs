//! Diagnoses a server without being known to it: can it be reached, does it prove its name, what time does it have.

use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use reqwest::Url;
use reqwest::header::DATE;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Error, Http, host_of, lookup};
use crate::{clock, limits};

/// A server that proved who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Met {
    /// That of the proxy if there is one.
    pub address: Option<SocketAddr>,
    /// Includes the look-up of the name.
    pub took: Duration,
    pub clocks: Option<Clocks>,
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
    /// Asks the server of `url` for its root, by the way of every command. Any answer will do; some tell the time.
    pub async fn meet(&self, url: &str) -> Result<Met, Error> {
        let (sent, begun) = (clock::reading(), Instant::now());
        let response = self.send(self.client.get(url), url).await?;
        let took = begun.elapsed();
        let date = response.headers().get(DATE);
        let theirs = date.and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
        let ours = sent.checked_add(took / 2);
        Ok(Met {
            address: response.remote_addr(),
            took,
            clocks: theirs
                .zip(ours)
                .map(|(theirs, ours)| Clocks { theirs, ours }),
        })
    }

    /// After [`Self::meet`] failed to connect, tries TCP alone, without any proxy. The error lists the addresses.
    pub async fn reach(&self, url: &str) -> Result<(), Error> {
        connect(url).await.map_err(|reason| Error::Connect {
            host: host_of(url),
            proxy: None,
            reason: reason.into(),
        })
    }
}

async fn connect(url: &str) -> Result<(), String> {
    let url = Url::parse(url).map_err(|error| error.to_string())?;
    let port = url.port_or_known_default().unwrap_or(443);
    let mut addresses = lookup::addresses(&url)
        .await
        .map_err(|error| error.to_string())?;
    addresses
        .iter_mut()
        .for_each(|address| address.set_port(port));
    let connected = timeout(limits::CONNECT, TcpStream::connect(addresses.as_slice())).await;
    let reason = match connected {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "nobody answers".to_owned(),
    };
    let tried: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    Err(format!("{reason} (tried {})", tried.join(", ")))
}
