use super::*;
use crate::template::fill::fill_within;
use crate::template::{Guard, Problem, Replacement, fill};
use crate::test_table::cases;
use crate::test_time::is_linear;
use crate::vault::notation::{Error, Value};
use serde_json::json;

fn scan(text: impl AsRef<[u8]>) -> Template {
    Template::scan(text.as_ref().to_vec().into()).unwrap()
}

/// The tokens of a line, each with its notation's record and parameter.
fn tokens(text: &str) -> Vec<String> {
    let template = scan(text);
    let tokens = template.references().iter().map(|reference| {
        assert_eq!(
            &template.text()[reference.span.clone()],
            reference.token.as_bytes()
        );
        reference.token.clone()
    });
    tokens.collect()
}

#[test]
fn a_reference_ends_where_the_official_grammar_ends_it() {
    let table = r##"
        a=keeper://U/field/login b => keeper://U/field/login
        {"a":"keeper://U/field/login","b":1} => keeper://U/field/login
        keeper://U/field/login@host => keeper://U/field/login
        keeper://U/field/login:5432/db => keeper://U/field/login
        keeper://U/field/login#x => keeper://U/field/login
        keeper://U/field/host[0][hostName]:80 => keeper://U/field/host[0][hostName]
        keeper://U/field/x:-http://localhost:3000 b => keeper://U/field/x:-http://localhost:3000
        keeper://U/field/x:-a|upper|lower b => keeper://U/field/x:-a|upper|lower
        keeper://U/field/x|upper@h => keeper://U/field/x|upper
        keeper://U/field/x:- => keeper://U/field/x
        keeper://U/field/x| => keeper://U/field/x
        keeper://A:B@C"D/field/x => keeper://A:B@C"D/field/x
        keeper://a\/b/field/x => keeper://a\/b/field/x
        keeper://{a/field/x|upper => keeper://{a/field/x|upper
        keeper://{a}/field/x => keeper://{a}/field/x
        # Beyond it.
        "say \"keeper://U/field/x\"" => keeper://U/field/x
        "say \"keeper://U/field/x:-d\"" => keeper://U/field/x:-d
        keeper://My\ DB/field/My\ Label:-x => keeper://My\ DB/field/My\ Label:-x
        <a>keeper://{U/field/x}</a> => keeper://{U/field/x}
        keeper://{U/field/a b:-c d|upper}|x => keeper://{U/field/a b:-c d|upper}
        keeper://{U/field/a\}b}} => keeper://{U/field/a\}b}
    "##;
    for (text, expected) in cases(table) {
        assert_eq!(tokens(text), [expected], "{text}");
    }
    assert_eq!(tokens("keeper://U/field/x\u{a0}y"), ["keeper://U/field/x"]);
    let unknown = Template::scan(b"keeper://U/notes|json,".to_vec().into()).unwrap_err();
    assert_eq!((unknown.name.as_str(), unknown.line), ("json,", 1));
}

#[test]
fn names_can_have_anything_in_them() {
    let wanted = r#"a b"c'd#e:f|g@h{i}j[k]l/m\n"#;
    let braces = r#"keeper://{T x/field/a b"c'd#e\:f\|g@h\{i\}j\[k\]l\/m\\n}"#;
    let bare = r"keeper://T\ x/field/a\ b\#e\:f\|g\@h\{i\}j\[k\]l\/m\\n";
    let name = |text: &str| {
        let template = scan(text);
        let notation = template.references()[0].notation.clone().unwrap();
        assert_eq!(notation.record, "T x");
        match notation.target {
            crate::vault::notation::Target::Field { name, .. } => name,
            other => format!("{other:?}"),
        }
    };
    assert_eq!(name(braces), wanted);
    // Quotes are for braces: the text around may be one that escapes its own.
    assert_eq!(name(bare), wanted.replace("\"c'd", ""));
}

