//! A value for a field, from the command line or from a document.

use super::{FieldType, Slot, ValueError};
use crate::document::Node;
use crate::sensitive::{Sensitive, SensitiveJson};
use crate::vault::section::FieldSection;

/// A value and the field it is for.
#[derive(Debug, Clone)]
pub struct FieldInput {
    pub section: FieldSection,
    pub kind: &'static FieldType,
    pub label: Option<String>,
    pub content: FieldContent,
}

impl FieldInput {
    pub(super) fn says_nothing(&self) -> bool {
        match &self.content {
            FieldContent::Text(text) | FieldContent::Member(_, text) => text.expose().is_empty(),
            FieldContent::Node(Node::List(items)) => items.iter().all(Node::is_empty),
            FieldContent::Node(node) => node.is_empty(),
        }
    }
}

#[derive(Debug, Clone)]
pub enum FieldContent {
    /// An argument of the command line.
    Text(Sensitive<String>),
    /// An argument for one member of a value.
    Member(String, Sensitive<String>),
    /// All values of the field, from a document.
    Node(Node),
}

/// Content as its field type reads it.
pub(super) enum Decoded {
    Whole(Vec<SensitiveJson>),
    Member(String, SensitiveJson),
    /// A member without a value.
    Nothing,
}

impl FieldContent {
    pub(super) fn decode(
        self,
        kind: &'static FieldType,
        slot: Option<&Slot>,
    ) -> Result<Decoded, ValueError> {
        Ok(match self {
            Self::Text(text) => Decoded::Whole(kind.values_of_text(text.expose(), slot)?),
            Self::Node(node) => Decoded::Whole(kind.values(&node)?),
            Self::Member(_, text) if text.expose().is_empty() => Decoded::Nothing,
            Self::Member(name, text) => {
                let value = kind.member(&name, text.expose())?;
                Decoded::Member(name, value)
            }
        })
    }
}
