//! Reading a text file, and saying well why it cannot be read.

use core::fmt;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::sha256_hex;

/// A text file that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadError {
    /// The path as asked for.
    pub path: String,
    /// Why.
    pub kind: ReadErrorKind,
}

/// Why a text file cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReadErrorKind {
    /// There is no such file; the names in its folder, sorted, if the folder can be read.
    Missing {
        /// File names in the folder.
        names: Vec<String>,
        /// Whether the folder exists.
        folder_exists: bool,
    },
    /// It is a folder.
    Folder,
    /// It is larger than allowed \[bytes\].
    TooLarge {
        /// The most that is read.
        limit: u64,
    },
    /// It is not UTF-8; the line of the first wrong byte, from 1.
    NotUtf8 {
        /// Line number.
        line: usize,
    },
    /// The system says no.
    System(String),
}

/// A text as read, with the fingerprint of the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextFile {
    /// The text, without a byte order mark.
    pub text: String,
    /// SHA-256 of the file's bytes.
    pub sha256: String,
}

/// Reads a UTF-8 text of at most `limit` bytes; a byte order mark is left away.
///
/// # Errors
/// Why it cannot be read.
pub fn read_text(path: &Path, limit: u64) -> Result<TextFile, ReadError> {
    let failed = |kind| ReadError { path: path.display().to_string(), kind };
    let system = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => failed(missing(path)),
        ErrorKind::IsADirectory => failed(ReadErrorKind::Folder),
        kind => failed(ReadErrorKind::System(kind.to_string())),
    };
    if fs::metadata(path).map_err(system)?.is_dir() {
        return Err(failed(ReadErrorKind::Folder));
    }
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that fits from one that does not, whatever its metadata say.
    fs::File::open(path).map_err(system)?.take(limit + 1).read_to_end(&mut bytes).map_err(system)?;
    if bytes.len() as u64 > limit {
        return Err(failed(ReadErrorKind::TooLarge { limit }));
    }
    let sha256 = sha256_hex(&bytes);
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
        failed(ReadErrorKind::NotUtf8 { line: before.matches('\n').count() + 1 })
    })?;
    Ok(TextFile { text, sha256 })
}

/// What else is in the folder.
fn missing(path: &Path) -> ReadErrorKind {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = fs::read_dir(folder);
    let folder_exists = entries.is_ok();
    let mut names: Vec<String> =
        entries.into_iter().flatten().flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    ReadErrorKind::Missing { names, folder_exists }
}

impl std::error::Error for ReadError {}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.kind {
            ReadErrorKind::Missing { folder_exists: false, .. } => write!(f, "cannot read `{path}`: its folder does not exist"),
            ReadErrorKind::Missing { .. } => write!(f, "cannot read `{path}`: there is no such file"),
            ReadErrorKind::Folder => write!(f, "cannot read `{path}`: it is a folder"),
            ReadErrorKind::TooLarge { limit } => {
                write!(f, "cannot read `{path}`: it is larger than {} MB", limit / (1024 * 1024))
            }
            ReadErrorKind::NotUtf8 { line } => write!(f, "cannot read `{path}`: line {line} is not UTF-8 text"),
            ReadErrorKind::System(why) => write!(f, "cannot read `{path}`: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_fail_is_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.toml");
        fs::write(&path, b"\xef\xbb\xbfa = 1\n").expect("written");
        assert_eq!(read_text(&path, 100).expect("read").text, "a = 1\n");
        assert_eq!(read_text(&path, 5).expect_err("too large").kind, ReadErrorKind::TooLarge { limit: 5 });
        assert_eq!(read_text(folder.path(), 100).expect_err("folder").kind, ReadErrorKind::Folder);
        let missing = read_text(&folder.path().join("b.toml"), 100).expect_err("missing").kind;
        assert_eq!(missing, ReadErrorKind::Missing { names: vec!["a.toml".to_owned()], folder_exists: true });
        fs::write(&path, b"a = 1\nb = \"\xff\"\n").expect("written");
        assert_eq!(read_text(&path, 100).expect_err("latin 1").kind, ReadErrorKind::NotUtf8 { line: 2 });
    }
}
