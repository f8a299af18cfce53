//! Whole tables as the official CLI 1.5.0 prints them, whose table code wrote the expected lines.

use super::super::paint::Color::{Green, Red, Yellow};
use super::super::paint::Colors::{self, Off, Shown};
use super::{Align, Column, Layout, MARK, Table};

fn print<const N: usize>(columns: [Column; N], rows: &[[&str; N]], layout: Layout) -> String {
    let mut table = Table::new(columns);
    for row in rows {
        table.row(*row);
    }
    table.render(layout)
}

fn list(rows: &[[&str; 3]], layout: Layout) -> String {
    let columns = [
        Column::new("UID").color(Green),
        Column::new("Record Type"),
        Column::new("Title").color(Yellow),
    ];
    print(columns, rows, layout)
}

fn profiles(rows: &[[&str; 2]], layout: Layout) -> String {
    print(
        [
            Column::new("Active").align(Align::Center).color(Red),
            Column::new("Profile").color(Yellow),
        ],
        rows,
        layout,
    )
}

fn files(rows: &[[&str; 4]], layout: Layout) -> String {
    let name = Column::new("File Name").color(Green).wraps();
    print(
        [
            name,
            Column::new("Type"),
            Column::new("Size").align(Align::Right),
            Column::new("File UID"),
        ],
        rows,
        layout,
    )
}

fn fields(rows: &[[&str; 2]], layout: Layout) -> String {
    let mut table = Table::new([
        Column::new("Field").color(Green),
        Column::new("Value").color(Yellow).wraps(),
    ]);
    for row in rows {
        match row[1].contains(MARK) {
            true => table.masked_row(*row, layout.colors),
            false => table.row(*row),
        }
    }
    table.render(layout)
}

