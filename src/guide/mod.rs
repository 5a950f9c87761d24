//! The guide: what is simulated, how a scenario is written, what the reference scenario assumes, and what has been checked.
//!
//! Reading order:
//! 1. [`glossary`]: the words. Look here when one is new.
//! 2. [`model`]: what is simulated, step by step, with the formulas of what is reported and the known limits.
//! 3. [`responses`]: every response, trigger and action by itself.
//! 4. [`scenario_file`]: every key of a scenario file.
//! 5. [`reference_scenario`]: the outage of 21 February 2024, each parameter with its source or the word *assumption*.
//! 6. [`validation`]: what was checked, against what, and what the checks do not show.
//! 7. [`questions`]: what a planner may ask, and where the answer is.
//! 8. [`performance`]: time and memory, where they go, and what the size of the sample does to the results.
//! 9. [`architecture`]: how the program is built, and where to add to it.

#[doc = include_str!("glossary.md")]
pub mod glossary {}

#[doc = include_str!("model.md")]
pub mod model {}

#[doc = include_str!("responses.md")]
pub mod responses {}

#[doc = include_str!("scenario_file.md")]
pub mod scenario_file {}

#[doc = include_str!("reference_scenario.md")]
pub mod reference_scenario {}

#[doc = include_str!("validation.md")]
#[doc = include_str!("validation_table.md")]
pub mod validation {}

#[doc = include_str!("questions.md")]
pub mod questions {}

#[doc = include_str!("performance.md")]
pub mod performance {}

#[doc = include_str!("architecture.md")]
pub mod architecture {}
