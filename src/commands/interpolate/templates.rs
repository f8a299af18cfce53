//! Reads the templates, and refuses those with code of other template engines (FIX 23).

use std::io;
use std::path::{Component, Path, PathBuf};

use ksm::foreign::Text;
use ksm::input::{self, Error, Limit};
use ksm::sensitive::Sensitive;
use ksm::template::Template;
use regex::bytes::Regex;

use crate::failure::{Code, Failure, Result};
use crate::render::interpolation::Labeled;

/// Patterns of what another template engine would run if it were given the result, and their official names.
const CODE: [(&str, &str); 4] = [
    (r"(?i)\{\{.*exec.*\}\}", "Potential code execution"),
    (r"(?i)\{\{.*eval.*\}\}", "Potential code evaluation"),
    (r"\{\{.*__.*\}\}", "Access to private attributes"),
    (r"(?i)<%.*exec.*%>", "Potential code execution"),
];

pub(super) struct InputTemplate {
    /// `None` for stdin.
    pub(super) path: Option<PathBuf>,
    pub(super) template: Template,
    /// `path: ` if there are several templates.
    label: String,
}

impl InputTemplate {
    pub(super) fn labeled(&self) -> Labeled<'_> {
        (&self.label, &self.template)
    }

    /// Whether it has references of other programs only.
    pub(super) fn is_for_another(&self) -> bool {
        let text = self.template.text();
        let has = |mark: &[u8]| text.windows(mark.len()).any(|part| part == mark);
        self.template.references().is_empty() && (has(b"{{") || has(b"op://"))
    }
}

/// Reads these files, or stdin if there are none.
pub(super) fn read(paths: &[PathBuf]) -> Result<Vec<InputTemplate>> {
    for path in paths {
        check_path(path).map_err(|failure| failure.hint(ABSOLUTE))?;
        if let Err(reason) = path.metadata()
            && reason.kind() == io::ErrorKind::NotFound
        {
            let failure = Failure::usage(format!(
                "Invalid value for '[INPUT_FILE]...': Path '{}' does not exist.",
                path.display()
            ));
            return Err(match paths {
                // As with `cp`.
                [template, output] if output == path => failure.hint(format!(
                    "`ksm interpolate {} -o {}` writes the result there",
                    template.display(),
                    output.display()
                )),
                _ => failure,
            });
        }
    }
    if paths.is_empty() {
        return Ok(vec![scan(None, stdin()?)?]);
    }
    let inputs = paths.iter().map(|path| {
        let mut input = scan(Some(path.clone()), file(path)?)?;
        if paths.len() > 1 {
            input.label = format!("{}: ", Text::from(path.to_string_lossy()));
        }
        Ok(input)
    });
    inputs.collect()
}

fn scan(path: Option<PathBuf>, text: Sensitive<Vec<u8>>) -> Result<InputTemplate> {
    let place = path.as_ref().map(|path| path.display().to_string());
    // No reference would be found in it. The result has to have the template's encoding, so it is not recoded.
    if input::is_utf_16(text.expose()) {
        let place = place.as_deref().unwrap_or("the template on stdin");
        let what = format!("{place} is text in UTF-16, and templates are in UTF-8");
        return Err(Failure::new(Code::Failed, what)
            .hint("`Get-Content FILE | Set-Content -Encoding utf8 NEW` recodes it in PowerShell"));
    }
    let template = Template::scan(text).map_err(|unknown| match place {
        Some(place) => {
            let line = unknown.line;
            Failure::from(unknown).while_doing(format!("{place}, line {line}"))
        }
        None => Failure::from(unknown),
    })?;
    Ok(InputTemplate {
        path,
        template,
        label: String::new(),
    })
}

fn stdin() -> Result<Sensitive<Vec<u8>>> {
    input::stdin(Limit::TEMPLATE_ON_STDIN)
        .map_err(|reason| Failure::of_input(reason).while_doing("cannot read from stdin"))
}

fn file(path: &Path) -> Result<Sensitive<Vec<u8>>> {
    let shown = path.display();
    let text = input::file(path, Limit::TEMPLATE).map_err(|reason| match reason {
        Error::TooLarge { .. } => {
            Failure::usage(format!("File {shown} exceeds maximum size of 10MB"))
        }
        reason => Failure::of_input(reason).while_doing(format!("cannot read {shown}")),
    })?;
    match code_in(text.expose()) {
        None => Ok(text),
        Some(what) => Err(Failure::new(
            Code::Failed,
            format!("{shown}: Security violation in template: {what}"),
        )
        .hint(
            "what stands between {{ and }} or <% and %> in a file is checked; on stdin it is not",
        )),
    }
}

