//! The role of the instance we run on.

use super::super::metadata::{Metadata, Reason};
use super::{Credentials, document};

const ROLES: &str = "/latest/meta-data/iam/security-credentials/";

/// The credentials of the one role an instance can have.
pub(super) async fn credentials(
    instance: &Metadata<'_>,
) -> Result<Credentials, super::super::Error> {
    let roles = instance.get(ROLES).await?.ok_or(Reason::NoRole)?;
    let role = roles.expose().lines().next().unwrap_or_default().trim();
    // The characters of a role's name; anything else would lead to another path.
    let named = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
    if role.is_empty() || !role.chars().all(named) {
        return Err(Reason::NoRole.into());
    }
    let found = instance
        .get(&format!("{ROLES}{role}"))
        .await?
        .ok_or(Reason::NoKeys)?;
    Ok(document::read(found.expose(), "the metadata service")?)
}
