//! Secrets of any program, which have nothing to do with profiles: on Linux the items of the Linux Keyring Utility
//! (compatibility L).

#[cfg(all(feature = "keyring", target_os = "linux"))]
#[path = "linux.rs"]
mod items;
#[cfg(all(feature = "keyring", any(target_os = "macos", windows)))]
#[path = "elsewhere.rs"]
mod items;
#[cfg(not(all(
    feature = "keyring",
    any(target_os = "linux", target_os = "macos", windows)
)))]
#[path = "none.rs"]
mod items;

pub use items::UtilityItems;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Keyring(#[from] super::Error),
    #[error(
        "application '{application}' has {count} items of this label in collection '{collection}'"
    )]
    Count {
        application: String,
        collection: String,
        count: usize,
    },
    #[error("this keyring holds texts, and the secret is none")]
    NotText,
}
