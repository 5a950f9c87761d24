//! All files of a results folder.

use serde::Serialize;

use super::figures::{self, PictureError};
use super::html::{self, Provenance};
use super::precautions::PrecautionRecord;
use super::tables::tables;
use crate::experiment::Outcome;
use crate::files::{FolderError, ResultsFolder};

/// Where results come from: `run.json`. The only file of a results folder that differs between two runs of the same scenario.
#[derive(Clone, Debug, Serialize)]
pub struct RunRecord {
    /// Name of the program.
    pub program: String,
    /// Its version.
    pub version: String,
    /// Commit that it was built from, or `unknown`.
    pub commit: String,
    /// Whether the source differed from that commit.
    pub dirty: bool,
    /// Name of the scenario.
    pub scenario: String,
    /// SHA-256 of the resolved scenario and the tables that it reads.
    pub scenario_sha256: String,
    /// Files that were read.
    pub inputs: Vec<InputRecord>,
    /// Seed, as text: large integers do not survive every reader.
    pub seed: String,
    /// Generators of random numbers.
    pub generator: String,
    /// Replications finished.
    pub replications: u64,
    /// Replications asked for, at most.
    pub planned_replications: u64,
    /// Whether the run was stopped before all were finished.
    pub interrupted: bool,
    /// What is odd about the scenario, in words.
    pub warnings: Vec<String>,
    /// Prescriptions simulated, warm-up included, each counted once though its twin is simulated too.
    pub prescriptions: u64,
    /// How they were computed: `events`, or `recursion` where the scenario allows it; results are the same.
    pub path: &'static str,
    /// Events handled, in run and twin; by the path without events, those that there would have been.
    pub events: u64,
    /// Shards: this version always runs in one piece.
    pub shards: u64,
    /// Replications at the same time.
    pub threads: u64,
    /// Operating system and processor architecture.
    pub host: String,
    /// When the run began, in seconds since 1970-01-01T00:00:00Z.
    pub started_unix_seconds: u64,
    /// How long the simulation took \[s\].
    pub wall_seconds: f64,
    /// The command as typed.
    pub command: Vec<String>,
    /// What could be invested in, and what of it was in force.
    pub precautions: Vec<PrecautionRecord>,
    /// What the precautions in force cost each year together, in US dollars.
    pub precautions_cost_per_year_usd: f64,
    /// How each target of the scenario came out; left away if it has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<TargetRecord>,
    /// Every other file of the folder with its SHA-256.
    pub files: Vec<FileRecord>,
}

/// A file that was read.
#[derive(Clone, Debug, Serialize)]
pub struct InputRecord {
    /// Path as named.
    pub path: String,
    /// What it is: `scenario`, `parent`, `nodes` or `links`.
    pub role: &'static str,
    /// SHA-256.
    pub sha256: String,
}

/// How a target came out.
#[derive(Clone, Debug, Serialize)]
pub struct TargetRecord {
    /// Its id.
    pub id: String,
    /// `calibration` or `independent`.
    pub role: &'static str,
    /// `met`, `missed` or `not estimable`.
    pub verdict: &'static str,
}

/// A file of the results folder.
#[derive(Clone, Debug, Serialize)]
pub struct FileRecord {
    /// Path in the folder.
    pub path: String,
    /// SHA-256.
    pub sha256: String,
}

/// What stopped the results from being written.
#[derive(Debug)]
pub enum WriteError {
    /// A file could not be written.
    Folder(FolderError),
    /// A picture could not be made.
    Picture(PictureError),
}

impl core::fmt::Display for WriteError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Folder(why) => why.fmt(f),
            Self::Picture(why) => write!(f, "a chart could not be drawn: {why}"),
        }
    }
}

impl std::error::Error for WriteError {}

impl From<FolderError> for WriteError {
    fn from(why: FolderError) -> Self {
        Self::Folder(why)
    }
}

/// Fills a results folder: tables, figures, report, the resolved scenario with copies of its tables, and last the record of the run.
///
/// # Errors
/// A file cannot be written, or a picture not made.
pub fn write(
    folder: &ResultsFolder,
    outcome: &Outcome,
    resolved: &str,
    inputs: &[(String, Vec<u8>)],
    record: &RunRecord,
) -> Result<(), WriteError> {
    let mut record = record.clone();
    let mut note = |path: &str, sha256| record.files.push(FileRecord { path: path.to_owned(), sha256 });
    note("scenario.resolved.toml", folder.add("scenario.resolved.toml", resolved.as_bytes())?);
    for (path, bytes) in inputs {
        note(path, folder.add(path, bytes)?);
    }
    for table in tables(outcome) {
        let name = table.name;
        note(name, folder.add_by(name, |file| table.write_csv(file))?);
    }
    let figures = figures::figures(outcome);
    for figure in &figures {
        let path = |extension| format!("figures/{}.{extension}", figure.name);
        let svg = figures::svg(&figure.spec).map_err(WriteError::Picture)?;
        note(&path("svg"), folder.add(&path("svg"), svg.as_bytes())?);
        note(&path("png"), folder.add(&path("png"), &figures::png(&svg).map_err(WriteError::Picture)?)?);
        note(&path("csv"), folder.add_by(&path("csv"), |file| figure.write_csv(file))?);
    }
    let provenance = Provenance {
        version: match (record.commit.get(..10), record.dirty) {
            (Some(commit), true) => format!("{} ({commit}-dirty)", record.version),
            (Some(commit), false) => format!("{} ({commit})", record.version),
            (None, _) => record.version.clone(),
        },
        scenario_hash: record.scenario_sha256.clone(),
        command: format!("rxoutage run {}", record.inputs.first().map_or("scenario.resolved.toml", |input| input.path.as_str())),
    };
    note("report.html", folder.add("report.html", html::html(outcome, &figures, &provenance).as_bytes())?);
    let mut json = serde_json::to_string_pretty(&record).unwrap_or_default();
    json.push('\n');
    folder.add("run.json", json.as_bytes())?;
    Ok(())
}
