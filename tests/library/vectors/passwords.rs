//! The characters of generated passwords. Where a class is left open, ours has one of it (FIX 31), so only counts that are
//! asked for, and lengths, are compared.

use ksm::password::Recipe;
use serde_json::Value;

use super::data::{list, parse};

#[test]
fn passwords() {
    for vector in list(&parse(include_str!("password.json"))["vectors"]) {
        let params = &vector["params"];
        // The official one makes nothing of a negative length, and has a default and a choice of special characters,
        // which are the caller's here.
        let length = params["length"].as_i64().unwrap_or(32);
        let Ok(length) = u32::try_from(length) else {
            continue;
        };
        let count = |name: &str| params[name].as_i64().map(|count| count as i32);
        let recipe = Recipe {
            length,
            counts: ["lowercase", "uppercase", "digits", "special_characters"].map(count),
            without: String::new(),
        };
        for _ in 0..50 {
            let password = recipe.generate().unwrap();
            let password = password.expose();
            let observed = &vector["lengths_observed"][0];
            assert_eq!(observed, password.len(), "{params}");
            type Class = fn(&char) -> bool;
            let classes: [(&str, Class); 4] = [
                ("lowercase", char::is_ascii_lowercase),
                ("uppercase", char::is_ascii_uppercase),
                ("digits", char::is_ascii_digit),
                ("special", char::is_ascii_punctuation),
            ];
            for ((name, class), asked) in classes.into_iter().zip(recipe.counts) {
                let found = password.chars().filter(class).count() as u64;
                let seen = |bound: &str| -> Option<u64> {
                    vector["class_counts_over_300_runs"][name][bound].as_u64()
                };
                let (least, most) = (seen("observed_min"), seen("observed_max"));
                // Counts that never varied are a rule.
                if least == most {
                    assert_eq!(Some(found), most, "{name} for {params}");
                }
                if let Some(asked) = asked {
                    assert!(
                        found >= u64::from(asked.unsigned_abs()),
                        "{name} for {params}"
                    );
                }
                let open = asked.is_none() && most > Some(0) && length >= 10;
                assert!(found > 0 || !open, "{name} for {params}");
            }
        }
        assert!(matches!(params, Value::Object(_)));
    }
}
