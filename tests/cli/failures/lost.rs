//! Answers that do not arrive: a read is asked again, a little later and not for ever (D19).

use std::collections::HashSet;

use super::{each_fault_at_once, read};
use crate::support::{Fault, FaultProxy, Home, Server, Vault, folder};

fn mishaps() -> [Fault; 6] {
    [
        Fault::Drop,
        Fault::LoseAnswer,
        Fault::truncated(),
        Fault::answer(502, "<html>Bad Gateway</html>"),
        Fault::answer(500, ""),
        Fault::answer(503, r#"{"error": "internal", "message": "busy"}"#),
    ]
}

#[test]
fn a_read_is_asked_again() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    for mishap in mishaps() {
        faults.forget_requests();
        faults.next(mishap.clone());
        read(&home).run().succeeds().stdout("canary-1").stderr("");
        assert_eq!(faults.requests(), ["get_secret"; 2], "{mishap:?}");
    }
}

#[test]
fn after_three_times_it_is_enough() {
    let vault = Vault::with_db();
    each_fault_at_once(&vault, mishaps(), |faults, run, mishap| {
        run.fails(5)
            .stdout("")
            .stderr_has("localhost:")
            .stderr_has("Hint: try again in a while");
        assert_eq!(faults.requests().len(), 3, "{mishap:?}");
    });
}

#[test]
fn no_key_is_used_for_two_requests() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    faults.next(Fault::Drop).next(Fault::throttled(0.1));
    read(&home).run().succeeds().stdout("canary-1");
    let bodies = faults.requests_in_full();
    let bodies = bodies.iter().map(|request| &request[request.len() - 60..]);
    assert_eq!(bodies.collect::<HashSet<_>>().len(), 3);
    // The wrapped keys begin with the ephemeral public key they were wrapped with, so these differ as well.
    for header in ["TransmissionKey", "Authorization"] {
        let values = faults.header(header);
        let starts: HashSet<_> = values.iter().map(|value| &value[..60]).collect();
        assert_eq!((values.len(), starts.len()), (3, 3), "{header}");
    }
}

#[test]
fn only_the_lost_request_of_several_is_repeated() {
    let vault = Vault::with_db().with(folder("team"));
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    faults.next(Fault::None).next(Fault::LoseAnswer);
    home.ksm(["secret", "list", "--folder", "team", "-r"])
        .succeeds();
    assert_eq!(
        faults.requests(),
        ["get_secret", "get_folders", "get_folders"]
    );
}
