//! `notation.json`, on the record set of `records.json`: the reading of every text, and the requests it takes. Not compared:
//! the strict reading, which we do not offer, and the raw text of sections, which only the official parser has a use for.

use std::collections::HashMap;

use ksm::codec;
use ksm::crypto::aead::{self, Key};
use ksm::device::AppKey;
use ksm::vault::attachment::Attachment;
use ksm::vault::notation::parse::{self, Sections};
use ksm::vault::notation::{Error, Notation, ParseError, Value};
use ksm::vault::select::{Found, Selection};
use ksm::vault::uid::{RecordUid, is_uid};
use ksm::vault::{RecordFilter, Records, SelectError};
use ksm::wire::reply::Secrets;
use serde_json::{Value as Json, json};

use super::data::{decoded, list, parse as read, text};

/// Shared with the application and encrypted with a key it does not have.
const BROKEN: &str = "eTsxFcc4cFlqNjdlveO9LA";

/// Vectors a higher document sets aside, with what is expected instead: see OVERRULED.md.
const OVERRULED: [(u64, &str); 2] = [(177, "record_not_found"), (192, "record_broken")];

/// The record set behind its encryption, as a server holds it.
struct Vault {
    app_key: AppKey,
    folder_key: Key,
    entries: Vec<Json>,
    contents: HashMap<String, Vec<u8>>,
}

impl Vault {
    fn new() -> Self {
        let set = read(include_str!("records.json"));
        let entries = list(&set["records"]).to_vec();
        let contents = entries
            .iter()
            .flat_map(|entry| list(&entry["files"]))
            .map(|file| {
                (
                    text(file, "fileUid").to_owned(),
                    decoded(file, "content_b64"),
                )
            })
            .collect();
        Self {
            app_key: AppKey(Key::generate().unwrap()),
            folder_key: Key::generate().unwrap(),
            entries,
            contents,
        }
    }

    /// The records of an answer, doubly shared ones twice, opened as the client opens them.
    fn answer(&self, filter: &RecordFilter) -> Records {
        let uids = filter.uids();
        let is_asked =
            |uid: &str| uids.is_empty() || uids.iter().any(|asked| asked.as_str() == uid);
        let shared = |place: &str, key: &Key| -> Vec<Json> {
            let entries = self.entries.iter().filter(|entry| {
                is_asked(text(entry, "uid")) && list(&entry["appears"]).contains(&json!(place))
            });
            entries.map(|entry| record(entry, key)).collect()
        };
        let mut top = shared("top", &self.app_key.0);
        if is_asked(BROKEN) {
            top.push(json!({"recordUid": BROKEN, "recordKey": sealed(&self.folder_key, b"no key"), "data": ""}));
        }
        let answer = json!({
            "records": top,
            "folders": [{
                "folderUid": "SsBiY21_c-iVWBRldnv-dQ",
                "folderKey": sealed(&self.app_key.0, self.folder_key.expose()),
                "records": shared("folder", &self.folder_key),
            }],
        });
        let answer = answer.to_string();
        let answer: Secrets<'_> = serde_json::from_str(&answer).unwrap();
        Records::open(&answer, &self.app_key, filter)
    }

    /// Answers every filter of `selection`; gives the filters asked, as the vectors write them.
    fn satisfy(&self, selection: &mut Selection<'_>) -> Vec<Json> {
        let mut asked = Vec::new();
        while let Some(filter) = selection.next_filter() {
            asked.push(match &filter {
                RecordFilter::All | RecordFilter::Names(_) => Json::Null,
                RecordFilter::Uids(uids) => uids.iter().map(RecordUid::as_str).collect(),
            });
            selection.answer(&filter, self.answer(&filter));
        }
        asked
    }

    fn content(&self, file: &Attachment) -> &[u8] {
        &self.contents[file.uid().as_str()]
    }
}

fn record(entry: &Json, key: &Key) -> Json {
    let record_key = Key::generate().unwrap();
    let files: Vec<Json> = list(&entry["files"])
        .iter()
        .map(|file| {
            let file_key = Key::generate().unwrap();
            json!({
                "fileUid": file["fileUid"],
                "fileKey": sealed(&record_key, file_key.expose()),
                "data": sealed(&file_key, file.to_string().as_bytes()),
            })
        })
        .collect();
    json!({
        "recordUid": entry["uid"],
        "recordKey": sealed(key, record_key.expose()),
        "data": sealed(&record_key, entry["data"].to_string().as_bytes()),
        "files": files,
    })
}

fn sealed(key: &Key, plain: &[u8]) -> String {
    codec::encode(&aead::seal(key, plain).unwrap())
}

struct Vector(Json);

fn vectors() -> Vec<Vector> {
    let file = read(include_str!("notation.json"));
    list(&file["vectors"]).iter().cloned().map(Vector).collect()
}

impl Vector {
    fn id(&self) -> u64 {
        self.0["id"].as_u64().unwrap()
    }

    fn text(&self) -> &str {
        text(&self.0, "notation")
    }

