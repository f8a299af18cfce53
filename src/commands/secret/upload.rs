//! `ksm secret upload`: a file of this machine becomes an attachment.

use std::io;
use std::path::Path;
use std::time::SystemTime;

use ksm::clock;
use ksm::foreign::Text;
use ksm::input::{self, Limit};
use ksm::json;
use ksm::vault::notation::Notation;
use ksm::vault::uid::FileUid;
use ksm::vault::{Client, Error, FileMetadata, NewFile, Record, RecordEdit, select};
use serde_json::json;

use super::interruption::Interruption;
use super::mime;
use crate::cli::secret::UploadArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

pub(super) async fn upload(args: &UploadArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let named = Notation::of_record(&args.record)?;
    // A large file is read only once there is a record for it; what a pipe holds is known to be there by reading it.
    let piped = match args.file == Path::new("-") {
        true => Some(read(args)?),
        false => {
            let opened = input::open(&args.file).and_then(|file| file.metadata());
            let about = opened.map_err(|error| unreadable(&args.file, error))?;
            if about.is_dir() {
                let error = io::Error::from(io::ErrorKind::IsADirectory);
                return Err(unreadable(&args.file, error));
            }
            (!about.is_file()).then(|| read(args)).transpose()?
        }
    };
    let vault = ctx.vault().await?;
    let record = select::record(vault, &named).await?;
    let file = piped.map_or_else(|| read(args), Ok)?;
    let about = file.metadata.clone();
    let size = file.size();
    let namesakes = namesakes(&record, &about.title, args, console);
    let mut file = file.seal()?;
    let mut interruption = Interruption::expect().map_err(|error| {
        Failure::new(Code::Failed, error).while_doing("cannot watch for signals")
    })?;
    let mut ended_by = None;
    let removal = format!(
        "ksm secret delete-attachment -u {} -f {}",
        record.uid(),
        file.uid()
    );
    let attach = async |vault: &Client, record: &Record| {
        let stop = async {
            ended_by = Some(interruption.arrived().await);
            console.warn(&format!(
                "interrupted; the file is taken out of the record again. If that is interrupted too: `{removal}`"
            ));
        };
        Ok::<_, Error>(vault.upload(record, &mut file, stop).await)
    };
    let attached = vault
        .write_to(&record, super::on_stale(args.retry), attach)
        .await?;
    let uid = match (attached, ended_by) {
        (Err(error), Some(signal)) => {
            let failure = Failure::from(error);
            console.report(&failure);
            Interruption::let_it_end_us(signal);
            return Err(failure);
        }
        (attached, _) => attached?,
    };
    if !namesakes.is_empty() {
        let removed = remove(&record, &namesakes, vault).await;
        removed.map_err(|failure| {
            failure.while_doing(format!(
                "file {uid} was attached, but those that it replaces are still there"
            ))
        })?;
    }
    let done = format!("file {uid} was attached to record {}", record.uid());
    if !args.json {
        console.remark("The following is the new file UID ...");
        return Ok(console.receipt(&[done], uid.as_str())?);
    }
    let object = json!({
        "record_uid": record.uid().as_str(),
        "file_uid": uid.as_str(),
        "name": about.name,
        "title": about.title,
        "type": about.kind,
        "size": size,
    });
    Ok(console.receipt(&[done], json::pretty(&object))?)
}

fn read(args: &UploadArgs) -> Result<NewFile> {
    let path = &args.file;
    let title = args.title.clone().filter(|title| !title.is_empty());
    if path == Path::new("-") {
        let title = title.ok_or_else(|| {
            Failure::usage("what comes from stdin has no name").hint("`-t TITLE` gives it one")
        })?;
        let metadata = metadata(title.clone(), title, clock::reading());
        let stdin = input::bounded(input::standard(), Limit::UPLOAD);
        let file = NewFile::read(metadata, stdin, 0)
            .map_err(|error| Failure::of_input(error).while_doing("cannot read from stdin"))?;
        return checked(file, "stdin", args);
    }
    let read = || {
        let file = input::open(path)?;
        let about = file.metadata()?;
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = name.to_string_lossy().into_owned();
        let changed = about.modified().ok().filter(|_| about.is_file());
        let changed = changed.unwrap_or_else(clock::reading);
        let title = title.unwrap_or_else(|| name.clone());
        let metadata = metadata(title, name, changed);
        Ok(match about.is_file() {
            true => (NewFile::read(metadata, file, about.len())?, true),
            false => {
                let stream = input::bounded(input::Patient::before_end_of(&file), Limit::UPLOAD);
                (NewFile::read(metadata, stream, 0)?, false)
            }
        })
    };
    match read().map_err(|error: io::Error| unreadable(path, error))? {
        // It was named.
        (file, true) => Ok(file),
        (stream, false) => checked(stream, &path.display().to_string(), args),
    }
}

/// The program that fills a pipe may have failed (D31).
fn checked(stream: NewFile, place: &str, args: &UploadArgs) -> Result<NewFile> {
    match stream.size() {
        0 if !args.allow_empty => Err(Failure::usage(format!(
            "{place} was empty; nothing was attached"
        ))
        .hint("`--allow-empty` attaches an empty file")),
        _ => Ok(stream),
    }
}

fn unreadable(path: &Path, error: impl Into<input::Error>) -> Failure {
    let shown = path.display();
    let doing = format!("File {shown} doesn't exist or isn't readable");
    Failure::of_input(error).while_doing(doing)
}

/// The attachments that `--replace` removes: those of the same title. Without it, they are warned of.
fn namesakes(record: &Record, title: &str, args: &UploadArgs, console: &Console) -> Vec<FileUid> {
    let files = record.files().iter();
    let same = files.filter(|file| file.title() == title);
    let uids: Vec<_> = same.map(|file| file.uid().clone()).collect();
    if !args.replace && !uids.is_empty() {
        console.warn(&format!(
            "the record has a file called `{}` already, so references by this name will be ambiguous; `--replace` puts \
             the new one in its place",
            Text::from(title)
        ));
        return Vec::new();
    }
    uids
}

async fn remove(record: &Record, uids: &[FileUid], vault: &Client) -> Result<()> {
    let newest = vault.newest(record.uid()).await?;
    let mut edit = RecordEdit::of(&newest);
    uids.iter().try_for_each(|uid| edit.detach(uid))?;
    Ok(vault.update(&newest, &edit, uids).await?)
}

fn metadata(title: String, name: String, changed: SystemTime) -> FileMetadata {
    let since = clock::since_1970(changed);
    FileMetadata {
        kind: mime::of_name(&name).to_owned(),
        name,
        title,
        last_modified: since.map_or(0, |since| since.as_millis() as u64),
    }
}
