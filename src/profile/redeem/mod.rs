//! From a one-time token to a profile. Everything that can fail here is tried before the token is sent (T1), and an answer
//! that was lost is asked for again with the same keys (T2).

mod error;

pub use error::Error;

use super::config::{Config, Member};
use super::name::ProfileName;
use super::store::ini_file::IniFile;
use super::store::{self, Binds, Edit, Store, StoreContext};
use super::{Note, Profile, bundle, pasted};
use crate::crypto::signing::SigningKey;
use crate::vault::bind::{BindSession, BoundDevice};
use crate::vault::{self, Connection};
use crate::wire::endpoint::HostName;
use crate::wire::server_key::ServerKey;
use crate::wire::session::Signer;
use crate::wire::token::OneTimeToken;
use crate::{crypto, error_chain};

/// A token that is to be redeemed, and the profile to be.
pub struct Redemption {
    pub name: ProfileName,
    /// The token's own name, in B64.
    pub client_id: String,
    /// Whether the token or anybody else named a host; otherwise the default is a guess.
    pub names_host: bool,
    token: OneTimeToken,
    /// The host to be stored in the profile.
    stored_host: HostName,
    /// The host that gets the token.
    host: HostName,
    server_key: ServerKey,
}

/// A token that was redeemed. What becomes of the device's keys is the caller's business.
pub struct Redeemed {
    pub config: Config,
    pub profile: Profile,
    /// `None` for a device that an earlier run bound.
    session: Option<BindSession>,
}

/// A device on its way to being bound.
struct Attempt<'b> {
    device: Config,
    /// Keeps the device until its keys are where they belong.
    binds: Option<&'b dyn Binds>,
    /// Whether an earlier run kept it.
    is_resumed: bool,
}

#[derive(Debug)]
pub enum Outcome {
    Bound(Profile),
    /// Another run with this token was quicker.
    Known(ProfileName, Profile),
}

impl Redeemed {
    /// Asks as the new device, as every official client does; all is complete without the answer.
    pub async fn confirm(&mut self) {
        if let Some(session) = &self.session {
            let _ = session.confirm().await;
        }
    }
}

impl Redemption {
    /// Checks what the token and its company say. `host` is for a token that names none, `everywhere` takes the place
    /// of any host.
    pub fn new(
        token: &str,
        host: Option<HostName>,
        everywhere: Option<HostName>,
        name: ProfileName,
    ) -> Result<Self, Error> {
        let token = pasted::text(token);
        let token = OneTimeToken::parse(token.expose()).map_err(|error| match error {
            _ if bundle::read(token.expose()).is_ok() => Error::IsConfig,
            _ if pasted::is_path(token.expose()) => Error::IsPath,
            error => error.into(),
        })?;
        let named = token.host.clone().or(host).or(everywhere.clone());
        let names_host = named.is_some();
        let stored_host = named.unwrap_or_default();
        let host = everywhere.unwrap_or_else(|| stored_host.clone());
        let server_key =
            ServerKey::choose(&host, None, token.server_key.clone()).ok_or(crypto::Error::Key)?;
        Ok(Self {
            client_id: token.client_id()?,
            token,
            stored_host,
            host,
            server_key,
            name,
            names_host,
        })
    }

    /// Says that the token's own server key is not used, if that is so (D16).
    pub fn note(&self) -> Option<Note> {
        let is_ignored =
            self.token.server_key.is_some() && matches!(self.server_key, ServerKey::Published(..));
        is_ignored.then(|| Note::CustomKeyIgnored(self.host.clone()))
    }

    /// Whether the token made one of the profiles of a store.
    pub async fn has_made_one_in(&self, store: &dyn Store) -> bool {
        store.of_device(&self.client_id).await.is_some()
    }

    /// Redeems the token and saves the profile.
    pub async fn redeem_into(
        &self,
        mut edit: Box<dyn Edit>,
        connection: Connection,
    ) -> Result<Outcome, Error> {
        if let Some(name) = edit.store().of_device(&self.client_id).await {
            let config = edit.store().config(&name).await?;
            let profile = edit.store().checked(&name, &config, Some(&self.host))?;
            // What is left of it is swept.
            let _ = edit.binds().forget(&self.client_id).await;
            return Ok(Outcome::Known(name, profile));
        }
        let attempt = self.attempt(edit.binds()).await?;
        // After the keys were kept: the disk has to hold both.
        if let Err(error) = edit.check_writable(&self.name).await {
            if !attempt.is_resumed {
                let _ = edit.binds().forget(&self.client_id).await;
            }
            return Err(error.into());
        }
        let mut redeemed = self.redeem(attempt, connection).await?;
        edit.put(&self.name, &redeemed.config)
            .map_err(Error::NotSaved)?;
        edit.save().await.map_err(Error::NotSaved)?;
        // The profile is stored, whatever becomes of the bind: what is left of it is swept.
        let _ = edit.binds().forget(&self.client_id).await;
        redeemed.confirm().await;
        Ok(Outcome::Bound(redeemed.profile))
    }

