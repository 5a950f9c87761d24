//! rxoutage simulates what an outage in the network of prescription claims does to the people who wait for their prescriptions.
//!
//! A discrete-event engine takes every prescription through its pharmacy, its clearinghouse and its payer; a disruption takes parts of that
//! network down and brings them back; each replication is run twice on the same chance, with and without the disruption, so that the delay of
//! every prescription can be compared with its own delay in normal service. The reference is the attack on Change Healthcare of 21 February 2024.
//!
//! # Reading order
//! 1. [`units`], [`math`]: quantities as types, and one implementation of the elementary functions.
//! 2. [`input`], [`files`]: text in with its places, mistakes out with theirs; files.
//! 3. [`engine`]: the calendar and the loop, without a domain word. [`random`]: chance and laws. [`stats`]: accumulators and intervals.
//!    [`theory`]: exact answers to check against.
//! 4. [`network`], [`disruption`], [`response`]: who is connected to whom, what goes wrong, what people do about it.
//! 5. [`scenario`]: from TOML and CSV to a model that cannot be wrong.
//! 6. [`sim`]: one replication. [`experiment`]: many, in parallel, merged in order.
//! 7. [`report`]: tables, figures, the page. [`cli`]: the command line.
//!
//! The [`guide`] explains the model, the architecture, the validation and the words.
//!
//! # Example
//! ```
//! use rxoutage::{experiment, scenario};
//!
//! let text = r#"
//!     format = 1
//!     name = "counter"
//!     [run]
//!     horizon = "20 d"
//!     follow_up = "0 s"
//!     replications = 4
//!     [work]
//!     entry = { exponential = { mean = "6 min" } }
//!     [pharmacies.counter]
//!     sites = 1
//!     interarrival = { exponential = { mean = "12 min" } }
//!     staff = 1
//! "#;
//! let source = scenario::Source::Text { name: "counter.toml".into(), text: text.into() };
//! let loaded = scenario::load(&source, &[], &[]).expect("a valid scenario");
//! let outcome = experiment::run(&loaded.scenario, &experiment::Unattended);
//! let delay = outcome.estimate(0, 0, "delay_mean_hours").expect("an estimate");
//! assert!((delay.mean - 0.2).abs() < 0.05, "an M/M/1 at half load: 12 minutes on average");
//! ```
#![forbid(unsafe_code)]

pub mod cli;
pub mod disruption;
pub mod engine;
pub mod experiment;
pub mod files;
pub mod guide;
pub mod input;
pub mod math;
pub mod network;
pub mod random;
pub mod report;
pub mod response;
pub mod scenario;
pub mod sim;
pub mod stats;
pub mod theory;
pub mod units;

/// The README's example is tested like the others.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[derive(Debug)]
pub struct Readme;
