//! `ksm sync`.

use clap::Args;
use ksm::kubernetes::Namespace;
use ksm::sync::Kind;

#[derive(Debug, Args)]
#[command(
    after_help = "Nothing is written or deleted unless the vault answered for every name. A secret is written only if it\n\
                  differs. One whose source is missing in the vault is deleted where the store can bring it back: in AWS\n\
                  and Azure. `-n` shows what would be done.\n\n\
                  A part is a member of a JSON secret in AWS, or a key of a Secret in Kubernetes.\n\n\
                  Example: ksm sync -t aws -n -m prod/db keeper://Database/field/password"
)]
pub(crate) struct SyncArgs {
    /// `aws`, `azure`, `gcp`, `k8s`, or `json`, which prints all
    #[arg(
        short = 't',
        long = "type",
        value_name = "TYPE",
        default_value = "json"
    )]
    pub(crate) kind: Kind,

    /// The record with its credentials; without one, the identity of this machine
    #[arg(short, long, value_name = "RECORD")]
    pub(crate) credentials: Option<String>,

    /// Show for each key what would be done, without values, and change nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,

    /// Keep secrets of the store whose value is missing in the vault
    #[arg(short, long)]
    pub(crate) preserve_missing: bool,

    /// Delete such secrets also where the store cannot bring them back
    #[arg(long, conflicts_with = "preserve_missing")]
    pub(crate) delete_missing: bool,

    /// Copy the value of NOTATION to the secret KEY, or to a part of it: NAME+PART
    #[arg(
        short,
        long = "map",
        num_args = 2,
        value_names = ["KEY", "NOTATION"],
        allow_hyphen_values = true
    )]
    maps: Vec<String>,

    /// Copy a whole record, by UID or title, as JSON
    #[arg(short, long = "record", value_name = "RECORD")]
    pub(crate) records: Vec<String>,

    /// Copy the records of a folder, by UID, path or name
    #[arg(short, long = "folder", value_name = "FOLDER")]
    pub(crate) folders: Vec<String>,

    /// The same with all folders below [also: -fr]
    #[arg(long = "folder-recursive", alias = "fr", value_name = "FOLDER")]
    pub(crate) folders_recursive: Vec<String>,

    /// What names made from titles begin with, such as `keeper/` [also: -px]
    #[arg(long, alias = "px", value_name = "PREFIX")]
    pub(crate) prefix: Option<String>,

    /// The namespace of Kubernetes, not that of kubectl's context [also: --ns]
    #[arg(long, alias = "ns", value_name = "NAMESPACE")]
    pub(crate) namespace: Option<Namespace>,

    /// Copy records as they are, instead of as names and texts [also: -rj]
    #[arg(long, alias = "rj")]
    pub(crate) raw_json: bool,

    /// Name the identity and the store that are used
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

impl SyncArgs {
    pub(crate) fn maps(&self) -> Vec<(String, String)> {
        let pairs = self.maps.chunks_exact(2);
        pairs
            .filter_map(|pair| match pair {
                [key, notation] => Some((key.clone(), notation.clone())),
                _ => None,
            })
            .collect()
    }
}
