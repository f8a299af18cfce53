//! The kinds of store, and the sections of a file that name one of them.

use std::path::Path;
use std::rc::Rc;

use super::{Error, STORAGE, Store, StoreContext, aws, ini_file, keyring};
use crate::profile::bundle;
use crate::profile::ini::Document;
use crate::profile::name::ProfileName;

type Opened = Result<Rc<dyn Store>, Error>;

/// A kind of store, by the name that people and sections have for it.
#[derive(Debug)]
pub struct Kind {
    pub name: &'static str,
    /// The store for new profiles: at a path, else where this kind usually is. Nothing is read.
    pub for_new: Option<fn(Option<&Path>, &StoreContext) -> Opened>,
    /// The store for new profiles that is there already, which was not read.
    pub found: fn(&StoreContext) -> Option<Rc<dyn Store>>,
    /// The stores that a start may make where nobody can be asked (D12), best first.
    pub unattended: fn(&StoreContext) -> Vec<Rc<dyn Store>>,
    /// Reads the store at a path that the user named; `None` if what is there is another kind's.
    pub open: Option<fn(&Path, &StoreContext) -> Option<Opened>>,
    /// The store that has the keys of a profile, by the section that refers to it.
    pub referred: Option<fn(&Document, &ProfileName, &StoreContext) -> Opened>,
    /// The names of the entries in such a section, besides `storage`.
    pub entries: &'static [&'static str],
}

/// All kinds, in the order in which people are told of them. A path belongs to the last that opens it: anything can be an
/// INI file.
pub const KINDS: &[&Kind] = &[&ini_file::KIND, &keyring::KIND, &aws::KIND];

/// The kind that a new profile goes to where nothing says otherwise.
pub const USUAL: &Kind = &ini_file::KIND;

/// The stores that a start may make where nobody can be asked (D12), best first.
pub fn unattended(context: &StoreContext) -> Vec<Rc<dyn Store>> {
    let stores = KINDS.iter().flat_map(|kind| (kind.unattended)(context));
    stores.collect()
}

/// The kind of this name, in any case.
pub fn kind(name: &str) -> Option<&'static Kind> {
    let mut kinds = KINDS.iter().copied();
    kinds.find(|kind| kind.name.eq_ignore_ascii_case(name))
}

/// The store at a path that the user named.
pub fn at(path: &Path, context: &StoreContext) -> Result<Rc<dyn Store>, Error> {
    if bundle::is_content(path) {
        return Err(Error::NoPath);
    }
    let mut opened = KINDS
        .iter()
        .rev()
        .filter_map(|kind| kind.open?(path, context));
    let missing = || Err(Error::Missing(path.display().to_string()));
    opened.next().unwrap_or_else(missing)
}

/// The store that section `name` refers to, if its keys are not in it.
pub(super) fn referred(
    document: &Document,
    name: &ProfileName,
    context: &StoreContext,
) -> Result<Option<Rc<dyn Store>>, Error> {
    let Some(storage) = document.get(name.as_str(), STORAGE) else {
        return Ok(None);
    };
    let kind = KINDS.iter().find(|kind| kind.name == storage.expose());
    match (
        storage.expose().as_str(),
        kind.and_then(|kind| kind.referred),
    ) {
        ("internal", _) => Ok(None),
        (_, Some(referred)) => referred(document, name, context).map(Some),
        (other, None) => Err(Error::UnknownStorage(other.into())),
    }
}

/// Whether section `name` says that its keys are elsewhere.
pub fn refers(document: &Document, name: &str) -> bool {
    let storage = document.get(name, STORAGE);
    storage.is_some_and(|storage| storage.expose() != "internal")
}

/// Takes every entry out of section `name` that refers to a store.
pub(super) fn clear_reference(document: &mut Document, name: &str) {
    document.unset(name, STORAGE);
    for entry in KINDS.iter().flat_map(|kind| kind.entries) {
        document.unset(name, entry);
    }
}
