//! The end by a panic: one sentence, without what the panic says, which may quote a secret (O4).

use std::panic::{self, PanicHookInfo};
use std::process;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::console;
use crate::failure::Code;

/// The exit code of a run that panics.
static CODE: AtomicU8 = AtomicU8::new(Code::Failed as u8);

pub(crate) fn install() {
    panic::set_hook(Box::new(|panic| {
        console::note(&format!(
            "Error: ksm {} has made a mistake of its own{} and stops; please report it",
            env!("CARGO_PKG_VERSION"),
            place(panic)
        ));
        process::exit(CODE.load(Ordering::Relaxed).into());
    }));
}

/// Changes the exit code of a panic from here on.
pub(crate) fn ends_with(code: Code) {
    CODE.store(code as u8, Ordering::Relaxed);
}

/// The file and line, without the directories of the machine that compiled it.
fn place(panic: &PanicHookInfo<'_>) -> String {
    let Some(location) = panic.location() else {
        return String::new();
    };
    let path: Vec<_> = location.file().rsplit(['/', '\\']).take(4).collect();
    let path: Vec<_> = path.into_iter().rev().collect();
    format!(" ({}:{})", path.join("/"), location.line())
}
