//! `ksm init`: a one-time token becomes a configuration for others to use. Nothing is stored here, so from the moment
//! the token is sent the answer is the only copy of the device's keys: it is delivered before anything else happens,
//! and what keeps it from its place sends it to stdout.

use std::time::Duration;

use ksm::kubernetes::{self, Mutability};
use ksm::profile::redeem::{Redeemed, Redemption};
use ksm::profile::{ProfileName, bundle};
use ksm::sensitive::Sensitive;
use ksm::wire::endpoint::HostName;
use tokio::time::timeout;

use super::context::Context;
use super::token;
use crate::cli::init::{DefaultArgs, InitCommand, K8sArgs, RedeemArgs};
use crate::console::{Console, OutputTarget};
use crate::failure::{Code, Failure};

mod kubectl;

use kubectl::Kubectl;

/// A courtesy to the server, which nobody should have to wait for.
const CONFIRMATION_LIMIT: Duration = Duration::from_secs(10);

pub(super) async fn run(
    command: InitCommand,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    match command {
        InitCommand::Default(args) => default(args, ctx, console).await,
        InitCommand::K8s(args) => k8s(args, ctx, console).await,
    }
}

async fn default(args: DefaultArgs, ctx: &Context, console: &mut Console) -> Result<(), Failure> {
    let redeemed = redeem(&args.redeem, ctx, console).await?;
    let json = bundle::to_json(&redeemed.config);
    let text = if args.plain {
        json
    } else {
        bundle::to_base64(&json)
    };
    let delivered = deliver(&text, console);
    confirm(redeemed).await;
    delivered
}

async fn k8s(args: K8sArgs, ctx: &Context, console: &mut Console) -> Result<(), Failure> {
    let kubectl = args.apply.then(|| Kubectl::find(ctx)).transpose()?;
    let redeemed = redeem(&args.redeem, ctx, console).await?;
    let mutability = if args.immutable {
        Mutability::Immutable
    } else {
        Mutability::Mutable
    };
    let json = bundle::to_json(&redeemed.config);
    let manifest = kubernetes::manifest(&args.name, &args.namespace, mutability, &json);
    let delivered = match kubectl {
        Some(kubectl) => apply(kubectl, &manifest, console),
        None => deliver(&manifest, console),
    };
    confirm(redeemed).await;
    delivered
}

/// Checks all that can be checked here, and spends the token.
async fn redeem(args: &RedeemArgs, ctx: &Context, console: &Console) -> Result<Redeemed, Failure> {
    let host = args.hostname.as_deref().map(HostName::parse).transpose()?;
    let token = token::given(&args.token, ctx)?;
    let name = ProfileName::default();
    let redemption = Redemption::new(token.expose(), host, ctx.host()?, name)?;
    if !redemption.names_host() {
        return Err(Failure::usage(
            "The hostname must be present in the token or provided as a parameter",
        )
        .hint("`-h EU` names the region the token is from"));
    }
    if let Some(note) = redemption.note() {
        console.warn(&note);
    }
    let http = if args.skip_ssl_verify {
        ctx.unverified_http("--skip-ssl-verify")?
    } else {
        ctx.http()?
    };
    console.check_writable()?;
    Ok(redemption.in_memory(http, &ctx.options()?).await?)
}

fn apply(
    kubectl: Kubectl,
    manifest: &Sensitive<String>,
    console: &mut Console,
) -> Result<(), Failure> {
    let Err(reason) = kubectl.apply(manifest) else {
        console.note("Created secret for KSM config.");
        return Ok(());
    };
    deliver(manifest, console).map_err(|unprinted| unprinted.while_doing(&reason))?;
    Err(Failure::new(
        Code::Failed,
        format!("{reason}, so the manifest was printed instead"),
    )
    .hint(
        "the token is spent, and the manifest holds the device's keys: keep it until `kubectl apply -f -` has taken it",
    ))
}

/// Prints the answer; a file that does not take it after all does not cost it.
fn deliver(text: &Sensitive<String>, console: &mut Console) -> Result<(), Failure> {
    console.note("");
    console.data(text.expose())?;
    if let Err(error) = console.finish() {
        console.set_target(OutputTarget::Stdout);
        console.data(text.expose())?;
        return Err(Failure::new(Code::Failed, error)
            .hint("the token is spent; what should be in the file was printed to stdout instead"));
    }
    console.note("");
    Ok(())
}

async fn confirm(mut redeemed: Redeemed) {
    let _ = timeout(CONFIRMATION_LIMIT, redeemed.confirm()).await;
}
