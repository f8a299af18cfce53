//! `ksm init`: a one-time token becomes a configuration for others to use. The keys are kept as a bind under way until
//! they were delivered (T2): the same token prints them again.

use std::time::Duration;

use ksm::json;
use ksm::kubernetes::{self, Mutability};
use ksm::profile::Binds;
use ksm::profile::redeem::{Redeemed, Redemption};
use ksm::profile::{PlacedBinds, ProfileName, bundle};
use ksm::sensitive::Sensitive;
use ksm::wire::endpoint::HostName;
use serde_json::json;
use tokio::time::timeout;

use super::context::Context;
use super::token;
use crate::cli::init::{DefaultArgs, InitCommand, K8sArgs, RedeemArgs};
use crate::console::{self, Console, OutputTarget};
use crate::failure::{Code, Failure, Result};

mod kubectl;

use kubectl::Kubectl;

/// A courtesy to the server, which nobody should have to wait for.
const CONFIRMATION_LIMIT: Duration = Duration::from_secs(10);

pub(super) async fn run(command: InitCommand, ctx: &Context, console: &mut Console) -> Result<()> {
    match command {
        InitCommand::Default(args) => default(args, ctx, console).await,
        InitCommand::K8s(args) => k8s(args, ctx, console).await,
    }
}

async fn default(args: DefaultArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let undelivered = redeem(&args.redeem, ctx, console).await?;
    let json = bundle::to_json(&undelivered.redeemed.config);
    let text = if args.plain {
        json
    } else {
        bundle::to_base64(&json)
    };
    let delivered = deliver(&text, console);
    undelivered.end(delivered).await
}

async fn k8s(args: K8sArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let kubectl = args.apply.then(|| Kubectl::find(ctx)).transpose()?;
    let undelivered = redeem(&args.redeem, ctx, console).await?;
    let mutability = if args.immutable {
        Mutability::Immutable
    } else {
        Mutability::Mutable
    };
    let config = bundle::to_json(&undelivered.redeemed.config);
    let manifest = match args.json {
        true => kubernetes::json_manifest,
        false => kubernetes::manifest,
    }(&args.name, &args.namespace, mutability, &config);
    let delivered = match kubectl {
        Some(kubectl) => apply(kubectl, &manifest, &args, console),
        None => deliver(&manifest, console),
    };
    undelivered.end(delivered).await
}

/// How the command ends once the text is where somebody can find it, or why it is nowhere.
type Delivery = Result<Result<()>, console::Error>;

/// A token that was redeemed, and where the keys are kept until they are delivered.
struct Undelivered {
    redeemed: Redeemed,
    client_id: String,
    binds: PlacedBinds,
}

impl Undelivered {
    async fn end(mut self, delivered: Delivery) -> Result<()> {
        let error = match delivered {
            Ok(ended) => {
                let _ = self.binds.forget(&self.client_id).await;
                let _ = timeout(CONFIRMATION_LIMIT, self.redeemed.confirm()).await;
                return ended;
            }
            Err(error) => error,
        };
        let hint = match self.binds.kept(&self.client_id).await {
            Some(_) => {
                "the token is spent, and what it gave is kept here for a day: the same command with the same token \
                 prints it"
            }
            None => "the token is spent, and what it gave is lost; another one is needed",
        };
        // Not a console error any more: a reader who went away is no success here.
        Err(Failure::new(Code::Failed, error).hint(hint))
    }
}

/// Checks all that can be checked here, and spends the token.
async fn redeem(args: &RedeemArgs, ctx: &Context, console: &mut Console) -> Result<Undelivered> {
    let host = args.hostname.as_deref().map(HostName::parse).transpose()?;
    let token = token::given(&args.token, ctx)?;
    let name = ProfileName::default();
    let redemption = Redemption::new(token.expose(), host, ctx.host()?, name)?;
    if !redemption.names_host {
        return Err(Failure::usage(
            "The hostname must be present in the token or provided as a parameter",
        )
        .hint("`-h EU` names the region the token is from"));
    }
    if let Some(note) = redemption.note() {
        console.warn(&note.to_string());
    }
    let http = if args.skip_ssl_verify {
        ctx.unverified_http("--skip-ssl-verify")?
    } else {
        ctx.http()?
    };
    console.check_writable()?;
    let binds = PlacedBinds::new(&ctx.environment);
    let connection = ctx.connection_by(http)?;
    let redeemed = redemption.redeem_for_others(&binds, connection).await;
    let redeemed = redeemed
        .map_err(|error| token::refused(error, &token, ctx, "`ksm profile export` prints it"))?;
    Ok(Undelivered {
        redeemed,
        client_id: redemption.client_id,
        binds,
    })
}

fn apply(
    kubectl: Kubectl,
    manifest: &Sensitive<String>,
    args: &K8sArgs,
    console: &mut Console,
) -> Delivery {
    let Err(reason) = kubectl.apply(manifest) else {
        if args.json {
            let applied =
                json!({ "name": args.name.as_str(), "namespace": args.namespace.as_str() });
            console.data(json::pretty(&json!({ "applied": applied })))?;
        } else {
            console.note("Created secret for KSM config.");
        }
        return Ok(Ok(()));
    };
    if let Err(unprinted) = deliver(manifest, console)? {
        return Ok(Err(unprinted.while_doing(&reason)));
    }
    Ok(Err(Failure::new(
        Code::Failed,
        format!("{reason}, so the manifest was printed instead"),
    )
    .hint(format!(
        "the token is spent, and the manifest holds the device's keys: keep it until `kubectl {}` has taken it",
        kubernetes::APPLY_CONFIG
    ))))
}

/// Prints the answer; a file that does not take it after all does not cost it.
fn deliver(text: &Sensitive<String>, console: &mut Console) -> Delivery {
    console.set_off();
    console.data(text.expose())?;
    if let Err(error) = console.finish() {
        console.set_target(OutputTarget::Stdout);
        console.check_open()?;
        console.data(text.expose())?;
        return Ok(Err(Failure::new(Code::Failed, error).hint(
            "the token is spent; what should be in the file was printed to stdout instead",
        )));
    }
    console.set_off();
    Ok(Ok(()))
}
