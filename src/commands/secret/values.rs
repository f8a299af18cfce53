//! Values that stand in a file or come on stdin instead of on the command line, where others on the machine could see
//! them: `--field-from KEY=PATH` and its like.

use std::fs::File;
use std::io::{self, Read};

use ksm::sensitive::Sensitive;

use crate::failure::{Code, Failure};

/// Far more than a vault takes for a record.
const LIMIT: u64 = 16 << 20;

/// What stands for stdin in the place of a path.
const STDIN: &str = "-";

/// What becomes of the newline at the end of what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Newline {
    /// One is dropped: editors and `echo` leave it.
    Dropped,
    /// It belongs to the value.
    Kept,
}

impl Newline {
    /// What `--keep-newline` says.
    pub(crate) fn kept(kept: bool) -> Self {
        if kept { Self::Kept } else { Self::Dropped }
    }
}

/// A value and what it is for.
#[derive(Debug)]
pub(crate) struct Fed {
    /// What stood before the first `=`.
    pub(crate) key: String,
    pub(crate) value: Sensitive<String>,
}

/// Reads the values of `KEY=PATH` arguments, in their order. Stdin can be read once: all arguments of a command
/// belong into one call.
pub(crate) fn read<'a>(
    arguments: impl IntoIterator<Item = &'a str>,
    newline: Newline,
) -> Result<Vec<Fed>, Failure> {
    let pairs = arguments.into_iter().map(|argument| {
        argument
            .split_once('=')
            .filter(|(key, path)| !key.is_empty() && !path.is_empty())
            .ok_or_else(|| {
                Failure::usage(format!(
                    "`{argument}` does not say where a value comes from"
                ))
                .hint("write KEY=PATH; the PATH - is stdin")
            })
    });
    let pairs: Vec<_> = pairs.collect::<Result<_, _>>()?;
    if pairs.iter().filter(|(_, path)| *path == STDIN).count() > 1 {
        return Err(Failure::usage("only one value can be read from stdin"));
    }
    let fed = pairs.into_iter().map(|(key, path)| {
        Ok(Fed {
            key: key.to_owned(),
            value: value(path, newline)?,
        })
    });
    fed.collect()
}

fn value(path: &str, newline: Newline) -> Result<Sensitive<String>, Failure> {
    let (bytes, place) = if path == STDIN {
        (all_of(io::stdin().lock(), 0), "stdin")
    } else {
        let open = File::open(path);
        let size = |file: &File| file.metadata().map_or(0, |about| about.len());
        (open.and_then(|file| all_of(&file, size(&file))), path)
    };
    let failed = |reason: String| Failure::new(Code::Failed, reason);
    let mut bytes = bytes.map_err(|error| failed(format!("cannot read {place}: {error}")))?;
    if newline == Newline::Dropped {
        drop_newline(bytes.expose_mut());
    }
    let text = std::str::from_utf8(bytes.expose());
    let text = text.map_err(|_| failed(format!("what {place} holds is not text in UTF-8")))?;
    Ok(Sensitive::new(text.to_owned()))
}

/// Reads into memory reserved beforehand, so that no copies stay behind.
fn all_of(from: impl Read, size: u64) -> io::Result<Sensitive<Vec<u8>>> {
    let size = usize::try_from(size.min(LIMIT)).unwrap_or_default();
    let mut bytes = Sensitive::new(Vec::with_capacity(size.max(8192) + 1));
    let read = from.take(LIMIT + 1).read_to_end(bytes.expose_mut())?;
    if read as u64 > LIMIT {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
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
#[allow(clippy::unwrap_used)]
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
        let binary = format!("a={}", binary.display());
        let absent = format!("a={}", directory.path().join("absent").display());
        for (arguments, code) in [
            (&["a"][..], Code::Usage),
            (&["=a"], Code::Usage),
            (&["a="], Code::Usage),
            (&["a=-", "b=-"], Code::Usage),
            (&[&absent], Code::Failed),
            (&[&binary], Code::Failed),
            (&["a=/dev/zero"], Code::Failed),
        ] {
            let failure = read(arguments.iter().copied(), Newline::Dropped).unwrap_err();
            assert_eq!(failure.code(), code, "{arguments:?}: {failure}");
        }
    }

    #[test]
    fn keys_end_at_the_first_equals_sign() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x=y");
        std::fs::write(&path, "é\n").unwrap();
        let argument = format!("a b={}", path.display());
        for (newline, expected) in [(Newline::Dropped, "é"), (Newline::Kept, "é\n")] {
            let fed = read([argument.as_str()], newline).unwrap();
            let [fed] = fed.as_slice() else { panic!() };
            assert_eq!(
                (fed.key.as_str(), fed.value.expose().as_str()),
                ("a b", expected)
            );
        }
    }
}
