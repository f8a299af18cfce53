//! `ksm config show`.

use ksm::environment::boolean;

use crate::cli::config::ShowArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Failure;
use crate::render::ConfigTable;

/// Prints the settings; without any configuration, those a run has all the same.
pub(super) async fn show(
    args: &ShowArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let store = ctx.store().await?;
    let text = |key: &str| {
        let value = store.as_ref().and_then(|store| store.setting(key));
        value.filter(|value| !value.is_empty())
    };
    let flag = |key: &str, usual: bool| text(key).and_then(boolean).unwrap_or(usual);
    let settings = ConfigTable {
        active: text("active_profile"),
        cache: flag("cache", false),
        color: flag("color", true),
        record_type_dir: text("record_type_dir"),
        editor: text("editor"),
        editor_process: text("editor_process_name"),
        editor_blocking: flag("editor_use_blocking", false),
    };
    ctx.print(&settings, args.json, console)
}
