//! The connection to the session bus.

use std::cell::{Cell, RefCell};
use std::io;

use tokio::net::UnixStream;
use tokio::task::yield_now;

use super::address::Address;
use super::message::{Call, Kind, Message};
use super::values::Writer;
use crate::keyring::Error;
use crate::private_file;

const BUS: &str = "org.freedesktop.DBus";
const PIECE: usize = 65_536;
/// Signals are kept until somebody asks for them: as many, and none of more bytes than a piece.
const SIGNALS: usize = 64;

/// Calls may wait side by side: each takes its answer from what the other receives.
pub(super) struct Bus {
    stream: UnixStream,
    serial: Cell<u32>,
    /// A call that was given up half-way leaves no place for another.
    is_cut: Cell<bool>,
    received: RefCell<Vec<u8>>,
    /// The serial numbers of the calls that wait for their answers.
    waiting: RefCell<Vec<u32>>,
    arrived: RefCell<Vec<Message>>,
}

impl Bus {
    pub(super) async fn connect(address: &Address) -> Result<Self, Error> {
        let stream = authenticated(address).await;
        let bus = Self::over(stream.map_err(|error| Error::Bus(error.to_string().into()))?);
        bus.call(of_bus("Hello", "", Writer::default())).await?;
        Ok(bus)
    }

    fn over(stream: UnixStream) -> Self {
        Self {
            stream,
            serial: Cell::new(0),
            is_cut: Cell::new(false),
            received: RefCell::default(),
            waiting: RefCell::default(),
            arrived: RefCell::default(),
        }
    }

    /// Asks for the signals that a rule of D-Bus describes.
    pub(super) async fn listen(&self, rule: &str) -> Result<(), Error> {
        let mut body = Writer::default();
        body.text(rule);
        self.call(of_bus("AddMatch", "s", body)).await.map(drop)
    }

    pub(super) async fn call(&self, call: Call<'_>) -> Result<Message, Error> {
        if self.is_cut.replace(true) {
            return Err(Error::Gone);
        }
        let serial = self.serial.get() + 1;
        self.serial.set(serial);
        let _waiting = Waiting::for_answer(self, serial);
        let sent = send(&self.stream, &call.into_bytes(serial)).await;
        sent.map_err(|_| Error::Gone)?;
        self.is_cut.set(false);
        let answer = self.next(|message| message.answers == Some(serial)).await?;
        match answer.kind {
            Kind::Error => Err(of_error(&answer)),
            _ => Ok(answer),
        }
    }

    /// The first message that is wanted, of those that have arrived and those to come.
    pub(super) async fn next(
        &self,
        is_wanted: impl Fn(&Message) -> bool,
    ) -> Result<Message, Error> {
        loop {
            self.sort()?;
            let found = self.arrived.borrow().iter().position(&is_wanted);
            if let Some(found) = found {
                return Ok(self.arrived.borrow_mut().remove(found));
            }
            self.receive().await.map_err(|_| Error::Gone)?;
        }
    }

    /// Takes the messages that have arrived whole, and keeps those that somebody may ask for.
    fn sort(&self) -> Result<(), Error> {
        let mut received = self.received.borrow_mut();
        let mut done = 0;
        while let Some((message, length)) =
            Message::first_of(received.get(done..).unwrap_or_default())?
        {
            done += length;
            self.keep(message);
        }
        received.drain(..done);
        Ok(())
    }

    fn keep(&self, message: Message) {
        let mut arrived = self.arrived.borrow_mut();
        let is_signal = |message: &Message| message.kind == Kind::Signal;
        let is_wanted = match message.kind {
            Kind::Answer | Kind::Error => {
                let is_new = arrived.iter().all(|other| other.answers != message.answers);
                let waiting = self.waiting.borrow();
                is_new
                    && message
                        .answers
                        .is_some_and(|serial| waiting.contains(&serial))
            }
            Kind::Signal => message.size() <= PIECE,
            Kind::Other => false,
        };
        if !is_wanted {
            return;
        }
        if is_signal(&message)
            && arrived.iter().filter(|other| is_signal(other)).count() == SIGNALS
            && let Some(oldest) = arrived.iter().position(is_signal)
        {
            arrived.remove(oldest);
        }
        arrived.push(message);
    }

    async fn receive(&self) -> io::Result<()> {
        let piece = receive(&self.stream).await?;
        self.received.borrow_mut().extend(piece);
        Ok(())
    }
}

/// A call whose answer is kept. A caller that gives up drops it, and what comes later is passed over.
struct Waiting<'b> {
    bus: &'b Bus,
    serial: u32,
}

