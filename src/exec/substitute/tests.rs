use super::*;
use crate::environment::{Environment, OwnConfig};
use crate::exec::files::Writing;
use crate::program::Program;
use serde_json::json;

fn launch(variables: &[(&str, &str)], arguments: &[&str]) -> Launch {
    let ours: Environment = variables.iter().copied().collect();
    Launch {
        program: Program {
            name: "p".into(),
            path: "/p".into(),
        },
        arguments: arguments.iter().map(OsString::from).collect(),
        environment: ours.for_child(OwnConfig::Withheld),
    }
}

fn no_files() -> Files {
    Files::new(Vec::new(), Writing::Real, |_| {})
}

fn text(value: &str) -> Value {
    Value::from(json!(value))
}

#[test]
fn values_stand_where_their_references_stood() {
    let mut launch = launch(
        &[
            ("A", "keeper://U/field/a"),
            ("B", "KEEPER://U/field/b"),
            ("C", "keeperABC"),
            ("D", "see keeper://U/field/d"),
            ("KSM_TOKEN", "keeper://never"),
        ],
        &["x", "a=Keeper://My DB/field/My Label", "keeper:/"],
    );
    let mut references = References::default();
    references.in_environment(&launch.environment).unwrap();
    references.in_arguments(&launch.arguments).unwrap();
    let notations = ["U/field/a", "U/field/b", "My DB/field/My Label"];
    assert_eq!(
        references.notations(),
        notations.map(|text| Notation::parse(text).unwrap())
    );

    // A value that looks like a reference, and one that looks like a command, are just text.
    let answers = vec![
        Ok(text("keeper://U/field/b")),
        Ok(Value::Null),
        Ok(text("$(id) 'canary'")),
    ];
    references
        .put_into(&mut launch, &mut no_files(), answers)
        .unwrap();
    for (name, value) in [
        ("A", "keeper://U/field/b"),
        ("B", ""),
        ("C", "keeperABC"),
        ("D", "see keeper://U/field/d"),
    ] {
        assert_eq!(
            launch.environment.get(name),
            Some(OsStr::new(value)),
            "{name}"
        );
    }
    assert_eq!(launch.arguments, ["x", "a=$(id) 'canary'", "keeper:/"]);
}

#[test]
fn what_claims_to_be_a_notation_must_be_one() {
    let cases = [
        ("keeper://", ParseError::MissingSection { meant: None }),
        (
            "keeper://U/fields/login",
            ParseError::ExtraCharacters { at: 19 },
        ),
        (
            "Keeper://U/password",
            ParseError::BadSelector {
                meant: Some("Keeper://U/field/password".into()),
            },
        ),
    ];
    for (value, error) in cases {
        let launch = launch(&[("NAME", value)], &[]);
        let input = ProgramInput::Variable("NAME".into());
        let found = References::default().in_environment(&launch.environment);
        let expected = SubstituteError::Malformed { input, error };
        assert_eq!(
            found.unwrap_err().to_string(),
            expected.to_string(),
            "{value}"
        );
    }
}

#[test]
fn every_missing_answer_is_named_and_nothing_is_shown() {
    let mut launch = launch(
        &[
            ("A", "keeper://U/field/a"),
            ("B", "keeper://U/field/b"),
            ("C", "keeper://U/field/c"),
        ],
        &[],
    );
    let mut references = References::default();
    references.in_environment(&launch.environment).unwrap();
    let missing = |property: &str| {
        Err(notation::Error::PropertyNotFound {
            property: property.to_owned(),
            advice: String::from("advice"),
        })
    };
    let answers = vec![missing("a"), Ok(text("canary")), missing("c")];
    let error = references
        .put_into(&mut launch, &mut no_files(), answers)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "variable `A`: Cannot find the dictionary key a in the value; \
         variable `C`: Cannot find the dictionary key c in the value"
    );
}

#[test]
fn values_that_would_be_cut_are_refused() {
    let mut launch = launch(&[], &["keeper://U/file/f"]);
    let mut references = References::default();
    references.in_arguments(&launch.arguments).unwrap();
    let content = Value::Bytes(b"canary\0".to_vec().into());
    let put = references.put_into(&mut launch, &mut no_files(), vec![Ok(content)]);
    let input = ProgramInput::Argument(0);
    assert!(matches!(put, Err(SubstituteError::Nul { input: named }) if named == input));
}
