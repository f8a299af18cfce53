//! `ksm keyring`: secrets of other programs (compatibility L).

use ksm::codec;
use ksm::foreign::Text;
use ksm::input::{self, Limit};
use ksm::json;
use ksm::keyring;
use ksm::keyring::utility::{Error, UtilityItems};
use ksm::sensitive::{Sensitive, SensitiveJson};
use serde_json::json;

use super::context::Context;
use super::input::{can_ask, unseen};
use crate::cli::keyring::{CollectionArgs, DelArgs, GetArgs, KeyringArgs, KeyringCommand, SetArgs};
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

pub(super) async fn run(args: KeyringArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    match args.command {
        KeyringCommand::Get(get_args) => get(&get_args, &args.place, ctx, console).await,
        KeyringCommand::Set(set_args) => set(&set_args, &args.place, ctx, console).await,
        KeyringCommand::Del(del_args) => del(&del_args, &args.place, ctx, console).await,
        KeyringCommand::Version(version_args) => {
            let application = args.place.application.as_deref().unwrap_or("lkru");
            if version_args.json {
                let answer = json!({ "name": application, "version": env!("CARGO_PKG_VERSION") });
                return Ok(console.data(json::pretty(&answer))?);
            }
            Ok(console.data(format!("{application} {}\n", env!("CARGO_PKG_VERSION")))?)
        }
    }
}

async fn get(
    args: &GetArgs,
    outer: &CollectionArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let label = &args.label;
    let items = items(&args.place, outer, ctx).await?;
    let mut secret = items
        .get(label)
        .await
        .map_err(|error| failed("get", label, error))?;
    if args.base64 {
        let text = std::str::from_utf8(secret.expose()).unwrap_or("?");
        let decoded = codec::decode(text).map_err(|error| {
            Failure::new(Code::Failed, error)
                .while_doing(format!("Unable to decode base64 secret '{label}'"))
        })?;
        secret = Sensitive::new(decoded);
    }
    if args.json {
        let Ok(text) = std::str::from_utf8(secret.expose()) else {
            let message = format!("the secret '{label}' is no text, which JSON needs");
            return Err(
                Failure::new(Code::Failed, message).hint("without `--json` its bytes are printed")
            );
        };
        let answer = SensitiveJson::new(json!({ "label": label, "secret": text }));
        let answer = Sensitive::new(json::pretty(answer.expose()));
        return Ok(console.data(answer.expose())?);
    }
    secret.expose_mut().push(b'\n');
    Ok(console.data(secret.expose())?)
}

async fn set(
    args: &SetArgs,
    outer: &CollectionArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let label = &args.label;
    // Read before anything is asked of the keyring, so that a prompt does not wait for a pipe.
    let mut secret = match args.secret.expose().as_str() {
        "-" => stdin(args)?,
        typed => Sensitive::new(typed.as_bytes().to_vec()),
    };
    if args.base64 {
        secret = Sensitive::new(codec::encode(secret.expose()).into_bytes());
    }
    let items = items(&args.place, outer, ctx).await?;
    let set = items.set(label, &secret).await;
    set.map_err(|error| failed("create the", label, error))?;
    if args.json {
        let done = format!("secret '{label}' was set");
        console.receipt(&[done], json::pretty(&json!({ "set": label })))?;
    }
    Ok(())
}

fn stdin(args: &SetArgs) -> Result<Sensitive<Vec<u8>>> {
    let label = &args.label;
    let mut secret = if can_ask() {
        unseen(&format!("Secret `{}`", Text::from(label)), "secret")?.into_bytes()
    } else {
        input::stdin(Limit::KEYRING_SECRET).map_err(|reason| {
            Failure::of_input(reason).while_doing(format!(
                "Unable to read the secret '{label}' from standard input"
            ))
        })?
    };
    // The program before it in a pipeline may have failed (D31).
    let is_empty = matches!(secret.expose().as_slice(), b"" | b"\n" | b"\r\n");
    match is_empty && !args.allow_empty {
        true => Err(
            Failure::usage(format!("stdin was empty; the secret '{label}' was not set"))
                .hint("`--allow-empty` sets an empty secret"),
        ),
        false => {
            if !args.keep_newline && !args.base64 {
                input::drop_newline(secret.expose_mut());
            }
            Ok(secret)
        }
    }
}

/// Removes the secrets up to the first that cannot be.
async fn del(
    args: &DelArgs,
    outer: &CollectionArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let items = items(&args.place, outer, ctx).await?;
    for label in &args.labels {
        let deleted = items.delete(label).await;
        deleted.map_err(|error| failed("delete", label, error))?;
    }
    if args.json {
        let done = args
            .labels
            .iter()
            .map(|label| format!("secret '{label}' was deleted"));
        let answer = json::pretty(&json!({ "deleted": args.labels }));
        console.receipt(&done.collect::<Vec<_>>(), answer)?;
    }
    Ok(())
}

async fn items(
    args: &CollectionArgs,
    outer: &CollectionArgs,
    ctx: &Context,
) -> Result<UtilityItems> {
    let application = args.application.as_ref().or(outer.application.as_ref());
    let collection = args.collection.as_ref().or(outer.collection.as_ref());
    let context = ctx.store_context();
    let opened = UtilityItems::open(
        application.map_or("lkru", String::as_str),
        collection.map_or("", String::as_str),
        &context.environment,
        &context.tell,
    );
    let opened = opened.await;
    opened.map_err(|error| told(error).while_doing("Unable to get the default keyring"))
}

/// What a profile may do without is all that this command has, so the hints are others.
fn told(error: Error) -> Failure {
    let hint = match &error {
        Error::Keyring(keyring::Error::NotBuilt) => "the builds for desktops have `ksm keyring`",
        Error::Keyring(keyring::Error::NoBus | keyring::Error::Bus(_) | keyring::Error::Absent) => {
            "a desktop session has a bus and a keyring; elsewhere `dbus-run-session -- sh` starts a bus, and \
             `gnome-keyring-daemon --unlock` a keyring on it"
        }
        Error::Keyring(
            keyring::Error::Locked | keyring::Error::Dismissed | keyring::Error::Unanswered,
        ) => "unlock it, and run the command again",
        Error::Keyring(keyring::Error::Silent | keyring::Error::Gone) => {
            "see whether its service runs"
        }
        Error::Keyring(keyring::Error::NoCollection(_)) => {
            "`-c login` names the collection that most desktops have; `secret-tool search --all xdg:schema \
             org.freedesktop.Secret.Generic` shows what there is"
        }
        _ => return error.into(),
    };
    Failure::from(error).hint(hint)
}

fn failed(verb: &str, label: &str, error: Error) -> Failure {
    told(error).while_doing(format!("Unable to {verb} secret '{label}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_name_no_place_of_profiles() {
        for error in [
            keyring::Error::NotBuilt,
            keyring::Error::NoBus,
            keyring::Error::Absent,
            keyring::Error::Locked,
            keyring::Error::Dismissed,
            keyring::Error::Silent,
        ] {
            let failure = told(error.into());
            let hint = failure.advice().unwrap_or_default();
            assert!(!hint.contains("--ini-file"), "{failure}");
        }
    }
}
