//! The dialect feature by feature; answers marked `official` were read off the official CLI's parser.

use serde_json::{Value, json};

use super::{Query, TooMuch};
use crate::test_table::cases;
use crate::test_time::is_linear;

fn record() -> Value {
    json!({
        "uid": "U", "title": "T", "type": "login", "notes": "",
        "fields": [
            {"label": "login", "type": "login", "value": ["me"]},
            {"label": "password", "type": "password", "value": ["canary-1"]},
            {"label": "host", "type": "host", "value": [{"hostName": "h", "port": "22"}]},
            {"label": "n", "type": "date", "value": [1700]},
            {"label": "b", "type": "checkbox", "value": [true]},
            {"type": "x", "value": []},
        ],
        "custom": [
            {"label": "My Label", "type": "text", "value": ["v1"]},
            {"label": "My Label", "type": "text", "value": ["v2"]},
            {"label": null, "type": "text", "value": ["Ünï", "z"]},
        ],
        "files": [], "links": [],
    })
}

fn find(query: &str, value: &Value) -> Value {
    let query = Query::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    query
        .find(value)
        .unwrap()
        .into_iter()
        .map(|found| found.into_owned())
        .collect()
}

#[test]
fn queries_find_what_the_official_parser_finds() {
    let record = record();
    let table = r#"
        # Where a path begins.
        $.title => ["T"]
        title => ["T"]
        @.title => ["T"]
        $ . title => ["T"]
        "title" => ["T"]
        fields[*].type => ["login", "password", "host", "date", "checkbox", "x"]
        $['title'] => ["T"]
        $["title"] => ["T"]
        $.['title'] => ["T"]
        ['title'] => ["T"]
        $[title] => ["T"]
        # Steps.
        $.fields[0].value[0] => ["me"]
        $.fields.[0].type => ["login"]
        $.fields [ 0 ] . type => ["login"]
        $.fields[-1].type => ["x"]
        $.fields[10].type => []
        $.fields[1:3].type => ["password", "host"]
        $.fields[:2].type => ["login", "password"]
        $.fields[-2:].type => ["checkbox", "x"]
        $.fields[::-2].type => ["x", "date", "password"]
        $.fields[-9:9:3].type => ["login", "date"]
        $.fields[4:1:-1].type => ["checkbox", "date", "host"]
        $.fields[::0].type => []
        $.fields[1,2].type => ["password", "host"]
        $.fields[0]['type','label'] => ["login", "login"]
        $..type => ["login", "login", "password", "host", "date", "checkbox", "x", "text", "text", "text"]
        $..value[0].port => ["22"]
        $.nothing => []
        $.fields[0].my-label => []
        # `.*` has members, `[*]` elements, and of an object at the root itself.
        $.fields.*.type => []
        $.fields[2].*.port => []
        $.fields[0].* => ["login", "login", ["me"]]
        $.fields[2].value[0].* => ["h", "22"]
        $..value[0].* => ["h", "22"]
        $.fields[2]..*..* => ["h", "22"]
        $.fields[2]..* => ["host", "host", [{"hostName": "h", "port": "22"}], "h", "22"]
        $[*].title => ["T"]
        [*].title => ["T"]
        $.[*].title => ["T"]
        # Alternatives.
        title|type => ["T", "login"]
        $.fields[0].type|label => ["login", "login"]
        $.fields[0].(type|label) => ["login", "login"]
        $.fields[?(@.type=="host")].value[0].hostName|port => ["h", "22"]
        $.fields[0].type,label => ["login", "login"]
        $.title|$.type => ["T", "login"]
        fields[0].value[0]|custom[1].value[0] => ["me", "v2"]
        fields[0].type|custom[0].type => ["login", "text"]
        # Filters.
        $.fields[?(@.type=="login")].value[0] => ["me"]
        $.fields[?(@.type == 'login')].value[0] => ["me"]
        $.fields[?type="login"].value[0] => ["me"]
        $.fields[?type=password].value[0] => ["canary-1"]
        $.fields[?@.type==login].value => [["me"]]
        $.fields[?("type"=="login")].value[0] => ["me"]
        $.fields[?(@["type"]=="login")].value[0] => ["me"]
        $.fields[?($.type=="login")].value[0] => ["me"]
        $.fields[?(((@.type=="login")))].value => [["me"]]
        $.custom[?(@.label=="My Label" & @.value[0]=="v2")].value => [["v2"]]
        $.custom[?(@.label=="My Label") & (@.value[0]=="v2")].value => [["v2"]]
        $.custom[?(@.label=="My Label" && @.value[0]=="v2")].value => [["v2"]]
        $.fields[?(type=login & label)].value => [["me"]]
        $.custom[?(@.value[*]=='z')].type => ["text"]
        $.fields[?(@.value[*].port=22)].label => ["host"]
        $.fields[?(@..port==22)].label => ["host"]
        $.fields[?(@.value[0:1]=='me')].label => ["login"]
        $.fields[?(@.value[0]==1.7e3)].label => ["n"]
        $.fields[?(@.value[0]==$.fields[0].value[0])].label => ["login"]
        $.fields[?(@.value[0].port=22)].label => ["host"]
        $.fields[?(@.value[0].port=="22")].label => ["host"]
        $.fields[?(@.value[0]=1700)].label => ["n"]
        $.fields[?(@.value[0]>1000)].label => ["n"]
        $.fields[?(@.value[0]>=1700.0)].label => ["n"]
        $.fields[?(@.value[0]<-5)].label => []
        $.fields[?(@.value[0]<="me")].label => ["login", "password"]
        $.fields[?(@.value[0]!=1700)].label => ["login", "password", "host", "b"]
        $.fields[?(@.value[0]==true)].label => ["b"]
        $.fields[?(@.type!="login")].label => ["password", "host", "n", "b"]
        $.fields[?(@.missing!="login")].label => []
        $.custom[?(@.label!="My Label")].value => []
        $.fields[?(@.label)].label => ["login", "password", "host", "n", "b"]
        $.fields[?label].label => ["login", "password", "host", "n", "b"]
        $.fields[?(!@.label)].type => ["x"]
        $.fields[?(@.type=='x' || @.type=='date')].type => ["date", "x"]
        $.fields[?(@.label==@.type)].type => ["login", "password", "host"]
        $.fields[0].value[?(@=="me")] => ["me"]
        $.fields[0].value[?@=me] => ["me"]
        $.custom[?label='My \'Label'].value[0] => []
        $.custom[*].value[?@='Ünï'] => ["Ünï"]
        # Lengths.
        $.fields.`len` => [6]
        $.fields[*].value.`len` => [1, 1, 1, 1, 1, 0]
        $.custom[2].value[0].`len` => [3]
        `len` => [8]
        $.fields[3].value[0].`len` => []
        $.title.`this` => ["T"]
    "#;
    for (query, expected) in cases(table) {
        let expected: Value = serde_json::from_str(expected).unwrap();
        assert_eq!(find(query, &record), expected, "{query}");
    }
}

