//! Writes the filled templates: to stdout, to a file, or over the template.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ksm::private_file::{self, Rights};
use ksm::template::Filled;

use super::marker;
use super::templates::{self, InputTemplate};
use crate::cli::interpolate::InterpolateArgs;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

pub(super) enum Output {
    Stdout,
    File {
        path: PathBuf,
        /// Where it leads, once that was tried.
        place: Option<Box<private_file::Output>>,
    },
    InPlace,
}

impl Output {
    /// `--in-place` goes before `--output-file`.
    pub(super) fn of(args: &InterpolateArgs) -> Result<Self> {
        if args.in_place {
            check_in_place(args)?;
            return Ok(Self::InPlace);
        }
        let Some(path) = args.output_file.as_ref().filter(|path| *path != "-") else {
            return Ok(Self::Stdout);
        };
        if args.templates().len() > 1 {
            return Err(
                Failure::usage("`--output-file` takes the result of one template only")
                    .hint("run ksm once for each, or use `--in-place`"),
            );
        }
        templates::check_output(path)?;
        if templates::is_one_of(args.templates(), path) {
            let message = format!(
                "{} is the template itself; nothing was written",
                path.display()
            );
            return Err(Failure::usage(message)
                .hint("`--in-place` (`-w`) replaces a template by its result, and keeps a copy"));
        }
        let (path, place) = (path.clone(), None);
        Ok(Self::File { path, place })
    }

    /// Finds most reasons why a file, its marker or its copy could not be written, before the vault is asked. The place
    /// of the one file is kept.
    pub(super) fn check_writable(
        &mut self,
        inputs: &[InputTemplate],
        args: &InterpolateArgs,
    ) -> Result<()> {
        match self {
            Self::Stdout => {}
            Self::File { path, place } => *place = try_place(path)?.map(Box::new),
            Self::InPlace => {
                for path in inputs.iter().filter_map(in_place) {
                    try_place(path)?;
                    try_copy(path, &args.backup_suffix)?;
                }
            }
        }
        Ok(())
    }

    /// Whether the values may go to a shell or a screen at once: to stdout, or to what is no regular file.
    pub(super) fn is_stream(&self) -> bool {
        match self {
            Self::Stdout => true,
            Self::File {
                place: Some(place), ..
            } => place.is_stream(),
            Self::File { path, place: None } => {
                let place = private_file::Output::at(path, Rights::Private);
                place.is_ok_and(|place| place.is_stream())
            }
            Self::InPlace => false,
        }
    }

    pub(super) fn deliver(
        &mut self,
        inputs: &[InputTemplate],
        filled: &[Filled],
        args: &InterpolateArgs,
        console: &mut Console,
    ) -> Result<()> {
        let mut written = Vec::new();
        for (input, filled) in inputs.iter().zip(filled) {
            match self.deliver_one(input, filled, args, console) {
                Ok(()) => {
                    let path = self.file_for(input).map(|path| path.display().to_string());
                    written.extend(path);
                }
                Err(failure) if written.is_empty() => return Err(failure),
                Err(failure) => {
                    let done = format!("written before that: {}", written.join(", "));
                    return Err(failure.hint(done));
                }
            }
        }
        Ok(())
    }

    fn deliver_one(
        &mut self,
        input: &InputTemplate,
        filled: &Filled,
        args: &InterpolateArgs,
        console: &mut Console,
    ) -> Result<()> {
        match self {
            Self::Stdout => Ok(console.data(filled.text.expose())?),
            Self::File { path, place } => {
                write(path, place.take().map(|place| *place), filled, console)
            }
            Self::InPlace => {
                let Some(path) = in_place(input) else {
                    return Ok(());
                };
                back_up(path, input.template.text(), &args.backup_suffix)?;
                write(path, None, filled, console)
            }
        }
    }

    pub(super) fn file_for<'a>(&'a self, input: &'a InputTemplate) -> Option<&'a Path> {
        match self {
            Self::Stdout => None,
            Self::File { path, .. } => Some(path),
            Self::InPlace => in_place(input),
        }
    }
}

/// A template that was filled before would overwrite the copy that still has references.
fn in_place(input: &InputTemplate) -> Option<&Path> {
    let path = input.path.as_deref();
    path.filter(|_| !input.template.references().is_empty())
}

/// A place that can be written to; `None` where a directory has yet to be made.
fn try_place(path: &Path) -> Result<Option<private_file::Output>> {
    if missing_directory(path).is_some() {
        return Ok(None);
    }
    let place = private_file::Output::tried(path, Rights::Private).and_then(|place| {
        if let Some(marker) = marker::beside(path).filter(|_| !place.is_stream()) {
            private_file::Output::tried(&marker, Rights::Private)?;
        }
        Ok(place)
    });
    place.map(Some).map_err(unwritten(path))
}

