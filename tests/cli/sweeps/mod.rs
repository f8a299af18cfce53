//! What holds for every command, tried on every command: a table of calls, which has each command that `ksm help` shows.

mod outputs;
mod readers;
mod table;
