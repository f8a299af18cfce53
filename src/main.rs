//! The `ksm` program: parse, run, report, exit code.

mod console;
mod query;
mod render;

fn main() {}
