//! The scenario: from TOML and CSV text to a model that cannot be wrong, or to every mistake at once.
//!
//! [`load`] reads the file and what it extends, merges, applies overrides, and builds. [`model`](Scenario) is what comes out.

mod build;
mod criticality;
mod explain;
mod extends;
mod groups;
mod harm;
mod load;
mod merge;
mod model;
mod needs;
mod observed;
mod overrides;
mod parse;
mod precautions;
#[cfg(test)]
mod tests;
mod warnings;

pub use build::as_name;
pub use criticality::{Criticality, SurvivalSearch};
pub use explain::explain;
pub use groups::{MOST_VALUES, Members, ReportGroup, ReportGroups};
pub use harm::Harm;
pub use load::{InputFile, InputRole, Loaded, Setting, Source, load};
pub use model::{
    Actions, Check, Claims, Copay, DrugClass, Finance, Order, PickUp, Precaution, Prescriptions, Reject, Replications,
    ReportSettings, RunSettings, Scenario, Trigger, Work,
};
pub use needs::Needs;
pub use observed::{
    Measure, Quantity, QuantityKind, Ranked, Reading, Requirement, Stat, Strictness, Subject, TargetRole, ValidationTarget,
    Window,
};
pub(crate) use warnings::UNMEASURED;
pub use warnings::{Warning, warnings};
