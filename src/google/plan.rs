//! Where Google's credentials come from, decided before anybody is asked: the application default credentials. A choice
//! that does not work is an error, and never leads to the next possibility (S3).

use std::path::PathBuf;

use super::document::{self, Place};
use super::error::OwnError as Error;
use super::identity::{GoogleIdentity, Source};
use super::metadata::MetadataServer;
use crate::environment::{Environment, names};
use crate::input::{self, Limit};
use crate::sensitive::Sensitive;

/// The file that a variable names, the one of `gcloud auth application-default login`, the machine.
pub fn by_default(environment: &Environment) -> Result<GoogleIdentity, Error> {
    if let Some(path) = environment.path(names::GOOGLE_APPLICATION_CREDENTIALS) {
        let text = input::file(&path, Limit::CLOUD_CREDENTIALS);
        return of_file(path, text, environment);
    }
    if let Some(path) = well_known(environment) {
        match input::file(&path, Limit::CLOUD_CREDENTIALS) {
            Err(error) if error.is_not_found() => {}
            text => return of_file(path, text, environment),
        }
    }
    Ok(GoogleIdentity {
        source: Source::Machine(MetadataServer::of_variables(environment)?),
        impersonation: None,
        quota_project: environment.trimmed(names::GOOGLE_CLOUD_QUOTA_PROJECT),
        project: None,
    })
}

/// Reads what a record holds.
pub fn of_record(
    text: &Sensitive<String>,
    environment: &Environment,
) -> Result<GoogleIdentity, Error> {
    document::read(text, Place::Record, environment).map_err(|source| Error::Credentials {
        place: "the record".to_owned(),
        source,
    })
}

fn of_file(
    path: PathBuf,
    text: Result<Sensitive<Vec<u8>>, input::Error>,
    environment: &Environment,
) -> Result<GoogleIdentity, Error> {
    let read = text.and_then(input::text).map_err(Into::into);
    let identity = read.and_then(|text| document::read(&text, Place::File, environment));
    identity.map_err(|source| Error::Credentials {
        place: path.display().to_string(),
        source,
    })
}

fn well_known(environment: &Environment) -> Option<PathBuf> {
    let directory = environment.path(names::CLOUDSDK_CONFIG);
    let directory = directory.or_else(|| match cfg!(windows) {
        true => Some(environment.path(names::APPDATA)?.join("gcloud")),
        false => Some(environment.home()?.join(".config").join("gcloud")),
    });
    Some(directory?.join("application_default_credentials.json"))
}
