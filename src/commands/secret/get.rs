//! `ksm secret get`: whole records, one field, or what a query finds in them.

use std::collections::HashSet;

use ksm::json;
use ksm::query::Query;
use ksm::sensitive::{Sensitive, SensitiveJson};
use ksm::vault::{Links, Record};
use serde_json::Value;

use super::references::{self, Reach};
use super::wanted::Wanted;
use crate::cli::secret::GetArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure};
use crate::render::{self, Masking, ShownRecord};

/// What is printed of the records. A field wins over a query, and both over the rest.
enum Form<'a> {
    Field(&'a str),
    Query(Query),
    Json,
    Text,
}

/// Prints the records the arguments select.
pub(super) async fn get(
    args: &GetArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let form = form(args)?;
    let wanted = Wanted::new(args.uids.iter().chain(&args.uid_arguments), &args.titles);
    let mut vault = ctx.vault().await?;
    let filter = wanted.filter();
    let answer = vault.records(&filter, Links::With).await?;
    let records = distinct(wanted.pick(&answer, console)?);
    if let Form::Field(_) = form {
        only_one(&records)?;
    }
    let masking = match form {
        Form::Text if !args.unmask => Masking::Hidden,
        _ => Masking::Shown,
    };
    let fetched = if args.deflate {
        Vec::new()
    } else {
        let reach = if filter.uids().is_empty() {
            Reach::Everything
        } else {
            Reach::Some
        };
        references::fetch(&mut vault, &answer.records, reach, &records, masking).await?
    };
    let known = references::index(&answer.records, &fetched);
    let lookup = |uid: &_| known.get(uid).copied();
    let lookup: Option<render::Lookup<'_, '_>> = if args.deflate { None } else { Some(&lookup) };
    let shown: Vec<_> = records
        .iter()
        .map(|record| ShownRecord::new(record, masking, lookup))
        .collect();
    print(&form, &shown, args, ctx, console)?;
    wanted.all_open(&answer)
}

/// Checks what can be checked before anything is asked.
fn form(args: &GetArgs) -> Result<Form<'_>, Failure> {
    let asked = args.uids.len() + args.uid_arguments.len() + args.titles.len();
    if asked == 0 {
        return Err(Failure::usage(
            "No uid or title specified for secret get command.",
        ));
    }
    match (&args.field, &args.query) {
        (Some(name), _) if name.is_empty() => Err(Failure::usage(
            "`--field` needs the label or type of a field",
        )),
        (Some(_), _) if asked > 1 => Err(Failure::usage(
            "Cannot perform field search on multiple records. Only choose one uid/title.",
        )),
        (Some(name), _) => Ok(Form::Field(name)),
        (None, Some(query)) => Ok(Form::Query(super::query(query)?)),
        (None, None) if args.json => Ok(Form::Json),
        (None, None) => Ok(Form::Text),
    }
}

fn print(
    form: &Form<'_>,
    shown: &[ShownRecord<'_>],
    args: &GetArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    match form {
        Form::Field(name) => {
            return shown
                .iter()
                .try_for_each(|record| print_field(name, record, console));
        }
        Form::Query(query) => console.data(answer(query, shown, args).expose())?,
        Form::Json => {
            let text = match shown {
                [one] if !args.force_array => json::pretty(one),
                several => json::pretty(&several),
            };
            console.data(Sensitive::new(text).expose())?;
        }
        Form::Text => {
            let layout = ctx.layout(console);
            for record in shown {
                console.styled(Sensitive::new(render::record(record, layout)).expose())?;
            }
        }
    }
    Ok(())
}

/// The blank lines set the value off on a terminal and stay out of what a script reads.
fn print_field(name: &str, record: &ShownRecord<'_>, console: &mut Console) -> Result<(), Failure> {
    let Some(field) = record.field(name) else {
        let message = format!("Cannot find the field {name} in record {}", record.title);
        return Err(
            Failure::new(Code::Missing, message).hint("labels and types count as they are written")
        );
    };
    console.note("");
    match field.first() {
        Some(Value::String(text)) => console.data(text)?,
        Some(value) => console.data(Sensitive::new(json::line(value)).expose())?,
        None => {}
    }
    console.note("");
    Ok(())
}

/// What the query finds in the JSON form: one match as it is, none or several as a list.
fn answer(query: &Query, shown: &[ShownRecord<'_>], args: &GetArgs) -> Sensitive<String> {
    let subject = SensitiveJson::new(match shown {
        [one] if !args.force_array => one.json(),
        several => several.iter().map(ShownRecord::json).collect(),
    });
    let found = query.find(subject.expose());
    Sensitive::new(match found.as_slice() {
        [one] => match one.as_str() {
            Some(text) if args.raw => text.to_owned(),
            _ => json::pretty(one),
        },
        several => json::pretty(&several),
    })
}

/// A record that was shared in several ways is one record.
fn distinct(records: Vec<&Record>) -> Vec<&Record> {
    let mut seen = HashSet::new();
    records
        .into_iter()
        .filter(|record| seen.insert(record.uid()))
        .collect()
}

/// A field is the field of one record (decision D5).
fn only_one(records: &[&Record]) -> Result<(), Failure> {
    match records {
        [] | [_] => Ok(()),
        several => {
            let uids: Vec<_> = several.iter().map(|record| record.uid().as_str()).collect();
            let message = format!("{} records have this title", several.len());
            Err(Failure::new(Code::Missing, message)
                .hint(format!("choose one by its UID: {}", uids.join(", "))))
        }
    }
}
