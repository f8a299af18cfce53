//! `ksm env`.

use std::ffi::OsString;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use ksm::export::{self, Format};
use ksm::kubernetes::{Namespace, SecretName};

use super::exec::SourceArgs;

#[derive(Debug, Args)]
pub(crate) struct EnvArgs {
    /// Records and folders, for all their fields, or NAME=NOTATION
    #[arg(value_name = "SOURCE")]
    pub(crate) words: Vec<OsString>,

    #[command(flatten)]
    pub(crate) sources: SourceArgs,

    /// The reader of the output
    #[arg(long, value_name = "FORMAT", default_value = "shell", value_parser = format())]
    pub(crate) format: &'static dyn Format,

    /// The same as `--format json`
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,

    /// Put PREFIX in front of the names that come from fields
    #[arg(long, value_name = "PREFIX", value_parser = prefix)]
    pub(crate) prefix: Option<String>,

    /// With `github`: append to GITHUB_OUTPUT, not to GITHUB_ENV
    #[arg(long)]
    pub(crate) step_output: bool,

    /// With `k8s`: the name of the Secret
    #[arg(long)]
    pub(crate) name: Option<SecretName>,

    /// With `k8s`: the namespace that the Secret lies in [also: --ns]
    #[arg(long, alias = "ns")]
    pub(crate) namespace: Option<Namespace>,
}

fn format() -> impl TypedValueParser<Value = &'static dyn Format> {
    let names = export::FORMATS.map(Format::name);
    PossibleValuesParser::new(names)
        .try_map(|name| export::format(&name).ok_or("no format is called so"))
}

fn prefix(text: &str) -> Result<String, &'static str> {
    match export::is_identifier(text) {
        true => Ok(text.to_owned()),
        false => Err("a prefix is made of A-Z, a-z, 0-9 and `_`, and begins with no digit"),
    }
}
