//! One-time tokens: an error quotes nothing, and a token written in full is the same token.
#![no_main]

use ksm::codec;
use ksm::wire::token::OneTimeToken;
use ksm_fuzz::{bounded, linear, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = text(data);
    linear(&text, |long| drop(OneTimeToken::parse(long)));
    let token = match bounded(text.len(), 64, || OneTimeToken::parse(&text)) {
        Ok(token) => token,
        Err(error) => {
            let mut said = error.to_string();
            let mut source = std::error::Error::source(&error);
            while let Some(error) = source {
                said += &error.to_string();
                source = error.source();
            }
            assert!(said.len() < 400, "{said}");
            let words = text.split([':', ' ', '\n']).filter(|word| word.len() >= 20);
            assert!(words.into_iter().all(|word| !said.contains(word)), "{said}");
            return;
        }
    };
    let host = token
        .host
        .as_ref()
        .map(|host| format!("{}:", host.as_written()));
    let key = (token.server_key.as_ref()).map(|key| format!(":{}:{}", key.id, key.encoded()));
    let client = codec::encode_url(token.client_key.expose());
    let written = [host.unwrap_or_default(), client, key.unwrap_or_default()].concat();
    let again = OneTimeToken::parse(&written).unwrap();
    assert_eq!(again.host, token.host, "{written}");
    assert!(again.client_key == token.client_key);
    assert_eq!(
        again.server_key.map(|key| (key.id, key.encoded())),
        token.server_key.map(|key| (key.id, key.encoded()))
    );
});
