//! One field of a record under construction.

use serde_json::{Map, Value, json};

use super::field_input::Decoded;
use super::{FieldType, Slot};
use crate::sensitive::SensitiveJson;

#[derive(Debug)]
pub(super) struct FieldBuilder {
    pub(super) kind: &'static FieldType,
    pub(super) slot: Slot,
    /// The label of the slot, or one of the user's.
    pub(super) label: Option<String>,
    pub(super) values: Vec<SensitiveJson>,
    /// The last value takes no more members.
    closed: bool,
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

    /// Whether `value` can join the values that are there.
    pub(super) fn takes(&self, value: &Decoded) -> bool {
        match value {
            Decoded::Nothing => true,
            Decoded::Whole(_) => self.holds_several() && self.kind.is_object(),
            Decoded::Member(name, _) => self.holds_several() || self.last_lacks(name),
        }
    }

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
            Decoded::Member(name, value) => {
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
