//! Values from files and stdin, for `--field-from NAME=PATH` and the like. On the command line others on the machine could
//! see them.

use ksm::input::{self, Limit};
use ksm::sensitive::Sensitive;

use crate::failure::{Code, Failure};

const STDIN: &str = "-";

/// Treatment of the newline at the end of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Newline {
    /// Editors and `echo` leave it.
    Dropped,
    Kept,
}

impl Newline {
    pub(crate) fn kept(kept: bool) -> Self {
        if kept { Self::Kept } else { Self::Dropped }
    }
}

/// Reads the files in order. Stdin can be read once, so all paths of a command belong into one call.
pub(crate) fn read<'p>(
    paths: impl IntoIterator<Item = &'p str>,
    newline: Newline,
) -> Result<Vec<Sensitive<String>>, Failure> {
    let paths: Vec<_> = paths.into_iter().collect();
    if paths.contains(&"") {
        return Err(no_path());
    }
    if paths.iter().filter(|path| **path == STDIN).count() > 1 {
        return Err(Failure::usage("only one value can be read from stdin"));
    }
    let values = paths.into_iter().map(|path| value(path, newline));
    values.collect()
}

/// The argument names no file. It is not repeated: it may be the value itself.
pub(crate) fn no_path() -> Failure {
    Failure::usage("an argument does not say which file holds the value")
        .hint("write NAME=PATH; the PATH - is stdin")
}

fn value(path: &str, newline: Newline) -> Result<Sensitive<String>, Failure> {
    let (bytes, place) = match path {
        STDIN => (input::stdin(Limit::FIELD_VALUE), "stdin"),
        path => (input::file(path.as_ref(), Limit::FIELD_VALUE), path),
    };
    let failed = |reason: String| Failure::new(Code::Failed, reason);
    let mut bytes = bytes.map_err(|error| failed(format!("cannot read {place}: {error}")))?;
    if newline == Newline::Dropped {
        drop_newline(bytes.expose_mut());
    }
    input::text(bytes).map_err(|_| failed(format!("what {place} holds is not text in UTF-8")))
}

fn drop_newline(bytes: &mut Vec<u8>) {
    if bytes.ends_with(b"\n") {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_newline_goes() {
        for (text, left) in [
            ("", ""),
            ("a", "a"),
            ("a\n", "a"),
            ("a\n\n", "a\n"),
            ("a\r\n", "a"),
            ("a\r", "a\r"),
            ("\n", ""),
            ("a\nb", "a\nb"),
        ] {
            let mut bytes = text.as_bytes().to_vec();
            drop_newline(&mut bytes);
            assert_eq!(bytes, left.as_bytes(), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_a_value_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let binary = directory.path().join("binary");
        std::fs::write(&binary, [0xff]).unwrap();
        let absent = directory.path().join("absent");
        for (paths, code) in [
            (&[""][..], Code::Usage),
            (&["-", "-"], Code::Usage),
            (&[absent.to_str().unwrap()], Code::Failed),
            (&[binary.to_str().unwrap()], Code::Failed),
            (&["/dev/zero"], Code::Failed),
        ] {
            let failure = read(paths.iter().copied(), Newline::Dropped).unwrap_err();
            assert_eq!(failure.code(), code, "{paths:?}: {failure}");
        }
    }

    #[test]
    fn a_newline_is_kept_where_it_is_wanted() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x=y");
        std::fs::write(&path, "é\n").unwrap();
        for (newline, expected) in [(Newline::Dropped, "é"), (Newline::Kept, "é\n")] {
            let values = read([path.to_str().unwrap()], newline).unwrap();
            assert_eq!(values.len(), 1);
            assert_eq!(values[0].expose(), expected);
        }
    }
}
