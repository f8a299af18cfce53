//! The command of the official tools that is not in this build.

use ksm::keyring;

use crate::failure::{Code, Failure};

pub(super) fn keyring() -> Failure {
    if !keyring::IS_BUILT {
        return keyring::Error::NotBuilt.into();
    }
    Failure::new(
        Code::Local,
        "`keyring` works with the keyring of Linux desktops, and this is another system",
    )
    .hint("profiles can be kept in this system's: `ksm profile init --storage keyring`")
}
