//! `rxoutage explain`

use super::args::Explain;
use super::examples::EXAMPLES;
use super::{Failure, Verdict, load, say};
use crate::scenario;

/// Says what a setting is, what it says, and who said it.
pub(crate) fn explain(arguments: &Explain) -> Result<Verdict, Failure> {
    let loaded = load::load(&arguments.scenario)?;
    if let Some(key) = &arguments.key {
        let explained = scenario::explain(&loaded.settings, key);
        let unknown = |words| Failure::bad_input(format!("error: {words}{}", elsewhere(key.trim())));
        say(&explained.map_err(unknown)?);
        return Ok(Verdict::Success);
    }
    for setting in &loaded.settings {
        let place = match (&setting.file, setting.line) {
            (Some(file), Some(line)) => format!("{file}:{line}"),
            (Some(file), None) => file.clone(),
            (None, _) => "default".to_owned(),
        };
        let by = setting.precaution.as_ref().map_or_else(String::new, |id| format!(", by the precaution `{id}`"));
        say(&format!("{} = {}    # {place}{by}\n", setting.key_path, setting.value));
    }
    Ok(Verdict::Success)
}

/// Where to see a key that a scenario does not set: the first example that sets it.
fn elsewhere(key_path: &str) -> String {
    let key = key_path.rsplit('.').next().unwrap_or(key_path);
    if key.is_empty() {
        return String::new();
    }
    let sets = |line: &str| {
        let line = line.trim_start();
        let header = line.strip_prefix('[').and_then(|rest| rest.trim_start_matches('[').split(']').next());
        let before = line.split('=').next().unwrap_or_default().trim();
        header.is_some_and(|header| header == key_path || header.ends_with(&format!(".{key}"))) || before == key
    };
    EXAMPLES.iter().find(|example| example.text.lines().any(sets)).map_or_else(String::new, |example| {
        format!("\nif it is `{key}` that you mean, the example `{0}` sets it: rxoutage examples {0}", example.name)
    })
}
