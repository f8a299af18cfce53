//! JSON and YAML as a tree whose scalars keep their spelling, such as `0012` and `1e5`, until a schema gives them types.

use std::collections::HashSet;

use serde_json::Value;

use crate::limits::DOCUMENT_DEPTH as DEPTH;
use crate::sensitive::Sensitive;

mod json;
mod scalar;
mod yaml;

use yaml::Scalars;

/// A part of a document. Of members with one name the last one counts.
#[derive(Debug, Clone)]
pub enum Node {
    Null,
    Text(Sensitive<String>),
    /// A number or truth value of JSON, as it is spelled.
    Bare(Sensitive<String>),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

/// Rows and columns count from 1. The text itself, which may hold secrets, is not quoted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error(
        "The JSON had problems: it does not go on as JSON does around row {row}, column {column}"
    )]
    Json { row: usize, column: usize },
    #[error("The YAML has problems around row {row}, column {column}.")]
    Yaml {
        row: usize,
        column: usize,
        /// Quotes at most one character, or a repeated name.
        reason: String,
    },
    #[error("the file is nested too deep, or its aliases multiply it")]
    TooLarge,
}

impl Node {
    pub fn from_json(text: &str) -> Result<Self, Error> {
        json::read(text)
    }

    /// All scalars are texts, `null` and `true` too. Several documents in one text are an error; none is an empty text.
    pub fn from_yaml(text: &str) -> Result<Self, Error> {
        yaml::read(text, Scalars::Texts)
    }

    /// Scalars without quotes are numbers, truth values and null where they look like them. Merge keys (`<<`) count, and
    /// repeated names are an error, which quotes them.
    pub fn from_typed_yaml(text: &str) -> Result<Self, Error> {
        yaml::read(text, Scalars::Typed)
    }

    fn bare(spelling: impl Into<String>) -> Self {
        Self::Bare(Sensitive::new(spelling.into()))
    }

    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Sensitive::new(text.into()))
    }

    /// `None` for null, lists and objects.
    pub fn spelling(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Bare(text) => Some(text.expose()),
            Self::Null | Self::List(_) | Self::Object(_) => None,
        }
    }

    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        let found = members.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, node)| node)
    }

    /// The place of a member whose name stood before in its object, such as `.data[0].title`.
    pub fn repeated(&self) -> Option<String> {
        match self {
            Self::Null | Self::Text(_) | Self::Bare(_) => None,
            Self::List(items) => items.iter().enumerate().find_map(|(at, item)| {
                let below = item.repeated()?;
                Some(format!("[{at}]{below}"))
            }),
            Self::Object(members) => {
                let mut names = HashSet::new();
                members.iter().find_map(|(name, node)| {
                    let below = match names.insert(name) {
                        true => node.repeated()?,
                        false => String::new(),
                    };
                    Some(format!(".{}{below}", quotable(name)))
                })
            }
        }
    }

    /// True for `null`, an empty text and an empty list.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) | Self::Bare(text) => text.expose().is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Object(_) => false,
        }
    }

    pub fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Text(text) => Value::String(text.expose().clone()),
            Self::Bare(text) => serde_json::from_str(text.expose()).unwrap_or_default(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Object(members) => {
                let member = |(name, node): &(String, Self)| (name.clone(), node.to_json());
                Value::Object(members.iter().map(member).collect())
            }
        }
    }
}

