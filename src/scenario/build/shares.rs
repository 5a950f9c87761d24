//! Shares of a whole.

use crate::input::{At, Given, Log, Node, Place, Reader, Value, key_text};
use crate::units::Share;

/// How far a sum of shares may be from 1.
const TOLERANCE: f64 = 1e-6;

/// Reads a table of shares that sum to 1: `{ change = 0.4, direct = 0.6 }`. `resolve` says what a key stands for.
pub(super) fn read<T>(
    table: &mut Reader<'_>,
    key: &'static str,
    about: &'static str,
    mut resolve: impl FnMut(&At<String>, &mut Log) -> Option<T>,
) -> Given<Vec<(T, Share)>> {
    if let Some((Node { value: Value::String(word), place }, scope, log)) = table.node(key) {
        let message = format!("{}: expected shares, found a string", scope.name());
        log.refuse_at(*place, message, "not a table of shares", format!("write {key} = {{ {} = 1 }}", key_text(word)));
        return Given::Bad;
    }
    let mut shares = match table.section(key) {
        Given::Good(shares) => shares,
        Given::Bad => return Given::Bad,
        Given::Absent => return Given::Absent,
    };
    let mut read = Vec::new();
    for key in shares.keys() {
        let share = shares.chosen::<Share>(&key.value, about);
        let meaning = resolve(&key, shares.log());
        read.push(meaning.zip(share));
    }
    let (place, title) = (shares.place(), shares.title().to_owned());
    let Some(read) = read.into_iter().collect::<Option<Vec<_>>>() else { return Given::Bad };
    let values: Vec<Share> = read.iter().map(|(_, share)| share.value).collect();
    if !sum_to_one(&values, place, &title, shares.log()) {
        return Given::Bad;
    }
    Given::Good(read.into_iter().map(|(meaning, share)| (meaning, share.value)).collect())
}

/// Checks that shares sum to 1; `title` says whose they are.
pub(super) fn sum_to_one(shares: &[Share], place: Place, title: &str, log: &mut Log) -> bool {
    // A sum of nothing is minus zero.
    let sum = 0.0 + shares.iter().map(|share| share.value()).sum::<f64>();
    if (sum - 1.0).abs() <= TOLERANCE {
        return true;
    }
    let (shown, missing) = (tidy(sum), tidy((sum - 1.0).abs()));
    let help = if sum < 1.0 { format!("{missing} is missing") } else { format!("{missing} is too much") };
    log.refuse_at(place, format!("the shares in {title} sum to {shown}, not to 1"), format!("sums to {shown}"), help);
    false
}

/// A number without the noise of binary fractions.
pub(super) fn tidy(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}
