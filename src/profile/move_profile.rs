//! Moving a profile: its keys are written and read back at the new place before they go from the old one.

use super::config::{Config, Member};
use super::name::ProfileName;
use super::store::{Edit, Error, Store};

#[derive(Debug, PartialEq, Eq)]
pub enum Moved {
    /// The profile and its keys were there before.
    Already,
    /// The keys are with their profile now; a copy of them is still in this other place.
    KeysReturned { left: String },
    /// The keys are apart from their profile now.
    KeysMoved,
    Whole {
        /// Another place that has a copy of the keys still.
        left: Option<String>,
        /// Whether the old store has no active profile any more, but others.
        leaves_others: bool,
    },
}

/// Moves `name` from one store to another. Whatever fails, it is complete in one of the two. `index` has the name
/// afterwards: `to`, unless that keeps no names. `opened` sees a store before a profile is added to it.
pub async fn move_profile(
    name: &ProfileName,
    from: &dyn Store,
    to: &dyn Store,
    index: &dyn Store,
    opened: &dyn Fn(&dyn Edit),
) -> Result<Moved, Error> {
    if to.limits().keys_only {
        return move_keys(name, from, to, index, opened).await;
    }
    let left = from.keys_elsewhere(name)?;
    let left = left.map(|store| store.location_of_keys());
    if from.is_same(to) {
        return match left {
            Some(left) => bring_home(name, from, left).await,
            None => Ok(Moved::Already),
        };
    }
    // Both are locked from here on, so that what is read is what goes.
    let mut old = from.edit().await?;
    let mut new = make_room(name, to, opened).await?;
    let config = complete(old.store(), name).await?;
    let was_active = old.store().active().as_ref() == Some(name);
    new.put(name, &config)?;
    new.save().await?;
    if let Err(error) = read_back(name, &config, to).await {
        // No second copy of the keys stays behind. If this fails too, the first failure is still the one to tell.
        if new.delete(name).await.is_ok() {
            let _ = new.save().await;
        }
        return Err(error);
    }
    old.delete(name).await?;
    old.save().await?;
    Ok(Moved::Whole {
        left,
        leaves_others: was_active && !old.store().names().is_empty(),
    })
}

/// The keys go to `to`, and `index` says so.
async fn move_keys(
    name: &ProfileName,
    from: &dyn Store,
    to: &dyn Store,
    index: &dyn Store,
    opened: &dyn Fn(&dyn Edit),
) -> Result<Moved, Error> {
    let mut old = from.edit().await?;
    let mut new = match index.is_same(from) {
        true => None,
        false => Some(make_room(name, index, opened).await?),
    };
    let config = complete(old.store(), name).await?;
    let mut keys = to.edit().await?;
    keys.put(name, &config)?;
    keys.save().await?;
    match &mut new {
        None => old.refer(name, to)?,
        Some(new) => {
            new.refer(name, to)?;
            new.save().await?;
            old.delete(name).await?;
        }
    }
    old.save().await?;
    Ok(Moved::KeysMoved)
}

async fn bring_home(name: &ProfileName, home: &dyn Store, left: String) -> Result<Moved, Error> {
    let mut edit = home.edit().await?;
    let config = complete(edit.store(), name).await?;
    edit.put(name, &config)?;
    edit.save().await?;
    read_back(name, &config, home).await?;
    Ok(Moved::KeysReturned { left })
}

/// The configuration of a profile, from wherever its keys are, once it is known to work.
async fn complete(store: &dyn Store, name: &ProfileName) -> Result<Config, Error> {
    store.choose(Some(name))?;
    let config = store.config(name).await?;
    let opened = config.open(None);
    opened.map_err(|source| store.unusable(name, source))?;
    // The client key served to bind the device, and no store keeps it afterwards.
    Ok(config.with(Member::ClientKey, None))
}

async fn make_room(
    name: &ProfileName,
    to: &dyn Store,
    opened: &dyn Fn(&dyn Edit),
) -> Result<Box<dyn Edit>, Error> {
    let edit = to.edit().await?;
    if edit.store().has(name) {
        return Err(Error::Taken {
            name: name.clone(),
            location: to.location(),
        });
    }
    opened(&*edit);
    Ok(edit)
}

/// Reads the new place as the next command will.
async fn read_back(name: &ProfileName, config: &Config, at: &dyn Store) -> Result<(), Error> {
    let store = at.read().await?;
    store.choose(Some(name))?;
    match store.config(name).await? == *config {
        true => Ok(()),
        false => Err(Error::NotGivenBack {
            name: name.clone(),
            location: at.location(),
        }),
    }
}
