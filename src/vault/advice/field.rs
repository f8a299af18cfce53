//! Fields, and members of their values, that a record does not have.

use serde_json::Value;

use super::spelling::{notation, plain_notation, word};
use super::title_of;
use crate::foreign::Text;
use crate::suggest::{LOOSE, closest, listed, meant, nearly};
use crate::vault::field::Field;
use crate::vault::record::Record;
use crate::vault::section::FieldSection;

/// For what is asked for as a field of a record and is none: another part of it, or a member of a field. Names no value.
pub fn part(record: &Record, name: &str) -> String {
    let title = match record.title() {
        "" => record.uid().as_str(),
        title => title,
    };
    if let Some(notation) =
        of_member(record, title, name).or_else(|| bare_member(record, title, name))
    {
        let notation = word(&notation);
        return format!(
            "`--field` prints a whole field; `ksm secret notation {notation}` prints a member"
        );
    }
    let lower = name.to_ascii_lowercase();
    let has_code = || {
        record
            .all_fields()
            .any(|field| field.kind() == Some("oneTimeCode"))
    };
    let shown = Text::from(name);
    match lower.as_str() {
        "totp" | "otp" | "code" | "2fa" if has_code() => {
            format!("`ksm secret totp {}` prints the one-time code", word(title))
        }
        "notes" | "note" => {
            let notation = notation(title, "notes", "");
            format!("notes are no field: `ksm secret notation {notation}` prints them")
        }
        "title" | "type" => {
            let notation = notation(title, &lower, "");
            format!("`{shown}` is no field: `ksm secret notation {notation}` prints it")
        }
        _ if record
            .files()
            .iter()
            .any(|file| [file.title(), file.name()].contains(&name)) =>
        {
            let notation = notation(title, "file/", name);
            format!(
                "`{shown}` is an attachment: `ksm secret download {notation} --file-output PATH` saves it"
            )
        }
        _ => field(record, None, name),
    }
}

/// How the field called `name` of the record that is called `title` is printed, if it has one.
pub fn printing(record: &Record, title: &str, name: &str) -> Option<String> {
    let mut sections = FieldSection::ALL.into_iter();
    let has_field = sections.any(|section| record.field(section, name).is_some());
    has_field.then(|| {
        let (title, name) = (word(title), word(name));
        format!("`ksm secret get {title} --field {name}` prints that field")
    })
}

/// The notation of a member, of which `name` is the field's name, a dot or bracket, and the member's.
fn of_member(record: &Record, title: &str, name: &str) -> Option<String> {
    let (base, rest) = name.split_at(name.find(['.', '['])?);
    let mut sections = FieldSection::ALL.into_iter();
    let (section, field) =
        sections.find_map(|section| Some((section, record.field(section, base)?)))?;
    let Value::Object(members) = field.values().first()? else {
        return None;
    };
    let member = rest.rsplit(['.', '[']).next()?.trim_end_matches(']');
    let names = || members.keys().map(String::as_str);
    let meant = closest(member, names(), LOOSE);
    let member = meant.or_else(|| names().next().map(str::to_owned))?;
    let selector = format!("{}/", section.selector());
    let whole = plain_notation(title, &selector, base);
    Some(format!("{whole}[{member}]"))
}

// The notation of the member called `name`, in any case, of the first field that has one.
fn bare_member(record: &Record, title: &str, name: &str) -> Option<String> {
    FieldSection::ALL.into_iter().find_map(|section| {
        names(record, section).find_map(|base| {
            let Value::Object(members) = record.field(section, base)?.values().first()? else {
                return None;
            };
            let member = members
                .keys()
                .find(|member| member.eq_ignore_ascii_case(name))?;
            let whole = plain_notation(title, &format!("{}/", section.selector()), base);
            Some(format!("{whole}[{member}]"))
        })
    })
}

/// For a field that is not in its section, or in none if there is no section.
pub fn field(record: &Record, section: Option<FieldSection>, name: &str) -> String {
    let title = title_of(record);
    if let Some(section) = section
        && let other = section.other()
        && record.field(other, name).is_some()
    {
        let name = Text::from(name);
        let (kind, selector) = (other.word(), other.selector());
        return format!("`{name}` is a {kind} field of `{title}`: write `{selector}/{name}`");
    }
    if let Some(notation) = of_member(record, title.to_string().as_str(), name) {
        return format!(
            "a member stands within brackets: `{}`",
            Text::from(notation)
        );
    }
    let has = |name: &&str| {
        let sections = section.map_or(FieldSection::ALL.to_vec(), |section| vec![section]);
        let mut sections = sections.into_iter();
        sections.any(|section| record.field(section, name).is_some())
    };
    let ends = name.rmatch_indices(|c| ";,.:)}>\"'@&?]".contains(c));
    let mut bare = ends.filter_map(|(end, _)| name.get(..end));
    if let Some(bare) = bare.find(has) {
        let (bare, name) = (Text::from(bare), Text::from(name));
        return format!(
            "did you mean `{bare}`? The name was read as `{name}`, with what follows it"
        );
    }
    let both = || {
        FieldSection::ALL
            .into_iter()
            .flat_map(|section| names(record, section))
    };
    let meant = match section {
        None => meant(name, both()),
        Some(section) => {
            let own = meant(name, names(record, section));
            let other = section.other();
            match own.is_empty() {
                true => nearly(name, names(record, other), |name| {
                    format!("{}/{name}", other.selector())
                }),
                false => own,
            }
        }
    };
    format!("{meant}`{title}` has {}", fields(record))
}

/// All names of fields of a record, for people.
pub fn fields(record: &Record) -> String {
    let of = |section| listed(names(record, section));
    let (standard, custom) = (of(FieldSection::Standard), of(FieldSection::Custom));
    match (standard.as_str(), custom.as_str()) {
        ("", "") => "no fields".to_owned(),
        (standard, "") => standard.to_owned(),
        ("", custom) => format!("no standard fields; custom: {custom}"),
        (standard, custom) => format!("{standard}; custom: {custom}"),
    }
}

fn names(record: &Record, section: FieldSection) -> impl Iterator<Item = &str> {
    let fields = record.fields(section).iter();
    // Attachments go by names of their own.
    let fields = fields.filter(|field| field.kind() != Some("fileRef"));
    fields.map(Field::name).filter(|name| !name.is_empty())
}

/// For a member that `element` of the field called `field` lacks.
pub fn member(field: &str, element: &Value, property: &str) -> String {
    let field = Text::from(field);
    match element {
        Value::Object(members) => {
            let names = || members.keys().map(String::as_str);
            format!(
                "{}`{field}` has {}",
                meant(property, names()),
                listed(names())
            )
        }
        Value::Array(_) => format!("`{field}` is a list in a list, which has no names"),
        _ => format!("`{field}` is a single value without members; leave out `[…]`"),
    }
}

/// For an index beyond the values of the field called `field`.
pub fn element(field: &str, count: usize) -> String {
    let field = Text::from(field);
    match count {
        1 => format!("`{field}` has one value, which is `[0]`"),
        _ => format!(
            "`{field}` has {count} values, `[0]` to `[{}]`",
            count.saturating_sub(1)
        ),
    }
}
