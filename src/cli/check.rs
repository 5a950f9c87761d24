//! `rxoutage check`

use core::fmt::Write as _;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::args::{Check, ThreadsArgument};
use super::memory::Memory;
use super::{Failure, Verdict, load, say};
use crate::experiment::{self, Pool, Size};
use crate::report;
use crate::scenario::{self, Loaded, Replications, Scenario};
use crate::units::Span;

/// A pilot is stopped when it takes longer.
const LONGEST_PILOT: Duration = Duration::from_secs(2);

/// Proves all that a run needs, and says how large it would be.
#[expect(clippy::disallowed_methods, reason = "the clock tells how fast this machine is, for the estimate only")]
pub(crate) fn check(arguments: &Check) -> Result<Verdict, Failure> {
    let loaded = load::load(&arguments.scenario)?;
    let threads = threads(&arguments.threads, &loaded);
    if let Err(too_large) = refuse_too_large(&loaded.scenario, threads) {
        let size = experiment::size(&loaded.scenario, threads, None);
        say(&described(
            &loaded,
            size,
            "no mistakes found, but too large for this machine",
            &estimated(least(&loaded.scenario, threads), None, threads),
        ));
        return Err(too_large);
    }
    let began = OnceLock::new();
    let elapsed = || began.get_or_init(Instant::now).elapsed();
    let pilot = pool(threads)?.pilot(&loaded.scenario, || elapsed() > LONGEST_PILOT);
    let took = elapsed().as_secs_f64();
    let estimate = |scenario: &Scenario| {
        let size = experiment::size(scenario, threads, Some(&pilot));
        (size, estimated(size, pilot.seconds(took, scenario), threads))
    };
    let (seen, mut words) = estimate(&loaded.scenario);
    if let Some(fewest) = experiment::with_fewest_replications(&loaded.scenario) {
        let (size, least) = estimate(&fewest);
        words = format!(
            "{least} for {}, the fewest\n                {words} for {}, the most",
            counted(size.replications, "replication", "replications"),
            seen.replications
        );
    }
    // What begins later than this is in none of the numbers.
    if let Some(reached) = pilot.reached(&loaded.scenario) {
        let first = if reached == Span::ZERO { "moments".to_owned() } else { reached.to_string() };
        words = format!("{words}, judging by the first {first}");
    }
    say(&described(&loaded, seen, "no mistakes found", &words));
    // How much is seen in that time depends on the machine; whether a scenario is taken does not.
    if let Some(warning) = warn_of_memory(seen) {
        say(&format!("\n{warning}"));
    }
    Ok(Verdict::Success)
}

/// As many threads as are asked for, or as the machine has; more than there are worlds at a time would only wait.
pub(crate) fn threads(asked: &ThreadsArgument, loaded: &Loaded) -> usize {
    let threads = asked.threads.or_else(|| std::thread::available_parallelism().ok()).map_or(1, std::num::NonZeroUsize::get);
    threads.min(experiment::worlds_at_a_time(&loaded.scenario))
}

/// So many threads to simulate on.
pub(crate) fn pool(threads: usize) -> Result<Pool, Failure> {
    Pool::new(threads).map_err(|why| Failure::run_error(format!("error: cannot start {threads} threads: {why}")))
}

/// Refuses a scenario that cannot fit into the machine's memory, even with as few replications as may be enough.
pub(crate) fn refuse_too_large(scenario: &Scenario, threads: usize) -> Result<(), Failure> {
    let size = least(scenario, threads);
    let Some(memory) = Memory::now().filter(|memory| !memory.holds(size.memory)) else { return Ok(()) };
    Err(Failure::bad_input(format!(
        "error: this scenario needs about {} of memory, and the machine has {}\n   = help: {}",
        bytes(size.memory),
        bytes(memory.total),
        how_to_take_less(size)
    )))
}

/// The size of a scenario with as few replications as may be enough.
fn least(scenario: &Scenario, threads: usize) -> Size {
    let fewest = experiment::with_fewest_replications(scenario);
    experiment::size(fewest.as_ref().unwrap_or(scenario), threads, None)
}

/// What is odd about a scenario that may not fit into the machine's memory.
pub(crate) fn warn_of_memory(size: Size) -> Option<String> {
    let memory = Memory::now().filter(|memory| !memory.holds(size.memory))?;
    Some(format!(
        "warning: this scenario may need {} of memory, and the machine has {}: a run stops when that is taken\n  = help: {}\n",
        bytes(size.memory),
        bytes(memory.total),
        how_to_take_less(size)
    ))
}

/// A way out that is one: less of what takes most of the memory.
fn how_to_take_less(size: Size) -> &'static str {
    let results = size.kept * size.replications as f64;
    if results > 0.5 * size.memory {
        return "raise `run.timeline_step`, or lower `run.replications`, or the `max` in it: the results of each are kept until the end";
    }
    "lower `run.scale` or the number of sites, or run with fewer `--threads`"
}

