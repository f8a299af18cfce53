//! The `ksm` program: parse, run, report, exit code.

mod query;
mod render;

fn main() {}
