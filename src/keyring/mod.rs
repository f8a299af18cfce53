//! The OS keyring: items of the service `KSM-cli`, in the official CLI's layout (compatibility 3, D11), so
//! that either tool reads and changes what the other wrote.

#[cfg(all(feature = "keyring", target_os = "linux"))]
#[path = "linux.rs"]
mod back;
#[cfg(all(feature = "keyring", any(target_os = "macos", windows)))]
#[path = "elsewhere.rs"]
mod back;
#[cfg(not(all(
    feature = "keyring",
    any(target_os = "linux", target_os = "macos", windows)
)))]
#[path = "none.rs"]
mod back;
mod envelope;
#[cfg(all(feature = "keyring", target_os = "linux"))]
pub mod secret_service;
pub mod utility;

use std::fmt;
use std::rc::Rc;

use crate::environment::Environment;
use crate::foreign::Text;
use crate::limits::{KEYRING as PATIENCE, KEYRING_PROMPT as PROMPT_PATIENCE};
use crate::sensitive::Sensitive;

/// The service all our items belong to.
pub const SERVICE: &str = "KSM-cli";
const COMMON: &str = "ksm-cli-common";
const PROFILE: &str = "ksm-cli-profile-";
const PENDING: &str = "ksm-cli-pending-";
/// Ends the names of items that hold hashes.
pub const INTEGRITY: &str = "-integrity";

/// Tells a person that something waits for them.
pub type Tell = Rc<dyn Fn(&str)>;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("this build of ksm uses no OS keyring")]
    NotBuilt,
    #[error("there is no session bus to reach the OS keyring by")]
    NoBus,
    #[error("the session bus cannot be reached: {0}")]
    Bus(Text),
    #[error("no program on the session bus offers a keyring (org.freedesktop.secrets)")]
    Absent,
    #[error("the OS keyring has no collection `{0}`")]
    NoCollection(Text),
    #[error("the OS keyring is locked")]
    Locked,
    #[error("the OS keyring is locked, and its prompt was dismissed or could not be shown")]
    Dismissed,
    #[error("nobody answered the prompt of the OS keyring within {} seconds", PROMPT_PATIENCE.as_secs())]
    Unanswered,
    #[error("the OS keyring did not answer within {} seconds", PATIENCE.as_secs())]
    Silent,
    #[error("the OS keyring went away before it answered")]
    Gone,
    #[error("the OS keyring refused: {0}")]
    Refused(Text),
    #[error("the OS keyring said that it stored `{0}`, but does not give it back")]
    NotStored(Text),
    #[error(
        "Config integrity check failed for '{0}': the Keychain entry may have been tampered with. Use 'ksm profile \
         delete' and re-initialize."
    )]
    Tampered(Text),
    #[error("the OS keyring's item `{0}` is none that ksm writes")]
    Content(Text),
    #[error("the OS keyring has no item `{0}`")]
    Missing(Text),
}

/// An item of ours with its hash, by its user name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry(String);

impl Entry {
    /// The index: which profiles there are, and the settings.
    pub fn common() -> Self {
        Self(COMMON.to_owned())
    }

    pub fn profile(name: &str) -> Self {
        Self(format!("{PROFILE}{name}"))
    }

    /// A bind under way (D13). The official CLI does not know such an entry, and leaves it.
    pub fn pending(id: &str) -> Self {
        Self(format!("{PENDING}{id}"))
    }

    fn hash(&self) -> String {
        format!("{}{INTEGRITY}", self.0)
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether this build uses the keyring of the system it is for.
pub const IS_BUILT: bool = back::IS_BUILT;

/// Why there can be no keyring, if so; nothing is asked for it.
pub fn obstacle(environment: &Environment) -> Option<&'static str> {
    back::obstacle(environment)
}

/// The keyring by the name that the official CLI gives it.
pub const fn name() -> &'static str {
    if cfg!(target_os = "macos") {
        "macOS Keychain"
    } else if cfg!(windows) {
        "Windows Credential Manager"
    } else {
        "system keyring"
    }
}

pub struct Keyring(back::Items);

impl Keyring {
    /// Connects; no item is looked at and nothing is unlocked.
    pub async fn open(environment: &Environment, tell: &Tell) -> Result<Self, Error> {
        Ok(Self(back::Items::open(environment, tell).await?))
    }

    /// Whether an entry is there, which a locked keyring tells too.
    pub async fn has(&self, entry: &Entry) -> Result<bool, Error> {
        self.0.has(&entry.0).await
    }

    /// Fails if the entry is not there, or not as it was written.
    pub async fn load(&self, entry: &Entry) -> Result<Sensitive<String>, Error> {
        match self.read(entry).await? {
            None => Err(Error::Missing(Text::from(&entry.0))),
            Some((inner, true)) => Ok(inner),
            Some((_, false)) => Err(Error::Tampered(Text::from(&entry.0))),
        }
    }

    /// The text of an entry, and whether its hash fits. An absent hash is no fault.
    pub async fn read(&self, entry: &Entry) -> Result<Option<(Sensitive<String>, bool)>, Error> {
        let Some(value) = self.0.get(&entry.0).await? else {
            return Ok(None);
        };
        let (inner, hash) =
            envelope::unwrap(value.expose()).ok_or_else(|| Error::Content(Text::from(&entry.0)))?;
        let stored = self.0.get(&entry.hash()).await?;
        let fits = stored.is_none_or(|stored| *stored.expose() == hash);
        Ok(Some((inner, fits)))
    }

    /// Writes an entry and reads it back (S1). A kill in between leaves an entry without a hash, which reads.
    pub async fn save(&self, entry: &Entry, inner: &Sensitive<String>) -> Result<(), Error> {
        let value = envelope::wrap(inner);
        let hash = Sensitive::new(envelope::hash(&value));
        self.0.remove(&entry.hash()).await?;
        for (user, text) in [(&entry.0, &value), (&entry.hash(), &hash)] {
            self.0.set(user, text).await?;
            if self.0.get(user).await?.as_ref() != Some(text) {
                return Err(Error::NotStored(Text::from(user)));
            }
        }
        Ok(())
    }

    /// Removes an entry; one that is not there is no failure.
    pub async fn remove(&self, entry: &Entry) -> Result<(), Error> {
        self.0.remove(&entry.0).await?;
        self.0.remove(&entry.hash()).await
    }

    /// Makes sure that entries can be written, before anything depends on it.
    pub async fn check_writable(&self) -> Result<(), Error> {
        let trial = Entry::pending("trial");
        self.save(&trial, &Sensitive::new("{}".to_owned())).await?;
        self.remove(&trial).await
    }

    /// The binds under way, as far as the system can list its items.
    pub async fn pending(&self) -> Result<Vec<Entry>, Error> {
        let users = self.0.users().await?.into_iter();
        let ours = users.filter(|user| user.starts_with(PENDING) && !user.ends_with(INTEGRITY));
        Ok(ours.map(Entry).collect())
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring")
    }
}
