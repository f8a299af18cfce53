//! FIFOs in the place of files: none holds us up for ever.

use std::io::Read;
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{OFlags, open};

use super::*;
use crate::limits;

#[test]
fn a_fifo_is_written_to_when_its_reader_comes() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("fifo");
    make_fifo(&path);
    let reader = {
        let path = path.clone();
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(150));
            let mut text = String::new();
            let mut fifo = File::open(path).unwrap();
            // More than the pipe holds waits for a slow reader.
            thread::sleep(Duration::from_millis(50));
            fifo.read_to_string(&mut text).unwrap();
            text
        })
    };
    let text = "x".repeat(1 << 20);
    let mut output = Output::at(&path, Rights::Kept).unwrap();
    output.write(text.as_bytes()).unwrap();
    assert!(reader.join().unwrap() == text);
    assert!(fs::symlink_metadata(&path).unwrap().mode() & 0o170000 == 0o010000);
}

#[test]
fn a_fifo_that_goes_is_not_waited_for() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("fifo");
    make_fifo(&path);
    let mut output = Output::at(&path, Rights::Kept).unwrap();
    // Both are there, so that the new one cannot get the number of the old one.
    let other = home.path().join("other");
    make_fifo(&other);
    fs::rename(&other, &path).unwrap();
    // Opened for both, it has a reader and waits for nobody.
    let reader = File::options().read(true).write(true).open(&path).unwrap();
    let error = output.write(b"canary").unwrap_err();
    assert!(matches!(error, Error::Changed { .. }), "{error}");
    drop(reader);
    fs::remove_file(&path).unwrap();
    let before = Instant::now();
    let error = output.write(b"canary").unwrap_err();
    assert!(matches!(error, Error::Io { .. }), "{error}");
    assert!(before.elapsed() < limits::PIPE / 2);
}

#[test]
fn a_fifo_behind_a_descriptor_holds_up_no_opening() {
    let home = tempfile::tempdir().unwrap();
    make_fifo(&home.path().join("fifo"));
    // A descriptor that only names it is no reader and no writer.
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    let named = open(home.path().join("fifo"), flags, Mode::empty()).unwrap();
    let (opened, is_opened) = std::sync::mpsc::channel();
    let number = std::os::fd::AsRawFd::as_raw_fd(&named).to_string();
    thread::spawn(move || {
        let path = Path::new("/proc/self/fd").join(number);
        let place = place::to_read(&path, Policy::Named).map(|(place, _)| place);
        opened
            .send(place.and_then(|place| place.open().map(drop)))
            .unwrap();
    });
    let opened = is_opened.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(opened.is_ok(), "{opened:?}");
}

#[test]
fn neither_links_nor_fifos_hold_up_an_opening() {
    let (home, place, found) = file();
    symlink("file", home.path().join("link")).unwrap();
    make_fifo(&home.path().join("fifo"));
    let directory = &place.directory;
    assert!(directory.open("link".as_ref()).is_err());
    assert!(directory.open_to_append("link".as_ref(), false).is_err());
    assert!(directory.create("link".as_ref()).is_err());
    assert!(directory.open("fifo".as_ref()).is_ok());
    assert!(directory.open_to_append("fifo".as_ref(), false).is_err());
    // The name of another file is left to that.
    let other = directory.create("other".as_ref()).unwrap();
    directory.remove("other".as_ref(), &found).unwrap();
    assert!(directory.look("other".as_ref()).unwrap().is_some());
    let other = Facts::from(&other.metadata().unwrap());
    directory.remove("other".as_ref(), &other).unwrap();
    assert!(directory.look("other".as_ref()).unwrap().is_none());
}
