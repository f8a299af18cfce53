//! `ksm secret get`: whole records, one field, or what a query finds in them.

use std::collections::HashSet;

use ksm::json;
use ksm::query::Query;
use ksm::sensitive::{Sensitive, SensitiveJson};
use ksm::vault::inflate::Lookup;
use ksm::vault::select::{self, RecordNames};
use ksm::vault::{Links, Record, SelectError};
use serde_json::Value;

use crate::cli::secret::GetArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};
use crate::render::{self, Masking, ShownRecord};

/// A field wins over a query, and both over the rest.
enum Form<'a> {
    Field(&'a str),
    Query(Query),
    Json,
    Text,
}

pub(super) async fn get(args: &GetArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let form = form(args)?;
    let names = RecordNames::new(args.uids.iter().chain(&args.uid_arguments), &args.titles);
    let vault = ctx.reader().await?;
    let filter = names.filter();
    let answer = vault.records(&filter, Links::With).await?;
    let found = super::find(&names, &answer, console);
    if let (Err(failure), Form::Json) = (&found, &form)
        && failure.code() == Code::Missing
        && args.uids.is_empty()
        && args.uid_arguments.is_empty()
    {
        // Scripts that look for a title read a list, whatever the exit code says.
        console.data("[]")?;
        console.finish()?;
    }
    let records = distinct(found?);
    if let Form::Field(_) = form {
        only_one(&records)?;
    }
    let masking = match form {
        Form::Text if !args.unmask => Masking::Hidden,
        _ => Masking::Shown,
    };
    let mut fields: Vec<_> = records
        .iter()
        .flat_map(|record| record.all_fields())
        .collect();
    fields.retain(|field| !args.deflate && masking.shows_some_of(field));
    let fetched = select::references(vault, &filter, &answer, &fields).await?;
    let known = select::index(answer.records.iter().chain(&fetched));
    let lookup = |uid: &_| known.get(uid).copied();
    let lookup: Option<Lookup<'_, '_>> = if args.deflate { None } else { Some(&lookup) };
    let shown: Vec<_> = records
        .iter()
        .map(|record| ShownRecord::new(record, masking, lookup))
        .collect();
    print(&form, &shown, args, ctx, console)?;
    Ok(names.check(&answer)?)
}

fn form(args: &GetArgs) -> Result<Form<'_>> {
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
) -> Result<()> {
    match form {
        Form::Field(name) => {
            return shown
                .iter()
                .try_for_each(|record| print_field(name, record, console));
        }
        Form::Query(query) => console.data(answer(query, shown, args)?.expose())?,
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
fn print_field(name: &str, record: &ShownRecord<'_>, console: &mut Console) -> Result<()> {
    let Some(field) = record.field(name) else {
        let message = format!("Cannot find the field {name} in record {}", record.title);
        return Err(
            Failure::new(Code::Missing, message).hint("labels and types count as they are written")
        );
    };
    if field.is_damaged {
        let message = format!("the field {name} in record {} is damaged", record.title);
        return Err(Failure::new(Code::Failed, message));
    }
    console.note("");
    match field.first() {
        Some(Value::String(text)) => console.data(text)?,
        Some(value) => console.data(Sensitive::new(json::line(value)).expose())?,
        None => {}
    }
    console.note("");
    Ok(())
}

/// The query's matches in the JSON form: one as it is, none or several as a list.
fn answer(query: &Query, shown: &[ShownRecord<'_>], args: &GetArgs) -> Result<Sensitive<String>> {
    let subject = SensitiveJson::new(match shown {
        [one] if !args.force_array => one.json(),
        several => several.iter().map(ShownRecord::json).collect(),
    });
    let found = query.find(subject.expose()).map_err(super::too_much)?;
    Ok(Sensitive::new(match found.as_slice() {
        [one] => match one.as_str() {
            Some(text) if args.raw => text.to_owned(),
            _ => json::pretty(one),
        },
        several => json::pretty(&several),
    }))
}

/// A record that was shared in several ways is one record (D5).
fn distinct(records: Vec<&Record>) -> Vec<&Record> {
    let mut seen = HashSet::new();
    records
        .into_iter()
        .filter(|record| seen.insert(record.uid()))
        .collect()
}

/// A field is the field of one record (D5).
fn only_one(records: &[&Record]) -> Result<(), SelectError> {
    match records {
        [] | [_] => Ok(()),
        several => Err(SelectError::SeveralRecords {
            title: None,
            uids: several.iter().map(|record| record.uid().clone()).collect(),
        }),
    }
}
