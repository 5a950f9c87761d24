//! Reading a scenario and all that it extends into one tree.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use super::load::{InputFile, InputRole, Source};
use super::merge::{forget_own, merge, nameless};
use super::parse::parse_document;
use crate::files::{ReadError, ReadErrorKind, TextFile, read_text, sha256_hex};
use crate::input::{Map, Node, Place, Problem, RecordedSetting, SourceId, Sources, Value, name_list, nearest, value_text};

/// The largest scenario that is read \[bytes\]: anything larger is another kind of file.
const LARGEST_SCENARIO: u64 = 16 * 1024 * 1024;

/// The largest table that is read \[bytes\].
const LARGEST_TABLE: u64 = 64 * 1024 * 1024;

/// The longest chain of parents.
const DEEPEST: usize = 32;

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// The texts.
    pub(super) sources: Sources,
    /// The files, in the order read.
    pub(super) inputs: Vec<InputFile>,
    /// What is wrong.
    pub(super) problems: Vec<Problem>,
    /// Places of syntax errors that leave the rest of the tree as meant.
    pub(super) spoiled: Vec<Place>,
    /// What the scenario itself extends, as a setting; `None` if it extends nothing.
    pub(super) extends: Option<RecordedSetting>,
    /// Whether something is so wrong that checking the tree would only make noise.
    pub(super) hopeless: bool,
    /// Folder of each source, as seen from the scenario's own folder.
    folders: BTreeMap<SourceId, PathBuf>,
    /// Trees by path, for parents that are met twice.
    known: BTreeMap<PathBuf, Option<(SourceId, Map)>>,
    /// The scenario's own folder.
    home: PathBuf,
}

impl Gathered {
    /// Reads the scenario and its parents; `None` if there is nothing to check. The source is the scenario's own.
    pub(super) fn read(&mut self, source: &Source) -> Option<(SourceId, Map)> {
        let (path, text) = match source {
            Source::File(path) => (path.clone(), None),
            Source::Text { name, text } => (PathBuf::from(name), Some(text)),
        };
        self.home = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let file = PathBuf::from(path.file_name().unwrap_or_default());
        let (id, map) = match text {
            None => self.parsed(&file, &path, InputRole::Scenario, None)?,
            Some(text) => {
                let read = TextFile { text: text.clone(), sha256: sha256_hex(text.as_bytes()) };
                self.parse(&file, &path, read, InputRole::Scenario)
            }
        };
        let map = self.with_parents(id, map, &mut vec![file])?;
        Some((id, map))
    }

    /// Reads a table that the scenario names, relative to the file that names it; the path is rewritten to be relative to the
    /// scenario's own folder.
    pub(super) fn read_table(&mut self, node: &mut Node, role: InputRole) -> Option<SourceId> {
        let Value::String(name) = &mut node.value else { return None };
        let relative = self.folder_of(node.place.source).join(&*name);
        let shown = self.home.join(&relative);
        match read_text(&shown, LARGEST_TABLE) {
            Ok(file) => {
                *name = portable(&tidy(&relative));
                let id = self.sources.add(shown.display().to_string(), file.text);
                self.inputs.push(InputFile { path: shown, sha256: file.sha256, role });
                Some(id)
            }
            Err(error) => {
                self.refuse_file(&error, Some(node.place));
                None
            }
        }
    }

    fn folder_of(&self, source: SourceId) -> PathBuf {
        self.folders.get(&source).cloned().unwrap_or_default()
    }

    /// The tree of a file without its parents.
    fn parsed(&mut self, relative: &Path, shown: &Path, role: InputRole, named_at: Option<Place>) -> Option<(SourceId, Map)> {
        if let Some(known) = self.known.get(relative) {
            return known.clone();
        }
        let parsed = match read_text(shown, LARGEST_SCENARIO) {
            Ok(file) => Some(self.parse(relative, shown, file, role)),
            Err(error) => {
                self.refuse_file(&error, named_at);
                self.hopeless = true;
                None
            }
        };
        self.known.insert(relative.to_path_buf(), parsed.clone());
        parsed
    }

