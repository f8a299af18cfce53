use super::*;

fn url(service: Service, region: &str, set: &[(&str, &str)]) -> Option<String> {
    told(service, region, set, "").ok()
}

fn told(
    service: Service,
    region: &str,
    set: &[(&str, &str)],
    config: &str,
) -> Result<String, String> {
    let environment = set.iter().copied().collect();
    let files = SharedFiles::parse(config, "").unwrap();
    Endpoints::configured(&files, "p", &environment)
        .and_then(|endpoints| endpoints.url(service, &region.parse().unwrap()))
        .map_err(|error| error.to_string())
}

#[test]
fn each_partition_has_its_domain() {
    for (region, expected) in [
        (
            "us-east-1",
            "https://secretsmanager.us-east-1.amazonaws.com",
        ),
        (
            "cn-north-1",
            "https://secretsmanager.cn-north-1.amazonaws.com.cn",
        ),
        (
            "us-gov-west-1",
            "https://secretsmanager.us-gov-west-1.amazonaws.com",
        ),
        (
            "us-iso-east-1",
            "https://secretsmanager.us-iso-east-1.c2s.ic.gov",
        ),
        (
            "us-isob-east-1",
            "https://secretsmanager.us-isob-east-1.sc2s.sgov.gov",
        ),
    ] {
        assert_eq!(url(Service::SecretsManager, region, &[]).unwrap(), expected);
    }
    assert_eq!(
        url(
            Service::Sts,
            "us-gov-east-1",
            &[("AWS_USE_FIPS_ENDPOINT", "true")]
        )
        .unwrap(),
        "https://sts-fips.us-gov-east-1.amazonaws.com"
    );
}

#[test]
fn no_variable_names_a_distant_address_without_tls() {
    type Case = (
        &'static [(&'static str, &'static str)],
        Option<&'static str>,
    );
    let cases: [Case; 6] = [
        (
            &[("AWS_ENDPOINT_URL", "http://127.0.0.1:5000/")],
            Some("http://127.0.0.1:5000"),
        ),
        (
            &[("AWS_ENDPOINT_URL", "http://localhost:4566")],
            Some("http://localhost:4566"),
        ),
        (
            &[
                ("AWS_ENDPOINT_URL", "https://a.example"),
                ("AWS_ENDPOINT_URL_STS", "https://b.example"),
            ],
            Some("https://b.example"),
        ),
        (
            &[("AWS_ENDPOINT_URL_SECRETS_MANAGER", "https://c.example")],
            Some("https://sts.eu-west-1.amazonaws.com"),
        ),
        (
            &[("AWS_ENDPOINT_URL_STS", "http://proxy.example:5000")],
            None,
        ),
        (&[("AWS_ENDPOINT_URL", "sts.example")], None),
    ];
    for (set, expected) in cases {
        assert_eq!(
            url(Service::Sts, "eu-west-1", set).as_deref(),
            expected,
            "{set:?}"
        );
    }
}

#[test]
fn variables_come_before_profiles() {
    type Case<'a> = (
        &'a [(&'a str, &'a str)],
        &'a str,
        Service,
        Result<&'a str, &'a str>,
    );
    use Service::{SecretsManager, Sts};
    let both = "[profile p]\nservices = s\nendpoint_url = https://all.example/\n\
                [services s]\nsecrets_manager =\n  endpoint_url = https://secrets.example\ns3 =\n  x = y\n";
    let cases: [Case; 11] = [
        (&[], both, SecretsManager, Ok("https://secrets.example")),
        (&[], both, Sts, Ok("https://all.example")),
        (
            &[("AWS_ENDPOINT_URL", "https://v.example")],
            both,
            SecretsManager,
            Ok("https://v.example"),
        ),
        (
            &[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True")],
            both,
            Sts,
            Ok("https://sts.eu-west-1.amazonaws.com"),
        ),
        (
            &[("AWS_ENDPOINT_URL", "https://v.example")],
            "[profile p]\nignore_configured_endpoint_urls = true\n",
            Sts,
            Ok("https://sts.eu-west-1.amazonaws.com"),
        ),
        (
            &[],
            "[profile p]\nuse_fips_endpoint = true\n",
            Sts,
            Ok("https://sts-fips.eu-west-1.amazonaws.com"),
        ),
        (
            &[("AWS_USE_FIPS_ENDPOINT", "false")],
            "[profile p]\nuse_fips_endpoint = true\n",
            Sts,
            Ok("https://sts.eu-west-1.amazonaws.com"),
        ),
        // The settings of another profile do not count.
        (
            &[],
            "[default]\nendpoint_url = https://all.example\nuse_fips_endpoint = true\n",
            Sts,
            Ok("https://sts.eu-west-1.amazonaws.com"),
        ),
        (
            &[],
            "[profile p]\nservices = gone\n",
            Sts,
            Err("AWS's shared configuration has no section [services gone]"),
        ),
        (
            &[],
            "[profile p]\nendpoint_url = http://all.example\n",
            Sts,
            Err(
                "the address in the endpoint_url of the AWS profile `p` is neither https nor on this machine",
            ),
        ),
        (
            &[],
            "[profile p]\nservices = s\n[services s]\nsts =\n  endpoint_url = ftp://x\n",
            Sts,
            Err(
                "the address in the endpoint_url of AWS's [services s] is neither https nor on this machine",
            ),
        ),
    ];
    for (set, config, service, expected) in cases {
        let told = told(service, "eu-west-1", set, config);
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(told, expected, "{set:?} {config}");
    }
}
