//! The lists of files and directories that are open.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt;
use std::path::Path;

use windows_permissions::constants::{SeObjectType, SecurityInformation};
use windows_permissions::{LocalBox, SecurityDescriptor, utilities, wrappers};

use super::list::{self, Everybody, Object};
use crate::private_file::facts::Facts;

const GENERIC_READ: u32 = 0x8000_0000;
const GENERIC_WRITE: u32 = 0x4000_0000;
const READ_CONTROL: u32 = 0x2_0000;
const WRITE_DAC: u32 = 0x4_0000;
/// Lets a directory be opened.
const BACKUP_SEMANTICS: u32 = 0x0200_0000;
/// `ERROR_INVALID_FUNCTION`.
const NO_SUCH_FUNCTION: i32 = 1;

/// A new, empty file that nobody else can open.
pub(in crate::private_file) fn create(path: &Path) -> io::Result<File> {
    let open = |rights| {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        options.access_mode(GENERIC_READ | GENERIC_WRITE | rights);
        options.open(path)
    };
    let file = match open(WRITE_DAC) {
        // A share may keep its lists to itself.
        Err(reason) if reason.kind() == io::ErrorKind::PermissionDenied => return open(0),
        opened => opened?,
    };
    let closed = user().and_then(|user| set(&file, &list::private(&user, Object::File)));
    if closed.is_err() {
        let _ = fs::remove_file(path);
    }
    closed.map(|()| file)
}

/// Lets nobody else into a directory of ours, and into what is made in it.
pub(in crate::private_file) fn close_directory(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.access_mode(READ_CONTROL | WRITE_DAC);
    options.custom_flags(BACKUP_SEMANTICS);
    let open = match options.open(path) {
        Err(reason) if reason.kind() == io::ErrorKind::PermissionDenied => return Ok(()),
        opened => opened?,
    };
    set(&open, &list::private(&user()?, Object::Directory))
}

/// Gives a file of ours the list of the one that it replaces.
pub(in crate::private_file) fn keep(
    file: &File,
    old: &Path,
    everybody: Everybody,
) -> io::Result<()> {
    match list(&File::open(old)?) {
        Some(old) => set(file, &list::kept(&old, &user()?, everybody)),
        None => Ok(()),
    }
}

/// What lies at a path, links followed. Of a file that cannot be opened, its directory tells no identity.
pub(in crate::private_file) fn look(path: &Path) -> io::Result<Facts> {
    let mut options = OpenOptions::new();
    options.access_mode(0).custom_flags(BACKUP_SEMANTICS);
    match options.open(path) {
        Ok(open) => Facts::of(&open),
        Err(_) => Ok(Facts::from(&fs::metadata(path)?)),
    }
}

/// What a file is, and whether others own, read or write it, as far as its file system knows.
pub(in crate::private_file) fn facts(file: &File) -> io::Result<Facts> {
    let found = Facts::of(file)?;
    match (list(file), user()) {
        (Some(list), Ok(user)) => Ok(list::judged(&list, &user, found)),
        _ => Ok(found),
    }
}

fn user() -> io::Result<String> {
    Ok(utilities::current_process_sid()?.to_string())
}

fn set(file: &File, list: &str) -> io::Result<()> {
    let list: LocalBox<SecurityDescriptor> = list.parse()?;
    let set = wrappers::SetSecurityInfo(
        &mut file.try_clone()?,
        SeObjectType::SE_FILE_OBJECT,
        SecurityInformation::Dacl | SecurityInformation::ProtectedDacl,
        None,
        None,
        list.dacl(),
        None,
    );
    match set {
        Err(reason) if has_no_lists(&reason) => Ok(()),
        set => set,
    }
}

/// A share may keep its lists to itself, or have none.
fn has_no_lists(reason: &io::Error) -> bool {
    use io::ErrorKind::{PermissionDenied, Unsupported};
    matches!(reason.kind(), PermissionDenied | Unsupported)
        || reason.raw_os_error() == Some(NO_SUCH_FUNCTION)
}

fn list(file: &File) -> Option<String> {
    let asked = SecurityInformation::Owner | SecurityInformation::Dacl;
    let found = wrappers::GetSecurityInfo(file, SeObjectType::SE_FILE_OBJECT, asked).ok()?;
    let text = wrappers::ConvertSecurityDescriptorToStringSecurityDescriptor(&found, asked);
    text.ok()?.into_string().ok()
}
