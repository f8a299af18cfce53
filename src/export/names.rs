//! Names of variables: made of what people wrote, and those that are better left alone.

use super::{Reason, expect};
use crate::environment::names;

/// Joins parts to a name in upper case. Each run of other characters than letters of ASCII, digits and `_` becomes one
/// `_`. `None` if no letter and no digit is left.
pub(super) fn clean(parts: &[&str]) -> Option<String> {
    let is_kept = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = parts.iter().flat_map(|part| part.split(|c| !is_kept(c)));
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let name = words.join("_").to_ascii_uppercase();
    if !name.contains(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    Some(match name.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("_{name}"),
        false => name,
    })
}

/// Whether every shell and every reader of files takes the name.
pub fn is_identifier(name: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty()
        && name.chars().all(is_inner)
        && !name.starts_with(|c: char| c.is_ascii_digit())
}

pub(super) fn expect_identifier(name: &str) -> Result<(), Reason> {
    expect(is_identifier(name), Reason::Name)
}

/// Whether shells, loaders, interpreters or tools act on a variable of this name: whoever may edit a record could
/// otherwise run a program by the label of a field.
pub(super) fn steers_programs(name: &str) -> bool {
    const NAMES: &[&str] = &[
        names::ALL_PROXY,
        "BROWSER",
        "CDPATH",
        "CLASSPATH",
        "CPATH",
        names::EDITOR,
        "ENV",
        "FCEDIT",
        "FPATH",
        "FTP_PROXY",
        "GCONV_PATH",
        "GREP_OPTIONS",
        names::HOME,
        "HOSTALIASES",
        names::HTTPS_PROXY,
        "HTTP_PROXY",
        "IFS",
        "INPUTRC",
        "LANG",
        "LANGUAGE",
        names::LESS,
        "LESSCLOSE",
        "LESSOPEN",
        "LOCPATH",
        "LS_COLORS",
        "MAKEFLAGS",
        "MANPAGER",
        "MANPATH",
        names::NO_PROXY,
        "OLDPWD",
        "OPENSSL_CONF",
        names::PAGER,
        names::PATH,
        "PATHEXT",
        "PROMPT",
        "PROMPT_COMMAND",
        "PSMODULEPATH",
        "PWD",
        "RES_OPTIONS",
        "RPROMPT",
        "SHELL",
        "SPROMPT",
        "SUDO_ASKPASS",
        "SYSTEMROOT",
        "TEMP",
        names::TERM,
        "TERMCAP",
        "TERMINFO",
        "TMP",
        "TMPDIR",
        "TZ",
        "TZDIR",
        names::USERPROFILE,
        "VISUAL",
        "WINDIR",
        "ZDOTDIR",
        "_JAVA_OPTIONS",
        "JAVA_OPTS",
        "COMSPEC",
        "MAILPATH",
        "PS0",
        "PS1",
        "PS2",
        "PS3",
        "PS4",
        "RPS1",
        "RPS2",
        "NULLCMD",
        "READNULLCMD",
        "TIMEFMT",
        "TIMEFORMAT",
        "WORDCHARS",
    ];
    const BEGINNINGS: &[&str] = &[
        "BUNDLE_",
        "CARGO_",
        names::CLICOLOR,
        "CURL_",
        "DOCKER_",
        "DYLD_",
        "GIT_",
        "GITHUB_",
        "JAVA_TOOL",
        "JDK_JAVA",
        "KSM_",
        "LC_",
        "LD_",
        "MALLOC_",
        "NODE_",
        "NPM_CONFIG_",
        "PERL",
        "PIP_",
        "PYTHON",
        "REQUESTS_CA",
        "RUBY",
        "RUNNER_",
        "RUSTC",
        "SSH_",
        "SSL_CERT",
        "SYSTEMD_",
        "XDG_",
    ];
    super::shell::is_special(name)
        || NAMES.contains(&name)
        || BEGINNINGS
            .iter()
            .any(|beginning| name.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn other_characters_become_one_underline() {
        for (parts, name) in cases(
            "password => PASSWORD
             API Key => API_KEY
             (API)-Key! => API_KEY
             a__b => A__B
             _a => _A
             2FA => _2FA
             host|hostName => HOST_HOSTNAME
             My DB|phone|2|region => MY_DB_PHONE_2_REGION
             Zürich => Z_RICH
             oneTimeCode => ONETIMECODE",
        ) {
            let parts: Vec<_> = parts.split('|').collect();
            assert_eq!(clean(&parts).as_deref(), Some(name), "{parts:?}");
        }
        for none in ["", "密码", "__", "!"] {
            assert_eq!(clean(&[none]), None, "{none}");
        }
    }

    #[test]
    fn names_that_steer_programs_are_known() {
        for name in [
            "PATH",
            "LD_PRELOAD",
            "PS4",
            "HISTCMD",
            "NODE_OPTIONS",
            "GIT_SSH_COMMAND",
            "KSM_CONFIG",
            "IFS",
        ] {
            assert!(steers_programs(name), "{name}");
        }
        for name in [
            "PASSWORD",
            "LOGIN",
            "URL",
            "HOST_HOSTNAME",
            "DB_PATH",
            "ENVIRONMENT",
            "TYPE",
        ] {
            assert!(!steers_programs(name), "{name}");
        }
    }
}
