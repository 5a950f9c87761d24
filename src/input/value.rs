//! From a node to a value that cannot be wrong.

use super::quantity::{parse_rate_of, split_number};
use super::reader::Scope;
use super::{Id, Log, Node, Problem, Value, check_id, is_like_date, parse_money, parse_share, parse_span, value_text};
use crate::units::{CivilTime, Money, Rate, Share, Span};

/// A type that can be read from a node.
pub trait FromNode: Sized {
    /// Unit of the value, for explanations; empty if it has none.
    const UNIT: &'static str = "";

    /// What a value looks like, for the message that one is missing.
    const EXAMPLE: &'static str;

    /// Reads the value; what is wrong goes to the log, and then there is no value.
    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self>;
}

/// A text of which a message shows no more than is read.
#[must_use]
pub fn shortened(text: String) -> String {
    const MOST: usize = 100;
    if text.chars().count() <= MOST { text } else { format!("{}...", text.chars().take(MOST).collect::<String>()) }
}

/// Reports that a value is not what it should be: `bad value for ... : "x" is not a time`.
pub fn refuse_value<T>(node: &Node, scope: &Scope, log: &mut Log, why: &str, label: &str, help: &str) -> Option<T> {
    let shown = match &node.value {
        Value::Table(_) => "the table".to_owned(),
        Value::Array(_) => "the list".to_owned(),
        value => shortened(value_text(value)),
    };
    let mut problem = Problem::at(node.place, format!("{}: {shown} {why}", scope.name()), label);
    if !help.is_empty() {
        problem = problem.help(help);
    }
    log.refuse(problem);
    None
}

/// Reports a value of the wrong kind.
fn refuse_kind<T>(node: &Node, scope: &Scope, log: &mut Log, wanted: &str, help: &str) -> Option<T> {
    let message = format!("{}: expected {wanted}, found {}", scope.name(), node.value.kind());
    let mut problem = Problem::at(node.place, message, format!("this is {}", node.value.kind()));
    if !help.is_empty() {
        problem = problem.help(help);
    }
    log.refuse(problem);
    None
}

impl FromNode for String {
    const EXAMPLE: &'static str = "\"some-id\"";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        match &node.value {
            // They would change the terminal's colours, or worse, wherever the text is printed.
            Value::String(text) if text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') => {
                let message = format!("{}: the text holds a control character", scope.name());
                log.refuse(Problem::at(node.place, message, "not printable").help("take it out"));
                None
            }
            Value::String(text) => Some(text.clone()),
            Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => {
                let help = format!("write it in quotes: \"{}\"", value_text(&node.value));
                refuse_kind(node, scope, log, "text in quotes", &help)
            }
            _ => refuse_kind(node, scope, log, "text in quotes", ""),
        }
    }
}

impl FromNode for Id {
    const EXAMPLE: &'static str = "\"some-id\"";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        let text = String::from_node(node, scope, log)?;
        match check_id(&text) {
            Ok(()) => Some(Self(text)),
            Err((why, better)) => {
                let help = better.map(|better| format!("write \"{better}\"")).unwrap_or_default();
                refuse_value(node, scope, log, &why, "not an id", &help)
            }
        }
    }
}

impl FromNode for f64 {
    const EXAMPLE: &'static str = "1.5";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        let Some(number) = node.value.as_number() else {
            let help = match &node.value {
                Value::String(text) => match split_number(text) {
                    Some((_, digits, "")) => format!("write {digits} without quotes"),
                    Some((number, _, "%")) => format!("write {}: a share of all, not a percentage", number / 100.0),
                    Some((_, digits, unit)) if !unit.contains(|letter: char| letter.is_ascii_digit()) => {
                        format!("the unit is in the key: write {digits} without quotes")
                    }
                    _ => "write it in digits".to_owned(),
                },
                _ => String::new(),
            };
            return refuse_kind(node, scope, log, "a number", &help);
        };
        if number.is_finite() {
            return Some(number);
        }
        refuse_value(node, scope, log, "is not a finite number", "not finite", "write it in digits")
    }
}

