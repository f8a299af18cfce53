//! `ksm dev`.

use crate::support::{Door, Fault, Faults, Home, Vault, login};
