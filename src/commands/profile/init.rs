//! `ksm profile init`: a one-time token becomes a profile.

use ksm::profile::locate::Located;
use ksm::profile::{Edit, Place, ProfileName};
use ksm::wire::endpoint::HostName;

use super::{new_place, note_mode, prepare};
use crate::cli::profile::InitArgs;
use crate::commands::context::Context;
use crate::commands::enroll::{self, Enrolment, Outcome};
use crate::commands::token;
use crate::console::Console;
use crate::failure::{Code, Failure};

/// Redeems the token and saves the profile. All that the command line says is checked before.
pub(super) async fn init(
    args: InitArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let around = ctx.around();
    let name = match args
        .profile
        .clone()
        .map(ProfileName::existing)
        .or(ctx.wanted())
    {
        Some(name) => ProfileName::new(name.as_str())?,
        None => ProfileName::default(),
    };
    let host = args.hostname.as_deref().map(HostName::parse).transpose()?;
    let token = token::given(&args.token, ctx)?;
    let enrolment = Enrolment::new(token.expose(), host, ctx.host()?, name)?;
    enroll::warn_of_key(&enrolment, ctx);
    if args.ini_file.is_some() && ctx.ini_file().is_some() {
        console.note(
            "NOTE: The INI file config was set on the top level command and also set on the init sub-command. The top \
             level command parameter will be ignored for the init sub-command.",
        );
    }
    let file = args.ini_file.as_deref().or(ctx.ini_file());
    let place = new_place(file, args.storage, ctx).await?;
    let (http, options) = (ctx.http()?, ctx.options()?);
    let hidden = around.find().filter(|found| match &place {
        Place::File(located) => found.path != located.path,
        Place::Keyring => false,
    });
    let edit = Edit::begin(&place, &around).await?;
    prepare(&edit, enrolment.name(), ctx, console);
    let is_new = edit.new_file().is_some();
    if let Outcome::Known(name, _) = enrolment
        .redeem_into(edit, http, &options, &around.ambient())
        .await?
    {
        return Err(Failure::new(
            Code::Refused,
            format!(
                "the one-time token was already redeemed: it made the profile {name} in {place}"
            ),
        )
        .hint(format!(
            "`ksm -p {name} …` uses it; another profile needs another token"
        )));
    }
    note_mode(&place, ctx, console);
    console.note(&enroll::added(enrolment.name(), &place));
    warn_of_others(&place, hidden.filter(|_| is_new), ctx);
    Ok(())
}

/// Says what else there is: the new profile may not be the one in use, or may be in use unexpectedly.
fn warn_of_others(place: &Place, hidden: Option<Located>, ctx: &Context) {
    let around = ctx.around();
    let variables = ["KSM_CONFIG", "KSM_CONFIG_BASE64_1"];
    if let Some(variable) = variables
        .into_iter()
        .find(|name| ctx.environment.get(name).is_some())
    {
        ctx.messages
            .warn(&format!("{variable} is set, and goes before every file"));
    }
    let Place::File(Located { path, .. }) = place else {
        return shadowed(ctx);
    };
    let used_now = || around.find().is_some_and(|found| found.path == *path);
    if let Some(hidden) = hidden.filter(|_| used_now()) {
        ctx.messages.warn(&format!(
            "{} is used here from now on, and no longer {}",
            path.display(),
            hidden.path.display()
        ));
    }
}

/// Says that a file goes before the keyring (decision D9).
fn shadowed(ctx: &Context) {
    if let Some(file) = ctx.around().find() {
        ctx.messages.warn(&format!(
            "{} goes before the {} for every profile that it has",
            file.path.display(),
            Place::Keyring
        ));
    }
}
