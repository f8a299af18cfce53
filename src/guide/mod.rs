//! The user's guide.
//!
//! The pages are Markdown files in `src/guide`, so that they read the same here and on any forge. `ksm help TOPIC` shows
//! a page, and `ksm help --man DIR` writes each as a manual page.
//!
//! `tests/cli/guide` runs the blocks of every page, and those of the README, against the sample vault of `ksm dev`:
//!
//! - A page starts with an empty home, a vault of its own, and `KSM_CONFIG` of a bound device.
//! - A `sh` block is a script for `bash -eu`, and has to succeed. Each block has a shell of its own; files stay for the
//!   blocks behind it.
//! - A `console` block has lines `$ COMMAND`, each with its exact output behind it. `…` alone on a line stands for any
//!   lines, and within a line for anything.
//! - `<!-- file: NAME -->` above a block writes the block to that file.
//! - `<!-- not run: REASON -->` above a block says why it is not run.
//! - Blocks of other languages are not run.

/// A page of the guide.
#[derive(Debug, PartialEq, Eq)]
pub struct Topic {
    pub name: &'static str,
    /// One line for the list of topics.
    pub summary: &'static str,
    /// Markdown.
    pub text: &'static str,
}

macro_rules! topics {
    ($($module:ident $name:literal: $summary:literal,)*) => {
        /// Every page, in the order in which a newcomer reads them.
        pub const TOPICS: &[Topic] = &[$(Topic {
            name: $name,
            summary: $summary,
            text: include_str!(concat!($name, ".md")),
        }),*];

        $(
            #[doc = include_str!(concat!($name, ".md"))]
            pub mod $module {}
        )*
    };
}

topics! {
    start "start": "From nothing to a first secret",
    names_and_notation "names-and-notation": "How records, fields and values are named",
    records "records": "Add and change records, files and folders",
    exec "exec": "Run a program with secrets in its environment",
    masking "masking": "Hide secrets in the output of a program",
    templates "templates": "Fill templates with secrets",
    env_files "env-files": "Keep references in env files",
    env "env": "Write secrets as variables for shells, files and CI",
    configuration "configuration": "Profiles, and where they are kept",
    variables "variables": "Every environment variable",
    keyring "keyring": "Profiles in the keyring of the operating system",
    aws "aws": "Profiles in AWS Secrets Manager",
    cache "cache": "What happens when the server is out of reach",
    containers "containers": "Secrets in containers",
    kubernetes "kubernetes": "Secrets in the pods of a cluster",
    docker "docker": "Docker, compose and builds",
    systemd "systemd": "Services, timers, cron, make and direnv",
    ci "ci": "GitHub, GitLab, Jenkins and CircleCI",
    sync "sync": "Copy secrets to the store of a cloud",
    dev "dev": "A vault to try things on",
    exit_codes "exit-codes": "What each exit code means",
    troubleshooting "troubleshooting": "What to do when it does not work",
    migrating "migrating": "What differs from the official CLI",
    security "security": "What is safe, and what is not",
    uninstalling "uninstalling": "Leave nothing behind",
    sdks "sdks": "Test programs that use an SDK",
}

impl Topic {
    /// The page of this name, in any case of letters.
    pub fn named(name: &str) -> Option<&'static Self> {
        TOPICS
            .iter()
            .find(|topic| topic.name.eq_ignore_ascii_case(name))
    }
}
