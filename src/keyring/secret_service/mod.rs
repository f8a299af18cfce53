//! The Secret Service of Linux desktops, with a limit to every wait (S1): five seconds for an answer, longer
//! only where a person is asked, and then it is said.

mod address;
mod agreement;
mod bus;
mod collection;
mod message;
mod values;

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use tokio::time::timeout;

pub use self::address::Address;
use self::agreement::{Half, TransferKey};
use self::bus::Bus;
pub use self::collection::{Attribute, Collection, Item, NewItem};
use self::message::{Call, Kind, Message};
use self::values::{Reader, Writer};
use super::{Error, PATIENCE, PROMPT_PATIENCE, Tell};
use crate::crypto;
use crate::environment::Environment;

const NAME: &str = "org.freedesktop.secrets";
const SERVICE: &str = "/org/freedesktop/secrets";
/// What stands for no object.
const NOTHING: &str = "/";

/// The interfaces of the service and its objects.
mod interface {
    pub(super) const SERVICE: &str = "org.freedesktop.Secret.Service";
    pub(super) const COLLECTION: &str = "org.freedesktop.Secret.Collection";
    pub(super) const ITEM: &str = "org.freedesktop.Secret.Item";
    pub(super) const PROMPT: &str = "org.freedesktop.Secret.Prompt";
    pub(super) const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
}

/// After this a call is taken for one that asks a person.
const QUICK: Duration = Duration::from_secs(1);

pub struct Session {
    bus: Bus,
    /// The service as the bus knows it while it runs, which signs its signals.
    service: String,
    path: String,
    key: TransferKey,
    tell: Tell,
}

impl Session {
    /// Connects to the bus and opens a session with the service there, starting it if the bus knows how.
    pub async fn open(environment: &Environment, tell: &Tell) -> Result<Self, Error> {
        let address = Address::find(environment).ok_or(Error::NoBus)?;
        let bus = timeout(PATIENCE, Bus::connect(&address)).await;
        let bus = bus.map_err(|_| Error::Bus("it does not answer".into()))??;
        let half = Half::generate().map_err(of_crypto)?;
        let mut body = Writer::default();
        body.text(agreement::ALGORITHM).signature("ay");
        body.bytes(&half.public());
        let opened = call_of(SERVICE, interface::SERVICE, "OpenSession", "sv", body);
        let opened = bounded(bus.call(opened)).await?;
        let (key, path) = opened.values("vo", |body| {
            let is_key = body.signature()? == "ay";
            Some((is_key.then(|| body.bytes())??, body.text()?.to_owned()))
        })?;
        Ok(Self {
            key: half.agree(key).map_err(of_crypto)?,
            service: opened.sender.clone(),
            bus,
            path,
            tell: Rc::clone(tell),
        })
    }

