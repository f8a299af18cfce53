use super::*;
use crate::test_table::cases;

fn variable(name: &str, value: &[u8]) -> NamedValue {
    NamedValue {
        name: name.to_owned(),
        value: Sensitive::new(value.to_vec()),
    }
}

fn secret() -> SecretIdentity {
    SecretIdentity {
        name: Some("db".parse().unwrap()),
        namespace: None,
    }
}

fn written(name: &str, value: &[u8]) -> String {
    let format = format(name).unwrap();
    let text = encode(format, &[variable("A", value)], &secret());
    String::from_utf8(text.unwrap().expose().clone()).unwrap()
}

#[test]
fn each_format_has_its_quotes() {
    for (format, value, expected) in [
        ("shell", "it's\n$x", "export A='it'\\''s\n$x'\n"),
        ("fish", "it's \\ $x", "set -gx A 'it\\'s \\\\ $x'\n"),
        ("powershell", "it's $x", "$env:A = 'it''s $x'\n"),
        (
            "powershell",
            "’",
            "$env:A = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('4oCZ'))\n",
        ),
        ("dotenv", "it's", "A=\"it's\"\n"),
        ("json", "é\"", "{\n    \"A\": \"\\u00e9\\\"\"\n}"),
        ("yaml", "a: b", "A: 'a: b'\n"),
        ("docker", "'a' # $x", "A='a' # $x\n"),
        ("systemd", "\"a\" $x `\\", "A=\"\\\"a\\\" \\$x \\`\\\\\"\n"),
        ("gitlab", "'a' # x", "A='a' # x\n"),
        (
            "k8s",
            "a",
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\ndata:\n  A: 'YQ=='\n",
        ),
    ] {
        assert_eq!(written(format, value.as_bytes()), expected, "{format}");
    }
}

#[test]
fn no_value_of_github_holds_its_own_end() {
    let text = written("github", b"a\n%");
    let lines: Vec<_> = text.split('\n').collect();
    let ["", start, "a", "%", end, ""] = lines[..] else {
        panic!("{text}");
    };
    assert_eq!(start, format!("A<<{end}"));
    assert_ne!(written("github", b"a\n%"), text);
    let all = [variable("A", b"a%\n\n \r b\r"), variable("B", b"")];
    let masks = masks(&all);
    assert_eq!(masks.expose(), "\n::add-mask::a%25\n::add-mask:: b\n");
}

#[test]
fn an_unwritable_value_comes_with_a_way_out() {
    let bytes = |text: &str| match text {
        "BYTES" => b"\xff".to_vec(),
        "LONG" => vec![b'x'; limits::DOCKER_LINE],
        text => text
            .replace("LF", "\n")
            .replace("CR", "\r")
            .replace("NUL", "\0")
            .into_bytes(),
    };
    for (case, expected) in cases(
        "shell A NUL => the value contains a NUL byte; json yaml k8s
         fish A BYTES => the value is not valid UTF-8; shell k8s
         docker A aLFb => the value has more than one line; shell fish powershell dotenv json yaml systemd github k8s
         docker A aCR => the value ends with a carriage return; shell fish powershell dotenv json yaml systemd k8s
         docker A LONG => the line is longer than 65536 bytes; shell fish powershell dotenv json yaml systemd github gitlab k8s
         dotenv A ${x} => the value contains `${`, which python-dotenv expands; shell fish powershell json yaml docker systemd github k8s
         gitlab A $x => the value contains `$`, which the reader expands; shell fish powershell dotenv json yaml docker systemd github k8s
         shell OPTIND 1 => a shell has a variable of this name that acts on what it is given, or keeps its own value; fish powershell dotenv json yaml docker systemd github gitlab k8s
         github GITHUB_ENV x => the runner sets variables of this name itself, or refuses them; shell fish powershell dotenv json yaml docker systemd gitlab k8s
         dotenv a.b x => the name is not made of A-Z, a-z, 0-9 and `_`, or begins with a digit; json yaml k8s
         k8s a/b x => Kubernetes takes keys of at most 253 letters, digits, `-`, `_` and `.`; json yaml",
    ) {
        let words: Vec<_> = case.split(' ').collect();
        let [name, variable, value] = words[..] else {
            panic!("{case}");
        };
        let all = [self::variable(variable, &bytes(value))];
        let error = encode(format(name).unwrap(), &all, &secret()).unwrap_err();
        let ExportError::Unwritable {
            reason,
            alternatives,
            ..
        } = error
        else {
            panic!("{case}: {error}");
        };
        assert_eq!(format!("{reason}; {}", alternatives.join(" ")), expected, "{case}");
    }
}

#[test]
fn a_secret_of_kubernetes_has_a_limit() {
    let half = variable("A", &vec![b'x'; limits::KUBERNETES_SECRET / 2]);
    let k8s = format("k8s").unwrap();
    let fits = [
        half.clone(),
        NamedValue {
            name: "B".into(),
            ..half
        },
    ];
    assert!(encode(k8s, &fits, &secret()).is_ok());
    let [one, two] = fits;
    let error = encode(k8s, &[one, two, variable("C", b"x")], &secret());
    assert!(matches!(error, Err(ExportError::LargeSecret { .. })));
}

#[test]
fn names_of_formats_are_unique() {
    let names: std::collections::BTreeSet<_> = FORMATS.into_iter().map(Format::name).collect();
    assert_eq!(names.len(), FORMATS.len());
}
