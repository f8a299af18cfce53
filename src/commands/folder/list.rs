//! `ksm folder list`: folders, and on request their records.

use std::collections::HashMap;

use ksm::vault::folder::Folders;
use ksm::vault::select::FolderTree;
use ksm::vault::uid::FolderUid;
use ksm::vault::{Links, Record, RecordFilter};

use crate::cli::folder::ListArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Failure, Result};
use crate::render::FolderRow;

pub(super) async fn list(args: &ListArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let vault = ctx.reader().await?;
    let loading = |error| Failure::from(error).while_doing("Error loading folders");
    let folders = vault.folders().await.map_err(loading)?;
    let records = if args.list_records {
        vault
            .records(&RecordFilter::All, Links::Without)
            .await
            .map_err(loading)?
            .records
    } else {
        Vec::new()
    };
    let tree = FolderTree::new(&folders);
    let root = args.folder.as_ref().map(|name| tree.find(name));
    let root = root.transpose()?.map(|folder| &folder.uid);
    let entries = entries(args, root, &folders, &records);
    ctx.print(entries.as_slice(), args.json, console)
}

fn entries<'v>(
    args: &ListArgs,
    root: Option<&FolderUid>,
    folders: &'v Folders,
    records: &'v [Record],
) -> Vec<FolderRow<'v>> {
    let mut entries = Vec::new();
    let mut contents: HashMap<_, Vec<_>> = HashMap::new();
    for record in records {
        contents.entry(record.folder()).or_default().push(record);
    }
    let mut listed: Vec<_> = folders.list.iter().collect();
    match root {
        Some(root) => {
            let below = if args.recursive {
                folders.descendants(root)
            } else {
                Default::default()
            };
            listed.retain(|folder| folder.uid == *root || below.contains(&folder.uid));
        }
        None => {
            let loose = contents.remove(&None).unwrap_or_default();
            entries.extend(loose.into_iter().map(FolderRow::Loose));
        }
    }
    for folder in listed {
        entries.push(FolderRow::Folder(folder));
        let within = contents.remove(&Some(&folder.uid)).unwrap_or_default();
        entries.extend(
            within
                .into_iter()
                .map(|record| FolderRow::Within(folder, record)),
        );
    }
    entries
}
