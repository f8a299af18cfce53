//! Secrets of a Kubernetes cluster, by way of the `kubectl` at hand.
//!
//! `names` holds what clusters take as names, `config` the manifest of a configuration, `secret` reads a Secret,
//! `manifest` changes it, `kubectl` starts the program, `error` tells what it says.

mod config;
mod error;
mod kubectl;
mod manifest;
mod names;
mod secret;

pub use config::{Mutability, json_manifest, manifest};
pub use error::{Error, Refusal, RefusalKind};
pub use kubectl::{APPLY_CONFIG, Kubectl};
pub use manifest::{Manifest, TooLarge};
pub use names::{NameError, Namespace, SecretName};
pub use secret::StoredSecret;
