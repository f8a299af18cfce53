//! Values from files and stdin, for `--field-from NAME=PATH` and the like. On the command line others on the machine could
//! see them.

use ksm::foreign::Text;
use ksm::input::{self, Limit};
use ksm::sensitive::Sensitive;

use crate::commands::input::{can_ask, unseen};
use crate::failure::{Failure, Result};

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

/// What is done with the values that are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) newline: Newline,
    pub(crate) allow_empty: bool,
    /// What does not happen to a field whose value is empty.
    pub(crate) purpose: &'static str,
}

/// Reads the files of fields, `(NAME, PATH)`, in order. Stdin can be read once, so all of a command belong into one call.
pub(crate) fn read<'p>(
    fields: impl IntoIterator<Item = (&'p str, &'p str)>,
    reading: Reading,
) -> Result<Vec<Sensitive<String>>> {
    let fields: Vec<_> = fields.into_iter().collect();
    if fields.iter().any(|(_, path)| path.is_empty()) {
        return Err(no_path());
    }
    if fields.iter().filter(|(_, path)| *path == STDIN).count() > 1 {
        return Err(Failure::usage("only one value can be read from stdin"));
    }
    let values = fields.into_iter().map(|field| value(field, reading));
    values.collect()
}

/// The argument names no file. It is not repeated: it may be the value itself.
pub(crate) fn no_path() -> Failure {
    Failure::usage("an argument does not say which file holds the value")
        .hint("write NAME=PATH; the PATH - is stdin")
}

fn value((name, path): (&str, &str), reading: Reading) -> Result<Sensitive<String>> {
    let (bytes, place) = match path {
        STDIN if can_ask() => {
            let prompt = format!("Value of `{}`", Text::from(name));
            (
                Ok(unseen(&prompt, "value")?.into_bytes()),
                "the line that was typed",
            )
        }
        STDIN => (input::stdin(Limit::FIELD_VALUE), "stdin"),
        path => (input::file(path.as_ref(), Limit::FIELD_VALUE), path),
    };
    let no_text = || Failure::usage(format!("what {place} holds is not text in UTF-8"));
    let bytes = bytes
        .map_err(|error| Failure::of_input(error).while_doing(format!("cannot read {place}")))?;
    let mut bytes = input::utf_8(bytes).map_err(|_| no_text())?;
    let had = match bytes.expose().is_empty() {
        true => "was empty",
        false => "held no more than a line end",
    };
    if reading.newline == Newline::Dropped {
        input::drop_newline(bytes.expose_mut());
    }
    // The program before it in a pipeline may have failed (D31).
    if bytes.expose().is_empty() && !reading.allow_empty {
        let what = format!("{place} {had}; `{name}` was not {}", reading.purpose);
        return Err(Failure::usage(what).hint("`--allow-empty` takes an empty value"));
    }
    input::text(bytes).map_err(|_| no_text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Code;

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
            input::drop_newline(&mut bytes);
            assert_eq!(bytes, left.as_bytes(), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_a_value_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let binary = directory.path().join("binary");
        std::fs::write(&binary, [0xff]).unwrap();
        let absent = directory.path().join("absent");
        let empty = directory.path().join("empty");
        std::fs::write(&empty, "\n").unwrap();
        for paths in [
            &[""][..],
            &["-", "-"],
            &["/dev/null"],
            &[empty.to_str().unwrap()],
            &[absent.to_str().unwrap()],
            &[binary.to_str().unwrap()],
            &["/dev/zero"],
        ] {
            let fields = paths.iter().map(|path| ("name", *path));
            let failure = read(fields, reading(Newline::Dropped)).unwrap_err();
            assert_eq!(failure.code(), Code::Usage, "{paths:?}: {failure}");
        }
    }

    fn reading(newline: Newline) -> Reading {
        Reading {
            newline,
            allow_empty: false,
            purpose: "changed",
        }
    }

    #[test]
    fn a_newline_is_kept_where_it_is_wanted() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x=y");
        std::fs::write(&path, "é\n").unwrap();
        for (newline, expected) in [(Newline::Dropped, "é"), (Newline::Kept, "é\n")] {
            let fields = [("name", path.to_str().unwrap())];
            let values = read(fields, reading(newline)).unwrap();
            assert_eq!(values.len(), 1);
            assert_eq!(values[0].expose(), expected);
        }
    }
}
