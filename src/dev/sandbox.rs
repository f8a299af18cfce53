//! The private directory of one run of `ksm dev`: the certificate, the socket, a place for profiles, and `ksm` itself as
//! the first program in `PATH`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::client_environment::ClientEnvironment;
use crate::environment::names;

const PREFIX: &str = "ksm-dev-";
const SOCKET: &str = "control";

/// A directory that only its user can enter. Dropping it removes it.
pub struct Sandbox {
    directory: TempDir,
}

impl Sandbox {
    /// Makes the directory in `parent`, with `program` in it under the name `ksm`. Removes those of killed runs there.
    pub fn create(parent: &Path, program: &Path, ca_pem: &str) -> io::Result<Self> {
        sweep(parent);
        let directory = private(PREFIX).tempdir_in(parent)?;
        let sandbox = Self { directory };
        private_directory().create(sandbox.programs())?;
        install(program, &sandbox.programs())?;
        private_directory().create(sandbox.profiles())?;
        fs::write(sandbox.certificate(), ca_pem)?;
        Ok(sandbox)
    }

    /// The variables that depend on the directory.
    pub fn environment(&self) -> ClientEnvironment {
        let mut environment = ClientEnvironment::new(&self.programs());
        environment.set(names::KSM_CA_FILE, self.certificate());
        environment
    }

    /// The directory of a private `keeper.ini`.
    pub fn profiles(&self) -> PathBuf {
        self.directory.path().join("profiles")
    }

    pub fn socket(&self) -> PathBuf {
        self.directory.path().join(SOCKET)
    }

    fn programs(&self) -> PathBuf {
        self.directory.path().join("bin")
    }

    fn certificate(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }
}

/// Removes the directories of killed runs, whose sockets refuse connections.
#[cfg(unix)]
fn sweep(parent: &Path) {
    use std::os::unix::fs::MetadataExt;
    use std::time::Duration;

    // A new socket refuses connections for a moment, too.
    const NEW: Duration = Duration::from_secs(60);
    let ours = rustix::process::geteuid().as_raw();
    let is_old = |found: &fs::Metadata| {
        let age = found.modified().ok().and_then(|at| at.elapsed().ok());
        age.is_some_and(|age| age > NEW)
    };
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let named = entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(PREFIX.as_bytes());
        // Links are not followed.
        let found = entry.metadata().ok().filter(|_| named);
        let ours =
            found.is_some_and(|found| found.is_dir() && found.uid() == ours && is_old(&found));
        if ours && super::token_socket::is_abandoned(&entry.path().join(SOCKET)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

// Without a socket, killed runs cannot be told from running ones.
#[cfg(not(unix))]
fn sweep(_: &Path) {}

#[cfg(unix)]
fn private(prefix: &str) -> tempfile::Builder<'_, '_> {
    use std::os::unix::fs::PermissionsExt;
    let mut builder = tempfile::Builder::new();
    builder
        .prefix(prefix)
        .permissions(fs::Permissions::from_mode(0o700));
    builder
}

#[cfg(unix)]
fn private_directory() -> fs::DirBuilder {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = fs::DirBuilder::new();
    builder.mode(0o700);
    builder
}

#[cfg(not(unix))]
fn private_directory() -> fs::DirBuilder {
    fs::DirBuilder::new()
}

#[cfg(not(unix))]
fn private(prefix: &str) -> tempfile::Builder<'_, '_> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    builder
}

#[cfg(unix)]
fn install(program: &Path, directory: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(program, directory.join("ksm"))
}

// Links need a privilege on Windows, and a running program cannot be replaced.
#[cfg(not(unix))]
fn install(program: &Path, directory: &Path) -> io::Result<()> {
    fs::copy(program, directory.join("ksm.exe")).map(drop)
}