#[test]
fn tables_are_laid_out_as_the_official_ones() {
    let layout = |width, colors| Layout { width, colors };
    let (off, shown) = (|width| layout(width, Off), |width| layout(width, Shown));
    let cases = [
        (
            list(
                &[["AAAAAAAAAAAAAAAAAAAAA1", "login", "My Website"]],
                off(79),
            ),
            concat!(
                " UID                     Record Type Title\n",
                " ----------------------- ----------- ----------\n",
                " AAAAAAAAAAAAAAAAAAAAA1  login       My Website\n",
            ),
        ),
        (
            list(&[], off(79)),
            concat!(" UID Record Type Title\n", " --- ----------- -----\n",),
        ),
        (
            list(
                &[
                    ["AAAAAAAAAAAAAAAAAAAAA1", "login", "Ünï 🔑"],
                    ["BBBBBBBBBBBBBBBBBBBBBB", "databaseCredentials", ""],
                ],
                shown(79),
            ),
            concat!(
                " UID                     Record Type          Title\n",
                " ----------------------- -------------------- -----\n",
                " \x1b[32mAAAAAAAAAAAAAAAAAAAAA1  \x1b[0mlogin                \x1b[33mÜnï 🔑\x1b[0m\n",
                " \x1b[32mBBBBBBBBBBBBBBBBBBBBBB  \x1b[0mdatabaseCredentials  \x1b[33m     \x1b[0m\n",
            ),
        ),
        (
            list(&[["", "", ""], ["x", "", "  lead\ttab\nnew"]], off(79)),
            concat!(
                " UID Record Type Title\n",
                " --- ----------- --------------\n",
                " x                 lead  tab\n",
                "                 new\n",
            ),
        ),
        (
            profiles(&[["*", "_default"], ["", "two"]], off(79)),
            concat!(
                " Active Profile\n",
                " ------ --------\n",
                "   *    _default\n",
                "        two\n",
            ),
        ),
        (
            profiles(&[["*", "_default"], ["", "two"]], shown(79)),
            concat!(
                " Active Profile\n",
                " ------ --------\n",
                " \x1b[31m  *    \x1b[0m\x1b[33m_default\x1b[0m\n",
                " \x1b[31m       \x1b[0m\x1b[33mtwo\x1b[0m\n",
            ),
        ),
        (
            profiles(&[], off(79)),
            concat!(" Active Profile\n", " ------ -------\n",),
        ),
        (
            files(
                &[
                    ["A title", "text/plain", "6", "f1f1f1f1f1f1f1f1f1f1f1"],
                    [
                        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                        "application/octet-stream",
                        "1234567",
                        "f2f2f2f2f2f2f2f2f2f2f2",
                    ],
                ],
                off(79),
            ),
            concat!(
                " File Name             Type                          Size File UID\n",
                " --------------------- ------------------------- -------- ----------------------\n",
                " A title               text/plain                       6 f1f1f1f1f1f1f1f1f1f1f1\n",
                " bbbbbbbbbbbbbbbbbbbbb application/octet-stream   1234567 f2f2f2f2f2f2f2f2f2f2f2\n",
                " bbbbbbbbbbbbbbbbbbbbb                                                          \n",
                " bbbbbbbbbbbbbbbbbbbbb                                                          \n",
                " bbbbbbb                                                                        \n",
            ),
        ),
        (
            files(
                &[[
                    "a long file name with some-hyphened words in it which has to be broken",
                    "text/plain",
                    "6",
                    "f1f1f1f1f1f1f1f1f1f1f1",
                ]],
                shown(79),
            ),
            concat!(
                " File Name                               Type        Size File UID\n",
                " --------------------------------------- ----------- ---- ----------------------\n",
                " \x1b[32ma long file name with some-hyphened     \x1b[0mtext/plain     6 f1f1f1f1f1f1f1f1f1f1f1\n",
                " \x1b[32mwords in it which has to be broken      \x1b[0m                                       \n",
            ),
        ),
        (
            fields(
                &[
                    ["login", "foo"],
                    ["name", "[{\"first\": \"John\", \"last\": \"Smith\"}]"],
                    [
                        "note",
                        "lorem ipsum dolor sit amet lorem ipsum dolor sit amet lorem ipsum dolor sit amet lorem ipsum dolor sit amet lorem ipsum dolor sit amet ",
                    ],
                    ["after", ""],
                    ["x", "y"],
                ],
                off(79),
            ),
            concat!(
                " Field  Value\n",
                " ------ -----------------------------------------------------------------------\n",
                " login  foo\n",
                " name   [{\"first\": \"John\", \"last\": \"Smith\"}]\n",
                " note   lorem ipsum dolor sit amet lorem ipsum dolor sit amet lorem ipsum dolor\n",
                "        sit amet lorem ipsum dolor sit amet lorem ipsum dolor sit amet\n",
                " after                                                                         \n",
                " x      y\n",
            ),
        ),
        (
            fields(
                &[
                    ["login", "foo"],
                    ["note", "-----BEGIN OPENSSH PRIVATE KEY-----\\nAAAA"],
                ],
                off(30),
            ),
            concat!(
                " Field  Value\n",
                " ------ ----------------------\n",
                " login  foo\n",
                " note   -----BEGIN OPENSSH\n",
                "        PRIVATE KEY-----\\nAAAA\n",
            ),
        ),
        (
            fields(
                &[[
                    "login",
                    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                ]],
                off(20),
            ),
            concat!(
                " Field  Value\n",
                " ------ -------------\n",
                " login  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
            ),
        ),
        (
            fields(&[], off(79)),
            concat!(" Field Value\n", " ----- -----\n",),
        ),
        (
            fields(
                &[
                    ["login", "foo"],
                    ["password", MARK],
                    ["q", "[{\"question\": \"****\", \"answer\": \"****\"}]"],
                ],
                shown(40),
            ),
            concat!(
                " Field     Value\n",
                " --------- -----------------------------\n",
                " \x1b[32mlogin     \x1b[0m\x1b[33mfoo\x1b[0m\n",
                " \x1b[32mpassword  \x1b[0m\x1b[33m\x1b[31m****\x1b[33m\x1b[0m\n",
                " \x1b[32mq         \x1b[0m\x1b[33m[{\"question\":\x1b[0m\n",
                " \x1b[32m          \x1b[0m\x1b[33m\"\x1b[31m****\x1b[33m\", \"answer\":\x1b[0m\n",
                " \x1b[32m          \x1b[0m\x1b[33m\"\x1b[31m****\x1b[33m\"}]\x1b[0m\n",
            ),
        ),
    ];
    for (table, expected) in cases {
        assert_eq!(table, expected);
    }
}

#[test]
fn a_column_never_gets_narrower_than_its_title() {
    let long = "f".repeat(40);
    let layout = Layout {
        width: 60,
        colors: Off,
    };
    let text = files(&[["a name to break", &"t".repeat(60), "6", &long]], layout);
    let starts = [" File Name Type ", " --------- -----", " a name to ttt"];
    for (line, start) in text.lines().zip(starts) {
        assert!(line.starts_with(start), "{text}");
    }
}

#[test]
fn colors_that_cannot_show_take_their_room_and_go() {
    let text = fields(
        &[["password", MARK]],
        Layout {
            width: 79,
            colors: Colors::Hidden,
        },
    );
    assert_eq!(
        text,
        " Field     Value\n --------- --------------\n password  ****\n"
    );
}
