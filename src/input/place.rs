//! Where a value stands: a file and a range of bytes in it.

/// Index of a text in [`Sources`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct SourceId(u32);

/// A range of bytes in a source.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// The text.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Place {
    /// A range of bytes.
    #[must_use]
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let clip = |offset| u32::try_from(offset).unwrap_or(u32::MAX - 1);
        Self { source, start: clip(start), end: clip(end) }
    }

    /// A file as a whole: shown without a line.
    #[must_use]
    pub const fn whole_file(source: SourceId) -> Self {
        Self { source, start: u32::MAX, end: u32::MAX }
    }

    /// Whether another place lies within this one.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }

    /// Whether this is a file as a whole.
    #[must_use]
    pub const fn is_whole_file(self) -> bool {
        self.start == u32::MAX
    }
}

/// A value and where it stands.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

/// The texts that were read, by name.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceText>,
}

/// One text and its name.
#[derive(Clone, Debug)]
struct SourceText {
    name: String,
    text: String,
}

impl Sources {
    /// Adds a text.
    ///
    /// # Panics
    /// After 2^32 texts.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.files.len()).expect("fewer sources than 2^32"));
        self.files.push(SourceText { name: name.into(), text: text.into() });
        id
    }

    /// The name of a text: a path, or `--set`.
    #[must_use]
    pub fn name(&self, source: SourceId) -> &str {
        &self.files[source.0 as usize].name
    }

    /// The text itself.
    #[must_use]
    pub fn text(&self, source: SourceId) -> &str {
        &self.files[source.0 as usize].text
    }

    /// Line and column (in characters) of the first byte of a place, both counted from 1; `None` for a whole file.
    #[must_use]
    pub fn position(&self, place: Place) -> Option<(usize, usize)> {
        if place.is_whole_file() {
            return None;
        }
        let (line, column, _) = self.line_at(place);
        Some((line, column))
    }

    /// Line number, column and the range of the line that holds the first byte of a place.
    pub(super) fn line_at(&self, place: Place) -> (usize, usize, std::ops::Range<usize>) {
        let text = self.text(place.source);
        let start = boundary(text, place.start as usize);
        let before = &text[..start];
        let line = before.matches('\n').count() + 1;
        let begin = before.rfind('\n').map_or(0, |newline| newline + 1);
        let mut end = text.as_bytes()[start..].iter().position(|&byte| byte == b'\n').map_or(text.len(), |length| start + length);
        if end > start && text.as_bytes()[end - 1] == b'\r' {
            end -= 1;
        }
        (line, text[begin..start].chars().count() + 1, begin..end)
    }
}

/// The nearest character boundary at or before an offset, within the text.
pub(super) fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
