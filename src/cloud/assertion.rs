//! Assertions by which the owner of a key proves an identity (RFC 7523): JSON Web Tokens, signed with RS256.

use serde::Serialize;

use crate::codec;
use crate::crypto;
use crate::crypto::rsa::RsaKey;
use crate::sensitive::Sensitive;

pub(crate) fn sign_assertion(
    header: &impl Serialize,
    claims: &impl Serialize,
    key: &RsaKey,
) -> Result<Sensitive<String>, crypto::Error> {
    let signed = format!("{}.{}", part(header)?, part(claims)?);
    let signature = codec::encode_url(&key.sign(signed.as_bytes())?);
    Ok(format!("{signed}.{signature}").into())
}

fn part(value: &impl Serialize) -> Result<String, crypto::Error> {
    let json = serde_json::to_vec(value).map_err(|_| crypto::Error::Length)?;
    Ok(codec::encode_url(&json))
}
