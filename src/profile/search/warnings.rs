//! What is said of a file that another hides, that is not where a variable says, or that may become public.

use std::path::Path;

use super::{file_name, find, here, in_ini_dir, is_same_file};
use crate::environment::{Environment, names};
use crate::profile::gitignore;

/// The official warning, if a file in the working directory hides the one `KSM_INI_DIR` means.
pub fn conflict(environment: &Environment) -> Option<String> {
    let named = in_ini_dir(environment)?;
    let found = find(environment).filter(|found| here(environment).as_ref() == Some(found))?;
    let hidden = named.is_file()
        && !is_same_file(&named, &found)
        && !environment.flag(names::KSM_INI_DIR_SKIP_CONFLICT_WARNING);
    let directory = Path::new(environment.nonempty(names::KSM_INI_DIR)?);
    hidden.then(|| {
        format!(
            "KSM_INI_DIR is set to '{}' but a keeper.ini in the current directory was loaded instead. \
             Loaded: {}. KSM_INI_DIR location: {named}. \
             To load the KSM_INI_DIR location: ksm --ini-file \"{named}\" <command>. \
             To suppress this warning: set KSM_INI_DIR_SKIP_CONFLICT_WARNING=TRUE",
            directory.display(),
            found.display(),
            named = named.display(),
        )
    })
}

/// Says that `KSM_INI_DIR`, or else `KSM_INI_FILE`, has no file, where another one is used or none.
pub fn unused_directory(used: Option<&str>, environment: &Environment) -> Option<String> {
    let quiet = environment.flag(names::KSM_INI_DIR_SKIP_CONFLICT_WARNING);
    let instead = used.map_or_else(String::new, |used| format!("; {used} is used"));
    let name = file_name(environment);
    let name = Path::new(&name).display();
    let Some(directory) = environment.path(names::KSM_INI_DIR) else {
        environment.nonempty(names::KSM_INI_FILE)?;
        let is_used = used.is_none_or(|used| used.ends_with(&name.to_string()));
        return (!is_used).then(|| {
            format!("KSM_INI_FILE is set to `{name}`, and there is no such file{instead}")
        });
    };
    let at = directory.display();
    match in_ini_dir(environment)? {
        _ if quiet => None,
        _ if !directory.exists() => Some(format!(
            "KSM_INI_DIR is set to `{at}`, which does not exist{instead}"
        )),
        file if !file.exists() && used.is_some() => Some(format!(
            "KSM_INI_DIR is set to `{at}`, which has no `{name}`{instead}"
        )),
        _ => None,
    }
}

/// The warning for a file that the next `git add` would pick up.
pub fn git_warning(file: &Path) -> Option<String> {
    gitignore::would_commit(file).map(|_| {
        format!(
            "{} lies in a git work tree that does not ignore it; it holds keys and must not be committed",
            file.display()
        )
    })
}
