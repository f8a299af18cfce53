//! `ksm folder delete`.

use std::collections::{BTreeMap, HashSet};

use ksm::suggest;
use ksm::vault::folder::{Folder, Folders};
use ksm::vault::select::FolderTree;
use ksm::vault::uid::{FolderUid, is_uid};
use ksm::vault::{Client, Deletion, FolderContents, Headings, Records, SelectError};

use crate::cli::folder::DeleteArgs;
use crate::commands::context::Context;
use crate::commands::deletions;
use crate::console::Console;
use crate::failure::{Failure, Result};

pub(super) async fn delete(args: &DeleteArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let named = args.folders.iter().chain(&args.folder_arguments);
    let named: Vec<&str> = named.map(String::as_str).collect();
    let contents = if args.force {
        FolderContents::Delete
    } else {
        FolderContents::Keep
    };
    let vault = ctx.vault().await?;
    let in_words = |failure: Failure| failure.while_doing("Could not delete folders");
    let before = match args.force {
        true => Some(Contents::ask(vault).await.map_err(in_words)?),
        false => None,
    };
    let known = before.as_ref().map(|before| &before.folders);
    let deletions = delete_all(vault, &named, known, contents)
        .await
        .map_err(in_words)?;
    let lost = before.and_then(|before| before.told(&deletions));
    if let Some(lost) = lost {
        console.note(&lost);
    }
    deletions::print(&deletions, args.json, "folder", ctx, console)
}

/// What lay in the folders before they were deleted.
struct Contents {
    folders: Folders,
    records: Records<Headings>,
}

impl Contents {
    async fn ask(vault: &Client) -> Result<Self> {
        let folders = vault.folders().await?;
        let records = vault.headings().await?;
        Ok(Self { folders, records })
    }

    /// A line about all that went along with the folders, if something did.
    fn told(&self, deletions: &[Deletion]) -> Option<String> {
        let done = deletions.iter().filter(|deletion| deletion.is_done());
        let named: HashSet<FolderUid> = done.map(|one| FolderUid::from(&*one.uid)).collect();
        let below = named.iter().flat_map(|uid| self.folders.descendants(uid));
        let gone: HashSet<FolderUid> = below.chain(named.iter().cloned()).collect();
        let folders = self.folders.list.iter();
        let folders = folders.filter(|one| gone.contains(&one.uid) && !named.contains(&one.uid));
        let folders: Vec<_> = folders.map(|folder| folder.name.as_str()).collect();
        let mut seen = HashSet::new();
        let records = self.records.records.iter().filter(|record| {
            let is_within = record.folder.is_some_and(|folder| gone.contains(folder));
            is_within && seen.insert(record.uid)
        });
        let records: Vec<_> = records.map(|record| record.title).collect();
        let of = |what: &str, names: &[&str]| {
            let plural = if names.len() == 1 { "" } else { "s" };
            let listed = suggest::quoted(names.iter().copied());
            (!names.is_empty()).then(|| format!("{} {what}{plural} ({listed})", names.len()))
        };
        let parts = [of("folder", &folders), of("record", &records)];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| format!("Deleted along with it: {}", parts.join(", ")))
    }
}

async fn delete_all(
    vault: &Client,
    named: &[&str],
    known: Option<&Folders>,
    contents: FolderContents,
) -> Result<Vec<Deletion>> {
    if let [one] = named
        && is_uid(one)
    {
        return Ok(vault.delete_folders(&[(*one).into()], contents).await?);
    }
    let asked;
    let known = match known {
        Some(known) => known,
        None => {
            asked = vault.folders().await?;
            &asked
        }
    };
    let uids = uids(named, known)?;
    let mut deletions = Vec::with_capacity(uids.len());
    for together in inside_out(&uids, &known.list) {
        deletions.extend(vault.delete_folders(&together, contents).await?);
    }
    Ok(deletions)
}

/// Each once. The server says which UIDs there are; nothing is deleted if one of the other names is not found.
fn uids(named: &[&str], known: &Folders) -> Result<Vec<FolderUid>, SelectError> {
    let tree = FolderTree::new(known);
    let mut seen = HashSet::new();
    let mut uids = Vec::with_capacity(named.len());
    for name in named {
        let uid = match is_uid(name) {
            true => FolderUid::from(*name),
            false => tree.find(name)?.uid.clone(),
        };
        if seen.insert(uid.clone()) {
            uids.push(uid);
        }
    }
    Ok(uids)
}

/// As few requests as possible, the deepest folders first: no request may hold a folder and one that lies in it (protocol
/// 8.8).
fn inside_out(uids: &[FolderUid], known: &[Folder]) -> Vec<Vec<FolderUid>> {
    let parent = |uid: &FolderUid| {
        let folder = known.iter().find(|folder| folder.uid == *uid);
        folder.and_then(|folder| folder.parent.as_ref())
    };
    let mut levels: BTreeMap<usize, Vec<FolderUid>> = BTreeMap::new();
    for uid in uids {
        // Bounds the depth in a circle of parents.
        let above = std::iter::successors(parent(uid), |uid| parent(uid)).take(known.len());
        let depth = above.filter(|above| uids.contains(above)).count();
        levels.entry(depth).or_default().push(uid.clone());
    }
    levels.into_values().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_and_its_parent_go_in_separate_requests() {
        let folder = |uid: &str, parent: &str| Folder {
            uid: uid.into(),
            parent: (!parent.is_empty()).then(|| parent.into()),
            name: String::new(),
        };
        let known = [
            folder("root", ""),
            folder("a", "root"),
            folder("b", "a"),
            folder("c", "b"),
            folder("d", "root"),
            folder("x", "y"),
            folder("y", "x"),
        ];
        for (asked, requests) in [
            (&["a", "d"][..], &[&["a", "d"][..]][..]),
            (&["a", "c", "d"], &[&["c"], &["a", "d"]]),
            (&["b", "a", "c"], &[&["c"], &["b"], &["a"]]),
            (&["gone", "a"], &[&["gone", "a"]]),
        ] {
            let uids: Vec<_> = asked.iter().map(|uid| FolderUid::from(*uid)).collect();
            let expected: Vec<Vec<FolderUid>> = requests
                .iter()
                .map(|request| request.iter().map(|uid| FolderUid::from(*uid)).collect())
                .collect();
            assert_eq!(inside_out(&uids, &known), expected, "{asked:?}");
        }
        assert_eq!(
            inside_out(&["x".into(), "y".into()], &known).concat().len(),
            2
        );
    }
}
