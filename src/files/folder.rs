//! A folder of results: made under a temporary name, filled, and renamed when it is whole.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::hash::Hashed;
use super::partial::{self, Partial};

/// The file by which a results folder is known.
const RECORD: &str = "run.json";

/// A results folder on its way. Dropped before [`ResultsFolder::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct ResultsFolder {
    partial: Partial,
    target: PathBuf,
    swept: Vec<PathBuf>,
}

/// Why a results folder cannot be begun or finished.
#[derive(Debug)]
pub enum FolderError {
    /// It exists, and was not to be replaced.
    Exists(PathBuf),
    /// It exists and holds no results: it is somebody else's.
    Foreign(PathBuf),
    /// It holds results, and files that no run has written.
    Mixed {
        /// The folder.
        path: PathBuf,
        /// The files, relative to it.
        files: Vec<String>,
    },
    /// It cannot be written.
    Unwritable {
        /// The path that failed.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
}

impl ResultsFolder {
    /// Begins the folder `parent/name`, and proves that it can be written before any work is done.
    ///
    /// # Errors
    /// It exists and `replace` is false, it is no results folder, or the system refuses.
    pub fn begin(parent: &Path, name: &str, replace: bool) -> Result<Self, FolderError> {
        let target = parent.join(name);
        let swept = partial::sweep(parent);
        let unwritable = |why| FolderError::Unwritable { path: parent.to_owned(), why };
        if target.exists() && !replace {
            return Err(FolderError::Exists(target));
        }
        if target.exists() && !target.join(RECORD).is_file() {
            return Err(FolderError::Foreign(target));
        }
        let files = if target.exists() { foreign_files(&target) } else { Vec::new() };
        if !files.is_empty() {
            return Err(FolderError::Mixed { path: target, files });
        }
        let made = !parent.exists();
        fs::create_dir_all(parent).map_err(unwritable)?;
        let partial = Partial::begin(parent, name, made).map_err(unwritable)?;
        Ok(Self { partial, target, swept })
    }

    /// Unfinished results of programs that were killed, found beside it and removed.
    #[must_use]
    pub fn swept(&self) -> &[PathBuf] {
        &self.swept
    }

    /// Where the folder will be.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Adds a file; `path` is relative and may name folders. Gives its SHA-256.
    ///
    /// # Errors
    /// The system refuses.
    pub fn add(&self, path: &str, bytes: &[u8]) -> Result<String, FolderError> {
        self.add_by(path, |file| file.write_all(bytes))
    }

    /// The same for a file that is too large to be kept in memory: `write` writes it.
    ///
    /// # Errors
    /// The system refuses, or `write` does.
    pub fn add_by(&self, path: &str, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<String, FolderError> {
        let place = self.partial.path().join(path);
        let written = || {
            if let Some(folder) = place.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut file = Hashed::new(io::BufWriter::new(fs::File::create(&place)?));
            write(&mut file)?;
            file.finish()
        };
        written().map_err(|why| FolderError::Unwritable { path: self.target.join(path), why })
    }

    /// Puts the folder in its place, an earlier one of the same name out of the way first.
    ///
    /// # Errors
    /// The system refuses; an earlier folder is then where it was.
    pub fn finish(self) -> Result<PathBuf, FolderError> {
        let Self { partial, target, .. } = self;
        let unwritable = |why| FolderError::Unwritable { path: target.clone(), why };
        let old = partial.old();
        let replaces = target.exists();
        if replaces {
            fs::rename(&target, &old).map_err(unwritable)?;
        }
        if let Err(why) = fs::rename(partial.path(), &target) {
            if replaces {
                let _ = fs::rename(&old, &target);
            }
            return Err(unwritable(why));
        }
        if replaces {
            fs::remove_dir_all(&old).map_err(unwritable)?;
        }
        Ok(target)
    }
}

impl core::fmt::Display for FolderError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Exists(path) => write!(
                f,
                "the results folder `{}` already exists\n   = help: add `--force` to replace it, or name another folder with `--output`",
                path.display()
            ),
            Self::Foreign(path) => write!(
                f,
                "`{}` exists and is not a results folder (it has no {RECORD}): it is not replaced\n   = help: move it away, or name another folder with `--output`",
                path.display()
            ),
            Self::Mixed { path, files } => write!(
                f,
                "the results folder `{}` holds what no run has written ({}): it is not replaced\n   = help: move it elsewhere, or name another folder with `--output`",
                path.display(),
                files.join(", ")
            ),
            Self::Unwritable { path, why } => {
                write!(f, "cannot write `{}`: {}\n   = help: {}", path.display(), in_words(path, why), way_out(why))
            }
        }
    }
}

