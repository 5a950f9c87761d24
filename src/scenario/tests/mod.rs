//! Whole scenarios: good ones come back the same, bad ones with the right words.

mod accepted;
mod fuzz;
mod layers;
mod mistakes;
mod precautions;
mod tables;
mod warnings;

use super::{Loaded, Source, load};
use crate::input::Problems;

/// A scenario that uses every key.
const FULL: &str = include_str!("full.toml");

/// A scenario with no more than it needs.
const SMALL: &str = include_str!("small.toml");

/// A scenario with an attack.
const ATTACKED: &str = include_str!("attacked.toml");

/// The same with two precautions, the first in force.
const PREPARED: &str = concat!(include_str!("attacked.toml"), include_str!("precautions.toml"));

/// The metrics that tests know.
const METRICS: [&str; 3] = ["delay_mean_hours", "share_delayed_24h", "share_delayed_72h"];

/// Loads a text called `my.toml`.
fn load_text(text: &str, sets: &[&str]) -> Result<Loaded, Problems> {
    let source = Source::Text { name: "my.toml".to_owned(), text: text.to_owned() };
    let sets: Vec<String> = sets.iter().map(|&set| set.to_owned()).collect();
    load(&source, &sets, &METRICS)
}