impl FromNode for u64 {
    const EXAMPLE: &'static str = "10";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        match &node.value {
            Value::Integer(number) => match Self::try_from(*number) {
                Ok(number) => Some(number),
                Err(_) if *number < 0 => {
                    let help = format!("did you mean {}?", number.unsigned_abs());
                    refuse_value(node, scope, log, "is negative", "zero or more", &help)
                }
                Err(_) => refuse_value(node, scope, log, "is too large", "too large", &format!("at most {}", Self::MAX)),
            },
            Value::Float(number) => {
                let help = whole_numbers_near(*number);
                let is_whole = *number >= 0.0 && *number < WHOLE && number.fract() == 0.0;
                let what = if is_whole { "is not written as a whole number" } else { "is not a whole number" };
                refuse_value(node, scope, log, what, "a whole number is needed", &help)
            }
            Value::String(text) if text.trim().parse::<Self>().is_ok() => {
                refuse_kind(node, scope, log, "a whole number", &format!("write {} without quotes", text.trim()))
            }
            _ => refuse_kind(node, scope, log, "a whole number", ""),
        }
    }
}

impl FromNode for u32 {
    const EXAMPLE: &'static str = "10";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        let number = u64::from_node(node, scope, log)?;
        match Self::try_from(number) {
            Ok(number) => Some(number),
            Err(_) => refuse_value(node, scope, log, "is too large", "too large", &format!("at most {}", Self::MAX)),
        }
    }
}

/// From here on not every whole number is a floating-point one: neighbours would be wrong.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// What to write in place of a number with a point or an exponent where a whole number is needed.
fn whole_numbers_near(number: f64) -> String {
    if !(0.0..WHOLE).contains(&number) {
        return "for example 10".to_owned();
    }
    let (below, above) = (number.floor() as u64, number.ceil() as u64);
    if below == above { format!("write {below}, without a point or an exponent") } else { format!("write {below} or {above}") }
}

impl FromNode for bool {
    const EXAMPLE: &'static str = "true";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        match &node.value {
            Value::Boolean(value) => Some(*value),
            Value::String(text) if matches!(text.trim(), "true" | "false") => {
                refuse_kind(node, scope, log, "true or false", &format!("write {} without quotes", text.trim()))
            }
            _ => refuse_kind(node, scope, log, "true or false", ""),
        }
    }
}

impl FromNode for Span {
    const UNIT: &'static str = "time";
    const EXAMPLE: &'static str = "\"7 d\"";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        match &node.value {
            Value::String(text) => match parse_span(text) {
                Ok(span) => Some(span),
                Err((why, help)) => refuse_value(node, scope, log, &why, "not a time", &help),
            },
            Value::Float(number) if !number.is_finite() => {
                refuse_value(node, scope, log, "is not a time", "not finite", "for example \"7 d\"")
            }
            Value::Integer(_) | Value::Float(_) => {
                let text = value_text(&node.value);
                let help =
                    format!("a number alone has no unit: write \"{text} d\", \"{text} h\", \"{text} min\" or \"{text} s\"");
                refuse_value(node, scope, log, "has no unit", "unit missing", &help)
            }
            _ => refuse_kind(node, scope, log, "a time", "for example \"7 d\""),
        }
    }
}

impl FromNode for Share {
    const UNIT: &'static str = "share";
    const EXAMPLE: &'static str = "0.25";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        if let Value::String(text) = &node.value {
            return match parse_share(text) {
                Ok(share) => Some(share),
                Err((why, help)) => refuse_value(node, scope, log, &why, "not a share", &help),
            };
        }
        let Some(number) = node.value.as_number() else {
            return refuse_kind(node, scope, log, "a share", "for example 0.05 or \"5 %\"");
        };
        if let Some(share) = Self::new(number) {
            return Some(share);
        }
        let help = if (2.0..=100.0).contains(&number) {
            format!("did you mean \"{number} %\"?")
        } else {
            "for example 0.05 or \"5 %\"".into()
        };
        refuse_value(node, scope, log, "is not between 0 and 1", "not a share", &help)
    }
}

impl FromNode for Rate {
    const UNIT: &'static str = "rate";
    const EXAMPLE: &'static str = "\"1200 claims/s\"";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        read_rate(node, scope, log, &["claims", "prescriptions"], "1200 claims/s")
    }
}

/// A rate of stores, not of claims.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct StoreRate(pub Rate);

impl FromNode for StoreRate {
    const UNIT: &'static str = "rate";
    const EXAMPLE: &'static str = "\"2750 stores/d\"";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        read_rate(node, scope, log, &["stores"], "2750 stores/d").map(Self)
    }
}

/// Reads a rate of what the words count.
fn read_rate(node: &mut Node, scope: &Scope, log: &mut Log, words: &[&str], example: &str) -> Option<Rate> {
    match &node.value {
        Value::String(text) => match parse_rate_of(text, words) {
            Ok(rate) => Some(rate),
            Err((why, help)) => refuse_value(node, scope, log, &why, "not a rate", &help),
        },
        Value::Integer(_) | Value::Float(_) => {
            let unit = example.split_once(' ').map_or("", |(_, unit)| unit);
            let help = format!("a number alone has no unit: write \"{} {unit}\"", value_text(&node.value));
            refuse_value(node, scope, log, "has no unit", "unit missing", &help)
        }
        _ => refuse_kind(node, scope, log, "a rate", &format!("for example \"{example}\"")),
    }
}

