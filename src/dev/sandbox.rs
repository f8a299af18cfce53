//! The private directory of one run of `ksm dev`: the certificate, the socket, a place for profiles, and `ksm` itself as
//! the first program in `PATH`.

use std::io;
use std::path::{Path, PathBuf};

use super::client_environment::ClientEnvironment;
use crate::environment::names;
use crate::private_file::{self, PrivateDirectory};

const CERTIFICATE: &str = "ca.pem";
const ROOTS: &str = "roots.pem";
const SOCKET: &str = "control";

/// A directory that only its user can enter. Dropping it removes it.
pub struct Sandbox {
    directory: PrivateDirectory,
}

impl Sandbox {
    /// Makes the directory in one of `places`, with `program` in it under the name `ksm`. Removes those of killed runs there.
    pub fn create(
        places: &[PathBuf],
        program: &Path,
        ca_pem: &str,
    ) -> Result<Self, private_file::Error> {
        private_file::sweep(places);
        let directory = PrivateDirectory::create(places)?;
        directory.write_as(CERTIFICATE, ca_pem.as_bytes())?;
        let sandbox = Self { directory };
        private_file::create_directory(&sandbox.profiles())?;
        let programs = sandbox.programs();
        private_file::create_directory(&programs)?;
        install(program, &programs).map_err(private_file::Error::io("write", &programs))?;
        Ok(sandbox)
    }

    /// The variables that depend on the directory.
    pub fn environment(&self) -> ClientEnvironment {
        let mut environment = ClientEnvironment::new(&self.programs());
        environment.set(names::KSM_CA_FILE, self.certificate());
        environment
    }

    /// Writes the certificates that programs trust which read one file of them.
    pub fn write_roots(&self, pem: &str) -> Result<PathBuf, private_file::Error> {
        self.directory.write_as(ROOTS, pem.as_bytes())?;
        Ok(self.directory.path().join(ROOTS))
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
        self.directory.path().join(CERTIFICATE)
    }
}

#[cfg(unix)]
fn install(program: &Path, directory: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(program, directory.join("ksm"))
}

// Links need a privilege on Windows, and a running program cannot be replaced.
#[cfg(not(unix))]
#[expect(clippy::disallowed_methods, reason = "a program is no secret")]
fn install(program: &Path, directory: &Path) -> io::Result<()> {
    std::fs::copy(program, directory.join("ksm.exe")).map(drop)
}
