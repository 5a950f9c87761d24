//! `rxoutage targets`: what results say of the targets, as one Markdown table.

use std::path::{Path, PathBuf};

use super::args::Targets;
use super::{Failure, Verdict, say};
use crate::files::{ReadErrorKind, in_words, read_text, write_atomically};
use crate::report;

/// No table of targets is larger.
const LARGEST: u64 = 16 << 20;

/// Writes the table of the targets of one or more results folders.
pub(crate) fn targets(arguments: &Targets) -> Result<Verdict, Failure> {
    let paths: Vec<PathBuf> = arguments.results.iter().map(|path| table_of(path)).collect();
    let texts: Vec<String> = paths.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
    let table = report::validation_table(&texts).map_err(|error| {
        let path = paths.get(error.index).map_or(String::new(), |path| path.display().to_string());
        Failure::bad_input(format!(
            "error: cannot use `{path}`: {error}\n   = help: name results folders of scenarios with targets, each once"
        ))
    })?;
    let Some(path) = &arguments.output else {
        say(&table);
        return Ok(Verdict::Success);
    };
    if path.is_dir() {
        let words =
            format!("error: `{}` is a folder\n   = help: name a file for the table, for example targets.md", path.display());
        return Err(Failure::bad_input(words));
    }
    if path.exists() && !arguments.force {
        let words = format!("error: `{}` already exists\n   = help: add `--force` to replace it", path.display());
        return Err(Failure::bad_input(words));
    }
    write_atomically(path, table.as_bytes())
        .map_err(|why| Failure::bad_input(format!("error: cannot write `{}`: {}", path.display(), in_words(path, &why))))?;
    say(&format!("wrote {}\n", path.display()));
    Ok(Verdict::Success)
}

/// The table in a results folder, or the file itself.
fn table_of(path: &Path) -> PathBuf {
    if path.is_dir() { path.join("targets.csv") } else { path.to_owned() }
}

fn read(path: &Path) -> Result<String, Failure> {
    read_text(path, LARGEST).map(|file| file.text).map_err(|error| {
        let help = match &error.kind {
            ReadErrorKind::Missing { names, .. } if names.iter().any(|name| name == "run.json") => {
                "\n   = help: the scenario of these results has no [[target]]"
            }
            ReadErrorKind::Missing { .. } => {
                "\n   = help: name a results folder: the last line of `rxoutage run` says where it is"
            }
            _ => "",
        };
        Failure::bad_input(format!("error: {error}{help}"))
    })
}
