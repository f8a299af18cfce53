//! Faults of the network: none may make us hang, half-finish, guess or leak.

mod answers;
mod binding;
mod certificates;
mod downloads;
#[cfg(target_os = "linux")]
mod excess;
mod hangs;
mod lies;
mod links;
mod lost;
mod odd_values;
mod proxies;
mod refusals;
mod rotation;
mod unreachable;

use crate::support::{Fault, FaultProxy, Home, Invocation, PASSWORD, Run, Vault};

/// Reads [`PASSWORD`].
fn read(home: &Home) -> Invocation<'_> {
    home.command(["secret", "notation", PASSWORD])
}

/// Lets each fault befall every request of a `secret list` of its own. They run at once, since pauses between attempts
/// are what they take their time for.
fn each_fault_at_once<const N: usize>(
    vault: &Vault,
    faults: [Fault; N],
    check: impl Fn(&FaultProxy<'_>, &Run, Fault),
) {
    let proxied = faults.map(|fault| {
        let proxy = FaultProxy::before(vault);
        let home = Home::configured_for(&proxy);
        proxy.always(fault.clone());
        (proxy, home, fault)
    });
    let running = proxied
        .each_ref()
        .map(|(_, home, _)| home.command(["secret", "list"]).spawn());
    for ((proxy, home, fault), run) in proxied.iter().zip(running) {
        check(proxy, &run.wait(home), fault.clone());
    }
}