#[test]
fn the_root_selects_the_whole_value() {
    let record = record();
    assert_eq!(find(" title ", &record), json!(["T"]));
    for query in ["$", "@", "$[*]"] {
        assert_eq!(find(query, &record), json!([record]), "{query}");
    }
    let two = json!([{"title": "a"}, {"title": "b"}]);
    for (query, expected) in [
        ("[0].title", json!(["a"])),
        ("$[0].title", json!(["a"])),
        ("$[*].title", json!(["a", "b"])),
        ("$.[*].title", json!(["a", "b"])),
        ("$..title", json!(["a", "b"])),
        ("$.*", json!([])),
        ("*.title", json!([])),
    ] {
        assert_eq!(find(query, &two), expected, "{query}");
    }
}

#[test]
fn errors_name_the_feature_and_the_position() {
    let table = r#"
        $. => unexpected end at character 3
        $.fields[ => unexpected end at character 10
        $.fields[] => unexpected `]` at character 10
        $.fields[0 => unexpected end at character 11
        $title => unexpected word at character 2
        $.My Label => unexpected word at character 6
        $.title] => unexpected `]` at character 8
        # => unexpected `#` at character 1
        $.fields[?] => unexpected `]` at character 11
        $.fields[?(@.type==)] => unexpected `)` at character 20
        $.fields[?(@.type=="login"] => unexpected `]` at character 27
        $.fields[?1==@.type] => unexpected number at character 11
        $.ü['canary'x] => unexpected word at character 13
        $.ü.canary canary => unexpected word at character 12
        $.fields[?(@.type=="login)] => the quote opened at character 20 is not closed
        $['title => the quote opened at character 3 is not closed
        $.title.`split(T, 0, -1)` => `split` is not supported
        $.title.`sub(/T/, x)` => `sub` is not supported
        $.fields.`sorted` => `sorted` is not supported
        $.fields[0].`parent` => `parent` is not supported
        $.title.`frobnicate` => this operator in backquotes is not supported
        $.fields.`len`.x => unexpected `.` at character 15
        $.fields.`len`|title => `len` belongs at the end
        $.fields[?(@.value.`len`=0)].type => `len` belongs at the end, not in a filter
        $.fields[3].value[0] * 2 => arithmetic is not supported
        $.title + $.type => arithmetic is not supported
        $.fields[3].value[0] -2 => arithmetic is not supported
        $.fields where type => `where` is not supported
        $.fields[\label] => sorting is not supported
        $.fields[/label] => sorting is not supported
        $.fields[(@.length-1)] => an expression as an index is not supported
        $.fields[?(@.type =~ 'x')] => a regular expression in a filter is not supported
        $.fields[?length(@.value)>1] => a function in a filter is not supported
        $.a[?b[?c[?d[?e[?f[?g[?h[?i[?j]]]]]]]]] => filters are nested too deeply
    "#;
    for (query, expected) in cases(table).chain([("", "unexpected end at character 1")]) {
        let error = Query::parse(query).expect_err(query);
        assert_eq!(error.to_string(), expected, "{query}");
    }
    for query in [
        "$.fields[99999999999999999999]",
        "$.fields[007]",
        "$.fields[1:2:3:4]",
    ] {
        Query::parse(query).expect_err(query);
    }
}

#[test]
fn a_query_that_leads_to_too_much_is_refused() {
    let (steps, bytes) = (40_000, 640_000);
    let deep = (0..100).fold(json!("x".repeat(200)), |inner, _| json!({"a": inner}));
    for (query, refused) in [
        ("$..*..*..*..*.b", TooMuch::Steps),
        ("$..*..*", TooMuch::Bytes),
        ("$..*[?(@..a<@..a)]", TooMuch::Steps),
    ] {
        let query = Query::parse(query).unwrap();
        let found = query.find_within(steps, bytes, &deep);
        assert_eq!(found.err(), Some(refused), "{query:?}");
    }
    let names = json!({"a": vec![json!({"b": 1}); 1_000]});
    let query = Query::parse("$..b").unwrap();
    let found = query.find_within(steps, bytes, &names).unwrap();
    assert_eq!(found.len(), 1_000);
}

#[test]
fn long_and_deep_input_is_answered_at_once() {
    let queries: [fn(usize) -> String; 6] = [
        |count| format!("$.a[?{}", "(".repeat(count)),
        |count| format!("$.a[?{}", "!".repeat(count)),
        |count| format!("$.a{}", "[?b".repeat(count)),
        |count| format!("$.{}", "a|".repeat(count)),
        |count| format!("$['{}", "x".repeat(count)),
        |count| "[".repeat(count),
    ];
    for query in queries {
        let refuse = |query: &String| assert!(Query::parse(query).is_err());
        assert!(is_linear(4_000, query, refuse), "{}", query(1));
        // Deeper than a stack.
        refuse(&query(100_000));
    }
}
