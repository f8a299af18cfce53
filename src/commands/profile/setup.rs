//! `ksm profile setup`: a profile whose keys stay in a secret of AWS. The secret is read before anything is saved.

use ksm::aws::Identity;
use ksm::environment::boolean;
use ksm::profile::{Edit, ProfileName, bundle};
use ksm::storage::Reference;
use ksm::storage::aws::{self, Fallback};

use super::{new_place, note_mode, prepare, relocate, store};
use crate::cli::profile::{SetupArgs, SetupKind, Storage};
use crate::commands::context::Context;
use crate::commands::enroll;
use crate::console::Console;
use crate::failure::{Code, Failure};

/// Saves where the keys are, once they were seen there.
pub(super) async fn setup(
    args: SetupArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let name = match args
        .profile
        .clone()
        .or_else(|| ctx.wanted().map(|name| name.to_string()))
    {
        Some(name) => ProfileName::new(&name)?,
        None => ProfileName::default(),
    };
    let reference = match args.kind {
        SetupKind::Aws => of_aws(&args)?,
        SetupKind::Keyring => return into_keyring(&args, ctx, console).await,
    };
    let file = args.ini_file.as_deref().or(ctx.ini_file());
    let place = new_place(file, Some(Storage::Ini), ctx).await?;
    let around = ctx.around();
    let mut edit = Edit::begin(&place, &around).await?;
    prepare(&edit, &name, ctx, console);
    edit.rehearse(&name).await?;

    ctx.check_connection_settings()?;
    let text = aws::load(&reference, &around.ambient()).await?;
    let profile = bundle::read_one(text.expose())
        .map_err(|error| Failure::new(Code::Local, error))
        .and_then(|config| Ok(config.open(None)?));
    let profile = profile.map_err(|failure| {
        failure
            .while_doing(format!("{reference} holds no profile"))
            .hint("`ksm profile push NAME --secret SECRET` writes one into it")
    })?;
    if let Some(note) = &profile.note {
        console.warn(&note.to_string());
    }

    edit.refer(&name, &Reference::Aws(reference))?;
    edit.save().await?;
    note_mode(&place, ctx, console);
    console.note(&enroll::added(&name, &place));
    Ok(())
}

/// What `profile move --to keyring` does, for the profile in use if none is named.
async fn into_keyring(
    args: &SetupArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    if args.ini_file.is_some() {
        return Err(Failure::usage(
            "a file is named, and the keyring is asked for; only one of them can have the profile",
        ));
    }
    let named = args.profile.clone().map(ProfileName::existing);
    let wanted = named.or(ctx.wanted());
    let store = store(wanted.as_ref(), ctx).await?;
    let name = store.choose(wanted.as_ref())?;
    relocate::between(name.as_str(), Storage::Keyring, None, ctx, console).await
}

fn of_aws(args: &SetupArgs) -> Result<aws::Reference, Failure> {
    let (secret, identity) = super::aws::named(&args.aws, args.credentials)?;
    if matches!(identity, Identity::Keys { .. }) && !args.store_keys {
        return Err(Failure::usage(
            "With --credentials=keys the AWS keys are kept in keeper.ini, which takes the option --store-keys",
        )
        .hint("`aws configure --profile NAME` keeps them with AWS's own; then use --credentials profile -n NAME"));
    }
    let fallback = match args.fallback.as_deref().map(boolean) {
        None | Some(Some(false)) => Fallback::Never,
        Some(Some(true)) => Fallback::ToDefault,
        Some(None) => return Err(Failure::usage("--fallback is either true or false")),
    };
    Ok(aws::Reference {
        secret,
        identity,
        fallback,
    })
}
