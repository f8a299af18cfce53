//! Failures of the metadata service of an instance.

use crate::http;

#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    #[error("AWS_EC2_METADATA_DISABLED turns it off")]
    Disabled,
    #[error("AWS_EC2_METADATA_SERVICE_ENDPOINT is no http address of this machine")]
    Address,
    /// This is no instance, or a container on one.
    #[error("nobody answers")]
    Silent(#[source] http::Error),
    #[error("it gives no session token of version 2 (status {0}), and version 1 is not used")]
    NoToken(u16),
    #[error("it answers with status {0}")]
    Status(u16),
    #[error("this instance has no role")]
    NoRole,
    #[error("it gives no keys for the role of this instance")]
    NoKeys,
}
