//! A field of a new record: `[f.|c.]TYPE[LABEL][.KEY]=VALUE` (compatibility 9.2).

use super::Error;
use crate::schema::field_input::{FieldContent, FieldInput};
use crate::schema::{FieldType, ValueError, field_type};
use crate::sensitive::Sensitive;
use crate::vault::section::FieldSection;

/// The part before the `=`.
#[derive(Debug, Clone)]
pub struct FieldPath {
    pub section: FieldSection,
    pub kind: &'static FieldType,
    pub label: Option<String>,
    /// The key of one member of the value.
    pub member: Option<String>,
}

impl FieldInput {
    pub fn parse(argument: &str) -> Result<Self, Error> {
        let (path, value) = FieldPath::cut(argument)?;
        Ok(path.with(Sensitive::new(value.to_owned())))
    }
}

impl FieldPath {
    /// Reads the part before the `=`; the part behind it is given as it is.
    pub fn cut(argument: &str) -> Result<(Self, &str), Error> {
        // A bare word may be a value, so it is not repeated as an unknown type.
        if !argument.contains(['=', '.', '[']) {
            return Err(Error::NoType);
        }
        let (path, rest) = path(argument)?;
        Ok((path, rest.strip_prefix('=').ok_or(Error::Form)?))
    }

    pub fn with(self, text: Sensitive<String>) -> FieldInput {
        FieldInput {
            section: self.section,
            kind: self.kind,
            label: self.label,
            content: match self.member {
                Some(member) => FieldContent::Member(member, text),
                None => FieldContent::Text(text),
            },
        }
    }
}

fn path(argument: &str) -> Result<(FieldPath, &str), Error> {
    let mut start = argument.chars();
    let (section, mut rest) = match (start.next(), start.next()) {
        (Some('f'), Some('.')) => (FieldSection::Standard, start.as_str()),
        (Some('c'), Some('.')) => (FieldSection::Custom, start.as_str()),
        (Some(other), Some('.')) => return Err(Error::Section(other)),
        _ => (FieldSection::Standard, argument),
    };
    let name = word(&mut rest);
    // As in the official CLI, nothing else ends the name.
    if name.is_empty() || !(rest.is_empty() || rest.starts_with(['.', '[', '='])) {
        return Err(Error::NoType);
    }
    let mut path = FieldPath {
        section,
        kind: field_type(name)?,
        label: None,
        member: None,
    };
    let mut labelled = false;
    loop {
        if let Some(inner) = rest.strip_prefix('[') {
            if std::mem::replace(&mut labelled, true) {
                return Err(Error::Twice("label"));
            }
            let (label, behind) = label(inner)?;
            path.label = Some(label).filter(|label| !label.is_empty());
            rest = behind;
        } else if let Some(inner) = rest.strip_prefix('.') {
            if path.member.is_some() {
                return Err(Error::Twice("value key"));
            }
            rest = inner;
            path.member = Some(key(path.kind, &mut rest)?);
        } else {
            return Ok((path, rest));
        }
    }
}

/// Takes the letters, digits and underlines at the beginning.
fn word<'t>(rest: &mut &'t str) -> &'t str {
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
    let (word, behind) = rest
        .split_at_checked(end.unwrap_or(rest.len()))
        .unwrap_or((rest, ""));
    *rest = behind;
    word
}

fn key(kind: &FieldType, rest: &mut &str) -> Result<String, Error> {
    let key = word(rest);
    if key.is_empty() {
        return Err(Error::Form);
    }
    if !kind.is_object() {
        return Err(Error::NoKeys {
            kind: kind.name.clone(),
            key: key.to_owned(),
        });
    }
    match kind.find_member(key) {
        Ok(_) => Ok(key.to_owned()),
        Err(ValueError { suggestion, .. }) => Err(Error::Key {
            kind: kind.name.clone(),
            key: key.to_owned(),
            suggestion,
        }),
    }
}

/// A label up to its `]`, and the text behind it. `\` escapes any character.
fn label(text: &str) -> Result<(String, &str), Error> {
    let mut label = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ']' => return Ok((label, chars.as_str())),
            '\\' => label.extend(chars.next()),
            c => label.push(c),
        }
    }
    Err(Error::OpenLabel)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    fn show(argument: &str) -> String {
        let given = match FieldInput::parse(argument) {
            Ok(given) => given,
            Err(error) => return error.to_string(),
        };
        let label = given
            .label
            .map(|label| format!("[{label}]"))
            .unwrap_or_default();
        let (member, text) = match &given.content {
            FieldContent::Text(text) => (String::new(), text),
            FieldContent::Member(name, text) => (format!(".{name}"), text),
            FieldContent::Node(_) => unreachable!("an argument is text"),
        };
        let section = match given.section {
            FieldSection::Standard => "f",
            FieldSection::Custom => "c",
        };
        format!(
            "{section} {}{label}{member} {:?}",
            given.kind.name,
            text.expose()
        )
    }

    #[test]
    fn arguments_are_cut_as_the_official_cli_cuts_them() {
        let table = r#"
            login=a => f login "a"
            f.login=a=b => f login "a=b"
            c.text[My Label]= x_ => c text[My Label] " x_"
            c.text[\[a\]\\b]=x => c text[[a]\b] "x"
            text[a=b.c]=x => f text[a=b.c] "x"
            text[]=x => f text "x"
            name.first=A => f name.first "A"
            phone[Desk].number=1 => f phone[Desk].number "1"
            phone.number[Desk]=1 => f phone[Desk].number "1"
            login= => f login ""
            password=12345 => f password "12345"
            x.login=a => Field section can only be 'f' or 'c'. The value 'x' is not valid.
            =a => Cannot find the field type name.
            my login=a => Cannot find the field type name.
            login => Cannot find the field type name.
            logni=a => Field type 'logni' does not exists.
            login[x=a => Could not find the end of the label.
            login[x\]=a => Could not find the end of the label.
            login.x=a => The field type 'login' does not have value keys. Cannot set the value key x.
            name.frist=a => The field type 'name' does not have the value key 'frist'.
            name.first.last=a => the value key stands there twice
            text[a][b]=x => the label stands there twice
            text[a]x=y => behind the field type stand `[LABEL]`, `.KEY` and then `=VALUE`
            name.=y => behind the field type stand `[LABEL]`, `.KEY` and then `=VALUE`
        "#;
        for (argument, shown) in cases(table).chain([("", "Cannot find the field type name.")]) {
            assert_eq!(show(argument), shown, "{argument}");
        }
    }

    #[test]
    fn a_mistyped_name_comes_with_a_suggestion() {
        let suggestion = |text| match FieldInput::parse(text).unwrap_err() {
            Error::Unknown(crate::schema::UnknownType::Field { suggestion, .. })
            | Error::Key { suggestion, .. } => suggestion,
            other => panic!("{other}"),
        };
        assert_eq!(suggestion("passwrod=x").as_deref(), Some("password"));
        assert_eq!(suggestion("name.frist=x").as_deref(), Some("first"));
        assert_eq!(suggestion("zzz=x"), None);
    }
}
