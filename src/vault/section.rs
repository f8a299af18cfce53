//! The two lists of a record's fields.

/// One of a record's two lists of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldSection {
    /// Prescribed by the record's type.
    Standard,
    /// Added by the record's owner.
    Custom,
}

impl FieldSection {
    pub const ALL: [Self; 2] = [Self::Standard, Self::Custom];

    pub fn other(self) -> Self {
        match self {
            Self::Standard => Self::Custom,
            Self::Custom => Self::Standard,
        }
    }

    /// For people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Custom => "custom",
        }
    }

    /// The word of a notation for the list.
    pub fn selector(self) -> &'static str {
        match self {
            Self::Standard => "field",
            Self::Custom => "custom_field",
        }
    }

    /// The member of a record that holds the list.
    pub(super) fn member(self) -> &'static str {
        match self {
            Self::Standard => "fields",
            Self::Custom => "custom",
        }
    }
}
