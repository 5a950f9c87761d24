//! Loading: the one door from files to a scenario.

use std::path::PathBuf;

use super::extends::Gathered;
use super::merge::respell;
use super::{Quantity, Scenario, build, overrides, precautions};
use crate::files::csv_table;
use crate::input::{
    Log, Map, Misspelt, Node, Place, Problem, Problems, RecordedSetting, SourceId, Sources, Value, document_text,
};

/// Where a scenario comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// A text, such as an example that the program carries. Paths in it are relative to the folder of `name`.
    Text {
        /// What messages call it.
        name: String,
        /// The text.
        text: String,
    },
}

/// A scenario and how it came about.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// The scenario as TOML text, after `extends`, overrides and defaults: loads to the same scenario and the same text. Tables
    /// of the network stay in their files, named relative to the scenario's folder.
    pub resolved: String,
    /// The files that were read.
    pub inputs: Vec<InputFile>,
    /// Every setting.
    pub settings: Vec<Setting>,
    /// What each outage and failure hits: its id, and words such as `1 clearinghouse, 2 payers, 40 pharmacy groups`.
    pub targets: Vec<(String, String)>,
}

impl Loaded {
    /// Where a setting, or the first one below a key path, is said: `small.toml:5`; `None` if it is a default.
    #[must_use]
    pub fn place_of(&self, key_path: &str) -> Option<String> {
        let found = self.settings.iter().find(|setting| {
            setting.key_path == key_path || setting.key_path.strip_prefix(key_path).is_some_and(|rest| rest.starts_with('.'))
        })?;
        let file = found.file.as_ref()?;
        Some(found.line.map_or_else(|| file.clone(), |line| format!("{file}:{line}")))
    }
}

impl Loaded {
    /// Key paths of what is described and switched off: `downtime.on_trust`.
    pub fn switched_off(&self) -> impl Iterator<Item = &str> {
        let off = self.settings.iter().filter(|setting| setting.value == "false");
        off.filter_map(|setting| setting.key_path.strip_suffix(".enabled"))
    }
}

/// A file that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InputFile {
    /// Its path.
    pub path: PathBuf,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// What it is.
    pub role: InputRole,
}

/// What an input file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InputRole {
    /// The scenario.
    Scenario,
    /// A scenario that it extends.
    Parent,
    /// The table of nodes.
    Nodes,
    /// The table of links.
    Links,
}

impl InputRole {
    /// Whether it is a table of the network, not a scenario.
    #[must_use]
    pub fn is_table(self) -> bool {
        matches!(self, Self::Nodes | Self::Links)
    }

    /// The word that records use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Scenario => "scenario",
            Self::Parent => "parent",
            Self::Nodes => "nodes",
            Self::Links => "links",
        }
    }
}

/// One setting of a scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// Key path: `run.horizon`, `outage.ransomware.probability`.
    pub key_path: String,
    /// Value as TOML text.
    pub value: String,
    /// Default as TOML text, if the setting has one.
    pub default: Option<String>,
    /// Whether the file says nothing, so that the default is in force.
    pub is_default: bool,
    /// The precaution that says it, if one in force does.
    pub precaution: Option<String>,
    /// The file that says it, or `--set`; `None` for a default.
    pub file: Option<String>,
    /// Line in that file.
    pub line: Option<usize>,
    /// What it is.
    pub about: &'static str,
    /// Kind of unit; empty if it has none.
    pub unit: &'static str,
}

