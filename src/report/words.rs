//! Numbers as people read them: with a unit, as many digits as mean something, and no more.

use crate::experiment::Estimate;
use crate::units::{Money, Span};

/// How a quantity of a certain size is written: all numbers of one statement share it.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Ruler {
    factor: f64,
    suffix: &'static str,
    decimals: usize,
}

impl Ruler {
    /// The ruler for a value in one of the units of the metrics, known to within `half_width`.
    fn of(unit: &str, value: f64, half_width: Option<f64>) -> Self {
        let size = value.abs();
        let (factor, suffix) = match unit {
            "share" => (100.0, " %"),
            "h" if size < 1.5 / 60.0 && size > 0.0 => (3600.0, " s"),
            "h" if size < 2.0 && size > 0.0 => (60.0, " min"),
            "h" if size < 100.0 => (1.0, " h"),
            "h" => (1.0 / 24.0, " days"),
            "d" if size < 1.0 && size > 0.0 => (24.0, " h"),
            "d" => (1.0, " days"),
            "USD" => (1.0, " USD"),
            _ => (1.0, ""),
        };
        let shown = size * factor;
        let usual: usize = match shown {
            _ if shown >= 100.0 || shown == 0.0 => 0,
            _ if shown >= 1.0 => 1,
            _ if shown >= 0.1 => 2,
            _ if shown >= 0.01 => 3,
            _ => 4,
        };
        // Nobody has a tenth of a prescription; a mean may.
        let usual = if unit == "prescriptions" && shown.fract() == 0.0 { 0 } else { usual };
        // A ratio of 1.03 is not 1.0.
        let usual = if unit == "ratio" { usual.max(2) } else { usual };
        // An interval whose ends look alike says nothing: show its first digit, within reason. What is smaller still is rounding.
        let needed = half_width.filter(|&half| half > 1e-9 * size).map_or(0, |half| {
            let digits = (-crate::math::log10(half * factor)).ceil().max(0.0) as usize;
            digits.min(usual + 1)
        });
        Self { factor, suffix, decimals: usual.max(needed) }
    }

    fn number(self, value: f64) -> String {
        let shown = value * self.factor;
        let text = group_thousands(&format!("{shown:.*}", self.decimals));
        // Rounding may leave a minus without a number.
        if text.starts_with('-') && !text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) { text[1..].to_owned() } else { text }
    }
}

/// A value in a unit of the metrics: `12.3 %`, `25 min`, `16.2 days`, `1,204`.
#[must_use]
pub(crate) fn value(unit: &str, value: f64) -> String {
    if !value.is_finite() {
        return NOT_ESTIMABLE.to_owned();
    }
    let ruler = Ruler::of(unit, value, None);
    format!("{}{}", ruler.number(value), ruler.suffix)
}

/// What stands where a number cannot be told.
pub(crate) const NOT_ESTIMABLE: &str = "not estimable";

/// An estimate in parts: the value with its unit, and the interval without.
#[must_use]
pub(crate) fn parts(unit: &str, estimate: Option<Estimate>) -> (String, Option<String>) {
    let Some(estimate) = estimate.filter(|estimate| estimate.mean.is_finite()) else { return (NOT_ESTIMABLE.to_owned(), None) };
    let ruler = Ruler::of(unit, estimate.mean, estimate.half_width);
    let interval = estimate.interval.map(|interval| format!("{} to {}", ruler.number(interval.low), ruler.number(interval.high)));
    (format!("{}{}", ruler.number(estimate.mean), ruler.suffix), interval)
}

/// A value in the unit and with the digits of an estimate that it is compared with.
#[must_use]
pub(crate) fn alike(unit: &str, exact: f64, of: Option<Estimate>) -> String {
    match of.filter(|estimate| estimate.mean.is_finite() && exact.is_finite()) {
        Some(estimate) => {
            let ruler = Ruler::of(unit, estimate.mean, estimate.half_width);
            format!("{}{}", ruler.number(exact), ruler.suffix)
        }
        None => value(unit, exact),
    }
}

/// An estimate with its interval: `12.3 % (11.9 to 12.7)`.
#[must_use]
pub(crate) fn estimate(unit: &str, of: Option<Estimate>) -> String {
    match parts(unit, of) {
        (value, Some(interval)) => format!("{value} ({interval})"),
        (value, None) => value,
    }
}

/// A length of time, exact enough for a label: `15 days`, `36 h`.
#[must_use]
pub(crate) fn length(span: Span) -> String {
    value("h", span.hours()).replace(".0 ", " ")
}

/// A whole number with separators: `12,345`.
#[must_use]
pub(crate) fn whole(number: u64) -> String {
    group_thousands(&number.to_string())
}

/// An amount of money: `2,000,000 USD`, with cents only if there are any.
#[must_use]
pub(crate) fn dollars(money: Money) -> String {
    let (cents, sign) = (money.cents().unsigned_abs(), if money.cents() < 0 { "-" } else { "" });
    let part = if cents.is_multiple_of(100) { String::new() } else { format!(".{:02}", cents % 100) };
    format!("{sign}{}{part} USD", whole(cents / 100))
}

/// The noun after a number: `1 site`, `2 sites`.
#[must_use]
pub(crate) fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", whole(number), if number == 1 { "" } else { "s" })
}

/// A confidence level: `95 %`.
#[must_use]
pub(crate) fn level(confidence: f64) -> String {
    format!("{} %", (confidence * 1000.0).round() / 10.0)
}

/// The first letter in upper case.
#[must_use]
pub(crate) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn group_thousands(number: &str) -> String {
    let (whole, rest) = number.find('.').map_or((number, ""), |dot| number.split_at(dot));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::with_capacity(number.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Estimate;

    #[test]
    fn values_choose_their_unit() {
        assert_eq!(value("share", 0.1234), "12.3 %");
        assert_eq!(value("share", 0.0), "0 %");
        assert_eq!(value("share", 0.000_2), "0.020 %");
        assert_eq!(value("h", 0.4), "24.0 min");
        assert_eq!(value("h", 30.0), "30.0 h");
        assert_eq!(value("h", 240.0), "10.0 days");
        assert_eq!(value("h", 0.01), "36.0 s");
        assert_eq!(value("d", 0.5), "12.0 h");
        assert_eq!(value("prescriptions", 1_234_567.0), "1,234,567");
        assert_eq!(value("prescriptions", 23.0), "23");
        assert_eq!(value("prescriptions", 23.5), "23.5");
        assert_eq!(value("ratio", 1.034), "1.03");
        assert_eq!(value("share", f64::NAN), "not estimable");
    }

    #[test]
    fn the_ends_of_an_interval_differ() {
        let of = Estimate::of([0.1234, 0.1236].into_iter(), 0.95, None);
        let text = estimate("share", of);
        assert!(text.starts_with("12.4 % (12.2 to 12.5)") || text.starts_with("12.3"), "{text}");
        assert_eq!(estimate("share", None), "not estimable");
    }

    #[test]
    fn small_negative_numbers_are_zero() {
        let ruler = Ruler::of("share", 0.2, None);
        assert_eq!(ruler.number(-1e-9), "0.0");
        assert_eq!(whole(999), "999");
        assert_eq!(whole(1_000), "1,000");
        assert_eq!(counted(1, "site"), "1 site");
        assert_eq!(length(Span::DAY.scaled(15.0)), "15 days");
        assert_eq!(length(Span::DAY), "24 h");
    }
}
