//! `ksm profile check`: why a profile works, or does not.

use std::rc::Rc;

use ksm::foreign;
use ksm::profile::{ProfileName, Store};
use serde::Serialize;

mod checklist;
mod examine;

use checklist::{Checklist, Line, Status, Topic};

use crate::cli::profile::CheckArgs;
use crate::commands::context::{self, Context};
use crate::console::Console;
use crate::failure::{Code, Failure, Result};
use crate::render::{self, Color, Layout};

#[derive(Serialize)]
struct Report {
    /// `None` where there is no profile to look at.
    profile: Option<String>,
    place: Option<String>,
    checks: Vec<Line>,
}

/// Prints a line for each thing that has to be right, and ends with the code of the first that is not.
pub(super) async fn check(args: &CheckArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let reports = reports(args, ctx).await;
    if args.json {
        console.data(ksm::json::pretty(&reports))?;
    } else {
        for report in &reports {
            console.styled(&text(report, ctx.layout(console)))?;
        }
    }
    let failed = |report: &Report| report.checks.iter().find_map(verdict);
    match reports
        .iter()
        .find_map(|report| Some((report, failed(report)?)))
    {
        None => Ok(()),
        Some((report, (topic, code))) => Err(Failure::new(
            code,
            match &report.profile {
                Some(name) => {
                    let name = foreign::Text::from(name);
                    format!("profile `{name}` does not work: see `{topic}`")
                }
                None => format!("there is no profile to check: see `{topic}`"),
            },
        )),
    }
}

fn verdict(line: &Line) -> Option<(Topic, Code)> {
    Some((line.topic, line.code?))
}

async fn reports(args: &CheckArgs, ctx: &Context) -> Vec<Report> {
    let mut list = Checklist::default();
    let Some((store, names)) = chosen(&mut list, args, ctx).await else {
        return vec![Report {
            profile: args.name.clone(),
            place: None,
            checks: list.complete(),
        }];
    };
    let mut reports = Vec::new();
    for name in names {
        // What was said before is about the first.
        let mut list = std::mem::take(&mut list);
        examine::examine(&mut list, &*store, &name, ctx).await;
        reports.push(Report {
            profile: Some(name.as_str().to_owned()),
            place: Some(store.location()),
            checks: list.complete(),
        });
    }
    reports
}

/// The profiles to look at, and where they are.
async fn chosen(
    list: &mut Checklist,
    args: &CheckArgs,
    ctx: &Context,
) -> Option<(Rc<dyn Store>, Vec<ProfileName>)> {
    let wanted = ctx.profile_name(args.name.as_deref());
    let discovery = list.passed(Topic::Store, ctx.discover(wanted.as_ref()).await)?;
    for text in ctx.passed_over(&discovery).await {
        list.warn(Topic::Store, text, None);
    }
    let Some(store) = discovery.store.clone() else {
        return list.passed(Topic::Store, Err(context::no_configuration(&discovery)));
    };
    if args.all && !store.names().is_empty() {
        let names = store.names();
        return Some((store, names));
    }
    let name = store.choose(wanted.as_ref());
    let name = list.passed(Topic::Profile, name)?;
    Some((store, vec![name]))
}

fn text(report: &Report, layout: Layout) -> String {
    let profile = report.profile.as_ref().map(foreign::Text::from);
    let title = match (&profile, &report.place) {
        (Some(name), Some(place)) => format!("Profile {name} in {place}"),
        (Some(name), None) => format!("Profile {name}"),
        (None, _) => "No profile".to_owned(),
    };
    let lines = report.checks.iter().map(|line| {
        let (word, color) = match line.status {
            Status::Ok => ("ok", Some(Color::Green)),
            Status::Warning => ("warning", Some(Color::Yellow)),
            Status::Failed => ("failed", Some(Color::Red)),
            Status::Skipped => ("skipped", None),
        };
        render::CheckLine {
            word,
            color,
            topic: line.topic.to_string(),
            text: &line.message,
            hint: line.hint.as_deref(),
        }
    });
    render::check_report(&title, lines, layout)
}
