//! `ksm sync`.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use ksm::kubernetes::Namespace;
use ksm::sync::Kind;

#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is written or deleted unless the vault answered for every name. A secret
is written only if it differs. `-n` shows what would be done.

A value is missing if its record, named by UID, is gone, or has no such field.
Its secret is then deleted where the store can bring it back: in AWS and Azure.
A title that no record has may be a slip, and is refused unless `-p` or
`--delete-missing` is given. So name records by UID where secrets are to be
deleted with them.

A part is a member of a JSON secret in AWS, or a key of a Secret in Kubernetes.

The record of `-c` has these fields, in this spelling. Without `-c`, these
variables serve, and else what the tools of the cloud find by themselves.

  aws    fields: AWS Access Key ID, AWS Secret Access Key,
           AWS Region Name, and AWS Session Token with temporary keys
         variables: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
           AWS_SESSION_TOKEN, AWS_REGION, AWS_PROFILE
  azure  fields: Azure Key Vault Name (or its address, such as
           https://NAME.vault.azure.cn), Azure Tenant ID, Azure Client ID,
           Azure Client Secret
         variables: AZURE_KEYVAULT_NAME or AZURE_KEYVAULT_URL,
           AZURE_TENANT_ID, AZURE_CLIENT_ID, and one of AZURE_CLIENT_SECRET,
           AZURE_CLIENT_CERTIFICATE_PATH, AZURE_FEDERATED_TOKEN_FILE
  gcp    fields: Google Cloud Project ID,
           Google Application Credentials (JSON; may be left out)
         variables: GOOGLE_CLOUD_PROJECT, GOOGLE_APPLICATION_CREDENTIALS
  k8s    kubectl signs in by itself: KUBECONFIG")]
pub(crate) struct SyncArgs {
    /// json (default: print), aws, azure, gcp or k8s
    #[arg(
        short = 't',
        long = "type",
        value_name = "TYPE",
        default_value = "json",
        ignore_case = true,
        value_parser = kind(),
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "Destination"
    )]
    pub(crate) kind: Kind,

    /// The record with the credentials of the store
    #[arg(short, long, value_name = "RECORD", help_heading = "Destination")]
    pub(crate) credentials: Option<String>,

    /// Show what would be done, without values
    #[arg(short = 'n', long, help_heading = "Changes")]
    pub(crate) dry_run: bool,

    /// Keep secrets whose value is missing
    #[arg(short, long, help_heading = "Changes")]
    pub(crate) preserve_missing: bool,

    /// Delete them for good, or for unknown titles
    #[arg(long, conflicts_with = "preserve_missing", help_heading = "Changes")]
    pub(crate) delete_missing: bool,

    /// Copy a value to the secret KEY or NAME+PART
    #[arg(
        short,
        long = "map",
        num_args = 2,
        value_names = ["KEY", "NOTATION"],
        allow_hyphen_values = true, help_heading = "Sources")]
    maps: Vec<String>,

    /// Copy a whole record, by UID or title, as JSON
    #[arg(
        short,
        long = "record",
        value_name = "RECORD",
        help_heading = "Sources"
    )]
    pub(crate) records: Vec<String>,

    /// Copy a folder's records, by UID, path or name
    #[arg(
        short,
        long = "folder",
        value_name = "FOLDER",
        help_heading = "Sources"
    )]
    pub(crate) folders: Vec<String>,

    /// The same with all folders below [also: -fr]
    #[arg(
        long = "folder-recursive",
        alias = "fr",
        value_name = "FOLDER",
        help_heading = "Sources"
    )]
    pub(crate) folders_recursive: Vec<String>,

    /// Before names made from titles [also: -px]
    #[arg(long, alias = "px", value_name = "PREFIX", help_heading = "Sources")]
    pub(crate) prefix: Option<String>,

    /// The namespace of Kubernetes [also: --ns]
    #[arg(
        long,
        alias = "ns",
        value_name = "NAMESPACE",
        help_heading = "Destination"
    )]
    pub(crate) namespace: Option<Namespace>,

    /// Copy records as they are [also: -rj]
    #[arg(long, alias = "rj", help_heading = "Sources")]
    pub(crate) raw_json: bool,

    /// Name the identity and the store that are used
    #[arg(short, long, help_heading = "Changes")]
    pub(crate) verbose: bool,
}

fn kind() -> impl TypedValueParser<Value = Kind> {
    let names = Kind::ALL.iter().map(|kind| kind.traits().name);
    PossibleValuesParser::new(names)
        .try_map(|name| Kind::of_name(&name).ok_or("no store is called so"))
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
