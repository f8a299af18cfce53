//! `ksm secret add file`: records from a file of JSON or YAML.

use std::path::Path;

use ksm::document::Node;
use ksm::input::{self, Limit};
use ksm::schema::PLACEHOLDER;
use ksm::schema::record_file::{self, RecordSpec};
use ksm::sensitive::Sensitive;
use ksm::vault::RecordEdit;

use super::new_record;
use super::several::create_all;
use crate::cli::secret::AddFileArgs;
use crate::commands::context::Context;
use crate::commands::secret::record_types;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

pub(super) async fn file(args: &AddFileArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let path = ctx.environment.absolute(&args.file);
    let loaded = async {
        let text = read(&path)?;
        refuse_markers(text.expose())?;
        new_records(&text, is_json(&path), args.place.password_generate, ctx).await
    };
    let edits = loaded.await.map_err(|failure| {
        let shown = args.file.display();
        failure.while_doing(format!("Could not load records from file {shown}"))
    })?;
    let vault = ctx.vault().await?;
    let parent = vault.parent_folder(&args.place.folder).await?;
    create_all(&edits, &parent, vault).await?.print(console)
}

/// A marker that was left in a template would be stored as the value.
fn refuse_markers(text: &str) -> Result<()> {
    let mut lines = text.lines().enumerate();
    let is_comment = |line: &str| line.trim_start().starts_with('#');
    let Some((index, line)) =
        lines.find(|(_, line)| line.contains(PLACEHOLDER) && !is_comment(line))
    else {
        return Ok(());
    };
    let (_, rest) = line.split_once(PLACEHOLDER).unwrap_or_default();
    let (hint, _) = rest.split_once('>').unwrap_or_default();
    let number = index + 1;
    Err(Failure::usage(format!(
        "line {number} still has the marker `{PLACEHOLDER}{hint}>` of the template"
    ))
    .hint("put a value in its place, or take the field out"))
}

fn is_json(path: &Path) -> bool {
    let name = path.as_os_str().to_string_lossy();
    name.to_ascii_lowercase().ends_with("json")
}

pub(super) fn read(path: &Path) -> Result<Sensitive<String>> {
    let text = input::file(path, Limit::RECORD_FILE).and_then(input::text);
    text.map_err(|error| match error.is_not_found() {
        true => Failure::usage(format!("Cannot find the file {}", path.display())),
        false => Failure::of_input(error),
    })
}

pub(super) async fn new_records(
    text: &Sensitive<String>,
    is_json: bool,
    passwords: bool,
    ctx: &Context,
) -> Result<Vec<RecordEdit>> {
    let text = text.expose();
    let document = if is_json {
        Node::from_json(text)
    } else {
        Node::from_yaml(text)
    };
    let document = document.map_err(|error| Failure::new(Code::Failed, error))?;
    let specs = record_file::read(&document)?;
    let kinds = specs.iter().map(|spec| spec.kind.as_str());
    let types = record_types::for_names(kinds, ctx).await?;
    let edits = specs.iter().map(|spec: &RecordSpec| {
        let mut builder = spec.build(&types)?;
        builder.generate_passwords(passwords)?;
        new_record(&builder, &spec.title, spec.notes.as_deref())
    });
    edits.collect()
}
