use super::*;
use crate::test_table::rows;

#[test]
fn reads_codes_and_hosts() {
    let table = "
        US | US | keepersecurity.com
        us | US | keepersecurity.com
        us_gov | GOV | govcloud.keepersecurity.us
        il5 | IL5 | il5.keepersecurity.us
        https://EU/ | EU | keepersecurity.eu
        us. | US | keepersecurity.com
        keepersecurity.eu | keepersecurity.eu | keepersecurity.eu
        keepersecurity.eu. | keepersecurity.eu | keepersecurity.eu
        localhost.:1 | localhost:1 | localhost:1
        https://Vault.Example.com/ | vault.example.com | vault.example.com
        localhost:8443 | localhost:8443 | localhost:8443
        xx:443 | xx:443 | xx:443
        xn--kse-qla.example | xn--kse-qla.example | xn--kse-qla.example
        [::1]:8443 | [::1]:8443 | [::1]:8443
        127.0.0.1:8443 | 127.0.0.1:8443 | 127.0.0.1:8443
    ";
    for [text, written, authority] in rows(table) {
        let host = HostName::parse(&format!(" {text}\n")).unwrap();
        let found = (host.as_written(), host.authority());
        assert_eq!(found, (written, authority), "{text}");
    }
}

#[test]
fn refuses_what_is_no_host_by_its_fault() {
    for (text, fault) in [
        ("", "is empty"),
        (" ", "is empty"),
        ("https://", "is empty"),
        ("http://x.example", "`http://x.example` asks for plain http"),
        ("x.example/path", "`x.example/path` has a path"),
        ("x.example:8443/path", "`x.example:8443/path` has a path"),
        ("https://x.example/api/", "has a path"),
        ("x.example//", "has a path"),
        (
            "ahost-name-of-38-characters.an.example//",
            "`ahost-name-of-38-characters.an.example//`",
        ),
        (
            "ahost-name-of-38-characters.an.example///",
            "`…` has a path",
        ),
        ("ftp://x", "`ftp://x` is not a host name"),
        ("x.example?q", "has a query"),
        ("x.example:1?q", "has a query"),
        ("x.example#f", "has a fragment"),
        ("user@x.example", "`…@x.example` has a user name"),
        ("user:canary@localhost:1", "`…@localhost:1` has a user name"),
        ("user@x.example/path", "has a user name"),
        ("x.example:", "no valid port"),
        ("x.example:0", "no valid port"),
        ("x.example:65536", "no valid port"),
        ("x.example:+1", "no valid port"),
        ("x..example", "`x..example` is not a host name"),
        ("-x", "not a host name"),
        ("xn--a", "`xn--a` is not a host name"),
        ("x.xn--a:1", "not a host name"),
        ("x.example..", "not a host name"),
        (
            "XX",
            "`XX` is no region; the regions are US, EU, AU, GOV, JP, CA, IL5",
        ),
        ("il6", "`il6` is no region"),
        ("a b", "not a host name"),
        ("[::1", "not a host name"),
        ("::1", "not a host name"),
        ("x\\y", "not a host name"),
        ("4294967297", "not a host name"),
        ("0x7f.1", "not a host name"),
        ("127.1", "not a host name"),
        ("x.example.7", "not a host name"),
    ] {
        let error = HostName::parse(text).unwrap_err().to_string();
        assert!(error.contains(fault), "{text:?}: {error}");
        assert!(!error.contains("canary"), "{text:?}: {error}");
    }
}

#[test]
fn only_six_hosts_have_published_keys() {
    for (text, published) in [
        ("US", true),
        ("keepersecurity.ca", true),
        ("KeeperSecurity.com:443", true),
        ("IL5", false),
        ("vault.example", false),
    ] {
        assert_eq!(
            HostName::parse(text).unwrap().has_published_keys(),
            published,
            "{text}"
        );
    }
}
