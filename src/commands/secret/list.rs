//! `ksm secret list`: the records there are, or those that fit.

use std::collections::HashSet;

use ksm::limits;
use ksm::query::Query;
use ksm::sensitive::SensitiveJson;
use ksm::vault::select::{self, FolderTree, RecordNames};
use ksm::vault::uid::FolderUid;
use ksm::vault::{Heading, Links, Reader, Record, RecordFilter, Records};
use regex::{Regex, RegexBuilder};
use serde_json::Value;

use crate::cli::secret::ListArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Failure, Result};
use crate::render::{ListContent, Masking, RecordList, RecordRow, ShownRecord};

const NOTHING_SHARED: &str = "No record is shared with this application; an administrator can share records or folders with it.";

/// Prints the records that fit all arguments. A record that was shared in several ways is listed several times.
pub(super) async fn list(args: &ListArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let title = args.title.as_deref().map(title_pattern).transpose()?;
    let title = title.as_ref();
    let query = args.query.as_deref().map(super::query).transpose()?;
    super::tell_of_old_name(args.query.as_deref(), console);
    let names = RecordNames::new(args.records.iter().map(String::as_str), &[]);
    let vault = ctx.reader().await?;
    let filter = names.filter();
    if query.is_none() && filter == RecordFilter::All {
        let answer = vault.headings().await?;
        let mut headings = answer.records.iter().collect();
        retain(args, title, &mut headings, |heading| *heading, vault).await?;
        ctx.print(&titles(headings), args.json, console)?;
        if answer.records.is_empty() && answer.broken.is_empty() {
            console.note(NOTHING_SHARED);
        }
        return Ok(());
    }
    // Only a query can see links.
    let links = if query.is_some() {
        Links::With
    } else {
        Links::Without
    };
    let answer = vault.records(&filter, links).await?;
    let mut records = if args.records.is_empty() {
        answer.records.iter().collect()
    } else {
        super::find(&names, &answer, vault, console).await?
    };
    retain(args, title, &mut records, |record| record.heading(), vault).await?;
    let list = match &query {
        None => titles(records.into_iter().map(Record::heading)),
        Some(query) => RecordList {
            rows: matching(query, records, &filter, &answer, vault).await?,
            content: match args.show_value {
                true => ListContent::Found,
                false => ListContent::QueriedTitle,
            },
        },
    };
    ctx.print(&list, args.json, console)?;
    Ok(names.check(&answer)?)
}

fn titles<'r>(headings: impl IntoIterator<Item = Heading<'r>>) -> RecordList<'r> {
    let row = |record| RecordRow {
        record,
        found: None,
    };
    RecordList {
        rows: headings.into_iter().map(row).collect(),
        content: ListContent::Title,
    }
}

/// Leaves the records of the folder and with the title that the arguments name.
async fn retain<'r, T>(
    args: &ListArgs,
    title: Option<&Regex>,
    records: &mut Vec<T>,
    heading: impl Fn(&T) -> Heading<'r>,
    vault: &Reader,
) -> Result<()> {
    if let Some(folder) = &args.folder {
        retain_within(folder, args.recursive, records, &heading, vault).await?;
    }
    if let Some(title) = title {
        records.retain(|record| title.is_match(heading(record).title));
    }
    Ok(())
}

/// Leaves the records of a folder. Folders are asked for only where the records do not show that it is there.
async fn retain_within<'r, T>(
    name: &str,
    recursive: bool,
    records: &mut Vec<T>,
    heading: impl Fn(&T) -> Heading<'r>,
    vault: &Reader,
) -> Result<()> {
    let mut within = HashSet::from([FolderUid::from(name)]);
    let is_within = |record: &T, within: &HashSet<FolderUid>| {
        let folder = heading(record).folder;
        folder.is_some_and(|folder| within.contains(folder))
    };
    if recursive || !records.iter().any(|record| is_within(record, &within)) {
        let folders = vault.folders().await?;
        let folder = &FolderTree::new(&folders).find(name)?.uid;
        within = HashSet::from([folder.clone()]);
        if recursive {
            within.extend(folders.descendants(folder));
        }
    }
    records.retain(|record| is_within(record, &within));
    Ok(())
}

/// The records in which the first thing the query finds is neither empty nor zero, false or null.
async fn matching<'r>(
    query: &Query,
    records: Vec<&'r Record>,
    filter: &RecordFilter,
    answer: &'r Records,
    vault: &Reader,
) -> Result<Vec<RecordRow<'r>>> {
    let fields: Vec<_> = records
        .iter()
        .flat_map(|record| record.all_fields())
        .collect();
    let fetched = select::references(vault, filter, answer, &fields).await?;
    let known = select::index(answer.records.iter().chain(&fetched));
    let lookup = |uid: &_| known.get(uid).copied();
    let row = |record: &'r Record| {
        let subject =
            SensitiveJson::new(ShownRecord::new(record, Masking::Shown, Some(&lookup)).json());
        let found = query.find(subject.expose()).map_err(super::too_much)?;
        let found = found.first().and_then(|value| telling_value(value));
        Ok(found.map(|found| RecordRow {
            record: record.heading(),
            found: Some(found),
        }))
    };
    records
        .into_iter()
        .filter_map(|record| row(record).transpose())
        .collect()
}

/// A match that counts; the first element of a list.
fn telling_value(value: &Value) -> Option<Value> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::Number(number) if number.as_f64() == Some(0.0) => None,
        Value::String(text) if text.is_empty() => None,
        Value::Object(members) if members.is_empty() => None,
        Value::Array(items) => items.first().cloned(),
        value => Some(value.clone()),
    }
}

fn title_pattern(text: &str) -> Result<Regex> {
    if text.len() > limits::PATTERN {
        return Err(Failure::usage(format!(
            "Check your regex - error: it is longer than {} bytes",
            limits::PATTERN
        )));
    }
    RegexBuilder::new(text)
        .case_insensitive(true)
        .build()
        .map_err(|error| {
            let error = error.to_string();
            // The library draws the pattern first and says in the last line what is wrong with it.
            let reason = error.lines().last().unwrap_or_default();
            let reason = reason.strip_prefix("error: ").unwrap_or(reason);
            Failure::usage(format!("Check your regex '{text}' - error: {reason}"))
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_match_counts_if_python_takes_it_for_true() {
        for (value, expected) in [
            (json!(null), None),
            (json!(false), None),
            (json!(0), None),
            (json!(0.0), None),
            (json!(""), None),
            (json!([]), None),
            (json!({}), None),
            (json!("0"), Some(json!("0"))),
            (json!(true), Some(json!(true))),
            (json!(-1), Some(json!(-1))),
            (json!(["a", "b"]), Some(json!("a"))),
            (json!([null]), Some(json!(null))),
            (json!({"a": 1}), Some(json!({"a": 1}))),
        ] {
            assert_eq!(telling_value(&value), expected, "{value}");
        }
    }

    #[test]
    fn titles_match_anywhere_in_any_case() {
        for (pattern, title, expected) in [
            ("web", "My Website", true),
            ("^web", "My Website", false),
            ("ÜN", "ünï", true),
            ("a.*z", "A-Z", true),
            ("", "anything", true),
        ] {
            assert_eq!(
                title_pattern(pattern).unwrap().is_match(title),
                expected,
                "{pattern} {title}"
            );
        }
        let failure = title_pattern("(").unwrap_err();
        assert_eq!(
            failure.to_string(),
            "Error: Check your regex '(' - error: unclosed group\n"
        );
    }
}
