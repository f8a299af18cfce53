//! The file of `KSM_CONFIG_FILE`: a configuration that somebody mounted for us, a Kubernetes secret most often. It is
//! only ever read.

use super::bundle;
use super::source::{self, Error};
use super::store::Store;
use super::surroundings::Surroundings;
use crate::private_file::{self, Concern};

pub(super) const VARIABLE: &str = "KSM_CONFIG_FILE";

/// The one profile in the file, if one is named. A file that is named is meant: one that is missing is not passed over.
pub(super) fn find(around: &Surroundings) -> Result<Option<Store>, Error> {
    let Some(path) = around.environment.path(VARIABLE) else {
        return Ok(None);
    };
    let (bytes, concerns) =
        private_file::read(&path, around.named()).map_err(Error::MountedFile)?;
    let unusable = |source| Error::Mounted {
        path: path.clone(),
        source,
    };
    let text = std::str::from_utf8(bytes.expose());
    let text = text.map_err(|_| unusable(bundle::Error::Content))?;
    let config = bundle::read_one(text).map_err(unusable)?;
    let profiles = [(source::only_name(around)?, config)];
    let store = Store::from_variable(VARIABLE, &profiles);
    let mut store = store.map_err(|source| Error::Value {
        variable: VARIABLE,
        source,
    })?;
    let concerns = concerns.iter().filter(|concern| is_news(concern, around));
    store.warnings.extend(concerns.map(ToString::to_string));
    Ok(Some(store))
}

/// Who may read a mounted file is decided where it is mounted: that is told to those only who can change it.
fn is_news(concern: &Concern, around: &Surroundings) -> bool {
    match concern {
        Concern::Readable { path, .. } => {
            !around.environment.flag("KSM_CONFIG_SKIP_MODE_WARNING")
                && private_file::can_be_closed(path)
        }
        Concern::Writable { .. } | Concern::Stranger { .. } => true,
    }
}
