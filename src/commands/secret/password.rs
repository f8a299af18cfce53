//! `ksm secret password`: a password, without vault or profile.

use ksm::json;
use ksm::password::{GenerateError, LENGTH, Recipe};
use ksm::sensitive::{Sensitive, SensitiveJson};
use serde_json::json;

use crate::cli::secret::PasswordArgs;
use crate::console::Console;
use crate::failure::{Failure, Result};

/// Lowercase and uppercase letters, digits and special characters.
const KINDS: i64 = 4;

pub(super) fn password(args: &PasswordArgs, console: &mut Console) -> Result<()> {
    let password = recipe(args)?.generate()?;
    let text = password.expose();
    if args.length.is_some_and(|length| length < KINDS) {
        console.warn("a password this short has no room for all four kinds of characters");
    }
    if is_free(args) {
        console.warn(
            "counts of 0 alone say nothing, so the password has all kinds of characters; `-lc 22 -uc 21 -d 21` makes one \
             without special characters",
        );
    }
    if args.json {
        let object = SensitiveJson::new(json!({ "password": text }));
        return Ok(console.data(Sensitive::new(json::pretty(object.expose())).expose())?);
    }
    Ok(console.data(text)?)
}

/// Whether nothing but counts of 0 is said about kinds of characters.
fn is_free(args: &PasswordArgs) -> bool {
    let counts = [args.lowercase, args.uppercase, args.digits, args.special];
    let mut said = counts.into_iter().flatten().peekable();
    said.peek().is_some() && said.all(|count| count == 0)
}

/// A length alone allows all kinds of characters; counts are exact, and kinds without one do not occur.
fn recipe(args: &PasswordArgs) -> Result<Recipe> {
    let count = |count: Option<i64>| {
        let count = i32::try_from(count.unwrap_or(0)).ok();
        count.filter(|count| *count >= 0).ok_or_else(|| {
            Failure::usage("the number of characters of a kind cannot be negative, or so large")
        })
    };
    let [lowercase, uppercase, digits, special] =
        [args.lowercase, args.uppercase, args.digits, args.special].map(count);
    let counts = [lowercase?, uppercase?, digits?, special?];
    let total: i64 = counts.map(i64::from).iter().sum();
    let length = match args.length {
        Some(length) if length < 1 => {
            return Err(Failure::usage("a password has at least one character"));
        }
        Some(length) if total > 0 && length != total => {
            return Err(Failure::usage(
                "Both length and at least one of the character group counts has been set. Either set the length or the \
                 character group counts, but not both. The total count of the character groups counts will determine \
                 the length.",
            ));
        }
        Some(length) => length,
        None if total > 0 => total,
        None => LENGTH.into(),
    };
    let length = u32::try_from(length).map_err(|_| Failure::from(GenerateError::TooLong))?;
    Ok(Recipe::counted(length, counts))
}
