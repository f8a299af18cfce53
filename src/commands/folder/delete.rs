//! `ksm folder delete`.

use std::collections::{BTreeMap, HashSet};

use ksm::vault::folder::{Folder, Folders};
use ksm::vault::select::FolderTree;
use ksm::vault::uid::{FolderUid, is_uid};
use ksm::vault::{Client, Deletion, FolderContents, SelectError};

use crate::cli::folder::DeleteArgs;
use crate::commands::context::Context;
use crate::commands::deletions;
use crate::console::Console;
use crate::failure::Result;

pub(super) async fn delete(args: &DeleteArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let named = args.folders.iter().chain(&args.folder_arguments);
    let named: Vec<&str> = named.map(String::as_str).collect();
    let contents = if args.force {
        FolderContents::Delete
    } else {
        FolderContents::Keep
    };
    let vault = ctx.vault().await?;
    let deletions = delete_all(vault, &named, contents)
        .await
        .map_err(|failure| failure.while_doing("Could not delete folders"))?;
    deletions::print(&deletions, args.json, "folder", ctx, console)
}

async fn delete_all(
    vault: &Client,
    named: &[&str],
    contents: FolderContents,
) -> Result<Vec<Deletion>> {
    if let [one] = named
        && is_uid(one)
    {
        return Ok(vault.delete_folders(&[(*one).into()], contents).await?);
    }
    let known = vault.folders().await?;
    let uids = uids(named, &known)?;
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
