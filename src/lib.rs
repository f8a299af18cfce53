//! The library of `ksm`, a client for the vaults of Keeper Secrets Manager. It knows neither flags nor a terminal: the
//! program around it (`src/main.rs`) parses the command line, calls the library, and prints the results.
//!
//! [`manual`] is the developer's manual: architecture, protocol, decisions, promises, compatibility, performance.
//!
//! # The path of one command
//!
//! `ksm secret get UID`; each arrow is a change of type:
//!
//! ```text
//! arguments ─► cli::Cli ─► commands::secret::get ─► profile::Profile ─► vault::Client
//!                                                                            │ wire::payload::GetSecret
//!                                                                            ▼
//!                                                      wire::envelope::seal ─► Envelope + ReplyKey
//!                                                                                  │          │
//!                                        bytes ◄─ http::Http ◄─ wire::transport ◄──┘          │
//!                                          └─────────────────────────────────────┐            │
//!                                                                                ▼            ▼
//! console::Console ◄─ render::record ◄─ vault::Record ◄─ wire::reply::Secrets ◄─ ReplyKey::open
//! ```
//!
//! # The modules
//!
//! Each module uses only those below it in this list.
//!
//! - [`manual`]: the developer's manual
//! - `dev`: the development vault, a server of the protocol on loopback (feature `dev-vault`)
//! - [`exec`]: a program's secrets: references, environment, files, launch, supervision, masking of its output
//! - [`template`]: references in texts, their transforms and quoting
//! - [`profile`]: identities and where they are stored, the search for the one in use, enrollment by a one-time token
//! - [`schema`]: the types of records and fields, their templates, and the reading of values
//! - [`vault`]: records, fields, folders and attachments: opened, selected, written
//! - [`wire`]: the protocol of the server: token, payload, envelope, reply, refusal, retry
//! - [`aws`]: identities, signatures and calls of AWS
//! - [`keyring`]: the keyring of the operating system
//! - [`http`]: TLS, proxies, limits, uploads and downloads
//! - [`kubernetes`]: a configuration as a Kubernetes secret
//! - [`query`]: JSONPath in the dialect of the official CLI
//! - [`yaml`]: YAML written
//! - [`document`]: JSON and YAML read as texts
//! - [`private_file`]: private files and directories: drafts, locks, owners, links
//! - [`environment`]: every variable by name, the working directory, the environment of a child
//! - [`input`]: bounded reading of files, stdin and pipes
//! - [`json`]: JSON as the official CLI prints it
//! - [`device`]: the client id and keys of a bound device
//! - [`crypto`]: AES-GCM, AES-CBC, ECIES, signatures, HMAC, randomness
//! - [`codec`]: base64, base32, hex, percent
//! - [`sensitive`]: values that do not print and are wiped when dropped
//! - [`error_chain`]: an error and its causes as one text
//! - [`suggest`]: the name that a mistyped word was meant to be

#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::unwrap_used,
        reason = "a test may panic, and make what it needs"
    )
)]

pub mod aws;
pub mod codec;
pub mod crypto;
#[cfg(feature = "dev-vault")]
pub mod dev;
pub mod device;
pub mod document;
pub mod environment;
pub mod error_chain;
pub mod exec;
pub mod http;
pub mod input;
pub mod json;
pub mod keyring;
pub mod kubernetes;
pub mod manual;
pub mod private_file;
pub mod profile;
pub mod query;
pub mod schema;
pub mod sensitive;
pub mod suggest;
pub mod template;
pub mod vault;
pub mod wire;
pub mod yaml;
