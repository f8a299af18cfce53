//! A one-time token of the vault in its parts, as the SDKs of others take it.

use crate::sensitive::Sensitive;

pub struct IssuedToken {
    /// A name in the vault's certificate, and the port.
    pub host: String,
    pub client_key: Sensitive<String>,
    pub server_key_id: u32,
    /// U64.
    pub server_key: String,
}

impl IssuedToken {
    /// The four-part form (D16).
    pub fn text(&self) -> Sensitive<String> {
        Sensitive::new(format!(
            "{}:{}:{}:{}",
            self.host,
            self.client_key.expose(),
            self.server_key_id,
            self.server_key
        ))
    }
}
