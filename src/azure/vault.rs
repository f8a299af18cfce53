//! Addresses of key vaults, and Azure's clouds. An access token goes to the vault, so its address may come from a
//! record only where Azure itself, or a variable of this machine, stands behind it.

use super::error::OwnError as Error;
use crate::cloud::is_encrypted_or_local;
use crate::environment::{Environment, names};
use crate::http::host_over_tls;

/// A cloud of Azure: the domain of its vaults, and the host that gives tokens for them.
#[derive(Debug, PartialEq, Eq)]
struct AzureCloud {
    vaults: &'static str,
    authority: &'static str,
}

const PUBLIC: AzureCloud = AzureCloud {
    vaults: "vault.azure.net",
    authority: "login.microsoftonline.com",
};

const CLOUDS: [AzureCloud; 3] = [
    PUBLIC,
    AzureCloud {
        vaults: "vault.azure.cn",
        authority: "login.chinacloudapi.cn",
    },
    AzureCloud {
        vaults: "vault.usgovcloudapi.net",
        authority: "login.microsoftonline.us",
    },
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vault {
    /// Without `/` at the end.
    url: String,
    /// Gives tokens; without `/` at the end.
    authority: String,
    cloud: &'static AzureCloud,
}

impl Vault {
    /// Reads what a record calls its vault: a name, or an address in a cloud of Azure. Another address counts where
    /// `AZURE_KEYVAULT_URL` has the same.
    pub fn named(text: &str, environment: &Environment) -> Result<Self, Error> {
        let text = text.trim().trim_end_matches('/');
        if !text.contains(['/', '.', ':']) {
            return Self::of_name(text, environment);
        }
        if same_as_variable(text, environment) {
            return Self::of_url(text, environment);
        }
        let host = host_over_tls(text).ok_or_else(|| Error::VaultAddress(text.into()))?;
        let known = CLOUDS.iter().find_map(|cloud| {
            let name = host.strip_suffix(cloud.vaults)?.strip_suffix('.')?;
            Some((cloud, name))
        });
        let (cloud, name) = known.ok_or_else(|| Error::ForeignVault(host.as_str().into()))?;
        // A path, a port, or another spelling of the host leads elsewhere, or nowhere.
        match is_name(name) && text.eq_ignore_ascii_case(&format!("https://{host}")) {
            true => Self::at(format!("https://{host}"), cloud, environment),
            false => Err(Error::VaultAddress(text.into())),
        }
    }

    /// The vault that the variables name.
    pub fn of_variables(environment: &Environment) -> Result<Self, Error> {
        if let Some(url) = environment.trimmed(names::AZURE_KEYVAULT_URL) {
            return Self::of_url(url.trim_end_matches('/'), environment);
        }
        let name = environment.trimmed(names::AZURE_KEYVAULT_NAME);
        Self::named(&name.ok_or(Error::NoVault)?, environment)
    }

    fn of_name(name: &str, environment: &Environment) -> Result<Self, Error> {
        if !is_name(name) {
            return Err(Error::VaultName(name.into()));
        }
        let cloud = cloud_of_authority(environment);
        Self::at(
            format!("https://{name}.{}", cloud.vaults),
            cloud,
            environment,
        )
    }

    fn of_url(url: &str, environment: &Environment) -> Result<Self, Error> {
        if !is_encrypted_or_local(url) {
            return Err(Error::Address(names::AZURE_KEYVAULT_URL));
        }
        let host = host_over_tls(url).unwrap_or_default();
        let mut clouds = CLOUDS.iter();
        let cloud = clouds.find(|cloud| host.ends_with(&format!(".{}", cloud.vaults)));
        let cloud = cloud.unwrap_or_else(|| cloud_of_authority(environment));
        Self::at(url.to_owned(), cloud, environment)
    }

    fn at(
        url: String,
        cloud: &'static AzureCloud,
        environment: &Environment,
    ) -> Result<Self, Error> {
        let authority =
            authority(environment).unwrap_or_else(|| format!("https://{}", cloud.authority));
        Ok(Self {
            url,
            authority,
            cloud,
        })
    }

    /// Without `/` at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn authority(&self) -> &str {
        &self.authority
    }

    /// What a token is for.
    pub(super) fn resource(&self) -> String {
        format!("https://{}", self.cloud.vaults)
    }
}

/// The host may be written without `https://`.
fn authority(environment: &Environment) -> Option<String> {
    let text = environment.trimmed(names::AZURE_AUTHORITY_HOST)?;
    let text = text.trim_end_matches('/');
    Some(match text.contains("://") {
        true => text.to_owned(),
        false => format!("https://{text}"),
    })
}

fn cloud_of_authority(environment: &Environment) -> &'static AzureCloud {
    let host = authority(environment).and_then(|url| host_over_tls(&url));
    let mut clouds = CLOUDS.iter();
    clouds
        .find(|cloud| host.as_deref() == Some(cloud.authority))
        .unwrap_or(&PUBLIC)
}

