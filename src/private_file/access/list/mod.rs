//! Access lists of Windows in its own text form (SDDL): what one allows to others, and the lists of what we make.

use crate::private_file::facts::Facts;

/// Any of these rights reads the content.
const READ: u32 = 0x9000_0001;
/// Any of these changes the content, the list or the owner.
const WRITE: u32 = 0x500c_0006;

/// Letters of rights that whole lists are made of, and what they stand for.
const RIGHTS: [(&str, u32); 20] = [
    ("FA", 0x1f_01ff),
    ("FR", 0x12_0089),
    ("FW", 0x12_0116),
    ("FX", 0x12_00a0),
    ("GA", 0x1000_0000),
    ("GR", 0x8000_0000),
    ("GW", 0x4000_0000),
    ("GX", 0x2000_0000),
    ("RC", 0x2_0000),
    ("SD", 0x1_0000),
    ("WD", 0x4_0000),
    ("WO", 0x8_0000),
    ("CC", 0x1),
    ("DC", 0x2),
    ("LC", 0x4),
    ("SW", 0x8),
    ("RP", 0x10),
    ("WP", 0x20),
    ("DT", 0x40),
    ("LO", 0x80),
];
const EVERYTHING: u32 = u32::MAX;

/// Whoever they are, they may do everything: the system, its administrators and installer. The owner is judged alone, and our
/// session is ours.
const TRUSTED: [&str; 11] = [
    "SY",
    "S-1-5-18",
    "BA",
    "S-1-5-32-544",
    "LA",
    "DA",
    "EA",
    "OW",
    "S-1-3-4",
    "CO",
    "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
];
const OUR_SESSION: &str = "S-1-5-5-";

/// Groups of everybody: all, all who signed in, all of the machine or domain, guests.
const EVERYBODY: [&str; 15] = [
    "WD",
    "S-1-1-0",
    "AU",
    "S-1-5-11",
    "BU",
    "S-1-5-32-545",
    "AN",
    "BG",
    "DU",
    "DG",
    "IU",
    "S-1-5-4",
    "NU",
    "S-1-5-2",
    "AC",
];

/// What a list belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Object {
    File,
    /// What is made in it gets the same list.
    Directory,
}

/// What becomes of the rights of groups of everybody, where a file takes the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::private_file) enum Everybody {
    Kept,
    LeftOut,
}

/// A list for the user and for administrators, as the official CLI makes one. Nothing is inherited.
pub(super) fn private(user: &str, object: Object) -> String {
    let flags = match object {
        Object::File => "",
        Object::Directory => "OICI",
    };
    format!("D:P(A;{flags};FA;;;{user})(A;{flags};FA;;;BA)")
}

/// The list of a file that takes the place of one with this list.
pub(super) fn kept(old: &str, user: &str, everybody: Everybody) -> String {
    let old = List::parse(old);
    let mut list = private(user, Object::File);
    for entry in old.entries.iter().filter(|entry| entry.applies()) {
        let is_known = entry.who == user || TRUSTED.contains(&entry.who);
        let is_left_out = everybody == Everybody::LeftOut && EVERYBODY.contains(&entry.who);
        if entry.allows() && !is_known && !is_left_out {
            list.push_str(&format!("(A;;0x{:x};;;{})", entry.rights, entry.who));
        }
    }
    list
}

/// The same in terms of owner and mode: what belongs to others or is theirs to read or write.
pub(super) fn judged(list: &str, user: &str, found: Facts) -> Facts {
    let list = List::parse(list);
    let is_other =
        |who: &str| who != user && !TRUSTED.contains(&who) && !who.starts_with(OUR_SESSION);
    let rights = match list.is_open {
        true => EVERYTHING,
        false => {
            let others = list
                .entries
                .iter()
                .filter(|entry| entry.applies() && entry.allows() && is_other(entry.who));
            others.fold(0, |rights, entry| rights | entry.rights)
        }
    };
    let bits = |mask, mode| if rights & mask != 0 { mode } else { 0 };
    Facts {
        owner: u32::from(is_other(list.owner)),
        mode: 0o600 | bits(READ, 0o044) | bits(WRITE, 0o022),
        ..found
    }
}

struct List<'t> {
    owner: &'t str,
    entries: Vec<Entry<'t>>,
    /// There is no list, which allows everything.
    is_open: bool,
}

struct Entry<'t> {
    kind: &'t str,
    flags: &'t str,
    rights: u32,
    who: &'t str,
}

impl<'t> List<'t> {
    fn parse(text: &'t str) -> Self {
        let entries = part(text, "D:");
        let start = entries.find('(').unwrap_or(entries.len());
        let (flags, entries) = entries.split_at_checked(start).unwrap_or_default();
        Self {
            owner: part(text, "O:"),
            entries: words(entries).filter_map(Entry::parse).collect(),
            is_open: !text.contains("D:") || flags.contains("NO_ACCESS_CONTROL"),
        }
    }
}

impl<'t> Entry<'t> {
    fn parse(text: &'t str) -> Option<Self> {
        let mut members = text.splitn(7, ';');
        let (kind, flags, rights) = (members.next()?, members.next()?, members.next()?);
        Some(Self {
            kind,
            flags,
            rights: self::rights(rights),
            who: members.nth(2)?,
        })
    }

    /// What only what is made in a directory inherits does not apply to itself.
    fn applies(&self) -> bool {
        !pairs(self.flags).any(|flag| flag == "IO")
    }

    /// A condition may be met.
    fn allows(&self) -> bool {
        matches!(self.kind, "A" | "OA" | "XA" | "ZA")
    }
}

/// What follows the mark of an owner (`O:`), a group, or a list, up to the next mark.
fn part<'t>(text: &'t str, mark: &str) -> &'t str {
    const MARKS: [&str; 4] = ["O:", "G:", "D:", "S:"];
    // No name of a user, and nothing outside of parentheses, has a colon.
    let Some((_, rest)) = text.split_once(mark) else {
        return "";
    };
    let ends = MARKS.iter().filter_map(|mark| rest.find(mark));
    ends.min().and_then(|end| rest.get(..end)).unwrap_or(rest)
}

/// The texts in parentheses, which a condition has within.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, body) = rest.split_once('(')?;
        let mut depth = 1_usize;
        let end = body.char_indices().find(|(_, letter)| {
            match letter {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        let (word, after) = body.split_at_checked(end?.0)?;
        rest = after;
        Some(word)
    })
}

/// An unknown right is taken for all.
fn rights(text: &str) -> u32 {
    if let Some(number) = text.strip_prefix("0x") {
        return u32::from_str_radix(number, 16).unwrap_or(EVERYTHING);
    }
    let known = |letters| RIGHTS.iter().find(|(known, _)| *known == letters);
    pairs(text).fold(0, |rights, letters| {
        rights | known(letters).map_or(EVERYTHING, |known| known.1)
    })
}

fn pairs(text: &str) -> impl Iterator<Item = &str> {
    (0..text.len())
        .step_by(2)
        .map(|at| text.get(at..at + 2).unwrap_or("?"))
}

#[cfg(test)]
mod tests;
