//! A folder on its way, and what is left of those whose program was killed.
//!
//! Beside each such folder lies a lock file, held for as long as the program lives: the system lets go of it even if the program is killed.
//! Whoever can take the lock knows that nobody owns the folder.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// What stands between the name of the results and a random ending.
const MARK: &str = "-partial-";

/// Ending of a lock file; without it, the name of its folder.
const LOCK: &str = ".lock";

/// Ending of an earlier folder that was put out of the way.
const OLD: &str = ".old";

/// A folder under a temporary name. Dropped, it is gone.
#[derive(Debug)]
pub(super) struct Partial {
    path: PathBuf,
    /// Locked, and removed when dropped.
    lock: Option<tempfile::NamedTempFile>,
    /// The folder that it is in, if that was made for it: gone too, if nothing is left in it.
    made: Option<PathBuf>,
}

impl Partial {
    /// Makes the folder for results called `name`; `made` if its parent was made for it.
    pub(super) fn begin(parent: &Path, name: &str, made: bool) -> io::Result<Self> {
        loop {
            let lock = tempfile::Builder::new().prefix(&format!(".{name}{MARK}")).suffix(LOCK).tempfile_in(parent)?;
            // Where the system knows no locks, nobody can take one, and nothing is swept.
            let _ = lock.as_file().lock();
            // In the instant before it was locked somebody may have swept it away.
            if !lock.path().exists() {
                continue;
            }
            let path = without(lock.path(), LOCK).unwrap_or_else(|| lock.path().with_extension("folder"));
            fs::create_dir(&path)?;
            return Ok(Self { path, lock: Some(lock), made: made.then(|| parent.to_owned()) });
        }
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where an earlier folder waits until this one has taken its place.
    pub(super) fn old(&self) -> PathBuf {
        with(&self.path, OLD)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Finished, it has been renamed and is not there any more.
        let _ = fs::remove_dir_all(&self.path);
        drop(self.lock.take());
        if let Some(parent) = &self.made {
            let _ = fs::remove_dir(parent);
        }
    }
}

/// Removes what programs that were killed have left in a folder, and puts earlier results back that they had put out of the way; returns what
/// was removed. What cannot be removed stays.
pub(super) fn sweep(parent: &Path) -> Vec<PathBuf> {
    let mut removed = Vec::new();
    let Ok(entries) = fs::read_dir(parent) else { return removed };
    for entry in entries.flatten() {
        let path = entry.path();
        let Some(name) = entry.file_name().to_str().and_then(|name| results_name(name).map(str::to_owned)) else { continue };
        let Ok(lock) = File::options().read(true).write(true).open(&path) else { continue };
        if lock.try_lock().is_err() {
            continue;
        }
        let Some(folder) = without(&path, LOCK) else { continue };
        let (old, target) = (with(&folder, OLD), parent.join(name));
        let restored = !target.exists() && old.exists() && fs::rename(&old, &target).is_ok();
        if !restored {
            let _ = fs::remove_dir_all(&old);
        }
        if fs::remove_dir_all(&folder).is_ok() {
            removed.push(folder.clone());
        }
        if !folder.exists() {
            let _ = fs::remove_file(&path);
        }
    }
    removed.sort();
    removed
}

/// The name of the results in the name of a lock file.
fn results_name(lock: &str) -> Option<&str> {
    let inner = lock.strip_prefix('.')?.strip_suffix(LOCK)?;
    inner.rfind(MARK).map(|at| &inner[..at]).filter(|name| !name.is_empty())
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn without(path: &Path, ending: &str) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?.strip_suffix(ending)?;
    Some(path.with_file_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("listed");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("text")).collect();
        names.sort();
        names
    }

    #[test]
    fn what_lives_is_left_alone() {
        let parent = tempfile::tempdir().expect("a temporary folder");
        let living = Partial::begin(parent.path(), "r-1", false).expect("begun");
        assert!(sweep(parent.path()).is_empty());
        assert!(living.path().is_dir());
        drop(living);
        assert!(names(parent.path()).is_empty(), "nothing is left");
    }

    #[test]
    fn what_was_killed_is_removed_and_nothing_else() {
        let parent = tempfile::tempdir().expect("a temporary folder");
        let put = |path: &str| {
            let path = parent.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, "x").expect("written");
        };
        put(".r-1-partial-abc.lock");
        put(".r-1-partial-abc/summary.csv");
        put(".r-1-partial-abc.old/run.json");
        put(".mine/a");
        put(".r-1-partial-def/no-lock");
        put("r-2/run.json");
        put(".partial-abc.lock");
        assert_eq!(sweep(parent.path()), [parent.path().join(".r-1-partial-abc")]);
        let left = [".mine", ".partial-abc.lock", ".r-1-partial-def", "r-1", "r-2"];
        assert_eq!(names(parent.path()), left, "earlier results are back in their place");
        assert!(parent.path().join("r-1/run.json").is_file());
    }
}
