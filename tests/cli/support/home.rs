//! A fresh home directory for `ksm` to run in: nothing of this machine's environment reaches it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use ksm::profile::ProfileName;
use ksm::profile::bundle;

use super::Server;
use super::invocation::Invocation;
use super::run::{CANARY, Run};

/// The program under test.
pub const KSM: &str = env!("CARGO_BIN_EXE_ksm");

/// When each file was changed last, and its length.
pub(super) type Stamps = BTreeMap<PathBuf, (SystemTime, u64)>;

pub struct Home {
    directory: tempfile::TempDir,
    environment: BTreeMap<OsString, OsString>,
    pub(super) watched: RefCell<Vec<String>>,
}

impl Home {
    /// A home without any profile. It is the current directory as well; temporary files land in its `tmp`.
    pub fn new() -> Self {
        let parent = std::env::temp_dir();
        // A program sees where it really is: macOS keeps temporary files behind a link. A real path on Windows is one
        // of a kind that programs do not expect.
        let parent = if cfg!(unix) {
            parent.canonicalize().unwrap()
        } else {
            parent
        };
        let directory = tempfile::tempdir_in(parent).unwrap();
        fs::create_dir(directory.path().join("tmp")).unwrap();
        let mut home = Self {
            environment: BTreeMap::new(),
            watched: RefCell::default(),
            directory,
        };
        home.set("HOME", home.path("").as_os_str().to_owned());
        home.set("TMPDIR", home.path("tmp").into_os_string());
        home.set("PATH", "/usr/local/bin:/usr/bin:/bin");
        if cfg!(windows) {
            // Nothing works there without it.
            home.set("SystemRoot", std::env::var_os("SystemRoot").unwrap());
        }
        home
    }

    /// A home whose `ksm` trusts the certificates of `server`. In the place of the system's roots, a hundred that each
    /// run would read, it has one that has signed nothing and whose private key is lost.
    pub fn trusting(server: &impl Server) -> Self {
        let mut home = Self::new();
        let path = home.write(".ca.pem", server.ca_pem());
        home.set("KSM_CA_FILE", path);
        let roots = home.write(".roots.pem", include_str!("roots.pem"));
        home.set("CURL_CA_BUNDLE", roots);
        home
    }

    /// A home and an unspent token of `server`, which no run may show.
    pub fn with_token(server: &impl Server) -> (Self, String) {
        let home = Self::trusting(server);
        let token = server.token();
        home.watch_token(&token);
        (home, token)
    }

    /// A home with the files that `ksm profile init` makes: a `keeper.ini` with one profile, and its lock.
    pub fn bound_to(server: &impl Server) -> Self {
        let home = Self::trusting(server);
        let config = bundle::read_one(&home.bind(server)).unwrap();
        let store = bundle::to_ini(&config, &ProfileName::default()).unwrap();
        home.write("keeper.ini", store.expose());
        home.write("keeper.ini.lock", "");
        home.watch_keys();
        server.forget_requests();
        home
    }

    /// A home without files whose `KSM_CONFIG` is a device bound through `server`.
    pub fn configured_for(server: &impl Server) -> Self {
        let mut home = Self::trusting(server);
        let config = home.bind(server);
        home.set("KSM_CONFIG", config);
        server.forget_requests();
        home
    }

    /// Binds a device without the program, and returns it as a `KSM_CONFIG` in base64.
    pub fn bind(&self, server: &impl Server) -> String {
        self.redeem(&server.token()).unwrap()
    }

