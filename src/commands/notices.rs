//! Words the notices of a vault, for the log and for the user.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;

use ksm::clock;
use ksm::foreign::Text;
use ksm::http::Progress;
use ksm::vault::{CacheReason, CacheUse, Notice};
use ksm::wire::event::{Attempt, Event};

use crate::console::{Bar, Level, Messages};

/// The warnings of a kind that are shown; the others are counted. The log has all of them.
pub(crate) const SHOWN: usize = 10;

/// Tells of a vault while a command runs.
pub(super) struct Notices {
    messages: Messages,
    bar: RefCell<Bar>,
    skipped: Cell<usize>,
    unasked: Cell<usize>,
    warnings: Cell<usize>,
    /// The ages of answers of the cache, in words.
    told_ages: RefCell<HashSet<String>>,
    told_trouble: Cell<bool>,
}

impl Notices {
    pub(super) fn new(messages: Messages) -> Self {
        Self {
            messages,
            bar: RefCell::new(Bar::new(messages)),
            skipped: Cell::default(),
            unasked: Cell::default(),
            warnings: Cell::default(),
            told_ages: RefCell::default(),
            told_trouble: Cell::default(),
        }
    }

    pub(super) fn listener(self: &Rc<Self>) -> Rc<dyn Fn(Notice)> {
        let notices = Rc::clone(self);
        Rc::new(move |notice| notices.tell(&notice))
    }

    fn tell(&self, notice: &Notice) {
        if let Notice::Progress(progress) = notice {
            return self.bar.borrow_mut().show(*progress);
        }
        self.bar.borrow_mut().clear();
        let (level, text) = log_line(notice);
        self.messages.log(level, &text);
        match notice {
            Notice::Session(Event::Attempt(_) | Event::Repeated(_) | Event::KeyChanged(_)) => {}
            Notice::Session(Event::Throttled(pause)) => self.messages.note(&format!(
                "The server is throttling requests; waiting {} s.",
                pause.as_secs_f64().ceil()
            )),
            Notice::SkippedRecord(broken) | Notice::SkippedFile(broken) => {
                let uid = Text::from(&broken.uid);
                let text = format!("{uid} was skipped: {}", broken.reason);
                self.warn(&self.skipped, &text);
            }
            Notice::SkippedPart(uid, part) => {
                let text = format!("{uid}: {part} was skipped: JSON knows no such value");
                self.warn(&self.skipped, &text);
            }
            Notice::FromCache(used) => {
                let age = clock::in_words(used.age);
                if self.told_ages.borrow_mut().insert(age) {
                    match used.reason {
                        CacheReason::Away(_) => self.messages.warn(&text),
                        CacheReason::Offline | CacheReason::Fresh => self.messages.note(&text),
                    }
                }
            }
            Notice::CacheTrouble(_) => {
                if !self.told_trouble.replace(true) {
                    self.messages.warn(&text);
                }
            }
            Notice::Unasked(_) => self.warn(&self.unasked, &text),
            Notice::Warning(_) => self.warn(&self.warnings, &text),
            Notice::Progress(_) => {}
        }
    }

    fn warn(&self, count: &Cell<usize>, text: &str) {
        if count.get() < SHOWN {
            self.messages.warn(text);
        }
        count.set(count.get() + 1);
    }

    /// Tells how many warnings were not shown. The next command of a shell is told of its own.
    pub(super) fn finish(&self) {
        self.told_ages.take();
        self.told_trouble.take();
        for (count, what) in [
            (
                &self.skipped,
                "records, folders, attachments or values were skipped",
            ),
            (&self.unasked, "records came that were not asked for"),
            (&self.warnings, "warnings came from the server"),
        ] {
            if let Some(more @ 1..) = count.take().checked_sub(SHOWN) {
                self.messages.warn(&format!("{more} more {what}"));
            }
        }
    }
}

