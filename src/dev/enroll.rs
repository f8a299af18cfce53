//! Redeems a token of a development vault the ordinary way, for a `KSM_CONFIG`.

use crate::codec;
use crate::crypto::{self, signing::SigningKey};
use crate::environment::Environment;
use crate::http::{self, Http};
use crate::profile::{Config, bundle};
use crate::sensitive::Sensitive;
use crate::vault;
use crate::vault::Options;
use crate::vault::bind::{EnrollSession, Enrollment};
use crate::wire::server_key::ServerKey;
use crate::wire::token::{self, OneTimeToken};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Token(#[from] token::Error),
    /// The token has no host or no server key, which every token of a development vault has.
    #[error("the token does not say where its vault is")]
    Incomplete,
    #[error("cannot make the device's keys")]
    Crypto(#[from] crypto::Error),
    #[error(transparent)]
    Http(#[from] http::Error),
    #[error(transparent)]
    Vault(#[from] vault::Error),
}

/// Spends `token`, and returns the configuration in base64. `environment` is that of the programs that will use it.
pub async fn enroll(
    token: &str,
    environment: &Environment,
    options: &Options,
) -> Result<Sensitive<String>, Error> {
    let token = OneTimeToken::parse(token)?;
    let client_id = token.client_id()?;
    let (Some(host), Some(custom)) = (token.host, token.server_key) else {
        return Err(Error::Incomplete);
    };
    let server_key = ServerKey::Custom(custom);
    let enrollment = Enrollment {
        host: host.clone(),
        server_key: server_key.clone(),
        client_id,
        client_key: token.client_key,
        signing_key: SigningKey::generate()?,
    };
    let http = Http::new(&http::Settings::from_environment(environment)?)?;
    let mut session = EnrollSession::new(http, enrollment, options);
    let bound = session.redeem().await?;
    session.confirm().await?;
    let config = bundle::to_json(&Config::of(&bound.device, &host, &server_key));
    // The alphabet that every official client reads (protocol 3.4).
    Ok(Sensitive::new(codec::encode(config.expose().as_bytes())))
}
