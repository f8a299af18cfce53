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
            "Error: ksm {} had to stop{}, by a mistake of its own or for want of memory or threads: please report it",
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

#[cfg(test)]
mod tests {
    use std::env;
    use std::process::Command;

    use super::*;

    #[test]
    #[ignore = "the next test runs it in a process of its own"]
    fn a_mistake_of_ours() {
        install();
        ends_with(Code::BeforeChild);
        panic!("canary\nError: forged");
    }

    #[test]
    fn a_panic_is_one_sentence_without_its_reason() {
        let name = "crash::tests::a_mistake_of_ours";
        let mut run = Command::new(env::current_exe().unwrap());
        run.args(["--exact", name, "--ignored", "--nocapture"]);
        let ended = run.env("RUST_BACKTRACE", "full").output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(125), "{said}");
        assert!(said.starts_with("Error: ksm "), "{said}");
        assert!(said.ends_with("please report it\n"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(
            !said.contains("canary") && said.contains("src/crash.rs:"),
            "{said}"
        );
    }
}
