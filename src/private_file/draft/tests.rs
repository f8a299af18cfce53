use super::*;

#[test]
fn a_sweep_takes_dead_drafts_of_ours() {
    use crate::private_file::place::{self, Missing};
    let home = tempfile::tempdir().unwrap();
    let place = place::to_write(&home.path().join("it"), Missing::Refused).unwrap();
    let count = || std::fs::read_dir(home.path()).unwrap().count();
    let draft = Draft::named(&place).unwrap();
    sweep(&place);
    assert_eq!(count(), 1);
    drop(draft);
    assert_eq!(count(), 0);
    let path = home.path().join(".it.aB3dE6gH.new");
    std::fs::write(&path, "canary").unwrap();
    if trust::us() == 0 {
        std::os::unix::fs::chown(&path, Some(7), None).unwrap();
        sweep(&place);
        assert_eq!(count(), 1);
        std::os::unix::fs::chown(&path, Some(0), None).unwrap();
    }
    sweep(&place);
    assert_eq!(count(), 0);
}
