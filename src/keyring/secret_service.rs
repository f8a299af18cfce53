//! The Secret Service of Linux desktops, with a limit to every wait (S1): five seconds for an answer, longer
//! only where a person is asked, and then it is said.

use std::collections::HashMap;
use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use secret_service::{EncryptionType, SecretService};
use tokio::time::timeout;
use zbus::zvariant::{ObjectPath, OwnedObjectPath};
use zbus::{DBusError, connection};

use super::{Error, PATIENCE, PROMPT_PATIENCE, Tell};
use crate::environment::{Environment, names};
use crate::foreign::Text;
use crate::private_file;
use crate::sensitive::Sensitive;

/// After this a call is taken for one that asks a person.
const QUICK: Duration = Duration::from_secs(1);

/// Name and value.
pub type Attribute<'a> = (&'a str, &'a str);

pub struct Session {
    service: SecretService<'static>,
    tell: Tell,
}

pub struct Collection<'a> {
    inner: secret_service::Collection<'a>,
    session: &'a Session,
    name: String,
}

#[derive(Debug)]
pub struct Item(OwnedObjectPath);

pub struct NewItem<'a> {
    /// Shown to people; never a secret (S2).
    pub label: &'a str,
    /// Never a secret either.
    pub attributes: &'a [Attribute<'a>],
    pub content_type: &'a str,
    /// Whether an item with the same attributes goes.
    pub replace: bool,
}

/// The address of the session bus, if there is one (D9). Makes no connection.
pub fn address(environment: &Environment) -> Option<String> {
    let set = |name| {
        let value = environment.nonempty(name)?.to_str()?;
        Some(value.to_owned())
    };
    if let Some(address) = set(names::DBUS_SESSION_BUS_ADDRESS) {
        // The socket of a bus that was there at login may be gone, as in a container that inherits the variable.
        let path = address.strip_prefix("unix:path=");
        let path = path.and_then(|path| path.split([',', ';']).next());
        let is_usable = path.is_none_or(|path| is_ours(Path::new(path)));
        return is_usable.then_some(address);
    }
    let socket = Path::new(&set(names::XDG_RUNTIME_DIR)?).join("bus");
    let socket = is_ours(&socket).then_some(socket)?;
    Some(format!("unix:path={}", socket.to_str()?))
}

/// The bus of another user, whose variables `su` leaves to us, would be told our secrets.
fn is_ours(socket: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(socket).is_ok_and(|found| private_file::is_trusted(found.uid()))
}

impl Session {
    /// Connects to the bus and opens a session with the service there, starting it if the bus knows how.
    pub async fn open(environment: &Environment, tell: &Tell) -> Result<Self, Error> {
        let address = address(environment).ok_or(Error::NoBus)?;
        let connecting = async {
            connection::Builder::address(address.as_str())?
                .build()
                .await
        };
        let connection = timeout(PATIENCE, connecting).await;
        let connection = connection
            .map_err(|_| Error::Bus("it does not answer".into()))?
            .map_err(|error| Error::Bus(error.to_string().into()))?;
        let service = SecretService::connect_with_existing(EncryptionType::Dh, connection);
        Ok(Self {
            service: bounded(service).await?,
            tell: Rc::clone(tell),
        })
    }

    /// The collection with the alias `default`, if there is one.
    pub async fn default_collection(&self) -> Result<Option<Collection<'_>>, Error> {
        match timeout(PATIENCE, self.service.get_default_collection()).await {
            Err(_) => Err(Error::Silent),
            Ok(Err(secret_service::Error::NoResult)) => Ok(None),
            Ok(Err(error)) => Err(of_service(error)),
            Ok(Ok(inner)) => Ok(Some(self.collection(inner, "default"))),
        }
    }

    /// Makes a default collection, as Python's keyring does; the service asks for a password.
    pub async fn create_default_collection(&self) -> Result<Collection<'_>, Error> {
        let created = self.service.create_collection("Default", "default");
        let inner = self.asking(created, async { Ok(()) }).await?;
        Ok(self.collection(inner, "default"))
    }

    /// The collection at an object path; whether it exists shows when it is used.
    pub async fn collection_at(&self, path: &str, name: &str) -> Result<Collection<'_>, Error> {
        let path = ObjectPath::try_from(path.to_owned());
        let path = path.map_err(|_| Error::NoCollection(name.into()))?;
        let inner = bounded(self.service.get_collection_by_path(path.into())).await?;
        Ok(self.collection(inner, name))
    }

    fn collection<'a>(
        &'a self,
        inner: secret_service::Collection<'a>,
        name: &str,
    ) -> Collection<'a> {
        Collection {
            inner,
            session: self,
            name: name.to_owned(),
        }
    }

    /// Waits for a call that may prompt a person. `alive` tells a service that waits from one that hangs.
    async fn asking<T>(
        &self,
        call: impl Future<Output = Result<T, secret_service::Error>>,
        alive: impl Future<Output = Result<(), Error>>,
    ) -> Result<T, Error> {
        let mut call = pin!(call);
        if let Ok(done) = timeout(QUICK, &mut call).await {
            return done.map_err(of_service);
        }
        alive.await?;
        (self.tell)(&format!(
            "The OS keyring asks for its password; waiting up to {} seconds for the answer.",
            PROMPT_PATIENCE.as_secs()
        ));
        match timeout(PROMPT_PATIENCE, call).await {
            Ok(done) => done.map_err(of_service),
            Err(_) => Err(Error::Unanswered),
        }
    }
}

