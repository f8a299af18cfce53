//! `ksm profile check`: why a profile works, or does not.

use std::rc::Rc;

use ksm::foreign;
use ksm::profile::{ProfileName, Store};

mod checklist;
mod examine;

use checklist::Checklist;

use crate::cli::profile::CheckArgs;
use crate::commands::context::{self, Context};
use crate::commands::first_run;
use crate::console::Console;
use crate::failure::{Failure, Result};
use crate::render::{CheckReport, Topic};

/// Prints a line for each thing that has to be right, and ends with the code of the first that is not.
pub(super) async fn check(args: &CheckArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let (reports, failures) = reports(args, ctx).await;
    ctx.print(reports.as_slice(), args.json, console)?;
    failures.into_iter().next().map_or(Ok(()), Err)
}

/// A report for each profile, and a failure for each that does not work.
async fn reports(args: &CheckArgs, ctx: &Context) -> (Vec<CheckReport>, Vec<Failure>) {
    let mut list = Checklist::default();
    let (place, names) = match chosen(&mut list, args, ctx).await {
        Some((store, names)) => (Some(store), names.into_iter().map(Some).collect()),
        None => {
            if let Some(remark) = first_run::remark_on_token(ctx) {
                list.warn(Topic::Store, remark, None);
            }
            (None, vec![args.name.as_deref().map(ProfileName::existing)])
        }
    };
    let (mut reports, mut failures) = (Vec::new(), Vec::new());
    for name in names {
        // What was said before is about the first.
        let mut list = std::mem::take(&mut list);
        if let (Some(store), Some(name)) = (&place, &name) {
            examine::examine(&mut list, &**store, name, ctx).await;
        }
        let profile = name.map(|name| name.as_str().to_owned());
        failures.extend(list.failed.map(|(topic, code)| {
            let what = match &profile {
                Some(name) => format!("profile `{}` does not work", foreign::Text::from(name)),
                None => "there is no profile to check".to_owned(),
            };
            Failure::new(code, format!("{what}: see `{topic}`"))
        }));
        reports.push(CheckReport {
            profile,
            place: place.as_ref().map(|store| store.location()),
            checks: list.complete(),
        });
    }
    (reports, failures)
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
