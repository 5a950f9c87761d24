//! Rows of comma-separated values, in and out.

use core::ops::Range;
use std::io::{self, Write};

/// A table as read: a header and rows, ragged ones included.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CsvTable {
    /// Names of the columns.
    pub header: CsvRow,
    /// The rows below, without empty lines.
    pub rows: Vec<CsvRow>,
}

/// One row.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CsvRow {
    /// The cells, without quotes and the spaces around.
    pub cells: Vec<String>,
    /// First byte of the row in the text.
    pub start: usize,
}

impl CsvRow {
    /// Where a cell stands in the text: found anew, because only mistakes ask. The end of the row if there is no such cell.
    #[must_use]
    pub fn cell_range(&self, text: &str, cell: usize) -> Range<usize> {
        let bytes = text.as_bytes();
        let (mut index, mut begin, mut quoted) = (0, self.start.min(bytes.len()), false);
        let mut end = begin;
        while end < bytes.len() {
            match bytes[end] {
                b'"' => quoted = !quoted,
                b'\n' | b'\r' if !quoted => break,
                b',' if !quoted => {
                    if index == cell {
                        return begin..end;
                    }
                    index += 1;
                    begin = end + 1;
                }
                _ => {}
            }
            end += 1;
        }
        if index == cell { begin..end } else { end..end }
    }

    /// Where the row stands in the text.
    #[must_use]
    pub fn range(&self, text: &str) -> Range<usize> {
        let start = self.start.min(text.len());
        start
            ..text.as_bytes()[start..]
                .iter()
                .position(|byte| matches!(byte, b'\n' | b'\r'))
                .map_or(text.len(), |length| start + length)
    }
}

/// Reads a table; rows may have too few or too many cells, which the caller can tell better.
///
/// # Errors
/// What the reader says.
pub fn csv_table(text: &str) -> Result<CsvTable, String> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| error.to_string())? {
        let start = record.position().map_or(0, csv::Position::byte);
        // The position of a row may be that of the line break before it.
        let start = usize::try_from(start).map_or(text.len(), |start| start.min(text.len()));
        let skipped = text.as_bytes()[start..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        rows.push(CsvRow { cells: record.iter().map(str::to_owned).collect(), start: start + skipped });
    }
    // What an open quotation mark begins goes on to the end of the text.
    let last = rows.last().filter(|row| row.cells.iter().any(|cell| cell.contains('\n')));
    if let Some(last) = last.filter(|_| text.matches('"').count() % 2 == 1) {
        let line = text[..last.start].matches('\n').count() + 1;
        return Err(format!("a quotation mark is opened in or below line {line} and never closed"));
    }
    if rows.is_empty() {
        return Ok(CsvTable::default());
    }
    Ok(CsvTable { header: rows.remove(0), rows })
}

/// Writes a table row by row: comma, LF, quotes only where needed. A cell is written by `print`, at the end of a text.
///
/// # Errors
/// What the writer says; a row has not as many cells as the header.
pub fn write_csv<Cell>(
    header: &[&str],
    rows: impl Iterator<Item = impl AsRef<[Cell]>>,
    print: impl Fn(&Cell, &mut String),
    into: &mut dyn Write,
) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(into);
    writer.write_record(header).map_err(cause)?;
    let mut text = String::new();
    for row in rows {
        for cell in row.as_ref() {
            text.clear();
            print(cell, &mut text);
            writer.write_field(&text).map_err(cause)?;
        }
        writer.write_record(None::<&[u8]>).map_err(cause)?;
    }
    writer.flush()
}

/// What the system said: wrapped, it would be some other error, and a full disk no longer one.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(cause) => cause,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk with room for so many bytes.
    struct Disk(usize);

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or_else(|| io::Error::from(io::ErrorKind::StorageFull))?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_told_as_such() {
        let rows = || (0..100_000).map(|row| [row]);
        let print = |cell: &i32, text: &mut String| text.push_str(&cell.to_string());
        let written = |room| write_csv(&["row"], rows(), print, &mut Disk(room)).map_err(|error| error.kind());
        assert_eq!(written(1 << 30), Ok(()));
        for room in [0, 100_000] {
            assert_eq!(written(room), Err(io::ErrorKind::StorageFull));
        }
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed() {
        let told = csv_table("id,role\na,\"pharmacy\"\nb,\"pharmacy\nc,pharmacy\n").expect_err("open");
        assert_eq!(told, "a quotation mark is opened in or below line 3 and never closed");
        assert!(
            csv_table("id,role\na,\"phar\nmacy\"\nb,5\"\n").is_ok(),
            "a mark that stands for itself, and a line break between two"
        );
    }

    #[test]
    fn rows_know_where_they_stand() {
        let text = "id,role\r\n\r\na,\"x,\"\"y\", z\nb";
        let table = csv_table(text).expect("read");
        assert_eq!(table.header.cells, ["id", "role"]);
        assert_eq!(table.rows[0].cells, ["a", "x,\"y", "z"]);
        assert_eq!(&text[table.rows[0].cell_range(text, 2)], " z");
        assert_eq!(&text[table.rows[0].cell_range(text, 1)], "\"x,\"\"y\"");
        assert_eq!(&text[table.rows[1].cell_range(text, 0)], "b");
        assert!(table.rows[1].cell_range(text, 1).is_empty());
        assert_eq!(&text[table.rows[0].range(text)], "a,\"x,\"\"y\", z");
        assert_eq!(csv_table("").expect("read"), CsvTable::default());
    }

    #[test]
    fn bytes_are_plain() {
        let print = |cell: &&str, text: &mut String| text.push_str(cell);
        let mut bytes = Vec::new();
        write_csv(&["id", "text"], [["a", "1,5"], ["", ""]].into_iter(), print, &mut bytes).expect("written");
        assert_eq!(bytes, b"id,text\na,\"1,5\"\n,\n");
        assert!(write_csv(&["id", "text"], [["a"]].into_iter(), print, &mut bytes).is_err(), "a cell is missing");
    }
}
