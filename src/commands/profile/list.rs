//! `ksm profile list`.

use ksm::profile::{ProfileName, Source};

use crate::cli::profile::ListArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Failure;
use crate::render::{self, Paper, Profile};

/// Prints the names, and which one this run would use. No configuration is an empty list.
pub(super) async fn list(
    args: &ListArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let (names, used) = match ctx.source().await? {
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
    if args.json {
        return Ok(console.data(render::profiles_json(&profiles))?);
    }
    Ok(console.painted(&render::profiles(&profiles, Paper::of(console)))?)
}
