//! Looks at everything a profile needs to work, from its store to the vault. Nothing is bound, nothing is stored, and no
//! secret is opened.

use std::time::Duration;

use ksm::clock;
use ksm::http::probe::Clocks;
use ksm::http::verifier::Verification;
use ksm::http::{self, Http, Settings};
use ksm::profile::{Profile, ProfileName, Store, discover};
use ksm::vault::{Client, Pong};
use ksm::wire::endpoint::HostName;

use super::checklist::Checklist;
use crate::commands::context::Context;
use crate::commands::notices::SHOWN;
use crate::failure::{Code, Failure};
use crate::render::Topic;

/// One-time codes change every 30 seconds.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(30);

/// Looks at one profile for as long as things work; `None` once something does not.
pub(super) async fn examine(
    list: &mut Checklist,
    store: &dyn Store,
    name: &ProfileName,
    ctx: &Context,
) -> Option<()> {
    let profile = open(list, store, name, ctx).await?;
    let http = connect(list, &profile.host, ctx).await?;
    ask(list, http, profile, ctx).await
}

async fn open(
    list: &mut Checklist,
    store: &dyn Store,
    name: &ProfileName,
    ctx: &Context,
) -> Option<Profile> {
    let elsewhere = list.passed(Topic::Store, store.keys_elsewhere(name))?;
    let config = list.passed(Topic::Store, store.config(name).await)?;
    let location = store.location();
    let keys = elsewhere.as_deref().unwrap_or(store).location();
    list.fine(
        Topic::Store,
        match keys == location {
            true => location,
            false => format!("{location}, with its keys in {keys}"),
        },
    );
    for warning in store.warnings() {
        list.warn(Topic::Store, warning, None);
    }
    tell_of_hidden(list, store, name, ctx).await;
    let host = list.passed(Topic::Profile, ctx.host())?;
    let profile = store.checked(name, &config, host.as_ref());
    let profile = list.passed(Topic::Profile, profile)?;
    let because = host.map_or("", |_| ", as KSM_HOSTNAME says");
    let text = format!(
        "its keys are complete; its vault is at {}{because}",
        profile.host
    );
    list.fine(Topic::Profile, text);
    if let Some(note) = &profile.note {
        list.warn(Topic::Profile, note.to_string(), None);
    }
    Some(profile)
}

/// A file goes before the keyring, which is easily forgotten (D9).
async fn tell_of_hidden(
    list: &mut Checklist,
    store: &dyn Store,
    name: &ProfileName,
    ctx: &Context,
) {
    // A fault of a keyring that is not in use does not matter here.
    if let Ok(Some(beaten)) = discover::hidden_by(store, &ctx.store_context()).await
        && beaten.has(name)
    {
        let text = format!(
            "the {} has a profile `{name}` too, which is not used",
            beaten.location()
        );
        list.warn(Topic::Store, text, None);
    }
}

async fn connect(list: &mut Checklist, host: &HostName, ctx: &Context) -> Option<Http> {
    list.passed(Topic::Network, ctx.may_connect())?;
    let url = format!("https://{host}/");
    let settings = Settings::from_environment(&ctx.environment);
    let settings = list.passed(Topic::Network, settings)?;
    let http = list.passed(Topic::Network, Http::new(&settings, &|_| {}))?;
    let met = match http.meet(&url).await {
        Ok(met) => met,
        Err(error) => return explain(list, host, &http, error, settings).await,
    };
    list.fine(
        Topic::Network,
        match (http.proxy_before(&url), met.address) {
            (Some(proxy), _) => format!("{host} answers, by way of the proxy in {proxy}"),
            (None, Some(address)) => {
                let milliseconds = met.took.as_millis();
                format!("{host} answers at {address} after {milliseconds} ms")
            }
            (None, None) => format!("{host} answers"),
        },
    );
    match settings.verification {
        Verification::Required => list.fine(Topic::Tls, format!("{host} proves who it is")),
        Verification::Skipped(_) => list.warn(
            Topic::Tls,
            "KSM_SKIP_VERIFY is set: whoever answers is taken for the server",
            Some("KSM_CA_FILE makes a private certificate authority known instead"),
        ),
    }
    compare(list, met.clocks);
    Some(http)
}

