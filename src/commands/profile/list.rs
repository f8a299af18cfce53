//! `ksm profile list`.

use ksm::profile::{Config, Kept, Member, Origin, Place, ProfileName, Source, Store, source};
use ksm::storage::Reference;
use ksm::wire::endpoint::HostName;

use crate::cli::profile::ListArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Failure;
use crate::render::{Profile, ProfileRow};

/// Prints the names, and which one this run would use. No configuration is an empty list.
pub(super) async fn list(
    args: &ListArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let (names, used) = match ctx.source().await? {
        Source::Store(store) if args.long => return long(&store, args, ctx, console).await,
        Source::Store(store) => (store.names(), store.choose(ctx.wanted().as_ref()).ok()),
        Source::Nothing(_) => (Vec::new(), None),
    };
    let profile = |name: &'_ ProfileName| used.as_ref() == Some(name);
    let profiles: Vec<Profile<'_>> = names
        .iter()
        .map(|name| Profile {
            name: name.as_str(),
            is_active: profile(name),
        })
        .collect();
    ctx.print(profiles.as_slice(), args.json, console)
}

/// Prints where each profile and its keys are, and those that another place hides.
async fn long(
    store: &Store,
    args: &ListArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let used = store.choose(ctx.wanted().as_ref()).ok();
    let why = why(store, ctx);
    let mut rows = Vec::new();
    for name in store.names() {
        let is_used = used.as_ref() == Some(&name);
        let why = is_used.then(|| why.clone()).flatten();
        rows.push(row(store, &name, is_used, why, ctx).await);
    }
    if let Some(other) = others(store, ctx).await {
        for name in other.names() {
            let hidden = store
                .has(&name)
                .then(|| format!("hidden by {}", store.origin));
            let why = hidden.or_else(|| Some(format!("only with `-p {name}`")));
            rows.push(row(&other, &name, false, why, ctx).await);
        }
    }
    ctx.print(rows.as_slice(), args.json, console)
}

/// The keyring, if it is not what is used and answers without being asked twice (decision D9). What hides everything
/// else, a variable or a named file, hides it whole.
async fn others(store: &Store, ctx: &Context) -> Option<Store> {
    let is_found_file =
        matches!(store.origin, Origin::Place(Place::File(_))) && ctx.ini_file().is_none();
    if !is_found_file {
        return None;
    }
    match source::in_keyring(&ctx.around()).await {
        Ok(keyring) => keyring.ok(),
        Err(error) => {
            ctx.messages.warn(&Failure::from(error).reason());
            None
        }
    }
}

async fn row(
    store: &Store,
    name: &ProfileName,
    is_active: bool,
    why: Option<String>,
    ctx: &Context,
) -> ProfileRow {
    let host = |config: &Config| {
        let host = config.get(Member::Hostname);
        host.unwrap_or_default().to_owned()
    };
    let (storage, keys, host) = match store.kept(name) {
        Ok(Kept::Here(config)) => (
            "internal",
            store.origin.to_string(),
            Ok(Some(host(&config))),
        ),
        // Asking AWS takes time, and perhaps a credential that is not at hand.
        Ok(Kept::There(reference @ Reference::Aws(_))) => ("aws", reference.to_string(), Ok(None)),
        Ok(Kept::There(reference)) => {
            let config = store.config(name, &ctx.around().ambient()).await;
            let host = config.map(|config| Some(host(&config)));
            (reference.kind(), reference.to_string(), host)
        }
        Err(error) => ("unknown", String::new(), Err(error)),
    };
    let host = host.unwrap_or_else(|error| {
        let reason = Failure::from(error).reason();
        ctx.messages.warn(&reason);
        None
    });
    ProfileRow {
        name: name.to_string(),
        is_active,
        why,
        place: store.origin.to_string(),
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

/// What made the profile in use the one in use.
fn why(store: &Store, ctx: &Context) -> Option<String> {
    let flag = ctx.globals.profile.as_ref().map(|_| "-p".to_owned());
    let variable = || ctx.wanted().map(|_| "KSM_CLI_PROFILE".to_owned());
    let stored = || {
        store
            .active()
            .map(|_| format!("active in {}", store.origin))
    };
    let reason = flag.or_else(variable).or_else(stored);
    Some(reason.unwrap_or_else(|| "the only one".to_owned()))
}
