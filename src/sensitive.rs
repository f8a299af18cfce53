//! The wrapper of every secret: it does not print and is wiped when dropped.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use ksm_kernels::fill;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use zeroize::Zeroize;

use crate::json::Exact;

/// A value that prints as `[sensitive]` and is wiped when dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Sensitive<T: Wipe>(T);

/// Overwrites itself with zeros. A fill takes megabytes at once, where `Zeroize` takes byte by byte.
pub trait Wipe {
    fn wipe(&mut self);
}

impl Wipe for Vec<u8> {
    /// Overwrites what lay behind the end as well.
    fn wipe(&mut self) {
        fill::wipe(self);
    }
}

impl Wipe for String {
    fn wipe(&mut self) {
        std::mem::take(self).into_bytes().wipe();
    }
}

impl Wipe for Vec<char> {
    fn wipe(&mut self) {
        self.zeroize();
    }
}

impl<const N: usize> Wipe for [u8; N] {
    fn wipe(&mut self) {
        self.zeroize();
    }
}

impl<T: Wipe> Sensitive<T> {
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// Called where the value leaves us: a cipher, a child's environment, the answer.
    pub fn expose(&self) -> &T {
        &self.0
    }

    pub fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Wipe> Drop for Sensitive<T> {
    fn drop(&mut self) {
        self.0.wipe();
    }
}

impl<T: Wipe> From<T> for Sensitive<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl Sensitive<String> {
    pub fn into_bytes(mut self) -> Sensitive<Vec<u8>> {
        Sensitive(std::mem::take(&mut self.0).into_bytes())
    }
}

impl Sensitive<Vec<u8>> {
    /// Returns `None` for what is no UTF-8.
    pub fn into_text(mut self) -> Option<Sensitive<String>> {
        match String::from_utf8(std::mem::take(&mut self.0)) {
            Ok(text) => Some(text.into()),
            Err(error) => {
                drop(Self(error.into_bytes()));
                None
            }
        }
    }

    /// What is new is zero.
    pub fn resize(&mut self, length: usize) {
        fill::resize(&mut self.0, length);
    }
}

impl From<&[u8]> for Sensitive<Vec<u8>> {
    fn from(bytes: &[u8]) -> Self {
        Self::new(bytes.to_vec())
    }
}

impl<T: Wipe> fmt::Debug for Sensitive<T> {
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

impl<'de> Deserialize<'de> for Sensitive<String> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(Self)
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
        Value::String(text) => text.wipe(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Overwrites what functions that have returned left on the stack, so many bytes deep: values that were moved are not wiped
/// where they were, and ring wipes no key.
#[inline(never)]
pub fn overwrite_dead_frames<const DEPTH: usize>() {
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
