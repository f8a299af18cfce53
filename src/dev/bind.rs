//! Binds a device to a development vault the ordinary way.

use crate::codec;
use crate::environment::Environment;
use crate::http::{self, Http, Settings};
use crate::profile::redeem::{self, Redemption};
use crate::profile::{ProfileName, bundle};
use crate::sensitive::Sensitive;
use crate::vault::Connection;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Http(#[from] http::Error),
    #[error(transparent)]
    Redeem(#[from] Box<redeem::Error>),
}

/// Spends `token`, and returns a `KSM_CONFIG` in base64. `environment` is that of the programs that will use it.
pub async fn bind(token: &str, environment: &Environment) -> Result<Sensitive<String>, Error> {
    let redemption =
        Redemption::new(token, None, None, ProfileName::default()).map_err(Box::new)?;
    let http = Http::new(&Settings::from_environment(environment)?, &|_| {})?;
    let redeemed = redemption.in_memory(Connection::quiet(http)).await;
    let mut redeemed = redeemed.map_err(Box::new)?;
    redeemed.confirm().await;
    let config = bundle::to_json(&redeemed.config);
    // The alphabet that every official client reads (protocol 3.4).
    Ok(codec::encode(config.expose().as_bytes()).into())
}