/// What a run takes, in words.
fn estimated(size: Size, seconds: Option<f64>, threads: usize) -> String {
    let time = seconds.map(|seconds| format!("{} on {}, ", duration(seconds), counted(threads as u64, "thread", "threads")));
    format!("{}{} of memory, {} of results", time.unwrap_or_default(), bytes(size.memory), bytes(size.disk))
}

fn described(loaded: &Loaded, size: Size, verdict: &str, estimate: &str) -> String {
    let scenario = &loaded.scenario;
    let network = &scenario.network;
    let warnings = warnings(loaded);
    let odd = match warnings.len() {
        0 => String::new(),
        number => format!(", {}", counted(number as u64, "warning", "warnings")),
    };
    let mut text = format!("{} ({}): {verdict}{odd}\n", scenario.title, scenario.name);
    let real: u64 = network.pharmacies.iter().map(|group| u64::from(group.sites)).sum();
    let _ = writeln!(
        text,
        "  network       {} in {}, {} simulated; {}, {}, {}",
        counted(real, "pharmacy", "pharmacies"),
        counted(network.pharmacies.len() as u64, "group", "groups"),
        size.sites,
        counted(network.services.len() as u64, "service", "services"),
        counted(network.platforms.len() as u64, "platform", "platforms"),
        counted(network.links.len() as u64, "link", "links")
    );
    let _ = writeln!(
        text,
        "  time          {} from {}, warm-up {}, follow-up {}",
        scenario.run.horizon, scenario.run.start, scenario.run.warm_up, scenario.run.follow_up
    );
    for (id, what) in &loaded.targets {
        let _ = writeln!(text, "  disruption    {id} hits {what}");
    }
    if loaded.targets.is_empty() {
        text.push_str("  disruption    none\n");
    }
    for off in loaded.switched_off() {
        let _ = writeln!(text, "  switched off  {off}");
    }
    for precaution in &scenario.precautions {
        let state = if precaution.in_force { "in force" } else { "not in force" };
        let _ = writeln!(text, "  precaution    {} is {state}, {} usd a year", precaution.id, precaution.cost_per_year.usd());
    }
    let _ = writeln!(
        text,
        "  work          {}{}{} of about {} prescriptions",
        if matches!(scenario.run.replications, Replications::Until { .. }) { "at most " } else { "" },
        counted(size.replications, "replication", "replications"),
        match (size.worlds > 1, size.replications) {
            (false, _) => "",
            (true, 1) => " with its twin without disruption,",
            (true, _) => ", each with its twin without disruption,",
        },
        number(size.prescriptions)
    );
    if let Some(study) = &scenario.criticality {
        let nodes = counted(study.targets(network).len() as u64, "node", "nodes");
        let searched = if study.search.is_some() { ", and for as long as can be borne" } else { "" };
        let _ = writeln!(text, "  criticality   {nodes}, each out for {}{searched}, in each replication", study.lasts);
    }
    let _ = writeln!(text, "  estimate      {estimate}");
    for warning in &warnings {
        let _ = write!(text, "\nwarning: {warning}");
    }
    text
}

/// What is odd: each warning with the place of the setting that decides, and a way out.
fn warnings(loaded: &Loaded) -> Vec<String> {
    let about_model = scenario::warnings(&loaded.scenario).into_iter().map(|warning| {
        let place = loaded.place_of(&warning.key_path).map(|place| format!(" --> {place}\n")).unwrap_or_default();
        format!("{}\n{place}  = help: {}\n", warning.message, warning.help)
    });
    let about_pictures = report::font_warning(&loaded.scenario).map(|message| format!("{message}\n"));
    about_model.chain(about_pictures).collect()
}

fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn duration(seconds: f64) -> String {
    const YEAR: f64 = 365.25 * 86_400.0;
    match seconds {
        s if s < 1.0 => "under 1 s".to_owned(),
        s if s < 120.0 => format!("about {s:.0} s"),
        s if s < 7200.0 => format!("about {:.0} min", s / 60.0),
        s if s < 100.0 * 3600.0 => format!("about {:.1} h", s / 3600.0),
        s if s < 2.0 * YEAR => format!("about {:.0} days", s / 86_400.0),
        s => format!("about {} years", number(s / YEAR)),
    }
}

/// A whole number, or the size of one that nobody would count the digits of.
fn number(value: f64) -> String {
    if value < 1e15 { format!("{value:.0}") } else { format!("{value:.1e}") }
}

pub(crate) fn bytes(number: f64) -> String {
    match number {
        n if n < 1e6 => format!("{:.0} kB", n / 1e3),
        n if n < 1e9 => format!("{:.0} MB", n / 1e6),
        n if n < 1e15 => format!("{:.1} GB", n / 1e9),
        n => format!("{:.1e} GB", n / 1e9),
    }
}
