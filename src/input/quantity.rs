//! Quantities with their unit in the value: `"7 d"`, `"5 %"`, `"1200 claims/s"`.
//!
//! A small grammar of its own, because the known ones guess: to one `1M` is a month and `1m` a minute, another adds up `2h30m`, and a
//! bare number is seconds or days by habit. Here it is one number and one unit, and anything else is refused with what to write.

use crate::units::{Money, Rate, Share, Span};

/// What is wrong with a quantity, and what to write instead.
type Refusal = (String, String);

/// Seconds in each unit of time.
const UNITS: [(&str, f64); 6] = [("ms", 1e-3), ("s", 1.0), ("min", 60.0), ("h", 3600.0), ("d", 86_400.0), ("w", 604_800.0)];

/// The units, for messages.
const UNIT_NAMES: &str = "ms, s, min, h, d or w";

/// No span is longer than a thousand years \[s\]: whoever writes one has slipped by some zeros.
const LONGEST: f64 = 365_250.0 * 86_400.0;

/// A length of time: a number and one of `ms, s, min, h, d, w`. A day is always 24 h.
///
/// # Errors
/// What is wrong, and what to write instead.
pub fn parse_span(text: &str) -> Result<Span, (String, String)> {
    let example = || "a time is a number and a unit (ms, s, min, h, d or w): \"7 d\"".to_owned();
    if is_like_date(text) {
        return Err(("is a date, not a length of time".to_owned(), example()));
    }
    let (number, digits, unit) = split_number(text).ok_or_else(|| ("is not a time".to_owned(), example()))?;
    if unit.is_empty() {
        let help =
            format!("a number alone has no unit: write \"{digits} d\", \"{digits} h\", \"{digits} min\" or \"{digits} s\"");
        return Err(("has no unit".to_owned(), help));
    }
    let Some(&(_, factor)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(unknown_unit(number, digits, unit));
    };
    let seconds = number * factor;
    if number < 0.0 {
        return Err(("is negative".to_owned(), "a time is zero or more".to_owned()));
    }
    if seconds > LONGEST {
        return Err(("is longer than a thousand years".to_owned(), "at most 365250 d".to_owned()));
    }
    let span = Span::from_seconds(seconds);
    if span == Span::ZERO && number > 0.0 {
        return Err(("is shorter than a microsecond".to_owned(), "the shortest time is 0.001 ms".to_owned()));
    }
    Ok(span)
}

/// Whether a text begins like a date: `2024-02-21`.
#[must_use]
pub fn is_like_date(text: &str) -> bool {
    let head = text.trim().as_bytes();
    let shape = b"0000-00-00";
    head.len() >= shape.len()
        && head.iter().zip(shape).all(|(byte, wanted)| if *wanted == b'0' { byte.is_ascii_digit() } else { byte == wanted })
}

/// A share: `"5 %"`. Numbers without quotes are checked by [`Share::new`].
///
/// # Errors
/// What is wrong, and what to write instead.
pub fn parse_share(text: &str) -> Result<Share, (String, String)> {
    let example = || "a share is a number from 0 to 1, or a percentage: 0.05 or \"5 %\"".to_owned();
    let (number, digits, unit) = split_number(text).ok_or_else(|| ("is not a share".to_owned(), example()))?;
    match unit {
        "%" => Share::new(number / 100.0).ok_or_else(|| ("is not between 0 % and 100 %".to_owned(), example())),
        "" if Share::new(number).is_some() => Err(("is text, not a number".to_owned(), format!("write {digits} without quotes"))),
        "" if (2.0..=100.0).contains(&number) => {
            Err(("is not between 0 and 1".to_owned(), format!("did you mean \"{digits} %\"?")))
        }
        _ => Err(("is not a share".to_owned(), example())),
    }
}

/// A rate of work: a number, perhaps `claims` or `prescriptions`, and `/s`, `/min`, `/h` or `/d`.
///
/// # Errors
/// What is wrong, and what to write instead.
pub fn parse_rate(text: &str) -> Result<Rate, (String, String)> {
    parse_rate_of(text, &["claims", "prescriptions"])
}

/// A rate of things that one of these words counts, in the plural; the word may be left out.
pub(super) fn parse_rate_of(text: &str, words: &[&str]) -> Result<Rate, (String, String)> {
    let first = words.first().copied().unwrap_or_default();
    let example = || format!("a rate is a number per unit of time: \"1200 {first}/s\"");
    let (number, digits, rest) = split_number(text).ok_or_else(|| ("is not a rate".to_owned(), example()))?;
    let Some((word, unit)) = rest.split_once('/') else {
        let help = format!("write \"{digits} {first}/s\", or per min, h or d");
        return Err(("does not say per what time".to_owned(), help));
    };
    let (word, unit) = (word.trim(), unit.trim());
    let counts = |plural: &&str| *plural == word || plural.strip_suffix('s') == Some(word);
    if !word.is_empty() && !words.iter().any(counts) {
        let help = words.iter().map(|word| format!("\"{digits} {word}/{unit}\"")).collect::<Vec<_>>().join(" or ");
        return Err((format!("counts `{word}`, not {}", words.join(" or ")), format!("write {help}")));
    }
    let Some(&(_, factor)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        let right = alias(unit).filter(|unit| *unit != "ms").unwrap_or("s");
        let space = if word.is_empty() { "" } else { " " };
        return Err((
            format!("is per `{unit}`, which is not a unit of time"),
            format!("write \"{digits}{space}{word}/{right}\""),
        ));
    };
    Rate::per_second(number / factor).ok_or_else(|| ("is not greater than zero".to_owned(), example()))
}

