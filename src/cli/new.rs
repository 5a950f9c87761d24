//! `rxoutage new`

use core::fmt::Write as _;

use super::args::New;
use super::{Failure, Verdict, examples, say};
use crate::files;
use crate::scenario::as_name;

/// A larger file than this is no scenario \[bytes\].
const LARGEST: u64 = 16 << 20;

/// Writes a copy of an example under a name of its own, with the scenarios that it extends beside it, unless they are there.
pub(crate) fn new(arguments: &New) -> Result<Verdict, Failure> {
    let example = examples::find(&arguments.from)?;
    let file = &arguments.file;
    let bad = |words: String| Failure::bad_input(format!("error: {words}"));
    let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let name = if stem.starts_with('.') { String::new() } else { as_name(stem) };
    if file.extension().is_none_or(|extension| extension != "toml") || name.is_empty() {
        let better = if name.is_empty() { "my-outage" } else { &name };
        return Err(bad(format!(
            "`{}` does not name a scenario file: a name with a letter in it, and .toml\n   = help: for example `{}`",
            file.display(),
            file.with_file_name(format!("{better}.toml")).display()
        )));
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(bad(format!("there is no folder `{}`\n   = help: make it first", folder.display())));
    }
    let mut wanted = vec![(file.clone(), renamed(example, &name))];
    let mut notes = String::new();
    for parent in ancestors(example) {
        let path = file.with_file_name(format!("{}.toml", parent.name));
        // A parent that is there is used as it is: it may be somebody's work. Whose text counts is said.
        match files::read_text(&path, LARGEST) {
            Ok(there) if there.text == parent.text => {
                let _ = writeln!(notes, "uses {}, which is there already", path.display());
            }
            Ok(_) => {
                let _ = writeln!(
                    notes,
                    "uses {}, which is there already and differs from the example of that name: results will differ, too",
                    path.display()
                );
            }
            Err(_) => wanted.push((path, parent.text.to_owned())),
        }
    }
    if let Some((path, _)) = wanted.iter().find(|(path, _)| path.exists()) {
        return Err(bad(format!("`{}` already exists\n   = help: choose another name, or remove it first", path.display())));
    }
    for (path, text) in &wanted {
        files::write_atomically(path, text.as_bytes())
            .map_err(|why| bad(format!("cannot write `{}`: {}", path.display(), files::in_words(path, &why))))?;
        say(&format!("wrote {}\n", path.display()));
    }
    if name != stem {
        say(&format!("the scenario's name is {name}: lower-case letters, digits and hyphens\n"));
    }
    say(&notes);
    say(&format!("next: rxoutage run {}\n", as_typed(&file.display().to_string())));
    Ok(Verdict::Success)
}

/// A path as it is typed at a prompt: in quotes if it has spaces or what a shell would read as something else.
fn as_typed(path: &str) -> String {
    let plain = path.chars().all(|c| c.is_alphanumeric() || "/\\._-:".contains(c));
    if plain { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

/// The text of an example with its `name` replaced.
fn renamed(example: &examples::Example, name: &str) -> String {
    example.text.replacen(&format!("name = \"{}\"", example.name), &format!("name = \"{name}\""), 1)
}

/// The examples that an example extends, and those that they extend.
fn ancestors(example: &examples::Example) -> Vec<&'static examples::Example> {
    let parent = |example: &examples::Example| {
        let extended = example.text.lines().find_map(|line| line.strip_prefix("extends = \"")?.strip_suffix('"'));
        extended.and_then(|parent| examples::find(parent).ok())
    };
    core::iter::successors(parent(example), |ancestor| parent(ancestor)).collect()
}
