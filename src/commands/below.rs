//! What lies below a folder.

use std::collections::{HashMap, HashSet};

use ksm::vault::folder::Folder;
use ksm::vault::uid::FolderUid;

/// The folders below `folder`, at any depth.
pub(super) fn below(folder: &FolderUid, folders: &[Folder]) -> HashSet<FolderUid> {
    let mut children: HashMap<&FolderUid, Vec<&FolderUid>> = HashMap::new();
    for folder in folders {
        if let Some(parent) = &folder.parent {
            children.entry(parent).or_default().push(&folder.uid);
        }
    }
    let mut below = HashSet::new();
    let mut pending = vec![folder];
    while let Some(folder) = pending.pop() {
        // Taken out, so that a circle of folders ends.
        for child in children.remove(folder).unwrap_or_default() {
            below.insert(child.clone());
            pending.push(child);
        }
    }
    below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_below_are_found_at_any_depth_and_circles_end() {
        let folder = |uid: &str, parent: &str| Folder {
            uid: uid.into(),
            parent: Some(parent)
                .filter(|parent| !parent.is_empty())
                .map(Into::into),
            name: String::new(),
        };
        let folders = [
            folder("leaf", "middle"),
            folder("root", ""),
            folder("middle", "root"),
            folder("other", ""),
            folder("x", "y"),
            folder("y", "x"),
        ];
        for (uid, expected) in [
            ("root", &["leaf", "middle"][..]),
            ("middle", &["leaf"]),
            ("leaf", &[]),
            ("unknown", &[]),
            ("x", &["x", "y"]),
        ] {
            let below = below(&uid.into(), &folders);
            let mut below: Vec<_> = below.iter().map(FolderUid::as_str).collect();
            below.sort_unstable();
            assert_eq!(below, expected, "{uid}");
        }
    }
}
