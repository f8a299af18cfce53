//! The endpoints of protocol 8, a function each, from the decrypted payload to the answer.

mod files;
mod folders;
mod read;
mod records;
#[cfg(test)]
mod tests;

pub(super) use files::{announced, download, receive_upload};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error_reply::{ErrorReply, Result};
use super::request_auth::AuthenticatedRequest;
use super::state::State;
use crate::codec;
use crate::crypto::aead::{self, Key};
use crate::crypto::{Error, cbc, ecies};
use crate::json;
use crate::vault::uid::has_form;
use crate::wire::payload::{
    AddFile, CreateFolder, CreateSecret, DeleteFolder, DeleteSecret, FinalizeSecretUpdate,
    GetFolders, GetSecret, Payload, RollbackSecretUpdate, UpdateFolder, UpdateSecret,
};

/// JSON, or nothing for a success with an empty body.
type EndpointResult = Result<Option<Value>>;

type Handler = fn(&mut State, &AuthenticatedRequest, &str) -> EndpointResult;

/// Its name, and what answers.
pub(super) type Endpoint = (&'static str, Handler);

static ENDPOINTS: [Endpoint; 11] = [
    (GetSecret::ENDPOINT, |state, ask, origin| {
        read::get_secret(state, ask, &parse(ask)?, origin)
    }),
    (GetFolders::ENDPOINT, |state, _, _| read::get_folders(state)),
    (CreateSecret::ENDPOINT, |state, ask, _| {
        records::create(state, parse(ask)?)
    }),
    (UpdateSecret::ENDPOINT, |state, ask, _| {
        records::update(state, parse(ask)?)
    }),
    (FinalizeSecretUpdate::ENDPOINT, |state, ask, _| {
        records::finalize(state, parse(ask)?)
    }),
    (RollbackSecretUpdate::ENDPOINT, |state, ask, _| {
        records::roll_back(state, parse(ask)?)
    }),
    (DeleteSecret::ENDPOINT, |state, ask, _| {
        records::delete(state, parse(ask)?)
    }),
    (AddFile::ENDPOINT, |state, ask, origin| {
        files::add(state, parse(ask)?, origin)
    }),
    (CreateFolder::ENDPOINT, |state, ask, _| {
        folders::create(state, parse(ask)?)
    }),
    (UpdateFolder::ENDPOINT, |state, ask, _| {
        folders::update(state, parse(ask)?)
    }),
    (DeleteFolder::ENDPOINT, |state, ask, _| {
        folders::delete(state, parse(ask)?)
    }),
];

pub(super) fn named(name: &str) -> Option<&'static Endpoint> {
    ENDPOINTS.iter().find(|(known, _)| *known == name)
}

/// Addresses of files in the answer start with `origin`.
pub(super) fn answer(
    (name, handler): &Endpoint,
    state: &mut State,
    request: &AuthenticatedRequest,
    origin: &str,
) -> EndpointResult {
    if request.new_key.is_some() && *name != GetSecret::ENDPOINT {
        // Clients read the application's key from this answer only; another would spend the token for nothing.
        return Err(ErrorReply::denied(
            "a device introduces itself with get_secret",
        ));
    }
    handler(state, request, origin)
}

fn parse<P: DeserializeOwned>(request: &AuthenticatedRequest) -> Result<P> {
    // serde's message may repeat a value.
    json::object(request.payload.expose()).map_err(|error| {
        ErrorReply::bad(format!(
            "the payload does not fit the endpoint (column {})",
            error.column()
        ))
    })
}

/// Reads either alphabet of base64.
fn bytes(member: &str, text: &str) -> Result<Vec<u8>> {
    codec::decode(text).map_err(|error| ErrorReply::member(member, error))
}

/// Opens a key that a client made and sealed for the owner.
fn owners_copy(state: &State, member: &str, text: &str) -> Result<Key> {
    ecies::open(&state.owner, &bytes(member, text)?)
        .and_then(|key| Key::from_bytes(key.expose()))
        .map_err(|error| ErrorReply::member(member, error))
}

/// Checks the other copy of such a key. The real server cannot; here it shows mistakes of a client.
fn same_key(member: &str, text: &str, wrapping: &Key, key: &Key) -> Result<()> {
    let copy = aead::open_key(wrapping, &bytes(member, text)?);
    match copy.map_err(|error| ErrorReply::member(member, error))? {
        copy if copy == *key => Ok(()),
        _ => Err(ErrorReply::member(
            member,
            "it is not the key that was sealed for the owner",
        )),
    }
}

/// Checks that `text` is a sealed JSON object, and returns it as it came.
fn sealed_json(member: &str, text: &str, key: &Key) -> Result<Vec<u8>> {
    json_under(member, text, |sealed| aead::open(key, sealed))
}

/// For folders, which use AES-CBC.
fn cbc_json(member: &str, text: &str, key: &Key) -> Result<Vec<u8>> {
    json_under(member, text, |sealed| {
        cbc::open_unauthenticated(key, sealed)
    })
}

fn json_under(
    member: &str,
    text: &str,
    open: impl Fn(&[u8]) -> Result<crate::sensitive::Sensitive<Vec<u8>>, Error>,
) -> Result<Vec<u8>> {
    let sealed = bytes(member, text)?;
    let plain = open(&sealed).map_err(|error| ErrorReply::member(member, error))?;
    match json::members(plain.expose()) {
        Ok(_) => Ok(sealed),
        Err(_) => Err(ErrorReply::member(member, "it is not a JSON object")),
    }
}

/// Clients make the UIDs; the vault takes no text that other clients would refuse.
fn new_uid(member: &str, text: &str) -> Result<()> {
    if has_form(text) {
        return Ok(());
    }
    Err(ErrorReply::member(
        member,
        "a UID is 22 characters of A-Z a-z 0-9 - _",
    ))
}

/// Treats `null`, absent and empty alike.
fn given<T>(list: Option<&Vec<T>>) -> Option<&Vec<T>> {
    list.filter(|list| !list.is_empty())
}
