//! Queries as the standard (RFC 9535) spells them, in its words: a path has segments, and a segment has a selector.

use super::Error;

/// The paths that `|` joins, and whether lengths are asked for instead of values.
#[derive(Debug)]
pub(super) struct ParsedQuery {
    pub(super) paths: Vec<Path>,
    pub(super) lengths: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    pub(super) segments: Vec<Segment>,
}

#[derive(Clone, Debug)]
pub(super) struct Segment {
    /// Whether it applies at any depth (`..`).
    pub(super) deep: bool,
    pub(super) selector: Selector,
}

#[derive(Clone, Debug)]
pub(super) enum Selector {
    /// Members, in the order of the names.
    Names(Vec<String>),
    /// `.*`, every member of an object.
    Members,
    /// `[*]`, every element of a list.
    Elements,
    /// Indices and slices, in the standard's spelling.
    Indices(String),
    /// The condition, in the standard's spelling.
    Filter(String),
}

/// A position on the way to a node, from either end and counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    FromStart(usize),
    FromEnd(usize),
}

/// The right side of a comparison, in the standard's spelling.
pub(super) enum Operand {
    Number(String),
    Other(String),
}

impl Path {
    pub(super) fn standard(&self) -> String {
        format!("${}", spell(&self.segments))
    }

    /// A path that begins with `[*]`, without it: its meaning on an object.
    pub(super) fn on_object(&self) -> Option<Self> {
        match self.segments.split_first() {
            Some((
                Segment {
                    deep: false,
                    selector: Selector::Elements,
                },
                rest,
            )) => Some(Self {
                segments: rest.to_vec(),
            }),
            _ => None,
        }
    }

    /// Returns where a `.*` stands on the way to a node. One between two `..` has no fixed position and is left out.
    pub(super) fn members_only(&self) -> Vec<Position> {
        let is_deep = |segment: &Segment| segment.deep;
        let first_deep = self.segments.iter().position(is_deep).unwrap_or(usize::MAX);
        let last_deep = self.segments.iter().rposition(is_deep).unwrap_or(0);
        let stars = self
            .segments
            .iter()
            .enumerate()
            .filter(|(_, segment)| matches!(segment.selector, Selector::Members));
        let position = |at: usize| match at {
            at if at < first_deep => Some(Position::FromStart(at)),
            at if at >= last_deep => Some(Position::FromEnd(self.segments.len() - 1 - at)),
            _ => None,
        };
        stars.filter_map(|(at, _)| position(at)).collect()
    }

    pub(super) fn add_sibling(&mut self, name: String) {
        if let Some(Segment {
            selector: Selector::Names(names),
            ..
        }) = self.segments.last_mut()
        {
            names.push(name);
        }
    }
}

/// Spells segments as text.
pub(super) fn spell(segments: &[Segment]) -> String {
    segments.iter().map(Segment::standard).collect()
}

impl Segment {
    fn standard(&self) -> String {
        let selector = match &self.selector {
            Selector::Names(names) => names
                .iter()
                .map(|name| quote(name))
                .collect::<Vec<_>>()
                .join(","),
            Selector::Members | Selector::Elements => "*".to_owned(),
            Selector::Indices(indices) => indices.clone(),
            Selector::Filter(condition) => format!("?{condition}"),
        };
        format!("{}[{selector}]", if self.deep { ".." } else { "" })
    }
}

/// The standard quotes a text as JSON does.
pub(super) fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Compares everything `segments` lead to; holds if one of them matches. The standard compares single values only, so
/// each `[*]` and `.*` becomes a filter of its own around the rest. As in the official dialect, an absent value or null
/// matches no comparison, and a number also matches a text that spells it.
pub(super) fn compare(segments: &[Segment], sign: &str, value: &Operand) -> Result<String, Error> {
    let many = segments
        .iter()
        .position(|segment| segment.deep || !is_single(&segment.selector));
    if let Some((before, [star, after @ ..])) = many.and_then(|at| segments.split_at_checked(at)) {
        return match star {
            Segment {
                deep: false,
                selector: Selector::Members | Selector::Elements,
            } => Ok(format!(
                "@{}[?{}]",
                spell(before),
                compare(after, sign, value)?
            )),
            _ => Err(Error::Unsupported(
                "comparing what `..`, a range or another filter selects",
            )),
        };
    }
    let path = format!("@{}", spell(segments));
    Ok(match (sign, value) {
        ("==", Operand::Number(number)) => {
            format!("({path} == {number} || {path} == {})", quote(number))
        }
        ("!=", Operand::Number(number)) => {
            format!(
                "({path} && {path} != null && {path} != {number} && {path} != {})",
                quote(number)
            )
        }
        ("!=", Operand::Other(text)) => format!("({path} && {path} != null && {path} != {text})"),
        (_, Operand::Number(text) | Operand::Other(text)) => format!("{path} {sign} {text}"),
    })
}

fn is_single(selector: &Selector) -> bool {
    match selector {
        Selector::Names(names) => names.len() == 1,
        Selector::Indices(indices) => !indices.contains([',', ':']),
        Selector::Members | Selector::Elements | Selector::Filter(_) => false,
    }
}