impl FromNode for Money {
    const UNIT: &'static str = "money";
    const EXAMPLE: &'static str = "\"30000 usd\"";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        match &node.value {
            Value::String(text) => match parse_money(text) {
                Ok(money) => Some(money),
                Err((why, help)) => refuse_value(node, scope, log, &why, "not money", &help),
            },
            Value::Integer(_) | Value::Float(_) => {
                let help = format!("a number alone has no unit: write \"{} usd\"", value_text(&node.value));
                refuse_value(node, scope, log, "has no unit", "unit missing", &help)
            }
            _ => refuse_kind(node, scope, log, "an amount of money", "for example \"30000 usd\""),
        }
    }
}

impl FromNode for CivilTime {
    const UNIT: &'static str = "local date and time";
    const EXAMPLE: &'static str = "2024-02-14T00:00:00";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        let time = match &node.value {
            Value::DateTime(time) => time,
            Value::String(text) => {
                let date = if is_like_date(text) { text.trim().replace(' ', "T") } else { Self::EXAMPLE.to_owned() };
                return refuse_kind(node, scope, log, "a date and time", &format!("write it without quotes: {date}"));
            }
            _ => return refuse_kind(node, scope, log, "a date and time", "for example 2024-02-14T00:00:00"),
        };
        if time.has_offset {
            let help = "a run has one local clock, by which pharmacies open and close: leave the offset away";
            return refuse_value(node, scope, log, "has an offset from universal time", "a local time is needed", help);
        }
        let Some((year, month, day)) = time.date else {
            return refuse_value(node, scope, log, "has no date", "date missing", "for example 2024-02-14T00:00:00");
        };
        let (hour, minute, second, nanosecond) = time.time.unwrap_or_default();
        if nanosecond != 0 {
            return refuse_value(
                node,
                scope,
                log,
                "has a fraction of a second",
                "whole seconds only",
                "leave out what is behind the point",
            );
        }
        let small = |part: u8| i8::try_from(part).ok();
        let built = i16::try_from(year)
            .ok()
            .and_then(|year| Self::new(year, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?));
        if built.is_some() { built } else { refuse_value(node, scope, log, "is not in the calendar", "no such date or time", "") }
    }
}

/// Something, or the word `none`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct OrNone<T>(pub Option<T>);

impl<T: FromNode> FromNode for OrNone<T> {
    const UNIT: &'static str = T::UNIT;
    const EXAMPLE: &'static str = T::EXAMPLE;

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        if node.value.as_text() == Some("none") {
            return Some(Self(None));
        }
        T::from_node(node, scope, log).map(|value| Self(Some(value)))
    }
}

/// One value, or a list of them; each with its place.
#[derive(Clone, PartialEq, Debug)]
pub struct ManyOf<T>(pub Vec<super::At<T>>);

impl<T: FromNode> FromNode for ManyOf<T> {
    const UNIT: &'static str = T::UNIT;
    const EXAMPLE: &'static str = "[\"some-id\"]";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        let place = node.place;
        let Value::Array(items) = &mut node.value else {
            return T::from_node(node, scope, log).map(|value| Self(vec![super::At { value, place }]));
        };
        // Every item is read before the verdict, so that all mistakes are told.
        let read: Vec<Option<super::At<T>>> = items
            .iter_mut()
            .map(|item| {
                let place = item.place;
                T::from_node(item, scope, log).map(|value| super::At { value, place })
            })
            .collect();
        read.into_iter().collect::<Option<Vec<_>>>().map(Self)
    }
}

/// Whether an optional key was given, and if so with a good value.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Given<T> {
    /// The key is not there.
    Absent,
    /// It is there, and its value is wrong: the log knows.
    Bad,
    /// It is there.
    Good(T),
}

impl<T> Given<T> {
    /// `None` after a mistake, otherwise what was given, if anything.
    pub fn checked(self) -> Option<Option<T>> {
        match self {
            Self::Absent => Some(None),
            Self::Bad => None,
            Self::Good(value) => Some(Some(value)),
        }
    }

    /// Whether the key is there, with a good value or a bad one.
    pub const fn is_given(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// The good value.
    pub fn good(self) -> Option<T> {
        if let Self::Good(value) = self { Some(value) } else { None }
    }
}
