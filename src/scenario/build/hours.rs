//! `hours`: when the staff work.

use crate::input::{At, Given, Node, Reader, Value};
use crate::network::Hours;
use crate::units::Span;

/// The days, Monday first.
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The form of one day, for messages.
const FORM: &str = "write opening and closing time, \"09:00-19:00\", or \"closed\"";

/// Reads `hours`: `"always"`, or a table of days.
pub(super) fn read(table: &mut Reader<'_>) -> Option<Hours> {
    const ABOUT: &str = "When the staff work: \"always\", or a table of days.";
    let is_table = matches!(table.node("hours"), Some((Node { value: Value::Table(_), .. }, ..)));
    if !is_table {
        let hours = table.or_default::<String>("hours", "always", ABOUT)?;
        if hours.value == "always" {
            return Some(Hours::Always);
        }
        let help = "write hours = \"always\", or hours = { weekdays = \"09:00-19:00\", saturday = \"09:00-14:00\", sunday = \"closed\" }";
        table.refuse("hours", format!("`hours` in {}: \"{}\" is not known", table.title(), hours.value), "not `always`", help);
        return None;
    }
    let mut hours = table.section("hours").good()?;
    let mut week: [Option<Day>; 7] = [None; 7];
    if let Some(weekdays) = read_day(&mut hours, "weekdays") {
        week[..5].fill(Some(weekdays));
    }
    for (day, name) in week.iter_mut().zip(DAYS) {
        if let Some(own) = read_day(&mut hours, name) {
            *day = Some(own);
        }
    }
    let missing: Vec<&str> = week.iter().zip(DAYS).filter(|(day, _)| day.is_none()).map(|(_, name)| name).collect();
    let (place, title) = (hours.place(), hours.title().to_owned());
    if !missing.is_empty() {
        let help = format!("say what happens on every day, for example {} = \"closed\"", missing[0]);
        hours.log().refuse_at(place, format!("{title} leaves out {}", missing.join(", ")), "days are missing", help);
    }
    let mut days = [None; 7];
    let mut good = missing.is_empty();
    for (target, day) in days.iter_mut().zip(week) {
        match day {
            Some(Some(day)) => *target = day,
            _ => good = false,
        }
    }
    if good && days.iter().all(Option::is_none) {
        hours.log().refuse_at(place, format!("{title} is closed all week"), "never open", "open on at least one day");
        good = false;
    }
    hours.finish();
    good.then_some(Hours::Week(days))
}

/// A day as written: outer `None` after a mistake, inner `None` if it is closed.
type Day = Option<Option<(Span, Span)>>;

/// One day, if it is given.
fn read_day(hours: &mut Reader<'_>, day: &'static str) -> Option<Day> {
    let text = match hours.optional::<String>(day, "Opening and closing time, or `closed`.") {
        Given::Absent => return None,
        Given::Bad => return Some(None),
        Given::Good(text) => text,
    };
    if text.value == "closed" {
        return Some(Some(None));
    }
    Some(open_hours(&text, hours, day).map(Some))
}

fn open_hours(text: &At<String>, hours: &mut Reader<'_>, day: &str) -> Option<(Span, Span)> {
    let title = format!("`{day}` in {}", hours.title());
    let times = text.value.split_once('-').and_then(|(open, close)| Some((clock(open)?, clock(close)?)));
    let Some((open, close)) = times else {
        hours.refuse(day, format!("{title}: \"{}\" is not a pair of times", text.value), "not opening hours", FORM);
        return None;
    };
    if open < close {
        return Some((open, close));
    }
    let help = "hours that go past midnight cannot be written: the latest closing time is 24:00";
    hours.refuse(day, format!("{title}: \"{}\" closes before it opens", text.value), "ends before it begins", help);
    None
}

/// `09:00` up to `24:00`, from midnight.
fn clock(text: &str) -> Option<Span> {
    let (hour, minute) = text.trim().split_once(':')?;
    if hour.is_empty() || hour.len() > 2 || minute.len() != 2 || !text.trim().chars().all(|c| c.is_ascii_digit() || c == ':') {
        return None;
    }
    let minutes = hour.parse::<u64>().ok()? * 60 + minute.parse::<u64>().ok().filter(|minute| *minute < 60)?;
    (minutes <= 24 * 60).then(|| Span::from_micros(minutes * Span::MINUTE.micros()))
}