impl Collection<'_> {
    /// The items with these attributes; a locked collection lists them too.
    pub async fn find(&self, attributes: &[Attribute<'_>]) -> Result<Vec<Item>, Error> {
        let found = bounded(self.inner.search_items(map(attributes))).await;
        let found = found.map_err(|error| self.named(error))?;
        Ok(found
            .into_iter()
            .map(|item| Item(item.item_path.clone()))
            .collect())
    }

    /// The values that items with these attributes have for `key`.
    pub async fn values(
        &self,
        attributes: &[Attribute<'_>],
        key: &str,
    ) -> Result<Vec<String>, Error> {
        let mut values = Vec::new();
        for item in bounded(self.inner.search_items(map(attributes))).await? {
            values.extend(bounded(item.get_attributes()).await?.remove(key));
        }
        Ok(values)
    }

    /// May take a prompt.
    pub async fn unlock(&self) -> Result<(), Error> {
        let locked = bounded(self.inner.is_locked()).await;
        if !locked.map_err(|error| self.named(error))? {
            return Ok(());
        }
        self.asking(self.inner.unlock()).await?;
        match bounded(self.inner.is_locked()).await? {
            true => Err(Error::Locked),
            false => Ok(()),
        }
    }

    pub async fn secret(&self, item: &Item) -> Result<Sensitive<Vec<u8>>, Error> {
        let item = bounded(self.session.service.get_item_by_path(item.0.clone())).await?;
        Ok(bounded(item.get_secret()).await?.into())
    }

    /// Adds an item, or replaces the one like it.
    pub async fn create(&self, item: NewItem<'_>, secret: &[u8]) -> Result<(), Error> {
        let created = self.inner.create_item(
            item.label,
            map(item.attributes),
            secret,
            item.replace,
            item.content_type,
        );
        self.asking(created).await.map(|_| ())
    }

    pub async fn delete(&self, item: &Item) -> Result<(), Error> {
        let item = bounded(self.session.service.get_item_by_path(item.0.clone())).await?;
        self.asking(item.delete()).await
    }

    async fn asking<T>(
        &self,
        call: impl Future<Output = Result<T, secret_service::Error>>,
    ) -> Result<T, Error> {
        let alive = async { bounded(self.inner.is_locked()).await.map(|_| ()) };
        self.session.asking(call, alive).await
    }

    /// A collection is known to be missing by its path only.
    fn named(&self, error: Error) -> Error {
        match error {
            Error::NoCollection(_) => Error::NoCollection(Text::from(&self.name)),
            error => error,
        }
    }
}

fn map<'a>(attributes: &[Attribute<'a>]) -> HashMap<&'a str, &'a str> {
    attributes.iter().copied().collect()
}

/// Waits for what is answered at once, or not at all.
async fn bounded<T>(
    call: impl Future<Output = Result<T, secret_service::Error>>,
) -> Result<T, Error> {
    match timeout(PATIENCE, call).await {
        Err(_) => Err(Error::Silent),
        Ok(answer) => answer.map_err(of_service),
    }
}

fn of_service(error: secret_service::Error) -> Error {
    use secret_service::Error as E;
    match error {
        E::Locked => Error::Locked,
        E::Prompt => Error::Dismissed,
        E::PromptDisconnected => Error::Gone,
        E::Unavailable => Error::Absent,
        E::NoResult => Error::NoCollection("default".into()),
        E::Zbus(zbus::Error::MethodError(name, text, _)) => {
            of_bus(name.as_str(), text.as_deref().unwrap_or_default())
        }
        E::Zbus(zbus::Error::FDO(error)) => of_fdo(&error),
        E::ZbusFdo(error) => of_fdo(&error),
        E::Zbus(zbus::Error::InputOutput(_)) => Error::Gone,
        error => Error::Refused(error.to_string().into()),
    }
}

fn of_fdo(error: &zbus::fdo::Error) -> Error {
    match error {
        zbus::fdo::Error::ZBus(error) => Error::Refused(error.to_string().into()),
        error => of_bus(
            error.name().as_str(),
            error.description().unwrap_or_default(),
        ),
    }
}

/// By the names of D-Bus errors.
fn of_bus(name: &str, text: &str) -> Error {
    let last = name.rsplit('.').next().unwrap_or(name);
    match last {
        "ServiceUnknown" | "NameHasNoOwner" => Error::Absent,
        _ if name.contains(".Spawn.") => Error::Absent,
        "NoReply" | "Disconnected" => Error::Gone,
        "IsLocked" => Error::Locked,
        "NoSuchObject" | "UnknownObject" | "UnknownMethod" => Error::NoCollection("default".into()),
        _ if text.is_empty() => Error::Refused(name.into()),
        _ => Error::Refused(format!("{text} ({name})").into()),
    }
}
