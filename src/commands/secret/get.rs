//! `ksm secret get`: whole records, one field, or what a query finds in them.

use std::collections::HashSet;

use ksm::json;
use ksm::query::Query;
use ksm::sensitive::{Sensitive, SensitiveJson};
use ksm::vault::inflate::Lookup;
use ksm::vault::notation::{self, Notation, ParseError};
use ksm::vault::select::{self, RecordNames};
use ksm::vault::{Candidate, Links, Record, SelectError, advice};
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
    let named: Vec<&String> = args.records.iter().chain(&args.record_arguments).collect();
    if let Some(notation) = named.iter().find_map(|name| of_value(name).transpose()) {
        return value(&notation?, args, ctx, console).await;
    }
    let form = form(args)?;
    super::tell_of_old_name(args.query.as_deref(), console);
    if args.field.is_some() && args.query.is_some() {
        super::tell_of_idle("--query", "`--field` goes before it", console);
    } else if args.raw && args.query.is_none() {
        super::tell_of_idle("--raw", "it is for `--query`", console);
    }
    let named = super::named(named)?;
    let names = named.iter().map(|notation| notation.record.as_str());
    let names = RecordNames::new(names, &args.titles);
    let vault = ctx.reader().await?;
    let filter = names.filter();
    let links = match form {
        Form::Field(_) => Links::Without,
        Form::Query(_) | Form::Json | Form::Text => Links::With,
    };
    let answer = vault.records(&filter, links).await?;
    let found = super::find(&names, &answer, vault).await;
    if let (Err(failure), Form::Json) = (&found, &form)
        && failure.code() == Code::Missing
        && named.is_empty()
    {
        // Scripts that look for a title read a list, whatever the exit code says.
        console.data("[]")?;
        console.finish()?;
    }
    let found = found?;
    let records = distinct(found.records);
    if let (Form::Field(_), Err(error)) = (&form, only_one(&records)) {
        return Err(select::located(vault, error).await.into());
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
    print(&form, &records, &shown, args, ctx, console)?;
    names.check(&answer)?;
    Ok(found.missing.map_or(Ok(()), Err)?)
}

/// The notation of a value, if `name` is one.
fn of_value(name: &str) -> Result<Option<Notation>> {
    if !notation::has_prefix(name) {
        return Ok(None);
    }
    match Notation::parse(name) {
        Ok(notation) => Ok(Some(notation)),
        // It names a record alone.
        Err(ParseError::MissingSection { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// One value, as `secret notation` prints it.
async fn value(
    notation: &Notation,
    args: &GetArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    if asked(args) > 1 || args.field.is_some() || args.query.is_some() {
        return Err(Failure::usage(
            "a notation names one value, so nothing else can be asked for with it",
        )
        .hint("`--field` and `--query` go with a record: ksm secret get RECORD --field NAME"));
    }
    super::notation::print(notation, args.json, ctx, console).await
}

fn asked(args: &GetArgs) -> usize {
    args.records.len() + args.record_arguments.len() + args.titles.len()
}

fn form(args: &GetArgs) -> Result<Form<'_>> {
    let asked = asked(args);
    if asked == 0 {
        return Err(
            Failure::usage("No uid or title specified for secret get command.").hint(
                "`ksm secret list` shows the records; `ksm secret get TITLE` shows one of them",
            ),
        );
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
    records: &[&Record],
    shown: &[ShownRecord<'_>],
    args: &GetArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    match form {
        Form::Field(name) => {
            let mut pairs = records.iter().zip(shown);
            pairs.try_for_each(|(record, shown)| print_field(name, record, shown, console))?;
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
            // The official tables are without them.
            for record in records.iter().filter(|record| has_notes(record)) {
                let uid = record.uid();
                console.remark(&format!(
                    "`ksm secret notation keeper://{uid}/notes` prints the notes of this record."
                ));
            }
        }
    }
    Ok(())
}

fn has_notes(record: &Record) -> bool {
    record.notes().is_some_and(|notes| !notes.is_empty())
}

/// The blank lines set the value off on a terminal and stay out of what a script reads.
fn print_field(
    name: &str,
    record: &Record,
    shown: &ShownRecord<'_>,
    console: &mut Console,
) -> Result<()> {
    let Some(field) = shown.field(name) else {
        let message = format!("Cannot find the field {name} in record {}", shown.title);
        let advice = advice::part(record, name);
        return Err(Failure::new(Code::Missing, message).hint(advice));
    };
    if field.is_damaged {
        let message = format!("the field {name} in record {} is damaged", shown.title);
        return Err(Failure::new(Code::Failed, message));
    }
    console.set_off();
    match field.first() {
        Some(Value::String(text)) => console.data(text)?,
        Some(value) => console.data(Sensitive::new(json::line(value)).expose())?,
        None => {}
    }
    console.set_off();
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
            found: several.iter().map(|one| Candidate::from(*one)).collect(),
        }),
    }
}
