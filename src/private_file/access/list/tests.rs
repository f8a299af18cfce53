use super::*;
use crate::private_file::facts::Kind;
use crate::test_table::cases;

const USER: &str = "S-1-5-21-1-2-3-1001";

fn facts() -> Facts {
    Facts {
        kind: Kind::File,
        owner: 7,
        group: 0,
        mode: 0,
        device: 0,
        inode: 0,
    }
}

#[test]
fn a_list_tells_who_is_let_in() {
    let table = "
        O:UG:SYD:P(A;;FA;;;U)(A;;FA;;;BA) => ours 600
        O:BAG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;FA;;;U) => ours 600
        O:UD:(A;ID;0x1200a9;;;BU)(A;;FA;;;U) => ours 644
        O:UD:(A;ID;0x1301bf;;;AU)(A;;FA;;;U) => ours 666
        O:UD:(A;OICIIO;GA;;;WD)(A;;FA;;;U) => ours 600
        O:UD:(D;;FA;;;WD)(A;;FA;;;U) => ours 600
        O:UD:(A;;FX;;;WD)(A;;RCRPWP;;;WD) => ours 600
        O:UD:(A;;WD;;;WD) => ours 622
        O:UD:(XA;;FR;;;S-1-5-21-9;(@User.a==(1)))(A;;FA;;;U) => ours 644
        O:UD:(A;;QQ;;;S-1-5-21-9) => ours 666
        O:UD:(A;;GXGR;;;S-1-5-5-0-77)(A;;FA;;;SY) => ours 600
        O:UD:NO_ACCESS_CONTROL => ours 666
        O:UG:U => ours 666
        O:UD:P => ours 600
        O:UD:(A;;FA;;;U)S:(ML;;NW;;;LW) => ours 600
        O:S-1-5-21-9D:P(A;;FA;;;U) => another's 600
        O:WDG:WDD:(A;;FA;;;WD) => another's 666
        nothing => another's 666
    ";
    for (list, expected) in cases(table) {
        let list = list
            .replace("O:U", &format!("O:{USER}"))
            .replace(";U)", &format!(";{USER})"));
        let found = judged(&list, USER, facts());
        let owner = ["ours", "another's"][found.owner as usize];
        assert_eq!(format!("{owner} {:o}", found.mode), expected, "{list}");
    }
}

#[test]
fn what_replaces_a_file_leaves_everybody_out() {
    let old = format!(
        "O:BAD:AI(A;ID;0x1200a9;;;BU)(A;ID;FR;;;S-1-5-21-9)(A;OICIIOID;FA;;;CO)(A;ID;FA;;;{USER})(A;ID;FA;;;SY)(D;;FW;;;S-1-5-21-8)"
    );
    let private = private(USER, Object::File);
    assert_eq!(private, format!("D:P(A;;FA;;;{USER})(A;;FA;;;BA)"));
    assert_eq!(
        super::private(USER, Object::Directory),
        format!("D:P(A;OICI;FA;;;{USER})(A;OICI;FA;;;BA)")
    );
    assert_eq!(
        kept(&old, USER, Everybody::LeftOut),
        format!("{private}(A;;0x120089;;;S-1-5-21-9)")
    );
    let kept = judged(
        &format!(
            "O:{USER}{}",
            kept("O:BAD:(A;;FA;;;WD)", USER, Everybody::LeftOut)
        ),
        USER,
        facts(),
    );
    assert_eq!((kept.owner, kept.mode), (0, 0o600));
    assert_eq!(
        self::kept("O:BAD:(A;ID;FR;;;WD)", USER, Everybody::Kept),
        format!("{private}(A;;0x120089;;;WD)")
    );
}
