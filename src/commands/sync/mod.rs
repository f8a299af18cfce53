//! `ksm sync`: values of the vault to the store of a cloud.

use std::collections::HashMap;

use ksm::sync::apply::Store;
use ksm::sync::destination::{Destination, State};
use ksm::sync::maps::Place;
use ksm::sync::names::SecretName;
use ksm::sync::plan::{self, Action, Deletion, Item, Source, Target};
use ksm::sync::source::{self, Answer};
use ksm::sync::{self, Kind, Origin};

use super::context::Context;
use crate::cli::sync::SyncArgs;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};
use crate::render::{SyncReport, SyncRow, SyncView};

mod question;

/// Asks the vault once, and writes only if it said all.
pub(super) async fn sync(args: &SyncArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let question = question::question(args, console)?;
    let longest_wait = ctx.longest_wait()?;
    let vault = ctx.vault().await?;
    let answer = source::resolve(vault, &question).await?;
    let mut log = answer.log.clone();
    let deletion = deletion(args, &answer, &mut log);
    for line in &log {
        console.warn(line.strip_prefix("Warning: ").unwrap_or(line));
    }
    let origin = Origin {
        credentials: answer.credentials.as_ref(),
        namespace: args.namespace.as_ref(),
        environment: &ctx.environment,
        http: ctx.http()?,
    };
    let (view, rows) = match sync::open(args.kind, origin).await? {
        None if args.dry_run => (SyncView::Plan, values(&answer.items)),
        None => (SyncView::Values, values(&answer.items)),
        Some(destination) => {
            if args.verbose {
                console.note(&format!("Using {}", destination.describe()));
            }
            let store = Store::new(&*destination, args.kind.traits(), longest_wait);
            let targets = plan::targets(&answer.items);
            let states = store.states(&targets).await.map_err(sync::Error::Store)?;
            let mut rows = rows(&answer.items, &targets, &states, deletion);
            if args.dry_run {
                tell_objections(&mut rows, &*destination);
                (SyncView::Plan, rows)
            } else {
                let done = store.apply(&targets, states, deletion).await;
                tell_failures(&mut rows, &targets, done);
                for line in deleted(&rows, args.kind) {
                    console.note(&line);
                    log.push(line);
                }
                (SyncView::Done, rows)
            }
        }
    };
    print(&SyncReport { view, rows, log }, console)
}

/// Missing values delete where the store can bring a secret back, or it was demanded.
fn deletion(args: &SyncArgs, answer: &Answer, log: &mut Vec<String>) -> Deletion {
    let traits = args.kind.traits();
    if args.preserve_missing || args.kind == Kind::Json {
        return Deletion::Never;
    }
    if traits.undeletes || args.delete_missing {
        return Deletion::Allowed;
    }
    let missing = |item: &&Item| matches!(item.source, Source::Missing);
    let keys = answer.items.iter().filter(missing);
    log.extend(keys.map(|item| {
        format!(
            "key={} is kept, because {} cannot bring back what is deleted; --delete-missing deletes it",
            item.key, traits.service
        )
    }));
    Deletion::Never
}

/// A line for each key that was deleted.
fn deleted(rows: &[SyncRow<'_>], kind: Kind) -> Vec<String> {
    let traits = kind.traits();
    let is_deleted = |row: &&SyncRow<'_>| {
        let finding = row.finding.as_ref();
        row.error.is_none() && finding.is_some_and(|finding| finding.action == Action::Delete)
    };
    let afterwards = match traits.undeletes {
        true => "; it can be restored there for some days",
        false => "",
    };
    let line = |row: &SyncRow<'_>| {
        let (key, service) = (&row.item.key, traits.service);
        match row.item.place.member {
            Some(_) => format!("key={key} was taken out of its secret in {service}"),
            None => format!("key={key} was deleted from {service}{afterwards}"),
        }
    };
    rows.iter().filter(is_deleted).map(line).collect()
}

fn values(items: &[Item]) -> Vec<SyncRow<'_>> {
    let row = |item| SyncRow {
        item,
        finding: None,
        error: match &item.source {
            Source::Unusable(reason) => Some(reason.clone()),
            Source::Missing | Source::Text(_) | Source::Document(_) => None,
        },
    };
    items.iter().map(row).collect()
}

/// A row for each item, in their order.
fn rows<'i>(
    items: &'i [Item],
    targets: &[Target<'i>],
    states: &[std::result::Result<State, String>],
    deletion: Deletion,
) -> Vec<SyncRow<'i>> {
    let mut rows = values(items);
    let names = targets.iter().map(|target| target.name);
    let known: HashMap<&SecretName, _> = names.zip(states).collect();
    for row in &mut rows {
        let found = match known.get(&row.item.place.name) {
            Some(Ok(state)) => row.item.finding(state, deletion),
            Some(Err(reason)) => Err(reason.clone()),
            None => continue,
        };
        match found {
            Ok(finding) => row.finding = Some(finding),
            Err(reason) => row.error = Some(reason),
        }
    }
    rows
}

/// Tells what the store would refuse.
fn tell_objections(rows: &mut [SyncRow<'_>], destination: &dyn Destination) {
    for row in rows {
        let Place { name, member } = &row.item.place;
        if let (Some(member), Source::Text(text), None) = (member, &row.item.source, &row.error) {
            row.error = destination.objection(name, member, text);
        }
    }
}

/// Tells of a target that was not written in the rows that were to change.
fn tell_failures(
    rows: &mut [SyncRow<'_>],
    targets: &[Target<'_>],
    done: Vec<std::result::Result<(), String>>,
) {
    let names = targets.iter().map(|target| target.name);
    let failed: HashMap<&SecretName, String> = names
        .zip(done)
        .filter_map(|(name, done)| Some((name, done.err()?)))
        .collect();
    for row in rows {
        let is_kept = (row.finding.as_ref()).is_some_and(|finding| finding.action == Action::Keep);
        if let Some(reason) = failed.get(&row.item.place.name)
            && row.error.is_none()
            && !is_kept
        {
            row.error = Some(reason.clone());
        }
    }
}

fn print(report: &SyncReport<'_>, console: &mut Console) -> Result<()> {
    console.data(report.json().expose())?;
    let failed = report.failed();
    if failed == 0 {
        return Ok(());
    }
    // What was done is told, although the command fails.
    console.finish()?;
    let all = report.rows.len();
    let plural = if all == 1 { "" } else { "s" };
    Err(Failure::new(
        Code::Failed,
        format!("{failed} of {all} value{plural} could not be synced"),
    )
    .hint("the report has the reason of each; the same command again does what is left"))
}