/// No amount of money is larger \[dollars\]: beyond, cents would be rounded away.
const MOST_USD: f64 = 1e12;

/// An amount of money: a number and `usd`.
///
/// # Errors
/// What is wrong, and what to write instead.
pub fn parse_money(text: &str) -> Result<Money, (String, String)> {
    let example = || "money is a number and `usd`: \"30000 usd\"".to_owned();
    let bare = text.trim().trim_start_matches('$');
    let (number, digits, unit) = split_number(bare).ok_or_else(|| ("is not money".to_owned(), example()))?;
    if unit.starts_with(',') {
        let digits: String = bare.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
        return Err(("has a comma".to_owned(), format!("write the digits without commas: \"{digits} usd\"")));
    }
    if bare != text.trim() || unit != "usd" {
        let what = if unit.is_empty() { "has no unit".to_owned() } else { format!("has the unit `{unit}`, not `usd`") };
        return Err((what, format!("write \"{digits} usd\"")));
    }
    if number < 0.0 {
        return Err(("is negative".to_owned(), "an amount is zero or more".to_owned()));
    }
    if number > MOST_USD {
        return Err(("is more than a million million dollars".to_owned(), example()));
    }
    Ok(Money::from_usd(number))
}

fn unknown_unit(number: f64, digits: &str, unit: &str) -> Refusal {
    let message = format!("has the unit `{unit}`, which is not a unit of time");
    if let Some(seconds) = compound(number, unit) {
        return ("has more than one number".to_owned(), format!("one number and one unit: write \"{}\"", best_unit(seconds)));
    }
    if let Some(rest) = unit.strip_prefix(',') {
        let help = format!("decimals stand behind a point: write \"{digits}.{}\"", rest.trim());
        return ("has a comma".to_owned(), help);
    }
    match unit {
        "m" => ("has the unit `m`, which might be a minute or a month".to_owned(), format!("write \"{digits} min\"")),
        "M" | "mo" | "mon" | "month" | "months" => {
            (message, format!("months differ in length: give days, for example \"{} d\"", number * 30.0))
        }
        "y" | "yr" | "yrs" | "a" | "year" | "years" => {
            (message, format!("years differ in length: give days, for example \"{} d\"", number * 365.0))
        }
        _ => match alias(unit) {
            Some(right) => (message, format!("write \"{digits} {right}\"")),
            None => (message, format!("the units of time are {UNIT_NAMES}")),
        },
    }
}

/// The unit that a word stands for.
fn alias(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "ms" | "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => "ms",
        "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" => "min",
        "h" | "hr" | "hrs" | "hour" | "hours" => "h",
        "d" | "day" | "days" => "d",
        "w" | "wk" | "wks" | "week" | "weeks" => "w",
        _ => return None,
    })
}

/// The seconds in `h30m`, the rest of `2h30m`, if every part is plain.
fn compound(number: f64, rest: &str) -> Option<f64> {
    if !rest.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut total = 0.0;
    let (mut number, mut rest) = (number, rest);
    loop {
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let name = alias(&rest[..end])?;
        total += number * UNITS.iter().find(|(unit, _)| *unit == name)?.1;
        let next = rest[end..].trim_start();
        if next.is_empty() {
            return total.is_finite().then_some(total);
        }
        (number, _, rest) = split_number(next)?;
    }
}

/// A time in the largest unit that gives at most two decimals.
fn best_unit(seconds: f64) -> String {
    let short = |value: f64| ((value * 100.0).round() - value * 100.0).abs() < 1e-9;
    let unit = UNITS.iter().rev().skip(1).find(|(_, factor)| seconds >= *factor && short(seconds / factor));
    unit.map_or_else(|| format!("{seconds} s"), |(name, factor)| format!("{} {name}", seconds / factor))
}

