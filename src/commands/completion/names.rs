//! The names in the configuration, in the cache and on this machine that a line leads to.

use std::collections::BTreeMap;
use std::rc::Rc;

use ksm::environment::Environment;
use ksm::profile::Discovery;
use ksm::program;
use ksm::schema::{self, RecordTypes};
use ksm::vault::notation::{self, PREFIX};
use ksm::vault::{Links, Reader, Record, RecordFilter};

use super::notation::{Stage, selectors};
use crate::cli::completion::{FILES, Named};
use crate::cli::globals::Globals;
use crate::commands::context::Context;
use crate::console::Console;

pub(super) struct Names<'a> {
    line: &'a [String],
    context: Context,
    environment: Rc<Environment>,
}

impl<'a> Names<'a> {
    pub(super) fn of(line: &'a [String]) -> Self {
        let environment = Rc::new(Environment::of_process());
        let home = environment.home();
        let mut globals = Globals::default();
        globals.offline = true;
        globals.profile = value_of(line, &["-p", "--profile-name", "--profile"]);
        globals.ini_file = value_of(line, &["--ini-file"]).map(|path| {
            // Shells hand it over as it was typed.
            match path.strip_prefix("~/").zip(home) {
                Some((path, home)) => home.join(path),
                None => path.into(),
            }
        });
        let context = Context::new(globals, Rc::clone(&environment), &Console::for_process());
        Self {
            line,
            context,
            environment,
        }
    }

    /// Those that begin with `typed`; what ends in [`FILES`] goes on with a path.
    pub(super) fn find(&self, named: Named, typed: &str) -> Vec<String> {
        let Ok(runtime) = super::super::runtime() else {
            return Vec::new();
        };
        let found = runtime.block_on(self.names(named, typed));
        let mut found = found.unwrap_or_default();
        found.retain(|name| name.starts_with(typed) || name.ends_with(FILES));
        found.sort_unstable();
        found.dedup();
        found
    }

    async fn names(&self, named: Named, typed: &str) -> Option<Vec<String>> {
        match named {
            Named::Profile => Some(self.profiles()),
            Named::Record if begins_notation(typed) => self.notations(typed).await,
            Named::Record => self.titles().await,
            Named::Field => self.fields().await,
            Named::FieldValue => behind_names(self.fields().await),
            Named::FieldFile => match typed.split_once('=') {
                Some((name, _)) => Some(vec![format!("{name}={FILES}")]),
                None => behind_names(self.fields().await),
            },
            Named::Attachment => self.attachments().await,
            Named::Folder => self.folders().await,
            Named::Notation => self.notations(typed).await,
            Named::VariableNotation => self.assigned(typed).await,
            Named::FileNotation if !typed.contains('=') => Some(vec![FILES.to_owned()]),
            Named::FileNotation => self.assigned(typed).await,
            Named::Source if typed.contains('=') => self.assigned(typed).await,
            Named::Source => {
                let titles = self.titles().await;
                let folders = self.folders().await;
                Some(titles.into_iter().chain(folders).flatten().collect())
            }
            Named::RecordType => {
                let types = RecordTypes::builtin();
                Some(types.iter().map(|kind| kind.name.clone()).collect())
            }
            Named::FieldType => {
                let types = schema::field_types().iter();
                Some(types.map(|kind| kind.name.clone()).collect())
            }
            Named::File => Some(vec![FILES.to_owned()]),
            Named::Program => Some(self.programs(typed)),
            Named::CommandLine => match self.line {
                [.., before, _] if before == "--" => Some(self.programs(typed)),
                line if line.iter().any(|word| word == "--") => Some(vec![FILES.to_owned()]),
                _ => Some(self.programs(typed)),
            },
        }
    }

    /// A program is named, or lies at a path.
    fn programs(&self, typed: &str) -> Vec<String> {
        if typed.starts_with(['.', '~']) || typed.contains(std::path::is_separator) {
            return vec![FILES.to_owned()];
        }
        program::names(typed, |name| self.environment.get(name))
    }

    /// The keyring is not opened: it may ask for a password.
    fn store(&self) -> Option<Rc<dyn ksm::profile::Store>> {
        let named = self.context.ini_file();
        // Somebody waits for what is in a FIFO, and it is there once.
        if named.is_some_and(|path| path.exists() && !path.is_file()) {
            return None;
        }
        let context = self.context.store_context();
        Discovery::before_keyring(self.context.ini_file(), &context)
            .ok()?
            .store
    }

    fn profiles(&self) -> Vec<String> {
        let names = self.store().map(|store| store.names());
        let names = names.into_iter().flatten();
        names.map(|name| name.to_string()).collect()
    }

    /// Reads answers that were kept. `None` where there are none, or where the keys lie in another store, which is asked
    /// by requests.
    async fn reader(&self) -> Option<Reader> {
        let store = self.store()?;
        let name = store
            .choose(self.context.profile_name(None).as_ref())
            .ok()?;
        if store.keys_elsewhere(&name).ok()?.is_some() {
            return None;
        }
        let profile = self.context.open(&*store).await.ok()?;
        let kept = self.context.kept(&profile, Some(&*store)).ok()??;
        Some(Reader::offline(
            kept,
            profile.device.app_key,
            Rc::new(|_| ()),
        ))
    }

