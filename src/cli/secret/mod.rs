//! `ksm secret`: records, read and changed.

mod add;
mod change;
mod files;
mod make;
mod read;

use clap::Subcommand;

pub(crate) use add::{AddCloneArgs, AddCommand, AddEditorArgs, AddFieldArgs, AddFileArgs};
pub(crate) use change::{DeleteArgs, UpdateArgs};
pub(crate) use files::{DeleteAttachmentArgs, DownloadArgs, UploadArgs};
pub(crate) use make::{
    FieldTemplateArgs, Format, PasswordArgs, RecordTemplateArgs, TemplateCommand,
};
pub(crate) use read::{GetArgs, ListArgs, NotationArgs, TotpArgs};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum SecretCommand {
    /// List the records
    #[command(alias = "l")]
    List(ListArgs),
    /// Show records, or one field of a record
    #[command(alias = "g")]
    Get(GetArgs),
    /// Print the value that a Keeper notation names, and nothing else
    #[command(alias = "n")]
    Notation(NotationArgs),
    /// Print the one-time code that a record's two-factor login asks for now
    #[command(alias = "t")]
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
    #[command(
        alias = "u",
        after_help = "Other users of this machine may see a value that is typed here.\n\
                      `--field-from` and `--custom-field-from` keep it to yourself."
    )]
    Update(UpdateArgs),
    /// Delete records
    Delete(DeleteArgs),
    /// Make a password
    #[command(alias = "pass")]
    Password(PasswordArgs),
    /// Show what records and fields are made of
    #[command(subcommand)]
    Template(TemplateCommand),
}
