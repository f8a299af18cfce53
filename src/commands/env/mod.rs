//! `ksm env`: variables for shells, CI systems and other readers.

mod destination;
mod fields;

use std::collections::BTreeMap;
use std::ffi::OsString;

use ksm::environment::OwnConfig;
use ksm::exec::sources::BaseEnvironment;
use ksm::exec::{Destination, PassAs, References, Sources};
use ksm::export::{self, NamedValue, SecretIdentity};
use ksm::sensitive::Sensitive;
use ksm::vault::advice;
use ksm::vault::notation::{self, Notation};
use ksm::vault::select::{self, Selection};

use self::destination::Target;
use self::fields::Fields;
use super::context::Context;
use super::sources;
use crate::cli::env::EnvArgs;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

type Values = BTreeMap<String, Sensitive<Vec<u8>>>;

pub(crate) async fn env(mut args: EnvArgs, ctx: &mut Context, console: &mut Console) -> Result<()> {
    let records = take_records(&mut args)?;
    let mut target = Target::of(&args, ctx, console)?;
    let start = match records.is_empty() {
        true => BaseEnvironment::References,
        false => BaseEnvironment::Pristine,
    };
    let sources = sources::gather(&args.sources, start, OwnConfig::Withheld, ctx)?;
    let references = sources.references()?;
    refuse_files(&references)?;
    if records.is_empty()
        && references.notations().is_empty()
        && sources.environment.iter().next().is_none()
    {
        return Err(
            Failure::usage("there is nothing to write: no variable refers to the vault")
                .hint("`ksm env RECORD` writes the fields of a record"),
        );
    }
    let mut values = literals(&sources)?;
    if !records.is_empty() || !references.notations().is_empty() {
        let notations = references.notations().to_vec();
        let vault = ctx.reader().await?;
        let mut selection = Selection::new(&notations).with_records(&records);
        select::complete(vault, &mut selection).await?;
        let answers = selection.values(vault).await?;
        sources::tell_of_empty(&references, &answers, console);
        let mut fields = Fields::new(args.prefix.as_deref(), ctx);
        fields.add_named(&records, &selection, vault).await?;
        values.extend(fields.values);
        // What the command line assigns goes before the fields of records.
        for (destination, value) in references.values(answers)? {
            if let Destination::Variable(name, _) = destination {
                values.insert(text(name)?, value.into());
            }
        }
    }
    let all: Vec<_> = values
        .into_iter()
        .map(|(name, value)| NamedValue { name, value })
        .collect();
    if all.is_empty() {
        return Err(Failure::new(
            Code::Missing,
            "there is nothing to write: no field has a value",
        ));
    }
    let secret = SecretIdentity {
        name: args.name,
        namespace: args.namespace,
    };
    let encoded = export::encode(target.format, &all, &secret)?;
    target.deliver(&all, encoded, console)
}

/// Takes the words that name records, and leaves the assignments to `-e`.
fn take_records(args: &mut EnvArgs) -> Result<Vec<Notation>> {
    let mut records = Vec::new();
    for word in std::mem::take(&mut args.words) {
        let Some(text) = word.to_str() else {
            return Err(Failure::usage("the name of a record is not valid UTF-8"));
        };
        match text.split_once('=') {
            Some((name, _)) if export::is_identifier(name) => args.sources.env.push(word),
            _ => records.push(record(text)?),
        }
    }
    Ok(records)
}

fn record(text: &str) -> Result<Notation> {
    // All fields are more than what such a word asks for.
    if notation::has_prefix(text) && Notation::parse(text).is_ok() {
        return Err(
            Failure::usage("a notation needs the name of a variable in front of it")
                .hint(with_a_name(text)),
        );
    }
    Ok(Notation::of_record(text)?)
}

/// How the value of a notation becomes a variable.
fn with_a_name(notation: &str) -> String {
    let assignment = advice::word(&format!("NAME={notation}"));
    format!("`ksm env {assignment}` writes a variable of that name")
}

fn refuse_files(references: &References) -> Result<()> {
    let is_file = |destination: &&Destination| {
        matches!(
            destination,
            Destination::Variable(_, PassAs::File | PassAs::MemoryFile)
        )
    };
    match references.destinations().iter().find(is_file) {
        Some(destination) => Err(Failure::usage(format!(
            "{}: `ksm env` makes no files, so `@file:` and `@fd:` are for `exec`",
            destination.input()
        ))),
        None => Ok(()),
    }
}

/// The variables that need no vault; references among them are overwritten by their values.
fn literals(sources: &Sources) -> Result<Values> {
    let each = sources.environment.iter().map(|(name, value)| {
        let value = Sensitive::new(value.as_encoded_bytes().to_vec());
        Ok((text(name.to_owned())?, value))
    });
    each.collect()
}

fn text(name: OsString) -> Result<String> {
    name.into_string().map_err(|name| {
        let what = format!(
            "the name of the variable `{}` is not valid UTF-8",
            name.display()
        );
        Failure::new(Code::Local, what)
    })
}
