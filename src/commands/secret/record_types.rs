//! The record types that a command knows: the built-in ones, and the user's own where they are needed.

use std::path::PathBuf;

use ksm::error_chain;
use ksm::profile::search;
use ksm::schema::RecordTypes;

use crate::commands::context::Context;
use crate::failure::Result;

/// Looked for where no `record_type_dir` is set.
const DIRECTORY: &str = "record_type";

/// Warns of files that hold no types.
pub(super) async fn all(ctx: &Context) -> Result<RecordTypes> {
    let mut types = RecordTypes::builtin();
    if let Some(directory) = directory(ctx).await? {
        for rejected in types.load(&directory) {
            let (path, problem) = (rejected.path.display(), rejected.problem);
            let reason = error_chain::joined(&problem);
            ctx.messages.warn(&format!("{path} is not used: {reason}"));
        }
    }
    Ok(types)
}

/// The types among which `name` is looked for. The user's types cannot replace built-in ones, so files are read for other
/// names only.
pub(super) async fn for_name(name: &str, ctx: &Context) -> Result<RecordTypes> {
    for_names(std::iter::once(name), ctx).await
}

pub(super) async fn for_names<'n>(
    mut names: impl Iterator<Item = &'n str>,
    ctx: &Context,
) -> Result<RecordTypes> {
    let builtin = RecordTypes::builtin();
    if names.all(|name| builtin.get(name).is_ok()) {
        return Ok(builtin);
    }
    all(ctx).await
}

/// `record_type_dir`, else a directory `record_type` where a keeper.ini may lie.
async fn directory(ctx: &Context) -> Result<Option<PathBuf>> {
    let wanted = ctx.profile_name(None);
    if let Some(store) = ctx.discover(wanted.as_ref()).await?.store
        && let Some(set) = ctx.vouched_setting(&*store, "record_type_dir")
    {
        return Ok(Some(ctx.environment.absolute(set.as_ref())));
    }
    Ok(search::find_directory(DIRECTORY, &ctx.environment))
}