    fn parse(&mut self, relative: &Path, shown: &Path, file: TextFile, role: InputRole) -> (SourceId, Map) {
        let id = self.sources.add(shown.display().to_string(), file.text);
        self.inputs.push(InputFile { path: shown.to_path_buf(), sha256: file.sha256, role });
        self.folders.insert(id, relative.parent().map(Path::to_path_buf).unwrap_or_default());
        let (map, problems) = parse_document(self.sources.text(id), id);
        for syntax in problems {
            self.hopeless |= !syntax.contained;
            self.spoiled.extend(syntax.problem.place);
            self.problems.push(syntax.problem);
        }
        self.refuse_format(&map);
        (id, map)
    }

    /// A file of another format is told as such and nothing else: what follows would be mistakes that are none.
    fn refuse_format(&mut self, map: &Map) {
        let Some(node) = map.entry("format").map(|entry| &entry.node) else { return };
        let Some(number) = node.value.as_number().filter(|&number| number != 1.0) else { return };
        let message = format!("`format`: {} is not a format that this version reads", value_text(&node.value));
        let help = if number > 1.0 {
            "this version reads format 1: a file of a later format needs a later version of the program"
        } else {
            "write format = 1"
        };
        self.problems.push(Problem::at(node.place, message, "not 1").help(help));
        self.hopeless = true;
    }

    /// Lays a tree over its parents, the first parent lowest.
    fn with_parents(&mut self, id: SourceId, mut map: Map, chain: &mut Vec<PathBuf>) -> Option<Map> {
        let Some(index) = map.entries.iter().position(|entry| entry.key == "extends") else { return Some(map) };
        let extends = map.entries.remove(index).node;
        if chain.len() == 1 {
            self.extends = Some(RecordedSetting {
                key_path: "extends".to_owned(),
                value: value_text(&extends.value),
                default: None,
                place: Some(extends.place),
                about: "Scenarios that this one lies over, later ones over earlier ones; paths are relative to the file.",
                unit: "",
            });
        }
        let own_name = map.text("name").map(str::to_owned);
        let mut base = Map::default();
        let mut complete = true;
        for (name, place) in self.parent_names(extends) {
            let relative = tidy(&self.folder_of(id).join(&name));
            if chain.contains(&relative) || chain.len() >= DEEPEST {
                self.refuse_cycle(chain, &relative, place);
                complete = false;
                continue;
            }
            let shown = self.home.join(&relative);
            let Some((parent_id, parent)) = self.parsed(&relative, &shown, InputRole::Parent, Some(place)) else {
                complete = false;
                continue;
            };
            if own_name.is_some() && own_name.as_deref() == parent.text("name") {
                let name_place = map.entry("name").map_or(place, |entry| entry.node.place);
                let message = format!("`name` is also the name of {}", portable(&relative));
                let problem = Problem::at(name_place, message, "not its own");
                self.problems.push(problem.help("give each scenario a name of its own, so that results can be told apart"));
            }
            chain.push(relative);
            let parent = self.with_parents(parent_id, parent, chain);
            chain.pop();
            match parent {
                Some(mut parent) => {
                    forget_own(&mut parent);
                    self.lay_over(&mut base, parent);
                }
                None => complete = false,
            }
        }
        self.lay_over(&mut base, map);
        self.hopeless |= !complete;
        complete.then_some(base)
    }

    fn lay_over(&mut self, base: &mut Map, map: Map) {
        let nameless = nameless(base, &map);
        self.hopeless |= !nameless.is_empty();
        self.problems.extend(nameless);
        merge(base, map, &mut self.problems);
    }

