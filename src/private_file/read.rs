//! Reading a store, in bounded memory and only as far as it is trusted.

use std::path::Path;

use super::Error;
use super::facts::{Facts, Kind};
use super::place::{self, Place};
use super::trust::{Concern, Policy};
use crate::input::{self, Limit};
use crate::sensitive::Sensitive;

/// What a store says, and what is worth a warning about it.
pub type Content = (Sensitive<Vec<u8>>, Vec<Concern>);

pub fn read(path: &Path, policy: Policy) -> Result<Content, Error> {
    let (place, _) = place::to_read(path, policy)?;
    content(place, policy, None)
}

/// Reads what lies at the place, which has to be the file that is expected there. A text in UTF-16 comes in UTF-8.
pub(super) fn content(
    mut place: Place,
    policy: Policy,
    expected: Option<&Facts>,
) -> Result<Content, Error> {
    let path = place.shown.clone();
    let failed = || Error::io("read", &path);
    let file = place.open()?;
    let found = Facts::with_access(&file).map_err(failed())?;
    if expected.is_some_and(|expected| !expected.is_same(&found)) {
        return Err(Error::Changed { path });
    }
    if found.kind == Kind::Directory {
        return Err(Error::NotRegular { path });
    }
    let mut concerns = std::mem::take(&mut place.concerns);
    if policy != Policy::Blind && found.is_file() {
        concerns.extend(place.concern(&found, policy));
    }
    if matches!(policy, Policy::Found { .. })
        && let Some(concern) = concerns.iter().find(|concern| concern.is_grave())
    {
        return Err(Error::Untrusted(concern.clone()));
    }
    let bytes = input::opened(&file, Limit::CONFIG).and_then(input::utf_8);
    let bytes = bytes.map_err(|reason| failed()(reason.into()))?;
    Ok((bytes, concerns))
}
