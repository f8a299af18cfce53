//! Reads an answer whole, up to a limit (N8).

use reqwest::Response;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use super::{Error, unless_silent};
use crate::buffer::Buffer;
use crate::clock;
use crate::limits::Limit;

/// Reserved for an answer of the vault before it comes.
pub(super) const LARGEST_RESERVE: u64 = 32 << 20;

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The seconds that `Retry-After` asks for.
    pub retry_after: Option<f64>,
    pub body: Buffer,
}

/// In bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub done: u64,
    /// At least `done`.
    pub total: u64,
}

/// Reads at most `limit` bytes. A body of more than `reserve` bytes grows as it comes.
pub(super) async fn read(
    mut response: Response,
    host: String,
    limit: u64,
    reserve: u64,
    listener: &dyn Fn(Progress),
) -> Result<Answer, Error> {
    let limit = match response.status().is_success() {
        true => limit,
        false => limit.min(Limit::REFUSAL.bytes()),
    };
    let announced = response.content_length().unwrap_or_default();
    if announced > limit {
        return Err(Error::TooLarge { host, limit });
    }
    let room = if announced <= reserve { announced } else { 0 };
    let mut body = usize::try_from(room)
        .ok()
        .and_then(Buffer::with_room)
        .ok_or(Error::Memory { size: announced })?;
    while let Some(chunk) = unless_silent(&host, response.chunk())
        .await?
        .map_err(|error| Error::reading(host.clone(), error))?
    {
        let done = (body.len() + chunk.len()) as u64;
        if done > limit {
            return Err(Error::TooLarge { host, limit });
        }
        body.extend(&chunk).ok_or(Error::Memory { size: done })?;
        let total = announced.max(done);
        listener(Progress { done, total });
    }
    Ok(Answer {
        status: response.status().as_u16(),
        retry_after: retry_after(response.headers()),
        body,
    })
}

/// A number of seconds, or a date, which is measured by the clock of the server.
fn retry_after(headers: &HeaderMap) -> Option<f64> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok().map(str::trim);
    let date = |name| httpdate::parse_http_date(text(name)?).ok();
    if let Ok(seconds) = text(RETRY_AFTER)?.parse() {
        return Some(seconds);
    }
    let now = date(DATE).unwrap_or_else(clock::reading);
    let wait = date(RETRY_AFTER)?.duration_since(now).unwrap_or_default();
    Some(wait.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_comes_in_seconds_or_by_date() {
        for (asked, expected) in [
            ("120", Some(120.0)),
            (" 2.5 ", Some(2.5)),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10.0)),
            ("Sun, 06 Nov 1994 08:49:27 GMT", Some(0.0)),
            ("soon", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(DATE, "Sun, 06 Nov 1994 08:49:37 GMT".parse().unwrap());
            headers.insert(RETRY_AFTER, asked.parse().unwrap());
            assert_eq!(retry_after(&headers), expected, "{asked}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
