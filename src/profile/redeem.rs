//! From a one-time token to a profile. Everything that can fail here is tried before the token is sent (T1), and an answer
//! that was lost is asked for again with the same keys (T2).

use super::config::Config;
use super::name::ProfileName;
use super::pending::Bind;
use super::store::ini_file::IniFile;
use super::store::{self, Edit, Store, StoreContext};
use super::{Profile, search};
use crate::crypto::signing::SigningKey;
use crate::http::Http;
use crate::vault::bind::{BindSession, BoundDevice, NewDevice};
use crate::vault::{self, Options};
use crate::wire::endpoint::HostName;
use crate::wire::server_key::ServerKey;
use crate::wire::token::{self, OneTimeToken};
use crate::{crypto, error_chain, private_file};

/// A token that is to be redeemed, and the profile to be.
pub struct Redemption {
    token: OneTimeToken,
    client_id: String,
    /// The host to be stored in the profile.
    stored_host: HostName,
    /// The host that gets the token.
    host: HostName,
    server_key: ServerKey,
    name: ProfileName,
    names_host: bool,
}

/// A token redeemed for the caller alone: what becomes of the device's keys is the caller's business.
pub struct Redeemed {
    pub config: Config,
    pub profile: Profile,
    session: BindSession,
}

#[derive(Debug)]
pub enum Outcome {
    Bound(Profile),
    /// Another run with this token was quicker.
    Known(ProfileName, Profile),
}

/// Why a token did not become a profile.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Token(#[from] token::Error),
    #[error(transparent)]
    Crypto(#[from] crypto::Error),
    #[error(transparent)]
    Prepare(#[from] store::PrepareError),
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The vault was asked. Where the keys were kept, the same token can be tried again.
    #[error("Could not init the profile")]
    Vault {
        source: vault::Error,
        keys_kept: bool,
    },
    #[error("the vault knows this device now, but its profile could not be saved")]
    NotSaved(#[source] store::Error),
    #[error("there is no place to save the profile, so KSM_TOKEN was not used: {}", reasons.join("; "))]
    NoPlace { reasons: Vec<String> },
}

impl Redeemed {
    /// Asks as the new device, as every official client does; all is complete without the answer.
    pub async fn confirm(&mut self) {
        let _ = self.session.confirm().await;
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
        let token = OneTimeToken::parse(token)?;
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

    /// Whether the token or anybody else named a host; otherwise the default is a guess.
    pub fn names_host(&self) -> bool {
        self.names_host
    }

    /// The name of the profile to be.
    pub fn name(&self) -> &ProfileName {
        &self.name
    }

    /// The token's own name, in B64.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Says that the token's own server key is not used, if that is so (D16).
    pub fn note(&self) -> Option<String> {
        let ignored =
            self.token.server_key.is_some() && matches!(self.server_key, ServerKey::Published(..));
        let host = &self.host;
        ignored.then(|| {
            format!(
                "the token brings a server key of its own, which is not used: the keys of {host} are published"
            )
        })
    }

    /// Redeems the token and saves the profile.
    pub async fn redeem_into(
        &self,
        mut edit: Box<dyn Edit>,
        http: Http,
        options: &Options,
    ) -> Result<Outcome, Error> {
        if let Some(name) = edit.of_device(&self.client_id).await {
            let profile = edit.store().config(&name).await?.open(Some(&self.host));
            let profile = profile.map_err(|source| edit.store().unusable(&name, source))?;
            edit.forget(&self.client_id).await?;
            return Ok(Outcome::Known(name, profile));
        }
        let bind = Bind {
            client_id: &self.client_id,
            client_key: &self.token.client_key,
            host: &self.stored_host,
            profile: &self.name,
        };
        let pending = edit.prepare(&bind).await?;
        // After the keys were kept: the disk has to hold both.
        if let Err(error) = edit.check_writable(&self.name).await {
            if !pending.resumed {
                let _ = edit.forget(&self.client_id).await;
            }
            return Err(error.into());
        }
        let session = self.session(http, pending.signing_key, options);
        let bound = match session.bind().await {
            Ok(bound) => bound,
            Err(source) => {
                // A definite no makes the prepared keys worthless; after anything else they may be what the server
                // knows. The refusal is the news, whatever becomes of the keys.
                if matches!(&source, vault::Error::Wire(error) if error.is_refusal()) {
                    let _ = edit.forget(&self.client_id).await;
                }
                return Err(Error::Vault {
                    source,
                    keys_kept: true,
                });
            }
        };
        let (config, profile) = self.profile(bound);
        edit.put(&self.name, &config).map_err(Error::NotSaved)?;
        edit.save().await.map_err(Error::NotSaved)?;
        edit.forget(&self.client_id).await?;
        // Asked by every official client; the profile is complete without the answer.
        let _ = session.confirm().await;
        Ok(Outcome::Bound(profile))
    }

    /// Redeems the token and stores nothing.
    pub async fn in_memory(&self, http: Http, options: &Options) -> Result<Redeemed, Error> {
        let session = self.session(http, SigningKey::generate()?, options);
        let bound = session.bind().await.map_err(|source| Error::Vault {
            source,
            keys_kept: false,
        })?;
        let (config, profile) = self.profile(bound);
        Ok(Redeemed {
            config,
            profile,
            session,
        })
    }

    /// The first place that takes a new file where nobody can be asked (D12), or the one where this token's bind was
    /// begun.
    pub async fn first_writable(&self, context: &StoreContext) -> Result<Box<dyn Edit>, Error> {
        let paths = search::new_file_unattended(&context.environment).into_iter();
        let mut files: Vec<_> = paths.map(|path| IniFile::found_at(path, context)).collect();
        files.sort_by_key(|file| !file.has_bind(&self.client_id));
        let mut reasons = Vec::new();
        for file in files {
            match self.try_place(&file).await {
                Ok(edit) => return Ok(edit),
                Err(reason) => reasons.push(error_chain::joined(&reason)),
            }
        }
        Err(Error::NoPlace { reasons })
    }

    async fn try_place(&self, file: &IniFile) -> Result<Box<dyn Edit>, store::Error> {
        if let Some(directory) = file.path().parent() {
            private_file::create_directory(directory)?;
        }
        let edit = file.edit().await?;
        edit.check_writable(&self.name).await?;
        Ok(edit)
    }

    fn session(&self, http: Http, signing_key: SigningKey, options: &Options) -> BindSession {
        let device = NewDevice {
            host: self.host.clone(),
            server_key: self.server_key.clone(),
            client_id: self.client_id.clone(),
            client_key: self.token.client_key.clone(),
            signing_key,
        };
        BindSession::new(http, device, options)
    }

    /// The configuration to be saved, and the profile for this run.
    fn profile(&self, bound: BoundDevice) -> (Config, Profile) {
        let server_key = match &self.server_key {
            ServerKey::Published(..) => ServerKey::published(bound.server_key_id),
            ServerKey::Custom(_) => None,
        };
        let server_key = server_key.unwrap_or_else(|| self.server_key.clone());
        let config = Config::of(&bound.device, &self.stored_host, &server_key);
        let profile = Profile {
            host: self.host.clone(),
            server_key,
            device: bound.device,
            note: None,
        };
        (config, profile)
    }
}
