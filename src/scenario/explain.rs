//! What a setting is, what it says, and who said it.

use std::fmt::Write as _;

use super::Setting;
use crate::input::{name_list, nearest};

/// Words about the setting at `key_path`, or about all settings below it.
///
/// # Errors
/// There is no such setting; the text says which are near.
pub fn explain(settings: &[Setting], key_path: &str) -> Result<String, String> {
    let wanted = by_id(settings, key_path.trim());
    let wanted = wanted.as_str();
    if let Some(setting) = settings.iter().find(|setting| setting.key_path == wanted) {
        return Ok(described(setting));
    }
    let below: Vec<&Setting> = settings.iter().filter(|setting| is_below(&setting.key_path, wanted)).collect();
    if !below.is_empty() {
        return Ok(below.into_iter().map(described).collect::<Vec<_>>().join("\n"));
    }
    // A part of a value, such as the mean of a law, is explained with the value.
    if let Some(setting) = settings.iter().find(|setting| is_below(wanted, &setting.key_path)) {
        return Ok(described(setting));
    }
    let mut message = format!("there is no setting `{wanted}` in this scenario\n");
    let paths: Vec<&str> = settings.iter().map(|setting| setting.key_path.as_str()).collect();
    let last = wanted.rsplit('.').next().unwrap_or(wanted);
    let same_key: Vec<&str> = paths.iter().copied().filter(|path| path.rsplit('.').next() == Some(last)).collect();
    // What has settings below it can be asked for as well.
    let tables = paths.iter().flat_map(|path| path.match_indices('.').map(|(end, _)| &path[..end]));
    let help = match nearest(wanted, paths.iter().copied().chain(tables)) {
        Some(path) => format!("did you mean `{path}`?"),
        None if !same_key.is_empty() => format!("did you mean {}?", name_list(&same_key)),
        None => {
            let mut sections: Vec<&str> = paths.iter().map(|path| path.split('.').next().unwrap_or(path)).collect();
            sections.dedup();
            let mut seen = Vec::new();
            sections.retain(|section| {
                !seen.contains(section) && {
                    seen.push(*section);
                    true
                }
            });
            format!("the sections are {}", name_list(&sections))
        }
    };
    message.push_str(&help);
    Err(message)
}

/// Sections that are lists of tables with an id: what they hold is named by its id, or by its place as in `--set`.
const LISTS: [&str; 6] = ["attack", "failure", "order", "outage", "precaution", "target"];

/// A path with the place in a list, `outage.0.at`, as one with the id, `outage.ransomware.at`.
fn by_id(settings: &[Setting], path: &str) -> String {
    let mut steps = path.splitn(3, '.');
    let (Some(list), Some(Ok(place))) = (steps.next(), steps.next().map(str::parse::<usize>)) else { return path.to_owned() };
    let mut ids: Vec<&str> = Vec::new();
    for setting in settings {
        if let Some(id) = setting.key_path.strip_prefix(list).and_then(|rest| rest.strip_prefix('.')?.split('.').next())
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }
    match ids.get(place).filter(|_| LISTS.contains(&list)) {
        Some(id) => steps.next().map_or_else(|| format!("{list}.{id}"), |rest| format!("{list}.{id}.{rest}")),
        None => path.to_owned(),
    }
}

/// Whether a path lies within another.
fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.starts_with('.'))
}

fn described(setting: &Setting) -> String {
    let mut text = format!("{} = {}\n", setting.key_path, setting.value);
    let _ = writeln!(text, "  what:    {}", setting.about);
    if !setting.unit.is_empty() {
        let _ = writeln!(text, "  unit:    {}", setting.unit);
    }
    let _ = match &setting.default {
        Some(default) => writeln!(text, "  default: {default}"),
        None => writeln!(text, "  default: none"),
    };
    let by = setting.precaution.as_ref().map_or_else(String::new, |id| format!(", by the precaution `{id}`"));
    let _ = match (&setting.file, setting.line) {
        (Some(file), Some(line)) => writeln!(text, "  set in:  {file}:{line}{by}"),
        (Some(file), None) => writeln!(text, "  set in:  {file}{by}"),
        (None, _) => writeln!(text, "  set in:  nowhere, this is the default"),
    };
    text
}
