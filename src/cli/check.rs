//! `rxoutage check`

use core::fmt::Write as _;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::args::Check;
use super::{Failure, Verdict, load, say};
use crate::experiment::{self, Pool, Size};
use crate::report;
use crate::scenario::{self, Loaded, Replications};

/// A pilot is stopped when it takes longer.
const LONGEST_PILOT: Duration = Duration::from_secs(2);

/// Memory that is left to others when deciding whether a scenario is too large.
const MEMORY_SHARE: f64 = 0.9;

/// Proves all that a run needs, and says how large it would be.
#[expect(clippy::disallowed_methods, reason = "the clock tells how fast this machine is, for the estimate only")]
pub(crate) fn check(arguments: &Check) -> Result<Verdict, Failure> {
    let loaded = load::load(&arguments.scenario)?;
    let threads = threads(None, &loaded);
    let size = experiment::size(&loaded.scenario, threads, None);
    if let Err(too_large) = refuse_too_large(size) {
        say(&described(&loaded, size, threads, None));
        return Err(too_large);
    }
    let began = OnceLock::new();
    let elapsed = || began.get_or_init(Instant::now).elapsed();
    let pilot = pool(threads)?.pilot(&loaded.scenario, || elapsed() > LONGEST_PILOT);
    let seconds = pilot.seconds(elapsed().as_secs_f64(), &loaded.scenario);
    let seen = experiment::size(&loaded.scenario, threads, Some(&pilot));
    say(&described(&loaded, seen, threads, seconds));
    if let Err(too_large) = refuse_too_large(seen) {
        // How much is seen in that time depends on the machine; whether a scenario is taken does not.
        say(&too_large.words.replacen("error", "\nwarning", 1));
    }
    Ok(Verdict::Success)
}

/// Worlds at the same time: a twin can have a thread of its own, and more threads than worlds would only wait.
pub(crate) fn threads(asked: Option<std::num::NonZeroUsize>, loaded: &Loaded) -> usize {
    let threads = asked.or_else(|| std::thread::available_parallelism().ok()).map_or(1, std::num::NonZeroUsize::get);
    let worlds = if loaded.scenario.is_disrupted() { 2 } else { 1 };
    threads.min(worlds * loaded.scenario.run.replications.at_most().max(1) as usize)
}

/// So many threads to simulate on.
pub(crate) fn pool(threads: usize) -> Result<Pool, Failure> {
    Pool::new(threads).map_err(|why| Failure::run_error(format!("error: cannot start {threads} threads: {why}")))
}

/// Refuses a scenario that would not fit into the machine's memory.
pub(crate) fn refuse_too_large(size: Size) -> Result<(), Failure> {
    let Some(memory) = machine_memory() else { return Ok(()) };
    if size.memory <= memory * MEMORY_SHARE {
        return Ok(());
    }
    Err(Failure::bad_input(format!(
        "error: this scenario needs about {} of memory, and the machine has {}\n   = help: lower `run.scale`, `run.replications` or the number of sites, raise `run.timeline_step`, or run with fewer `--threads`",
        bytes(size.memory),
        bytes(memory)
    )))
}

/// Memory of the machine in bytes, where the system tells.
fn machine_memory() -> Option<f64> {
    let text = crate::files::read_text(std::path::Path::new("/proc/meminfo"), 1 << 20).ok()?.text;
    let line = text.lines().find(|line| line.starts_with("MemTotal:"))?;
    let kibibytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024.0)
}

fn described(loaded: &Loaded, size: Size, threads: usize, seconds: Option<f64>) -> String {
    let scenario = &loaded.scenario;
    let network = &scenario.network;
    let warnings = warnings(loaded);
    let odd = match warnings.len() {
        0 => String::new(),
        number => format!(", {}", counted(number as u64, "warning", "warnings")),
    };
    let mut text = format!("{} ({}): no mistakes found{odd}\n", scenario.title, scenario.name);
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
    let _ = writeln!(
        text,
        "  estimate      {}{} of memory, {} of results",
        seconds
            .map(|seconds| format!("{} on {}, ", duration(seconds), counted(threads as u64, "thread", "threads")))
            .unwrap_or_default(),
        bytes(size.memory),
        bytes(size.disk)
    );
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
