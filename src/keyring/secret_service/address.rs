//! Where the session bus listens.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::environment::{Environment, names};
use crate::private_file;

/// The socket of a session bus.
#[derive(Debug, PartialEq, Eq)]
pub struct Address(PathBuf);

impl Address {
    /// The address of the session bus, if there is one (D9). Makes no connection.
    pub fn find(environment: &Environment) -> Option<Self> {
        let listed = environment.nonempty(names::DBUS_SESSION_BUS_ADDRESS);
        let runtime = environment.nonempty(names::XDG_RUNTIME_DIR);
        let of_user = runtime.map(|directory| Self(Path::new(directory).join("bus")));
        let mut candidates = match listed {
            Some(listed) => listed.to_str()?.split(';').filter_map(one).collect(),
            None => Vec::from_iter(of_user),
        };
        // The socket of a bus that was there at login may be gone, as in a container that inherits the variable.
        candidates.retain(|address| address.is_abstract() || is_ours(&address.0));
        candidates.into_iter().next()
    }

    pub(super) fn socket(&self) -> &Path {
        &self.0
    }

    /// Whether its name is in no directory, so that anybody may have taken it.
    pub(super) fn is_abstract(&self) -> bool {
        self.0.as_os_str().as_bytes().starts_with(b"\0")
    }
}

/// The bus of another user, whose variables `su` leaves to us, would be told our secrets.
fn is_ours(socket: &Path) -> bool {
    std::fs::metadata(socket).is_ok_and(|found| private_file::is_trusted(found.uid()))
}

/// One address of a list.
fn one(address: &str) -> Option<Address> {
    let mut pairs = address.strip_prefix("unix:")?.split(',');
    let socket = pairs.find_map(|pair| match pair.split_once('=')? {
        ("path", path) => unescaped(path),
        ("abstract", name) => Some([b"\0", unescaped(name)?.as_slice()].concat()),
        _ => None,
    })?;
    Some(Address(OsStr::from_bytes(&socket).into()))
}

/// Bytes may be written as `%2f`.
fn unescaped(value: &str) -> Option<Vec<u8>> {
    let mut parts = value.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend(rest.bytes());
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn an_address_names_a_socket() {
        let table = "
            unix:path=/run/user/1000/bus => /run/user/1000/bus
            unix:path=/tmp/a%20b%2cc,guid=0123 => /tmp/a b,c
            unix:guid=0123,path=/run/bus => /run/bus
            unix:abstract=/tmp/dbus-X,guid=0123 => ␀/tmp/dbus-X
            unix:tmpdir=/tmp => none
            unix:path=/tmp/% => none
            unix:path=/tmp/%zz => none
            tcp:host=localhost,port=1 => none
            autolaunch: => none
        ";
        for (given, expected) in cases(table) {
            let socket = one(given).map(|address| address.0.to_str().unwrap().replace('\0', "␀"));
            assert_eq!(socket.as_deref().unwrap_or("none"), expected, "{given}");
        }
    }
}
