//! `ksm profile export`: a profile in a form that travels, keys included.

use ksm::environment::names;
use ksm::profile::{ProfileName, bundle};

use super::chosen;
use crate::cli::profile::{ExportArgs, FileFormat};
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

/// Prints the profile without a line end.
pub(super) async fn export(args: &ExportArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let (name, store) = chosen(args.name.as_deref(), ctx).await?;
    let elsewhere = store.keys_elsewhere(&name)?;
    if let Some(keys) = elsewhere.filter(|store| store.limits().keys_only) {
        return Err(Failure::new(
            Code::Failed,
            format!(
                "Only configs stored internally can be exported.  Profile [{name}]  has storage={}",
                keys.storage()
            ),
        ));
    }
    let config = store.config(&name).await?;
    let format = match args.json {
        true => FileFormat::Json,
        false => args.file_format,
    };
    let text = match format {
        FileFormat::Json => bundle::to_json(&config),
        FileFormat::Ini => {
            // The importing side gets the name that it will look for.
            let name = ctx
                .environment
                .text(names::KSM_CLI_PROFILE)
                .map(ProfileName::existing);
            bundle::to_ini(&config, &name.unwrap_or_default())
                .map_err(|error| Failure::new(Code::Failed, error))?
        }
    };
    let text = if args.plain || args.json {
        text
    } else {
        bundle::to_base64(&text)
    };
    Ok(console.data(text.expose())?)
}