    async fn titles(&self) -> Option<Vec<String>> {
        let answer = self.reader().await?.headings().await.ok()?;
        let titles = answer.records.iter().map(|heading| heading.title);
        // What looks like an option is one.
        let titles = titles.filter(|title| !title.is_empty() && !title.starts_with('-'));
        Some(titles.map(str::to_owned).collect())
    }

    async fn records(&self) -> Option<Vec<Record>> {
        let reader = self.reader().await?;
        let answer = reader.records(&RecordFilter::All, Links::Without).await;
        Some(answer.ok()?.records)
    }

    /// The records that the line names.
    async fn named_records(&self) -> Option<Vec<Record>> {
        let mut records = self.records().await?;
        records.retain(|record| {
            let mut words = self.line.iter();
            words.any(|word| word == record.title() || word == record.uid().as_str())
        });
        Some(records)
    }

    async fn fields(&self) -> Option<Vec<String>> {
        let records = self.named_records().await?;
        let fields = records.iter().flat_map(Record::all_fields);
        Some(fields.map(|field| field.name().to_owned()).collect())
    }

    async fn attachments(&self) -> Option<Vec<String>> {
        let records = self.named_records().await?;
        let files = records.iter().flat_map(Record::files);
        Some(files.map(|file| file.title().to_owned()).collect())
    }

    async fn folders(&self) -> Option<Vec<String>> {
        let folders = self.reader().await?.folders().await.ok()?;
        let titles = folders.list.into_iter().map(|folder| folder.name);
        Some(titles.collect())
    }

    /// Notations behind `NAME=`.
    async fn assigned(&self, typed: &str) -> Option<Vec<String>> {
        let (name, typed) = typed.split_once('=')?;
        let found = self.notations(typed).await?;
        let found = found.into_iter();
        Some(found.map(|found| format!("{name}={found}")).collect())
    }

    /// Those that begin with `typed`. The one beginning that there is goes on with what may follow it.
    async fn notations(&self, typed: &str) -> Option<Vec<String>> {
        let mut found = self.sections(typed).await?;
        while let [only] = found.as_slice()
            && only.ends_with('/')
            && only != PREFIX
        {
            match self.sections(only).await {
                Some(next) if !next.is_empty() => found = next,
                _ => break,
            }
        }
        Some(found)
    }

    async fn sections(&self, typed: &str) -> Option<Vec<String>> {
        let named = |records: Vec<Record>, name: &str| {
            let mut records = records.into_iter();
            records.find(|record| record.title() == name || record.uid().as_str() == name)
        };
        let (before, found) = match Stage::of(typed) {
            Stage::Record(before) => {
                let names = self.references().await.unwrap_or_default();
                let is_beginning = before.is_empty() && PREFIX.starts_with(typed);
                match (is_beginning, names.is_empty()) {
                    (true, true) => (PREFIX, vec![String::new()]),
                    (true, false) => (PREFIX, names),
                    (false, _) => (before, names),
                }
            }
            Stage::Selector(before, record) => {
                let record = named(self.records().await?, &record)?;
                let found = selectors(&record).into_iter().map(str::to_owned);
                (before, found.collect())
            }
            Stage::Name(before, record, selector) => {
                let record = named(self.records().await?, &record)?;
                (before, super::notation::names(&record, selector))
            }
        };
        let found = found.into_iter().map(|found| format!("{before}{found}"));
        Some(found.filter(|found| found.starts_with(typed)).collect())
    }

    /// The first section of a notation of each record: its title, or the UID where it shares the title.
    async fn references(&self) -> Option<Vec<String>> {
        let answer = self.reader().await?.headings().await.ok()?;
        let mut by_title = BTreeMap::<&str, Vec<&str>>::new();
        for heading in answer.records.iter() {
            by_title.entry(heading.title).or_default().push(heading.uid);
        }
        let names = by_title
            .into_iter()
            .flat_map(|(title, uids)| match uids.as_slice() {
                [_] if !title.is_empty() => vec![title],
                _ => uids,
            });
        Some(names.map(|name| notation::escaped(name) + "/").collect())
    }
}

/// Whether a record is named by a notation, which no title is until its colon.
fn begins_notation(typed: &str) -> bool {
    let word = typed.get(.."keeper:".len());
    word.is_some_and(|word| word.eq_ignore_ascii_case("keeper:"))
}

fn behind_names(names: Option<Vec<String>>) -> Option<Vec<String>> {
    let names = names?.into_iter();
    Some(names.map(|name| format!("{name}=")).collect())
}

/// The value of an option of `ksm` itself, in the word behind it or its own.
fn value_of(line: &[String], options: &[&str]) -> Option<String> {
    let behind = line.iter().zip(line.iter().skip(1));
    let mut values = behind.filter_map(|(word, next)| {
        let own = word
            .split_once('=')
            .filter(|(name, _)| options.contains(name));
        let own = own.map(|(_, value)| value.to_owned());
        own.or_else(|| options.contains(&word.as_str()).then(|| next.clone()))
    });
    values.next_back()
}