/// A name of a member as a message may repeat it. What is no word may be a value that lost its colon.
pub fn quotable(name: &str) -> &str {
    let is_word = name
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if is_word && !name.is_empty() {
        name
    } else {
        "…"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;
    use crate::test_time::{is_linear, takes_less};

    // Bare scalars in angle brackets.
    fn show(node: &Node) -> String {
        match node {
            Node::Null => "null".into(),
            Node::Text(text) => format!("{:?}", text.expose()),
            Node::Bare(text) => format!("<{}>", text.expose()),
            Node::List(items) => {
                format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(","))
            }
            Node::Object(members) => {
                let members = members
                    .iter()
                    .map(|(name, node)| format!("{name}:{}", show(node)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }
        }
    }

    #[test]
    fn json_keeps_its_spelling_and_its_order() {
        let table = r#"
            {"b": 1e5, "a": [true, null, "x\u00e9\/"]} => {b:<1e5>,a:[<true>,null,"xé/"]}
            { "a\"" :{} ,"b":[ [ ],{ } , -0 ,"\\" ] } => {a":{},b:[[],{},<-0>,"\\"]}
            {"$serde_json::private::Number": "5"} => {$serde_json::private::Number:"5"}
            12345678901234567890.0 => <12345678901234567890.0>
            "" => ""
        "#;
        for (text, shown) in cases(table) {
            let node = Node::from_json(&format!(" {text}\r\n\t")).unwrap();
            assert_eq!(show(&node), shown, "{text}");
        }
        let twice = Node::from_json(r#"{"a":1,"a":2}"#).unwrap();
        assert_eq!(twice.get("a").unwrap().spelling(), Some("2"));
        assert_eq!(twice.to_json(), serde_json::json!({"a": 2}));
    }

    #[test]
    fn a_repeated_name_is_found_wherever_it_stands() {
        let table = r#"
            {"a":1,"b":[{"a":1},{"a":{"a":2}}]} => none
            {"a":1,"b":2,"a":3} => .a
            {"a":1,"b":[{},{"c":{"a":1,"a":1}}]} => .b[1].c.a
            {"pass word=canary":1,"pass word=canary":2} => .…
            [[{"":0,"":0}]] => [0][0].…
        "#;
        for (text, place) in cases(table) {
            let found = Node::from_json(text).unwrap().repeated();
            assert_eq!(found.as_deref().unwrap_or("none"), place, "{text}");
        }
    }

    #[test]
    fn yaml_scalars_are_texts() {
        for (text, shown) in [
            (
                "a: 0012\nb: [true, ~, 1e5]\n'c': |\n  x\n  y\n",
                r#"{a:"0012",b:["true","~","1e5"],c:"x\ny\n"}"#,
            ),
            ("# nothing\n", r#""""#),
            (
                "---\n- a:\n- &x {k: v}\n- *x\n",
                r#"[{a:""},{k:"v"},{k:"v"}]"#,
            ),
            ("a: \"\\x41\"\n", r#"{a:"A"}"#),
        ] {
            assert_eq!(show(&Node::from_yaml(text).unwrap()), shown, "{text}");
        }
    }

    #[test]
    fn typed_yaml_has_values_and_merge_keys() {
        for (text, shown) in [
            (
                "a: 0012\nb: [true, ~, 1e5, '5', !!str 6]\n",
                r#"{a:"0012",b:[<true>,null,<1e+5>,"5","6"]}"#,
            ),
            (
                "- &x {k: v, l: w}\n- {<<: *x, k: u}\n",
                r#"[{k:"v",l:"w"},{k:"v",l:"w",k:"u"}]"#,
            ),
        ] {
            let node = Node::from_typed_yaml(text).unwrap();
            assert_eq!(show(&node), shown, "{text}");
        }
        assert!(Node::from_typed_yaml("a: 1\nb: 2\na: 3\n").is_err());
    }

    #[test]
    fn what_is_no_document_says_where_and_repeats_nothing() {
        let json = Node::from_json("{\"a\": 1,\n \"b\": canary}").unwrap_err();
        assert_eq!(json, Error::Json { row: 2, column: 7 });
        let yaml = Node::from_yaml("a: 1\nb: [canary\n").unwrap_err();
        assert!(matches!(yaml, Error::Yaml { .. }), "{yaml}");
        assert!(!format!("{json} {yaml} {json:?} {yaml:?}").contains("canary"));
        assert!(Node::from_json("{} {}").is_err());
    }

    #[test]
    fn a_level_around_json_costs_its_two_brackets() {
        let wide = format!("[{}0]", "0,".repeat(10_000));
        let read = |depth| {
            let text = format!("{}{wide}{}", "[".repeat(depth), "]".repeat(depth));
            move || assert!(Node::from_json(&text).is_ok())
        };
        assert!(takes_less(5, read(1), read(DEPTH - 1)));
    }

    #[test]
    fn neither_depth_nor_aliases_cost_more_than_the_file() {
        for depth in [200, 100_000] {
            let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            assert!(Node::from_json(&deep).is_err(), "{depth}");
            assert!(Node::from_yaml(&deep).is_err(), "{depth}");
        }
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x]\n");
        for at in 1..12 {
            let before = format!("*a{}, ", at - 1).repeat(8);
            bomb.push_str(&format!("a{at}: &a{at} [{before}]\n"));
        }
        assert_eq!(Node::from_yaml(&bomb).unwrap_err(), Error::TooLarge);
        assert!(Node::from_yaml("a: &a [*a]\n").is_err());
        let wide = |count| (0..count).map(|at| format!("n{at}: 1\n")).collect();
        let read = |text: &String| assert!(Node::from_typed_yaml(text).is_ok());
        assert!(is_linear(8_000, wide, read));
        let repeated = |count| wide(count) + "n7: 2\n";
        let refuse = |text: &String| assert!(Node::from_typed_yaml(text).is_err());
        assert!(is_linear(8_000, repeated, refuse));
    }
}
