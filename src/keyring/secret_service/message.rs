//! Messages of D-Bus: calls that we write, and what comes from the bus.

use super::values::{Order, Reader, Writer};
use crate::keyring::Error;
use crate::limits::Limit;

/// A call of a method.
pub(super) struct Call<'a> {
    pub(super) to: &'a str,
    pub(super) path: &'a str,
    pub(super) interface: &'a str,
    pub(super) method: &'a str,
    /// The types of the values in `body`.
    pub(super) signature: &'a str,
    pub(super) body: Writer,
}

/// What the bus sent.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) kind: Kind,
    /// The serial number of the call that it answers.
    pub(super) answers: Option<u32>,
    pub(super) sender: String,
    pub(super) path: String,
    pub(super) member: String,
    error: String,
    signature: String,
    body: Vec<u8>,
    order: Order,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Answer,
    Error,
    Signal,
    Other,
}

const CALL: u8 = 1;
const VERSION: u8 = 1;
/// What comes before the fields of the header.
const START: usize = 16;

const PATH: u8 = 1;
const INTERFACE: u8 = 2;
const MEMBER: u8 = 3;
const ERROR: u8 = 4;
const ANSWERS: u8 = 5;
const TO: u8 = 6;
const SENDER: u8 = 7;
const SIGNATURE: u8 = 8;

impl Call<'_> {
    pub(super) fn into_bytes(self, serial: u32) -> Vec<u8> {
        let mut header = Writer::default();
        header.byte(b'l').byte(CALL).byte(0).byte(VERSION);
        header.word(self.body.size()).word(serial);
        header.list(8, |fields| {
            for (field, kind, text) in [
                (PATH, "o", self.path),
                (INTERFACE, "s", self.interface),
                (MEMBER, "s", self.method),
                (TO, "s", self.to),
            ] {
                fields.align(8).byte(field).signature(kind).text(text);
            }
            let field = fields.align(8).byte(SIGNATURE);
            field.signature("g").signature(self.signature);
        });
        header.align(8).raw(&self.body.into_bytes());
        header.into_bytes()
    }
}

impl Message {
    /// The first message of what was received, and its length; `None` while there is more to come.
    pub(super) fn first_of(received: &[u8]) -> Result<Option<(Self, usize)>, Error> {
        let Some(length) = length(received)? else {
            return Ok(None);
        };
        let Some(whole) = received.get(..length) else {
            return Ok(None);
        };
        let message = Self::read(whole).ok_or_else(unreadable)?;
        Ok(Some((message, length)))
    }

    /// In bytes, of its values.
    pub(super) fn size(&self) -> usize {
        self.body.len()
    }

    fn read(whole: &[u8]) -> Option<Self> {
        let (order, _) = start(whole)?;
        let mut header = Reader::new(whole, order);
        header.byte()?;
        let mut message = Self {
            kind: match header.byte()? {
                2 => Kind::Answer,
                3 => Kind::Error,
                4 => Kind::Signal,
                _ => Kind::Other,
            },
            answers: None,
            sender: String::new(),
            path: String::new(),
            member: String::new(),
            error: String::new(),
            signature: String::new(),
            body: Vec::new(),
            order,
        };
        header.byte()?;
        header.byte()?;
        let body = header.word()? as usize;
        header.word()?;
        header.list(8, |field| message.take_field(field))?;
        message.body = whole.get(whole.len().checked_sub(body)?..)?.to_vec();
        Some(message)
    }

    fn take_field(&mut self, field: &mut Reader<'_>) -> Option<()> {
        let code = field.byte()?;
        match field.signature()? {
            "u" => {
                let number = field.word()?;
                (code == ANSWERS).then(|| self.answers = Some(number));
            }
            "g" => {
                let signature = field.signature()?;
                (code == SIGNATURE).then(|| self.signature = signature.to_owned());
            }
            "s" | "o" => {
                let text = field.text()?;
                let place = match code {
                    PATH => &mut self.path,
                    MEMBER => &mut self.member,
                    ERROR => &mut self.error,
                    SENDER => &mut self.sender,
                    _ => return Some(()),
                };
                text.clone_into(place);
            }
            _ => return None,
        }
        Some(())
    }

