//! Command lines: one made clap's is not changed again, and nothing that was typed gets lost.
#![no_main]
#![allow(
    dead_code,
    unused_imports,
    clippy::all,
    reason = "the program's modules, included by path"
)]

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use ksm_fuzz::{bounded, pieces};
use libfuzzer_sys::fuzz_target;

// The program is no library; these are its modules that read the command line.
#[path = "../../../../src/cli/mod.rs"]
mod cli;
#[path = "../../../../src/console/mod.rs"]
mod console;
#[path = "../../../../src/failure/mod.rs"]
mod failure;
#[path = "../../../../src/render/mod.rs"]
mod render;
mod rewriting;

fuzz_target!(|data: &[u8]| {
    let typed = pieces(data).map(|word| OsString::from_vec(word.to_vec()));
    let typed: Vec<OsString> = std::iter::once("ksm".into()).chain(typed).collect();
    let root = rewriting::root();
    let line = rewriting::normalize(&root, &typed);
    let length = |words: &[OsString]| words.iter().map(|word| word.len()).sum::<usize>();
    // `--uid=` may come before a word, a joined value takes one sign, and `--` is put in once.
    assert!(
        length(&line) <= length(&typed) + 6 * typed.len() + 2,
        "{line:?}"
    );
    assert_eq!(rewriting::normalize(&root, &line), line, "{typed:?}");
    if root.clone().try_get_matches_from(&line).is_err() {
        let _ = cli::parse(typed.clone()).map_err(|failure| failure.exit_code());
    }
});