impl std::error::Error for FolderError {}

/// Why a path cannot be written, for people.
#[must_use]
pub fn in_words(path: &Path, why: &io::Error) -> String {
    let above = path.ancestors().skip(1).find(|above| above.exists() && !above.is_dir());
    match (above, why.kind()) {
        _ if path.is_file() => "it is a file".to_owned(),
        _ if path.is_symlink() && !path.exists() => "it is a link to nothing".to_owned(),
        _ if path.exists() && !path.is_dir() => "it is a device, not a folder".to_owned(),
        (Some(above), _) => format!("`{}` is a file", above.display()),
        (None, io::ErrorKind::StorageFull) => "the disk is full".to_owned(),
        (None, io::ErrorKind::NotFound) => "there is no such folder".to_owned(),
        (None, kind) => kind.to_string(),
    }
}

/// What to do about a path that cannot be written.
#[must_use]
pub fn way_out(why: &io::Error) -> &'static str {
    match why.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make room, or name a folder on another disk with `--output`"
        }
        _ => "name a folder that you may write to with `--output`",
    }
}

/// The most foreign files that are named.
const MOST_NAMED: usize = 5;

/// Files in a results folder that its record does not list, relative to it; of many the first.
fn foreign_files(folder: &Path) -> Vec<String> {
    let record = fs::read_to_string(folder.join(RECORD)).unwrap_or_default();
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(&inner).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
                continue;
            }
            let Ok(name) = path.strip_prefix(folder) else { continue };
            let name = name.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            if name != RECORD && !record.contains(&format!("\"path\": \"{name}\"")) {
                found.push(format!("`{name}`"));
            }
        }
    }
    found.sort_unstable();
    if found.len() > MOST_NAMED {
        let more = found.len() - MOST_NAMED;
        found.truncate(MOST_NAMED);
        found.push(format!("and {more} more"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_appears_whole_or_not_at_all() {
        let parent = tempfile::tempdir().expect("a temporary folder");
        let names = || {
            let entries = fs::read_dir(parent.path()).expect("listed");
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("text")).collect::<Vec<_>>()
        };
        let folder = ResultsFolder::begin(parent.path(), "r", false).expect("begun");
        folder.add("figures/a.svg", b"1").expect("added");
        assert!(!parent.path().join("r").exists());
        drop(folder);
        assert!(names().is_empty(), "given up, it leaves nothing");

        let folder = ResultsFolder::begin(parent.path(), "r", false).expect("begun");
        folder.add("a.csv", b"1").expect("added");
        folder.add(RECORD, br#"{ "files": [{ "path": "a.csv" }] }"#).expect("added");
        folder.finish().expect("finished");
        assert_eq!(names(), ["r"]);

        assert!(matches!(ResultsFolder::begin(parent.path(), "r", false), Err(FolderError::Exists(_))));
        fs::create_dir(parent.path().join("r/mine")).expect("made");
        fs::write(parent.path().join("r/mine/notes.txt"), b"mine").expect("written");
        let mixed = ResultsFolder::begin(parent.path(), "r", true).expect_err("somebody's notes are in it");
        assert!(mixed.to_string().contains("(`mine/notes.txt`)"), "{mixed}");
        fs::remove_dir_all(parent.path().join("r/mine")).expect("moved away");
        let folder = ResultsFolder::begin(parent.path(), "r", true).expect("begun again");
        folder.add("b.csv", b"2").expect("added");
        folder.finish().expect("replaced");
        assert_eq!(names(), ["r"]);
        assert!(!parent.path().join("r/a.csv").exists(), "nothing of the old results is left");

        let foreign = ResultsFolder::begin(parent.path(), "r", true);
        assert!(matches!(foreign, Err(FolderError::Foreign(_))), "without a record it is somebody else's");
    }
}
