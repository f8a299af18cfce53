use clap::ArgAction;

use super::*;

// A tree with every shape that a command of ours has, those of later commands included.
fn tree() -> Command {
    let value = |name: &'static str| Arg::new(name).long(name).action(ArgAction::Append);
    let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    let words = |name: &'static str| Arg::new(name).num_args(0..);
    Command::new("ksm")
        .arg(value("profile-name").short('p'))
        .arg(value("output").short('o'))
        .arg(flag("no-color").alias("nc"))
        .arg(flag("color").short('c'))
        .subcommand(
            Command::new("secret")
                .alias("s")
                .subcommand(
                    Command::new("get")
                        .alias("g")
                        .arg(value("uid").short('u'))
                        .arg(value("field").short('f'))
                        .arg(flag("json"))
                        .arg(flag("raw").short('r'))
                        .arg(words("uids")),
                )
                .subcommand(Command::new("notation").arg(Arg::new("text")))
                .subcommand(
                    Command::new("password")
                        .arg(value("lc").alias("lowercase"))
                        .arg(value("output").short('o'))
                        .arg(value("only").short('m').num_args(0..=1)),
                ),
        )
        .subcommand(
            Command::new("exec")
                .alias("e")
                .arg(flag("inline"))
                .arg(Arg::new("command").num_args(1..).trailing_var_arg(true)),
        )
        .subcommand(
            Command::new("dev")
                .arg(flag("unbound"))
                .arg(Arg::new("command").num_args(0..).last(true)),
        )
}

fn respelled(typed: &str) -> String {
    let typed: Vec<OsString> = typed.split(' ').map(OsString::from).collect();
    let words = normalize(&tree(), &typed).words;
    let words: Vec<_> = words
        .iter()
        .map(|word| word.to_str().unwrap_or("?"))
        .collect();
    words.join(" ")
}

#[test]
fn the_command_line_is_spelled_for_clap() {
    let table = "
        # Nothing to do.
        ksm => ksm
        ksm secret get -u U --json => ksm secret get -u=U --json
        # Names in any case, values as they are.
        ksm SECRET Get --FIELD Login --Json => ksm secret get --field=Login --json
        ksm S G --Field=A=B -U Uid -FLogin => ksm s g --field=A=B -u=Uid -fLogin
        ksm secret get UID -- => ksm secret get UID
        ksm secret get -f -P => ksm secret get -f=-P
        ksm secret get --field --JSON --JSON => ksm secret get --field=--JSON --json
        ksm secret get -f -- --JSON => ksm secret get -f=-- --json
        ksm secret get -- --JSON -P => ksm secret get -- --JSON -P
        # A value that may be left out stands in the same word.
        ksm secret password -m --LC 1 -m=x => ksm secret password -m --lc=1 -m=x
        ksm secret get -u= -f => ksm secret get -u= -f
        ksm secret get -RF Login => ksm secret get -rf=Login
        ksm secret get -RXF Login => ksm secret get -rXF Login
        # One dash and two letters, where they are declared.
        ksm -nc secret get => ksm --nc secret get
        ksm -NC secret get => ksm --nc secret get
        ksm secret get -nc => ksm --nc secret get
        ksm secret password -lc 2 -LC=3 => ksm secret password --lc=2 --lc=3
        ksm secret get -lc => ksm secret get -lc
        # Root options anywhere.
        ksm secret get U -p Prod => ksm -p=Prod secret get U
        ksm secret -pProd get U -o -X => ksm -pProd -o=-X secret get U
        ksm secret get --Profile-Name=P -c => ksm --profile-name=P -c secret get
        ksm secret password -o json => ksm secret password -o=json
        ksm secret get U -p => ksm -p
        # UIDs with a dash.
        ksm secret get -AbCdEfGhIjKlMnOpQrStU => ksm secret get --uid=-AbCdEfGhIjKlMnOpQrStU
        ksm secret get --bCdEfGhIjKlMnOpQrStU => ksm secret get --uid=--bCdEfGhIjKlMnOpQrStU
        ksm secret get -pbCdEfGhIjKlMnOpQrStU => ksm secret get --uid=-pbCdEfGhIjKlMnOpQrStU
        ksm secret get -u -AbCdEfGhIjKlMnOpQrStU => ksm secret get -u=-AbCdEfGhIjKlMnOpQrStU
        ksm secret get --profile-name=abcdef => ksm --profile-name=abcdef secret get
        ksm secret get -fbCdEfGhIjKlMnOpQrSt => ksm secret get -fbCdEfGhIjKlMnOpQrSt
        ksm secret notation -AbCdEfGhIjKlMnOpQrStU/field/Login -P x => ksm -p=x secret notation -- -AbCdEfGhIjKlMnOpQrStU/field/Login
        # The program of exec.
        ksm exec ls -La -- => ksm exec -- ls -La --
        ksm EXEC --INLINE -P x Ls -P => ksm -p=x exec --inline -- Ls -P
        ksm exec -- curl -X POST -H A:b => ksm exec -- curl -X POST -H A:b
        ksm exec ls -- -La => ksm exec -- ls -- -La
        ksm exec exec Exec => ksm exec -- exec Exec
        ksm exec -X ls => ksm exec -X -- ls
        ksm dev --Unbound -- KSM Secret -P => ksm dev --unbound -- KSM Secret -P
        # What is not declared is left for clap to complain of.
        ksm Secret Frob --Frob=X => ksm secret Frob --frob=X
        # A root option that lacks its value does not find one in the command.
        ksm secret list -o => ksm -o
        ksm -X - secret => ksm -X - secret
    ";
    let rows = table.lines().map(str::trim);
    let rows = rows.filter_map(|row| row.split_once(" => "));
    for (typed, expected) in rows.filter(|(typed, _)| !typed.starts_with('#')) {
        assert_eq!(respelled(typed), expected, "{typed}");
    }
}

#[test]
fn the_words_lead_to_a_command() {
    for (typed, reached) in [
        ("ksm", None),
        ("ksm -p x S", Some("ksm secret")),
        ("ksm s g U", Some("ksm secret get")),
    ] {
        let typed: Vec<OsString> = typed.split(' ').map(OsString::from).collect();
        assert_eq!(
            normalize(&tree(), &typed).reached.as_ref().map(tree::path),
            reached,
            "{typed:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn arguments_that_are_no_text_keep_their_place() {
    use std::os::unix::ffi::OsStringExt;
    let respelled = |typed: &[u8]| {
        let typed: Vec<_> = typed
            .split(|byte| *byte == b' ')
            .map(|word| OsString::from_vec(word.to_vec()))
            .collect();
        let words = normalize(&tree(), &typed).words;
        let words: Vec<_> = words.into_iter().map(OsString::into_vec).collect();
        words.join(&b' ')
    };
    for (typed, expected) in [
        // The program's own.
        (&b"ksm exec ls -P\xff"[..], &b"ksm exec -- ls -P\xff"[..]),
        // An option that `exec` does not have is no program either.
        (b"ksm exec --x=\xff ls", b"ksm exec --x=\xff -- ls"),
        // The root's.
        (
            b"ksm exec --output=\xff -o\xff ls",
            b"ksm --output=\xff -o\xff exec -- ls",
        ),
        // In front of the command too, so that the last one counts.
        (b"ksm -p\xff -px exec ls", b"ksm -p\xff -px exec -- ls"),
        (b"ksm secret get -f\xff \xff", b"ksm secret get -f\xff \xff"),
    ] {
        assert_eq!(respelled(typed), expected, "{typed:?}");
    }
}
