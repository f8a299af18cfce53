//! A bind that may have been cut off (D13): what a second attempt with the same token needs, kept until the profile is
//! saved, or delivered to where it is wanted.

pub(in crate::profile) mod files;

use std::time::Duration;

use async_trait::async_trait;
use sha2::{Digest, Sha256};

use super::error::Error;
pub(super) use crate::limits::PENDING_BIND as LIFETIME;
use crate::profile::config::{Config, Member};
use crate::sensitive::Sensitive;
use crate::{clock, codec, json};

/// A place that keeps the texts of binds under way for a day. An id says nothing of its token.
#[async_trait(?Send)]
pub trait Binds {
    async fn kept_bind(&self, id: &str) -> Option<Sensitive<String>>;

    async fn keep_bind(&self, id: &str, text: &Sensitive<String>) -> Result<(), Error>;

    async fn forget_bind(&self, id: &str) -> Result<(), Error>;

    /// What an earlier attempt to bind this device left.
    async fn kept(&self, client_id: &str) -> Option<Config> {
        let text = self.kept_bind(&id(client_id)).await?;
        read(text.expose(), client_id)
    }

    /// Keeps the members of a device while it is bound.
    async fn keep(&self, client_id: &str, config: &Config) -> Result<(), Error> {
        self.keep_bind(&id(client_id), &text(config)).await
    }

    /// Forgets a bind: its outcome is saved or delivered, or it was refused.
    async fn forget(&self, client_id: &str) -> Result<(), Error> {
        self.forget_bind(&id(client_id)).await
    }
}

/// A bind as it is kept: the members so far, and when it began, in seconds since 1970.
fn text(config: &Config) -> Sensitive<String> {
    config.to_pending(&now().to_string())
}

/// The members kept for this device, if they have its key pair.
fn read(text: &str, client_id: &str) -> Option<Config> {
    let kept: Config = serde_json::from_str(text).ok()?;
    let is_meant = kept.get(Member::ClientId) == Some(client_id) && kept.signing_key().is_ok();
    is_meant.then_some(kept)
}

/// A name for a device that says nothing of its token.
pub(super) fn id(client_id: &str) -> String {
    let digest = Sha256::digest(client_id.as_bytes());
    codec::encode_hex(digest.get(..8).unwrap_or_default())
}

/// The time since a bind began; a text without it is older than any.
pub(super) fn age(text: &str) -> Duration {
    #[derive(Default, serde::Deserialize)]
    struct Began {
        began: String,
    }
    let kept: Began = json::object(text.as_bytes()).unwrap_or_default();
    let began = kept.began.parse().unwrap_or_default();
    Duration::from_secs(now().saturating_sub(began))
}

/// Seconds since 1970.
fn now() -> u64 {
    clock::nearest().unix_timestamp().unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_a_beginning_is_old() {
        let now = now();
        assert!(age(&format!(r#"{{"began": "{now}"}}"#)) < LIFETIME);
        for text in ["", "{}", r#"{"began": 5}"#, &format!(r#"["{now}"]"#)] {
            assert!(age(text) > LIFETIME, "{text}");
        }
    }
}
