//! Passwords from the operating system's randomness (protocol 13). Each character is as likely as any other of its class.

use crate::crypto::{Error, random};
use crate::sensitive::Sensitive;

/// Lowercase, uppercase, digits and special characters, as in the official clients.
const CLASSES: [&str; 4] = [
    "abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "0123456789",
    "\"!@#$%()+;<>=?[]{}^.,",
];

/// The default length.
pub const LENGTH: u32 = 64;
pub const LONGEST: u32 = 1 << 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// The password is longer if the counts add up to more.
    pub length: u32,
    /// In the order of the classes. Above zero at least so many, zero or below exactly so many, `None` any number.
    pub counts: [Option<i32>; 4],
    /// Characters that must not occur.
    pub without: String,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            length: LENGTH,
            counts: [None; 4],
            without: String::new(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    #[error(transparent)]
    Random(#[from] Error),
    #[error("a password cannot have more than {LONGEST} characters")]
    TooLong,
    /// Every character of a class is excluded.
    #[error("the characters that must not occur leave none of a kind that is wanted")]
    NoneLeft,
}

impl Recipe {
    /// Counts as the official helper and CLI give them: zero means none of a class, unless all are zero.
    pub fn counted(length: u32, counts: [i32; 4]) -> Self {
        let any = counts.iter().any(|count| *count != 0);
        Self {
            length,
            counts: counts.map(|count| any.then_some(count)),
            ..Self::default()
        }
    }

    pub fn generate(&self) -> Result<Sensitive<String>, GenerateError> {
        let mut counts = self.counts;
        let total = |counts: &[Option<i32>; 4]| -> u32 {
            let counts = counts.iter().flatten();
            counts.fold(0, |sum, count| sum.saturating_add(count.unsigned_abs()))
        };
        let exact = counts
            .iter()
            .all(|count| count.is_some_and(|count| count <= 0));
        if exact && total(&counts) < self.length {
            counts = counts.map(|count| count.map(i32::saturating_abs));
            if counts == [Some(0); 4] {
                counts = [None; 4];
            }
        }
        // One of each class that is left open, where there is room (FIX 31).
        let open = counts.iter().filter(|count| count.is_none()).count();
        if total(&counts).saturating_add(open as u32) <= self.length {
            counts = counts.map(|count| count.or(Some(1)));
        }
        self.draw(&counts, total(&counts))
    }

    fn draw(
        &self,
        counts: &[Option<i32>; 4],
        asked: u32,
    ) -> Result<Sensitive<String>, GenerateError> {
        if asked.max(self.length) > LONGEST {
            return Err(GenerateError::TooLong);
        }
        let classes = CLASSES.map(|class| -> Vec<char> {
            class
                .chars()
                .filter(|&c| !self.without.contains(c))
                .collect()
        });
        let is_open = |count: &Option<i32>| count.is_none_or(|count| count > 0);
        let all = !counts.iter().any(is_open);
        let with_room = classes.iter().zip(counts);
        let rest: Vec<char> = with_room
            .filter(|(_, count)| all || is_open(count))
            .flat_map(|(class, _)| class.iter().copied())
            .collect();

        let length = asked.max(self.length) as usize;
        let mut drawn = Sensitive::new(Vec::with_capacity(length));
        for (class, count) in classes.iter().zip(counts) {
            for _ in 0..count.unwrap_or(0).unsigned_abs() {
                drawn.expose_mut().push(pick(class)?);
            }
        }
        while drawn.expose().len() < length {
            drawn.expose_mut().push(pick(&rest)?);
        }
        for last in (1..length).rev() {
            drawn.expose_mut().swap(last, below(last + 1)?);
        }
        // All characters have one byte, so the buffer does not grow and leaves no copy behind.
        let mut password = Sensitive::new(String::with_capacity(length));
        password.expose_mut().extend(drawn.expose());
        Ok(password)
    }
}

fn pick(from: &[char]) -> Result<char, GenerateError> {
    if from.is_empty() {
        return Err(GenerateError::NoneLeft);
    }
    from.get(below(from.len())?)
        .copied()
        .ok_or(GenerateError::NoneLeft)
}

/// A number below `bound`, all equally likely: draws that would favor small ones are repeated.
fn below(bound: usize) -> Result<usize, Error> {
    let bound = bound as u64;
    let limit = u64::MAX - u64::MAX % bound;
    loop {
        let drawn = u64::from_le_bytes(random::bytes()?);
        if drawn < limit {
            return Ok((drawn % bound) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(password: &str) -> [usize; 4] {
        CLASSES.map(|class| password.chars().filter(|&c| class.contains(c)).count())
    }

    #[test]
    fn each_class_occurs_where_there_is_room() {
        for length in [4, 5, 64] {
            for _ in 0..200 {
                let password = Recipe::counted(length, [0; 4]).generate().unwrap();
                let counts = counts(password.expose());
                assert_eq!(counts.iter().sum::<usize>(), length as usize);
                assert!(counts.iter().all(|&count| count > 0), "{counts:?}");
            }
        }
        for length in [0, 1, 3] {
            let password = Recipe::counted(length, [0; 4]).generate().unwrap();
            assert_eq!(password.expose().len(), length as usize);
        }
    }

    #[test]
    fn each_character_of_a_class_is_equally_likely() {
        let recipe = Recipe::counted(0, [0, 0, 100_000, 0]);
        let password = recipe.generate().unwrap();
        for digit in '0'..='9' {
            let count = password.expose().matches(digit).count();
            assert!((9_500..10_500).contains(&count), "{digit}: {count}");
        }
        // No place in the password is a class's own.
        let mixed = Recipe::counted(10, [1, 0, 9, 0]);
        let mut places = [0; 10];
        for _ in 0..1_000 {
            let password = mixed.generate().unwrap();
            let at = password.expose().find(|c: char| c.is_ascii_lowercase());
            *places.get_mut(at.unwrap()).unwrap() += 1;
        }
        assert!(
            places.iter().all(|count| (50..200).contains(count)),
            "{places:?}"
        );
    }

    #[test]
    fn a_record_type_may_rule_characters_out() {
        let recipe = Recipe {
            without: "0123".into(),
            ..Recipe::counted(400, [0, 0, 10, 0])
        };
        let password = recipe.generate().unwrap();
        assert_eq!(password.expose().len(), 400);
        assert!(!password.expose().contains(['0', '1', '2', '3']));
        let impossible = Recipe {
            without: "0123456789".into(),
            ..Recipe::counted(9, [0, 0, 1, 0])
        };
        assert!(matches!(
            impossible.generate(),
            Err(GenerateError::NoneLeft)
        ));
        assert!(matches!(
            Recipe::counted(LONGEST + 1, [0; 4]).generate(),
            Err(GenerateError::TooLong)
        ));
    }
}
