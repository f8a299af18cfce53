//! `ksm profile rename`.

use ksm::profile::{Edit, Kept, Place, ProfileName};
use ksm::storage::Reference;

use super::{changeable, named};
use crate::cli::profile::RenameArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure};

/// Gives a profile another name where it is; the active one stays active.
pub(super) async fn rename(
    args: &RenameArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let to = ProfileName::new(&args.to)?;
    let (name, store) = named(&args.name, ctx).await?;
    let place = changeable(&store, &name)?;
    let mut edit = Edit::begin(place, &ctx.around()).await?;
    edit.store.choose(Some(&name))?;
    if edit.store.has(&to) {
        return Err(Failure::new(
            Code::Local,
            format!("there is a profile `{to}` in {place} already"),
        )
        .hint("`ksm profile delete` removes it, if it is not needed"));
    }
    // An item of the keyring is found by the name of the section that refers to it.
    if let (Place::File(_), Kept::There(Reference::Keyring(_))) = (place, edit.store.kept(&name)?) {
        return Err(Failure::new(
            Code::Local,
            format!("the keys of profile `{name}` are in the OS keyring by this name"),
        )
        .hint(format!(
            "`ksm profile move {name} --to ini` takes them to the file"
        )));
    }
    edit.rename(&name, &to)?;
    edit.save().await?;
    console.note(&format!("Profile {name} is called {to} now."));
    Ok(())
}
