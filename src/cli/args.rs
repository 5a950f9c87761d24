//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Healthcare supply-chain disruption simulator: what an outage of a claims clearinghouse does to prescription delays.
#[derive(Debug, Parser)]
#[command(name = "rxoutage", version, arg_required_else_help = true)]
#[command(
    after_help = "Begin here:\n  rxoutage new my-outage.toml      a small scenario to edit\n  rxoutage run my-outage.toml      runs it; the last lines say where the report is\n\nExit codes: 0 ok, 1 run error, 2 bad input, 3 incomplete results, 99 a [[check]] failed, 130 stopped by a second Ctrl-C.\nDelays are model results, not data."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a scenario and write its tables, charts and report
    #[command(after_help = "Example:\n  rxoutage run scenarios/quickstart.toml --set run.replications=50")]
    Run(Run),
    /// Check a scenario: all mistakes, what is probably not meant, what each outage hits, how large the run is and, by simulating some of it, how long it takes
    #[command(after_help = "Example:\n  rxoutage check scenarios/change-healthcare-2024.toml")]
    Check(Check),
    /// Explain settings: value, unit, default, and the file and line that say it
    #[command(after_help = "Example:\n  rxoutage explain scenarios/change-healthcare-2024.toml pharmacies.independent.routes")]
    Explain(Explain),
    /// Write a table of targets beside what results give, in Markdown
    #[command(after_help = "Example:\n  rxoutage targets output/change-healthcare-2024-be8bd7ca --output table.md")]
    Targets(Targets),
    /// Draw the network of a scenario: who depends on whom, as SVG and DOT
    #[command(after_help = "Example:\n  rxoutage graph scenarios/quickstart.toml --output .")]
    Graph(Graph),
    /// Write a scenario to begin with
    #[command(after_help = "Example:\n  rxoutage new my-outage.toml --from switch-failover")]
    New(New),
    /// List the scenarios that the program carries, or print one
    #[command(after_help = "Example:\n  rxoutage examples\n  rxoutage examples quickstart")]
    Examples(Examples),
}

/// A scenario and what is changed in it.
#[derive(Debug, Args)]
pub(crate) struct ScenarioArguments {
    /// Scenario file (TOML)
    pub(crate) scenario: PathBuf,
    /// Override a setting by its key path, for example `--set run.seed=7` or `--set outage.ransomware.probability=0.5`; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
}

/// On how many threads a scenario is run.
#[derive(Debug, Args)]
pub(crate) struct ThreadsArgument {
    /// Replications at the same time; results do not depend on it [default: one for each core]
    #[arg(long, value_name = "NUMBER", value_parser = number_of_threads, allow_negative_numbers = true)]
    pub(crate) threads: Option<std::num::NonZeroUsize>,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) scenario: ScenarioArguments,
    /// Folder in which the results folder is made
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub(crate) output: PathBuf,
    /// Replace the results of an earlier run of the same scenario
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) threads: ThreadsArgument,
    /// Simulate event by event even where results can be had without; they do not depend on it
    #[arg(long)]
    pub(crate) events: bool,
    /// Print nothing but errors
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) scenario: ScenarioArguments,
    #[command(flatten)]
    pub(crate) threads: ThreadsArgument,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) scenario: ScenarioArguments,
    /// Key path, for example `run.horizon`, or its beginning; all settings if left out
    #[arg(value_name = "KEY")]
    pub(crate) key: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Targets {
    /// Results folders of scenarios with targets, in the order of the table
    #[arg(required = true, value_name = "RESULTS")]
    pub(crate) results: Vec<PathBuf>,
    /// File to write; printed if left out
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace the file of an earlier call
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Graph {
    #[command(flatten)]
    pub(crate) scenario: ScenarioArguments,
    /// Folder for <name>-network.svg and <name>-network.dot
    #[arg(long, value_name = "FOLDER", default_value = "output")]
    pub(crate) output: PathBuf,
    /// Replace files of an earlier call
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// File to write; its name becomes the scenario's name
    pub(crate) file: PathBuf,
    /// Example to begin with; see `rxoutage examples`
    #[arg(long, value_name = "EXAMPLE", default_value = "quickstart")]
    pub(crate) from: String,
}

#[derive(Debug, Args)]
pub(crate) struct Examples {
    /// Print this example
    pub(crate) name: Option<String>,
}

fn number_of_threads(text: &str) -> Result<std::num::NonZeroUsize, &'static str> {
    text.parse().map_err(|_| "a whole number of 1 or more is expected")
}
