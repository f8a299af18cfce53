//! Names of variables, made of what people wrote.

use super::{Reason, expect};

/// Joins parts to a name in upper case. Each run of other characters than letters of ASCII, digits and `_` becomes one
/// `_`. `None` if no letter and no digit is left.
pub(super) fn clean(parts: &[&str]) -> Option<String> {
    let is_kept = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = parts.iter().flat_map(|part| part.split(|c| !is_kept(c)));
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let name = words.join("_").to_ascii_uppercase();
    if !name.contains(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    Some(match name.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("_{name}"),
        false => name,
    })
}

/// Whether every shell and every reader of files takes the name.
pub fn is_identifier(name: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty()
        && name.chars().all(is_inner)
        && !name.starts_with(|c: char| c.is_ascii_digit())
}

pub(super) fn expect_identifier(name: &str) -> Result<(), Reason> {
    expect(is_identifier(name), Reason::Name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn other_characters_become_one_underline() {
        for (parts, name) in cases(
            "password => PASSWORD
             API Key => API_KEY
             (API)-Key! => API_KEY
             a__b => A__B
             _a => _A
             2FA => _2FA
             host|hostName => HOST_HOSTNAME
             My DB|phone|2|region => MY_DB_PHONE_2_REGION
             Zürich => Z_RICH
             oneTimeCode => ONETIMECODE",
        ) {
            let parts: Vec<_> = parts.split('|').collect();
            assert_eq!(clean(&parts).as_deref(), Some(name), "{parts:?}");
        }
        for none in ["", "密码", "__", "!"] {
            assert_eq!(clean(&[none]), None, "{none}");
        }
    }
}
