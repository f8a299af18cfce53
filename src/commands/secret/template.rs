//! `ksm secret template`: what records and fields are made of (compatibility 9.3).

use ksm::foreign::Text;
use ksm::schema::{self, RecordType};
use ksm::{json, suggest, yaml};
use serde_json::Value;

use super::record_types;
use crate::cli::secret::{FieldTemplateArgs, Format, RecordTemplateArgs, TemplateCommand};
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Failure, Result};
use crate::render::TypeList;

pub(super) async fn template(
    command: &TemplateCommand,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    match command {
        TemplateCommand::Record(args) => record(args, ctx, console).await,
        TemplateCommand::Field(args) => field(args, ctx, console),
    }
}

async fn record(args: &RecordTemplateArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let json = args.common.json;
    if args.common.show_list {
        let types = record_types::all(ctx).await?;
        let names = types.iter().map(|kind: &RecordType| kind.name.as_str());
        list("Record Type", names.collect(), json, ctx, console)?;
        console.set_off();
        return Ok(());
    }
    let name = only(&args.types, "record", console)?;
    let template = record_types::for_name(name, ctx)
        .await?
        .get(name)?
        .template(None, None)?;
    if let Some(target) = &args.output_file {
        console.set_target(target.clone());
    }
    console.set_off();
    console.data(written(&template, args.common.form.output_format))?;
    console.set_off();
    Ok(())
}

fn field(args: &FieldTemplateArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let json = args.common.json;
    if args.common.show_list {
        let names = schema::field_types().iter().map(|kind| kind.name.as_str());
        return list("Field Type", names.collect(), json, ctx, console);
    }
    let name = only(&args.types, "field", console)?;
    let template = schema::field_type(name)?.template();
    console.set_off();
    console.data(match args.common.form.output_format {
        Format::Json => json::pretty(&template),
        Format::Yaml => yaml::document(&sorted(&template)),
    })?;
    console.set_off();
    Ok(())
}

pub(super) fn written(template: &Value, format: Format) -> String {
    match format {
        Format::Json => json::pretty(template),
        Format::Yaml => yaml::document(template),
    }
}

/// The first type. Like the official CLI it is the only one that is shown.
fn only<'t>(types: &'t [String], what: &str, console: &Console) -> Result<&'t str> {
    let Some((first, others)) = types.split_first() else {
        let failure = Failure::usage(format!("A {what} type is required."));
        return Err(failure.hint(format!("`ksm secret template {what} -l` lists them")));
    };
    if !others.is_empty() {
        let others = suggest::quoted(others.iter().map(String::as_str));
        console.warn(&format!(
            "one type is shown at a time; what stands behind `{}` is left out: {others}",
            Text::from(first)
        ));
    }
    Ok(first)
}

fn list(
    title: &'static str,
    names: Vec<&str>,
    json: bool,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    if !json {
        console.set_off();
    }
    ctx.print(&TypeList { title, names }, json, console)
}

/// Sorts the members of all objects, as the official CLI does in a field's YAML.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| name.as_str());
            let member = |(name, value): (&String, &Value)| (name.clone(), sorted(value));
            Value::Object(members.into_iter().map(member).collect())
        }
        other => other.clone(),
    }
}
