//! Command lines: each becomes an invocation, or a sentence and exit code 2.

use super::*;
use crate::failure::{Code, Result};

fn parsed(typed: &str) -> Result<Invocation> {
    parse(typed.split(' ').map(OsString::from))
}

fn command(typed: &str) -> Command {
    match parsed(typed) {
        Ok(Invocation::Run(cli)) => cli.command,
        other => panic!("{typed}: {other:?}"),
    }
}

#[test]
fn the_tree_is_sound() {
    tree::root().debug_assert();
}

#[test]
fn the_version_is_what_clap_says() {
    let shown = |invocation| match invocation {
        Ok(Invocation::Show(text)) => text,
        other => panic!("{other:?}"),
    };
    for line in ["ksm --version", "ksm -V"] {
        let typed: Vec<_> = line.split(' ').map(OsString::from).collect();
        let by_clap = shown(parse_with(&mut tree::root(), &typed));
        assert_eq!(shown(parsed(line)), by_clap, "{line}");
        let beside = shown(parsed(&format!("{line} --quiet")));
        assert_eq!(beside, by_clap, "{line}");
    }
}

#[test]
fn a_wrong_command_line_gets_a_sentence() {
    let table = "
        ksm frob => No such command 'frob'. | `ksm --help` shows what there is
        ksm Sekret list => No such command 'Sekret'. | did you mean `secret`?
        ksm secret gte => No such command 'gte'. | did you mean `get`?
        ksm profile delte => No such command 'delte'. | did you mean `delete`?
        ksm secret exprt => No such command 'exprt'. | `ksm secret get RECORD` shows a record, and `ksm secret --help` the commands
        ksm secret list -JSON => No such option '-json'. | did you mean `--json`?
        ksm interpolate --in-file x => No such option '--in-file'. | templates are named without an option: `ksm interpolate FILE`
        ksm init inject => No such command 'inject'. | `ksm profile init` makes a profile from a one-time token; `ksm init default` and `ksm init k8s` print a configuration for another place
        ksm secret get R --unmsk => No such option '--unmsk'. | did you mean `--unmask`?
        ksm secret totp My Server => Argument 4 is not expected here. | a name or notation with blanks stands within quotes: 'keeper://My Server/field/login'
        ksm secret list --out x => No such option '--out'. | `ksm secret list --help` shows what there is
        ksm US:canary-token => Argument 1 is not the name of a command. | `ksm --help` shows what there is
        ksm secret get --feld x => No such option '--feld'. | did you mean `--field`?
        ksm secret list --profil x => No such option '--profil'. | did you mean `--profile-name`?
        ksm secret list -x => No such option '-x'. | `ksm secret list --help` shows what there is
        ksm exec -la ls => No such option '-l'. | `ksm exec --help` shows what there is
        ksm --fail shell => No such option '--fail'. | it belongs behind the command: `ksm shell --fail`
        ksm --Mask e env => No such option '--mask'. | it belongs behind the command: `ksm exec --mask`
        ksm -u R secret get => No such option '-u'. | it belongs behind the command: `ksm secret get -u VALUE`
        ksm secret --title=T list => No such option '--title'. | it belongs behind the command: `ksm secret list --title VALUE`
        ksm secret list canary => Argument 3 is not expected here. | `-t REGEX` lists the records whose titles match, and `-f FOLDER` those of a folder
        ksm profile active one --canary-canary-canary-canary => Argument 4 is not expected here. | `ksm profile active --help` shows what there is
        ksm secret list -- --json => Argument 4 is not expected here. | `ksm secret list --help` shows what there is
        ksm profile init -t => Option '--token' requires an argument.
        ksm -o => Option '--output' requires an argument.
        ksm sync -m canary=keeper://R/field/x => Option '--map' requires an argument. | it takes 2 words: `--map KEY NOTATION`
        ksm secret list --json=canary => Option '--json' does not take a value.
        ksm profile export --file-format canary => Invalid value for '--file-format': not one of 'ini', 'json'.
        ksm version --log-level canary => Invalid value for '--log-level': not one of 'DEBUG', 'INFO', 'WARNING', 'ERROR'.
        ksm secret password -l canary => Invalid value for '--length' / '-l': not a whole number
        ksm version --max-wait canary => Invalid value for '--max-wait': not a whole number of seconds
        ksm secret upload -u U -f F --title= => Invalid value for '--title' / '-t': Empty strings are not allowed
        ksm version --output= => Invalid value for '--output' / '-o': the name of the file is empty
        ksm secret list -u U --folder F => Illegal usage: 'uid' is mutually exclusive with 'folder'.
        ksm secret download R --name x --file-output - => Illegal usage: 'NOTATION' is mutually exclusive with 'name'. | `-u RECORD --name NAME` or keeper://RECORD/file/NAME names an attachment
        ksm exec => Missing argument 'COMMAND...'. | the command looks like `ksm exec -- COMMAND`
        ksm interpolate  => Argument 'INPUT_FILE...' is empty.
        ksm profile delete => Missing argument 'NAME'. | the command looks like `ksm profile delete NAME`
    ";
    for row in table.lines().filter_map(|row| row.split_once(" => ")) {
        let (typed, expected) = (row.0.trim_start(), row.1.replacen(" | ", "\nHint: ", 1));
        match parsed(typed) {
            Err(failure) => {
                assert_eq!(
                    failure.to_string(),
                    format!("Error: {expected}\n"),
                    "{typed}"
                );
                assert_eq!(failure.code(), Code::Usage, "{typed}");
            }
            Ok(request) => panic!("{typed}: {request:?}"),
        }
    }
}

