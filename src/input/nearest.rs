//! The name that was probably meant.

/// Longer words are not compared: nobody misspells them by a letter or two.
const LONGEST: usize = 80;

/// How many names a message lists before it stops.
const MOST_NAMES: usize = 25;

/// The candidate nearest to `word`, if it is near: at most one slip in three letters. Among equals the first.
#[must_use]
pub fn nearest<'a, S: AsRef<str> + ?Sized + 'a>(word: &str, candidates: impl IntoIterator<Item = &'a S>) -> Option<&'a str> {
    let folded = folded(word);
    let letters = folded.chars().count();
    if letters == 0 || letters > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let candidate = candidate.as_ref();
        if candidate.len() > 2 * LONGEST {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&folded, &self::folded(candidate));
        let allowed = (letters.max(candidate.chars().count()) / 3).max(1);
        // A single letter is never a misspelling of another.
        if distance <= allowed && (distance < letters || letters > 1) && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `a`, `b` and 3 more: names for a message.
#[must_use]
pub fn name_list<S: AsRef<str>>(names: &[S]) -> String {
    let text = names.iter().take(MOST_NAMES).map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ");
    if names.len() > MOST_NAMES { format!("{text} and {} more", names.len() - MOST_NAMES) } else { text }
}

/// Case, hyphens and underscores are not what a word is told apart by.
fn folded(word: &str) -> String {
    word.to_lowercase().replace(['-', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_forgiven_and_other_words_are_not() {
        let names = ["replications", "horizon", "seed"];
        assert_eq!(nearest("replicatons", names), Some("replications"));
        assert_eq!(nearest("Horizon", names), Some("horizon"));
        assert_eq!(nearest("warmth", names), None);
        assert_eq!(nearest("", names), None);
    }
}
