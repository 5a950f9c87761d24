//! The top of the file: format and names.

use crate::input::{At, Given, Reader, shortened};

/// What a scenario says about itself.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) description: String,
}

/// The longest name \[characters\]: it becomes a folder's name.
const LONGEST_NAME: usize = 64;

/// The longest title \[characters\]: it is written under every chart.
const LONGEST_TITLE: usize = 200;

/// Reads `format`, `name`, `title` and `description`. `extends` has been followed and is gone.
pub(super) fn read(top: &mut Reader<'_>) -> Option<Head> {
    let format = read_format(top);
    let name = read_name(top);
    let fallback = name.clone().unwrap_or_default();
    let title = top.or_default::<String>("title", fallback, "Title for people.");
    if let Some(At { value, .. }) = &title
        && value.contains('\n')
    {
        top.refuse("title", "`title` has several lines", "more than one line", "say the rest in `description`");
    }
    if let Some(At { value, .. }) = &title
        && value.chars().count() > LONGEST_TITLE
    {
        let message = format!("`title` has {} characters: at most {LONGEST_TITLE}", value.chars().count());
        top.refuse("title", message, "too long for a chart", "say the rest in `description`");
    }
    let description = top.or_default::<String>("description", "", "What the scenario is about.");
    // Known, so that the unknown-key check offers it.
    let _ = top.has("extends");
    format?;
    let (title, description) = (title?.value, description?.value);
    Some(Head { name: name?, title, description })
}

fn read_format(top: &mut Reader<'_>) -> Option<()> {
    if let Given::Absent = top.optional::<u64>("format", "Version of the scenario format.") {
        top.missing("format", "format = 1", "the version of the scenario format that the file is written in");
        return None;
    }
    // Every other number has been refused with the file that says it.
    let (node, ..) = top.node("format")?;
    (node.value.as_number() == Some(1.0)).then_some(())
}

fn read_name(top: &mut Reader<'_>) -> Option<String> {
    let name = top
        .required_like::<String>("name", "\"my-scenario\"", "Short name of the scenario, which names the folder of its results.")?
        .value;
    let better = as_name(&name);
    if better == name && !name.is_empty() {
        return Some(name);
    }
    let help =
        if better.is_empty() { "for example name = \"my-scenario\"".to_owned() } else { format!("write name = \"{better}\"") };
    let message = format!(
        "`name`: \"{}\" is not a name: a lower-case letter, then lower-case letters, digits and hyphens, at most {LONGEST_NAME} in all",
        shortened(name)
    );
    top.refuse("name", message, "not a name", help);
    None
}

/// The name of a scenario that is nearest to a text: the text itself, if it is one; empty, if there is none.
#[must_use]
pub fn as_name(text: &str) -> String {
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let better: String = text.to_lowercase().chars().map(|c| if inside(c) { c } else { '-' }).collect();
    better.trim_start_matches(|c: char| !c.is_ascii_lowercase()).chars().take(LONGEST_NAME).collect()
}
