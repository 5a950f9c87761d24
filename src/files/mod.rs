//! Files: the only place that opens one.

mod csv_rows;
mod folder;
mod hash;
mod partial;
mod read;
mod write;

pub use csv_rows::{CsvRow, CsvTable, csv_table, write_csv};
pub use folder::{FolderError, ResultsFolder, in_words, way_out};
pub use hash::sha256_hex;
pub use read::{ReadError, ReadErrorKind, TextFile, read_text};
pub use write::{create_folder, write_atomically};
