//! The command line checked, before anything is asked.

use ksm::sync::maps;
use ksm::sync::source::{Form, Named, Question, Untitled};
use ksm::sync::{Kind, names};
use ksm::vault::advice;
use ksm::vault::notation::{self, Notation};

use crate::cli::sync::SyncArgs;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

/// All that is wrong with names and notations is told at once.
pub(super) fn question(args: &SyncArgs, console: &mut Console) -> Result<Question> {
    check(args)?;
    check_order(&args.maps())?;
    let maps = maps::check(args.kind, &args.maps())
        .map_err(|errors| Failure::of_lines(Code::Usage, errors.lines))?;
    for map in &maps {
        let name = &map.place.name;
        if args.kind == Kind::Aws && names::resembles_arn(name) {
            console.warn(&format!(
                "KMS Secret name '{name}' ends with hyphen + 6 chars - may cause ARN confusion"
            ));
        }
    }
    if args.kind == Kind::Json && args.credentials.is_some() {
        console.warn("--credentials/-c is not used with type=json, which contacts no store");
    }
    let traits = args.kind.traits();
    let is_whole = args.raw_json && traits.takes_documents && traits.entries.is_none();
    if args.raw_json && !is_whole {
        console.warn("--raw-json/-rj flag is only supported with type=aws, ignoring...");
    }
    let records = args.records.iter().map(|typed| {
        Ok(Named {
            typed: typed.clone(),
            notation: Notation::of_record(typed)?,
        })
    });
    let credentials = match args.kind {
        // Nobody is contacted.
        Kind::Json => None,
        _ => args.credentials.as_deref().map(str::trim),
    };
    Ok(Question {
        kind: args.kind,
        maps,
        records: records.collect::<Result<_>>()?,
        folders: args.folders.clone(),
        folders_recursive: args.folders_recursive.clone(),
        prefix: args.prefix.clone().unwrap_or_default(),
        form: match is_whole {
            true => Form::Whole,
            false => Form::Flattened,
        },
        untitled: untitled(args),
        credentials: credentials.map(Notation::of_record).transpose()?,
    })
}

/// Options that say what becomes of missing values say it of such titles, too. What is only printed does no harm.
fn untitled(args: &SyncArgs) -> Untitled {
    match args.delete_missing || args.preserve_missing || args.kind == Kind::Json {
        true => Untitled::Missing,
        false => Untitled::Refused,
    }
}

fn names_records(args: &SyncArgs) -> bool {
    let named = [&args.records, &args.folders, &args.folders_recursive];
    named.iter().any(|named| !named.is_empty())
}

/// A key is never a notation.
fn check_order(maps: &[(String, String)]) -> Result<()> {
    let mut keys = maps.iter().map(|(key, _)| key);
    let Some(notation) = keys.find(|key| notation::has_prefix(key)) else {
        return Ok(());
    };
    let notation = advice::word(notation);
    Err(
        Failure::usage("a notation stands where the key of a secret is wanted").hint(format!(
            "the key comes first, and then the notation: `-m KEY {notation}`"
        )),
    )
}

fn check(args: &SyncArgs) -> Result<()> {
    let kind = args.kind;
    let takes_documents = kind.traits().takes_documents;
    for (option, named) in [
        ("--record/-r", &args.records),
        ("--folder/-f", &args.folders),
        ("--folder-recursive/-fr", &args.folders_recursive),
    ] {
        if !named.is_empty() && !takes_documents {
            return Err(Failure::usage(format!(
                "{option} option is only supported with type=aws"
            )));
        }
    }
    if args.maps().is_empty() && !names_records(args) {
        return Err(Failure::usage(match takes_documents {
            true => format!(
                "For type={kind}, at least one of --map/-m, --record/-r, --folder/-f, or --folder-recursive/-fr must be \
                 provided"
            ),
            false => format!("For type={kind}, --map/-m must be provided"),
        })
        .hint(format!(
            "`ksm sync -t {kind} -m KEY keeper://RECORD/field/NAME` copies one value"
        )));
    }
    if kind == Kind::Kubernetes && args.credentials.is_some() {
        return Err(Failure::usage(
            "--credentials/-c is not for type=k8s, since kubectl signs in by itself",
        ));
    }
    if kind != Kind::Kubernetes && args.namespace.is_some() {
        return Err(Failure::usage("--namespace is only for type=k8s"));
    }
    if kind == Kind::Json {
        return Ok(());
    }
    let prefix = args.prefix.as_deref().unwrap_or_default();
    if names_records(args) && prefix.is_empty() && kind.traits().entries.is_none() {
        return Err(Failure::usage(format!(
            "--prefix/-px is required when using --record/-r, --folder/-f, or --folder-recursive/-fr with --type {kind}. \
             Provide a prefix to namespace the derived secret names (e.g. --prefix keeper/)."
        )));
    }
    if prefix.ends_with(char::is_alphanumeric) {
        return Err(Failure::usage(format!(
            "--prefix must end with a separator character (e.g. keeper/ or myapp-), got '{prefix}'. Without a separator \
             the prefix runs directly into the record title with no delimiter."
        )));
    }
    Ok(())
}
