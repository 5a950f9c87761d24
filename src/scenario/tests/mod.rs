//! Whole scenarios: good ones come back the same, bad ones with the right words.

mod accepted;
mod fuzz;
mod layers;
mod mistakes;
mod precautions;
mod tables;
mod warnings;

use super::{Harm, Loaded, Needs, Quantity, QuantityKind, Source, load};
use crate::input::Problems;
use crate::units::Span;

/// A scenario that uses every key.
const FULL: &str = include_str!("full.toml");

/// A scenario with no more than it needs.
const SMALL: &str = include_str!("small.toml");

/// A scenario with an attack.
const ATTACKED: &str = include_str!("attacked.toml");

/// The same with two precautions, the first in force.
const PREPARED: &str = concat!(include_str!("attacked.toml"), include_str!("precautions.toml"));

/// The quantities that tests know.
const KNOWN: [Quantity; 10] = [
    metric("delay_mean_hours", "h", Needs::NOTHING, Harm::Always),
    metric("share_delayed_24h", "share", Needs::NOTHING, Harm::FollowedUp(Span::DAY)),
    metric("share_delayed_72h", "share", Needs::NOTHING, Harm::FollowedUp(Span::from_micros(3 * Span::DAY.micros()))),
    metric("backlog_peak_day", "d", Needs::TWIN, Harm::No),
    series("connected_share", "share", Needs::NOTHING),
    series("in_system", "prescriptions", Needs::NOTHING),
    series("ready_per_hour", "prescriptions/h", Needs::NOTHING),
    series("ready_per_hour_twin", "prescriptions/h", Needs::TWIN),
    series("copay_through_share", "share", Needs::COPAY),
    series("service_ratio", "ratio", Needs::TWIN),
];

const fn metric(name: &'static str, unit: &'static str, needs: Needs, harm: Harm) -> Quantity {
    Quantity { name, unit, needs, harm, kind: QuantityKind::Metric }
}

const fn series(name: &'static str, unit: &'static str, needs: Needs) -> Quantity {
    Quantity { name, unit, needs, harm: Harm::No, kind: QuantityKind::Series }
}

/// Loads a text called `my.toml`.
fn load_text(text: &str, sets: &[&str]) -> Result<Loaded, Problems> {
    let source = Source::Text { name: "my.toml".to_owned(), text: text.to_owned() };
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    load(&source, &sets, &KNOWN)
}