    /// The collection with the alias `default`, if there is one.
    pub async fn default_collection(&self) -> Result<Option<Collection<'_>>, Error> {
        let mut body = Writer::default();
        body.text("default");
        let found = self.call(SERVICE, interface::SERVICE, "ReadAlias", "s", body);
        let path = path(&bounded(found).await?)?;
        Ok((path != NOTHING).then(|| self.collection(path, "default")))
    }

    /// Makes a default collection, as Python's keyring does; the service asks for a password.
    pub async fn create_default_collection(&self) -> Result<Collection<'_>, Error> {
        let mut body = Writer::default();
        body.list(8, |properties| {
            let name = "org.freedesktop.Secret.Collection.Label";
            let property = properties.align(8).text(name);
            property.signature("s").text("Default");
        });
        body.text("default");
        let created = async {
            let call = self.call(
                SERVICE,
                interface::SERVICE,
                "CreateCollection",
                "a{sv}s",
                body,
            );
            self.made(&call.await?).await
        };
        let path = self.asking(created, async { Ok(()) }).await?;
        let path = path.ok_or_else(|| Error::NoCollection("default".into()))?;
        Ok(self.collection(path, "default"))
    }

    /// The collection at an object path; whether it exists shows when it is used.
    pub fn collection_at(&self, path: &str, name: &str) -> Result<Collection<'_>, Error> {
        match is_path(path) {
            true => Ok(self.collection(path.to_owned(), name)),
            false => Err(Error::NoCollection(name.into())),
        }
    }

    fn collection(&self, path: String, name: &str) -> Collection<'_> {
        Collection {
            session: self,
            path,
            name: name.to_owned(),
        }
    }

    async fn call(
        &self,
        path: &str,
        interface: &str,
        method: &str,
        signature: &str,
        body: Writer,
    ) -> Result<Message, Error> {
        let call = call_of(path, interface, method, signature, body);
        self.bus.call(call).await
    }

    /// A property of an object, whose values are of one type.
    async fn property<T>(
        &self,
        path: &str,
        (interface, name): (&str, &str),
        signature: &str,
        read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
    ) -> Result<T, Error> {
        let mut body = Writer::default();
        body.text(interface).text(name);
        let answer = self.call(path, interface::PROPERTIES, "Get", "ss", body);
        bounded(answer).await?.values("v", |body| {
            let is_expected = body.signature()? == signature;
            is_expected.then(|| read(body))?
        })
    }

    async fn is_locked(&self, path: &str, interface: &str) -> Result<bool, Error> {
        self.property(path, (interface, "Locked"), "b", |body| body.truth())
            .await
    }

    /// The object that a call made, at once or after a prompt.
    async fn made(&self, answer: &Message) -> Result<Option<String>, Error> {
        let (made, prompt) = answer.values("oo", |body| Some((body.text()?, body.text()?)))?;
        match made {
            NOTHING => self.prompted(prompt).await,
            made => Ok(Some(made.to_owned())),
        }
    }

    /// Waits for the end of a prompt, and gives the object that came of it.
    async fn prompted(&self, prompt: &str) -> Result<Option<String>, Error> {
        if prompt == NOTHING {
            return Ok(None);
        }
        let (service, interface) = (&self.service, interface::PROMPT);
        let rule =
            format!("type='signal',sender='{service}',interface='{interface}',member='Completed'");
        self.bus.listen(&rule).await?;
        let mut body = Writer::default();
        // The window that the prompt belongs to.
        body.text("");
        self.call(prompt, interface, "Prompt", "s", body).await?;
        let completed = self.bus.next(|message| {
            message.kind == Kind::Signal
                && message.member == "Completed"
                && message.path == prompt
                && message.sender == *service
        });
        completed.await?.values("bv", |body| {
            if body.truth()? {
                return Some(Err(Error::Dismissed));
            }
            let is_path = body.signature()? == "o";
            let made = is_path.then(|| body.text()).flatten();
            Some(Ok(made.map(str::to_owned)))
        })?
    }

    /// Waits for a call that may prompt a person. `alive` tells a service that waits from one that hangs.
    async fn asking<T>(
        &self,
        call: impl Future<Output = Result<T, Error>>,
        alive: impl Future<Output = Result<(), Error>>,
    ) -> Result<T, Error> {
        let mut call = pin!(call);
        if let Ok(done) = timeout(QUICK, &mut call).await {
            return done;
        }
        alive.await?;
        (self.tell)(&format!(
            "The OS keyring asks for its password; waiting up to {} seconds for the answer.",
            PROMPT_PATIENCE.as_secs()
        ));
        match timeout(PROMPT_PATIENCE, call).await {
            Ok(done) => done,
            Err(_) => Err(Error::Unanswered),
        }
    }
}

fn call_of<'a>(
    path: &'a str,
    interface: &'a str,
    method: &'a str,
    signature: &'a str,
    body: Writer,
) -> Call<'a> {
    Call {
        to: NAME,
        path,
        interface,
        method,
        signature,
        body,
    }
}

/// The path that is all of an answer.
fn path(answer: &Message) -> Result<String, Error> {
    answer.values("o", |body| body.text().map(str::to_owned))
}

/// The bus closes the connection of a client that sends anything else where a path belongs.
fn is_path(text: &str) -> bool {
    let is_name = |name: &str| {
        let mut bytes = name.bytes();
        !name.is_empty() && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    text.strip_prefix('/')
        .is_some_and(|names| names.split('/').all(is_name))
}

/// Waits for what is answered at once, or not at all.
async fn bounded<T>(call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    timeout(PATIENCE, call).await.map_err(|_| Error::Silent)?
}

fn of_crypto(error: crypto::Error) -> Error {
    Error::Refused(error.to_string().into())
}