/// Loads a scenario, with overrides `key=value` applied last. `known` are the quantities that `until`, `[[check]]` and
/// `[[target]]` may name: those of [`experiment::quantities`](crate::experiment::quantities) where the scenario is to be run.
///
/// # Errors
/// Everything that is wrong, in one go.
pub fn load(source: &Source, sets: &[String], known: &[Quantity]) -> Result<Loaded, Problems> {
    let mut gathered = Gathered::default();
    let Some((own, mut tree)) = gathered.read(source) else {
        return Err(Problems::new(gathered.problems, gathered.sources));
    };
    if tree.entries.is_empty() && gathered.problems.is_empty() {
        let problem = Problem::at(Place::whole_file(own), "the scenario is empty: it sets nothing", "");
        gathered.problems.push(problem.help("begin with one that is whole: rxoutage new my-outage.toml"));
    }
    if gathered.hopeless || tree.entries.is_empty() {
        return Err(Problems::new(gathered.problems, gathered.sources));
    }
    let command_line = overrides::apply(&mut tree, sets, &mut gathered.sources, &mut gathered.problems);
    precautions::flatten(&mut tree);
    // What is not in force is tried all the same, so that mistakes in it come to light; but not beside `--set`, which may have taken away what
    // it is about.
    let mut trials = if sets.is_empty() { precautions::trials(&tree, &mut gathered.problems) } else { Vec::new() };
    let patches = precautions::apply(&mut tree, command_line, &mut gathered.problems);
    let nodes = read_rows(&mut gathered, &mut tree, "nodes", InputRole::Nodes);
    let links = read_rows(&mut gathered, &mut tree, "links", InputRole::Links);
    if let Ok(Some(table)) = &nodes {
        let keys = precautions::key_places(&tree);
        let from_outside = |place: Place| Some(place.source) == command_line || keys.iter().any(|key| key.holds(place));
        let sources = &gathered.sources;
        gathered.problems.extend(build::rows_set(&mut tree, table, &from_outside, sources));
        for trial in &mut trials {
            let problems = build::rows_set(&mut trial.tree, table, &from_outside, sources);
            gathered.problems.extend(problems.into_iter().map(|problem| trial.problem(problem)));
        }
    }
    let Gathered { sources, inputs, mut problems, spoiled, extends, .. } = gathered;

    let mut log = Log::default();
    let as_written = tree.clone();
    let broken_tables = nodes.is_err() || links.is_err();
    let tables = build::Tables { nodes: nodes.unwrap_or_default(), links: links.unwrap_or_default() };
    let top = Place::whole_file(own);
    let built = build::build(&mut tree, top, &tables, &sources, known, &mut log);
    if !log.misspelt.is_empty() {
        log.problems = as_if_spelt(as_written, &mut log, |tree, log| {
            build::build(tree, top, &tables, &sources, known, log);
        });
    }
    // Without its nodes a network is full of mistakes that are none.
    if !broken_tables {
        let on_spoiled_line = |problem: &Problem| {
            problem.place.is_some_and(|place| spoiled.iter().any(|&spoiled| same_line(place, spoiled, &sources)))
        };
        problems.extend(log.problems.into_iter().filter(|problem| !on_spoiled_line(problem)));
    }
    if built.is_some() && problems.is_empty() {
        let repeats = |setting: &RecordedSetting| {
            setting.default.as_ref().is_some_and(|default| precautions::same_meaning(default, &setting.value))
        };
        let is_default = |place| log.settings.iter().any(|setting| setting.place == Some(place) && repeats(setting));
        problems.extend(precautions::repeating_defaults(&patches, is_default));
        for mut trial in trials {
            let mut log = Log::default();
            build::build(&mut trial.tree, top, &tables, &sources, known, &mut log);
            problems.extend(log.problems.into_iter().map(|problem| trial.problem(problem)));
            // What is wrong without any of them is wrong with each.
            if !problems.is_empty() && trial.is_bare() {
                break;
            }
        }
    }
    match built {
        Some(build::Built { scenario, targets }) if problems.is_empty() => {
            let resolved = document_text(&tree);
            let settings = extends.into_iter().chain(log.settings).map(|setting| {
                let patch = patches.iter().find(|patch| setting.place.is_some_and(|place| patch.place.holds(place)));
                let line = setting.place.and_then(|place| sources.position(place)).map(|(line, _)| line);
                Setting {
                    is_default: setting.place.is_none(),
                    precaution: patch.map(|patch| patch.precaution.clone()),
                    file: setting.place.map(|place| sources.name(place.source).to_owned()),
                    line,
                    key_path: setting.key_path,
                    value: setting.value,
                    default: setting.default,
                    about: setting.about,
                    unit: setting.unit,
                }
            });
            Ok(Loaded { scenario, resolved, inputs, settings: settings.collect(), targets })
        }
        None if problems.is_empty() => {
            // Every missing part has left a problem behind; should one not have, say so rather than run.
            let problem = Problem::nowhere("the scenario cannot be built, and no reason was recorded: please report this");
            Err(Problems::new(vec![problem], sources))
        }
        _ => Err(Problems::new(problems, sources)),
    }
}

/// The most times that misspelt keys are taken for what is meant: what is below one of them may hold others.
const MOST_READINGS: usize = 5;

/// What is wrong with a scenario beside its misspelt keys: each of them is told, and then read as what is meant. Without, half a scenario would seem to be missing,
/// or to be of no use.
fn as_if_spelt(as_written: Map, log: &mut Log, build: impl Fn(&mut Map, &mut Log)) -> Vec<Problem> {
    let mut spelt = as_written;
    let mut told = Vec::new();
    let mut last = core::mem::take(log);
    for _ in 0..MOST_READINGS {
        let misspelt = core::mem::take(&mut last.misspelt);
        let renamed = |tree: &mut Map| {
            let place = |word: &Misspelt| word.problem.place.is_some_and(|place| respell(tree, place, word.meant));
            misspelt.into_iter().filter(place).map(|word| word.problem).collect::<Vec<_>>()
        };
        let renamed = renamed(&mut spelt);
        if renamed.is_empty() {
            break;
        }
        told.extend(renamed);
        last = Log::default();
        build(&mut spelt.clone(), &mut last);
    }
    told.extend(last.problems);
    told
}

/// Reads one of the tables that `[network]` names.
///
/// # Errors
/// Nothing more than that it cannot be read: the reason is recorded.
fn read_rows(gathered: &mut Gathered, tree: &mut Map, key: &str, role: InputRole) -> Result<Option<build::Table>, ()> {
    let network = tree.entry_mut("network").map(|entry| &mut entry.node);
    let Some(Node { value: Value::Table(network), .. }) = network else { return Ok(None) };
    let Some(entry) = network.entry_mut(key) else { return Ok(None) };
    if entry.node.value.as_text().is_none() {
        return Ok(None);
    }
    let source = gathered.read_table(&mut entry.node, role).ok_or(())?;
    match csv_table(gathered.sources.text(source)) {
        Ok(rows) => Ok(Some(build::Table { source, rows })),
        Err(why) => {
            let problem = Problem::at(Place::whole_file(source), format!("not a table of comma-separated values: {why}"), "");
            gathered.problems.push(problem.help("close it, or double a mark that stands for itself: \"\""));
            Err(())
        }
    }
}

fn same_line(place: Place, spoiled: Place, sources: &Sources) -> bool {
    let line = |place| sources.position(place).map(|(line, _)| line);
    let source: SourceId = place.source;
    source == spoiled.source && line(place) == line(spoiled)
}
