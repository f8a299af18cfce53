//! Identities that a profile may name for its secret.

use super::region::Region;
use crate::sensitive::Sensitive;

#[derive(Debug, Clone)]
pub struct Credentials {
    pub access_key_id: Sensitive<String>,
    pub secret_access_key: Sensitive<String>,
    /// A part of temporary keys.
    pub session_token: Option<Sensitive<String>>,
}

/// The credentials of this identity are used, and never others in their place (S3).
#[derive(Debug, Clone)]
pub enum Identity {
    /// The role of the EC2 instance that ksm runs on.
    Instance,
    /// A profile of the shared configuration. Without a name, the default of AWS's own tools, except the instance.
    Profile(Option<String>),
    Keys {
        credentials: Credentials,
        /// Used where the secret is not named by an ARN.
        region: Region,
    },
}
