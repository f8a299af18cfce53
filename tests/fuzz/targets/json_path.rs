//! Queries: what is found is part of the document, and a query costs what its document is worth.
#![no_main]

use ksm::query::Query;
use ksm_fuzz::{bounded, linear, pieces, text};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let mut parts = pieces(data);
    let query = text(parts.next().unwrap_or_default());
    linear(&query, |long| drop(Query::parse(long)));
    let Ok(query) = bounded(query.len(), 4096, || Query::parse(&query)) else {
        return;
    };
    let Ok(document) = serde_json::from_slice::<Value>(parts.next().unwrap_or_default()) else {
        return;
    };
    let Ok(found) = query.find(&document) else {
        return; // it would have been too much
    };
    for node in found {
        assert!(node.is_number() || within(&document, &node));
    }
});

fn within(document: &Value, node: &Value) -> bool {
    document == node
        || match document {
            Value::Array(list) => list.iter().any(|value| within(value, node)),
            Value::Object(members) => members.values().any(|value| within(value, node)),
            _ => false,
        }
}