    /// The values of the body, which are of these types.
    pub(super) fn values<'a, T>(
        &'a self,
        signature: &str,
        read: impl FnOnce(&mut Reader<'a>) -> Option<T>,
    ) -> Result<T, Error> {
        let mut body = Reader::new(&self.body, self.order);
        let is_expected = self.signature == signature;
        let values = is_expected.then(|| read(&mut body)).flatten();
        values.ok_or_else(unreadable)
    }

    /// The name of an error, and its text if it has one.
    pub(super) fn error(&self) -> (&str, &str) {
        let has_text = self.signature.starts_with('s');
        let text = has_text.then(|| Reader::new(&self.body, self.order).text());
        (&self.error, text.flatten().unwrap_or_default())
    }
}

/// The length of the message that starts here, once it shows.
fn length(received: &[u8]) -> Result<Option<usize>, Error> {
    if received.len() < START {
        return Ok(None);
    }
    let (_, length) = start(received).ok_or_else(unreadable)?;
    match length <= Limit::BUS_MESSAGE.bytes() {
        true => Ok(usize::try_from(length).ok()),
        false => Err(unreadable()),
    }
}

fn start(received: &[u8]) -> Option<(Order, u64)> {
    let order = match received.first()? {
        b'l' => Order::Little,
        b'B' => Order::Big,
        _ => return None,
    };
    let mut numbers = Reader::new(received.get(4..START)?, order);
    let (body, _, fields) = (numbers.word()?, numbers.word()?, numbers.word()?);
    let header = (START as u64 + u64::from(fields)).next_multiple_of(8);
    Some((order, header + u64::from(body)))
}

fn unreadable() -> Error {
    Error::Refused("its answer cannot be read".into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As jeepney writes it, a library of Python.
    const SEARCH: &str = "6c0100013700000007000000ab00000001016f00280000002f6f72672f667265656465736b746f702f736563726574732f616c69617365732f64656661756c74000000000000000002017300210000006f72672e667265656465736b746f702e5365637265742e436f6c6c656374696f6e00000000000000030173000b0000005365617263684974656d73000000000006017300170000006f72672e667265656465736b746f702e73656372657473000801670005617b73737d0000000000002f00000000000000070000007365727669636500070000004b534d2d636c690008000000757365726e616d650000000002000000c3bc00";

    fn search() -> Call<'static> {
        let mut body = Writer::default();
        body.texts(&[("service", "KSM-cli"), ("username", "ü")]);
        Call {
            to: "org.freedesktop.secrets",
            path: "/org/freedesktop/secrets/aliases/default",
            interface: "org.freedesktop.Secret.Collection",
            method: "SearchItems",
            signature: "a{ss}",
            body,
        }
    }

    #[test]
    fn a_call_is_written_as_others_write_it() {
        assert_eq!(hex::encode(search().into_bytes(7)), SEARCH);
    }

    #[test]
    fn a_message_is_read_once_it_is_whole() {
        let bytes = search().into_bytes(7);
        for end in 0..bytes.len() {
            assert!(Message::first_of(&bytes[..end]).unwrap().is_none(), "{end}");
        }
        let more = [bytes.as_slice(), b"lmore"].concat();
        let (message, length) = Message::first_of(&more).unwrap().unwrap();
        assert_eq!((length, message.kind), (bytes.len(), Kind::Other));
        assert_eq!(message.member, "SearchItems");
        let pair = |item: &mut Reader<'_>| Some(format!("{}={}", item.text()?, item.text()?));
        let texts = message.values("a{ss}", |body| body.list(8, pair));
        assert_eq!(texts.unwrap(), ["service=KSM-cli", "username=ü"]);
        assert!(message.values("s", Reader::text).is_err());
    }

    #[test]
    fn a_message_beyond_the_limit_is_refused() {
        let mut bytes = search().into_bytes(7);
        bytes[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(Message::first_of(&bytes).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(start in 0..16_usize, noise: Vec<u8>) {
            let mut bytes = search().into_bytes(7);
            bytes.splice(start.., noise);
            let _ = Message::first_of(&bytes);
        }

        #[test]
        fn a_changed_byte_is_read_or_refused(at in 0..200_usize, to: u8) {
            let mut bytes = search().into_bytes(7);
            bytes[at] = to;
            if let Ok(Some((message, _))) = Message::first_of(&bytes) {
                let _ = message.values("a{ss}", |body| body.list(8, Reader::text));
                let _ = message.error();
            }
        }
    }
}
