//! Reading a store, in bounded memory and only as far as it is trusted.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::Error;
use super::trust::{Concern, Policy, concern, link_concern};
use crate::sensitive::Sensitive;

/// More than any number of profiles needs, and little enough for a mistyped `--ini-file /dev/zero`.
const LIMIT: u64 = 8 << 20;

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
    // A buffer that grows leaves copies behind; most stores fit the first.
    let size = usize::try_from(found.len().min(LIMIT)).unwrap_or_default();
    let mut bytes = Sensitive::new(Vec::with_capacity(size + 1));
    file.take(LIMIT + 1)
        .read_to_end(bytes.expose_mut())
        .map_err(Error::io("read", path))?;
    if bytes.expose().len() as u64 > LIMIT {
        return Err(Error::TooLarge {
            path: path.to_owned(),
            limit: LIMIT,
        });
    }
    Ok((bytes, concerns))
}
