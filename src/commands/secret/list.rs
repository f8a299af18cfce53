//! `ksm secret list`: the records there are, or those that fit.

use std::collections::HashSet;

use ksm::limits;
use ksm::query::Query;
use ksm::sensitive::SensitiveJson;
use ksm::vault::select::{self, FolderTree, RecordNames};
use ksm::vault::uid::FolderUid;
use ksm::vault::{Heading, Links, Reader, Record, RecordFilter, Records, advice};
use regex::{Regex, RegexBuilder};
use serde_json::Value;

use crate::cli::secret::ListArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Failure, Result};
use crate::render::{ListContent, Masking, RecordList, RecordRow, ShownRecord};

const NOTHING_SHARED: &str = "No record is shared with this application; an administrator can share records or folders with it.";
/// A query looks like a search for words to who does not know JSONPath.
const NOTHING_FOUND: &str = "The query finds nothing in any record. `-t` looks for a title.";
const NOTHING_FITS: &str = "No record fits. `ksm secret list` shows all that there are.";

/// Prints the records that fit all arguments. A record that was shared in several ways is listed several times.
pub(super) async fn list(args: &ListArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let title = args.title.as_deref().map(title_pattern).transpose()?;
    let title = title.as_ref();
    let query = args.query.as_deref().map(super::query).transpose()?;
    super::tell_of_old_name(args.query.as_deref(), console);
    if args.recursive && args.folder.is_none() {
        super::tell_of_idle("-r", "it is for `-f FOLDER`", console);
    }
    if args.show_value && args.query.is_none() {
        super::tell_of_idle("-v", "it is for `-q JSONPATH`", console);
    }
    let named = super::named(&args.records)?;
    let names = RecordNames::new(named.iter().map(|named| named.record.as_str()), &[]);
    let vault = ctx.reader().await?;
    let filter = names.filter();
    if query.is_none() && filter == RecordFilter::All {
        let answer = vault.headings().await?;
        let wanted = Wanted::of(args, title, || answer.records.iter(), vault).await?;
        let all = answer.records.iter();
        let is_empty = match wanted.is_all() {
            // Of a large vault no copy is made.
            true => print_titles(all, args, ctx, console)?,
            false => {
                let kept: Vec<_> = all.filter(|record| wanted.has(record)).collect();
                print_titles(kept.iter().copied(), args, ctx, console)?
            }
        };
        if answer.records.is_empty() && answer.broken.is_empty() {
            console.note(NOTHING_SHARED);
        } else if is_empty && !answer.records.is_empty() && !args.json {
            console.note(NOTHING_FITS);
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
    let (mut records, missing) = if args.records.is_empty() {
        (answer.records.iter().collect(), None)
    } else {
        let found = super::find(&names, &answer, vault).await?;
        (found.records, found.missing)
    };
    let headings = || records.iter().map(|record| record.heading());
    let wanted = Wanted::of(args, title, headings, vault).await?;
    records.retain(|record| wanted.has(&record.heading()));
    let is_empty = match &query {
        None => print_titles(records.into_iter().map(Record::heading), args, ctx, console)?,
        Some(query) => {
            let found = matching(query, records, &filter, &answer, vault).await?;
            let list = RecordList {
                rows: found.iter().map(|(record, found)| RecordRow {
                    record: record.heading(),
                    found: Some(found),
                }),
                content: match args.show_value {
                    true => ListContent::Found,
                    false => ListContent::QueriedTitle,
                },
            };
            ctx.print(&list, args.json, console)?;
            list.is_empty()
        }
    };
    names.check(&answer)?;
    if let Some(missing) = missing {
        return Err(missing.into());
    }
    if is_empty && !answer.records.is_empty() && !args.json {
        console.note(match query.is_some() {
            true => NOTHING_FOUND,
            false => NOTHING_FITS,
        });
    }
    Ok(())
}

/// Returns whether there are none.
fn print_titles<'r>(
    headings: impl Iterator<Item = Heading<'r>> + Clone,
    args: &ListArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<bool> {
    let list = RecordList {
        rows: headings.map(|record| RecordRow {
            record,
            found: None,
        }),
        content: ListContent::Title,
    };
    ctx.print(&list, args.json, console)?;
    Ok(list.is_empty())
}

/// The folder and the title that the arguments name.
struct Wanted<'a> {
    title: Option<&'a Regex>,
    /// The folder, with `--recursive` those below it too.
    folders: Option<HashSet<FolderUid>>,
}

impl<'a> Wanted<'a> {
    async fn of<'r, H: Iterator<Item = Heading<'r>>>(
        args: &ListArgs,
        title: Option<&'a Regex>,
        headings: impl FnOnce() -> H,
        vault: &Reader,
    ) -> Result<Self> {
        let folders = match &args.folder {
            Some(name) => Some(folders(name, args.recursive, headings(), vault).await?),
            None => None,
        };
        Ok(Self { title, folders })
    }

    fn is_all(&self) -> bool {
        self.title.is_none() && self.folders.is_none()
    }

    /// A pattern may take long, so it sees titles of these folders only, and each once.
    fn has(&self, record: &Heading<'_>) -> bool {
        let folders = self.folders.as_ref();
        folders.is_none_or(|folders| is_within(record, folders))
            && self.title.is_none_or(|title| title.is_match(record.title))
    }
}

fn is_within(record: &Heading<'_>, folders: &HashSet<FolderUid>) -> bool {
    record.folder.is_some_and(|folder| folders.contains(folder))
}

/// The folder `name`, and those below it. They are asked for only where the records do not show that it is there.
async fn folders<'r>(
    name: &str,
    recursive: bool,
    mut records: impl Iterator<Item = Heading<'r>>,
    vault: &Reader,
) -> Result<HashSet<FolderUid>> {
    let named = HashSet::from([FolderUid::from(name)]);
    if !recursive && records.any(|record| is_within(&record, &named)) {
        return Ok(named);
    }
    let folders = vault.folders().await?;
    let folder = &FolderTree::new(&folders).find(name)?.uid;
    let mut within = HashSet::from([folder.clone()]);
    if recursive {
        within.extend(folders.descendants(folder));
    }
    Ok(within)
}

/// The records in which the first thing the query finds is neither empty nor zero, false or null.
async fn matching<'r>(
    query: &Query,
    records: Vec<&'r Record>,
    filter: &RecordFilter,
    answer: &'r Records,
    vault: &Reader,
) -> Result<Vec<(&'r Record, Value)>> {
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
        Ok(found.map(|found| (record, found)))
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
            let escaped = advice::word(&regex::escape(text));
            Failure::usage(format!("Check your regex '{text}' - error: {reason}")).hint(format!(
                "`-t {escaped}` looks for these characters as they are"
            ))
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
            "Error: Check your regex '(' - error: unclosed group\n\
             Hint: `-t '\\('` looks for these characters as they are\n"
        );
    }
}
