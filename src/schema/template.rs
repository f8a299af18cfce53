//! Records and fields with placeholders to fill in (compatibility 9.3).

use serde_json::{Map, Value, json};

use super::{FieldType, ObjectMember, RecordType, Slot, UnknownType, ValueShape, field_type};
use crate::password::LENGTH;

/// The beginning of every placeholder.
pub const PLACEHOLDER: &str = "<#ADD";

fn placeholder(hint: &str) -> String {
    format!("{PLACEHOLDER}: {hint}>")
}

impl RecordType {
    /// A document for `secret add file`. Title and notes are placeholders where they are not given.
    pub fn template(&self, title: Option<&str>, notes: Option<&str>) -> Result<Value, UnknownType> {
        let fields = self
            .slots
            .iter()
            .map(|slot| Ok(field_type(&slot.kind)?.block(slot)));
        let given =
            |text: Option<&str>, hint| text.map_or_else(|| placeholder(hint), str::to_owned);
        Ok(json!({
            "version": "v3",
            "kind": "KeeperRecord",
            "data": [{
                "recordType": self.name,
                "title": given(title, "The title of record here. This is required."),
                "notes": given(notes, "Add some notes or remove."),
                "fields": fields.collect::<Result<Value, UnknownType>>()?,
            }],
        }))
    }
}

impl FieldType {
    pub fn template(&self) -> Value {
        self.block(&Slot::default())
    }

    /// `add file` finds fields by their labels, so the label of the slot is part of the block.
    fn block(&self, slot: &Slot) -> Value {
        let mut block = Map::new();
        block.insert("type".into(), self.name.as_str().into());
        if let Some(label) = &slot.label {
            block.insert("label".into(), label.as_str().into());
        }
        let value = example(&self.shape, self.hint.as_deref());
        let several = slot.several && value.is_string();
        block.insert("value".into(), if several { json!([value]) } else { value });
        block.insert("privacyScreen".into(), false.into());
        if self.name == "password" {
            block.insert("enforceGeneration".into(), false.into());
            let complexity = json!({
                "length": LENGTH, "caps": 0, "lowercase": 0, "digits": 0, "special": 0, "filter_characters": null,
            });
            block.insert("complexity".into(), complexity);
        }
        Value::Object(block)
    }
}

fn example(shape: &ValueShape, hint: Option<&str>) -> Value {
    let usual = match shape {
        ValueShape::Text { .. } | ValueShape::Date => "Insert a str",
        ValueShape::Flag => "Insert a bool",
        ValueShape::Number => "Insert a int",
        ValueShape::List => "Insert a list",
        ValueShape::Choice { choices } => {
            let mut choices = choices.clone();
            choices.sort();
            return placeholder(&choices.join(" | ")).into();
        }
        ValueShape::Object { members } => {
            let member = |member: &ObjectMember| {
                let value = example(&member.shape, member.hint.as_deref());
                (member.name.clone(), value)
            };
            return Value::Object(members.iter().map(member).collect());
        }
    };
    placeholder(hint.unwrap_or(usual)).into()
}
