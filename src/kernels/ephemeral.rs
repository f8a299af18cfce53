//! The agreement of a key pair that is used once, on the curve P-256. ring computes it faster than
//! [`super::p256`] does (the manual's page `performance` says how much), and does not wipe the private key, which is never
//! used again.

use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::rand::SystemRandom;
use zeroize::Zeroizing;

use crate::p256::{POINT, Public};

pub struct Agreement {
    /// The point that the other side needs.
    pub public: [u8; POINT],
    /// The x coordinate of the shared point.
    pub shared: Zeroizing<[u8; 32]>,
}

/// Returns `None` if the system gives no random numbers.
pub fn agree(theirs: &Public) -> Option<Agreement> {
    let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).ok()?;
    let public = private.compute_public_key().ok()?;
    let public = public.as_ref().try_into().ok()?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, theirs.point());
    let copy = |shared: &[u8]| shared.try_into().map(Zeroizing::new).ok();
    let shared = agree_ephemeral(private, &theirs, copy).ok()??;
    Some(Agreement { public, shared })
}

#[cfg(test)]
#[allow(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test may panic"
)]
mod tests {
    use super::*;
    use crate::p256::Secret;

    #[test]
    fn the_other_side_computes_the_same() {
        // The least and the greatest scalars of the curve, and ordinary ones.
        let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
        let order: Vec<u8> = (0..32)
            .map(|at| u8::from_str_radix(&order[at * 2..at * 2 + 2], 16).unwrap())
            .collect();
        let of = |last: u8| [[0; 31].as_slice(), &[last]].concat();
        let below_order = |by: u8| [&order[..31], &[order[31] - by]].concat();
        let scalars = (1..20).map(of).chain((1..20).map(below_order));
        for scalar in scalars.chain((1..=255).map(|byte| vec![byte; 32]).take(250)) {
            let secret = Secret::from_scalar(&scalar).unwrap();
            let agreed = agree(&secret.public()).unwrap();
            let ephemeral = Public::from_point(&agreed.public).unwrap();
            assert_eq!(secret.agree(&ephemeral), agreed.shared, "{scalar:02x?}");
        }
    }

    #[test]
    fn no_key_pair_is_used_twice() {
        let theirs = Secret::from_scalar(&[1; 32]).unwrap().public();
        let (one, other) = (agree(&theirs).unwrap(), agree(&theirs).unwrap());
        assert!(one.public != other.public && one.shared != other.shared);
    }
}
