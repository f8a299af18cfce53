//! JSON objects, read member by member. Of duplicates the last counts, as for every other client; a list is no object,
//! which a derived reader would take it for.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::text::AnswerText;

pub trait Object<'de>: Default {
    /// Takes the value of `name`, with [`value`] or [`skip`].
    fn take<A: MapAccess<'de>>(
        &mut self,
        name: AnswerText<'de>,
        map: &mut A,
    ) -> Result<(), A::Error>;
}

pub fn read<'de, T: Object<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Members<T>(PhantomData<T>);

    impl<'de, T: Object<'de>> Visitor<'de> for Members<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
            let mut object = T::default();
            while let Some(name) = map.next_key()? {
                object.take(name, &mut map)?;
            }
            Ok(object)
        }
    }

    deserializer.deserialize_map(Members(PhantomData))
}

/// `null` is the default.
pub fn value<'de, T: Default + Deserialize<'de>, A: MapAccess<'de>>(
    map: &mut A,
) -> Result<T, A::Error> {
    Ok(map.next_value::<Option<T>>()?.unwrap_or_default())
}

pub fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

/// Declares a struct of members with their spellings. Absent, `null` and the default are alike in every member.
macro_rules! object {
    ($(#[$doc:meta])* $visibility:vis $name:ident $(<$within:lifetime>)? {
        $($(#[$field_doc:meta])* $field:ident: $type:ty = $($spelling:literal)|+,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Default)]
        $visibility struct $name $(<$within>)? {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl<'de $(: $within, $within)?> $crate::wire::object::Object<'de> for $name $(<$within>)? {
            fn take<A: serde::de::MapAccess<'de>>(
                &mut self,
                name: $crate::wire::text::AnswerText<'de>,
                map: &mut A,
            ) -> Result<(), A::Error> {
                match &*name {
                    $($($spelling)|+ => self.$field = $crate::wire::object::value(map)?,)*
                    _ => $crate::wire::object::skip(map)?,
                }
                Ok(())
            }
        }

        impl<'de $(: $within, $within)?> serde::Deserialize<'de> for $name $(<$within>)? {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::object::read(deserializer)
            }
        }
    };
}
pub(crate) use object;
