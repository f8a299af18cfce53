//! From a set of notations to the fewest requests (decision D21): what to ask next is worked out from what is known,
//! and only [`resolve_all`] touches the network.

use std::collections::{HashMap, HashSet};

use super::notation::{Error, Found, Notation, Target, Value, resolve};
use super::record::Record;
use super::uid::{self, FileUid, RecordUid};
use super::{Client, Links, Records, inflate};

/// One `get_secret`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// All that is shared with us.
    Everything,
    /// The records with these UIDs; never empty.
    Only(Vec<RecordUid>),
}

impl Question {
    /// The record filter that asks it; empty asks for everything.
    pub fn filter(&self) -> &[RecordUid] {
        match self {
            Self::Everything => &[],
            Self::Only(uids) => uids,
        }
    }
}

/// Notations and the records known so far.
#[derive(Debug)]
pub struct Lookup<'n> {
    notations: &'n [Notation],
    records: Vec<Record>,
    by_uid: HashMap<RecordUid, usize>,
    /// Places in `records`, in the order of their titles.
    by_title: Vec<usize>,
    /// UIDs of what does not open, and why.
    broken: HashMap<String, String>,
    asked: HashSet<RecordUid>,
    complete: bool,
}

impl<'n> Lookup<'n> {
    /// A lookup that knows nothing yet.
    pub fn new(notations: &'n [Notation]) -> Self {
        Self {
            notations,
            records: Vec::new(),
            by_uid: HashMap::new(),
            by_title: Vec::new(),
            broken: HashMap::new(),
            asked: HashSet::new(),
            complete: false,
        }
    }

    /// What has to be asked next; `None` once every notation has the answer it can get. Each question names a record
    /// that was not asked for before, or is the last.
    pub fn question(&self) -> Option<Question> {
        if self.complete || self.notations.is_empty() {
            return None;
        }
        let Some(uids) = self.notations.iter().map(record_uid).collect() else {
            return Some(Question::Everything);
        };
        if let Some(question) = self.only_new(uids) {
            return Some(question);
        }
        // A text that looks like a UID and is none may be a title.
        let is_known = |notation: &Notation| {
            !matches!(self.record(notation), Err(Error::RecordNotFound { .. }))
        };
        if !self.notations.iter().all(is_known) {
            return Some(Question::Everything);
        }
        let references = self.notations.iter().flat_map(|n| self.references(n));
        self.only_new(references.collect())
    }

    /// Takes in what the vault said to `question`. What was not asked for is not used.
    pub fn answer(&mut self, question: &Question, answer: Records) {
        self.asked.extend(question.filter().iter().cloned());
        self.complete |= *question == Question::Everything;
        let broken = answer.broken.into_iter().chain(answer.broken_files);
        self.broken
            .extend(broken.map(|broken| (broken.uid, broken.reason)));
        for record in answer.records {
            let wanted = self.complete || self.asked.contains(record.uid());
            if wanted && !self.by_uid.contains_key(record.uid()) {
                self.by_uid.insert(record.uid().clone(), self.records.len());
                self.records.push(record);
            }
        }
        self.by_title = (0..self.records.len()).collect();
        let title = |place: &usize| self.records.get(*place).map(Record::title);
        self.by_title.sort_by_key(title);
    }

