//! `ksm secret template`.

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::globals::target;
use crate::console::OutputTarget;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum TemplateCommand {
    /// Show a record of a type, to be filled in for `secret add file`
    Record(RecordTemplateArgs),
    /// Show a field of a type
    Field(FieldTemplateArgs),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Yaml,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Version {
    V3,
}

#[derive(Debug, Args)]
pub(crate) struct FormArgs {
    /// The format
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        ignore_case = true,
        default_value = "json"
    )]
    pub(crate) output_format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct TemplateArgs {
    /// List the types instead
    #[arg(short = 'l', long)]
    pub(crate) show_list: bool,

    #[command(flatten)]
    pub(crate) form: FormArgs,

    /// The version of the record
    #[arg(long, ignore_case = true, default_value = "v3", hide = true)]
    version: Version,

    /// With --show-list: print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RecordTemplateArgs {
    #[command(flatten)]
    pub(crate) common: TemplateArgs,

    /// Write it to this file
    #[arg(short = 'f', long, value_name = "FILE", value_parser = target())]
    pub(crate) output_file: Option<OutputTarget>,

    // The official CLI ignores further words, so scripts may have some.
    /// A record type, such as `login`
    #[arg(value_name = "TYPE")]
    pub(crate) types: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct FieldTemplateArgs {
    #[command(flatten)]
    pub(crate) common: TemplateArgs,

    // The official CLI ignores further words, so scripts may have some.
    /// A field type, such as `phone`
    #[arg(value_name = "TYPE")]
    pub(crate) types: Vec<String>,
}
