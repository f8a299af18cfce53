//! `ksm secret add`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use ksm::sensitive::Sensitive;

use super::template::{FormArgs, Version};
use crate::cli::filled;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum AddCommand {
    /// Add a record whose fields are given here
    #[command(
        override_usage = "ksm secret add field [OPTIONS] --sf <FOLDER> --rt <TYPE>\n       -t <TITLE> [FIELD=VALUE]..."
    )]
    Field(AddFieldArgs),
    /// Add the records that a JSON or YAML file describes
    File(AddFileArgs),
    /// Add a record that is filled in with an editor
    #[command(override_usage = "ksm secret add editor [OPTIONS] --sf <FOLDER> --rt <TYPE>")]
    Editor(AddEditorArgs),
    /// Add a copy of a record, without its attachments
    Clone(AddCloneArgs),
}

#[derive(Debug, Args)]
pub(crate) struct PlaceArgs {
    /// The folder, by UID, title or path: a shared one or any below [also: --sf]
    #[arg(long = "storage-folder-uid", alias = "sf", value_name = "FOLDER", value_parser = filled::<String>)]
    pub(crate) folder: String,

    /// Generate a password for every password field without one
    #[arg(short, long)]
    pub(crate) password_generate: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AddFieldArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,

    /// The type of the record, such as `login` [also: --rt]
    #[arg(long, alias = "rt", value_name = "TYPE")]
    pub(crate) record_type: String,

    /// Its title
    #[arg(short, long, value_name = "TITLE", value_parser = filled::<String>)]
    pub(crate) title: String,

    /// Its notes
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) notes: Option<Sensitive<String>>,

    /// The version of the record
    #[arg(long, ignore_case = true, default_value = "v3", hide = true)]
    version: Version,

    /// Set a field to the content of a file, or of stdin for `-`
    #[arg(long, value_name = "FIELD=PATH")]
    pub(crate) field_from: Vec<String>,

    /// Set a custom field in the same way
    #[arg(long, value_name = "FIELD=PATH")]
    pub(crate) custom_field_from: Vec<String>,

    /// Keep the newline at the end of such a file
    #[arg(long)]
    pub(crate) keep_newline: bool,

    /// Take an empty value from a file or stdin
    #[arg(long)]
    pub(crate) allow_empty: bool,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// Fields with their values
    #[arg(value_name = "FIELD=VALUE")]
    pub(crate) fields: Vec<Sensitive<String>>,
}

#[derive(Debug, Args)]
pub(crate) struct AddFileArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,

    /// The file, as `secret template record` prints it; YAML unless named .json
    #[arg(short, long, value_name = "FILE")]
    pub(crate) file: PathBuf,

    // The answer is JSON anyway.
    /// Print JSON
    #[arg(long, hide = true)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AddEditorArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,

    /// The type of the record, such as `login` [also: --rt]
    #[arg(long, alias = "rt", value_name = "TYPE")]
    pub(crate) record_type: String,

    /// Its title
    #[arg(short, long, value_name = "TITLE", value_parser = filled::<String>)]
    pub(crate) title: Option<String>,

    /// Its notes
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) notes: Option<Sensitive<String>>,

    #[command(flatten)]
    pub(crate) form: FormArgs,

    /// The editor, if not that of the settings or of EDITOR
    #[arg(short, long, value_name = "PROGRAM")]
    pub(crate) editor: Option<String>,

    /// The version of the record
    #[arg(long, ignore_case = true, default_value = "v3", hide = true)]
    version: Version,

    // The answer is JSON anyway.
    /// Print JSON
    #[arg(long, hide = true)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AddCloneArgs {
    /// The record, by its UID or exact title, or as keeper://RECORD
    #[arg(short, long, value_name = "RECORD", value_parser = filled::<String>)]
    pub(crate) uid: String,

    /// The title of the copy
    #[arg(short, long, value_name = "TITLE", value_parser = filled::<String>)]
    pub(crate) title: Option<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
