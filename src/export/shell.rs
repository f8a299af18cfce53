//! Lines for `eval` in POSIX shells: bash, dash, zsh.

use super::{Format, NamedValue, Reason, SecretIdentity, expect, names};
use crate::{crypto, quoting};

#[derive(Debug)]
pub(super) struct Shell;

impl Format for Shell {
    fn name(&self) -> &'static str {
        "shell"
    }

    fn takes(&self, name: &str, value: &[u8]) -> Result<(), Reason> {
        names::expect_identifier(name)?;
        expect(!is_special(name), Reason::OfShell)?;
        expect(!value.contains(&0), Reason::Nul)
    }

    fn write(
        &self,
        all: &[NamedValue],
        _: &SecretIdentity,
        text: &mut Vec<u8>,
    ) -> Result<(), crypto::Error> {
        for variable in all {
            text.extend_from_slice(b"export ");
            text.extend_from_slice(variable.name.as_bytes());
            text.push(b'=');
            quoting::shell(variable.value.expose(), text);
            text.push(b'\n');
        }
        Ok(())
    }
}

/// Whether bash, dash or zsh has a parameter of this name that is not set like others. Some are numbers: the shell
/// evaluates what they are given, and runs commands that stand in it (`x[$(command)]`).
pub(super) fn is_special(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "_",
        "ARGC",
        "BASH",
        "COLUMNS",
        "COMP_CWORD",
        "COMP_KEY",
        "COMP_POINT",
        "COMP_TYPE",
        "CURRENT",
        "DIRSTACK",
        "EGID",
        "EPOCHREALTIME",
        "EPOCHSECONDS",
        "ERRNO",
        "EUID",
        "FUNCNAME",
        "FUNCNEST",
        "GID",
        "GROUPS",
        "HISTCHARS",
        "HISTCMD",
        "HISTFILESIZE",
        "HISTNO",
        "HISTSIZE",
        "IGNOREEOF",
        "KEYBOARD_HACK",
        "KEYTIMEOUT",
        "LINENO",
        "LINES",
        "LISTMAX",
        "LOGCHECK",
        "MAILCHECK",
        "MBEGIN",
        "MEND",
        "OPTERR",
        "OPTIND",
        "PPID",
        "PROMPT_DIRTRIM",
        "RANDOM",
        "READLINE_MARK",
        "READLINE_POINT",
        "REPORTMEMORY",
        "REPORTTIME",
        "SAVEHIST",
        "SECONDS",
        "SHELLOPTS",
        "SHLVL",
        "SRANDOM",
        "TMOUT",
        "TTYIDLE",
        "UID",
        "USERNAME",
        "WATCH",
        "aliases",
        "argv",
        "builtins",
        "cdpath",
        "commands",
        "dirstack",
        "fignore",
        "fpath",
        "funcfiletrace",
        "funcsourcetrace",
        "funcstack",
        "functions",
        "functions_source",
        "functrace",
        "galiases",
        "histchars",
        "history",
        "historywords",
        "jobdirs",
        "jobstates",
        "jobtexts",
        "keymaps",
        "mailpath",
        "manpath",
        "mapfile",
        "module_path",
        "modules",
        "nameddirs",
        "options",
        "parameters",
        "patchars",
        "path",
        "pipestatus",
        "psvar",
        "reswords",
        "saliases",
        "signals",
        "status",
        "sysparams",
        "termcap",
        "terminfo",
        "userdirs",
        "usergroups",
        "watch",
        "widgets",
    ];
    const BEGINNINGS: &[&str] = &["BASH_", "TRY_BLOCK_", "ZSH_", "dis_", "zsh_"];
    NAMES.contains(&name)
        || name == "BASHOPTS"
        || name == "BASHPID"
        || BEGINNINGS
            .iter()
            .any(|beginning| name.starts_with(beginning))
}
