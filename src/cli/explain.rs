//! `rxoutage explain`

use super::args::Explain;
use super::{Failure, Verdict, load, say};
use crate::scenario;

/// Says what a setting is, what it says, and who said it.
pub(crate) fn explain(arguments: &Explain) -> Result<Verdict, Failure> {
    let loaded = load::load(&arguments.scenario)?;
    match &arguments.key {
        Some(key) => say(&scenario::explain(&loaded.settings, key).map_err(|words| Failure::bad_input(format!("error: {words}")))?),
        None => {
            let lines = loaded.settings.iter().map(|setting| {
                let place = match (&setting.file, setting.line) {
                    (Some(file), Some(line)) => format!("{file}:{line}"),
                    (Some(file), None) => file.clone(),
                    (None, _) => "default".to_owned(),
                };
                format!("{} = {}    # {place}\n", setting.key_path, setting.value)
            });
            say(&lines.collect::<String>());
        }
    }
    Ok(Verdict::Success)
}
