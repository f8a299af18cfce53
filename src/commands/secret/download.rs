//! `ksm secret download`: an attachment to a file, or to stdout.

use std::path::{Path, PathBuf};
use std::slice;

use ksm::buffer::Buffer;
use ksm::json;
use ksm::private_file::{self, Output, Rights};
use ksm::profile::search;
use ksm::sensitive::Sensitive;
use ksm::vault::attachment::Attachment;
use ksm::vault::notation::{Notation, Target};
use ksm::vault::select::{self, FileRules, Found};
use ksm::vault::{Client, Record, advice};
use serde_json::json;

use super::safe_name::safe_name;
use crate::cli::secret::DownloadArgs;
use crate::commands::context::Context;
use crate::console::{Console, OutputTarget};
use crate::failure::{Code, Failure, Result};

pub(super) async fn download(
    args: &DownloadArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let named = match &args.notation {
        Some(text) => notation_of_file(text)?,
        None => Notation::of_record(args.record.as_deref().unwrap_or_default())?,
    };
    let destination = Destination::of(args)?;
    let vault = ctx.vault().await?;
    let (record, file) = if args.notation.is_some() {
        found(vault, &named).await?
    } else {
        let record = select::record(vault, &named).await?;
        let file = named_file(args, &record)?.clone();
        (record, file)
    };
    let destination = destination.resolved(&file, ctx)?;
    let content = vault.download(record.uid(), &file).await?;
    let size = content.expose().len();
    let path = match (&destination, &args.file_output) {
        (Destination::New(path), _) | (_, OutputTarget::File(path)) => Some(path.clone()),
        (_, OutputTarget::Stdout | OutputTarget::Stderr) => None,
    };
    destination.deliver(content, args, console)?;
    if let Some(path) = path.filter(|_| args.json) {
        let answer = json!({
            "record": record.uid().as_str(),
            "attachment": file.uid().as_str(),
            "file": path.to_string_lossy(),
            "bytes": size,
        });
        let done = format!("{} was written", path.display());
        console.receipt(&[done], json::pretty(&answer))?;
    }
    Ok(())
}

fn notation_of_file(text: &str) -> Result<Notation> {
    let notation = Notation::parse(text)?;
    match notation.target {
        Target::File(_) => Ok(notation),
        _ => Err(Failure::usage("the notation names no attachment").hint(
            "that of an attachment looks like keeper://<UID or title>/file/<name, title or UID>",
        )),
    }
}

async fn found(vault: &Client, notation: &Notation) -> Result<(Record, Attachment)> {
    let selection = select::ask(vault, slice::from_ref(notation)).await?;
    match selection.find(notation) {
        Ok(Found::File { record, file }) => Ok((record.clone(), file.clone())),
        Ok(Found::Value(_)) => Err(Failure::usage("the notation names no attachment")),
        Err(error) => Err(error.doubting().into()),
    }
}

fn named_file<'r>(args: &DownloadArgs, record: &'r Record) -> Result<&'r Attachment> {
    let (name, found) = match (&args.file_uid, &args.name) {
        (Some(uid), _) => (uid, select::attachment_with_uid(record, uid)),
        (None, Some(name)) => (
            name,
            select::attachment(record, name, FileRules::TITLE_THEN_NAME),
        ),
        (None, None) => return Err(unnamed(args)),
    };
    found.map_err(|error| {
        let uid = record.uid();
        let none = format!("Cannot find a file named {name} for UID {uid}. Cannot download file");
        super::file_failure(error, none)
    })
}

fn unnamed(args: &DownloadArgs) -> Failure {
    let record = advice::word(args.record.as_deref().unwrap_or("RECORD"));
    Failure::usage("Either the name or file uid needs to be specified.").hint(format!(
        "`ksm secret get {record}` lists the attachments; `--name NAME` takes one of them"
    ))
}

#[derive(Debug)]
enum Destination {
    /// Stdout, or wherever `-o` sends the answer.
    Answer,
    Stderr,
    /// Named by the user.
    Path(PathBuf),
    /// The place of that path, which can be written to.
    Place(Box<Output>),
    /// For a new file with the name that the vault gives.
    Directory(PathBuf),
    /// A new file in that directory.
    New(PathBuf),
}

