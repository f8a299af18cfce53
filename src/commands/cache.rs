//! The cache of a run: whether it is used, where it lies, and clearing it (D39).

use std::path::PathBuf;
use std::time::Duration;

use ksm::cache::{self, Cache, Stock};
use ksm::clock;
use ksm::device::Device;
use ksm::environment::{boolean, names};
use ksm::json;
use ksm::limits;
use ksm::profile::{Profile, ProfileName, Store};
use ksm::vault::{Ages, Kept};
use serde_json::json;
use tokio::time::timeout;

use super::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

impl Context {
    /// The cache of the profile's device, where this run has one.
    pub(super) fn kept(
        &self,
        profile: &Profile,
        store: Option<&dyn Store>,
    ) -> Result<Option<Kept>> {
        // What was kept before is read, whether or not anything is kept now.
        if !self.globals.offline && !self.keeps_answers(store)? {
            if self.globals.fresh_for.is_some() {
                let text =
                    "`--fresh-for` changes nothing: no answers are kept, and `--cache` keeps them";
                self.messages.warn(text);
            }
            let directory = cache::directory(&self.environment);
            let directory =
                directory.filter(|place| place.is_dir() && self.globals.cache().is_none());
            let cache = directory
                .map(|place| Cache::new(place, &profile.device, &profile.host.to_string()));
            return Ok(cache.filter(Cache::has_answers).map(Kept::off));
        }
        let Some(directory) = cache::directory(&self.environment) else {
            if self.globals.offline {
                return Err(no_place());
            }
            self.messages
                .warn(&format!("no answer is kept: {NO_PLACE}"));
            return Ok(None);
        };
        let ages = Ages {
            most: self.globals.max_age.unwrap_or(limits::CACHE_AGE),
            fresh: self.globals.fresh_for,
        };
        let host = profile.host.to_string();
        let cache = Cache::new(directory, &profile.device, &host);
        Ok(Some(Kept::new(cache, ages)))
    }

    /// By option, else by variable, else by the setting beside the profile; off otherwise.
    fn keeps_answers(&self, store: Option<&dyn Store>) -> Result<bool> {
        if let Some(on) = self.globals.cache() {
            return Ok(on);
        }
        let on = self.environment.boolean(names::KSM_CACHE)?;
        let setting = || store?.setting("cache").and_then(boolean);
        Ok(on.or_else(setting).unwrap_or_default())
    }

    /// The device of a profile that is about to go, if it has answers in the cache that nobody could open afterwards.
    pub(super) async fn device_with_answers(
        &self,
        name: &ProfileName,
        store: &dyn Store,
    ) -> Option<(PathBuf, Device)> {
        let directory = cache::directory(&self.environment).filter(|place| place.is_dir())?;
        // Keys in another place may take a request, which a deletion does not wait for long.
        let config = timeout(LONGEST_LOOK, store.config(name)).await.ok()?;
        let profile = config.ok()?.open(None).ok()?;
        Some((directory, profile.device))
    }

    /// Removes the answers of a device.
    pub(super) fn forget_answers(&self, directory: PathBuf, device: &Device) {
        if let Err(error) = Cache::new(directory, device, "").forget() {
            let reason = Failure::from(error).reason();
            self.messages
                .warn(&format!("its answers are still in the cache: {reason}"));
        }
    }
}

const LONGEST_LOOK: Duration = Duration::from_secs(5);
const NO_PLACE: &str = "KSM_CACHE_DIR is not set, and HOME names no directory that exists";

fn no_place() -> Failure {
    Failure::new(Code::Local, NO_PLACE)
}

/// Prints whether answers are kept, where, and how many there are.
pub(super) async fn show(json: bool, ctx: &Context, console: &mut Console) -> Result<()> {
    let store = ctx.store().await?;
    let is_enabled = ctx.keeps_answers(store.as_deref())?;
    if json {
        let directory = cache::directory(&ctx.environment);
        let stock = directory.as_deref().map(cache::stock).transpose()?;
        let answer = json!({
            "enabled": is_enabled,
            "directory": directory.as_ref().map(|place| place.to_string_lossy()),
            "answers": stock.as_ref().map(|stock| stock.answers),
            "bytes": stock.as_ref().map(|stock| stock.bytes),
        });
        return Ok(console.data(json::pretty(&answer))?);
    }
    let state = match is_enabled {
        true => "enabled",
        false => "disabled",
    };
    let mut lines = format!(
        "The cache is {state}: `ksm config cache --enable`, `--disable` or `--clear` changes that.\n"
    );
    match cache::directory(&ctx.environment) {
        None => lines.push_str(&format!("{NO_PLACE}.\n")),
        Some(directory) => {
            let place = directory.display();
            let Stock {
                answers,
                bytes,
                oldest,
            } = cache::stock(&directory)?;
            let plural = if answers == 1 { "" } else { "s" };
            lines.push_str(&format!(
                "It lies in {place} and has {answers} answer{plural}"
            ));
            if let Some(oldest) = oldest {
                let size = bytes.div_ceil(1024);
                let oldest = clock::in_words(oldest);
                lines.push_str(&format!(", {size} KiB, the least recent use {oldest} ago"));
            }
            lines.push_str(".\n");
        }
    }
    console.data(lines)?;
    Ok(())
}

/// Removes the answers of every profile.
pub(super) fn clear(ctx: &Context, console: &Console) -> Result<()> {
    let directory = cache::directory(&ctx.environment).ok_or_else(no_place)?;
    let count = cache::clear(&directory)?;
    let place = directory.display();
    console.note(&match count {
        0 => format!("There are no answers in {place}."),
        1 => format!("Removed 1 answer from {place}."),
        _ => format!("Removed {count} answers from {place}."),
    });
    Ok(())
}
