//! Moving a profile: its keys are written and read back at the new place before they go from the old one.

use super::config::{Config, Member};
use super::name::ProfileName;
use super::store::{Edit, Error, Store};

/// What a move left behind.
#[derive(Debug)]
pub struct Moved {
    /// Another place that has a copy of the keys still.
    pub keys: Option<String>,
    /// Whether the old store has no active profile any more, but others.
    pub others: bool,
}

/// Moves the keys of `name` from one store to another. `index` has the name afterwards: `to`, unless that keeps no names.
/// Whatever fails, the profile is complete in one of the two. `None` if there was nothing to move.
pub async fn move_profile(
    name: &ProfileName,
    from: &dyn Store,
    to: &dyn Store,
    index: &dyn Store,
) -> Result<Option<Moved>, Error> {
    let are_apart = to.limits().keys_only;
    let stays = index.is_same(from);
    let keys = from.keys_elsewhere(name)?.map(|store| store.location());
    if stays && !are_apart && keys.is_none() {
        return Ok(None);
    }
    // Both are locked from here on, so that what is read is what goes.
    let mut old = from.edit().await?;
    let mut new = match stays {
        true => None,
        false => Some(make_room(name, index).await?),
    };
    let config = complete(old.store(), name).await?;
    let was_active = old.store().active().as_ref() == Some(name);
    let target = new.as_mut().unwrap_or(&mut old);
    if are_apart {
        to.save_keys(&config).await?;
        target.refer(name, to)?;
    } else {
        target.put(name, &config)?;
    }
    target.save().await?;
    if !are_apart && let Err(error) = read_back(name, &config, &**target).await {
        // No second copy of the keys stays behind. If this fails too, the first failure is still the one to tell.
        if let Some(mut new) = new
            && new.delete(name).await.is_ok()
        {
            let _ = new.save().await;
        }
        return Err(error);
    }
    if !stays {
        old.delete(name).await?;
        old.save().await?;
    }
    let others = !stays && was_active && !old.store().names().is_empty();
    Ok(Some(Moved { keys, others }))
}

/// The configuration of a profile, from wherever its keys are, once it is known to work.
async fn complete(store: &dyn Store, name: &ProfileName) -> Result<Config, Error> {
    store.choose(Some(name))?;
    let config = store.config(name).await?;
    store.checked(name, &config, None)?;
    // The client key served to bind the device, and no store keeps it afterwards.
    Ok(config.with(Member::ClientKey, None))
}

async fn make_room(name: &ProfileName, to: &dyn Store) -> Result<Box<dyn Edit>, Error> {
    let edit = to.edit().await?;
    match edit.store().has(name) {
        true => Err(to.taken(name)),
        false => Ok(edit),
    }
}

async fn read_back(name: &ProfileName, config: &Config, at: &dyn Edit) -> Result<(), Error> {
    let store = at.saved().await?;
    store.choose(Some(name))?;
    match store.config(name).await? == *config {
        true => Ok(()),
        false => Err(Error::NotGivenBack {
            name: name.clone(),
            location: store.location(),
        }),
    }
}
