//! YAML whose scalars are all texts, as the official CLI reads it.

use std::collections::HashMap;

use granit_parser::{Event, Marker, Parser};

use super::{DEPTH, Error, Node};

/// How many nodes a document may have, those that aliases repeat included.
const NODES: usize = 1 << 18;

/// Reads the one document of a text. Of several, those after the first would be lost.
pub(super) fn read(text: &str) -> Result<Node, Error> {
    let mut reader = Reader::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| wrong(error.marker()))?;
        if matches!(event, Event::DocumentStart(..)) && reader.done.is_some() {
            return Err(wrong(&span.start));
        }
        // The parser writes `~` for a scalar that is not there.
        let event = match event {
            Event::Scalar(_, style, anchor, tag) if span.start.index() == span.end.index() => {
                Event::Scalar("".into(), style, anchor, tag)
            }
            event => event,
        };
        reader.take(event)?;
    }
    Ok(reader.done.unwrap_or_else(|| Node::text("")))
}

fn wrong(place: &Marker) -> Error {
    Error::Yaml {
        row: place.line(),
        column: place.col() + 1,
    }
}

/// What has been read so far.
#[derive(Default)]
struct Reader {
    /// The lists and objects that are not complete, outermost first.
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    done: Option<Node>,
}

struct Open {
    node: Node,
    anchor: usize,
    /// The name of the member whose value comes next.
    name: Option<String>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) -> Result<(), Error> {
        match event {
            Event::Scalar(text, _, anchor, _) => self.complete(Node::text(text), anchor),
            Event::SequenceStart(_, anchor, _) => self.begin(Node::List(Vec::new()), anchor),
            Event::MappingStart(_, anchor, _) => self.begin(Node::Object(Vec::new()), anchor),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => self.complete(open.node, open.anchor),
                None => Ok(()),
            },
            // An alias within what it stands for has no value yet.
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).ok_or(Error::TooLarge)?.clone();
                self.count(size(&node))?;
                self.complete(node, 0)
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, node: Node, anchor: usize) -> Result<(), Error> {
        if self.open.len() >= DEPTH {
            return Err(Error::TooLarge);
        }
        self.open.push(Open {
            node,
            anchor,
            name: None,
        });
        Ok(())
    }

    fn complete(&mut self, node: Node, anchor: usize) -> Result<(), Error> {
        self.count(1)?;
        if anchor != 0 {
            self.count(size(&node))?;
            self.anchors.insert(anchor, node.clone());
        }
        let Some(place) = self.open.last_mut() else {
            self.done = Some(node);
            return Ok(());
        };
        match (&mut place.node, place.name.take()) {
            (Node::List(items), _) => items.push(node),
            (Node::Object(members), Some(name)) => members.push((name, node)),
            // Names that are no scalars name nothing we know.
            (_, None) => place.name = Some(node.spelling().unwrap_or_default().to_owned()),
            (_, Some(_)) => {}
        }
        Ok(())
    }

    fn count(&mut self, nodes: usize) -> Result<(), Error> {
        self.nodes += nodes;
        if self.nodes > NODES {
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
