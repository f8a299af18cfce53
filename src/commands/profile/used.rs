//! The store that a run uses which names none: whether a new profile is in it.

use std::rc::Rc;

use ksm::profile::{Discovery, Store};

use crate::commands::context::Context;

/// Says which store a run uses that names none: another than the new profile's, or that one for the first time.
pub(super) fn warn_of_others(
    store: &dyn Store,
    before: Option<&dyn Store>,
    is_named: bool,
    ctx: &Context,
) {
    let Some(used) = used_store(ctx) else {
        return;
    };
    let (used, new) = (&*used, store.location());
    if !used.is_same(store) {
        if !is_named {
            let text = format!("{} is used here, and goes before {new}", used.location());
            ctx.messages.warn(&text);
        }
    } else if let Some(before) = before.filter(|before| !before.is_same(used)) {
        let before = before.location();
        ctx.messages.warn(&format!(
            "{new} is used here from now on, and no longer {before}"
        ));
    }
}

/// The store, other than the keyring, that is used where none is named.
pub(super) fn used_store(ctx: &Context) -> Option<Rc<dyn Store>> {
    let found = Discovery::before_keyring(None, &ctx.store_context());
    found.ok()?.store
}
