//! `rxoutage new`

use std::path::Path;

use super::args::New;
use super::{Failure, Verdict, examples, say};
use crate::files;
use crate::input::check_id;

/// Writes a copy of an example under a name of its own, with the scenarios that it extends beside it.
pub(crate) fn new(arguments: &New) -> Result<Verdict, Failure> {
    let example = examples::find(&arguments.from)?;
    let file = &arguments.file;
    let bad = |words: String| Failure::bad_input(format!("error: {words}"));
    if file.extension().is_none_or(|extension| extension != "toml") {
        return Err(bad(format!(
            "`{}` is not a .toml file\n   = help: write `{}`",
            file.display(),
            file.with_extension("toml").display()
        )));
    }
    let name = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if let Err((why, help)) = check_id(name) {
        let help = help.map(|id| format!("\n   = help: for example `{id}`")).unwrap_or_default();
        return Err(bad(format!("the file name is the scenario's name, and `{name}` {why}{help}")));
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut wanted = vec![(file.clone(), renamed(example, name))];
    for parent in parents(example) {
        wanted.push((folder.join(format!("{}.toml", parent.name)), parent.text.to_owned()));
    }
    // A parent that is already there in the same words is fine; anything else is never written over.
    wanted.retain(|(path, text)| files::read_text(path, 16 << 20).map_or(true, |there| there.text != *text) || path == file);
    if let Some((path, _)) = wanted.iter().find(|(path, _)| path.exists()) {
        return Err(bad(format!("`{}` already exists\n   = help: choose another name, or remove it first", path.display())));
    }
    for (path, text) in &wanted {
        files::write_atomically(path, text.as_bytes())
            .map_err(|why| bad(format!("cannot write `{}`: {}", path.display(), why.kind())))?;
        say(&format!("wrote {}\n", path.display()));
    }
    say(&format!("next: rxoutage run {}\n", file.display()));
    Ok(Verdict::Success)
}

/// The text of an example with its `name` replaced.
fn renamed(example: &examples::Example, name: &str) -> String {
    example.text.replacen(&format!("name = \"{}\"", example.name), &format!("name = \"{name}\""), 1)
}

/// The examples that an example extends.
fn parents(example: &examples::Example) -> Vec<&'static examples::Example> {
    let extended = example.text.lines().find_map(|line| line.strip_prefix("extends = \"")?.strip_suffix('"'));
    extended.and_then(|parent| examples::find(parent).ok()).into_iter().collect()
}
