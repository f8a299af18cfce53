use super::*;

const PAGE: &str = "\
# A `page`

Some **words** that are followed by
[a link](kubernetes.md#x) and <https://a.example>.

<!-- not run: it is an example -->
```sh
a   long line of code that no width breaks
```

- one
- two words

  - below

| name | what it is |
|---|---|
| `one` | first of all |
| two | |
";

fn shown(width: usize, ink: Ink) -> String {
    page(PAGE, Paper { width, ink })
}

#[test]
fn text_is_wrapped_and_code_is_not() {
    let expected = "\
A `page`

  Some words that are followed
  by a link
  (`ksm help kubernetes`) and
  https://a.example.

    a   long line of code that no width breaks

  - one
  - two words

    - below

  name   what it is
  -----  ------------
  `one`  first of all
  two
";
    assert_eq!(shown(30, Ink::Plain), expected);
}

#[test]
fn a_link_named_like_its_page_is_the_command() {
    let plain = Paper {
        width: 80,
        ink: Ink::Plain,
    };
    for (text, expected) in [
        ("see [exec](exec.md).", "  see `ksm help exec`.\n"),
        (
            "see [exec and others](exec.md#x).",
            "  see exec and others (`ksm help exec`).\n",
        ),
        ("see [exec](other.md).", "  see exec.\n"),
    ] {
        assert_eq!(page(text, plain), expected);
    }
}

#[test]
fn a_table_gets_narrower_and_then_a_list() {
    let table = |width| {
        let text = shown(width, Ink::Plain);
        let at = text.find("below\n\n").unwrap();
        text[at + 7..].to_owned()
    };
    assert_eq!(
        table(18),
        "  name   what it\n         is\n  -----  ---------\n  `one`  first of\n         all\n\n  two\n"
    );
    assert_eq!(
        table(12),
        "  `one`\n    what it\n    is:\n    first of\n    all\n\n  two\n    what it\n    is:\n"
    );
}

#[test]
fn every_line_of_a_terminal_ends_its_own_styles() {
    let text = shown(30, Ink::Terminal);
    assert!(
        text.starts_with("\x1b[1mA\x1b[0m \x1b[36mpage\x1b[0m\n"),
        "{text:?}"
    );
    for line in text.lines() {
        assert_eq!(
            line.matches("\x1b[0m").count() * 2,
            line.matches('\x1b').count()
        );
    }
}

#[test]
fn no_text_is_wider_than_the_paper() {
    for topic in ksm::guide::TOPICS {
        for width in [60, 80, 200] {
            let paper = Paper {
                width,
                ink: Ink::Plain,
            };
            for line in page(topic.text, paper).lines() {
                let is_code = line.starts_with("    ") || !line.trim().contains(' ');
                let fits = line.chars().count() <= width;
                assert!(fits || is_code, "{} at {width}: {line}", topic.name);
            }
        }
    }
}
