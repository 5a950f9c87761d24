//! A tree of values, each with its place.

use core::fmt;

use super::Place;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands; a table under a header stands at its header.
    pub place: Place,
}

/// What can be written.
#[derive(Clone, Debug)]
pub enum Value {
    /// Text in quotes.
    String(String),
    /// A whole number.
    Integer(i128),
    /// A number with a decimal point, or `nan` or `inf`.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date, a time, or both.
    DateTime(DateTime),
    /// Values in brackets, or tables under `[[headers]]`.
    Array(Vec<Node>),
    /// Keys and values.
    Table(Map),
}

/// A date, a time, or both, as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DateTime {
    /// Year, month, day.
    pub date: Option<(u16, u8, u8)>,
    /// Hour, minute, second, nanosecond.
    pub time: Option<(u8, u8, u8, u32)>,
    /// Whether an offset from universal time was given.
    pub has_offset: bool,
    /// The text.
    pub text: String,
}

/// Keys and values in the order written.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// The pairs.
    pub entries: Vec<Entry>,
    /// Whether it was written in braces, as one value.
    pub inline: bool,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_place: Place,
    /// The value.
    pub node: Node,
}

impl Map {
    /// The entry with this key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The entry with this key, to change it.
    pub fn entry_mut(&mut self, key: &str) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.key == key)
    }

    /// The value of a key, if it is text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.entry(key).and_then(|entry| entry.node.value.as_text())
    }
}

impl Value {
    /// What kind of value this is, with its article: `a string`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::String(_) => "a string",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Boolean(_) => "a boolean",
            Self::DateTime(_) => "a date or time",
            Self::Array(_) => "a list",
            Self::Table(_) => "a table",
        }
    }

    /// The table that it is, or the tables of the list that it is.
    pub fn tables_mut(&mut self) -> Box<dyn Iterator<Item = &mut Map> + '_> {
        match self {
            Self::Table(map) => Box::new(core::iter::once(map)),
            Self::Array(items) => Box::new(items.iter_mut().flat_map(|item| item.value.tables_mut())),
            _ => Box::new(core::iter::empty()),
        }
    }

    /// The text, if it is text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The number, if it is one.
    #[must_use]
    pub const fn as_number(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// The table, if it is one.
    #[must_use]
    pub const fn as_table(&self) -> Option<&Map> {
        if let Self::Table(map) = self { Some(map) } else { None }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
