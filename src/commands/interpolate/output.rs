//! Delivers what templates came to: to stdout, to a file, or over the template.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ksm::private_file;
use ksm::profile::gitignore;
use ksm::template::Filled;

use super::input::{self, Input};
use crate::cli::interpolate::InterpolateArgs;
use crate::console::Console;
use crate::failure::{Code, Failure};

/// Where the text goes.
pub(super) enum Destination {
    Stdout,
    File(PathBuf),
    InPlace,
}

impl Destination {
    /// What the arguments ask for, `--in-place` before `--output-file`; what cannot be is refused.
    pub(super) fn chosen(args: &InterpolateArgs) -> Result<Self, Failure> {
        if args.in_place {
            if args.files.is_empty() {
                return Err(Failure::usage("`--in-place` needs the name of a template"));
            }
            let suffix = args.backup_suffix.as_encoded_bytes();
            if suffix.contains(&b'/') || (cfg!(windows) && suffix.contains(&b'\\')) {
                return Err(Failure::usage(
                    "the suffix of the copy is a part of a name, not a path",
                ));
            }
            let odd = args
                .files
                .iter()
                .find(|path| path.exists() && !path.is_file());
            return match odd {
                None => Ok(Self::InPlace),
                Some(path) => Err(Failure::usage(format!(
                    "{} is not a regular file and cannot be changed in place",
                    path.display()
                ))),
            };
        }
        let Some(path) = &args.output_file else {
            return Ok(Self::Stdout);
        };
        if args.files.len() > 1 {
            return Err(
                Failure::usage("`--output-file` takes the result of one template only")
                    .hint("run ksm once for each, or use `--in-place`"),
            );
        }
        input::check_output(path)?;
        Ok(Self::File(path.clone()))
    }

    /// Hands over one text.
    pub(super) fn deliver(
        &self,
        input: &Input,
        filled: &Filled,
        args: &InterpolateArgs,
        console: &mut Console,
    ) -> Result<(), Failure> {
        match (self, &input.path) {
            (Self::File(path), _) => write(path, filled, console),
            (Self::InPlace, Some(path)) => {
                // Written again it would only bury the copy that still has its references.
                if input.template.references().is_empty() {
                    return Ok(());
                }
                back_up(path, input.template.text(), &args.backup_suffix)?;
                write(path, filled, console)
            }
            (Self::Stdout | Self::InPlace, _) => Ok(console.data(filled.text.expose())?),
        }
    }
}

/// Writes a file that only we can read, and a marker beside it that says so.
fn write(path: &Path, filled: &Filled, console: &Console) -> Result<(), Failure> {
    warn_of_git(path, console);
    let written = (|| {
        if let Some(parent) = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
        {
            private_file::create_directory(parent)?;
        }
        private_file::write_private(path, filled.text.expose())?;
        // A device or a pipe is nothing that could be committed by mistake.
        match path.file_name().filter(|_| path.is_file()) {
            Some(name) => private_file::replace(&marker(path, name), about(path).as_bytes()),
            None => Ok(()),
        }
    })();
    written.map_err(|error: private_file::Error| {
        let doing = format!("Failed to write output file {}", path.display());
        Failure::new(Code::Failed, error).while_doing(doing)
    })
}

fn marker(path: &Path, name: &std::ffi::OsStr) -> PathBuf {
    let mut marker = OsString::from(".");
    marker.push(name);
    marker.push(".ksm-secret");
    path.with_file_name(marker)
}

/// What the official CLI writes there, down to the blanks.
fn about(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = serde_json::Value::from(name.to_string_lossy().into_owned());
    let now = time::OffsetDateTime::from(SystemTime::now());
    let (year, month, day) = now.to_calendar_date();
    let (hour, minute, second, micro) = now.to_hms_micro();
    format!(
        "{{\n  \"warning\": \"This file contains interpolated secrets from Keeper\",\n  \"file\": {},\n  \"created\": \
         \"{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micro:06}\",\n  \"do_not_commit\": true\n}}",
        ksm::json::line(&name),
        u8::from(month),
    )
}

fn back_up(path: &Path, text: &[u8], suffix: &OsString) -> Result<(), Failure> {
    if suffix.is_empty() {
        return Ok(());
    }
    let mut copy = path.as_os_str().to_owned();
    copy.push(suffix);
    let copy = PathBuf::from(copy);
    private_file::write_like(&copy, path, text).map_err(|error| {
        Failure::new(Code::Failed, error).while_doing(format!("Failed to write {}", copy.display()))
    })
}

fn warn_of_git(path: &Path, console: &Console) {
    let Some(shown) = gitignore::would_commit(path) else {
        return;
    };
    console.note("\nGit safety warnings:");
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
