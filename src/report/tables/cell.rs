//! A table that R, pandas and a spreadsheet read without options.

use core::fmt::Write as _;
use std::io;

use crate::files;

/// Rows of a table, made one by one as they are written: a fine timeline has millions.
pub type Rows<'a> = Box<dyn Iterator<Item = Vec<Cell>> + 'a>;

/// A table with its schema.
pub struct Table<'a> {
    /// File name: `summary.csv`.
    pub name: &'static str,
    /// Columns, in the order of the file.
    pub columns: Vec<Column>,
    /// Rows, each with a cell for each column.
    pub rows: Rows<'a>,
}

impl core::fmt::Debug for Table<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Table").field("name", &self.name).field("columns", &self.columns).finish_non_exhaustive()
    }
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column {
    /// Name, with its unit as suffix where it has a fixed one.
    pub name: &'static str,
    /// Unit; empty where there is none, or where another column says it.
    pub unit: &'static str,
    /// Type of the cells.
    pub kind: ColumnKind,
    /// What it is.
    pub about: &'static str,
}

/// Type of the cells of a column, as the Table Schema of a data package calls them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ColumnKind {
    /// `string`.
    Text,
    /// `integer`.
    Integer,
    /// `number`.
    Number,
}

impl ColumnKind {
    /// The word of the Table Schema.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "integer",
            Self::Number => "number",
        }
    }
}

/// A cell.
#[derive(Clone, PartialEq, Debug)]
pub enum Cell {
    /// Words or an id.
    Text(String),
    /// A whole number.
    Integer(u64),
    /// A number; written as missing if it is not finite.
    Number(f64),
    /// Nothing is known: an empty cell.
    Missing,
}

impl Cell {
    /// A number, or missing.
    #[must_use]
    pub fn number(value: Option<f64>) -> Self {
        value.map_or(Self::Missing, Self::Number)
    }

    /// A text.
    #[must_use]
    pub fn text(value: &str) -> Self {
        Self::Text(value.to_owned())
    }

    /// Writes it at the end of a text: the shortest digits that read back as the same number, never `inf` or `NaN`.
    pub fn print(&self, text: &mut String) {
        // A text takes all that is written.
        let _ = match self {
            Self::Text(words) => text.write_str(words),
            Self::Integer(number) => write!(text, "{number}"),
            // Adding zero turns -0 into 0.
            Self::Number(number) if number.is_finite() => {
                let size = number.abs();
                let number = number + 0.0;
                if size != 0.0 && !(1e-5..1e16).contains(&size) { write!(text, "{number:e}") } else { write!(text, "{number}") }
            }
            Self::Number(_) | Self::Missing => Ok(()),
        };
    }
}

impl Column {
    /// A column of words or ids.
    #[must_use]
    pub const fn text(name: &'static str, about: &'static str) -> Self {
        Self { name, unit: "", kind: ColumnKind::Text, about }
    }

    /// A column of whole numbers.
    #[must_use]
    pub const fn integer(name: &'static str, unit: &'static str, about: &'static str) -> Self {
        Self { name, unit, kind: ColumnKind::Integer, about }
    }

    /// A column of numbers.
    #[must_use]
    pub const fn number(name: &'static str, unit: &'static str, about: &'static str) -> Self {
        Self { name, unit, kind: ColumnKind::Number, about }
    }
}

impl Table<'_> {
    /// Writes the table as CSV: UTF-8, comma, decimal point, LF, a header always.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write_csv(self, into: &mut dyn io::Write) -> io::Result<()> {
        let header: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        files::write_csv(&header, self.rows, Cell::print, into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_read_back_and_missing_is_empty() {
        let print = |cell: Cell| {
            let mut text = String::new();
            cell.print(&mut text);
            text
        };
        let written = |number: f64| print(Cell::Number(number));
        assert_eq!(written(0.1 + 0.2), "0.30000000000000004");
        assert_eq!((written(f64::NAN), written(f64::INFINITY), print(Cell::Missing)), Default::default());
        assert_eq!(written(-0.0), "0");
        assert_eq!(written(1.5e-7), "1.5e-7");
        assert_eq!(written(2.0), "2");
        for value in [1.0 / 3.0, 6.02e23, 1e-300, 123_456.789] {
            assert_eq!(written(value).parse::<f64>(), Ok(value));
        }
    }

    #[test]
    fn an_empty_table_has_its_header() {
        let table = Table {
            name: "a.csv",
            columns: vec![Column::text("id", ""), Column::number("x_hours", "h", "")],
            rows: Box::new(core::iter::empty()),
        };
        let mut bytes = Vec::new();
        table.write_csv(&mut bytes).expect("written");
        assert_eq!(bytes, b"id,x_hours\n");
    }
}
