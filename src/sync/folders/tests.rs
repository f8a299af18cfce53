use super::*;
use crate::test_table::cases;

fn folders() -> Folders {
    let folder = |uid: &str, parent: &str, name: &str| Folder {
        uid: uid.into(),
        parent: (!parent.is_empty()).then(|| parent.into()),
        name: name.to_owned(),
    };
    let mut folders = Folders::default();
    folders.list.extend([
        folder("1111111111111111111111", "", "app"),
        folder("2222222222222222222222", "1111111111111111111111", "prod"),
        folder("3333333333333333333333", "2222222222222222222222", "db"),
        folder("4444444444444444444444", "", "web"),
        folder("5555555555555555555555", "4444444444444444444444", "prod"),
        folder("6666666666666666666666", "4444444444444444444444", "a/b"),
    ]);
    folders
}

fn told(own: &str, all: &str) -> String {
    let words = |text: &str| {
        text.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let folders = folders();
    let choice = Choice::of(&folders, &words(own), &words(all));
    let chosen = choice.chosen.iter().map(|Chosen { folder, depth }| {
        let mark = if *depth == Depth::All { "*" } else { "" };
        format!("{}{mark}", &folder.uid.as_str()[..1])
    });
    let unresolved = choice
        .unresolved
        .iter()
        .map(|unresolved| format!("{:?}", unresolved.kind));
    chosen.chain(unresolved).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_folder_goes_by_uid_path_or_name() {
    for (tokens, expected) in cases(
        "app => 1
         2222222222222222222222 => 2
         app/prod => 2
         prod/db => 3
         db app/prod/db => 3
         prod => Ambiguous
         web/prod => 5
         a//b => 6
         a/b => 6
         nowhere => Missing
         7777777777777777777777 => Missing",
    ) {
        assert_eq!(told(tokens, ""), expected, "{tokens}");
    }
}

#[test]
fn a_folder_within_a_whole_one_is_left_out() {
    for (own, all, expected) in [
        ("db", "app", "1*"),
        ("app", "app/prod", "1 2*"),
        ("web", "app app/prod", "4 1*"),
        ("app", "app", "1 1* Ambiguous"),
    ] {
        assert_eq!(told(own, all), expected, "{own} {all}");
    }
}

#[test]
fn an_unreadable_folder_may_be_the_one_meant() {
    let mut folders = folders();
    folders.broken.push(Broken {
        uid: "U".into(),
        reason: "any".into(),
    });
    let choice = Choice::of(&folders, &["nowhere".to_owned()], &[]);
    assert_eq!(choice.unresolved[0].kind, Kind::Damaged);
}
