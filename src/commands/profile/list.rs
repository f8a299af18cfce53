//! `ksm profile list`.

use std::rc::Rc;

use ksm::environment::names;
use ksm::profile::{Discovery, Member, ProfileName, Store, discover};
use ksm::wire::endpoint::HostName;

use crate::cli::profile::ListArgs;
use crate::commands::context::Context;
use crate::commands::first_run;
use crate::console::Console;
use crate::failure::{Failure, Result};
use crate::render::{Profile, ProfileRow};

/// Prints the names, and which one this run would use. No configuration is an empty list.
pub(super) async fn list(args: &ListArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let wanted = ctx.profile_name(None);
    let discovery = first_run::discover_or_make(wanted.as_ref(), ctx).await?;
    let (names, used) = match &discovery.store {
        Some(store) if args.long => return long(&**store, &discovery, args, ctx, console).await,
        Some(store) => (store.names(), store.choose(wanted.as_ref()).ok()),
        None => (Vec::new(), None),
    };
    let profiles: Vec<_> = names
        .iter()
        .map(|name| Profile {
            name: name.as_str(),
            is_active: used.as_ref() == Some(name),
        })
        .collect();
    ctx.print(profiles.as_slice(), args.json, console)
}

/// Prints where each profile and its keys are, and those that another place hides.
async fn long(
    store: &dyn Store,
    discovery: &Discovery,
    args: &ListArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let used = store.choose(ctx.profile_name(None).as_ref()).ok();
    let why = why(store, ctx);
    let mut rows = Vec::new();
    for name in store.names() {
        let is_used = used.as_ref() == Some(&name);
        let why = is_used.then(|| why.clone());
        rows.push(row(store, &name, is_used, why, ctx).await);
    }
    if let Some(other) = others(store, discovery, ctx).await {
        for name in other.names() {
            let why = match store.has(&name) {
                true => format!("hidden by {}", store.location()),
                false => format!("only with `-p {name}`"),
            };
            rows.push(row(&*other, &name, false, Some(why), ctx).await);
        }
    }
    ctx.print(rows.as_slice(), args.json, console)
}

/// The store that a found one hides, if it answers without being asked twice (D9). What hides everything else, a
/// variable or a named file, hides it whole.
async fn others(store: &dyn Store, discovery: &Discovery, ctx: &Context) -> Option<Rc<dyn Store>> {
    if !discovery.is_found {
        return None;
    }
    let beaten = discover::hidden_by(store, &ctx.store_context()).await;
    beaten.unwrap_or_else(|error| {
        ctx.messages.warn(&Failure::from(error).reason());
        None
    })
}

async fn row(
    store: &dyn Store,
    name: &ProfileName,
    is_active: bool,
    why: Option<String>,
    ctx: &Context,
) -> ProfileRow {
    let (storage, keys, host) = match store.keys_elsewhere(name) {
        Err(error) => ("unknown", String::new(), Err(error)),
        Ok(elsewhere) => {
            let keys = elsewhere.as_deref().unwrap_or(store);
            let host = match keys.limits().keys_only {
                true => Ok(None),
                false => store.config(name).await.map(|config| {
                    let host = config.get(Member::Hostname);
                    Some(host.unwrap_or_default().to_owned())
                }),
            };
            (keys.storage(), keys.location(), host)
        }
    };
    let host = host.unwrap_or_else(|error| {
        let reason = Failure::from(error).reason();
        ctx.messages.warn(&reason);
        None
    });
    ProfileRow {
        name: name.as_str().to_owned(),
        is_active,
        why,
        place: store.location(),
        storage,
        keys,
        host: host.map(|host| in_full(&host)),
    }
}

/// A region code says less than the host it means; nothing stored means the first of them.
fn in_full(host: &str) -> String {
    match HostName::parse(host) {
        Ok(host) => host.authority().to_owned(),
        Err(_) if host.is_empty() => HostName::default().authority().to_owned(),
        Err(_) => host.to_owned(),
    }
}

/// The reason for which the profile in use is the one in use.
fn why(store: &dyn Store, ctx: &Context) -> String {
    if ctx.globals.profile.is_some() {
        "-p".to_owned()
    } else if ctx.profile_name(None).is_some() {
        names::KSM_CLI_PROFILE.to_owned()
    } else if store.active().is_some() {
        format!("active in {}", store.location())
    } else {
        "the only one".to_owned()
    }
}
