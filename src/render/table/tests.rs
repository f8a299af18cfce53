//! Whole tables as the official CLI 1.5.0 prints them, whose table code wrote the expected lines.

use super::super::paint::Color::{Green, Red, Yellow};
use super::super::paint::Colors::{Hidden, Off, Shown};
use super::{Align, Column, Layout, MARK, Table};

/// Kind, width and colors of a table, its rows behind `|`, and the table. `¶` breaks a line in a cell, and `$` protects
/// the blanks at the end of a line.
const OFFICIAL: &str = "\
list 79 Off
|AAAAAAAAAAAAAAAAAAAAA1|login|My Website
 UID                     Record Type Title
 ----------------------- ----------- ----------
 AAAAAAAAAAAAAAAAAAAAA1  login       My Website

list 79 Off
 UID Record Type Title
 --- ----------- -----

list 79 Shown
|AAAAAAAAAAAAAAAAAAAAA1|login|Ünï ø
|BBBBBBBBBBBBBBBBBBBBBB|databaseCredentials|
 UID                     Record Type          Title
 ----------------------- -------------------- -----
 \x1b[32mAAAAAAAAAAAAAAAAAAAAA1  \x1b[0mlogin                \x1b[33mÜnï ø\x1b[0m
 \x1b[32mBBBBBBBBBBBBBBBBBBBBBB  \x1b[0mdatabaseCredentials  \x1b[33m     \x1b[0m

list 79 Off
|||
|x||  lead\ttab¶new
 UID Record Type Title
 --- ----------- --------------
 x                 lead  tab
                 new

profiles 79 Off
|*|_default
||two
 Active Profile
 ------ --------
   *    _default
        two

profiles 79 Shown
|*|_default
||two
 Active Profile
 ------ --------
 \x1b[31m  *    \x1b[0m\x1b[33m_default\x1b[0m
 \x1b[31m       \x1b[0m\x1b[33mtwo\x1b[0m

profiles 79 Off
 Active Profile
 ------ -------

files 79 Off
|A title|text/plain|6|f1f1f1f1f1f1f1f1f1f1f1
|bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb|application/octet-stream|1234567|f2f2f2f2f2f2f2f2f2f2f2
 File Name             Type                          Size File UID
 --------------------- ------------------------- -------- ----------------------
 A title               text/plain                       6 f1f1f1f1f1f1f1f1f1f1f1
 bbbbbbbbbbbbbbbbbbbbb application/octet-stream   1234567 f2f2f2f2f2f2f2f2f2f2f2
 bbbbbbbbbbbbbbbbbbbbb                                                          $
 bbbbbbbbbbbbbbbbbbbbb                                                          $
 bbbbbbb                                                                        $

files 79 Shown
|a long file name with some-hyphened words in it which has to be broken|text/plain|6|f1f1f1f1f1f1f1f1f1f1f1
 File Name                               Type        Size File UID
 --------------------------------------- ----------- ---- ----------------------
 \x1b[32ma long file name with some-hyphened     \x1b[0mtext/plain     6 f1f1f1f1f1f1f1f1f1f1f1
 \x1b[32mwords in it which has to be broken      \x1b[0m                                       $

fields 79 Off
|login|foo
|name|[{\"first\": \"John\", \"last\": \"Smith\"}]
|note|lorem ipsum dolor sit amet lorem ipsum dolor sit amet lorem ipsum dolor sit amet lorem ipsum dolor sit amet lorem ipsum dolor sit amet $
|after|
|x|y
 Field  Value
 ------ -----------------------------------------------------------------------
 login  foo
 name   [{\"first\": \"John\", \"last\": \"Smith\"}]
 note   lorem ipsum dolor sit amet lorem ipsum dolor sit amet lorem ipsum dolor
        sit amet lorem ipsum dolor sit amet lorem ipsum dolor sit amet
 after                                                                         $
 x      y

fields 30 Off
|login|foo
|note|-----BEGIN OPENSSH PRIVATE KEY-----\\nAAAA
 Field  Value
 ------ ----------------------
 login  foo
 note   -----BEGIN OPENSSH
        PRIVATE KEY-----\\nAAAA

fields 20 Off
|login|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
 Field  Value
 ------ -------------
 login  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx

fields 79 Off
 Field Value
 ----- -----

fields 40 Shown
|login|foo
|password|****
|q|[{\"question\": \"****\", \"answer\": \"****\"}]
 Field     Value
 --------- -----------------------------
 \x1b[32mlogin     \x1b[0m\x1b[33mfoo\x1b[0m
 \x1b[32mpassword  \x1b[0m\x1b[33m\x1b[31m****\x1b[33m\x1b[0m
 \x1b[32mq         \x1b[0m\x1b[33m[{\"question\":\x1b[0m
 \x1b[32m          \x1b[0m\x1b[33m\"\x1b[31m****\x1b[33m\", \"answer\":\x1b[0m
 \x1b[32m          \x1b[0m\x1b[33m\"\x1b[31m****\x1b[33m\"}]\x1b[0m
";

fn print<const N: usize>(columns: [Column; N], rows: &[Vec<String>], layout: Layout) -> String {
    let mut table = Table::new(columns);
    for row in rows {
        let cells = std::array::from_fn(|at| row[at].as_str());
        match row[N - 1].contains(MARK) {
            true => table.masked_row(cells, layout.colors),
            false => table.row(cells),
        }
    }
    table.render(layout)
}

/// Prints the table of a case, without a look at the expected one.
fn print_case(case: &str) -> String {
    let heading: Vec<&str> = case.lines().next().unwrap().split(' ').collect();
    let layout = Layout {
        width: heading[1].parse().unwrap(),
        colors: match heading[2] {
            "Shown" => Shown,
            "Hidden" => Hidden,
            _ => Off,
        },
    };
    let cells = |row: &str| row.split('|').map(|cell| cell.replace('¶', "\n")).collect();
    let rows = case.lines().filter_map(|line| line.strip_prefix('|'));
    let rows: Vec<Vec<String>> = rows.map(cells).collect();
    let plain = Column::new;
    let (green, yellow) = (
        |title| plain(title).color(Green),
        |title| plain(title).color(Yellow),
    );
    match heading[0] {
        "list" => {
            let columns = [green("UID"), plain("Record Type"), yellow("Title")];
            print(columns, &rows, layout)
        }
        "profiles" => {
            let active = plain("Active").align(Align::Center).color(Red);
            print([active, yellow("Profile")], &rows, layout)
        }
        "files" => {
            let size = plain("Size").align(Align::Right);
            let columns = [
                green("File Name").wraps(),
                plain("Type"),
                size,
                plain("File UID"),
            ];
            print(columns, &rows, layout)
        }
        _ => print([green("Field"), yellow("Value").wraps()], &rows, layout),
    }
}

#[test]
fn tables_are_laid_out_as_the_official_ones() {
    for case in OFFICIAL.replace('$', "").split("\n\n") {
        let lines = case.lines().filter(|line| line.starts_with(' '));
        let expected: String = lines.map(|line| format!("{line}\n")).collect();
        assert_eq!(print_case(case), expected, "{case}");
    }
}

#[test]
fn a_carriage_return_does_not_look_like_a_blank() {
    for (value, shown) in [
        ("a b", "a b"),
        ("a\rb", "a\\u{d}b"),
        ("a\u{b}b", "a\\u{b}b"),
        ("a\u{c}b", "a\\u{c}b"),
        ("a\r\nb", "a  b"),
        ("a\n\rb", "a \\u{d}b"),
    ] {
        let mut table = Table::new([Column::new("V").wraps()]);
        table.row([value]);
        let layout = Layout {
            width: 79,
            colors: Off,
        };
        let text = table.render(layout);
        assert_eq!(text.lines().last().unwrap().trim(), shown, "{value:?}");
    }
}

#[test]
fn only_official_layouts_cut_the_rule() {
    let last = Column::new("V");
    for (width, column, dashes) in [
        (6, last, 3),
        (6, last.ruled_whole(), 12),
        (2, last.ruled_whole(), 12),
        (79, last, 12),
    ] {
        let mut table = Table::new([Column::new("K"), column]);
        table.row(["k", "密码🔑 value"]);
        let colors = Off;
        let text = table.render(Layout { width, colors });
        let rule = text.lines().nth(1).unwrap().rsplit(' ').next();
        assert_eq!(rule.unwrap().len(), dashes, "{width}: {text}");
    }
}

#[test]
fn a_column_never_gets_narrower_than_its_title() {
    let (kind, long) = ("t".repeat(60), "f".repeat(40));
    let text = print_case(&format!("files 60 Off\n|a name to break|{kind}|6|{long}"));
    let starts = [" File Name Type ", " --------- -----", " a name to ttt"];
    for (line, start) in text.lines().zip(starts) {
        assert!(line.starts_with(start), "{text}");
    }
}

#[test]
fn colors_that_cannot_show_take_their_room_and_go() {
    assert_eq!(
        print_case("fields 79 Hidden\n|password|****"),
        " Field     Value\n --------- --------------\n password  ****\n"
    );
}