#[test]
fn an_option_before_its_command_is_sent_behind_it() {
    fn all(command: &clap::Command, root: &clap::Command) {
        let of_root = |name| root.get_arguments().any(|arg| arg.get_long() == Some(name));
        let own = command.get_arguments().filter_map(clap::Arg::get_long);
        for name in own.filter(|name| *name != "help" && !of_root(name)) {
            let path = tree::path(command);
            let words = path.split(' ').skip(1).collect::<Vec<_>>().join(" ");
            let failure = parsed(&format!("ksm --{name} {words}")).unwrap_err();
            let cure = format!("it belongs behind the command: `{path} --{name}");
            assert!(failure.to_string().contains(&cure), "{failure}");
        }
        for below in command.get_subcommands() {
            all(&tree::below(command, below.get_name()).unwrap(), root);
        }
    }
    let root = tree::root();
    for below in root.get_subcommands() {
        all(&tree::below(&root, below.get_name()).unwrap(), &root);
    }
}

#[test]
fn the_help_of_interpolate_names_every_transform() {
    let Ok(Invocation::Show(text)) = parsed("ksm interpolate --help") else {
        panic!("no help");
    };
    let (_, listed) = text.split_once("Transforms:").unwrap();
    let listed: Vec<_> = listed.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    for name in ksm::template::Transform::names() {
        assert!(listed.contains(&name), "{name}");
    }
}

#[test]
fn help_lines_fit_a_screen() {
    fn all(command: &clap::Command) {
        for line in command.clone().render_help().to_string().lines() {
            assert!(line.len() <= 110, "{}: {line}", command.get_name());
        }
        for below in command.get_subcommands() {
            all(&tree::below(command, below.get_name()).unwrap());
        }
    }
    all(&tree::root());
}

// clap lets the doc comment of a flattened struct take the place of the command's own.
#[test]
fn the_help_of_a_command_is_its_own() {
    fn all(command: &clap::Command) {
        for listed in command.get_subcommands() {
            let complete = tree::below(command, listed.get_name()).unwrap();
            let about = |command: &clap::Command| command.get_about().map(ToString::to_string);
            assert_eq!(about(&complete), about(listed), "{}", listed.get_name());
            all(&complete);
        }
    }
    all(&tree::root());
}

#[test]
fn switches_and_repeated_options_end_as_last_said() {
    for (typed, color) in [
        ("ksm version", None),
        ("ksm -c version", Some(true)),
        ("ksm -c version -nc", Some(false)),
        ("ksm -nc version -c", Some(true)),
        ("ksm --no-color --color version -p a -p b", Some(true)),
    ] {
        match parsed(typed) {
            Ok(Invocation::Run(cli)) => assert_eq!(cli.globals.color(), color, "{typed}"),
            other => panic!("{typed}: {other:?}"),
        }
    }
}

