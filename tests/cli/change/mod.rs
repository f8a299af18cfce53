//! The commands that change the vault: what they change, what they leave alone, and what they say when they could not.

mod delete;
mod folder;
mod update;

use serde_json::json;

use crate::support::{Vault, folder, login};

const WEB: &str = "WebAAAAAAAAAAAAAAAAAAA";
const DB: &str = "DbAAAAAAAAAAAAAAAAAAAA";
const DASHED: &str = "-DashedAAAAAAAAAAAAAAA";
const LOCKED: &str = "LockedAAAAAAAAAAAAAAAA";
const ROOT: &str = "RootFolderAAAAAAAAAAAA";
const SUB: &str = "SubFolderAAAAAAAAAAAAA";
const NOWHERE: &str = "NowhereAAAAAAAAAAAAAAA";

fn vault() -> Vault {
    Vault::start()
        .with(
            login("My Website")
                .uid(WEB)
                .login("ada")
                .password("canary-1")
                .field("url", json!([])),
        )
        .with(login("Twin").uid(DASHED).password("canary-2"))
        .with(login("Locked").uid(LOCKED).password("canary-3").read_only())
        .with(
            folder("Root")
                .uid(ROOT)
                .with(login("Twin").uid(DB).password("canary-4"))
                .with_folder(
                    folder("Süb")
                        .uid(SUB)
                        .with(login("Deep").password("canary-5")),
                ),
        )
}
