//! The members of a configuration, listed once: every form in which one is read or written goes through [`MEMBERS`].

use std::fmt;

use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::Config;
use crate::json::{self, Exact};
use crate::profile::ini::{self, Document};
use crate::sensitive::Sensitive;

/// One of the texts that identify a device to a vault (protocol 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Member {
    /// B64 of 64 bytes.
    ClientId,
    /// B64 of PKCS#8 DER.
    PrivateKey,
    /// B64 of 32 bytes, from binding on.
    AppKey,
    /// Region code or host.
    Hostname,
    /// B64 of a point; old configurations lack it.
    OwnerKey,
    /// Decimal; a JSON number is accepted too.
    ServerKeyId,
    /// U64 of a point, for deployments with keys of their own.
    ServerKey,
    /// The token's key, until binding.
    ClientKey,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    /// Blanks within it mean nothing, wherever it was wrapped.
    Base64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    /// Also where it is absent: as `null`, or a bare key.
    Always,
    /// Not where it is absent, since other programs do not know it.
    IfPresent,
    Never,
}

/// In the order of the official CLI. A name is JSON's, and in lower case the key of an INI section.
const MEMBERS: [(Member, &str, Form, Written); 8] = {
    use Form::{Base64, Text};
    use Member::*;
    use Written::*;
    [
        (ClientId, "clientId", Base64, Always),
        (PrivateKey, "privateKey", Base64, Always),
        (AppKey, "appKey", Base64, Always),
        (Hostname, "hostname", Text, Always),
        (OwnerKey, "appOwnerPublicKey", Base64, Always),
        (ServerKeyId, "serverPublicKeyId", Text, Always),
        (ServerKey, "serverPublicKey", Base64, IfPresent),
        (ClientKey, "clientKey", Base64, Never),
    ]
};

impl Member {
    pub(super) const COUNT: usize = MEMBERS.len();

    pub fn name(self) -> &'static str {
        self.row().1
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a row for each member, in their order"
    )]
    fn row(self) -> (Self, &'static str, Form, Written) {
        MEMBERS[self as usize]
    }

    /// The key of an INI section.
    pub fn key(self) -> String {
        self.name().to_ascii_lowercase()
    }
}

/// The text of a member as it is kept: without blanks that mean nothing, and absent if it is empty.
pub(super) fn normalized(member: Member, text: &str) -> Option<Sensitive<String>> {
    let (.., form, _) = member.row();
    let mut kept = Sensitive::new(String::with_capacity(text.len()));
    match form {
        Form::Text => kept.expose_mut().push_str(text.trim()),
        Form::Base64 => kept.expose_mut().extend(text.split_ascii_whitespace()),
    }
    (!kept.expose().is_empty()).then_some(kept)
}

impl Config {
    /// Reads section `name`; a missing section is an empty configuration.
    pub fn in_section(document: &Document, name: &str) -> Self {
        let mut config = Self::default();
        for (member, ..) in MEMBERS {
            let value = document.get(name, &member.key());
            config.set(member, value.map(|value| value.expose().as_str()));
        }
        config
    }

    /// Writes the configuration into section `name`. Other keys stay.
    pub fn put_section(&self, document: &mut Document, name: &str) -> Result<(), ini::Error> {
        for (member, .., written) in MEMBERS {
            match (self.get(member), written) {
                (_, Written::Never) | (None, Written::IfPresent) => {
                    document.unset(name, &member.key());
                }
                (value, _) => document.set(name, &member.key(), value)?,
            }
        }
        Ok(())
    }

    /// Takes every member out of section `name`.
    pub fn clear_section(document: &mut Document, name: &str) {
        for (member, ..) in MEMBERS {
            document.unset(name, &member.key());
        }
    }

    /// JSON on one line, as the official CLI keeps it in a keyring.
    pub fn to_line(&self) -> Sensitive<String> {
        json::line(&Members(self.written().collect())).into()
    }

    /// The JSON that the vendor's SDKs read: 4 spaces, no line end, the last two of the official members the other way
    /// round.
    pub(in crate::profile) fn to_sdk_json(&self) -> Sensitive<String> {
        let mut members: Vec<_> = self.written().collect();
        members.swap(Member::OwnerKey as usize, Member::ServerKeyId as usize);
        json::pretty(&Members(members)).into()
    }

    /// All members that are there, the client key among them, and when the bind began.
    pub(in crate::profile) fn to_pending(&self, began: &str) -> Sensitive<String> {
        let members = MEMBERS.map(|(member, name, ..)| (name, self.get(member)));
        let members = members.into_iter().filter(|(_, value)| value.is_some());
        let members = members.chain([("began", Some(began))]);
        json::pretty(&Members(members.collect())).into()
    }

    fn written(&self) -> impl Iterator<Item = (&'static str, Option<&str>)> {
        let written = |(member, name, _, written)| match (self.get(member), written) {
            (_, Written::Never) | (None, Written::IfPresent) => None,
            (value, _) => Some((name, value)),
        };
        MEMBERS.into_iter().filter_map(written)
    }
}

struct Members<'a>(Vec<(&'static str, Option<&'a str>)>);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().copied())
    }
}

impl<'de> Deserialize<'de> for Config {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Config;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a configuration")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Config, A::Error> {
        let mut config = Config::default();
        let mut seen = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            let Some((member, name, form, _)) =
                MEMBERS.into_iter().find(|(_, name, ..)| *name == key)
            else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if seen.contains(&member) {
                return Err(A::Error::duplicate_field(name));
            }
            seen.push(member);
            let text = match form {
                Form::Base64 => map.next_value::<Option<String>>()?,
                // Other writers put numbers where we put texts.
                Form::Text => match map.next_value::<Exact>()?.0 {
                    Value::Null => None,
                    Value::String(text) => Some(text),
                    Value::Number(number) if number.is_u64() => Some(number.to_string()),
                    _ => return Err(A::Error::custom("it is neither a text nor a whole number")),
                },
            };
            let text = text.map(Sensitive::new);
            config.set(member, text.as_ref().map(|text| text.expose().as_str()));
        }
        Ok(config)
    }
}
