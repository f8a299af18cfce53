//! What the network can do to us, and what becomes of it: no fault may hang, half-finish, guess or leak.

mod answers;
mod binding;
mod certificates;
mod downloads;
mod hangs;
mod lies;
mod lost;
mod proxies;
mod refusals;
mod rotation;
mod unreachable;

use crate::support::{Call, Fault, Faults, Home, Run, Vault, login};

/// What the password in [`vault`] is called.
const PASSWORD: &str = "keeper://db/field/password";

fn vault() -> Vault {
    Vault::start().with(login("db").password("canary-1"))
}

/// Reads [`PASSWORD`].
fn read(home: &Home) -> Call<'_> {
    home.command(["secret", "notation", PASSWORD])
}

/// Lets each fault befall every request of a `secret list` of its own. They run at once, since pauses between attempts
/// are what they take their time for.
fn at_once<const N: usize>(
    vault: &Vault,
    faults: [Fault; N],
    check: impl Fn(&Faults<'_>, &Run, Fault),
) {
    let lines = faults.map(|fault| {
        let line = Faults::before(vault);
        let home = Home::configured_for(&line);
        line.always(fault.clone());
        (line, home, fault)
    });
    let running = lines
        .each_ref()
        .map(|(_, home, _)| home.command(["secret", "list"]).spawn());
    for ((line, home, fault), run) in lines.iter().zip(running) {
        check(line, &run.ends(home), fault.clone());
    }
}
