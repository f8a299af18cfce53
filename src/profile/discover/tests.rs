use super::*;
use crate::environment::Environment;
use crate::test_table::{cases, settings};

const JSON: &str = r#"{"clientId": "canary", "appKey": "canary"}"#;

/// Searches with variables such as `KSM_CONFIG=JSON`, a configuration; `my_app` is a name with a blank.
async fn look(variables: &str, here: &Path) -> Result<Discovery, Error> {
    let value = |set: &str| match set {
        "JSON" => JSON.to_owned(),
        set => set.replace("my_app", "my app"),
    };
    let variables = settings(variables).map(|(name, set)| (name, value(set)));
    let environment: Environment = variables.collect();
    let context = environment.in_directory(here).into();
    Discovery::before_keyring(None, &context)?
        .with_keyring(None, &context)
        .await
}

#[tokio::test]
async fn the_first_source_that_is_there_wins() {
    let home = tempfile::tempdir().unwrap();
    let here = home.path();
    let Discovery { store, looked, .. } = look("", here).await.unwrap();
    assert!(store.is_none(), "found something in an empty directory");
    assert_eq!(looked.first().unwrap(), "--ini-file");
    assert_eq!(looked.last().unwrap(), "KSM_TOKEN");

    std::fs::write(
        here.join("keeper.ini"),
        "[_config]\n[in file]\nclientid = canary\n",
    )
    .unwrap();
    let table = "
        - => in file
        KSM_CONFIG=JSON KSM_CONFIG_BASE64_1=JSON => _default
        KSM_CONFIG=JSON KSM_CLI_PROFILE=p => p
        KSM_CONFIG_BASE64_1=JSON KSM_CONFIG_BASE64_2=JSON KSM_CONFIG_BASE64_DESC_2=my_app KSM_CONFIG_BASE64_4=JSON => App1, my app
        KSM_CONFIG_BASE64_2=JSON => in file
    ";
    for (variables, expected) in cases(table) {
        let store = look(variables, here).await.unwrap().store.unwrap();
        let names: Vec<String> = store.names().iter().map(ToString::to_string).collect();
        assert_eq!(names.join(", "), expected, "{variables}");
    }
}

#[tokio::test]
async fn a_wrongly_set_variable_is_not_skipped() {
    let home = tempfile::tempdir().unwrap();
    let cases = [
        "KSM_CONFIG=JSON KSM_CLI_PROFILE=_Config",
        "KSM_CONFIG=JSON KSM_CLI_PROFILE=DEFAULT",
        "KSM_CONFIG_BASE64_1=JSON KSM_CONFIG_BASE64_DESC_1=_config",
        "KSM_CONFIG_BASE64_1=JSON KSM_CONFIG_BASE64_DESC_1=two\nlines",
        "KSM_CONFIG=",
        "KSM_CONFIG={canary",
        "KSM_CONFIG_BASE64_1=not-a-config",
        "KSM_CONFIG_BASE64_1=JSON KSM_CONFIG_BASE64_2=JSON KSM_CONFIG_BASE64_DESC_2=App1",
    ];
    for variables in cases {
        assert!(look(variables, home.path()).await.is_err(), "{variables:?}");
    }
}
