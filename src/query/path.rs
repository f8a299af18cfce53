//! A query taken apart, in the words of the standard (RFC 9535): a path has segments, and a segment has a selector.

use serde_json::Value;

/// From the root, or in a filter from the element in question.
pub(super) type Path = Vec<Segment>;

#[derive(Debug)]
pub(super) struct Segment {
    /// Whether it applies at any depth (`..`).
    pub(super) deep: bool,
    pub(super) selector: Selector,
}

#[derive(Debug)]
pub(super) enum Selector {
    /// Members, in the order of the names.
    Names(Vec<String>),
    /// `.*`, every member of an object.
    Members,
    /// `[*]`, every element of a list or member of an object.
    Elements,
    Slices(Vec<Slice>),
    Filter(Condition),
}

/// Negative positions count from the end.
#[derive(Debug)]
pub(super) enum Slice {
    At(i64),
    Range {
        from: Option<i64>,
        to: Option<i64>,
        step: i64,
    },
}

#[derive(Debug)]
pub(super) enum Condition {
    Any(Vec<Self>),
    All(Vec<Self>),
    Not(Box<Self>),
    /// The path leads anywhere.
    Leads(Path),
    /// One of the places that the path leads to compares so.
    Compares(Path, Comparison, Operand),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug)]
pub(super) enum Operand {
    Literal(Value),
    FromRoot(Path),
    FromHere(Path),
}

impl Slice {
    /// The positions in a list, in order.
    pub(super) fn positions(&self, length: usize) -> Box<dyn Iterator<Item = usize>> {
        let end = length as i64;
        let from_start = |at: i64| if at < 0 { at.saturating_add(end) } else { at };
        let (from, to, step) = match *self {
            Self::At(at) => {
                let at = usize::try_from(from_start(at)).ok();
                return Box::new(at.into_iter().filter(move |at| *at < length));
            }
            Self::Range { from, to, step } => (from.map(from_start), to.map(from_start), step),
        };
        let stride = usize::try_from(step.unsigned_abs()).unwrap_or(usize::MAX);
        let within = |at: i64| at.clamp(0, end) as usize;
        match step {
            0 => Box::new(std::iter::empty()),
            1.. => Box::new((within(from.unwrap_or(0))..within(to.unwrap_or(end))).step_by(stride)),
            _ => {
                let after = |at: i64| within(at.saturating_add(1));
                let positions = after(to.unwrap_or(-1))..after(from.unwrap_or(end));
                Box::new(positions.rev().step_by(stride))
            }
        }
    }
}
