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

/// Ends what a help text says about something that this build lacks.
pub(super) const NOT_HERE: &str = "not in this build";

fn keeps_profiles(kind: &Kind) -> bool {
    kind.for_new.is_some()
}

fn meant(is_meant: fn(&Kind) -> bool) -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().copied().filter(move |kind| is_meant(kind))
}

/// A kind of store, by its name.
pub(super) fn kinds(is_meant: fn(&Kind) -> bool) -> impl TypedValueParser<Value = &'static Kind> {
    PossibleValuesParser::new(meant(is_meant).map(|kind| kind.name))
        .try_map(|name| Kind::called(&name).ok_or("no kind of store"))
}

/// A help text with the kinds that can be named.
pub(super) fn listed(before: &str, behind: &str, is_meant: fn(&Kind) -> bool) -> String {
    let mut names: Vec<String> = meant(is_meant).map(named).collect();
    let last = names.pop().unwrap_or_default();
    format!("{before}{} or {last}{behind}", names.join(", "))
}

fn named(kind: &Kind) -> String {
    match kind.is_built {
        true => format!("`{}`", kind.name),
        false => format!("`{}` ({NOT_HERE})", kind.name),
    }
}
