//! Every limit of what comes from outside: in bytes, in items and in time. The manual's page `limits` has them as a
//! table, and a test compares the two.

use std::fmt;
use std::time::Duration;

/// The most bytes that one kind of input may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    bytes: u64,
    kind: &'static str,
}

/// Files, pipes and stdin.
impl Limit {
    /// `keeper.ini`, a mounted configuration, an `--env-file`.
    pub const CONFIG: Self = Self::mib(8, "a configuration");
    pub const TOKEN: Self = Self::mib(1, "a token, key or configuration");
    pub const FIELD_VALUE: Self = Self::mib(16, "the value of a field");
    pub const KEYRING_SECRET: Self = Self::mib(64, "a secret of the keyring");
    pub const RECORD_FILE: Self = Self::mib(64, "a file of records");
    pub const RECORD_TYPE: Self = Self::mib(1, "a file of record types");
    pub const TEMPLATE: Self = Self::mib(10, "a template");
    pub const TEMPLATE_ON_STDIN: Self = Self::mib(256, "a template on stdin");
    pub const SEED: Self = Self::mib(256, "a seed, attachments included");
    pub const CERTIFICATES: Self = Self::mib(16, "a bundle of certificates");
    pub const AWS_CONFIG: Self = Self::mib(1, "a configuration of AWS");
    /// A token for AWS in a file, and the answer of a `credential_process`.
    pub const AWS_CREDENTIALS: Self = Self::kib(64, "credentials for AWS");
    /// A file with credentials for Google or a certificate for Azure, a token for either in a file.
    pub const CLOUD_CREDENTIALS: Self = Self::kib(64, "credentials for a cloud");
    /// A Secret as JSON: its base64, and who manages what.
    pub const KUBECTL_ANSWER: Self = Self::mib(8, "an answer of kubectl");
    pub const KUBECTL_WORDS: Self = Self::kib(64, "messages of kubectl");
    pub const DEV_TOKEN: Self = Self::kib(4, "a token of the development vault");
    pub const GITIGNORE: Self = Self::kib(256, "a file of ignored names");
    /// Regular files have no other limit than memory.
    pub const UPLOAD: Self = Self::mib(1024, "an attachment that is no regular file");
    /// An answer of the vault; beyond that it is not kept.
    pub const CACHED_ANSWER: Self = Self::mib(64, "an answer in the cache");
    /// What a file of the cache has before the answer: one question may name some 2,000 records.
    pub const CACHED_QUESTION: Self = Self::kib(64, "a question of the cache");
    /// The file of such an answer, which is padded.
    pub const CACHED_FILE: Self = Self::mib(69, "a file of the cache");
    /// All files of the cache.
    pub const CACHE: Self = Self::mib(256, "the cache");
    /// A line that a person types.
    pub const TYPED_LINE: Self = Self::kib(64, "an answer");
    /// Lines may hold values.
    pub const SHELL_LINE: Self = Self::mib(1, "a line of the shell");
    /// What the system hands over at the start of a program: 6 MiB, arguments included.
    pub const ENVIRONMENT: Self = Self::mib(8, "an environment");
    /// `/proc`, and `/etc/resolv.conf`.
    pub const SYSTEM: Self = Self::kib(64, "a status of the system");
}

/// Answers over the network, and on the session bus.
impl Limit {
    /// D-Bus itself has 128 MiB.
    pub const BUS_MESSAGE: Self = Self::mib(16, "a message of the session bus");
    /// Some 300,000 records of ordinary size.
    pub const ANSWER: Self = Self::mib(512, "an answer of the server");
    /// A refusal is a few words, or a web page in the way.
    pub const REFUSAL: Self = Self::mib(1, "a refusal");
    pub const UPLOAD_ANSWER: Self = Self::mib(1, "the answer to an upload");
    /// Room for an attachment beyond the size its metadata says, and for one without metadata.
    pub const SURPRISE: Self = Self::mib(64, "an attachment, beyond the size it is said to have");
    /// Credentials of STS, a container or an instance.
    pub const AWS_ANSWER: Self = Self::kib(64, "an answer of AWS");
    /// A secret has at most 64 KiB, and JSON may escape each of its characters.
    pub const AWS_SECRET: Self = Self::kib(512, "a secret of AWS");
    /// Access tokens, and refusals, of Azure and Google.
    pub const CLOUD_ANSWER: Self = Self::kib(64, "an answer of a cloud");
    /// A secret has at most 64 KiB, and JSON may escape each of its characters.
    pub const CLOUD_SECRET: Self = Self::kib(512, "a secret of a cloud");
}

