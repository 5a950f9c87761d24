//! `rxoutage examples`: the scenarios that the program carries.

use super::args::Examples;
use super::{Failure, Verdict, say};
use crate::input::{name_list, nearest};

/// A scenario that the program carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Example {
    /// Name, and file name without `.toml`.
    pub(crate) name: &'static str,
    /// What it shows.
    pub(crate) about: &'static str,
    /// Its text.
    pub(crate) text: &'static str,
}

macro_rules! examples {
    ($($name:literal, $about:literal;)+) => {
        /// Every example, the first to try first.
        pub(crate) const EXAMPLES: &[Example] =
            &[$(Example { name: $name, about: $about, text: include_str!(concat!("../../scenarios/", $name, ".toml")) },)+];
    };
}

examples! {
    "quickstart", "a small town, a two-day outage of its main switch; runs in seconds";
    "single-pharmacy", "one pharmacy whose switch is down from morning to evening";
    "switch-failover", "half of the pharmacies have a standby switch: what is it worth?";
    "node-criticality", "the same town: which switch, payer or network matters most, and how long each may be out (extends switch-failover)";
    "baseline", "the national network in normal service, one site in 500";
    "change-healthcare-2024", "the outage of 21 February 2024 on that network (extends baseline)";
    "restore-72h", "the same outage under a rule of restoration within 72 hours (extends it)";
    "precautions", "the attack as a process, and six precautions to put in force (extends it)";
    "kimbrough", "one military clinic in that outage: an independent check of the model";
    "veterans-affairs", "a federal health system in that outage: an independent check of the model";
    "dependent-chain", "a 22-store chain in that outage and the year after: an independent check of the model";
    "metastable-surge", "resubmissions keep a switch down after it was repaired";
    "metastable-budget", "the same surge with a budget of retries (extends metastable-surge)";
}

/// Lists the examples, or prints one.
pub(crate) fn examples(arguments: &Examples) -> Result<Verdict, Failure> {
    if let Some(name) = &arguments.name {
        say(find(name)?.text);
        return Ok(Verdict::Success);
    }
    say("Scenarios that the program carries:\n");
    for example in EXAMPLES {
        say(&format!("  {:24} {}\n", example.name, example.about));
    }
    say("\nBegin with one: rxoutage new my-outage.toml --from NAME\n");
    Ok(Verdict::Success)
}

/// The example of a name.
pub(crate) fn find(name: &str) -> Result<&'static Example, Failure> {
    let name = name.strip_suffix(".toml").unwrap_or(name);
    EXAMPLES.iter().find(|example| example.name == name).ok_or_else(|| {
        let names: Vec<&str> = EXAMPLES.iter().map(|example| example.name).collect();
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the examples are {}", name_list(&names)),
        };
        Failure::bad_input(format!("error: there is no example `{name}`\n   = help: {help}"))
    })
}
