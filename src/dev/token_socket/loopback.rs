//! The same where sockets have no names among files: a port of this machine that everybody can reach, and a file only its
//! user can read, with the port and the password to it.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

use crate::input::{self, Limit};
use crate::{codec, crypto, private_file};

/// Who knows the password sends it at once.
const PATIENCE: Duration = Duration::from_millis(200);

pub(super) struct Listener {
    port: TcpListener,
    password: String,
}

impl Listener {
    pub(super) fn bind(path: &Path) -> io::Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let password: [u8; 32] = crypto::random::bytes().map_err(io::Error::other)?;
        let password = codec::encode_hex(&password);
        let said = format!("{} {password}", port.local_addr()?);
        private_file::replace(path, said.as_bytes()).map_err(io::Error::other)?;
        Ok(Self { port, password })
    }

    /// The next who knows the password; an error for one who does not.
    pub(super) fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        let (mut stream, from) = self.port.accept()?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut given = vec![0; self.password.len()];
        stream.read_exact(&mut given)?;
        match given == self.password.as_bytes() {
            true => Ok((stream, from)),
            false => Err(ErrorKind::PermissionDenied.into()),
        }
    }
}

pub(super) struct Stream;

impl Stream {
    pub(super) fn connect(path: &Path) -> io::Result<TcpStream> {
        let said = input::file(path, Limit::DEV_TOKEN).and_then(input::text)?;
        let parts = said.expose().split_once(' ');
        let (port, password) = parts.ok_or(ErrorKind::InvalidData)?;
        let port: SocketAddr = port.parse().map_err(|_| ErrorKind::InvalidData)?;
        let mut stream = TcpStream::connect(port)?;
        stream.write_all(password.as_bytes())?;
        Ok(stream)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn only_who_reads_the_file_is_let_in() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("control");
        let listener = Listener::bind(&path).unwrap();
        let port = listener.port.local_addr().unwrap();
        let stranger = thread::spawn(move || {
            let mut stream = TcpStream::connect(port).unwrap();
            stream.write_all(&[b'0'; 64]).unwrap();
            stream
        });
        let refused = listener.accept().unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
        drop(stranger);
        // Who says nothing does not hold the others up.
        let silent = TcpStream::connect(port).unwrap();
        assert!(listener.accept().is_err());
        drop(silent);
        let asks = thread::spawn(move || Stream::connect(&path).unwrap());
        listener.accept().unwrap();
        drop(asks);
    }
}
