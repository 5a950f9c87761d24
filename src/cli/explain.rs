//! `rxoutage explain`

use super::args::Explain;
use super::{Failure, Verdict, load, say};
use crate::scenario;

/// Says what a setting is, what it says, and who said it.
pub(crate) fn explain(arguments: &Explain) -> Result<Verdict, Failure> {
    let loaded = load::load(&arguments.scenario)?;
    if let Some(key) = &arguments.key {
        say(&scenario::explain(&loaded.settings, key).map_err(|words| Failure::bad_input(format!("error: {words}")))?);
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
