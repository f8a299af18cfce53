use super::*;

#[test]
fn a_file_gets_the_whole_answer_at_the_end() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("answer");
    let mut console = Console::for_process();
    console.set_target(OutputTarget::File(path.clone()));
    console.data("one\x1b").unwrap();
    console.styled("two").unwrap();
    assert!(!path.exists());
    console.finish().unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"one\x1btwo");
    console.data_owned(Buffer::from(b"large".to_vec())).unwrap();
    console.data_owned(Buffer::from(b"r".to_vec())).unwrap();
    console.finish().unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"larger");
    // Nothing is left to write, and an empty answer is one.
    console.finish().unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"larger");
    console.data("").unwrap();
    console.finish().unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"");
}

#[test]
fn a_command_that_fails_leaves_the_file_alone() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("answer");
    let mut console = Console::for_process();
    console.set_target(OutputTarget::File(path.clone()));
    console.data("half").unwrap();
    drop(console);
    assert!(!path.exists());
}
