//! `ksm secret totp`: the one-time code of now.

use std::slice;

use ksm::clock;
use ksm::foreign::Text;
use ksm::json;
use ksm::sensitive::Sensitive;
use ksm::vault::field::Field;
use ksm::vault::notation::{self, Notation, Target, Value};
use ksm::vault::part::Part;
use ksm::vault::section::FieldSection;
use ksm::vault::totp::Totp;
use ksm::vault::{Reader, Record, advice, select};
use serde_json::json;

use crate::cli::secret::TotpArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

/// The type of the fields that hold `otpauth` addresses.
const FIELD: &str = "oneTimeCode";

pub(super) async fn totp(args: &TotpArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let field = field_of(args.record());
    let named = field
        .clone()
        .map_or_else(|| Notation::of_record(args.record()), Ok)?;
    let vault = ctx.reader().await?;
    let address = match &field {
        Some(notation) => value(vault, notation).await?,
        None => address(&select::record(vault, &named).await?)?,
    };
    let totp = Totp::parse(address.expose()).map_err(|error| {
        let what = "The secret key of the two factor code field appears to be invalid. Please make sure the record is correct";
        Failure::new(Code::Failed, error).while_doing(what)
    })?;
    let now = clock::now()?.unix_timestamp().unsigned_abs();
    let code = totp.at(now);
    if !args.json {
        return Ok(console.data(code.digits.expose())?);
    }
    let object = json!({
        "code": code.digits.expose(),
        "seconds_left": code.seconds_left,
        "period": code.period,
    });
    Ok(console.data(json::pretty(&object))?)
}

/// The notation of a field, if `named` is one; otherwise it names the record.
fn field_of(named: &str) -> Option<Notation> {
    let is_notation = notation::has_prefix(named);
    let notation = Notation::parse(named).ok().filter(|_| is_notation)?;
    matches!(notation.target, Target::Field { .. }).then_some(notation)
}

async fn value(vault: &Reader, notation: &Notation) -> Result<Sensitive<String>> {
    let values = select::values(vault, slice::from_ref(notation)).await?;
    match values.into_iter().next().transpose()? {
        Some(Value::Text(text)) => Ok(text),
        _ => Err(nothing(&notation.record)),
    }
}

/// The first value of the field, a standard one before a custom one.
fn address(record: &Record) -> Result<Sensitive<String>> {
    let part = Part::Field(FIELD.to_owned());
    let is_damaged = |section| record.field(section, FIELD).is_some_and(Field::is_damaged);
    if FieldSection::ALL.into_iter().any(is_damaged) {
        let message = format!("record {} is damaged: {part}", record.uid());
        return Err(Failure::new(Code::Failed, message));
    }
    let field = |section| record.field(section, FIELD)?.values().first()?.as_str();
    FieldSection::ALL
        .into_iter()
        .filter_map(field)
        .find(|address| !address.is_empty())
        .map(|address| address.to_owned().into())
        .ok_or_else(|| {
            let is_there = |section| record.field(section, FIELD).is_some();
            if FieldSection::ALL.into_iter().any(is_there) {
                return empty(record);
            }
            let has = advice::fields(record);
            nothing(record.uid().as_str()).hint(format!("it has {has}"))
        })
}

fn empty(record: &Record) -> Failure {
    let (title, uid) = (Text::from(record.title()), record.uid());
    Failure::new(Code::Missing, format!("field `{FIELD}` of `{title}` is empty")).hint(format!(
        "`ksm secret update {uid} --field-from {FIELD}=-` sets it to an `otpauth://` address on stdin"
    ))
}

fn nothing(record: &str) -> Failure {
    Failure::new(
        Code::Missing,
        format!("Cannot find TOTP field for UID {record}."),
    )
}
