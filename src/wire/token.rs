//! One-time tokens (protocol 2, D16): `CLIENTKEY`, `PREFIX:CLIENTKEY` or
//! `PREFIX:CLIENTKEY:KEYID:SERVERKEY`, where PREFIX is a region code, a host or `host:port`.

use super::endpoint::{self, HostName};
use super::server_key::{self, CustomKey};
use crate::codec;
use crate::crypto::{self, aead::Key, mac};

/// Quotes nothing of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the one-time token is empty")]
    Missing,
    #[error("the client key of the one-time token cannot be read")]
    ClientKey(#[source] codec::Error),
    /// A client key of another length cannot open the answer, and would spend the token for nothing.
    #[error("the client key of the one-time token has {0} bytes instead of 32")]
    ClientKeyLength(usize),
    /// The prefix is not quoted: in a token put together wrongly it is the secret part.
    #[error("the one-time token does not begin with a region code or host name")]
    Host,
    /// No secret is as short as its prefix.
    #[error("the one-time token does not begin with a region: {}", endpoint::Error::Region(.0.clone()))]
    Region(String),
    #[error("the server key in the one-time token cannot be used")]
    ServerKey(#[from] server_key::Error),
}

/// A checked token. It prints as its host.
#[derive(Clone, Debug)]
pub struct OneTimeToken {
    pub host: Option<HostName>,
    /// The secret of the token, which never leaves the machine.
    pub client_key: Key,
    pub server_key: Option<CustomKey>,
}

impl OneTimeToken {
    /// Reads from the right end, since a prefix may be `host:port`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::Missing);
        }
        // The colons of a bracketed IPv6 prefix separate nothing.
        let outside = text.rsplit_once(']').map_or(text, |(_, rest)| rest);
        if outside.matches(':').count() < 3 {
            return match text.rsplit_once(':') {
                Some((prefix, client_key)) => Self::assemble(Some(prefix), client_key, None),
                None => Self::assemble(None, text, None),
            };
        }
        let mut right = text.rsplitn(4, ':');
        let mut next = || right.next().unwrap_or_default();
        let (key, id, client_key, prefix) = (next(), next(), next(), next());
        Self::assemble(Some(prefix), client_key, Some(CustomKey::parse(id, key)?))
    }

    fn assemble(
        prefix: Option<&str>,
        client_key: &str,
        server_key: Option<CustomKey>,
    ) -> Result<Self, Error> {
        let host = prefix
            .map(HostName::parse)
            .transpose()
            .map_err(|error| match error {
                endpoint::Error::Region(code) => Error::Region(code),
                _ => Error::Host,
            })?;
        let bytes = zeroize::Zeroizing::new(codec::decode(client_key).map_err(Error::ClientKey)?);
        let client_key =
            Key::from_bytes(&bytes).map_err(|_| Error::ClientKeyLength(bytes.len()))?;
        Ok(Self {
            host,
            client_key,
            server_key,
        })
    }

    /// The id under which the server knows the holder of this token, in B64.
    pub fn client_id(&self) -> Result<String, crypto::Error> {
        mac::client_id(self.client_key.expose())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::rows;

    const CLIENT: &str = "dQACwTTfbliIRBOnptmD-bdR17hogagsnimobrZ3-W8";
    const SERVER: &str =
        "BK9w6TZFxE6nFNbMfIpULCup2a8xc6w2tUTABjxny7yFmxW0dAEojwC6j6zb5nTlmb1dAx8nwo3qF7RPYGmloRM";

    #[test]
    fn reads_every_form() {
        let table = "
            CLIENT | - | -
            eu:CLIENT= | keepersecurity.eu | -
            vault.example:8443:CLIENT | vault.example:8443 | -
            IL5:CLIENT:20:SERVER | il5.keepersecurity.us | 20
            localhost:8443:CLIENT:20:SERVER | localhost:8443 | 20
            [::1]:8443:CLIENT | [::1]:8443 | -
            [::1]:8443:CLIENT:20:SERVER | [::1]:8443 | 20
        ";
        let table = table.replace("CLIENT", CLIENT).replace("SERVER", SERVER);
        for [text, host, id] in rows(&table) {
            let token = OneTimeToken::parse(&format!(" {text} \n")).unwrap();
            let found = token.host.as_ref().map_or("-", HostName::authority);
            assert_eq!(found, host, "{text}");
            let found = token
                .server_key
                .map_or("-".into(), |key| key.id.to_string());
            assert_eq!(found, id, "{text}");
        }
    }

    #[test]
    fn a_mistyped_region_is_told_with_those_there_are() {
        let error = OneTimeToken::parse(&format!("XX:{CLIENT}")).unwrap_err();
        let shown = error.to_string();
        assert!(shown.ends_with(
            "`XX` is no region; the regions are US, EU, AU, GOV, JP, CA, IL5. A host this short needs its port, as in `XX:443`"
        ), "{shown}");
        assert!(!shown.contains(CLIENT), "{shown}");
    }

    #[test]
    fn refuses_what_is_no_token_and_quotes_nothing() {
        let bad = [
            String::new(),
            " \n".into(),
            "US:".into(),
            "US:too-short".into(),
            format!("US:{CLIENT}x"),
            format!("US:{CLIENT}:extra"),
            format!("IL5:{CLIENT}:20"),
            format!("IL5:{CLIENT}:20:"),
            format!("IL5:{CLIENT}::{SERVER}"),
            format!("IL5:{CLIENT}:20:x:y"),
            format!("IL5:{CLIENT}:2x:{SERVER}"),
            format!("http://x.example:{CLIENT}"),
            format!("x.example/path:{CLIENT}"),
            "käse:käse".into(),
        ];
        for text in bad {
            let error = OneTimeToken::parse(&text).unwrap_err();
            let shown = format!(
                "{error} {:?}",
                std::error::Error::source(&error).map(ToString::to_string)
            );
            assert!(!shown.contains(CLIENT), "{shown}");
        }
    }
}
