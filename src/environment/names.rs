//! Every variable that is read or set, by name.

/// Declares a constant for each name, called as the variable is.
macro_rules! variables {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $($(#[$doc])* pub const $name: &str = stringify!($name);)*
    };
}

/// One-time tokens, which no program inherits.
pub const TOKENS: [&str; 2] = [KSM_TOKEN, KSM_CLI_TOKEN];
/// Beginnings of the variables with numbered configurations. A program inherits these and [`KSM_CONFIG`] only if the
/// user says so.
pub const NUMBERED_CONFIGS: [&str; 2] = [KSM_CONFIG_BASE64, KSM_CONFIG_BASE64_DESC];

variables! {
    /// One-time token: binds a device when there is no profile, and is spent by that.
    KSM_TOKEN;
    /// One-time token of the official `ksm init`, here for `ksm profile init`.
    KSM_CLI_TOKEN;
    /// Whole configuration, JSON or its base64; goes before every file.
    KSM_CONFIG;
    /// First of the numbered configurations, which are read up to the first gap.
    KSM_CONFIG_BASE64_1;
}
/// With a number from 1 up: a configuration in base64.
pub const KSM_CONFIG_BASE64: &str = "KSM_CONFIG_BASE64_";
/// With the same number: the name of its profile; `App1`, … by default.
pub const KSM_CONFIG_BASE64_DESC: &str = "KSM_CONFIG_BASE64_DESC_";

// Places of profiles, and the reading of their files.
variables! {
    /// Path of a mounted configuration, read only; used when no other place has a profile.
    KSM_CONFIG_FILE;
    /// Yes turns refusal, warning and repair of what others can read or write off.
    KSM_CONFIG_SKIP_MODE;
    /// Yes turns off the warning about files that others can read.
    KSM_CONFIG_SKIP_MODE_WARNING;
    /// Profile to use, if not the active one.
    KSM_CLI_PROFILE;
    /// Directory of the INI file.
    KSM_INI_DIR;
    /// Yes turns off the warning that a file in the working directory hides the one in `KSM_INI_DIR`.
    KSM_INI_DIR_SKIP_CONFLICT_WARNING;
    /// Name of the INI file; `keeper.ini` by default.
    KSM_INI_FILE;
    /// Yes keeps the device that `KSM_TOKEN` binds in memory only.
    KSM_EPHEMERAL;
}

// How the vault is asked.
variables! {
    /// Host that takes the place of every stored one.
    KSM_HOSTNAME;
    /// Version that the client calls itself by.
    KSM_CLIENT_VERSION;
    /// Longest sum of throttling waits in seconds; 360 by default.
    KSM_MAX_WAIT;
    /// Yes turns the check of certificates off; a word that is neither yes nor no is an error.
    KSM_SKIP_VERIFY;
    /// PEM file of roots that are added to the others.
    KSM_CA_FILE;
    /// Yes keeps answers for when the server is out of reach; a word that is neither yes nor no is an error.
    KSM_CACHE;
    /// Directory of these; the official CLI has its own there, too.
    KSM_CACHE_DIR;
    /// Level of the log on stderr; a word that is no level means `DEBUG`.
    KSM_DEBUG;
    /// Yes masks the output of `ksm exec`; a word that is neither yes nor no is an error.
    KSM_EXEC_MASK;
}

// A step of GitHub Actions.
variables! {
    /// File whose lines become variables of the next steps.
    GITHUB_ENV;
    /// File whose lines become outputs of this step.
    GITHUB_OUTPUT;
}

// Completion.
variables! {
    /// What a shell asks for: `bash_source` for its script, as with the official CLI; the script sets it for words.
    _KSM_COMPLETE;
}

// The development vault.
variables! {
    /// Socket of the running vault, which `ksm dev token` asks.
    KSM_DEV_SOCKET;
    /// Unused token, set for the programs that run against the vault.
    KSM_DEV_TOKEN;
    /// Host and port of that token, set beside it for SDKs that take no token of four parts.
    KSM_DEV_HOST;
    /// Client key of that token.
    KSM_DEV_CLIENT_KEY;
    /// Number of the server's key of that token.
    KSM_DEV_SERVER_KEY_ID;
    /// Server's key of that token.
    KSM_DEV_SERVER_KEY;
}

// Connections. Proxies may be written in small letters.
variables! {
    /// Proxy of https addresses.
    HTTPS_PROXY;
    /// Proxy where `HTTPS_PROXY` is not set.
    ALL_PROXY;
    /// Hosts that are reached without a proxy, separated by commas.
    NO_PROXY;
    /// PEM file of the roots that take the place of the system's.
    SSL_CERT_FILE;
    /// Directory of such files.
    SSL_CERT_DIR;
    /// File or directory of roots, where neither of the two above is set.
    REQUESTS_CA_BUNDLE;
    /// The same, after `REQUESTS_CA_BUNDLE`.
    CURL_CA_BUNDLE;
    /// PEM file of roots that Node adds to its own; only set for programs that run against the development vault.
    NODE_EXTRA_CA_CERTS;
}

// AWS, with the meaning that its own tools give them.
variables! {
    AWS_ACCESS_KEY_ID;
    AWS_SECRET_ACCESS_KEY;
    AWS_SESSION_TOKEN;
    AWS_REGION;
    AWS_DEFAULT_REGION;
    AWS_PROFILE;
    AWS_DEFAULT_PROFILE;
    /// `~/.aws/config` by default.
    AWS_CONFIG_FILE;
    /// `~/.aws/credentials` by default.
    AWS_SHARED_CREDENTIALS_FILE;
    AWS_WEB_IDENTITY_TOKEN_FILE;
    AWS_ROLE_ARN;
    AWS_ROLE_SESSION_NAME;
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
    AWS_CONTAINER_CREDENTIALS_FULL_URI;
    AWS_CONTAINER_AUTHORIZATION_TOKEN;
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
    AWS_EC2_METADATA_DISABLED;
    AWS_EC2_METADATA_SERVICE_ENDPOINT;
    /// `IPv4` by default, or `IPv6`.
    AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE;
    AWS_USE_FIPS_ENDPOINT;
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS;
    AWS_ENDPOINT_URL;
    AWS_ENDPOINT_URL_SECRETS_MANAGER;
    AWS_ENDPOINT_URL_STS;
}

// Azure, with the meaning that its own libraries give them.
variables! {
    AZURE_TENANT_ID;
    /// Application, or the managed identity where there are several.
    AZURE_CLIENT_ID;
    AZURE_CLIENT_SECRET;
    /// Certificate and RSA key of the application, in PEM.
    AZURE_CLIENT_CERTIFICATE_PATH;
    /// Whether Entra ID is sent the certificates.
    AZURE_CLIENT_SEND_CERTIFICATE_CHAIN;
    /// Token of another issuer, which a cluster renews.
    AZURE_FEDERATED_TOKEN_FILE;
    /// Host that gives tokens; by default that of the cloud of the vault.
    AZURE_AUTHORITY_HOST;
    /// Vault, by name or by address, where no record names one. Azure's libraries leave this name and the next to programs.
    AZURE_KEYVAULT_NAME;
    /// Address of a vault that is in none of Azure's public clouds.
    AZURE_KEYVAULT_URL;
    /// Service that gives tokens to an app on App Service or Container Apps.
    IDENTITY_ENDPOINT;
    IDENTITY_HEADER;
    /// Set where `IDENTITY_ENDPOINT` is that of Azure Arc.
    IMDS_ENDPOINT;
    /// Set where `IDENTITY_ENDPOINT` is that of Service Fabric.
    IDENTITY_SERVER_THUMBPRINT;
    /// Address of the metadata service; `http://169.254.169.254` by default.
    AZURE_POD_IDENTITY_AUTHORITY_HOST;
}

// Google, with the meaning that its own libraries and `gcloud` give them.
variables! {
    GOOGLE_APPLICATION_CREDENTIALS;
    GOOGLE_CLOUD_PROJECT;
    /// The same, after `GOOGLE_CLOUD_PROJECT`.
    GCLOUD_PROJECT;
    /// Project that is charged for the calls of a user.
    GOOGLE_CLOUD_QUOTA_PROJECT;
    /// Directory of the settings of `gcloud`; `~/.config/gcloud` by default.
    CLOUDSDK_CONFIG;
    /// Address that gives tokens, in the place of that in a file of credentials.
    CLOUDSDK_AUTH_TOKEN_HOST;
    CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER;
    CLOUDSDK_API_ENDPOINT_OVERRIDES_STS;
    CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS;
    /// Host of the metadata server; `169.254.169.254` by default.
    GCE_METADATA_HOST;
    /// Yes says that there is no metadata server.
    NO_GCE_CHECK;
}

// The system and its user.
variables! {
    HOME;
    /// Home on Windows.
    USERPROFILE;
    APPDATA;
    LOCALAPPDATA;
    PROGRAMDATA;
    PROGRAMFILES;
    /// Directory in memory for private files, if there is one.
    XDG_RUNTIME_DIR;
    /// Directory of caches, if not `~/.cache`.
    XDG_CACHE_HOME;
    /// Number of the user who called `sudo`.
    SUDO_UID;
    /// Directories of programs.
    PATH;
    /// Endings of the names of programs on Windows, in the order in which they are tried.
    PATHEXT;
    /// Directory of Windows, whose programs are found without `PATH`.
    SYSTEMROOT;
    /// Directories of modules, to which PowerShell adds its own.
    PSMODULEPATH;
    /// System that Git for Windows and its kin make; their shells are those of Unix.
    MSYSTEM;
    /// Editor, where none is configured.
    EDITOR;
    /// Program that shows long pages of help; `less` by default.
    PAGER;
    /// Options of `less`, which gets ours where this is not set.
    LESS;
    /// Kind of the terminal; on one that is `dumb` nothing is styled.
    TERM;
    /// Anything turns colors off.
    NO_COLOR;
    /// Seconds since 1970 that manual pages are dated by, so that a build can be repeated.
    SOURCE_DATE_EPOCH;
    /// `0` turns colors off.
    CLICOLOR;
    /// Anything but `0` shows colors also where no terminal is.
    CLICOLOR_FORCE;
    /// Session bus, by which the keyring is reached on Linux.
    DBUS_SESSION_BUS_ADDRESS;
}
