//! What is wrong with the input, shown where it is wrong.

use core::fmt;
use std::fmt::Write as _;

use super::place::boundary;
use super::{Place, Sources};

/// The widest part of a source line that is shown.
const WIDEST: usize = 110;

/// How much of a cut line stands before the caret.
const LEAD: usize = 40;

/// One mistake in the input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// Where; `None` where no file is to blame.
    pub place: Option<Place>,
    /// Short text under the caret; may be empty.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    /// A problem at a place.
    #[must_use]
    pub fn at(place: Place, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self { message: message.into(), place: Some(place), label: label.into(), help: None }
    }

    /// A problem with no place in a file.
    #[must_use]
    pub fn nowhere(message: impl Into<String>) -> Self {
        Self { message: message.into(), place: None, label: String::new(), help: None }
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Everything that is wrong, in the order of files and lines. `Display` is the text for people.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
    sources: Sources,
}

impl Problems {
    /// Sorts problems by place; those without a place come first. What is said twice is said once.
    #[must_use]
    pub fn new(mut list: Vec<Problem>, sources: Sources) -> Self {
        list.sort_by_key(|problem| problem.place);
        list.dedup();
        Self { list, sources }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many things are wrong.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The problems in order.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.list.iter()
    }

    /// Adds one more, in its place.
    pub fn push(&mut self, problem: Problem) {
        let index = self.list.partition_point(|known| known.place <= problem.place);
        self.list.insert(index, problem);
    }
}

impl std::error::Error for Problems {}

/// Each problem with its line and a caret; an empty line between two problems.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.list.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write_problem(f, problem, &self.sources)?;
        }
        Ok(())
    }
}

fn write_problem(f: &mut fmt::Formatter<'_>, problem: &Problem, sources: &Sources) -> fmt::Result {
    writeln!(f, "error: {}", printable(&problem.message))?;
    let mut gutter = 1;
    if let Some(place) = problem.place {
        let name = printable(sources.name(place.source));
        if place.is_whole_file() {
            writeln!(f, " --> {name}")?;
        } else {
            gutter = write_line(f, problem, place, &name, sources)?;
        }
    }
    if let Some(help) = &problem.help {
        let indent = " ".repeat(gutter + 1);
        for (index, line) in help.lines().enumerate() {
            let head = if index == 0 { "= help: " } else { "        " };
            writeln!(f, "{indent}{head}{}", printable(line))?;
        }
    }
    Ok(())
}

/// Writes the line and the caret; returns the width of the line number.
fn write_line(
    f: &mut fmt::Formatter<'_>,
    problem: &Problem,
    place: Place,
    name: &str,
    sources: &Sources,
) -> Result<usize, fmt::Error> {
    let (line, column, range) = sources.line_at(place);
    let text = sources.text(place.source);
    let start = boundary(text, place.start as usize);
    let end = boundary(text, place.end as usize).clamp(start, range.end.max(start));
    let (shown, lead, marked) = excerpt(&text[range.start..start], &text[start..end], &text[end..range.end.max(end)]);
    let number = line.to_string();
    let indent = " ".repeat(number.len());
    writeln!(f, "{indent}--> {name}:{line}:{column}")?;
    writeln!(f, "{indent} |")?;
    writeln!(f, "{}", format!("{number} | {shown}").trim_end())?;
    let caret = format!("{indent} | {}{} {}", " ".repeat(lead), "^".repeat(marked.max(1)), printable(&problem.label));
    writeln!(f, "{}", caret.trim_end())?;
    Ok(number.len())
}

/// A line as it is shown, cut around the marked part if it is too long, with the display width before and of the mark.
fn excerpt(before: &str, marked: &str, after: &str) -> (String, usize, usize) {
    let (before, marked, after) = (spelled(before), spelled(marked), spelled(after));
    let width = |text: &[(char, usize)]| text.iter().map(|&(_, width)| width).sum::<usize>();
    let whole = width(&before) + width(&marked) + width(&after);
    let collect = |text: &[(char, usize)]| text.iter().map(|&(c, _)| c).collect::<String>();
    if whole <= WIDEST {
        let shown = collect(&before) + &collect(&marked) + &collect(&after);
        return (shown, width(&before), width(&marked));
    }
    let mut from = before.len();
    let mut lead = 0;
    while from > 0 && lead + before[from - 1].1 <= LEAD {
        from -= 1;
        lead += before[from].1;
    }
    let mut shown = String::new();
    if from > 0 {
        shown.push_str("...");
        lead += 3;
    }
    shown.push_str(&collect(&before[from..]));
    let mut room = WIDEST.saturating_sub(lead);
    let mut mark = 0;
    for (index, &(c, width)) in marked.iter().chain(&after).enumerate() {
        if room < width {
            shown.push_str("...");
            break;
        }
        shown.push(c);
        room -= width;
        if index < marked.len() {
            mark += width;
        }
    }
    (shown, lead, mark)
}

/// Characters with their display width; a tab becomes four spaces, other control characters a visible sign.
fn spelled(text: &str) -> Vec<(char, usize)> {
    let mut spelled = Vec::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => spelled.extend([(' ', 1); 4]),
            c if c.is_control() => spelled.push(('\u{fffd}', 1)),
            c => spelled.push((c, display_width(c))),
        }
    }
    spelled
}

/// Columns that a character takes on a terminal: the wide blocks of Unicode's East Asian width, near enough for a caret.
const fn display_width(c: char) -> usize {
    match c as u32 {
        0x0300..=0x036f | 0x200b..=0x200f | 0x2060..=0x2064 | 0xfe00..=0xfe0f | 0xfeff => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// Text without control characters: a file must not be able to command the terminal.
fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            let _ = write!(clean, "{}", c.escape_default());
        } else {
            clean.push(c);
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str, start: usize, end: usize) -> String {
        let mut sources = Sources::default();
        let source = sources.add("my.toml", text);
        let problem = Problem::at(Place::new(source, start, end), "something", "here").help("do this");
        Problems::new(vec![problem], sources).to_string()
    }

    #[test]
    fn the_caret_stands_under_the_culprit() {
        let text = "a = 1\n\tö界 = bad\r\n";
        let start = text.find("bad").expect("there");
        let expected = "error: something\n --> my.toml:2:7\n  |\n2 |     ö界 = bad\n  |           ^^^ here\n  = help: do this\n";
        assert_eq!(rendered(text, start, start + 3), expected);
    }

    #[test]
    fn long_lines_are_cut_around_the_caret() {
        let text = format!("{}bad{}", "x".repeat(500), "y".repeat(500));
        let shown = rendered(&text, 500, 503);
        let expected = format!("1 | ...{}bad{}...\n", "x".repeat(40), "y".repeat(64));
        assert!(shown.contains(&expected), "{shown}");
        assert!(shown.contains(&format!("  | {}^^^ here\n", " ".repeat(43))), "{shown}");
    }

    #[test]
    fn any_place_in_any_text_is_shown() {
        for text in ["", "\n", "é", "a\r\n\u{1b}[31m"] {
            for start in 0..=text.len() + 2 {
                for end in 0..=text.len() + 2 {
                    let shown = rendered(text, start, end);
                    assert!(!shown.contains('\u{1b}'), "no escape sequence gets through");
                }
            }
        }
    }
}
