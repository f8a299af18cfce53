use super::*;
use crate::test_table::cases;

/// The URL of a service, or the error, for a `given` of lines that `|` ends: the service and region, variables as
/// `AWS_NAME=VALUE`, and then the shared configuration of profile `p`.
fn url(given: &str) -> String {
    let given = given.replace('|', "\n");
    let (first, rest) = given.split_once('\n').unwrap_or((&given, ""));
    let (service, region) = first.split_once(' ').unwrap();
    let service = match service {
        "sts" => Service::Sts,
        _ => Service::SecretsManager,
    };
    let is_variable = |line: &&str| line.starts_with("AWS_");
    let variables = rest.lines().filter(is_variable);
    let environment = variables.filter_map(|line| line.split_once('=')).collect();
    let config = rest.lines().filter(|line| !is_variable(line));
    let config = config.map(|line| format!("{line}\n")).collect::<String>();
    let files = SharedFiles::parse(&config, "").unwrap();
    Endpoints::configured(&files, "p", &environment)
        .and_then(|endpoints| endpoints.url(service, &region.parse().unwrap()))
        .unwrap_or_else(|error| format!("error: {error}"))
}

fn check(table: &str) {
    for (given, expected) in cases(table) {
        assert_eq!(url(given), expected, "{given}");
    }
}

#[test]
fn each_partition_has_its_domain() {
    check(
        "
        secrets us-east-1 => https://secretsmanager.us-east-1.amazonaws.com
        secrets cn-north-1 => https://secretsmanager.cn-north-1.amazonaws.com.cn
        secrets us-gov-west-1 => https://secretsmanager.us-gov-west-1.amazonaws.com
        secrets us-iso-east-1 => https://secretsmanager.us-iso-east-1.c2s.ic.gov
        secrets us-isob-east-1 => https://secretsmanager.us-isob-east-1.sc2s.sgov.gov
        sts us-gov-east-1|AWS_USE_FIPS_ENDPOINT=true => https://sts-fips.us-gov-east-1.amazonaws.com
        ",
    );
}

#[test]
fn no_variable_names_a_distant_address_without_tls() {
    check(
        "
        sts eu-west-1|AWS_ENDPOINT_URL=http://127.0.0.1:5000/ => http://127.0.0.1:5000
        sts eu-west-1|AWS_ENDPOINT_URL=http://localhost:4566 => http://localhost:4566
        sts eu-west-1|AWS_ENDPOINT_URL=https://a.example|AWS_ENDPOINT_URL_STS=https://b.example => https://b.example
        sts eu-west-1|AWS_ENDPOINT_URL_SECRETS_MANAGER=https://c.example => https://sts.eu-west-1.amazonaws.com
        sts eu-west-1|AWS_ENDPOINT_URL_STS=http://proxy.example:5000 => error: the address in AWS_ENDPOINT_URL_STS is neither https nor on this machine
        sts eu-west-1|AWS_ENDPOINT_URL=sts.example => error: the address in AWS_ENDPOINT_URL is neither https nor on this machine
        ",
    );
}

#[test]
fn variables_come_before_profiles() {
    let both = "[profile p]|services = s|endpoint_url = https://all.example/|[services s]|secrets_manager =|  \
                endpoint_url = https://secrets.example|s3 =|  x = y";
    let table = "
        secrets eu-west-1|BOTH => https://secrets.example
        sts eu-west-1|BOTH => https://all.example
        secrets eu-west-1|AWS_ENDPOINT_URL=https://v.example|BOTH => https://v.example
        sts eu-west-1|AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=True|BOTH => DEFAULT
        sts eu-west-1|AWS_ENDPOINT_URL=https://v.example|[profile p]|ignore_configured_endpoint_urls = true => DEFAULT
        sts eu-west-1|[profile p]|use_fips_endpoint = true => https://sts-fips.eu-west-1.amazonaws.com
        sts eu-west-1|AWS_USE_FIPS_ENDPOINT=false|[profile p]|use_fips_endpoint = true => DEFAULT
        # The settings of another profile do not count.
        sts eu-west-1|[default]|endpoint_url = https://all.example|use_fips_endpoint = true => DEFAULT
        sts eu-west-1|[profile p]|services = gone => error: AWS's shared configuration has no section [services gone]
        sts eu-west-1|[profile p]|endpoint_url = http://all.example => error: the address in the endpoint_url of the AWS profile `p` is neither https nor on this machine
        sts eu-west-1|[profile p]|services = s|[services s]|sts =|  endpoint_url = ftp://x => error: the address in the endpoint_url of AWS's [services s] is neither https nor on this machine
    ";
    let table = table.replace("BOTH", both);
    check(&table.replace("DEFAULT", "https://sts.eu-west-1.amazonaws.com"));
}
