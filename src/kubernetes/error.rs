//! What `kubectl` says when it fails. It tells the kind of a failure in its words only.

use std::io;

use crate::foreign::Text;
use crate::sensitive::Sensitive;
use crate::{input, limits};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("`kubectl` was not found")]
    Missing,
    #[error("`kubectl` does not start")]
    Start(#[source] io::Error),
    /// It was ended by us, and may have acted.
    #[error("`kubectl` did not end within {} s", limits::KUBECTL.as_secs())]
    Deadline,
    #[error("the answer of `kubectl` cannot be read")]
    Answer(#[source] input::Error),
    #[error("the answer of `kubectl` is no Secret")]
    NoSecret,
    #[error(transparent)]
    Refusal(#[from] Refusal),
}

/// An end with a status other than 0.
#[derive(Debug, thiserror::Error)]
#[error("kubectl: {text}")]
pub struct Refusal {
    pub kind: RefusalKind,
    text: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// Other managers have entries that were to be written. The message names them.
    Conflict,
    /// The Secret is not as it was when it was read.
    Changed,
    Forbidden,
    /// There is no such namespace.
    Namespace,
    Unauthorized,
    /// kubectl finds no cluster, or no credentials for it.
    Configuration,
    Throttled,
    /// The cluster did not answer, or not in time. It may have acted.
    Network,
    /// A failure of the cluster itself. It may have acted.
    Server,
    /// This kubectl does not know an option.
    Old,
    Other,
}

/// What a message of each kind has in it. The first row that fits counts.
const SIGNS: &[(&[&str], RefusalKind)] = &[
    (&["Apply failed with "], RefusalKind::Conflict),
    (&["the object has been modified"], RefusalKind::Changed),
    (&["resourceVersion should not be set"], RefusalKind::Changed),
    (&["unknown flag"], RefusalKind::Old),
    (&["namespaces \"", "\" not found"], RefusalKind::Namespace),
    (&["(Unauthorized)"], RefusalKind::Unauthorized),
    (&["must be logged in"], RefusalKind::Unauthorized),
    (&["(Forbidden)"], RefusalKind::Forbidden),
    (&["(TooManyRequests)"], RefusalKind::Throttled),
    (&["too many requests"], RefusalKind::Throttled),
    (&["getting credentials"], RefusalKind::Configuration),
    (
        &["no configuration has been provided"],
        RefusalKind::Configuration,
    ),
    (&["invalid configuration"], RefusalKind::Configuration),
    (&["error loading config file"], RefusalKind::Configuration),
    (
        &["context \"", "\" does not exist"],
        RefusalKind::Configuration,
    ),
    (&["context was not found"], RefusalKind::Configuration),
    (&["(InternalError)"], RefusalKind::Server),
    (&["(ServiceUnavailable)"], RefusalKind::Server),
    (&["(ServerTimeout)"], RefusalKind::Server),
    (&["(Timeout)"], RefusalKind::Server),
    (&["(GatewayTimeout)"], RefusalKind::Server),
    (&["currently unable to handle"], RefusalKind::Server),
    (&["Unable to connect to the server"], RefusalKind::Network),
    (&["The connection to the server"], RefusalKind::Network),
    (&["dial tcp"], RefusalKind::Network),
    (&["TLS handshake"], RefusalKind::Network),
    (&["i/o timeout"], RefusalKind::Network),
    (&["Client.Timeout"], RefusalKind::Network),
    (&["context deadline exceeded"], RefusalKind::Network),
    (&["connection reset"], RefusalKind::Network),
    (&[": EOF"], RefusalKind::Network),
];

/// Shorter values are found by chance.
const TELLING: usize = 4;

impl Refusal {
    /// What kubectl wrote to stderr, unless one of `values` is in it.
    pub(super) fn of(stderr: &str, values: &[Sensitive<String>]) -> Self {
        let sentence = sentence(stderr);
        let fits =
            |(signs, _): &&(&[&str], RefusalKind)| signs.iter().all(|sign| sentence.contains(sign));
        let kind = SIGNS.iter().find(fits);
        let mut values = values.iter().map(Sensitive::expose);
        let text = match values.any(|value| value.len() >= TELLING && sentence.contains(value)) {
            true => "a message that is not shown, since a value is in it",
            false if sentence.is_empty() => "it failed without a word",
            false => &sentence,
        };
        Self {
            kind: kind.map_or(RefusalKind::Other, |(_, kind)| *kind),
            text: text.into(),
        }
    }
}

/// The lines of a message in one, without its prefix, lines of kubectl's log, warnings, and advice for people at kubectl.
fn sentence(stderr: &str) -> String {
    let lines = stderr.lines().map(str::trim);
    let told = lines
        .take_while(|line| !line.starts_with("Please review the fields above"))
        .filter(|line| !line.is_empty() && !line.starts_with("Warning: ") && !is_of_log(line));
    let told: Vec<_> = told.collect();
    let told = told.join(" ");
    told.strip_prefix("error: ").unwrap_or(&told).to_owned()
}

/// Such as `E1128 05:52:42.000001 memcache.go:265] …`.
fn is_of_log(line: &str) -> bool {
    let mut bytes = line.bytes();
    let severity = bytes.next();
    severity.is_some_and(|severity| b"IWEF".contains(&severity))
        && bytes.by_ref().take(4).filter(u8::is_ascii_digit).count() == 4
        && bytes.next() == Some(b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_failure_is_in_its_words() {
        use RefusalKind as Kind;
        let conflicts = "error: Apply failed with 2 conflicts: conflicts with \"kubectl-edit\" using v1:\n- .data.a\n\
                         - .data.b\nPlease review the fields above--they currently have other managers. Here\nare the ways";
        let down = "E1128 05:52:42.000001   12 memcache.go:265] \"Unhandled Error\" err=\"couldn't get\"\n\
                    The connection to the server localhost:8080 was refused - did you specify the right host or port?\n";
        for (stderr, kind, shown) in [
            (
                conflicts,
                Kind::Conflict,
                "Apply failed with 2 conflicts: conflicts with \"kubectl-edit\" using v1: - .data.a - .data.b",
            ),
            (
                "error: Operation cannot be fulfilled on secrets \"a\": the object has been modified; please apply",
                Kind::Changed,
                "Operation cannot be fulfilled on secrets \"a\": the object has been modified; please apply",
            ),
            (
                down,
                Kind::Network,
                "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
            ),
            (
                "Warning: old\nError from server (Forbidden): secrets \"a\" is forbidden: User \"u\" cannot get",
                Kind::Forbidden,
                "Error from server (Forbidden): secrets \"a\" is forbidden: User \"u\" cannot get",
            ),
            (
                "Error from server (NotFound): namespaces \"b\" not found",
                Kind::Namespace,
                "Error from server (NotFound): namespaces \"b\" not found",
            ),
            (
                "error: You must be logged in to the server (Unauthorized)",
                Kind::Unauthorized,
                "You must be logged in to the server (Unauthorized)",
            ),
            (
                "error: You must be logged in to the server (the server has asked for the client to provide credentials)",
                Kind::Unauthorized,
                "You must be logged in to the server (the server has asked for the client to provide credentials)",
            ),
            (
                "error: context \"c\" does not exist",
                Kind::Configuration,
                "context \"c\" does not exist",
            ),
            (
                "error: unknown flag: --show-managed-fields\nSee 'kubectl get --help' for usage.",
                Kind::Old,
                "unknown flag: --show-managed-fields See 'kubectl get --help' for usage.",
            ),
            ("", Kind::Other, "it failed without a word"),
            (
                "The Secret \"a\" is invalid: data[k]: Invalid value: \"canary\"",
                Kind::Other,
                "a message that is not shown, since a value is in it",
            ),
            ("one", Kind::Other, "one"),
        ] {
            let values = ["canary".to_owned().into(), "one".to_owned().into()];
            let refusal = Refusal::of(stderr, &values);
            assert_eq!(refusal.kind, kind, "{stderr}");
            assert_eq!(refusal.to_string(), format!("kubectl: {shown}"));
        }
    }
}
