//! `rxoutage run`: scenario, experiment, results, verdict.

use std::path::Path;
use std::time::{Instant, SystemTime};

use super::args::Run;
use super::progress::Terminal;
use super::{Failure, Verdict, check, complain, load, say};
use crate::experiment::{self, Outcome};
use crate::files::{ResultsFolder, sha256_hex};
use crate::report::{self, InputRecord, PrecautionRecord, RunRecord, TargetRecord};
use crate::scenario::{InputRole, Loaded};

/// Runs a scenario.
#[expect(clippy::disallowed_methods, reason = "the command line is where the clock is read, for the record of the run only")]
pub(crate) fn run(arguments: &Run) -> Result<Verdict, Failure> {
    let loaded = load::load(&arguments.scenario)?;
    let threads = check::threads(&arguments.threads, &loaded);
    check::refuse_too_large(&loaded.scenario, threads)?;
    let size = experiment::size(&loaded.scenario, threads, None);
    if let Some(warning) = check::warn_of_memory(size).filter(|_| !arguments.quiet) {
        complain(&warning);
    }

    let folder = begin_folder(arguments, &loaded)?;
    let pool = check::pool(threads)?;
    let terminal =
        Terminal::new(loaded.scenario.run.replications.at_most(), threads.min(size.replications as usize), arguments.quiet);
    let started = SystemTime::now();
    let clock = Instant::now();
    let outcome =
        if arguments.events { pool.run_by_events(&loaded.scenario, &terminal) } else { pool.run(&loaded.scenario, &terminal) };
    let seconds = clock.elapsed().as_secs_f64();
    terminal.simulated();

    if outcome.points.iter().all(|point| point.replications.is_empty()) {
        complain("stopped before the first replication was finished: nothing was written");
        return Ok(Verdict::Incomplete);
    }
    let record = record(&loaded, &outcome, threads, started, seconds);
    let (resolved, tables) = self_contained(&loaded)?;
    report::write(&folder, &outcome, &resolved, &tables, &record).map_err(|why| Failure::run_error(format!("error: {why}")))?;
    let path = folder.finish().map_err(|why| Failure::run_error(format!("error: {why}")))?;
    terminal.written();
    if !arguments.quiet {
        say(&report::summary(&outcome, &path.display().to_string()));
    }
    Ok(verdict(&outcome, arguments.quiet))
}

fn verdict(outcome: &Outcome, quiet: bool) -> Verdict {
    if outcome.interrupted {
        let finished = outcome.points.first().map_or(0, |point| point.replications.len());
        let all = outcome.planned;
        let left_out = if outcome.criticality_stopped { "; the study of criticality is left out" } else { "" };
        complain(&format!("stopped: {finished} of {all} replications were finished, and the results are theirs{left_out}"));
        return Verdict::Incomplete;
    }
    if outcome.checks.iter().any(|check| !check.passed) {
        if quiet {
            for check in outcome.checks.iter().filter(|check| !check.passed) {
                complain(&format!("check failed: {}", check.requirement));
            }
        }
        return Verdict::CheckFailed;
    }
    Verdict::Success
}

/// Opens the results folder before any work is done.
fn begin_folder(arguments: &Run, loaded: &Loaded) -> Result<ResultsFolder, Failure> {
    let hash = scenario_hash(loaded);
    let name = format!("{}-{}", loaded.scenario.name, &hash.get(..8).unwrap_or(&hash));
    let inside = |folder: &Path, file: &Path| {
        let (Ok(folder), Ok(file)) = (std::path::absolute(folder.join(&name)), std::path::absolute(file)) else { return false };
        file.starts_with(folder)
    };
    if let Some(input) = loaded.inputs.iter().find(|input| inside(&arguments.output, &input.path)) {
        return Err(Failure::bad_input(format!(
            "error: the results would replace the folder that holds `{}`\n   = help: name another folder with `--output`",
            input.path.display()
        )));
    }
    let folder = ResultsFolder::begin(&arguments.output, &name, arguments.force);
    let folder = folder.map_err(|why| Failure::bad_input(format!("error: {why}")))?;
    for path in folder.swept().iter().filter(|_| !arguments.quiet) {
        complain(&format!("note: removed `{}`, what a run that was killed had left unfinished", path.display()));
    }
    Ok(folder)
}

