//! Asking a vault for nothing, to see whether it knows us.

use super::Error;
use super::bind::NO_RECORD;
use super::client::{Client, parse};
use crate::wire::payload::GetSecret;
use crate::wire::server_key::KeyId;

/// What a vault says to a device it knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pong {
    /// When this device's access ends, in milliseconds since 1970.
    pub expires_on: Option<u64>,
    /// The server's own words.
    pub warnings: Vec<String>,
    /// The key it wants requests to be encrypted to.
    pub server_key: KeyId,
}

impl Client {
    /// Asks for a record that no vault has: the answer is one only to a device that was bound, and holds no secret.
    pub async fn ping(&mut self) -> Result<Pong, Error> {
        let nothing = GetSecret {
            requested_records: Some(vec![NO_RECORD.to_owned()]),
            ..GetSecret::default()
        };
        let plain = self.session.call(nothing).await?;
        let answer = parse(&plain)?;
        Ok(Pong {
            expires_on: u64::try_from(answer.expires_on).ok().filter(|end| *end > 0),
            warnings: answer.warnings,
            server_key: self.session.server_key_id(),
        })
    }
}
