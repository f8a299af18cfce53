//! Reading a store, in bounded memory and only as far as it is trusted.

use std::fs::File;
use std::path::Path;

use super::Error;
use super::trust::{Concern, Policy, concern, link_concern};
use crate::input::{self, Limit};
use crate::sensitive::Sensitive;

/// A store's bytes, and what is worth a warning about it.
pub fn read(path: &Path, policy: Policy) -> Result<(Sensitive<Vec<u8>>, Vec<Concern>), Error> {
    let mut concerns = Vec::new();
    if policy != Policy::Blind {
        concerns.extend(link_concern(path));
    }
    let file = File::open(path).map_err(Error::io("read", path))?;
    let found = file.metadata().map_err(Error::io("read", path))?;
    if found.is_dir() {
        return Err(Error::NotRegular {
            path: path.to_owned(),
        });
    }
    if policy != Policy::Blind && found.is_file() {
        concerns.extend(concern(path, &found));
    }
    let grave = |concern: &&Concern| !matches!(concern, Concern::Readable { .. });
    if policy == Policy::Found
        && let Some(concern) = concerns.iter().find(grave)
    {
        return Err(Error::Untrusted(concern.clone()));
    }
    let bytes = input::opened(&file, Limit::CONFIG);
    let bytes = bytes.map_err(|reason| Error::io("read", path)(reason.into()))?;
    Ok((bytes, concerns))
}
