//! The kinds of stores, as options name them.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use ksm::profile::store::{KINDS, Kind};

#[derive(Debug, Args)]
pub(crate) struct StorageArgs {
    #[arg(
        long,
        help = listed("Where to keep it: ", " [default: where the profiles are]", keeps_profiles),
        value_parser = kinds(keeps_profiles),
        value_name = "STORE",
        ignore_case = true,
        hide_possible_values = true
    )]
    pub(crate) storage: Option<&'static Kind>,
}

fn keeps_profiles(kind: &Kind) -> bool {
    kind.for_new.is_some()
}

fn names(is_meant: fn(&Kind) -> bool) -> impl Iterator<Item = &'static str> {
    let meant = KINDS.iter().filter(move |kind| is_meant(kind));
    meant.map(|kind| kind.name)
}

/// A kind of store, by its name.
pub(super) fn kinds(is_meant: fn(&Kind) -> bool) -> impl TypedValueParser<Value = &'static Kind> {
    PossibleValuesParser::new(names(is_meant))
        .try_map(|name| Kind::called(&name).ok_or("no kind of store"))
}

/// A help text with the kinds that can be named.
pub(super) fn listed(before: &str, behind: &str, is_meant: fn(&Kind) -> bool) -> String {
    let mut names: Vec<String> = names(is_meant).map(|name| format!("`{name}`")).collect();
    let last = names.pop().unwrap_or_default();
    format!("{before}{} or {last}{behind}", names.join(", "))
}
