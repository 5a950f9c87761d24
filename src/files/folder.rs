//! A folder of results: made under a temporary name, filled, and renamed when it is whole.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

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
    /// It exists and `replace` is false (the results of an interrupted run may always be replaced), it is no results folder, or the system refuses.
    pub fn begin(parent: &Path, name: &str, replace: bool) -> Result<Self, FolderError> {
        let target = parent.join(name);
        let swept = partial::sweep(parent);
        let unwritable = |why| FolderError::Unwritable { path: parent.to_owned(), why };
        if target.exists() && !replace && !is_interrupted(&target) {
            return Err(FolderError::Exists(target));
        }
        if target.exists() && !target.join(RECORD).is_file() {
            return Err(FolderError::Foreign(target));
        }
        fs::create_dir_all(parent).map_err(unwritable)?;
        let partial = Partial::begin(parent, name).map_err(unwritable)?;
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

    /// Adds a file; `path` is relative and may name folders.
    ///
    /// # Errors
    /// The system refuses.
    pub fn add(&self, path: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let file = self.partial.path().join(path);
        let unwritable = |why| FolderError::Unwritable { path: self.target.join(path), why };
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(unwritable)?;
        }
        fs::write(&file, bytes).map_err(unwritable)
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
            Self::Unwritable { path, why } => {
                write!(
                    f,
                    "cannot write `{}`: {}\n   = help: name a folder that you may write to with `--output`",
                    path.display(),
                    why.kind()
                )
            }
        }
    }
}

impl std::error::Error for FolderError {}

/// Whether a folder holds the results of a run that was stopped before its end: the same run, finished, holds them and more.
fn is_interrupted(folder: &Path) -> bool {
    fs::read_to_string(folder.join(RECORD)).is_ok_and(|record| record.contains("\"interrupted\": true"))
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
        folder.add(RECORD, b"{}").expect("added");
        folder.finish().expect("finished");
        assert_eq!(names(), ["r"]);

        assert!(matches!(ResultsFolder::begin(parent.path(), "r", false), Err(FolderError::Exists(_))));
        let folder = ResultsFolder::begin(parent.path(), "r", true).expect("begun again");
        folder.add("b.csv", b"2").expect("added");
        folder.finish().expect("replaced");
        assert_eq!(names(), ["r"]);
        assert!(!parent.path().join("r/a.csv").exists(), "nothing of the old results is left");

        let foreign = ResultsFolder::begin(parent.path(), "r", true);
        assert!(matches!(foreign, Err(FolderError::Foreign(_))), "without a record it is somebody else's");
    }
}
