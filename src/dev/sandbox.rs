//! The private directory of one run of `ksm dev`, gone when the run ends: the certificate, the socket, a place for
//! profiles, and `ksm` itself as a program to be found first.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::environment::Environment;

/// A directory that only its user can enter, and that is removed on drop.
pub struct Sandbox {
    directory: TempDir,
}

impl Sandbox {
    /// Makes the directory within `parent`, with `program` in it under the name `ksm` and the certificate to trust.
    pub fn create(parent: &Path, program: &Path, ca_pem: &str) -> io::Result<Self> {
        let directory = private("ksm-dev-").tempdir_in(parent)?;
        let sandbox = Self { directory };
        private_directory().create(sandbox.programs())?;
        install(program, &sandbox.programs())?;
        private_directory().create(sandbox.profiles())?;
        fs::write(sandbox.certificate(), ca_pem)?;
        Ok(sandbox)
    }

    /// The environment of the programs inside, as far as the directory decides it.
    pub fn environment(&self) -> Environment {
        let mut environment = Environment::new(&self.programs());
        environment.set("KSM_CA_FILE", self.certificate());
        environment
    }

    /// Where `keeper.ini` goes if nobody is to see it.
    pub fn profiles(&self) -> PathBuf {
        self.directory.path().join("profiles")
    }

    /// Where the socket goes.
    pub fn socket(&self) -> PathBuf {
        self.directory.path().join("control")
    }

    fn programs(&self) -> PathBuf {
        self.directory.path().join("bin")
    }

    fn certificate(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }
}

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

/// Links need a privilege there, and the program cannot be replaced while it runs.
#[cfg(not(unix))]
fn install(program: &Path, directory: &Path) -> io::Result<()> {
    fs::copy(program, directory.join("ksm.exe")).map(drop)
}
