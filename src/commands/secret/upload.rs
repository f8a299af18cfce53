//! `ksm secret upload`: a file of this machine becomes an attachment.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

use ksm::crypto::aead::Unsealed;
use ksm::json;
use ksm::vault::{Error, NewFile};
use serde_json::json;

use super::chosen;
use crate::cli::secret::UploadArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure};

/// What files are of whose names nothing is known.
const ANYTHING: &str = "application/octet-stream";

/// Attaches the file and prints its UID.
pub(super) async fn upload(
    args: &UploadArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let file = read(args)?;
    let about = json!({"name": file.name, "title": file.title, "type": file.kind, "size": file.content.length()});
    let mut file = file.seal()?;
    let mut vault = ctx.vault().await?;
    let record = chosen::record(&mut vault, &args.record).await?;
    let uid = match vault.upload(&record, &mut file).await {
        Err(Error::Stale { .. }) if args.retry => {
            let newest = chosen::record(&mut vault, record.uid().as_str()).await?;
            vault.upload(&newest, &mut file).await?
        }
        uploaded => uploaded?,
    };
    if !args.json {
        console.note("The following is the new file UID ...");
        return Ok(console.data(uid.as_str())?);
    }
    let mut object = json!({"record_uid": record.uid().as_str(), "file_uid": uid.as_str()});
    if let (Some(object), Some(about)) = (object.as_object_mut(), about.as_object()) {
        object.extend(about.clone());
    }
    Ok(console.data(json::pretty(&object))?)
}

/// Reads the file once, into the place where it will be sealed.
fn read(args: &UploadArgs) -> Result<NewFile, Failure> {
    let path = &args.file;
    if path == Path::new("-") {
        let title = args.title.clone().filter(|title| !title.is_empty());
        let title = title.ok_or_else(|| {
            Failure::usage("what comes from stdin has no name").hint("`-t TITLE` gives it one")
        })?;
        let content = content(io::stdin().lock(), 0);
        let content = content.map_err(|reason| reason.while_doing("cannot read from stdin"))?;
        return Ok(new_file(title.clone(), title, None, content));
    }
    let unreadable = |reason: Failure| {
        reason.while_doing(format!(
            "File {} doesn't exist or isn't readable",
            path.display()
        ))
    };
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
    let (about, file) = opened.map_err(|reason| unreadable(Failure::new(Code::Failed, reason)))?;
    let content = content(file, about.len()).map_err(unreadable)?;
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = name.to_string_lossy().into_owned();
    let title = args.title.clone().filter(|title| !title.is_empty());
    let changed = about.modified().ok().filter(|_| about.is_file());
    Ok(new_file(
        title.unwrap_or_else(|| name.clone()),
        name,
        changed,
        content,
    ))
}

fn content(from: impl Read, expected: u64) -> Result<Unsealed, Failure> {
    let mut content = Unsealed::with_room(expected).ok_or_else(|| {
        let what = format!("there is no memory for {} MiB", expected >> 20);
        Failure::new(Code::Failed, what)
    })?;
    let read = content.read_from(from);
    read.map_err(|reason| Failure::new(Code::Failed, reason))?;
    Ok(content)
}

fn new_file(
    title: String,
    name: String,
    changed: Option<SystemTime>,
    content: Unsealed,
) -> NewFile {
    let changed = changed.unwrap_or_else(SystemTime::now);
    let since = changed.duration_since(SystemTime::UNIX_EPOCH);
    let kind = mime_guess::from_path(&name).first_raw();
    NewFile {
        kind: kind.unwrap_or(ANYTHING).to_owned(),
        name,
        title,
        last_modified: since.map_or(0, |since| since.as_millis() as u64),
        content,
    }
}
