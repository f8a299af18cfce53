//! What the keyring cannot keep.

/// Why the layout of the items has no place for a profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("a profile whose keys are elsewhere can only be kept in a keeper.ini")]
    Reference,
    /// The official layout tells the hash of one profile's item from the item of such a profile by nothing else.
    #[error(
        "the name `{0}` ends with `-integrity`, which the official layout uses for something else"
    )]
    Reserved(String),
}