#[test]
fn defaults_in_braces_hold_what_others_cannot() {
    for (text, default) in [
        ("keeper://{U/field/x:-two words}", Some("two words")),
        ("keeper://{U/field/x:-}", Some("")),
        (
            r"keeper://{U/field/x:-C:\temp\|\{\}\\|lower}",
            Some(r"C:\temp|{}\"),
        ),
        ("keeper://{U/field/x}:-y", None),
    ] {
        assert_eq!(
            scan(text).references()[0].default.as_deref(),
            default,
            "{text}"
        );
    }
}

#[test]
fn text_without_references_stays_text() {
    for text in [
        "keeper://",
        "see keeper:// here",
        "`keeper://`",
        "\"keeper://\"",
        "KEEPER://U/field/x",
        "keeper:/U/field/x",
        "  # keeper://U/field/x",
        "\t#keeper://U/field/x",
    ] {
        assert_eq!(tokens(text), [""; 0], "{text}");
    }
}

#[test]
fn malformed_references_are_mistakes() {
    for text in [
        "keeper://U",
        "keeper://U/password",
        "keeper://U/fields/x",
        "keeper:///field",
        "keeper://U/field",
    ] {
        let template = scan(text);
        assert!(template.references()[0].notation.is_err(), "{text}");
    }
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    let template = scan(
        "#\r\n# keeper://U/field/a\nkeeper://U/field/a\r# x\rkeeper://U/field/b\n\nkeeper://U/field/c",
    );
    let lines: Vec<_> = template
        .references()
        .iter()
        .map(|reference| reference.line)
        .collect();
    assert_eq!(lines, [3, 5, 7]);
    assert_eq!(template.comments(), [1, 2, 4]);
}

#[test]
fn bytes_around_references_stay() {
    let text = b"\xff\xe9keeper://U/field/a\xfc\r\nkeeper://U/field/\xe9 \0 keeper://U/field/b:-d\xff keeper://U/title";
    let template = scan(text);
    let answers = [
        Ok(Value::from(json!("keeper://U/field/b"))),
        Err(Error::PropertyNotFound {
            property: String::from("U"),
            advice: String::new(),
        }),
        Ok(Value::Bytes(b"\xfe".to_vec().into())),
    ];
    let filled = fill(&template, &mut answers.into_iter(), Guard::Off);
    assert_eq!(
        filled.text.expose(),
        b"\xff\xe9keeper://U/field/b\xfc\r\nkeeper://U/field/\xe9 \0 d\xff \xfe"
    );
    assert!(matches!(
        filled.replacements.as_slice(),
        [
            Replacement::Value(_),
            Replacement::None(_),
            Replacement::Default(_),
            Replacement::Value(_)
        ]
    ));
}

#[test]
fn values_that_grow_without_limit_are_refused() {
    for transforms in ["json", "shell", "base64", "urlencode"] {
        let chain = format!("|{transforms}").repeat(200);
        let template = scan(format!("keeper://U/field/a{chain} keeper://U/field/b"));
        let answers = ["'\"%\\".repeat(4), "b".to_owned()].map(|text| Ok(Value::from(json!(text))));
        let filled = fill_within(10_000, &template, &mut answers.into_iter(), Guard::Off);
        let [first, second] = filled.replacements.as_slice() else {
            panic!("{transforms}");
        };
        let grows = transforms != "urlencode";
        assert_eq!(
            *first == Replacement::None(Problem::TooMuch),
            grows,
            "{transforms}"
        );
        assert!(matches!(second, Replacement::Value(_)), "{transforms}");
    }
}

#[test]
fn hostile_templates_take_no_time() {
    for part in [
        "keeper://{",
        "keeper://{a\\",
        "keeper://a/field/b:-",
        "\\",
        "keeper://",
        "{/",
    ] {
        let text = |count| part.repeat(count).into_bytes();
        let scan = |text: &Vec<u8>| drop(Template::scan(text.clone().into()));
        assert!(is_linear(8_000, text, scan), "{part}");
    }
}
