//! From TOML text to a tree of nodes, with every mistake in the syntax.

use core::ops::Range;

use toml::de::{DeTable, DeValue, Error};

use crate::input::{DateTime, Entry, Map, Node, Place, Problem, SourceId, Value, is_like_date};

/// A mistake in the syntax.
#[derive(Debug)]
pub(super) struct SyntaxProblem {
    /// The mistake.
    pub(super) problem: Problem,
    /// Whether it spoils one value only, so that the rest of the file can still be checked.
    pub(super) contained: bool,
}

/// Parses a document.
pub(super) fn parse_document(text: &str, source: SourceId) -> (Map, Vec<SyntaxProblem>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut problems: Vec<SyntaxProblem> = Vec::new();
    let mut lines: Vec<usize> = Vec::new();
    // The end of a section that is given twice: that its keys are, too, follows from that.
    let mut repeated_until = 0;
    // Nobody reads more at once, and counting lines takes time.
    for error in errors.iter().take(200) {
        // The second mistake on a line follows from the first.
        let start = error.span().map_or(0, |span| span.start.min(text.len()));
        if is_repeated(error) {
            let before = text[..start].rsplit('\n').next().unwrap_or_default().trim_start();
            if start < repeated_until && !before.starts_with('[') {
                continue;
            }
            if before.starts_with('[') {
                repeated_until = text[start..].find("\n[").map_or(text.len(), |length| start + length);
            }
        }
        let line = text.get(..start).unwrap_or_default().matches('\n').count();
        if !lines.contains(&line) {
            lines.push(line);
            problems.push(syntax_problem(error, text, source));
        }
    }
    let mut converter = Converter { text, source, offset: 0, problems: &mut problems };
    let map = converter.map(table.get_ref(), false);
    (map, problems)
}

/// Parses the value of an override that begins at byte `offset` of its source; text that is no TOML value is a string.
///
/// # Errors
/// A list, table or quoted string that is broken.
pub(super) fn parse_value(text: &str, source: SourceId, offset: usize) -> Result<Node, Problem> {
    let place = Place::new(source, offset, offset + text.len());
    match DeValue::parse(text) {
        Ok(value) => {
            let mut problems = Vec::new();
            let mut converter = Converter { text, source, offset, problems: &mut problems };
            let node = converter.node(value.get_ref(), 0..text.len());
            problems.pop().map_or(Ok(node), |syntax| Err(syntax.problem))
        }
        Err(error) if text.starts_with(['[', '{', '"', '\'']) => {
            Err(Problem::at(place, format!("the value is not TOML: {}", error.message()), "not a TOML value"))
        }
        Err(error) if is_like_date(text) && is_about_dates(error.message()) => Err(date_problem(error.message(), text, place)),
        Err(_) => Ok(Node { value: Value::from(text), place }),
    }
}

fn syntax_problem(error: &Error, text: &str, source: SourceId) -> SyntaxProblem {
    let span = error.span().unwrap_or(0..0);
    let place = Place::new(source, span.start, span.end);
    let marked = text.get(span).unwrap_or_default();
    let message = error.message();
    let (problem, contained) = if is_repeated(error) {
        (Problem::at(place, format!("`{marked}` is given twice"), "given before").help("give each key once"), true)
    } else if message.starts_with("string values must be quoted") && !marked.is_empty() && !marked.contains('\n') {
        // Quotes as a word processor sets them are no quotes.
        let bare = marked.trim_matches(['\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}', '\u{ab}', '\u{bb}']);
        (Problem::at(place, "text without quotes", "quotes missing").help(format!("write \"{bare}\"")), true)
    } else if is_about_dates(message) {
        (date_problem(message, marked, place), true)
    } else if message.contains("recursion limit") {
        let problem = Problem::at(Place::whole_file(source), "a key or value is nested too deeply to be read", "");
        (problem.help("no setting lies deeper than a few tables"), false)
    } else {
        let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
        let problem = Problem::at(place, format!("not TOML: {what}"), "");
        let problem = if expected.is_empty() || expected == "nothing" {
            problem
        } else {
            Problem { label: format!("expected {expected}"), ..problem }
        };
        (problem, false)
    };
    SyntaxProblem { problem, contained }
}

/// Whether the parser speaks of a key or a section that is given twice.
fn is_repeated(error: &Error) -> bool {
    error.message().starts_with("duplicate key")
}

/// Whether the parser speaks of a date or a time of day.
fn is_about_dates(message: &str) -> bool {
    message.starts_with("invalid date") || message.starts_with("invalid time")
}

/// A date that the calendar does not have, or one that is not written as TOML writes it.
fn date_problem(message: &str, marked: &str, place: Place) -> Problem {
    let expected = message.split_once(", expected ").map_or("", |(_, expected)| expected);
    if let Some((part, range)) = expected.split_once(" between ") {
        let what = if ["year", "month", "day"].contains(&part) { "date" } else { "time" };
        return Problem::at(place, format!("there is no such {what}: {marked}"), format!("the {part} must be between {range}"));
    }
    let label = if expected.is_empty() { String::new() } else { format!("expected {expected}") };
    let problem = Problem::at(place, format!("not a date or time: {marked}"), label);
    problem.help("dates and times are written like this: 2024-02-14T08:00:00")
}

struct Converter<'a> {
    text: &'a str,
    source: SourceId,
    offset: usize,
    problems: &'a mut Vec<SyntaxProblem>,
}

impl Converter<'_> {
    fn place(&self, span: &Range<usize>) -> Place {
        Place::new(self.source, self.offset + span.start, self.offset + span.end)
    }

    /// The parser sorts keys by name; people meant the order in which they wrote them.
    fn map(&mut self, table: &DeTable<'_>, inline: bool) -> Map {
        let mut pairs: Vec<_> = table.iter().collect();
        pairs.sort_by_key(|(key, _)| key.span().start);
        let entries = pairs.into_iter().map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_place: self.place(&key.span()),
            node: self.node(value.get_ref(), value.span()),
        });
        Map { entries: entries.collect(), inline }
    }

    fn node(&mut self, value: &DeValue<'_>, span: Range<usize>) -> Node {
        let place = self.place(&span);
        let value = match value {
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Integer(number) => {
                Value::Integer(i128::from_str_radix(number.as_str(), number.radix()).unwrap_or_else(|_| {
                    self.refuse(place, "the number is too large");
                    0
                }))
            }
            DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or_else(|_| {
                self.refuse(place, "this is not a number");
                0.0
            })),
            DeValue::Boolean(value) => Value::Boolean(*value),
            DeValue::Datetime(time) => Value::DateTime(DateTime {
                date: time.date.map(|date| (date.year, date.month, date.day)),
                time: time
                    .time
                    .map(|time| (time.hour, time.minute, time.second.unwrap_or_default(), time.nanosecond.unwrap_or_default())),
                has_offset: time.offset.is_some(),
                text: time.to_string(),
            }),
            DeValue::Array(items) => Value::Array(items.iter().map(|item| self.node(item.get_ref(), item.span())).collect()),
            DeValue::Table(table) => {
                let inline = self.text.get(span.start..).is_some_and(|text| text.starts_with('{'));
                Value::Table(self.map(table, inline))
            }
        };
        Node { value, place }
    }

    fn refuse(&mut self, place: Place, message: &str) {
        // The parser has reported most of these already.
        if self.problems.is_empty() {
            self.problems.push(SyntaxProblem { problem: Problem::at(place, message, ""), contained: true });
        }
    }
}
