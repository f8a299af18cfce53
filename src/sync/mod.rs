//! `sync`: secrets of a vault copied to the store of a cloud, or of a cluster.
//!
//! A straight line: names and maps are checked before anything is asked; the vault is asked once and all is resolved;
//! a plan is made for each secret from what the store has; the plan is shown, or applied and reported.
//!
//! `kind` is the table of stores, `destination` the trait that each of them implements in one file. `maps` checks a
//! command line, `source` asks the vault, `plan` works out in values what is to be done, `apply` reads the store and does
//! it.

pub mod apply;
mod aws;
mod azure;
mod calls;
mod credentials;
pub mod destination;
mod documents;
mod entries;
mod error;
mod folders;
mod google;
mod kind;
mod kubernetes;
pub mod maps;
pub mod names;
pub mod plan;
pub mod source;
mod waits;

pub use credentials::MissingLabels;
pub use destination::{Destination, Traits};
pub use error::Error;
pub use kind::Kind;

use crate::environment::Environment;
use crate::http::Http;
use crate::kubernetes::Namespace;
use crate::vault::Record;

/// What a destination is opened with.
pub struct Origin<'a> {
    /// The record of `--credentials`. Without one, the platform's own identity serves.
    pub credentials: Option<&'a Record>,
    /// That of a cluster, if it is named.
    pub namespace: Option<&'a Namespace>,
    pub environment: &'a Environment,
    pub http: Http,
}

/// The store of this kind, signed in; `None` for a kind that has no store.
pub async fn open(kind: Kind, origin: Origin<'_>) -> Result<Option<Box<dyn Destination>>, Error> {
    match kind {
        Kind::Json => Ok(None),
        Kind::Aws => aws::open(origin).await.map(Some),
        Kind::Azure => azure::open(origin).await.map(Some),
        Kind::Google => google::open(origin).await.map(Some),
        Kind::Kubernetes => kubernetes::open(&origin).await.map(Some),
    }
}
