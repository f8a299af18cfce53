//! The marker beside a file with secrets, for people and for tools that look for such files, and what is said where git
//! would take the file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use ksm::profile::gitignore;

use crate::console::Console;

/// The path of the marker of this file, if it has a name.
pub(super) fn beside(path: &Path) -> Option<PathBuf> {
    let mut marker = OsString::from(".");
    marker.push(path.file_name()?);
    marker.push(".ksm-secret");
    Some(path.with_file_name(marker))
}

/// The official content, down to the blanks.
pub(super) fn content(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = serde_json::Value::from(name.to_string_lossy().into_owned());
    let now = ksm::clock::nearest();
    let (year, month, day) = now.to_calendar_date();
    let (hour, minute, second, micro) = now.to_hms_micro();
    format!(
        "{{\n  \"warning\": \"This file contains interpolated secrets from Keeper\",\n  \"file\": {},\n  \"created\": \
         \"{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micro:06}\",\n  \"do_not_commit\": true\n}}",
        ksm::json::line(&name),
        u8::from(month),
    )
}

pub(super) fn warn_of_git(path: &Path, console: &Console) {
    let Some(shown) = gitignore::would_commit(path) else {
        return;
    };
    console.note("");
    console.note("Git safety warnings:");
    let shown = shown.display();
    console.note(&format!(
        "  - File is not in .gitignore. Add '{shown}' to .gitignore"
    ));
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let speaks = ["secret", "password", "key", "token", "credential", ".env"];
    if speaks.iter().any(|word| name.contains(word)) {
        console.note("  - Filename suggests it may contain secrets");
    }
}