impl Destination {
    /// Refuses what cannot be written before anything is asked.
    fn of(args: &DownloadArgs) -> Result<Self> {
        if args.notation.is_none() && args.name.is_none() && args.file_uid.is_none() {
            return Err(unnamed(args));
        }
        let path = match &args.file_output {
            OutputTarget::Stdout | OutputTarget::Stderr if args.json => {
                return Err(Failure::usage(
                    "`--json` says where the attachment was written, which takes a file",
                )
                .hint("`--file-output PATH` names it"));
            }
            OutputTarget::Stdout => return Ok(Self::Answer),
            OutputTarget::Stderr => return Ok(Self::Stderr),
            OutputTarget::File(path) => path.clone(),
        };
        let ends_open = path
            .as_os_str()
            .as_encoded_bytes()
            .last()
            .is_some_and(|last| std::path::is_separator(char::from(*last)));
        let destination = match path.is_dir() || ends_open {
            true => Self::Directory(path),
            false => Self::Path(path),
        };
        match destination.directory().filter(|path| !path.is_dir()) {
            Some(_) if args.create_folders => Ok(destination),
            Some(directory) => {
                let what = format!("there is no directory {}", directory.display());
                Err(Failure::new(Code::Failed, what).hint("`--create-folders` makes it"))
            }
            None => destination.tried(),
        }
    }

    fn tried(self) -> Result<Self> {
        let Self::Path(path) = self else {
            return Ok(self);
        };
        let place = Output::tried(&path, Rights::Kept);
        let place = place.map_err(|error| Failure::new(Code::Failed, error))?;
        Ok(Self::Place(Box::new(place)))
    }

    /// The directory that has to exist.
    fn directory(&self) -> Option<&Path> {
        let directory = match self {
            Self::Answer | Self::Stderr | Self::Place(_) => None,
            Self::Directory(directory) => Some(directory.as_path()),
            Self::Path(path) | Self::New(path) => path.parent(),
        };
        directory.filter(|directory| !directory.as_os_str().is_empty())
    }

    /// Completes a directory with the file's name. Existing files and names of our own configuration are refused, since the
    /// name is not the user's choice (O5).
    fn resolved(self, file: &Attachment, ctx: &Context) -> Result<Self> {
        let Self::Directory(directory) = self else {
            return Ok(self);
        };
        let name = match file.name() {
            "" => file.title(),
            name => name,
        };
        // A hostile server may send a path as UID.
        let safe = safe_name(name, &safe_name(file.uid().as_str(), "attachment"));
        let path = directory.join(&safe);
        if [name, &safe]
            .iter()
            .any(|name| search::is_store_name(name, &ctx.environment))
        {
            return Err(not_by_that_name(
                &path,
                "would be a configuration of ksm there",
            ));
        }
        match path.symlink_metadata() {
            Ok(_) => Err(not_by_that_name(&path, "exists already")),
            Err(_) => Ok(Self::New(path)),
        }
    }

    fn deliver(
        self,
        content: Sensitive<Buffer>,
        args: &DownloadArgs,
        console: &mut Console,
    ) -> Result<()> {
        if let Some(directory) = self.directory().filter(|_| args.create_folders) {
            private_file::create_directory(directory)
                .map_err(|error| Failure::new(Code::Failed, error))?;
        }
        let written = match self {
            Self::Answer => return Ok(console.data_owned(content)?),
            Self::Stderr => {
                console.set_target(OutputTarget::Stderr);
                return Ok(console.data(content.expose())?);
            }
            Self::Place(mut output) => output.write(content.expose()),
            Self::Path(path) | Self::Directory(path) => {
                let output = Output::at(&path, Rights::Kept);
                output.and_then(|mut output| output.write(content.expose()))
            }
            Self::New(path) => {
                let output = Output::at(&path, Rights::Private);
                let written = output.and_then(|output| output.write_new(content.expose()));
                written.inspect(|()| {
                    if !args.json {
                        console.note(&format!("Saved as {}", path.display()));
                    }
                })
            }
        };
        written.map_err(|error| Failure::new(Code::Failed, error))
    }
}

fn not_by_that_name(path: &Path, why: &str) -> Failure {
    let what = format!("{} {why}", path.display());
    Failure::new(Code::Failed, what).hint(
        "its name comes from the vault, so it is not written; name the file yourself with `--file-output`",
    )
}
