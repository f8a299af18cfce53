//! `ksm folder`.

use clap::{Args, Subcommand};
use ksm::vault::uid::FolderUid;

use super::filled;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum FolderCommand {
    /// List the folders
    #[command(alias = "l")]
    List(ListArgs),
    /// Create a folder inside another
    Add(AddArgs),
    /// Rename a folder
    #[command(alias = "u")]
    Update(UpdateArgs),
    /// Delete folders
    Delete(DeleteArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only the folder with this UID
    #[arg(short, long, value_name = "UID", value_parser = filled::<FolderUid>)]
    pub(crate) folder: Option<FolderUid>,

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
    /// The folder to create it in: a shared folder, or any folder in one
    #[arg(short = 'f', long, value_name = "UID", value_parser = filled::<FolderUid>)]
    pub(crate) parent_folder: FolderUid,

    /// Its name
    #[arg(short, long, value_parser = filled::<String>)]
    pub(crate) title: String,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct UpdateArgs {
    /// The folder
    #[arg(short, long, value_name = "UID", value_parser = filled::<FolderUid>)]
    pub(crate) folder: FolderUid,

    /// Its new name
    #[arg(short, long, value_parser = filled::<String>)]
    pub(crate) title: String,
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
    #[arg(long = "uid", hide = true, value_parser = filled::<FolderUid>)]
    pub(crate) uids: Vec<FolderUid>,

    /// The folders
    #[arg(value_name = "UID", required_unless_present = "uids", value_parser = filled::<FolderUid>)]
    pub(crate) uid_arguments: Vec<FolderUid>,
}