/// What the development vault takes.
impl Limit {
    /// All requests that are under way, files apart.
    pub const DEV_REQUEST: Self = Self::mib(256, "requests at one time");
    /// Before it is sealed.
    pub const DEV_FILE: Self = Self::mib(1024, "a file");
    /// The form around a file.
    pub const DEV_FORM: Self = Self::mib(1, "a form");
}

/// What is worked out from records.
impl Limit {
    /// The values of references together. The content of an attachment that several name counts from the second on.
    pub const REFERENCED: Self = Self::mib(128, "the values of references together");
    /// The values in the places of a template's references, after their transforms.
    pub const FILLED: Self = Self::mib(256, "the values of a template together");
    pub const QUERY_ANSWER: Self = Self::mib(64, "what a query finds");
}

// Items.

/// The most redirects that a download follows.
pub const REDIRECTS: usize = 3;
/// Waits of one call that was throttled.
pub const THROTTLING_WAITS: u32 = 5;
/// Repetitions of a read whose answer was lost.
pub const REPEATS: u32 = 2;
/// Tries of record keys with keys of folders that the record does not name. The protocol wants all folders tried
/// (protocol 9.2), but many records that nothing opens must not cost as many tries as there are folders.
pub const KEY_GUESSES: usize = 131_072;
/// Objects and list items of an answer, however short it is. Each takes hundreds of bytes of memory, so a longer answer may
/// have more only in proportion.
pub const ANSWER_ITEMS: usize = 10_000;
/// Bytes of an answer for each further object. A link, the smallest there is, takes 65.
pub const BYTES_PER_OBJECT: usize = 64;
/// Bytes of an answer for each further member or item.
pub const BYTES_PER_ITEM: usize = 12;
/// Lists and objects within each other, in JSON and YAML that are read.
pub const DOCUMENT_DEPTH: usize = 100;
/// Nodes of a YAML document. Nodes that aliases repeat count each time.
pub const DOCUMENT_NODES: usize = 262_144;
/// Places that a query may lead to, those on the way and those of its filters included.
pub const QUERY_STEPS: usize = 4_000_000;
/// Filters and parentheses within each other in a query.
pub const QUERY_DEPTH: usize = 8;
/// Lines of one list of errors or warnings about references.
pub const LISTED_REFERENCES: usize = 100;
/// Names that a message lists where one was not found.
pub const OFFERED: usize = 12;
/// Characters of each of them.
pub const OFFERED_LENGTH: usize = 60;
/// Pairs of a missing title and a title there is that are compared, to find the one that was meant.
pub const COMPARED_TITLES: usize = 1_000_000;
/// Roles of AWS that are taken one after the other.
pub const AWS_ROLES: usize = 16;
/// Calls to the store of a cloud that are under way at one time.
pub const STORE_CALLS: usize = 8;
/// Failures in a row of a store as a whole, after which it is asked nothing more.
pub const STORE_FAILURES: u32 = 3;
/// Bytes of a line of a file for `docker run --env-file`, its end included.
pub const DOCKER_LINE: usize = 65_536;
/// Bytes of the values of a Kubernetes Secret.
pub const KUBERNETES_SECRET: usize = 1_048_576;
/// Connections to the development vault. Further ones wait.
pub const DEV_CONNECTIONS: usize = 1_000;
/// Items of a list on the session bus.
pub const BUS_ITEMS: usize = 10_000;
/// Entries of a directory of certificates.
pub const CERTIFICATE_FILES: usize = 10_000;
/// Files of record types that one directory may give.
pub const RECORD_TYPE_FILES: usize = 1_000;
/// Directories within each other in which these are looked for.
pub const RECORD_TYPE_DEPTH: usize = 8;
/// Lines of a `keeper.ini`, or of an INI text that is imported: a few thousand profiles.
pub const INI_LINES: usize = 32_768;
/// Bytes of white space before a line of a `keeper.ini` that is written.
pub const INI_INDENTATION: usize = 64;
/// Bytes of a regular expression: the time to compile one grows with the square.
pub const PATTERN: usize = 4_096;
/// Answers in the cache.
pub const CACHED_ANSWERS: usize = 256;
/// Secrets that output is searched for.
pub const MASKED_SECRETS: usize = 1_000;
/// All of them together, in bytes.
pub const MASKED_BYTES: usize = 8_388_608;
/// Secrets that are searched for in all encodings, in bytes.
pub const MASKED_FULLY_BYTES: usize = 131_072;
/// The same in lines.
pub const MASKED_FULLY_LINES: usize = 4_096;
/// Steps that lead to all encodings of them.
pub const MASKED_FULLY_STEPS: usize = 2_500_000;

