use super::*;
use crate::test_time::is_linear;

#[test]
fn lines_are_read_as_common_libraries_read_them() {
    // The file, and its variables: `NAME=VALUE|`, a bare name for a line that sets nothing.
    let cases = [
        ("", ""),
        ("# A=1\n\n  \n", ""),
        ("A=1", "A=1|"),
        (" A = 1 \r\nB=2\rC=3", "A=1|B=2|C=3|"),
        ("export A=1\nexport\tB=2\nexportC=3", "A=1|B=2|exportC=3|"),
        ("A=\nB=''\nC=\"\"", "A=|B=|C=|"),
        ("A\nexport B\nexport", "A|B|export|"),
        (
            "A=b c # note\nB=b#c\nC=#c\nD= # note",
            "A=b c|B=b#c|C=#c|D=|",
        ),
        ("A='b # c' # note\nB=\"b # c\"#note", "A=b # c|B=b # c|"),
        ("A=\"one\ntwo\"\nB='one\n\ntwo'", "A=one\ntwo|B=one\n\ntwo|"),
        (r#"A="\n\t\\\"\'\$\x""#, "A=\n\t\\\"'\\$\\x|"),
        (r#"A="\a\b\f\r\v""#, "A=\x07\x08\x0c\r\x0b|"),
        (r#"A='\n\\\'"'"#, "A=\\n\\'\"|"),
        (r"A='C:\'", "A=C:\\|"),
        ("A=\"C:\\\\\"\nB='D:\\\\'\nC='x'", "A=C:\\|B=D:\\|C=x|"),
        (r"A=\n\", "A=\\n\\|"),
        ("A=$B\nB=\"${A}\"\nC='$(id)'", "A=$B|B=${A}|C=$(id)|"),
        ("A=`b`\nA=a'b\"c", "A=`b`|A=a'b\"c|"),
        ("a.b-c=1\n'A B'=2\nÄ=ö", "a.b-c=1|A B=2|Ä=ö|"),
        ("A=b=c=", "A=b=c=|"),
        ("\u{feff}A=1", "A=1|"),
        ("A=keeper://U/field/f[0][x]", "A=keeper://U/field/f[0][x]|"),
    ];
    for (text, expected) in cases {
        let read: String = parse(text)
            .unwrap()
            .into_iter()
            .map(|Variable { name, value }| match value {
                Some(value) => format!("{name}={}|", value.expose()),
                None => format!("{name}|"),
            })
            .collect();
        assert_eq!(read, expected, "{text}");
    }
}

#[test]
fn errors_name_the_line_and_not_its_text() {
    let cases = [
        ("canary canary", Error::NoAssignment { line: 1 }),
        ("A=1\n\n=canary", Error::NoAssignment { line: 3 }),
        ("A=\"1\n2\"\nB='1' canary", Error::NoAssignment { line: 3 }),
        ("A: canary", Error::NoAssignment { line: 1 }),
        ("A:canary", Error::NoAssignment { line: 1 }),
        ("''=1", Error::NoAssignment { line: 1 }),
        ("A=1\nB=\"canary\n\n", Error::Unclosed { line: 2 }),
    ];
    for (text, expected) in cases {
        assert_eq!(parse(text), Err(expected), "{text}");
        assert!(!expected.to_string().contains("canary"));
    }
}

#[test]
fn a_long_file_takes_no_longer_by_the_line() {
    for (line, count) in [("A='1'\n", 1_000), ("# A\n", 0)] {
        let text = |count| line.repeat(count);
        let read = |text: &String| assert!(parse(text).is_ok());
        assert!(is_linear(8_000, text, read), "{line}");
        assert_eq!(parse(&text(1_000)).unwrap().len(), count, "{line}");
        assert_eq!(
            parse(&format!("{}x y", text(1_000))),
            Err(Error::NoAssignment { line: 1_001 })
        );
    }
}

#[test]
fn any_text_gets_an_answer() {
    let alphabet = ["A", "=", "'", "\"", "\\", "#", " ", "\n", "é", "export"];
    let mut texts = vec![String::new()];
    for _ in 0..5 {
        texts = texts
            .iter()
            .flat_map(|text| alphabet.iter().map(move |more| format!("{text}{more}")))
            .collect();
    }
    for text in texts {
        let _ = parse(&text);
    }
}
