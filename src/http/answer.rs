//! Reads an answer whole, up to a limit (N8).

use reqwest::Response;

use super::{Error, unless_silent};
use crate::limits::Limit;

/// Reserved for an answer of the vault before it comes.
pub(super) const LARGEST_RESERVE: u64 = 32 << 20;

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// In bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub done: u64,
    /// At least `done`.
    pub total: u64,
}

/// Reads at most `limit` bytes, of which `reserve` are reserved at most; a larger body grows as it comes.
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
    let mut body = Vec::new();
    usize::try_from(announced.min(reserve))
        .ok()
        .and_then(|room| body.try_reserve_exact(room).ok())
        .ok_or(Error::Memory { size: announced })?;
    while let Some(chunk) = unless_silent(&host, response.chunk())
        .await?
        .map_err(|error| Error::reading(host.clone(), error))?
    {
        let done = (body.len() + chunk.len()) as u64;
        if done > limit {
            return Err(Error::TooLarge { host, limit });
        }
        body.extend_from_slice(&chunk);
        let total = announced.max(done);
        listener(Progress { done, total });
    }
    Ok(Answer {
        status: response.status().as_u16(),
        body,
    })
}