// Time.

/// A connection: names looked up, TCP, TLS.
pub const CONNECT: Duration = Duration::from_secs(10);
/// The look-up of a name.
pub const LOOKUP: Duration = Duration::from_secs(8);
/// Silence in the middle of an exchange.
pub const SILENCE: Duration = Duration::from_secs(30);
/// One call with its repeats; throttling waits extend it (D18).
pub const CALL: Duration = Duration::from_secs(60);
/// The sum of throttling waits of one call (D18).
pub const THROTTLING: Duration = Duration::from_secs(360);
/// An answer of the OS keyring.
pub const KEYRING: Duration = Duration::from_secs(5);
/// The owner's answer to a prompt of the OS keyring.
pub const KEYRING_PROMPT: Duration = Duration::from_secs(120);
/// The metadata service is one hop away, and elsewhere the wait is in vain.
pub const METADATA: Duration = Duration::from_secs(1);
/// A `credential_process`, which may wait for a person who touches a key.
pub const CREDENTIAL_PROCESS: Duration = Duration::from_secs(60);
/// A call of `kubectl`, which may start a program that signs in.
pub const KUBECTL: Duration = Duration::from_secs(60);
/// The words for a press of Tab.
pub const COMPLETION: Duration = Duration::from_millis(600);
/// All of a pipe, FIFO or device whose name was given as that of a file.
pub const PIPE: Duration = Duration::from_secs(30);
/// All of stdin where no person types.
pub const STDIN: Duration = Duration::from_secs(600);
/// A connection to the development vault, with all its requests.
pub const DEV_CONNECTION: Duration = Duration::from_secs(900);
/// Another ksm that keeps the lock of a store (D13).
pub const LOCK: Duration = Duration::from_secs(10);
/// The age up to which an answer of the cache is used.
pub const CACHE_AGE: Duration = Duration::from_hours(24);
/// A bind that was cut off is taken up again so long (D13).
pub const PENDING_BIND: Duration = Duration::from_hours(24);

impl Limit {
    const fn mib(count: u64, kind: &'static str) -> Self {
        let bytes = count << 20;
        Self { bytes, kind }
    }

    const fn kib(count: u64, kind: &'static str) -> Self {
        let bytes = count << 10;
        Self { bytes, kind }
    }

    pub const fn bytes(self) -> u64 {
        self.bytes
    }
}

/// Completes "more than".
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is too much for {}", in_words(self.bytes), self.kind)
    }
}

/// In the largest unit of which there is one at least.
pub fn in_words(bytes: u64) -> String {
    match (bytes >> 20, bytes >> 10) {
        (0, 0) => format!("{bytes} bytes"),
        (0, kib) => format!("{kib} KiB"),
        (mib, _) => format!("{mib} MiB"),
    }
}
