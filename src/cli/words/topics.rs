//! What a reader looks for.

/// Words that a reader looks for, and the page with the answer.
pub(super) const TOPICS: &[(&str, &[&str])] = &[
    (
        "start",
        &[
            "install",
            "installing",
            "setup",
            "begin",
            "quickstart",
            "token",
            "tokens",
            "login",
        ],
    ),
    (
        "troubleshooting",
        &["errors", "error", "problems", "debug", "proxy"],
    ),
    ("ci", &["github", "jenkins", "gitlab", "actions"]),
    ("names-and-notation", &["uri", "title", "titles", "uid"]),
    ("migrating", &["1password", "op", "python"]),
    ("secret totp", &["totp", "otp", "2fa"]),
    (
        "records",
        &[
            "attachments",
            "attachment",
            "files",
            "upload",
            "download",
            "folders",
        ],
    ),
    ("variables", &["environment"]),
    ("kubernetes", &["k8s", "kubectl", "helm"]),
    ("exec", &["run"]),
    ("templates", &["inject", "template"]),
];