    /// Spends a token without the program.
    pub fn redeem(&self, token: &str) -> Result<String, ksm::dev::bind::Error> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let environment = self.environment.iter().collect();
        let config = runtime.block_on(ksm::dev::bind(token, &environment))?;
        self.watch(config.expose());
        Ok(config.expose().clone())
    }

    /// Sets a variable for all runs to come.
    pub fn set(&mut self, name: impl Into<OsString>, value: impl Into<OsString>) {
        self.environment.insert(name.into(), value.into());
    }

    pub fn unset(&mut self, name: &str) {
        self.environment.remove(OsStr::new(name));
    }

    pub fn environment(&self) -> &BTreeMap<OsString, OsString> {
        &self.environment
    }

    /// No run may show this text from now on.
    pub fn watch(&self, secret: &str) {
        self.watched.borrow_mut().push(secret.to_owned());
    }

    /// The secret part of a one-time token.
    pub fn watch_token(&self, token: &str) {
        let longest_but_public = token
            .split(':')
            .rev()
            .skip(usize::from(token.matches(':').count() > 2));
        let client_key = longest_but_public.max_by_key(|part| part.len()).unwrap();
        self.watch(client_key);
    }

    /// The keys in `keeper.ini`.
    pub fn watch_keys(&self) {
        for line in self.read("keeper.ini").lines() {
            if let Some((name, value)) = line.split_once('=')
                && matches!(name.trim(), "privatekey" | "appkey" | "clientkey")
            {
                self.watch(value.trim());
            }
        }
    }

    /// Runs `ksm` with these arguments.
    pub fn ksm<I>(&self, args: I) -> Run
    where
        I: IntoIterator,
        I::Item: Into<OsString>,
    {
        self.command(args).run()
    }

    /// A run of `ksm` that is still to be described.
    pub fn command<I>(&self, args: I) -> Invocation<'_>
    where
        I: IntoIterator,
        I::Item: Into<OsString>,
    {
        self.program(KSM, args)
    }

    /// A run of `ksm` in the place of a shell that has run `line` before: a umask, a limit, closed streams.
    pub fn after_shell<I>(&self, line: &str, args: I) -> Invocation<'_>
    where
        I: IntoIterator,
        I::Item: Into<OsString>,
    {
        let shell = [
            "-c".into(),
            format!("{line}\nexec \"$0\" \"$@\"").into(),
            KSM.into(),
        ];
        let args = args.into_iter().map(Into::into);
        self.program("sh", shell.into_iter().chain(args))
    }

    /// A run of another program in this home.
    pub fn program<I>(&self, program: impl Into<OsString>, args: I) -> Invocation<'_>
    where
        I: IntoIterator,
        I::Item: Into<OsString>,
    {
        Invocation::new(
            self,
            program.into(),
            args.into_iter().map(Into::into).collect(),
        )
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file, readable by its owner only, and returns its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        path
    }

    #[track_caller]
    pub fn read(&self, name: &str) -> String {
        let path = self.path(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Permission bits of a file.
    #[cfg(unix)]
    #[track_caller]
    pub fn mode(&self, name: &str) -> u32 {
        use std::os::unix::fs::MetadataExt;
        fs::symlink_metadata(self.path(name)).unwrap().mode() & 0o7777
    }

    /// All files and links below this home, sorted, with `/` between the parts of a path and the names of the
    /// harness' own left out.
    pub fn files(&self) -> Vec<String> {
        let paths = self.stamps().into_keys();
        let names = paths.map(|path| {
            let below = path.strip_prefix(self.directory.path()).unwrap();
            below
                .display()
                .to_string()
                .replace(std::path::MAIN_SEPARATOR, "/")
        });
        names
            .filter(|name| ![".ca.pem", ".roots.pem"].contains(&&**name))
            .collect()
    }

    pub(super) fn stamps(&self) -> Stamps {
        let mut stamps = BTreeMap::new();
        let mut directories = vec![self.directory.path().to_owned()];
        while let Some(directory) = directories.pop() {
            // A test may have made a directory unreadable.
            for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
                let about = entry.path().symlink_metadata().unwrap();
                if about.is_dir() {
                    directories.push(entry.path());
                } else {
                    stamps.insert(entry.path(), (about.modified().unwrap(), about.len()));
                }
            }
        }
        stamps
    }
}

/// The files among `after` that are new or changed and hold a secret.
pub(super) fn leaks(before: &Stamps, after: &Stamps) -> Vec<PathBuf> {
    let changed = after
        .iter()
        .filter(|(path, stamp)| before.get(*path) != Some(stamp))
        .map(|(path, _)| path);
    let holds_secret = |path: &&PathBuf| {
        // Reading a FIFO would wait for its writer.
        let content = if path.is_file() {
            fs::read(path).unwrap_or_default()
        } else {
            Vec::new()
        };
        memchr::memmem::find(&content, CANARY.as_bytes()).is_some()
    };
    changed.filter(holds_secret).cloned().collect()
}
