//! `ksm folder`.

use clap::{Args, Subcommand};

use super::filled;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum FolderCommand {
    /// List the folders
    #[command(aliases = ["l", "ls"])]
    List(ListArgs),
    /// Create a folder inside another
    Add(AddArgs),
    /// Rename a folder
    #[command(alias = "u")]
    Update(UpdateArgs),
    /// Delete folders
    #[command(alias = "del")]
    Delete(DeleteArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only this folder, by its UID, title or path
    #[arg(short, long, value_name = "FOLDER", value_parser = filled::<String>)]
    pub(crate) folder: Option<String>,

    /// With --folder: those below it too
    #[arg(short, long)]
    pub(crate) recursive: bool,

    /// List the records in the folders too
    #[arg(short, long)]
    pub(crate) list_records: bool,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The folder to create it in, by UID, title or path
    #[arg(short = 'f', long, value_name = "FOLDER", value_parser = filled::<String>)]
    pub(crate) parent_folder: String,

    /// Its name
    #[arg(short, long, value_parser = filled::<String>)]
    pub(crate) title: String,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    /// The folder, by its UID, title or path
    #[arg(short, long, value_name = "FOLDER", value_parser = filled::<String>)]
    pub(crate) folder: String,

    /// Its new name
    #[arg(short, long, value_parser = filled::<String>)]
    pub(crate) title: String,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DeleteArgs {
    /// Delete folders that are not empty, with their content
    #[arg(short, long)]
    pub(crate) force: bool,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,

    // `argv` passes a UID that begins with a dash here.
    #[arg(long = "uid", hide = true, value_parser = filled::<String>)]
    pub(crate) folders: Vec<String>,

    /// The folders, by UID, title or path
    #[arg(value_name = "FOLDER", required_unless_present = "folders", value_parser = filled::<String>)]
    pub(crate) folder_arguments: Vec<String>,
}
