//! `ksm profile move --to aws`: the keys are in a secret, and were read back from it, before they go from where they
//! were. The profile itself stays in a `keeper.ini`, which says where its keys are.

use ksm::aws::Identity;
use ksm::profile::{Edit, Place};
use ksm::storage::Reference;

use super::{changeable, named, new_place, note_mode, push, relocate};
use crate::cli::profile::{MoveArgs, Storage};
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Failure;

/// Moves one profile. Whatever fails, it is complete where it was.
pub(super) async fn move_to_aws(
    args: &MoveArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let (reference, kms_key) = super::aws::target(&args.aws)?;
    if let Identity::Keys { .. } = reference.identity {
        let message = "a profile cannot move to AWS with --credentials=keys, which would stay here";
        return Err(Failure::usage(message)
            .hint("`ksm profile push` and `ksm profile setup --store-keys` do it in two steps"));
    }
    let around = ctx.around();
    let (name, store) = named(&args.name, ctx).await?;
    let from = changeable(&store, &name)?;
    let to = match (args.output_file.as_deref(), from) {
        (None, Place::File(_)) => from.clone(),
        (file, _) => new_place(file, Some(Storage::Ini), ctx).await?,
    };
    ctx.check_connection_settings()?;
    let mut old = Edit::begin(from, &around).await?;
    let mut new = match to.is_same(from) {
        true => None,
        false => Some(relocate::make_room(&name, &to, ctx, console).await?),
    };
    let config = relocate::complete(&old.store, &name, ctx).await?;
    push::deposit(&reference, &config, kms_key, ctx).await?;

    let words = reference.to_string();
    let reference = Reference::Aws(reference);
    match &mut new {
        None => old.refer(&name, &reference)?,
        Some(new) => {
            new.refer(&name, &reference)?;
            new.save().await?;
            old.delete(&name).await?;
        }
    }
    old.save().await?;
    note_mode(&to, ctx, console);
    console.note(&format!(
        "Moved the keys of profile {name} from {from} to the {words}; {to} says so."
    ));
    Ok(())
}