fn try_copy(path: &Path, suffix: &OsStr) -> Result<()> {
    if suffix.is_empty() {
        return Ok(());
    }
    let copy = copy_of(path, suffix);
    let tried = private_file::Output::like(&copy, path).and_then(|copy| copy.check());
    tried.map_err(unwritten_copy(&copy))
}

fn check_in_place(args: &InterpolateArgs) -> Result<()> {
    if args.templates().is_empty() {
        return Err(Failure::usage("`--in-place` needs the name of a template"));
    }
    let suffix = args.backup_suffix.as_encoded_bytes();
    if suffix.contains(&b'/') || (cfg!(windows) && suffix.contains(&b'\\')) {
        return Err(Failure::usage(
            "the suffix of the copy is a part of a name, not a path",
        ));
    }
    let mut files = args.templates().iter();
    if let Some(path) = files.find(|path| path.exists() && !path.is_file()) {
        return Err(Failure::usage(format!(
            "{} is not a regular file and cannot be changed in place",
            path.display()
        )));
    }
    if let Some((path, copy)) = overwritten_by_copy(args.templates(), &args.backup_suffix) {
        return Err(Failure::usage(format!(
            "the copy of {} would be {}, which is one of the templates",
            path.display(),
            copy.display()
        ))
        .hint("`--backup-suffix` chooses another name for the copies"));
    }
    Ok(())
}

/// Returns a template whose copy would overwrite another template, and that copy.
fn overwritten_by_copy<'f>(files: &'f [PathBuf], suffix: &OsStr) -> Option<(&'f PathBuf, PathBuf)> {
    let known: HashSet<PathBuf> = files.iter().flat_map(|path| path.canonicalize()).collect();
    let copies = files.iter().map(|path| (path, copy_of(path, suffix)));
    let is_known = |copy: &Path| copy.canonicalize().is_ok_and(|copy| known.contains(&copy));
    copies
        .filter(|_| !suffix.is_empty())
        .find(|(_, copy)| is_known(copy))
}

fn copy_of(path: &Path, suffix: &OsStr) -> PathBuf {
    let mut copy = path.as_os_str().to_owned();
    copy.push(suffix);
    copy.into()
}

/// Writes a file that only we can read. The marker beside it comes first, and goes again if it has nothing to mark.
fn write(
    path: &Path,
    place: Option<private_file::Output>,
    filled: &Filled,
    console: &Console,
) -> Result<()> {
    marker::warn_of_git(path, console);
    let missing = missing_directory(path);
    let written = (|| {
        let mut output = match place {
            Some(place) => place,
            None => private_file::Output::with_directories(path, Rights::Private)?,
        };
        // A device or a pipe cannot be committed by mistake.
        let Some(marker) = marker::beside(path).filter(|_| !output.is_stream()) else {
            return output.write(filled.text.expose());
        };
        let is_new = marker.symlink_metadata().is_err();
        private_file::replace(&marker, marker::content(path).as_bytes())?;
        let written = output.write(filled.text.expose());
        if written.is_err() && is_new {
            let _ = private_file::remove(&marker);
        }
        written
    })();
    written.map_err(unwritten(path))?;
    if let Some(made) = missing {
        let (made, path) = (made.display(), path.display());
        console.note(&format!("The directory {made} was made for {path}."));
    }
    Ok(())
}

/// The last directory of the path, if it has yet to be made.
fn missing_directory(path: &Path) -> Option<&Path> {
    parent(path).filter(|directory| !directory.exists())
}

/// `None` also for the current directory.
fn parent(path: &Path) -> Option<&Path> {
    path.parent()
        .filter(|parent| !parent.as_os_str().is_empty())
}

fn unwritten(path: &Path) -> impl Fn(private_file::Error) -> Failure {
    let doing = format!("Failed to write output file {}", path.display());
    move |error| Failure::new(Code::Failed, error).while_doing(&doing)
}

fn back_up(path: &Path, text: &[u8], suffix: &OsStr) -> Result<()> {
    if suffix.is_empty() {
        return Ok(());
    }
    let copy = copy_of(path, suffix);
    let written = private_file::Output::like(&copy, path).and_then(|mut copy| copy.write(text));
    written.map_err(unwritten_copy(&copy_of(path, suffix)))
}

fn unwritten_copy(copy: &Path) -> impl Fn(private_file::Error) -> Failure {
    let doing = format!("Failed to write {}", copy.display());
    move |error| Failure::new(Code::Failed, error).while_doing(&doing)
}