fn log_line(notice: &Notice) -> (Level, String) {
    match notice {
        Notice::Session(Event::Attempt(attempt)) => (Level::Debug, attempt_line(attempt)),
        Notice::Session(Event::KeyChanged(id)) => {
            (Level::Info, format!("the server uses its key {id} now"))
        }
        Notice::Session(Event::Throttled(pause)) => (
            Level::Warning,
            format!("throttled; waiting {:.1} s", pause.as_secs_f64()),
        ),
        Notice::Session(Event::Repeated(pause)) => (
            Level::Warning,
            format!("no answer; asking again in {:.1} s", pause.as_secs_f64()),
        ),
        // Scripts may look for these words of the official CLI (compatibility 1.6).
        Notice::SkippedRecord(broken) | Notice::SkippedFile(broken) => (
            Level::Warning,
            format!(
                "{} skipped due to error: {}",
                Text::from(&broken.uid),
                broken.reason
            ),
        ),
        Notice::SkippedPart(uid, part) => (
            Level::Warning,
            format!("{uid} skipped due to error: {part} is damaged"),
        ),
        Notice::Unasked(uid) => (
            Level::Warning,
            format!("the server sent record {uid}, which was not asked for"),
        ),
        Notice::Warning(text) => (Level::Warning, text.to_string()),
        Notice::FromCache(CacheUse { age, reason }) => {
            let age = clock::in_words(*age);
            match reason {
                CacheReason::Offline => (
                    Level::Info,
                    format!("The answer is from the cache and {age} old, because of `--offline`."),
                ),
                CacheReason::Fresh => (
                    Level::Info,
                    format!(
                        "The answer is from the cache and {age} old, which `--fresh-for` allows."
                    ),
                ),
                CacheReason::Away(reason) => {
                    let reason = reason.as_deref();
                    let reason = reason.unwrap_or("the server was out of reach a moment ago");
                    let text = format!("the answer is from the cache and {age} old: {reason}");
                    (Level::Warning, text)
                }
            }
        }
        Notice::CacheTrouble(reason) => {
            (Level::Warning, format!("the cache is of no use: {reason}"))
        }
        Notice::Progress(Progress { done, total }) => {
            (Level::Debug, format!("{done} of {total} bytes"))
        }
    }
}

fn attempt_line(attempt: &Attempt) -> String {
    let Attempt {
        endpoint,
        host,
        number,
        end,
        took,
    } = attempt;
    let end = match end {
        Ok(status) => format!("status {status}"),
        Err(reason) => reason.clone(),
    };
    let milliseconds = took.as_millis();
    format!("{endpoint} at {host}, attempt {number}, {milliseconds} ms: {end}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ksm::vault::Broken;

    use super::*;

    #[test]
    fn every_notice_has_its_line() {
        let attempt = |end| {
            Notice::Session(Event::Attempt(Attempt {
                endpoint: "get_secret",
                host: "vault.example".to_owned(),
                number: 2,
                end,
                took: Duration::from_micros(12_345),
            }))
        };
        let broken = || Broken {
            uid: "UID".to_owned(),
            reason: "it is damaged".to_owned(),
        };
        let pause = Duration::from_millis(1_250);
        let table = [
            (
                attempt(Ok(403)),
                "DEBUG get_secret at vault.example, attempt 2, 12 ms: status 403",
            ),
            (
                attempt(Err("vault.example stopped answering".to_owned())),
                "DEBUG get_secret at vault.example, attempt 2, 12 ms: vault.example stopped answering",
            ),
            (
                Notice::Session(Event::KeyChanged(8.into())),
                "INFO the server uses its key 8 now",
            ),
            (
                Notice::Session(Event::Throttled(pause)),
                "WARNING throttled; waiting 1.2 s",
            ),
            (
                Notice::Session(Event::Repeated(pause)),
                "WARNING no answer; asking again in 1.2 s",
            ),
            (
                Notice::SkippedRecord(broken()),
                "WARNING UID skipped due to error: it is damaged",
            ),
            (
                Notice::SkippedFile(broken()),
                "WARNING UID skipped due to error: it is damaged",
            ),
            (
                Notice::Unasked("UID".into()),
                "WARNING the server sent record UID, which was not asked for",
            ),
            (Notice::Warning("words".into()), "WARNING words"),
        ];
        for (notice, expected) in table {
            let (level, text) = log_line(&notice);
            assert_eq!(format!("{level} {text}"), expected);
        }
    }
}