/// Finds out what it is that fails.
async fn explain(
    list: &mut Checklist,
    host: &HostName,
    http: &Http,
    error: http::Error,
    mut settings: Settings,
) -> Option<Http> {
    let url = format!("https://{host}/");
    if error.is_about_proxy() {
        return list.passed(Topic::Network, Err(error));
    }
    let before_tls = match error {
        http::Error::Lookup { .. } | http::Error::NameServers { .. } => {
            return list.passed(Topic::Network, Err(error));
        }
        http::Error::Connect { .. } => true,
        _ => false,
    };
    if before_tls {
        list.passed(Topic::Network, http.reach(&url).await)?;
    }
    list.fine(Topic::Network, format!("{host} answers"));
    if before_tls {
        let hint = "something else than the vault answers: check the host of the profile";
        return list.passed(Topic::Tls, Err(Failure::from(error).hint(hint)));
    }
    if !error.is_about_time() {
        return list.passed(Topic::Tls, Err(error));
    }
    // The time that an unproven server tells decides about a hint, and nothing else.
    settings.verification = Verification::Skipped("");
    let clocks = match Http::new(&settings, &|_| {}) {
        Ok(unproven) => unproven.meet(&url).await.ok().and_then(|met| met.clocks),
        Err(_) => None,
    };
    let hint = match clocks {
        Some(clocks) if clocks.apart() > CLOCK_TOLERANCE => format!("{}: set it", apart(clocks)),
        None => "check the clock of this machine; the server does not tell its time".to_owned(),
        Some(_) => "whoever runs that server has to renew its certificate".to_owned(),
    };
    list.passed(Topic::Tls, Err(Failure::from(error).hint(hint)))
}

fn compare(list: &mut Checklist, clocks: Option<Clocks>) {
    let Some(clocks) = clocks else {
        list.fine(Topic::Clock, "the server does not tell its time");
        return;
    };
    let seconds = clocks.apart().as_secs();
    if clocks.apart() <= CLOCK_TOLERANCE {
        list.fine(Topic::Clock, format!("{seconds} s from the server's"));
        return;
    }
    list.warn(
        Topic::Clock,
        apart(clocks),
        Some("set it: one-time codes, certificates and requests to AWS depend on it"),
    );
}

fn apart(clocks: Clocks) -> String {
    let side = match clocks.ours_is_ahead() {
        true => "ahead of",
        false => "behind",
    };
    let seconds = clocks.apart().as_secs();
    format!("this machine's clock is {seconds} s {side} the server's")
}

async fn ask(list: &mut Checklist, http: Http, profile: Profile, ctx: &Context) -> Option<()> {
    let connection = list.passed(Topic::Server, ctx.connection_by(http))?;
    let key = profile.server_key.id();
    let vault = Client::new(connection, profile.host, profile.server_key, profile.device);
    let pong = list.passed(Topic::Server, vault.ping().await)?;
    let ended = pong.expires_on.filter(|end| *end <= milliseconds_now());
    if let Some(end) = ended.and_then(clock::http_date) {
        let text = format!("the access of this device ended, {end}");
        let failure = Failure::new(Code::Refused, text);
        return list.passed(
            Topic::Server,
            Err(failure.hint("an administrator can extend it in the application's devices")),
        );
    }
    list.fine(Topic::Server, accepted(&pong));
    for warning in pong.warnings.iter().take(SHOWN) {
        list.warn(Topic::Server, warning.to_string(), None);
    }
    if let Some(more @ 1..) = pong.warnings.len().checked_sub(SHOWN) {
        let text = format!("{more} more warnings came from the server");
        list.warn(Topic::Server, text, None);
    }
    if pong.server_key != key {
        list.warn(
            Topic::Server,
            format!("it asks for its key {} instead of {key}", pong.server_key),
            Some("every command does so until the key is stored, which the next one tries"),
        );
    }
    tell_what_is_shared(list, &vault).await
}

async fn tell_what_is_shared(list: &mut Checklist, vault: &Client) -> Option<()> {
    let shared = list.passed(Topic::Server, vault.count().await)?;
    let counted = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    let (records, folders) = (
        counted(shared.records, "record"),
        counted(shared.folders, "folder"),
    );
    match shared.records {
        0 => list.warn(
            Topic::Server,
            format!("no record and {folders} are shared with the application"),
            Some("an administrator can share records or folders with it"),
        ),
        _ => list.fine(
            Topic::Server,
            format!("{records} and {folders} are shared with the application"),
        ),
    }
    Some(())
}

fn milliseconds_now() -> u64 {
    let seconds = clock::nearest().unix_timestamp();
    u64::try_from(seconds).unwrap_or_default() * 1000
}

fn accepted(pong: &Pong) -> String {
    let end = pong.expires_on.map(|milliseconds| {
        let end = clock::http_date(milliseconds);
        format!(
            ", until {}",
            end.as_deref().unwrap_or("after the year 9999")
        )
    });
    format!("it accepts this device{}", end.unwrap_or_default())
}
