//! A file with a token that somebody else renews.

use std::path::Path;

use super::error::CredentialsError;
use crate::input::{self, Limit};
use crate::sensitive::Sensitive;

pub(super) fn read(path: &Path) -> Result<Sensitive<String>, CredentialsError> {
    let token = input::file(path, Limit::AWS_CREDENTIALS).and_then(input::text);
    token.map_err(|source| CredentialsError::TokenFile {
        path: path.to_owned(),
        source,
    })
}
