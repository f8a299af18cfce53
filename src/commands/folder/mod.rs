//! `ksm folder`: a file per verb.

mod add;
mod delete;
mod list;
mod update;

use ksm::foreign::Text;

use super::context::Context;
use crate::cli::folder::FolderCommand;
use crate::console::Console;
use crate::failure::Result;

pub(super) async fn run(
    command: &FolderCommand,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    match command {
        FolderCommand::List(args) => list::list(args, ctx, console).await,
        FolderCommand::Add(args) => add::add(args, ctx, console).await,
        FolderCommand::Update(args) => update::update(args, ctx, console).await,
        FolderCommand::Delete(args) => delete::delete(args, ctx, console).await,
    }
}

fn warn_of_namesake(title: &str, console: &Console) {
    console.warn(&format!(
        "there is a folder called `{}` beside it already, so this name will be ambiguous",
        Text::from(title)
    ));
}
