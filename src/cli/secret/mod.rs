//! `ksm secret`: records, read and changed.

mod add;
mod delete;
mod delete_attachment;
mod download;
mod get;
mod list;
mod notation;
mod password;
mod template;
mod totp;
mod update;
mod upload;

use clap::Subcommand;

pub(crate) use add::{AddCloneArgs, AddCommand, AddEditorArgs, AddFieldArgs, AddFileArgs};
pub(crate) use delete::DeleteArgs;
pub(crate) use delete_attachment::DeleteAttachmentArgs;
pub(crate) use download::DownloadArgs;
pub(crate) use get::GetArgs;
pub(crate) use list::ListArgs;
pub(crate) use notation::NotationArgs;
pub(crate) use password::PasswordArgs;
pub(crate) use template::{FieldTemplateArgs, Format, RecordTemplateArgs, TemplateCommand};
pub(crate) use totp::TotpArgs;
pub(crate) use update::UpdateArgs;
pub(crate) use upload::UploadArgs;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum SecretCommand {
    /// List the records
    #[command(aliases = ["l", "ls"])]
    List(ListArgs),
    /// Show records, or one field of a record
    #[command(alias = "g")]
    Get(GetArgs),
    /// Print the value that a Keeper notation names, and nothing else
    #[command(alias = "n")]
    Notation(NotationArgs),
    /// Print the current one-time code of a record
    #[command(aliases = ["t", "otp"])]
    Totp(TotpArgs),
    /// Attach a file to a record
    Upload(UploadArgs),
    /// Save an attachment of a record
    #[command(alias = "d")]
    Download(DownloadArgs),
    /// Remove attachments from a record
    DeleteAttachment(DeleteAttachmentArgs),
    /// Add records
    #[command(subcommand)]
    Add(AddCommand),
    /// Change a record
    #[command(alias = "u")]
    Update(UpdateArgs),
    /// Delete records
    #[command(alias = "del")]
    Delete(DeleteArgs),
    /// Generate a password
    #[command(alias = "pass")]
    Password(PasswordArgs),
    /// Show templates of records and fields
    #[command(subcommand)]
    Template(TemplateCommand),
}