    /// Redeems the token for others. `binds` has the keys until they are delivered, if it can keep any.
    pub async fn redeem_for_others(
        &self,
        binds: &dyn Binds,
        connection: Connection,
    ) -> Result<Redeemed, Error> {
        match self.attempt(binds).await {
            Ok(attempt) => self.redeem(attempt, connection).await,
            Err(Error::Store(_)) => self.in_memory(connection).await,
            Err(error) => Err(error),
        }
    }

    /// Redeems the token and stores nothing.
    pub async fn in_memory(&self, connection: Connection) -> Result<Redeemed, Error> {
        let attempt = Attempt {
            device: self.device()?,
            binds: None,
            is_resumed: false,
        };
        self.redeem(attempt, connection).await
    }

    /// A device with a new key pair.
    fn device(&self) -> Result<Config, Error> {
        let signing_key = SigningKey::generate()?;
        let device = Config::unbound(&self.client_id, &signing_key, &self.stored_host);
        Ok(device.with_bytes(Member::ClientKey, self.token.client_key.expose()))
    }

    /// Goes on with what an earlier run kept in `binds`, or begins and keeps it there.
    async fn attempt<'b>(&self, binds: &'b dyn Binds) -> Result<Attempt<'b>, Error> {
        let kept = binds.kept(&self.client_id).await;
        let is_resumed = kept.is_some();
        let device = kept.map_or_else(|| self.device(), Ok)?;
        if !is_resumed {
            binds.keep(&self.client_id, &device).await?;
        }
        Ok(Attempt {
            device,
            binds: Some(binds),
            is_resumed,
        })
    }

    /// Asks the vault, unless an earlier run did and was cut off before the keys were where they belong.
    async fn redeem(
        &self,
        attempt: Attempt<'_>,
        connection: Connection,
    ) -> Result<Redeemed, Error> {
        let Attempt {
            device,
            binds,
            is_resumed,
        } = attempt;
        let (config, session) = match device.get(Member::AppKey) {
            Some(_) => (device, None),
            None => {
                let session = self.session(&connection, device.signing_key()?);
                let bound = session.bind().await;
                if let Err(error) = &bound
                    && let Some(binds) = binds
                    && (is_final(error) || !is_resumed && never_arrived(error))
                    && binds.kept(&self.client_id).await.as_ref() == Some(&device)
                {
                    // The refusal is the news, whatever becomes of the keys. Those of a quicker run stay.
                    let _ = binds.forget(&self.client_id).await;
                }
                let config = self.config(bound.map_err(|source| Error::Vault {
                    source: Box::new(source),
                    keys_kept: binds.is_some(),
                })?);
                if let Some(binds) = binds {
                    // Without it the same question would have to be answered once more.
                    let _ = binds.keep(&self.client_id, &config).await;
                }
                (config, Some(session))
            }
        };
        Ok(Redeemed {
            profile: config.open(Some(&self.host))?,
            config,
            session,
        })
    }

    /// The first place that takes a new store where nobody can be asked (D12), or the one where this token's bind was
    /// begun.
    pub async fn first_writable(&self, context: &StoreContext) -> Result<Box<dyn Edit>, Error> {
        let mut stores = IniFile::unattended(context);
        stores.sort_by_key(|store| !store.has_bind(&self.client_id));
        let mut reasons = Vec::new();
        for store in stores {
            match self.try_place(&store).await {
                Ok(edit) => return Ok(edit),
                Err(reason) => reasons.push(error_chain::joined(&reason)),
            }
        }
        Err(Error::NoPlace { reasons })
    }

    async fn try_place(&self, store: &dyn Store) -> Result<Box<dyn Edit>, store::Error> {
        let edit = store.edit().await?;
        edit.check_writable(&self.name).await?;
        Ok(edit)
    }

    fn session(&self, connection: &Connection, signing_key: SigningKey) -> BindSession {
        let signer = Signer {
            client_id: self.client_id.clone(),
            signing_key,
        };
        BindSession {
            session: connection.session(self.host.clone(), self.server_key.clone(), signer),
            client_key: self.token.client_key.clone(),
        }
    }

    fn config(&self, bound: BoundDevice) -> Config {
        let server_key = match &self.server_key {
            ServerKey::Published(..) => ServerKey::published(bound.server_key_id),
            ServerKey::Custom(_) => None,
        };
        let server_key = server_key.as_ref().unwrap_or(&self.server_key);
        Config::of(&bound.device, &self.stored_host, server_key)
    }
}

/// Whether the keys are worthless: a definite no, or an answer that spent the token. After anything else they may be
/// what the server knows.
fn is_final(error: &vault::Error) -> bool {
    use vault::Error as E;
    match error {
        E::Wire(error) => error.is_refusal(),
        E::NoAppKey | E::ForeignAppKey | E::OwnerKey => true,
        _ => false,
    }
}

/// Whether the server cannot know the keys, if this run made them.
fn never_arrived(error: &vault::Error) -> bool {
    matches!(error, vault::Error::Wire(error) if !error.may_have_acted())
}