    /// What `extends` names.
    fn parent_names(&mut self, extends: Node) -> Vec<(String, Place)> {
        let nodes = match extends.value {
            Value::Array(nodes) => {
                if nodes.is_empty() {
                    let problem = Problem::at(extends.place, "`extends` is an empty list", "names no parent");
                    self.problems.push(problem.help("leave it away, or name a scenario: extends = \"base.toml\""));
                    self.hopeless = true;
                }
                nodes
            }
            value => vec![Node { value, place: extends.place }],
        };
        let mut names = Vec::new();
        for node in nodes {
            match node.value {
                Value::String(name) if names.iter().any(|(known, _)| *known == name) => {
                    let problem = Problem::at(node.place, format!("`extends` names `{name}` twice"), "named before");
                    self.problems.push(problem.help("name each scenario once"));
                }
                Value::String(name) if !name.is_empty() => names.push((name, node.place)),
                value => {
                    let message = format!("`extends`: expected the path of a scenario, found {}", value.kind());
                    let problem = Problem::at(node.place, message, "not a path");
                    self.problems
                        .push(problem.help("write extends = \"base.toml\", or a list of paths, later ones over earlier ones"));
                    self.hopeless = true;
                }
            }
        }
        names
    }

    fn refuse_cycle(&mut self, chain: &[PathBuf], relative: &Path, place: Place) {
        let names: Vec<String> = chain.iter().map(PathBuf::as_path).chain([relative]).map(portable).collect();
        let (message, label) = if chain.iter().any(|known| known == relative) {
            ("`extends` goes round in a circle", "comes back to a file before it")
        } else {
            ("`extends` is nested too deeply", "too deep")
        };
        self.problems.push(Problem::at(place, message, label).help(names.join(" -> ")));
        self.hopeless = true;
    }

    fn refuse_file(&mut self, error: &ReadError, named_at: Option<Place>) {
        let help = match &error.kind {
            ReadErrorKind::System(_) => None,
            ReadErrorKind::Missing { folder_exists: false, .. } => Some(match named_at {
                Some(_) => "paths are taken from the folder of the file that names them".to_owned(),
                None => "paths are taken from the folder in which the program is called".to_owned(),
            }),
            ReadErrorKind::Missing { names, .. } => Some(instead(Path::new(&error.path), names)),
            ReadErrorKind::Folder => Some("name a file in it".to_owned()),
            ReadErrorKind::TooLarge { .. } => Some("is this the right file?".to_owned()),
            ReadErrorKind::NotUtf8 { .. } => Some("save it as UTF-8".to_owned()),
        };
        let problem = match named_at {
            Some(place) => Problem::at(place, error.to_string(), "named here"),
            None => Problem::nowhere(error.to_string()),
        };
        self.problems.push(Problem { help, ..problem });
    }
}

/// What may be meant in place of a file that is not there: the one of its folder that is most alike, or else what there is.
fn instead(wanted: &Path, names: &[String]) -> String {
    let name = wanted.file_name().unwrap_or_default().to_string_lossy();
    let alike: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| Path::new(name).extension() == wanted.extension()).collect();
    // The ending is the same for all, and would make everything alike.
    let stem = |name: &str| Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let stems: Vec<String> = alike.iter().map(|name| stem(name)).collect();
    let same_ending = nearest(&stem(&name), stems.iter().map(String::as_str))
        .and_then(|near| stems.iter().position(|stem| stem == near))
        .map(|index| alike[index]);
    let other_ending = || names.iter().map(String::as_str).find(|other| stem(other) == stem(&name));
    if let Some(near) = same_ending.or_else(other_ending) {
        return format!("did you mean `{}`?", portable(&wanted.with_file_name(near)));
    }
    let Some(ending) = wanted.extension().map(|ending| ending.to_string_lossy()) else {
        return "name a file with its ending, for example `.toml`".to_owned();
    };
    if alike.is_empty() {
        return format!("no file in that folder ends in `.{ending}`");
    }
    format!("in that folder: {}", name_list(&alike))
}

/// A path without `.` and without `..` after a folder.
fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(tidied.components().next_back(), Some(Component::Normal(_))) => {
                tidied.pop();
            }
            part => tidied.push(part),
        }
    }
    if tidied.as_os_str().is_empty() { PathBuf::from(".") } else { tidied }
}

/// A path as scenario files write it, whatever the system's separator.
fn portable(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}