impl<'b> Waiting<'b> {
    fn for_answer(bus: &'b Bus, serial: u32) -> Self {
        bus.waiting.borrow_mut().push(serial);
        Self { bus, serial }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let is_other = |serial| serial != self.serial;
        self.bus
            .waiting
            .borrow_mut()
            .retain(|other| is_other(*other));
        let answers = |message: &Message| message.answers.is_none_or(is_other);
        self.bus.arrived.borrow_mut().retain(answers);
    }
}

fn of_bus<'a>(method: &'a str, signature: &'a str, body: Writer) -> Call<'a> {
    Call {
        to: BUS,
        path: "/org/freedesktop/DBus",
        interface: BUS,
        method,
        signature,
        body,
    }
}

/// The bus learns who we are from the system, and asks only whether we know it.
async fn authenticated(address: &Address) -> io::Result<UnixStream> {
    let stream = UnixStream::connect(address.socket()).await?;
    if !private_file::is_trusted(stream.peer_cred()?.uid()) && address.is_abstract() {
        return Err(io::Error::other("it belongs to another user"));
    }
    let user = rustix::process::geteuid().as_raw().to_string();
    let user = crate::codec::encode_hex(user.as_bytes());
    send(&stream, format!("\0AUTH EXTERNAL {user}\r\n").as_bytes()).await?;
    let mut line = Vec::new();
    while !line.ends_with(b"\r\n") {
        line.extend(receive(&stream).await?);
        if line.len() > PIECE {
            return Err(io::Error::other("it speaks no D-Bus"));
        }
    }
    if !line.starts_with(b"OK ") {
        return Err(io::Error::other("it refuses this user"));
    }
    send(&stream, b"BEGIN\r\n").await?;
    Ok(stream)
}

async fn send(stream: &UnixStream, mut rest: &[u8]) -> io::Result<()> {
    while !rest.is_empty() {
        stream.writable().await?;
        match stream.try_write(rest) {
            Ok(written) => rest = rest.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

async fn receive(stream: &UnixStream) -> io::Result<Vec<u8>> {
    let mut piece = vec![0; PIECE];
    // A stream that always has more would leave no time to a limit.
    yield_now().await;
    loop {
        stream.readable().await?;
        match stream.try_read(&mut piece) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(length) => {
                piece.truncate(length);
                return Ok(piece);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

/// By the names of D-Bus errors.
fn of_error(answer: &Message) -> Error {
    let (name, text) = answer.error();
    let last = name.rsplit('.').next().unwrap_or(name);
    match last {
        "ServiceUnknown" | "NameHasNoOwner" => Error::Absent,
        _ if name.contains(".Spawn.") => Error::Absent,
        "NoReply" | "Disconnected" => Error::Gone,
        "IsLocked" => Error::Locked,
        "NoSuchObject" | "UnknownObject" | "UnknownMethod" => Error::NoCollection("default".into()),
        _ if text.is_empty() => Error::Refused(name.into()),
        _ => Error::Refused(format!("{text} ({name})").into()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::net::UnixStream as Socket;
    use std::time::Duration;

    use tokio::runtime::Builder;
    use tokio::time::timeout;

    use super::*;

    /// A bus that sends the same bytes until nobody reads them.
    fn flood(bytes: Vec<u8>) -> Socket {
        let (ours, mut theirs) = Socket::pair().unwrap();
        ours.set_nonblocking(true).unwrap();
        std::thread::spawn(move || while theirs.write_all(&bytes).is_ok() {});
        ours
    }

    #[test]
    fn what_nobody_asks_for_is_bounded() {
        let mut answer = of_bus("x", "", Writer::default()).into_bytes(1);
        let mut signal = answer.clone();
        (answer[1], signal[1]) = (2, 4);
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        for (message, kept) in [(signal, SIGNALS), (answer, 0)] {
            let (ours, mut theirs) = Socket::pair().unwrap();
            ours.set_nonblocking(true).unwrap();
            theirs.write_all(&message.repeat(3 * SIGNALS)).unwrap();
            drop(theirs);
            runtime.block_on(async {
                let bus = Bus::over(UnixStream::from_std(ours).unwrap());
                assert!(bus.next(|_| false).await.is_err());
                assert_eq!(bus.arrived.borrow().len(), kept);
            });
        }
    }

    #[test]
    fn a_call_that_is_given_up_waits_for_nothing() {
        let mut signal = of_bus("x", "", Writer::default()).into_bytes(1);
        signal[1] = 4;
        let socket = flood(signal);
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let bus = Bus::over(UnixStream::from_std(socket).unwrap());
            let call = bus.call(of_bus("x", "", Writer::default()));
            assert!(timeout(Duration::from_millis(20), call).await.is_err());
            assert!(bus.waiting.borrow().is_empty());
        });
    }
}