    fn overruled(&self) -> Option<&'static str> {
        let mut overruled = OVERRULED.iter();
        Some(overruled.find(|(id, _)| *id == self.id())?.1)
    }

    /// The recommended result where there is one, with the official one's requests.
    fn expected(&self) -> &Json {
        self.0["recommended"]
            .get("get_notation")
            .unwrap_or(&self.0["get_notation"])
    }

    fn expected_error(&self) -> Option<&str> {
        self.overruled()
            .or_else(|| self.expected()["error"]["code"].as_str())
            .map(|code| code.trim_start_matches("notation."))
    }

    /// Requests are recorded for the official client only, so they count where it came to the same result.
    /// What is a UID is requested as nothing else (D30).
    fn expected_requests(&self) -> Option<&[Json]> {
        if self.0["recommended"].get("get_notation").is_some() || self.overruled().is_some() {
            return None;
        }
        let requests = self.0["get_notation"]["requests"].as_array()?;
        let by_uid = requests.first()?[0].as_str().is_some_and(is_uid);
        match requests.as_slice() {
            [first @ .., Json::Null] if by_uid => Some(first),
            all => Some(all),
        }
    }
}

fn parse_code(error: ParseError) -> &'static str {
    use ParseError as E;
    match error {
        E::Empty => "empty",
        E::NotBase64 => "not_base64",
        E::BadEscape { .. } => "bad_escape",
        E::IndexNestedBracket { .. } => "index_nested_bracket",
        E::IndexNotClosed { .. } => "index_not_closed",
        E::IndexMustStartWithBracket { .. } => "index_must_start_with_bracket",
        E::MissingSection { .. } => "missing_section",
        E::ExtraCharacters { .. } | E::NearlySelector { .. } | E::InFolder { .. } => {
            "extra_characters"
        }
        E::BadSelector { .. } => "bad_selector",
        E::MissingParameter { .. } => "missing_parameter",
        E::FileIndex => "file_index",
        E::PropertyNeedsIndex => "property_needs_index",
        E::SecondIndexBlank => "second_index_blank",
        E::SecondIndexNumeric => "second_index_numeric",
        E::BadPrefix => "bad_prefix",
        E::NoRecord => "no_record",
        E::PartOfRecord { .. } => "part_of_record",
    }
}

fn find_code(error: &Error) -> &'static str {
    match error {
        Error::Select { error, .. } => match error {
            SelectError::NoRecord { .. } | SelectError::NoneOfRecords { .. } => "record_not_found",
            SelectError::SeveralRecords { .. } => "record_ambiguous",
            SelectError::DamagedRecord(_) => "record_broken",
            SelectError::NoFile { has_others, .. } if !has_others => "no_files",
            SelectError::NoFile { .. } => "file_not_found",
            SelectError::SeveralFiles { .. } => "file_ambiguous",
            SelectError::DamagedFile(_) => "file_broken",
            SelectError::NoFolder { .. }
            | SelectError::SeveralFolders { .. }
            | SelectError::DamagedFolder(_) => "folder",
        },
        Error::Damaged { .. } => "value_broken",
        Error::FieldNotFound { .. } => "field_not_found",
        Error::IndexOutOfRange { .. } => "index_out_of_range",
        Error::PropertyNotFound { .. } => "property_not_found",
    }
}

#[test]
fn texts_are_cut_as_published() {
    for vector in vectors() {
        let cut = parse::sections(vector.text());
        let expected = &vector.0["parsed_legacy"];
        // Some texts that the official parser refuses are to be read.
        if expected["error"].is_null() || vector.0["recommended"].get("get_notation").is_none() {
            let name = format!("{} {}", vector.id(), vector.text());
            assert_eq!(cut_as_json(cut), unescaped(expected), "{name}");
        }
    }
}

fn cut_as_json(cut: Result<Sections, ParseError>) -> Json {
    match cut {
        Err(error) => json!(parse_code(error)),
        Ok(cut) => json!([
            cut.record,
            cut.selector,
            cut.parameter,
            cut.index1,
            cut.index2
        ]),
    }
}

fn unescaped(expected: &Json) -> Json {
    match expected["error"]["code"].as_str() {
        Some(code) => json!(code.trim_start_matches("notation.")),
        None => ["record", "selector", "parameter", "index1", "index2"]
            .map(|section| expected[section][0].clone())
            .into_iter()
            .collect(),
    }
}

#[test]
fn one_value_is_found_as_published() {
    let vault = Vault::new();
    for vector in vectors() {
        let name = format!("{} {}", vector.id(), vector.text());
        let expected_error = vector.expected_error();
        let notation = match Notation::parse(vector.text()) {
            Ok(notation) => [notation],
            // One error of ours where the published ones tell what came of the missing slash.
            Err(ParseError::BadPrefix) => {
                assert!(expected_error.is_some(), "{name}");
                continue;
            }
            Err(error) => {
                assert_eq!(Some(parse_code(error)), expected_error, "{name}");
                continue;
            }
        };
        let mut selection = Selection::new(&notation);
        let asked = vault.satisfy(&mut selection);
        if let Some(expected) = vector.expected_requests() {
            assert_eq!(&asked, expected, "{name}");
        }
        let value = match selection.find(&notation[0]) {
            Ok(Found::Value(value)) => value,
            Ok(Found::File { file, .. }) => Value::Bytes(vault.content(file).to_vec().into()),
            Err(error) => {
                assert_eq!(Some(find_code(&error)), expected_error, "{name}: {error}");
                continue;
            }
        };
        assert_eq!(expected_error, None, "{name}");
        let expected = vector.expected();
        if let Some(content) = expected["value_b64"].as_str() {
            assert_eq!(
                **value.into_bytes().expose(),
                *codec::decode(content).unwrap(),
                "{name}"
            );
            continue;
        }
        assert_eq!(value, Value::from(expected["value"].clone()), "{name}");
        let output = value.into_bytes();
        let output = std::str::from_utf8(output.expose()).unwrap();
        assert_eq!(output, expected["cli_output"].as_str().unwrap(), "{name}");
    }
}
