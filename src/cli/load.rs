//! From the arguments to a scenario.

use super::Failure;
use super::args::ScenarioArguments;
use crate::experiment::quantities;
use crate::scenario::{self, Loaded, Source};

/// Loads the scenario, or says everything that is wrong with it.
pub(crate) fn load(arguments: &ScenarioArguments) -> Result<Loaded, Failure> {
    scenario::load(&Source::File(arguments.scenario.clone()), &arguments.set, &quantities())
        .map_err(|problems| Failure::bad_input(problems.to_string()))
}