    /// The answer to one of the notations, as far as the records hold it.
    pub fn find(&self, notation: &Notation) -> Result<Found<'_>, Error> {
        let record = self.record(notation)?;
        let references = self.references(notation);
        if let Some(error) = references.iter().find_map(|uid| self.broken(uid)) {
            return Err(error);
        }
        if let Target::File(uid) = &notation.target
            && let Some(reason) = self.broken.get(uid)
        {
            return Err(Error::FileBroken {
                uid: uid.as_str().into(),
                reason: reason.clone(),
            });
        }
        resolve::resolve(notation, record, &|uid| self.by_uid(uid))
    }

    /// The one record a notation names.
    pub fn record(&self, notation: &Notation) -> Result<&Record, Error> {
        if let Some(uid) = record_uid(notation) {
            if let Some(record) = self.by_uid(&uid) {
                return Ok(record);
            }
            if let Some(error) = self.broken(&uid) {
                return Err(error);
            }
        }
        let title = notation.record.as_str();
        let from = self
            .by_title
            .partition_point(|place| self.title(*place) < title);
        let matches: Vec<_> = self
            .by_title
            .iter()
            .skip(from)
            .filter_map(|place| self.records.get(*place))
            .take_while(|record| record.title() == title)
            .collect();
        match matches.as_slice() {
            [only] => Ok(only),
            [] => Err(Error::RecordNotFound {
                record: notation.record.clone(),
            }),
            several => Err(Error::RecordAmbiguous {
                record: notation.record.clone(),
                uids: several.iter().map(|record| record.uid().clone()).collect(),
            }),
        }
    }

    /// The records whose values a notation puts in the place of their UIDs, as far as they are known.
    fn references(&self, notation: &Notation) -> Vec<RecordUid> {
        match (&notation.target, self.record(notation)) {
            (Target::Field { section, name, .. }, Ok(record)) => record
                .field(*section, name)
                .map(|field| inflate::references(field, &|uid| self.by_uid(uid)))
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    fn only_new(&self, uids: Vec<RecordUid>) -> Option<Question> {
        let mut seen = HashSet::new();
        let new: Vec<_> = uids
            .into_iter()
            .filter(|uid| !self.asked.contains(uid) && seen.insert(uid.clone()))
            .collect();
        (!new.is_empty()).then_some(Question::Only(new))
    }

    fn by_uid(&self, uid: &RecordUid) -> Option<&Record> {
        self.records.get(*self.by_uid.get(uid)?)
    }

    fn title(&self, place: usize) -> &str {
        self.records.get(place).map_or("", Record::title)
    }

    /// The error for a record of which no copy opens.
    fn broken(&self, uid: &RecordUid) -> Option<Error> {
        let reason = self.broken.get(uid.as_str())?;
        (!self.by_uid.contains_key(uid)).then(|| Error::RecordBroken {
            uid: uid.clone(),
            reason: reason.clone(),
        })
    }
}

fn record_uid(notation: &Notation) -> Option<RecordUid> {
    uid::is_uid(&notation.record).then(|| RecordUid::from(notation.record.as_str()))
}

/// Answers all `notations`, in their order, with as few requests as they allow; each file is downloaded once.
pub async fn resolve_all(
    client: &mut Client,
    notations: &[Notation],
) -> Result<Vec<Result<Value, Error>>, super::Error> {
    let mut lookup = Lookup::new(notations);
    while let Some(question) = lookup.question() {
        let answer = client.records(question.filter(), Links::Without).await?;
        lookup.answer(&question, answer);
    }
    let mut contents: HashMap<FileUid, Value> = HashMap::new();
    let mut values = Vec::with_capacity(notations.len());
    for notation in notations {
        let (record, file) = match lookup.find(notation) {
            Ok(Found::File { record, file }) => (record, file),
            Ok(Found::Value(value)) => {
                values.push(Ok(value));
                continue;
            }
            Err(error) => {
                values.push(Err(error));
                continue;
            }
        };
        if !contents.contains_key(file.uid()) {
            let content = client.download(record.uid(), file).await?;
            contents.insert(file.uid().clone(), Value::Bytes(content));
        }
        values.extend(contents.get(file.uid()).cloned().map(Ok));
    }
    Ok(values)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::Broken;
    use super::*;
    use serde_json::{Value as Json, json};

    const LOGIN: &str = "LLLLLLLLLLLLLLLLLLLLLL";
    const BANK: &str = "BBBBBBBBBBBBBBBBBBBBBB";
    const CARD: &str = "CCCCCCCCCCCCCCCCCCCCCC";
    const ADDRESS: &str = "AAAAAAAAAAAAAAAAAAAAAA";
    const BROKEN: &str = "XXXXXXXXXXXXXXXXXXXXXX";
    const TITLE: &str = "TTTTTTTTTTTTTTTTTTTTTT";

    fn uid(text: &str) -> RecordUid {
        RecordUid::from(text)
    }

    fn record(uid: &str, title: &str, field: Json) -> Record {
        let plain = json!({"title": title, "type": "any", "fields": [field]}).to_string();
        Record::from_json(self::uid(uid), plain.as_bytes()).unwrap()
    }

    fn all() -> Vec<Record> {
        let to = |kind: &str, uid: &str| json!({"type": kind, "value": [uid]});
        let text = |text: &str| json!({"type": "text", "value": [text]});
        vec![
            record(LOGIN, "login", text("canary-1")),
            record(BANK, "bank", to("cardRef", CARD)),
            record(CARD, "card", to("addressRef", ADDRESS)),
            record(
                ADDRESS,
                "address",
                json!({"type": "address", "value": [{"city": "canary-2"}]}),
            ),
            record("1111111111111111111111", TITLE, text("canary-3")),
            record("2222222222222222222222", "twice", text("canary-4")),
            record("2222222222222222222222", "twice", text("canary-4")),
            record("3333333333333333333333", "same", text("canary-5")),
            record("4444444444444444444444", "same", text("canary-6")),
        ]
    }

    fn answer(question: &Question) -> Records {
        let is_asked =
            |uid: &RecordUid| question.filter().is_empty() || question.filter().contains(uid);
        let mut answer = Records::default();
        answer.records.extend(all());
        answer.records.retain(|record| is_asked(record.uid()));
        if is_asked(&uid(BROKEN)) {
            answer.broken.push(Broken {
                uid: BROKEN.to_owned(),
                reason: "any".to_owned(),
            });
        }
        answer
    }

    fn broken() -> Error {
        Error::RecordBroken {
            uid: uid(BROKEN),
            reason: "any".to_owned(),
        }
    }

    fn notations(texts: &[&str]) -> Vec<Notation> {
        texts
            .iter()
            .map(|text| Notation::parse(text).unwrap())
            .collect()
    }

    /// The filters of the requests that `texts` take, `*` for none.
    fn requests(texts: &[&str]) -> Vec<String> {
        let notations = notations(texts);
        let mut lookup = Lookup::new(&notations);
        let mut asked = Vec::new();
        while let Some(question) = lookup.question() {
            let initials: String = question
                .filter()
                .iter()
                .flat_map(|uid| uid.as_str().chars().next())
                .collect();
            asked.push(if initials.is_empty() {
                "*".to_owned()
            } else {
                initials
            });
            lookup.answer(&question, answer(&question));
        }
        asked
    }

    #[test]
    fn as_few_requests_as_can_be() {
        let [login, login_type, bank, card, broken, title] = [
            format!("{LOGIN}/field/text"),
            format!("{LOGIN}/type"),
            format!("{BANK}/field/cardRef"),
            format!("{CARD}/field/addressRef[city]"),
            format!("{BROKEN}/type"),
            format!("{TITLE}/field/text"),
        ];
        let cases: [(&[&str], &[&str]); 11] = [
            (&[], &[]),
            (&[&login, &login_type], &["L"]),
            (&[&login, &card], &["LC", "A"]),
            (&[&bank], &["B", "C", "A"]),
            (&[&bank, &card], &["BC", "A"]),
            (&[&login, "bank/type"], &["*"]),
            (&["bank/field/cardRef"], &["*"]),
            (&[&title], &["T", "*"]),
            (&[&title, &bank], &["TB", "*"]),
            (&[&broken, &login], &["XL"]),
            (&["no such/type"], &["*"]),
        ];
        for (texts, expected) in cases {
            assert_eq!(requests(texts), expected, "{texts:?}");
        }
    }

    fn outcome(text: &str) -> Result<String, Error> {
        let notations = notations(&[text]);
        let mut lookup = Lookup::new(&notations);
        while let Some(question) = lookup.question() {
            lookup.answer(&question, answer(&question));
        }
        let [notation] = notations.as_slice() else {
            return Ok(String::new());
        };
        match lookup.find(notation)? {
            Found::Value(value) => Ok(String::from_utf8_lossy(value.into_bytes().expose()).into()),
            Found::File { file, .. } => Ok(file.name().to_owned()),
        }
    }

    #[test]
    fn one_record_or_none() {
        assert_eq!(outcome("login/field/text").unwrap(), "canary-1");
        assert_eq!(outcome("twice/field/text").unwrap(), "canary-4");
        assert_eq!(outcome(&format!("{TITLE}/field/text")).unwrap(), "canary-3");
        assert_eq!(
            outcome("bank/field/cardRef").unwrap(),
            r#"{"city": "canary-2"}"#
        );
        assert_eq!(
            outcome("same/field/text"),
            Err(Error::RecordAmbiguous {
                record: "same".to_owned(),
                uids: vec![uid("3333333333333333333333"), uid("4444444444444444444444")],
            })
        );
        assert_eq!(
            outcome("other/type"),
            Err(Error::RecordNotFound {
                record: "other".to_owned(),
            })
        );
        assert_eq!(outcome(&format!("{BROKEN}/type")), Err(broken()));
    }

    #[test]
    fn what_was_not_asked_for_is_not_used() {
        let notations = notations(&[&format!("{LOGIN}/type")]);
        let mut lookup = Lookup::new(&notations);
        let question = lookup.question().unwrap();
        let mut unasked = Records::default();
        unasked.records.push(record(CARD, LOGIN, json!({})));
        lookup.answer(&question, unasked);
        assert_eq!(lookup.question(), Some(Question::Everything));
    }

    #[test]
    fn a_reference_to_a_broken_record_is_an_error() {
        let notations = notations(&[&format!("{LOGIN}/field/addressRef")]);
        let mut lookup = Lookup::new(&notations);
        let field = json!({"type": "addressRef", "value": [ADDRESS, BROKEN]});
        let mut records = vec![record(LOGIN, "login", field)];
        while let Some(question) = lookup.question() {
            let mut answer = answer(&question);
            answer.records = std::mem::take(&mut records);
            lookup.answer(&question, answer);
        }
        let error = notations.iter().find_map(|n| lookup.find(n).err());
        assert_eq!(error, Some(broken()));
    }
}
