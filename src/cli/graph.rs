//! `rxoutage graph`

use super::args::Graph;
use super::{Failure, Verdict, load, say};
use crate::files;
use crate::report;

/// Draws the network of a scenario as SVG and DOT.
pub(crate) fn graph(arguments: &Graph) -> Result<Verdict, Failure> {
    let loaded = load::load(&arguments.scenario)?;
    let scenario = &loaded.scenario;
    let picture = scenario.network.picture();
    let svg = report::network_map(&picture, &scenario.title);
    let outputs = [
        (arguments.output.join(format!("{}-network.svg", scenario.name)), svg),
        (arguments.output.join(format!("{}-network.dot", scenario.name)), picture.dot),
    ];
    if let Some((path, _)) = outputs.iter().find(|(path, _)| !arguments.force && path.exists()) {
        let words = format!("error: `{}` already exists\n   = help: add `--force` to replace it", path.display());
        return Err(Failure::bad_input(words));
    }
    for (path, text) in &outputs {
        files::create_folder(&arguments.output).and_then(|()| files::write_atomically(path, text.as_bytes())).map_err(|why| {
            let folder = &arguments.output;
            let (words, help) = (files::in_words(folder, &why), files::way_out(&why));
            Failure::bad_input(format!("error: cannot write `{}`: {words}\n   = help: {help}", folder.display()))
        })?;
        say(&format!("wrote {}\n", path.display()));
    }
    Ok(Verdict::Success)
}