fn code_in(text: &[u8]) -> Option<&'static str> {
    let opens = |mark: &[u8]| text.windows(2).any(|two| two == mark);
    if !opens(b"{{") && !opens(b"<%") {
        return None; // nothing to compile a pattern for
    }
    let is_in = |pattern| Regex::new(pattern).is_ok_and(|pattern: Regex| pattern.is_match(text));
    CODE.iter()
        .find(|(pattern, _)| is_in(pattern))
        .map(|(_, what)| *what)
}

const ABSOLUTE: &str = "a path that begins with `/` may lead anywhere";

/// Refuses a path that climbs above its start, and one with a `~` that no shell has replaced.
fn check_path(path: &Path) -> Result<()> {
    let mut depth = 0_usize;
    let climbs = !path.has_root()
        && path.components().any(|part| match part {
            Component::ParentDir if depth == 0 => true,
            Component::ParentDir => {
                depth -= 1;
                false
            }
            Component::Normal(_) => {
                depth += 1;
                false
            }
            Component::CurDir | Component::RootDir | Component::Prefix(_) => false,
        });
    if climbs || path.as_os_str().as_encoded_bytes().starts_with(b"~") {
        return Err(Failure::usage(format!(
            "Unsafe path pattern detected: {}",
            path.display()
        )));
    }
    Ok(())
}

/// Whether `output` is the file of one of the templates, by any path; stdin is the template where none is named.
pub(super) fn is_one_of(templates: &[PathBuf], output: &Path) -> bool {
    let Some(output) = identity(output) else {
        return false;
    };
    match templates {
        [] => identity_of_stdin().is_some_and(|stdin| stdin == output),
        paths => paths
            .iter()
            .filter_map(|path| identity(path))
            .any(|template| template == output),
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<FileId> {
    rustix::fs::stat(path).ok().and_then(file_id)
}

#[cfg(unix)]
fn identity_of_stdin() -> Option<FileId> {
    rustix::fs::fstat(io::stdin()).ok().and_then(file_id)
}

#[cfg(unix)]
struct FileId(rustix::fs::Stat);

// The types of these numbers differ by system.
#[cfg(unix)]
impl PartialEq for FileId {
    fn eq(&self, other: &Self) -> bool {
        (self.0.st_dev, self.0.st_ino) == (other.0.st_dev, other.0.st_ino)
    }
}

/// None for what is no regular file.
#[cfg(unix)]
fn file_id(about: rustix::fs::Stat) -> Option<FileId> {
    let kind = rustix::fs::FileType::from_raw_mode(about.st_mode);
    kind.is_file().then_some(FileId(about))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<PathBuf> {
    path.is_file().then(|| path.canonicalize().ok()).flatten()
}

// A file that is open there is not replaced.
#[cfg(not(unix))]
fn identity_of_stdin() -> Option<PathBuf> {
    None
}

pub(super) fn check_output(path: &Path) -> Result<()> {
    check_path(path).map_err(|failure| {
        failure
            .while_doing(format!("Failed to write output file {}", path.display()))
            .hint(ABSOLUTE)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_template_is_known_by_any_path() {
        let home = tempfile::tempdir().unwrap();
        let place = |name: &str| home.path().join(name);
        std::fs::write(place("t"), "").unwrap();
        std::fs::write(place("other"), "").unwrap();
        std::os::unix::fs::symlink("t", place("link")).unwrap();
        std::fs::hard_link(place("t"), place("hard")).unwrap();
        for (output, expected) in [
            ("t", true),
            ("./t", true),
            ("link", true),
            ("hard", true),
            ("other", false),
            ("absent", false),
            ("", false),
        ] {
            let templates = [place("other2"), place("t")];
            assert_eq!(is_one_of(&templates, &place(output)), expected, "{output}");
        }
        let null = PathBuf::from("/dev/null");
        assert!(!is_one_of(std::slice::from_ref(&null), &null));
    }

    #[test]
    fn only_paths_that_climb_out_are_refused() {
        for (path, expected) in [
            ("x.tmpl", true),
            ("a..b", true),
            ("a/../b", true),
            ("/srv/../etc/x", true),
            ("./x", true),
            ("../x", false),
            ("a/../../x", false),
            ("~/x", false),
        ] {
            assert_eq!(check_path(Path::new(path)).is_ok(), expected, "{path}");
        }
    }

    #[test]
    fn code_of_other_engines_is_seen() {
        for (text, expected) in [
            ("{{ a.Exec() }}", Some("Potential code execution")),
            ("{{ evaluate }}", Some("Potential code evaluation")),
            ("{{ a.__b }}", Some("Access to private attributes")),
            ("<% exec( %>", Some("Potential code execution")),
            ("<% eval %> {{ x }} exec", None),
            ("{{ a\nexec }}", None),
        ] {
            assert_eq!(code_in(text.as_bytes()), expected, "{text}");
        }
    }
}
