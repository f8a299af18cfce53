//! Tests of `edit.rs`.

use super::*;

fn parse(text: &str) -> Document {
    Document::parse(text.as_bytes()).unwrap()
}

fn text(document: &Document) -> String {
    document.render_checked().unwrap().expose().clone()
}

#[test]
fn an_edit_changes_its_line_only() {
    let cases = [
        ("[a]\nx = 1\ny=2\n", "[a]\nx = new\ny=2\n"),
        (
            "# c\r\n[a]\r\nX: 1\r\n\r\n",
            "# c\r\n[a]\r\nx = new\r\n\r\n",
        ),
        ("[a]\nx = 1\n   2\n\n   3\nz\n", "[a]\nx = new\nz\n"),
        ("[a]\nx", "[a]\nx = new\n"),
        ("  [a]\n  x = 1\n  y = 2\n", "  [a]\n  x = new\n  y = 2\n"),
        // New keys go below the last one, at its depth.
        (
            "[a]\ny = 2\n\n# b\n[b]\n",
            "[a]\ny = 2\nx = new\n\n# b\n[b]\n",
        ),
        ("[a]\n  y\n  [b]\n", "[a]\n  y\n  x = new\n  [b]\n"),
        ("[a]", "[a]\nx = new\n"),
        ("[a]\ny = 2", "[a]\ny = 2\nx = new\n"),
        // New sections stand below a blank line.
        ("", "[a]\nx = new\n\n"),
        ("[b]\ny = 2", "[b]\ny = 2\n\n[a]\nx = new\n\n"),
        ("[b]\ny = 2\n\n", "[b]\ny = 2\n\n[a]\nx = new\n\n"),
        (
            "[b]\r\ny = 2\r\n",
            "[b]\r\ny = 2\r\n\r\n[a]\r\nx = new\r\n\r\n",
        ),
    ];
    for (before, after) in cases {
        let mut document = parse(before);
        assert_eq!(text(&document), before);
        document.set("a", "x", Some("new")).unwrap();
        assert_eq!(text(&document), after, "{before:?}");
    }
}

#[test]
fn setting_what_is_already_there_changes_nothing() {
    let before = "[a]\nX:1\n\n[b]\ny";
    let mut document = parse(before);
    document.set("a", "x", Some("1")).unwrap();
    document.set("b", "y", None).unwrap();
    assert_eq!(text(&document), before);
}

#[test]
fn removing_a_section_leaves_the_next_comment() {
    let mut document = parse("[a]\nx\n# own\ny\n\n# about b\n[b]\nz\n");
    document.remove("a");
    assert_eq!(text(&document), "# about b\n[b]\nz\n");
    document.remove("missing");
    document.remove("b");
    assert_eq!(text(&document), "# about b\n");
}

#[test]
fn the_settings_section_is_opened_first() {
    let mut document = parse("\u{feff}[a]\nx\n");
    document.set(SETTINGS, "active_profile", Some("a")).unwrap();
    assert_eq!(
        text(&document),
        "\u{feff}[_config]\nactive_profile = a\n\n[a]\nx\n"
    );
}

#[test]
fn values_that_would_not_come_back_are_refused() {
    for value in [
        " a", "a ", "a\rb", "a\n", "a \nb", "a\n b", "a\n# b", "a\n;b",
    ] {
        let refused = Document::default().set("a", "x", Some(value));
        assert!(refused.is_err(), "{value:?}");
    }
}

#[test]
fn multiline_values_are_written_as_configparser_does() {
    for (before, after) in [
        (
            "[a]\nx = 1\ny\n",
            "[a]\nx = one\n\t\n\ttwo # no comment\ny\n",
        ),
        (
            "  [a]\r\n  x\r\n",
            "  [a]\r\n  x = one\r\n  \t\r\n  \ttwo # no comment\r\n",
        ),
        ("[a]\nx", "[a]\nx = one\n\t\n\ttwo # no comment\n"),
    ] {
        let mut document = parse(before);
        let value = "one\n\ntwo # no comment";
        document.set("a", "x", Some(value)).unwrap();
        assert_eq!(text(&document), after);
        assert_eq!(document.get("a", "x").unwrap().expose(), value);
    }
}

#[test]
fn a_copied_section_reads_as_the_original() {
    let theirs =
        parse("[DEFAULT]\nlent = theirs\nkey = theirs\n[a]\nlong = one\n two\nkey = own\nbare\n");
    for (before, after) in [
        (
            "[a]\n# mine\ngone = 1\nkey = old\n[b]\nx\n",
            "[a]\n# mine\nkey = own\nlong = one\n\ttwo\nbare\nlent = theirs\n[b]\nx\n",
        ),
        (
            "[DEFAULT]\nlent = ours\n",
            "[DEFAULT]\nlent = ours\n\n[a]\nlong = one\n\ttwo\nkey = own\nbare\nlent = theirs\n\n",
        ),
    ] {
        let mut ours = parse(before);
        ours.copy_section(&theirs, "a").unwrap();
        assert_eq!(text(&ours), after);
    }
}

#[test]
fn a_deep_indentation_is_not_repeated() {
    let deep = "\u{c}".repeat(65);
    let mut document = parse(&format!("[a]\n{deep}x = 1\n"));
    for key in ["x", "y"] {
        let refused = document.set("a", key, Some("2\n3")).unwrap_err();
        assert_eq!(refused, Error::Indentation);
    }
    let mut document = parse(&format!("[a]\n{}x = 1\n", &deep[1..]));
    document.set("a", "x", Some("2")).unwrap();
}

#[test]
fn an_edit_the_layout_would_distort_is_refused() {
    // Without [b], the deeper header would continue the value of `x`.
    let mut document = parse("[a]\nx = 1\n[b]\n  y\n  [c]\n  z\n");
    document.remove("b");
    assert_eq!(document.render_checked().unwrap_err(), Error::Layout);
}

#[test]
fn percent_signs_are_doubled() {
    let mut document = parse("[a]\n");
    document.set("a", "x", Some("50%")).unwrap();
    assert_eq!(text(&document), "[a]\nx = 50%%\n");
}