/// Fingerprint of all that decides the results: the resolved scenario and the tables that it reads.
fn scenario_hash(loaded: &Loaded) -> String {
    let mut text = with_tables_beside(loaded);
    for input in loaded.inputs.iter().filter(|input| input.role.is_table()) {
        text.push_str(&input.sha256);
    }
    sha256_hex(text.as_bytes())
}

/// A scenario's text, and the tables that it names with their paths beside it.
type SelfContained = (String, Vec<(String, Vec<u8>)>);

/// The resolved scenario with copies of its tables, named so that it can be run where it stands.
fn self_contained(loaded: &Loaded) -> Result<SelfContained, Failure> {
    let mut tables = Vec::new();
    for input in loaded.inputs.iter().filter(|input| input.role.is_table()) {
        let copy = copy_of(input.role);
        let text = crate::files::read_text(&input.path, u64::MAX - 1)
            .map_err(|_| Failure::run_error(format!("error: `{}` can no longer be read", input.path.display())))?;
        tables.push((copy, text.text.into_bytes()));
    }
    Ok((with_tables_beside(loaded), tables))
}

/// Where the copy of a table lies in the results folder.
fn copy_of(role: InputRole) -> String {
    format!("inputs/{}.csv", role.name())
}

/// The resolved scenario with its tables named as their copies are: the same text wherever the originals lie.
fn with_tables_beside(loaded: &Loaded) -> String {
    let mut text = loaded.resolved.clone();
    for input in loaded.inputs.iter().filter(|input| input.role.is_table()) {
        let key = input.role.name();
        let lines = text.lines().map(|line| match line.strip_prefix(key).map(str::trim_start) {
            Some(rest) if rest.starts_with('=') => format!("{key} = \"{}\"", copy_of(input.role)),
            _ => line.to_owned(),
        });
        text = lines.collect::<Vec<_>>().join("\n") + "\n";
    }
    text
}

#[expect(clippy::disallowed_methods, reason = "the record of the run says how it was called")]
fn record(loaded: &Loaded, outcome: &Outcome, threads: usize, started: SystemTime, seconds: f64) -> RunRecord {
    let replications = || outcome.points.iter().flat_map(|point| &point.replications);
    let inputs = loaded.inputs.iter().map(|input| InputRecord {
        path: input.path.display().to_string(),
        role: input.role.name(),
        sha256: input.sha256.clone(),
    });
    let targets = outcome.targets.iter().map(|result| TargetRecord {
        id: result.target.id.clone(),
        role: result.target.role.name(),
        verdict: result.verdict.name(),
    });
    RunRecord {
        program: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: env!("RXOUTAGE_COMMIT").to_owned(),
        dirty: env!("RXOUTAGE_DIRTY") == "true",
        scenario: outcome.name.clone(),
        scenario_sha256: scenario_hash(loaded),
        inputs: inputs.collect(),
        seed: format!("{:#018x}", outcome.seed),
        generator: "Philox2x64-10 (addressed draws); xoshiro256++ seeded by ChaCha8 (streams)".to_owned(),
        replications: replications().count() as u64,
        planned_replications: u64::from(outcome.planned),
        interrupted: outcome.interrupted,
        warnings: outcome.warnings.iter().cloned().chain(report::font_warning(&loaded.scenario)).collect(),
        prescriptions: replications().map(|replication| replication.prescriptions).sum(),
        path: outcome.path.name(),
        events: replications().map(|replication| replication.events).sum(),
        shards: 1,
        threads: threads as u64,
        host: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        started_unix_seconds: started.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |span| span.as_secs()),
        wall_seconds: seconds,
        command: std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect(),
        precautions: outcome.precautions.iter().map(PrecautionRecord::from).collect(),
        precautions_cost_per_year_usd: report::total_cost(&outcome.precautions).usd(),
        targets: targets.collect(),
        files: Vec::new(),
    }
}
