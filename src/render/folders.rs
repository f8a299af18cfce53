//! The answer of `folder list` (compatibility 10).

use ksm::json;
use ksm::vault::Record;
use ksm::vault::folder::Folder;
use ksm::vault::uid::FolderUid;
use serde_json::{Value, json};

use super::Answer;
use super::paint::Color;
use super::table::{Column, Layout, Table};

#[derive(Clone, Copy, Debug)]
pub(crate) enum FolderRow<'v> {
    Folder(&'v Folder),
    /// A record that was shared on its own.
    Loose(&'v Record),
    Within(&'v Folder, &'v Record),
}

impl Answer for [FolderRow<'_>] {
    fn table(&self, layout: Layout) -> String {
        let mut table = Table::new([
            Column::new("Type").color(Color::Green),
            Column::new("Parent").color(Color::Yellow),
            Column::new("UID").color(Color::Yellow),
            Column::new("Title").color(Color::Green).wraps(),
        ]);
        for row in self {
            table.row(row.cells());
        }
        table.framed(layout)
    }

    fn json(&self) -> String {
        let object = |row: &FolderRow<'_>| -> Value {
            let [kind, parent, uid, title] = row.cells();
            json!({"type": kind, "parent_uid": parent, "uid": uid, "title": title})
        };
        json::pretty(&self.iter().map(object).collect::<Vec<_>>())
    }
}

impl<'v> FolderRow<'v> {
    // Scripts look for the blank that makes a record in a folder stand further in.
    fn cells(self) -> [&'v str; 4] {
        match self {
            Self::Folder(folder) => {
                let parent = folder.parent.as_ref().map_or("", FolderUid::as_str);
                ["dir", parent, folder.uid.as_str(), &folder.name]
            }
            Self::Loose(record) => ["rec", "", record.uid().as_str(), record.title()],
            Self::Within(folder, record) => {
                let (parent, uid) = (folder.uid.as_str(), record.uid().as_str());
                [" rec", parent, uid, record.title()]
            }
        }
    }
}
