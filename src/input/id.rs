//! Ids: names that survive every program that reads the results.

/// Words that R, pandas or this program give a meaning of their own.
const RESERVED: [&str; 12] = ["na", "none", "null", "nan", "inf", "true", "false", "t", "f", "all", "direct", "off"];

/// The most characters that an id may have.
const LONGEST: usize = 64;

/// An id that [`check_id`] accepted.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Id(pub String);

/// Accepts a lower-case letter followed by lower-case letters, digits, `_` or `-`, at most 64 characters in all.
///
/// # Errors
/// What is wrong, as a sentence's end after "the id ", and the id to write instead where one is obvious.
pub fn check_id(text: &str) -> Result<(), (String, Option<String>)> {
    if RESERVED.contains(&text.to_lowercase().as_str()) {
        let why = "is reserved: spreadsheets, R or this program give the word a meaning of its own";
        return Err((why.to_owned(), Some(format!("{}_1", text.to_lowercase()))));
    }
    if text.is_empty() {
        return Err(("is empty".to_owned(), None));
    }
    if text.chars().count() > LONGEST {
        return Err((format!("is longer than {LONGEST} characters"), None));
    }
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(inside) {
        return Ok(());
    }
    let why = "must be a lower-case letter followed by lower-case letters, digits, `_` or `-`";
    let mut better: String = text.to_lowercase().chars().map(|c| if inside(c) { c } else { '_' }).collect();
    if !better.starts_with(|c: char| c.is_ascii_lowercase()) {
        better = format!("x_{}", better.trim_start_matches(['_', '-']));
    }
    Err((why.to_owned(), check_id(&better).is_ok().then_some(better)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_plain_words() {
        for good in ["a", "relay-health_2", "zip_00501"] {
            assert!(check_id(good).is_ok(), "{good}");
        }
        for bad in ["", "NA", "direct", "T", "00501", "Change", "a b", "é", "-a", &"x".repeat(65)] {
            assert!(check_id(bad).is_err(), "{bad}");
        }
        assert_eq!(check_id("00501").expect_err("starts with a digit").1.as_deref(), Some("x_00501"));
        assert_eq!(check_id("CVS Caremark").expect_err("capitals").1.as_deref(), Some("cvs_caremark"));
    }
}