#[test]
fn arguments_arrive_as_they_were_typed() {
    let Command::Exec(exec) = command("ksm e --Inline CURL -X POST -- --Inline") else {
        panic!("no exec");
    };
    assert!(exec.inline);
    assert_eq!(exec.command, ["CURL", "-X", "POST", "--", "--Inline"]);

    let Command::Secret(secret::SecretCommand::Get(get)) =
        command("ksm s g -AAAAAAAAAAAAAAAAAAAAA -u --AAAAAAAAAAAAAAAAAAA -F -X U")
    else {
        panic!("no get");
    };
    let uids: Vec<_> = get.records.iter().map(String::as_str).collect();
    assert_eq!(uids, ["-AAAAAAAAAAAAAAAAAAAAA", "--AAAAAAAAAAAAAAAAAAA"]);
    assert_eq!(get.field.as_deref(), Some("-X"));
    assert_eq!(get.record_arguments.len(), 1);

    let Command::Profile(profile::ProfileCommand::Init(init)) =
        command("ksm profile init -h EU --token -canary_token more -p two words")
    else {
        panic!("no init");
    };
    let token = init
        .token
        .token
        .as_ref()
        .map(|token| token.expose().as_str());
    assert_eq!(token, Some("-canary_token"));
    assert_eq!(init.hostname.as_deref(), Some("EU"));
    assert_eq!(init.new.profile.as_deref(), Some("two"));
    assert!(!format!("{init:?}").contains("canary"));

    let key = "-TFbIF6V1H-LvJivyYTg0ziPQy_Kfjg6_ukD0rpnNeU";
    let Command::Profile(profile::ProfileCommand::Init(init)) =
        command(&format!("ksm profile init -h EU {key}"))
    else {
        panic!("no init");
    };
    assert_eq!(init.token.token.unwrap().expose(), key);
}

/// Commands without `--json`, and why.
const NOT_IN_JSON: &[(&str, &str)] = &[
    ("ksm completion", "prints a script"),
    ("ksm config color", "answers nothing"),
    ("ksm config editor", "answers nothing"),
    ("ksm config record-type-dir", "answers nothing"),
    ("ksm dev", "starts a server or a program"),
    ("ksm help", "prints pages"),
    ("ksm quit", "answers nothing"),
    ("ksm shell", "runs commands that have it"),
    ("ksm sync", "has JSON as the type that is default"),
];

#[test]
fn a_command_that_answers_has_json_or_a_reason() {
    fn all(command: &clap::Command, without: &mut Vec<String>) {
        let mut below = command.get_subcommands().peekable();
        let has_json = command.get_arguments().any(|arg| {
            let aliases = arg.get_all_aliases().unwrap_or_default();
            arg.get_long() == Some("json") || aliases.contains(&"json")
        });
        let is_group = below.peek().is_some() && command.is_subcommand_required_set();
        if !has_json && !is_group && command.get_name() != "ksm" {
            without.push(tree::path(command).to_owned());
        }
        for below in below {
            all(&tree::below(command, below.get_name()).unwrap(), without);
        }
    }
    let mut without = Vec::new();
    all(&tree::root(), &mut without);
    without.sort();
    let expected: Vec<_> = NOT_IN_JSON.iter().map(|(path, _)| *path).collect();
    assert_eq!(without, expected);
}

#[test]
fn an_example_stays_one_line_on_a_narrow_terminal() {
    let secret = tree::below(&tree::root(), "secret").unwrap();
    let get = tree::below(&secret, "get").unwrap().term_width(40);
    let page = tree::help(&get);
    let example =
        "\n  ksm secret get Database -q '$.fields[?(@.type==\"login\")].value[0]' --raw\n";
    assert!(page.contains(example), "{page}");
    assert!(
        page.lines().filter(|line| line.len() > 40).count() <= 4,
        "{page}"
    );
}
