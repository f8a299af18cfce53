//! YAML, whose scalars are all texts, as the official CLI reads it, or have the types of the core schema.

use std::collections::{HashMap, HashSet};

use granit_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use super::{DEPTH, Error, Node, scalar};
use crate::limits::DOCUMENT_NODES;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Scalars {
    #[default]
    Texts,
    /// Of the core schema where they stand without quotes.
    Typed,
}

pub(super) fn read(text: &str, scalars: Scalars) -> Result<Node, Error> {
    let mut builder = TreeBuilder {
        scalars,
        ..TreeBuilder::default()
    };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| malformed(error.marker(), error.info()))?;
        if matches!(event, Event::DocumentStart(..)) && builder.root.is_some() {
            let reason = "a second document begins".to_owned();
            return Err(malformed(&span.start, reason));
        }
        // The parser writes `~` for a scalar that is not there.
        let event = match event {
            Event::Scalar(_, style, anchor, tag) if span.start.index() == span.end.index() => {
                Event::Scalar("".into(), style, anchor, tag)
            }
            event => event,
        };
        builder.take(event, &span.start)?;
    }
    Ok(builder.root.unwrap_or_else(|| Node::text("")))
}

fn malformed(at: &Marker, reason: String) -> Error {
    Error::Yaml {
        row: at.line(),
        column: at.col() + 1,
        reason,
    }
}

#[derive(Default)]
struct TreeBuilder {
    scalars: Scalars,
    /// The lists and objects that are not complete, outermost first.
    open: Vec<OpenNode>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    root: Option<Node>,
}

struct OpenNode {
    node: Node,
    anchor: usize,
    /// The name of the member whose value follows.
    name: Option<String>,
    /// The names of members so far, without those of merge keys. Names of untyped documents may repeat.
    names: HashSet<String>,
}

impl TreeBuilder {
    fn take(&mut self, event: Event<'_>, at: &Marker) -> Result<(), Error> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.complete(self.scalar(&text, style, tag.as_deref()), anchor, at)
            }
            Event::SequenceStart(_, anchor, _) => self.begin(Node::List(Vec::new()), anchor),
            Event::MappingStart(_, anchor, _) => self.begin(Node::Object(Vec::new()), anchor),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => self.complete(open.node, open.anchor, at),
                None => Ok(()),
            },
            // An alias within its own anchor has no node yet.
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).ok_or(Error::TooLarge)?.clone();
                self.count(size(&node))?;
                self.complete(node, 0, at)
            }
            _ => Ok(()),
        }
    }

    fn scalar(&self, text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Node {
        let is_plain = style == ScalarStyle::Plain && tag.is_none();
        match self.scalars {
            Scalars::Typed if is_plain => scalar::resolve(text),
            Scalars::Typed | Scalars::Texts => Node::text(text),
        }
    }

    fn begin(&mut self, node: Node, anchor: usize) -> Result<(), Error> {
        if self.open.len() >= DEPTH {
            return Err(Error::TooLarge);
        }
        self.open.push(OpenNode {
            node,
            anchor,
            name: None,
            names: HashSet::new(),
        });
        Ok(())
    }

    fn complete(&mut self, node: Node, anchor: usize, at: &Marker) -> Result<(), Error> {
        self.count(1)?;
        if anchor != 0 {
            self.count(size(&node))?;
            self.anchors.insert(anchor, node.clone());
        }
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut parent.node, parent.name.take()) {
            (Node::List(items), _) => items.push(node),
            (Node::Object(members), Some(name)) if self.scalars == Scalars::Typed => match node {
                // Of one name the last counts, so those come first.
                Node::Object(merged) if name == "<<" => drop(members.splice(0..0, merged)),
                _ if !parent.names.insert(name.clone()) => {
                    return Err(malformed(at, format!("duplicate mapping key: {name}")));
                }
                node => members.push((name, node)),
            },
            (Node::Object(members), Some(name)) => members.push((name, node)),
            // Names that are lists or objects are read as empty.
            (_, None) => parent.name = Some(node.spelling().unwrap_or_default().to_owned()),
            (_, Some(_)) => {}
        }
        Ok(())
    }

    fn count(&mut self, nodes: usize) -> Result<(), Error> {
        self.nodes += nodes;
        if self.nodes > DOCUMENT_NODES {
            return Err(Error::TooLarge);
        }
        Ok(())
    }
}

fn size(node: &Node) -> usize {
    1 + match node {
        Node::List(items) => items.iter().map(size).sum(),
        Node::Object(members) => members.iter().map(|(_, node)| size(node)).sum(),
        Node::Null | Node::Text(_) | Node::Bare(_) => 0,
    }
}
