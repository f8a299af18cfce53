//! The wrapper of every secret: it does not print and is wiped when dropped.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use crate::json::Exact;

/// A value that prints as `[sensitive]` and is wiped when dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Sensitive<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Sensitive<T> {
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }

    /// Called where the value leaves us: a cipher, a child's environment, the answer.
    pub fn expose(&self) -> &T {
        &self.0
    }

    pub fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Zeroize> From<T> for Sensitive<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: Zeroize> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[sensitive]")
    }
}

/// Never fails, so that a mistyped secret meets an error of ours, which does not quote it.
impl FromStr for Sensitive<String> {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::new(text.to_owned()))
    }
}

/// A JSON value that does not print, and whose texts are wiped when it is dropped.
#[derive(Clone, Default, PartialEq)]
pub struct SensitiveJson(Value);

impl SensitiveJson {
    pub fn new(value: Value) -> Self {
        Self(value)
    }

    pub fn expose(&self) -> &Value {
        &self.0
    }
}

impl<'de> Deserialize<'de> for SensitiveJson {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Exact::deserialize(from).map(|Exact(value)| Self(value))
    }
}

impl fmt::Debug for SensitiveJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[sensitive]")
    }
}

impl Drop for SensitiveJson {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Overwrites what functions that have returned left on the stack: values that were moved are not wiped where they were.
#[inline(never)]
pub fn overwrite_dead_frames() {
    const DEPTH: usize = 256 << 10;
    std::hint::black_box(&mut [0_u8; DEPTH]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_nothing_of_the_value() {
        assert_eq!(
            format!("{:?}", Sensitive::new(String::from("canary"))),
            "[sensitive]"
        );
        assert_eq!(
            format!("{:?}", SensitiveJson::new(Value::from("canary"))),
            "[sensitive]"
        );
    }
}
