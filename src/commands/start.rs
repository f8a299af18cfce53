//! The start with `KSM_TOKEN` (security B2, decision D12).

use ksm::private_file;
use ksm::profile::locate::Located;
use ksm::profile::store::Origin;
use ksm::profile::{Edit, Pending, Place, Profile, ProfileName, Source};

use super::context::{self, Context};
use super::enroll::{self, Enrolment, Outcome};
use crate::console::Level;
use crate::failure::{Code, Failure};

/// Where there is no profile, one is made and used in the same run.
pub(crate) async fn from_environment(ctx: &Context, source: Source) -> Result<Profile, Failure> {
    let around = ctx.around();
    let Some(token) = around.text("KSM_TOKEN") else {
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
    ctx.words.log(Level::Info, &text);
    enroll::warn_of_key(&enrolment, ctx);
    let (http, options) = (ctx.http()?, ctx.options()?);
    if ctx.globals.ephemeral || around.flag("KSM_EPHEMERAL") {
        let mut redeemed = enrolment.in_memory(http, &options).await?;
        redeemed.confirm().await;
        return Ok(redeemed.profile);
    }
    let edit = match &source {
        Source::Store(store) => match &store.origin {
            Origin::Place(place) => Edit::begin(place, &around).await?,
            Origin::Variable(_) => return Err(context::no_profile(store)),
        },
        Source::Nothing(_) => first_writable(enrolment.client_id(), ctx).await?,
    };
    let path = edit.path().to_owned();
    match enrolment
        .redeem_into(edit, http, &options, around.var)
        .await?
    {
        Outcome::Bound(profile) => {
            ctx.words.note(&format!(
                "Added profile {} to INI config file located at {}",
                enrolment.name(),
                path.display()
            ));
            Ok(profile)
        }
        Outcome::Known(_, profile) => Ok(profile),
    }
}

/// The first place that takes a store, or the one where this token's bind was begun (decision D12).
async fn first_writable(client_id: &str, ctx: &Context) -> Result<Edit, Failure> {
    let around = ctx.around();
    let mut places = around.new_store_unattended();
    places.sort_by_key(|path| !Pending::is_beside(path, client_id));
    let mut reasons = Vec::new();
    for path in places {
        let directory = path.parent().map(private_file::create_directory);
        let located = Located {
            policy: around.policy_of(&path),
            path,
        };
        let begun = match directory {
            Some(Err(reason)) => Err(reason.into()),
            _ => Edit::begin(&Place::File(located), &around).await,
        };
        let tried = match begun {
            Ok(edit) => edit.rehearse().await.map(|()| edit),
            Err(reason) => Err(reason),
        };
        match tried {
            Ok(edit) => {
                if let Some(warning) = around.git_warning(edit.path()).filter(|_| edit.is_new()) {
                    ctx.words.warn(&warning);
                }
                return Ok(edit);
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
