//! From a one-time token to a profile: everything that can fail here is tried before the token is sent (security T1),
//! and an answer that was lost is asked for again with the same keys (T2).

use ksm::crypto;
use ksm::device::Device;
use ksm::http::Http;
use ksm::profile::pending;
use ksm::profile::{Config, Edit, Place, Profile, ProfileName};
use ksm::storage::Ambient;
use ksm::vault::bind::{EnrollSession, Enrolled, Enrollment};
use ksm::vault::{self, Options};
use ksm::wire::endpoint::HostName;
use ksm::wire::server_key::ServerKey;
use ksm::wire::token::OneTimeToken;

use super::context::Context;
use crate::failure::Failure;

const DOING: &str = "Could not init the profile";

/// What is to be done with a token.
pub(crate) struct Enrolment {
    token: OneTimeToken,
    client_id: String,
    /// What the profile will say.
    stored_host: HostName,
    /// Where the token is sent.
    host: HostName,
    server_key: ServerKey,
    name: ProfileName,
    /// Whether nothing but a default says where the token is from.
    is_homeless: bool,
}

/// A token redeemed for the caller alone: what becomes of the device's keys is the caller's business.
pub(crate) struct Redeemed {
    pub(crate) config: Config,
    pub(crate) profile: Profile,
    introduction: EnrollSession,
}

impl Redeemed {
    /// Asked by every official client; all is complete without the answer.
    pub(crate) async fn confirm(&mut self) {
        let _ = self.introduction.confirm().await;
    }
}

/// How enrolling ended.
pub(crate) enum Outcome {
    /// The device is known now.
    Bound(Profile),
    /// It was known before: another run with this token was quicker.
    Known(ProfileName, Profile),
}

