//! One field of a record that is being filled in.

use serde_json::{Map, Value, json};

use super::record_builder::FieldContent;
use super::{FieldType, Slot, ValueError};
use crate::sensitive::SensitiveJson;

#[derive(Debug)]
pub(super) struct FieldBuilder {
    pub(super) kind: &'static FieldType,
    pub(super) slot: Slot,
    /// Its label: the slot's, or what the user calls it.
    pub(super) label: Option<String>,
    pub(super) values: Vec<SensitiveJson>,
    /// Whether the last value takes no more members.
    closed: bool,
}

/// What content comes to, once its type has been asked.
pub(super) enum Decoded {
    /// Values, complete.
    Whole(Vec<SensitiveJson>),
    /// A member of a value.
    ObjectMember(String, SensitiveJson),
    /// A member about which nothing is said.
    Nothing,
}

impl FieldContent {
    /// Asks its type.
    pub(super) fn decode(
        self,
        kind: &'static FieldType,
        slot: Option<&Slot>,
    ) -> Result<Decoded, ValueError> {
        Ok(match self {
            Self::Text(text) => Decoded::Whole(kind.values_of_text(text.expose(), slot)?),
            Self::Node(node) => Decoded::Whole(kind.values(&node)?),
            Self::ObjectMember(_, text) if text.expose().is_empty() => Decoded::Nothing,
            Self::ObjectMember(name, text) => {
                let value = kind.member(&name, text.expose())?;
                Decoded::ObjectMember(name, value)
            }
        })
    }
}

impl FieldBuilder {
    pub(super) fn new(kind: &'static FieldType, slot: Slot) -> Self {
        Self {
            kind,
            label: slot.label.clone(),
            slot,
            values: Vec::new(),
            closed: false,
        }
    }

    pub(super) fn is_free(&self) -> bool {
        self.values.is_empty()
    }

    fn holds_several(&self) -> bool {
        self.kind.several || self.slot.several
    }

    /// Whether there is room for it beside what is there.
    pub(super) fn takes(&self, value: &Decoded) -> bool {
        match value {
            Decoded::Nothing => true,
            Decoded::Whole(_) => self.holds_several() && self.kind.is_object(),
            Decoded::ObjectMember(name, _) => self.holds_several() || self.last_lacks(name),
        }
    }

    /// Whether the last value is open and has no such member yet.
    fn last_lacks(&self, name: &str) -> bool {
        let last = self
            .values
            .last()
            .and_then(|value| value.expose().as_object());
        !self.closed && last.is_some_and(|members| !members.contains_key(name))
    }

    pub(super) fn take(&mut self, value: Decoded) {
        match value {
            Decoded::Nothing => {}
            Decoded::Whole(values) => {
                self.values.extend(values);
                self.closed = self.kind.set_ends_with.is_some();
            }
            Decoded::ObjectMember(name, value) => {
                let last = self.last_lacks(&name).then(|| self.values.pop()).flatten();
                let members = last.and_then(|last| last.expose().as_object().cloned());
                let mut members: Map<String, Value> = members.unwrap_or_default();
                self.closed = self.kind.set_ends_with.as_ref() == Some(&name);
                members.insert(name, value.expose().clone());
                self.values.push(SensitiveJson::new(Value::Object(members)));
            }
        }
    }

    pub(super) fn to_json(&self) -> Value {
        let values = self.values.iter().map(|value| value.expose().clone());
        let mut field = json!({"type": self.kind.name, "value": values.collect::<Value>()});
        if let Some(members) = field.as_object_mut() {
            if let Some(label) = self.label.as_deref().filter(|label| !label.is_empty()) {
                members.insert("label".into(), label.into());
            }
            if self.slot.required {
                members.insert("required".into(), true.into());
            }
            if self.slot.privacy_screen {
                members.insert("privacyScreen".into(), true.into());
            }
        }
        field
    }
}