/// The number at the beginning of a text, its digits as written, and what follows it without spaces around. `None` if the
/// text does not begin with a finite number.
pub(super) fn split_number(text: &str) -> Option<(f64, &str, &str)> {
    let text = text.trim();
    let bytes = text.as_bytes();
    let mut end = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let first = end;
    let mut point = false;
    while let Some(&byte) = bytes.get(end) {
        let digit_follows = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        match byte {
            b'0'..=b'9' => {}
            b'_' if end > first && bytes[end - 1].is_ascii_digit() && digit_follows => {}
            b'.' if !point && digit_follows => point = true,
            _ => break,
        }
        end += 1;
    }
    if end == first {
        return None;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let digits = bytes[(end + 1 + sign).min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 0 {
            end += 1 + sign + digits;
        }
    }
    let number: f64 = text[..end].replace('_', "").parse().ok()?;
    number.is_finite().then_some((number, &text[..end], text[end..].trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_and_one_unit() {
        for (text, seconds) in [
            ("7 d", 604_800.0),
            ("30s", 30.0),
            ("1.5 h", 5400.0),
            ("250 ms", 0.25),
            ("1_000 min", 60_000.0),
            ("2e3 s", 2000.0),
            ("1 w", 604_800.0),
        ] {
            assert_eq!(parse_span(text).map(Span::seconds), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn wrong_times_come_with_the_right_text() {
        for (text, message, help) in [
            ("7", "has no unit", "a number alone has no unit: write \"7 d\", \"7 h\", \"7 min\" or \"7 s\""),
            ("5 m", "has the unit `m`, which might be a minute or a month", "write \"5 min\""),
            ("1M", "has the unit `M`, which is not a unit of time", "months differ in length: give days, for example \"30 d\""),
            ("2 y", "has the unit `y`, which is not a unit of time", "years differ in length: give days, for example \"730 d\""),
            ("5 mins", "has the unit `mins`, which is not a unit of time", "write \"5 min\""),
            ("75 days", "has the unit `days`, which is not a unit of time", "write \"75 d\""),
            (
                "3 fortnights",
                "has the unit `fortnights`, which is not a unit of time",
                "the units of time are ms, s, min, h, d or w",
            ),
            ("2h30m", "has more than one number", "one number and one unit: write \"2.5 h\""),
            ("1,5 h", "has a comma", "decimals stand behind a point: write \"1.5 h\""),
            ("-3 d", "is negative", "a time is zero or more"),
            ("soon", "is not a time", "a time is a number and a unit (ms, s, min, h, d or w): \"7 d\""),
            ("nan d", "is not a time", "a time is a number and a unit (ms, s, min, h, d or w): \"7 d\""),
            ("1e9 d", "is longer than a thousand years", "at most 365250 d"),
            (
                "2024-02-21T08:00:00",
                "is a date, not a length of time",
                "a time is a number and a unit (ms, s, min, h, d or w): \"7 d\"",
            ),
            ("1e-9 s", "is shorter than a microsecond", "the shortest time is 0.001 ms"),
        ] {
            assert_eq!(parse_span(text), Err((message.to_owned(), help.to_owned())), "{text}");
        }
    }

    #[test]
    fn shares_and_rates() {
        assert_eq!(parse_share("5 %").map(Share::value), Ok(0.05));
        assert_eq!(parse_share("5").expect_err("no sign").1, "did you mean \"5 %\"?");
        assert_eq!(parse_share("0.05").expect_err("text").1, "write 0.05 without quotes");
        assert_eq!(parse_share("120%").expect_err("too much").0, "is not between 0 % and 100 %");
        assert_eq!(parse_rate("1200 claims/s").map(Rate::value_per_second), Ok(1200.0));
        assert_eq!(parse_rate("90/min").map(Rate::value_per_second), Ok(1.5));
        assert_eq!(parse_rate("3600 prescriptions / h").map(Rate::value_per_second), Ok(1.0));
        assert_eq!(parse_rate("1200 claims").expect_err("per what").1, "write \"1200 claims/s\", or per min, h or d");
        assert_eq!(parse_rate("1200 claims/sec").expect_err("sec").1, "write \"1200 claims/s\"");
        assert_eq!(parse_rate("5 cars/s").expect_err("cars").0, "counts `cars`, not claims or prescriptions");
        assert_eq!(parse_rate("0 claims/s").expect_err("zero").0, "is not greater than zero");
    }

    #[test]
    fn money() {
        assert_eq!(parse_money("30000 usd").map(Money::usd), Ok(30_000.0));
        assert_eq!(parse_money("12.345 usd").map(Money::cents), Ok(1235));
        for (text, help) in [
            ("30000", "write \"30000 usd\""),
            ("$30", "write \"30 usd\""),
            ("30 eur", "write \"30 usd\""),
            ("30,000 usd", "write the digits without commas: \"30000 usd\""),
            ("-1 usd", "an amount is zero or more"),
            ("much", "money is a number and `usd`: \"30000 usd\""),
        ] {
            assert_eq!(parse_money(text).map_err(|(_, help)| help), Err(help.to_owned()), "{text}");
        }
    }

    #[test]
    fn nothing_panics() {
        for text in
            ["", " ", "+", "-", ".", "1e", "1e+", "1_", "_1", "1.", "é", "1é2h", "1h1é", "9".repeat(400).as_str(), "1e400 s"]
        {
            let _ = (parse_span(text), parse_share(text), parse_rate(text), parse_money(text));
        }
    }
}
