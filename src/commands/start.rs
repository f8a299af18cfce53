//! The start with `KSM_TOKEN` (security B2, decision D12).

use ksm::environment::names;
use ksm::private_file;
use ksm::profile::locate::Located;
use ksm::profile::{Edit, Origin, Place, Profile, ProfileName, Source, pending};

use super::context::{self, Context};
use super::enroll::{self, Enrolment, Outcome};
use crate::console::Level;
use crate::failure::{Code, Failure};

/// Where there is no profile, one is made and used in the same run.
pub(crate) async fn from_environment(ctx: &Context, source: Source) -> Result<Profile, Failure> {
    let around = ctx.around();
    let Some(token) = ctx.environment.text(names::KSM_TOKEN) else {
        return Err(match source {
            Source::Nothing(looked) => context::no_configuration(&looked),
            Source::Store(store) => context::no_profile(&store),
        });
    };
    let name = match ctx.wanted() {
        Some(name) => ProfileName::new(name.as_str())?,
        None => ProfileName::default(),
    };
    let enrolment = Enrolment::new(&token, None, ctx.host()?, name)?;
    let text = format!("configuration from KSM_TOKEN, profile {}", enrolment.name());
    ctx.messages.log(Level::Info, &text);
    enroll::warn_of_key(&enrolment, ctx);
    let (http, options) = (ctx.http()?, ctx.options()?);
    if ctx.globals.ephemeral || ctx.environment.flag(names::KSM_EPHEMERAL) {
        let mut redeemed = enrolment.in_memory(http, &options).await?;
        redeemed.confirm().await;
        return Ok(redeemed.profile);
    }
    let (place, edit) = match &source {
        Source::Store(store) => match &store.origin {
            Origin::Place(place) => (place.clone(), Edit::begin(place, &around).await?),
            Origin::Variable(_) => return Err(context::no_profile(store)),
        },
        Source::Nothing(_) => first_writable(&enrolment, ctx).await?,
    };
    // The token is for where there is no profile, and while we waited for the lock somebody may have made one.
    if !edit.store.names().is_empty() && edit.of_device(enrolment.client_id()).await?.is_none() {
        return ctx.open(&edit.store).await;
    }
    match enrolment
        .redeem_into(edit, http, &options, &around.ambient())
        .await?
    {
        Outcome::Bound(profile) => {
            ctx.messages.note(&enroll::added(enrolment.name(), &place));
            Ok(profile)
        }
        Outcome::Known(_, profile) => Ok(profile),
    }
}

/// The first place that takes a store, or the one where this token's bind was begun (decision D12).
async fn first_writable(enrolment: &Enrolment, ctx: &Context) -> Result<(Place, Edit), Failure> {
    let around = ctx.around();
    let mut places = around.new_store_unattended();
    places.sort_by_key(|path| !pending::is_beside(path, enrolment.client_id()));
    let mut reasons = Vec::new();
    for path in places {
        let directory = path.parent().map(private_file::create_directory);
        let located = Located {
            policy: around.policy_of(&path),
            path,
        };
        let place = Place::File(located);
        let begun = match directory {
            Some(Err(reason)) => Err(reason.into()),
            _ => Edit::begin(&place, &around).await,
        };
        let tried = match begun {
            Ok(edit) => edit.rehearse(enrolment.name()).await.map(|()| edit),
            Err(reason) => Err(reason),
        };
        match tried {
            Ok(edit) => {
                if let Some(warning) = edit.new_file().and_then(|path| around.git_warning(path)) {
                    ctx.messages.warn(&warning);
                }
                return Ok((place, edit));
            }
            Err(reason) => reasons.push(Failure::from(reason).reason()),
        }
    }
    Err(Failure::new(
        Code::Local,
        format!(
            "there is no place to save the profile, so KSM_TOKEN was not used: {}",
            reasons.join("; ")
        ),
    )
    .hint("KSM_INI_DIR names a directory for it; `--ephemeral` (KSM_EPHEMERAL=true) keeps it in memory for one run"))
}
