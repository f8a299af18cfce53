//! What a help page says behind the options: examples, what the options cannot tell, and where to read on.
//! `table` has those of each command.

mod table;

use self::table::NOTES;

pub(super) struct Notes {
    /// Lines that a test runs against the sample vault.
    pub(super) examples: &'static [&'static str],
    pub(super) text: &'static str,
    /// Topics of the guide.
    pub(super) topics: &'static [&'static str],
}

impl Notes {
    /// The notes of a command, named by its words behind `ksm`.
    pub(super) fn of(command: &str) -> Option<&'static Self> {
        let mut all = NOTES.iter();
        let (_, notes) = all.find(|(name, _)| *name == command)?;
        Some(notes)
    }

    /// `own` is what the command says where its options are declared. `beside` is a topic that is shown anyway.
    pub(super) fn with(&self, own: Option<String>, beside: Option<&str>) -> String {
        let mut parts = Vec::new();
        if !self.examples.is_empty() {
            let lines = self
                .examples
                .join("\n  ")
                .replace(' ', &UNBROKEN.to_string());
            parts.push(format!("Examples:\n  {lines}"));
        }
        parts.extend(own);
        if !self.text.is_empty() {
            parts.push(self.text.to_owned());
        }
        let topics = self
            .topics
            .iter()
            .filter(|topic| beside != Some(**topic))
            .map(|topic| format!("`ksm help {topic}`"));
        let topics: Vec<_> = topics.collect();
        if !topics.is_empty() {
            parts.push(format!("Read on: {}", topics.join(", ")));
        }
        parts.join("\n\n")
    }
}

/// Stands for a blank at which no line ends: half an example is another command.
pub(super) const UNBROKEN: char = '\u{a0}';

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::tree;

    #[test]
    fn notes_belong_to_commands_and_lead_to_pages() {
        for (name, notes) in NOTES {
            let mut words = name.split_whitespace();
            let found = words.try_fold(tree::root(), |here, word| tree::below(&here, word));
            assert!(found.is_some() || name.starts_with("dev"), "{name}");
            for topic in notes.topics {
                assert!(ksm::guide::Topic::named(topic).is_some(), "{name}: {topic}");
            }
        }
    }
}
