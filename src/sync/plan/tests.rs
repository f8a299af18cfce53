use super::*;
use crate::sync::Kind;
use crate::test_table::cases;

fn state(text: &str) -> State {
    match text {
        "absent" => State::Absent,
        "deleted" => State::Deleted,
        "opaque" => State::Opaque,
        text => State::Present(Sensitive::new(text.to_owned())),
    }
}

fn source(text: &str) -> Source {
    match text {
        "missing" => Source::Missing,
        "unusable" => Source::Unusable("why".to_owned()),
        text => match documents::object(&Sensitive::new(text.to_owned())) {
            Some(object) => Source::Document(object),
            None => Source::Text(Sensitive::new(text.to_owned())),
        },
    }
}

fn item(member: Option<&str>, text: &str) -> Item {
    Item {
        key: "k".to_owned(),
        origin: "o".to_owned(),
        place: Place {
            name: Kind::Aws.traits().names.check("k").unwrap(),
            member: member.map(str::to_owned),
        },
        source: source(text),
    }
}

fn told(items: &[Item], stored: &str, deletion: Deletion) -> String {
    let [target] = &targets(items)[..] else {
        panic!("one secret");
    };
    let state = state(stored);
    let step = match target.step(&state, deletion, Kind::Aws.traits()) {
        Ok(Step::Keep) => "keep".to_owned(),
        Ok(Step::Restore) => "restore".to_owned(),
        Ok(Step::Delete) => "delete".to_owned(),
        Ok(Step::Write(Write::Create, text)) => format!("create {}", text.expose()),
        Ok(Step::Write(Write::Update, text)) => format!("update {}", text.expose()),
        Err(reason) => reason,
    };
    let findings = items
        .iter()
        .map(|item| match item.finding(&state, deletion) {
            Ok(Finding {
                action, differs, ..
            }) => match differs {
                None => action.word().to_owned(),
                Some(true) => format!("{}!", action.word()),
                Some(false) => format!("{}=", action.word()),
            },
            Err(_) => "error".to_owned(),
        });
    format!("{step} ({})", findings.collect::<Vec<_>>().join(" "))
}

/// Behind a step stands what is told of each item: `!` for a value that differs, `=` for one that does not.
#[test]
fn a_whole_value_is_written_where_it_differs() {
    for (given, expected) in cases(
        r#"new, absent => create new (create)
           new, deleted => restore (create)
           new, new => keep (keep=)
           new, old => update new (update!)
           new, opaque => update new (update!)
           missing, absent => keep (keep)
           missing, deleted => keep (keep)
           missing, old => delete (delete!)
           missing, opaque => delete (delete!)
           unusable, old => why (error)
           {"a":1}, absent => create {"a":1} (create)
           {"a":1}, {"a": 1} => keep (keep=)
           {"a":1}, {"a":2} => update {"a":1} (update!)
           {"a":1}, {"a":1,"_preserved_plaintext":"x"} => keep (keep=)
           {"a":1}, old => update {"a":1,"_preserved_plaintext":"old"} (update!)
           {"a":1}, opaque => update {"a":1} (update!)"#,
    ) {
        let (source, stored) = given.split_once(", ").unwrap();
        let items = [item(None, source)];
        assert_eq!(told(&items, stored, Deletion::Allowed), expected, "{given}");
    }
}

#[test]
fn members_are_put_into_what_is_there() {
    for (given, expected) in cases(
        r#"a=new, absent => create {"a":"new"} (create)
           a=new b=missing, absent => create {"a":"new"} (create keep)
           a=missing, absent => keep (keep)
           a=new, deleted => restore (create)
           a=missing, deleted => keep (keep)
           a=new, {"b":"x"} => update {"b":"x","a":"new"} (create)
           a=new, {"a":"new","b":5} => keep (keep=)
           a=new, {"a":"old","b":5} => update {"a":"new","b":5} (update!)
           a=5, {"a":5} => update {"a":"5"} (update!)
           a=missing b=new, {"a":"x","b":"new"} => update {"b":"new"} (delete! keep=)
           a=missing, {"a":"x"} => update {} (delete!)
           a=new, old => update {"a":"new","_preserved_plaintext":"old"} (create)
           a=missing, old => keep (keep)
           a=new, opaque => what is stored is no text, so nothing can be put into it (error)
           a=unusable b=new, {"a":"x"} => update {"a":"x","b":"new"} (error create)"#,
    ) {
        let (sources, stored) = given.split_once(", ").unwrap();
        let sources = sources.split(' ').map(|pair| pair.split_once('=').unwrap());
        let items: Vec<_> = sources
            .map(|(member, text)| item(Some(member), text))
            .collect();
        assert_eq!(told(&items, stored, Deletion::Allowed), expected, "{given}");
    }
}

#[test]
fn nothing_is_deleted_where_it_may_not() {
    for (member, stored) in [(None, "old"), (Some("a"), r#"{"a":"x"}"#)] {
        let items = [item(member, "missing")];
        assert_eq!(told(&items, stored, Deletion::Never), "keep (keep!)");
    }
}

#[test]
fn a_value_larger_than_the_store_takes_is_refused() {
    let largest = Kind::Aws.traits().largest;
    for (length, expected) in [
        (largest, "create "),
        (largest + 1, "the value has 65537 bytes, and AWS"),
    ] {
        let items = [item(None, &"x".repeat(length))];
        let told = told(&items, "absent", Deletion::Allowed);
        assert!(told.starts_with(expected), "{length}");
    }
}