impl Enrolment {
    /// Checks what the token and its company say. `host` is for a token that names none, `everywhere` takes the place
    /// of any host.
    pub(crate) fn new(
        token: &str,
        host: Option<HostName>,
        everywhere: Option<HostName>,
        name: ProfileName,
    ) -> Result<Self, Failure> {
        let token = OneTimeToken::parse(token)?;
        let stored_host = token.host.clone().or(host).or(everywhere.clone());
        let is_homeless = stored_host.is_none();
        let stored_host = stored_host.unwrap_or_default();
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
            is_homeless,
        })
    }

    /// Whether neither the token nor anybody else named a host, so that the default is a guess.
    pub(crate) fn is_homeless(&self) -> bool {
        self.is_homeless
    }

    /// The name of the profile to be.
    pub(crate) fn name(&self) -> &ProfileName {
        &self.name
    }

    /// The token's own name, in B64.
    pub(crate) fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Whether the token's own server key will not be used.
    pub(crate) fn ignores_key(&self) -> bool {
        self.token.server_key.is_some() && matches!(self.server_key, ServerKey::Published(..))
    }

    /// Redeems the token and saves the profile in the store that `edit` holds.
    pub(crate) async fn redeem_into(
        &self,
        mut edit: Edit,
        http: Http,
        options: &Options,
        ambient: &Ambient<'_>,
    ) -> Result<Outcome, Failure> {
        if let Some(name) = edit.of_device(&self.client_id).await? {
            let profile = edit
                .store
                .config(&name, ambient)
                .await?
                .open(Some(&self.host));
            let profile = profile.map_err(|source| edit.store.unusable(&name, source))?;
            edit.forget(&self.client_id).await?;
            return Ok(Outcome::Known(name, profile));
        }
        let newcomer = pending::Newcomer {
            client_id: &self.client_id,
            client_key: &self.token.client_key,
            host: &self.stored_host,
            profile: &self.name,
        };
        let pending = edit.prepare(&newcomer).await?;
        // With that file in place: the disk has to hold both.
        if let Err(error) = edit.rehearse(&self.name).await {
            if !pending.resumed {
                let _ = edit.forget(&self.client_id).await;
            }
            return Err(error.into());
        }
        let mut introduction = self.introduction(http, pending.signing_key, options);
        let bound = match introduction.redeem().await {
            Ok(bound) => bound,
            Err(error) => return Err(self.failed(error, &edit).await),
        };
        let (config, profile) = self.profile(&bound);
        let saved = match edit.put(&self.name, &config) {
            Ok(()) => edit.save().await,
            Err(error) => Err(error),
        };
        saved.map_err(|error| {
            Failure::from(error)
                .while_doing("the vault knows this device now, but its profile could not be saved")
                .hint("once that is mended, the same command with the same token finishes the job")
        })?;
        edit.forget(&self.client_id).await?;
        // Asked by every official client; the profile is complete without the answer.
        let _ = introduction.confirm().await;
        Ok(Outcome::Bound(profile))
    }

    /// Redeems the token and stores nothing.
    pub(crate) async fn in_memory(
        &self,
        http: Http,
        options: &Options,
    ) -> Result<Redeemed, Failure> {
        let key = crypto::signing::SigningKey::generate()?;
        let mut introduction = self.introduction(http, key, options);
        let bound = introduction.redeem().await.map_err(|error| {
            let unclear = is_unclear(&error);
            let failure = Failure::from(error).while_doing(DOING);
            if unclear {
                failure.hint("it is not known whether the token was used; if it is refused next time, it was")
            } else {
                failure
            }
        })?;
        let (config, profile) = self.profile(&bound);
        Ok(Redeemed {
            config,
            profile,
            introduction,
        })
    }

    fn introduction(
        &self,
        http: Http,
        signing_key: crypto::signing::SigningKey,
        options: &Options,
    ) -> EnrollSession {
        let enrollment = Enrollment {
            host: self.host.clone(),
            server_key: self.server_key.clone(),
            client_id: self.client_id.clone(),
            client_key: self.token.client_key.clone(),
            signing_key,
        };
        EnrollSession::new(http, enrollment, options)
    }

    /// What to save, and what to go on with.
    fn profile(&self, enrolled: &Enrolled) -> (Config, Profile) {
        let device: Device = enrolled.device.clone();
        let server_key = match &self.server_key {
            ServerKey::Published(..) => ServerKey::published(enrolled.server_key_id),
            ServerKey::Custom(_) => None,
        };
        let server_key = server_key.unwrap_or_else(|| self.server_key.clone());
        let config = Config::of(&device, &self.stored_host, &server_key);
        let profile = Profile {
            host: self.host.clone(),
            server_key,
            device,
            note: None,
        };
        (config, profile)
    }

    /// A definite no makes the prepared keys worthless; after anything else they may be what the server knows.
    async fn failed(&self, error: vault::Error, edit: &Edit) -> Failure {
        let (refused, unclear) = (is_refusal(&error), is_unclear(&error));
        let failure = Failure::from(error).while_doing(DOING);
        if refused {
            // The refusal is the news, whatever becomes of the keys.
            let _ = edit.forget(&self.client_id).await;
        }
        if !unclear {
            return failure;
        }
        failure.hint(
            "it is not known whether the token was used; the same command with the same token finds out",
        )
    }
}

fn is_refusal(error: &vault::Error) -> bool {
    matches!(error, vault::Error::Wire(error) if error.is_refusal())
}

/// Whether the server may have taken the token without our learning of it.
fn is_unclear(error: &vault::Error) -> bool {
    matches!(error, vault::Error::Wire(error) if error.may_have_acted())
}

/// What is said of a new profile (cli-reference.md 5.1).
pub(crate) fn added(name: &ProfileName, place: &Place) -> String {
    match place {
        Place::File(located) => format!(
            "Added profile {name} to INI config file located at {}",
            located.path.display()
        ),
        Place::Keyring => format!("Added profile {name} to {place}"),
    }
}

/// Says that the token's server key is not used (decision D16).
pub(crate) fn warn_of_key(enrolment: &Enrolment, ctx: &Context) {
    if enrolment.ignores_key() {
        ctx.messages.warn(&format!(
            "the token brings a server key of its own, which is not used: the keys of {} are published",
            enrolment.host
        ));
    }
}
