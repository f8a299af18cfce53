//! Credentials of the role of an instance.

use super::document;
use crate::aws::error::{Error, MetadataError};
use crate::aws::identity::Credentials;
use crate::aws::metadata::InstanceMetadata;

const ROLES: &str = "/latest/meta-data/iam/security-credentials/";

/// An instance has one role at most.
pub(super) async fn credentials(instance: &InstanceMetadata<'_>) -> Result<Credentials, Error> {
    let roles = instance.get(ROLES).await?.ok_or(MetadataError::NoRole)?;
    let role = roles.expose().lines().next().unwrap_or_default().trim();
    // Other characters than those of names lead to another path.
    let named = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
    if role.is_empty() || !role.chars().all(named) {
        return Err(MetadataError::NoRole.into());
    }
    let found = instance
        .get(&format!("{ROLES}{role}"))
        .await?
        .ok_or(MetadataError::NoKeys)?;
    Ok(document::read(found.expose(), "the metadata service")?)
}
