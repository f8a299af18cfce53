//! The vault that a shell keeps open from line to line.

use std::rc::Rc;

use tokio::sync::OnceCell as AsyncOnceCell;

use super::context::{Context, OpenVault, Titles};
use crate::cli::globals::Globals;

#[derive(Default)]
pub(super) struct KeptVault {
    /// The vault, and the options that opened it.
    open: Option<(Globals, OpenVault)>,
    pub(super) titles: Titles,
}

impl KeptVault {
    /// Gives the vault to a command whose options would open the same.
    pub(super) fn lend(&mut self, ctx: &mut Context) {
        ctx.titles = Some(Rc::clone(&self.titles));
        let wanted = ctx.globals.of_vault();
        let open = self.open.take_if(|(globals, _)| *globals == wanted);
        if let Some((_, vault)) = open {
            ctx.notices = Rc::clone(&vault.notices);
            ctx.vault = AsyncOnceCell::new_with(Some(vault));
        }
    }

    /// Takes back the vault that a command used or opened.
    pub(super) fn take_back(&mut self, ctx: &mut Context) {
        if let Some(vault) = ctx.vault.take() {
            self.open = Some((ctx.globals.of_vault(), vault));
        }
    }

    /// Closes a vault whose profile is stored: a command may have changed it there.
    pub(super) fn close_stored(&mut self) {
        self.open.take_if(|(_, vault)| vault.home.is_some());
    }
}