fn same_as_variable(text: &str, environment: &Environment) -> bool {
    let variable = environment.trimmed(names::AZURE_KEYVAULT_URL);
    variable.is_some_and(|url| url.trim_end_matches('/').eq_ignore_ascii_case(text))
}

fn is_name(text: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (3..=24).contains(&text.len()) && text.chars().all(letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    fn shown(vault: Result<Vault, Error>) -> String {
        match vault {
            Ok(vault) => format!("{} {} {}", vault.url, vault.authority, vault.resource()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn an_address_says_the_cloud_and_its_authority() {
        let none = Environment::default();
        for (text, expected) in cases(
            "
            prod-1 => https://prod-1.vault.azure.net https://login.microsoftonline.com https://vault.azure.net
            https://prod.vault.azure.net/ => https://prod.vault.azure.net https://login.microsoftonline.com https://vault.azure.net
            HTTPS://Prod.Vault.Azure.CN => https://prod.vault.azure.cn https://login.chinacloudapi.cn https://vault.azure.cn
            https://p-1.vault.usgovcloudapi.net => https://p-1.vault.usgovcloudapi.net https://login.microsoftonline.us https://vault.usgovcloudapi.net
            ab => `ab` is no name of an Azure key vault: 3 to 24 letters, digits and dashes
            a_b_c => `a_b_c` is no name of an Azure key vault: 3 to 24 letters, digits and dashes
            prod.vault.azure.net => `prod.vault.azure.net` is no address of an Azure key vault, such as https://NAME.vault.azure.net
            http://prod.vault.azure.net => `http://prod.vault.azure.net` is no address of an Azure key vault, such as https://NAME.vault.azure.net
            https://prod.vault.azure.net/secrets => `https://prod.vault.azure.net/secrets` is no address of an Azure key vault, such as https://NAME.vault.azure.net
            https://prod.vault.azure.net:8443 => `https://prod.vault.azure.net:8443` is no address of an Azure key vault, such as https://NAME.vault.azure.net
            https://a.b.vault.azure.net => `https://a.b.vault.azure.net` is no address of an Azure key vault, such as https://NAME.vault.azure.net
            https://u@prod.vault.azure.net => `https://u@prod.vault.azure.net` is no address of an Azure key vault, such as https://NAME.vault.azure.net
            https://vault.azure.net.evil.example => the key vault at vault.azure.net.evil.example is in none of Azure's clouds that ksm knows
            https://evilvault.azure.net => the key vault at evilvault.azure.net is in none of Azure's clouds that ksm knows
            https://127.0.0.1:8443 => the key vault at 127.0.0.1 is in none of Azure's clouds that ksm knows
            ",
        ) {
            assert_eq!(shown(Vault::named(text, &none)), expected, "{text}");
        }
    }

    #[test]
    fn variables_name_the_vault_and_the_authority() {
        for (set, expected) in cases(
            "
            AZURE_KEYVAULT_NAME=prod => https://prod.vault.azure.net https://login.microsoftonline.com https://vault.azure.net
            AZURE_KEYVAULT_NAME=prod AZURE_AUTHORITY_HOST=login.chinacloudapi.cn => https://prod.vault.azure.cn https://login.chinacloudapi.cn https://vault.azure.cn
            AZURE_KEYVAULT_NAME=https://prod.vault.azure.cn AZURE_AUTHORITY_HOST=https://l.example/ => https://prod.vault.azure.cn https://l.example https://vault.azure.cn
            AZURE_KEYVAULT_URL=https://v.stack.example:44/ => https://v.stack.example:44 https://login.microsoftonline.com https://vault.azure.net
            AZURE_KEYVAULT_URL=https://v.vault.azure.cn => https://v.vault.azure.cn https://login.chinacloudapi.cn https://vault.azure.cn
            AZURE_KEYVAULT_URL=http://127.0.0.1:44 => http://127.0.0.1:44 https://login.microsoftonline.com https://vault.azure.net
            AZURE_KEYVAULT_URL=http://v.example => the address in AZURE_KEYVAULT_URL is neither https nor on this machine
            AZURE_TENANT_ID=x => nothing names the Azure key vault
            ",
        ) {
            let set = set.split(' ').map(|one| one.split_once('=').unwrap());
            let environment: Environment = set.collect();
            assert_eq!(shown(Vault::of_variables(&environment)), expected);
        }
    }

    #[test]
    fn a_foreign_vault_of_a_record_needs_the_variable() {
        let url = "https://v.stack.example:44";
        let environment = Environment::default().with(names::AZURE_KEYVAULT_URL, format!("{url}/"));
        assert_eq!(Vault::named(url, &environment).unwrap().url, url);
        assert!(Vault::named("https://w.stack.example", &environment).is_err());
        // The variable takes no record's place.
        let named = Vault::named("prod", &environment).unwrap();
        assert_eq!(named.url, "https://prod.vault.azure.net");
    }
}
