//! Reading a table key by key: what is asked for is known, what is left over is a mistake, and defaults are written down.

use super::{At, Entry, FromNode, Given, Map, Node, Place, Problem, Value, key_text, name_list, nearest, value_text};

/// What reading leaves behind beside the values.
#[derive(Debug, Default)]
pub struct Log {
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What was read.
    pub settings: Vec<RecordedSetting>,
    /// Keys that are none, but nearly one: each is a problem as well.
    pub misspelt: Vec<Misspelt>,
}

/// A key that is misspelt.
#[derive(Clone, Debug)]
pub struct Misspelt {
    /// What is told of it, at the place of the key.
    pub problem: Problem,
    /// The key that is meant, which the file does not give to the table as well.
    pub meant: &'static str,
}

/// One setting as read.
#[derive(Clone, Debug)]
pub struct RecordedSetting {
    /// Key path from the top of the file.
    pub key_path: String,
    /// The value as TOML text.
    pub value: String,
    /// The default as TOML text, if there is one.
    pub default: Option<String>,
    /// Where it was written; `None` if it is the default.
    pub place: Option<Place>,
    /// What it is.
    pub about: &'static str,
    /// Its unit; empty if it has none.
    pub unit: &'static str,
}

/// Where in the file a value belongs: the names that messages use.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Key path of the value.
    pub path: String,
    /// The key itself.
    pub key: String,
    /// The table that it is in: `[run]`.
    pub table: String,
}

impl Scope {
    /// `` `horizon` in [run] ``
    #[must_use]
    pub fn name(&self) -> String {
        if self.table.is_empty() { format!("`{}`", self.key) } else { format!("`{}` in {}", self.key, self.table) }
    }
}

/// The most problems that are kept: nobody reads more at once.
const MOST_PROBLEMS: usize = 200;

impl Log {
    /// Adds a problem, unless there are plenty; the last one kept says so.
    pub fn refuse(&mut self, problem: Problem) {
        if self.problems.len() + 1 < MOST_PROBLEMS {
            self.problems.push(problem);
        } else if !self.is_full() {
            self.problems.push(Problem::nowhere(format!("there are more mistakes: these are {} of them", MOST_PROBLEMS - 1)));
        }
    }

    /// Whether no more problems are kept, so that long lists need not be searched for more.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.problems.len() >= MOST_PROBLEMS
    }

    /// Adds a problem with advice.
    pub fn refuse_at(&mut self, place: Place, message: impl Into<String>, label: impl Into<String>, help: impl Into<String>) {
        self.refuse(Problem::at(place, message, label).help(help));
    }
}

/// A table being read.
#[derive(Debug)]
pub struct Reader<'a> {
    map: &'a mut Map,
    place: Place,
    path: String,
    title: String,
    asked: Vec<&'static str>,
    log: &'a mut Log,
}

impl<'a> Reader<'a> {
    /// Reads `map`, which stands at `place` and is called `title` in messages (`[run]`; empty for the top of the file).
    pub fn new(map: &'a mut Map, place: Place, path: &str, title: &str, log: &'a mut Log) -> Self {
        Self { map, place, path: path.to_owned(), title: title.to_owned(), asked: Vec::new(), log }
    }

    /// Reads the table in `node`, a value described by `scope`.
    pub fn of_value(node: &'a mut Node, scope: &Scope, log: &'a mut Log) -> Option<Self> {
        let place = node.place;
        match &mut node.value {
            Value::Table(map) => {
                let title = if scope.table.is_empty() { format!("[{}]", scope.key) } else { scope.name() };
                Some(Self { map, place, path: scope.path.clone(), title, asked: Vec::new(), log })
            }
            value => {
                let message = format!("{}: expected a table, found {}", scope.name(), value.kind());
                let help = match (scope.table.is_empty(), &*value) {
                    (true, Value::Array(_)) => format!("write the section once, with one pair of brackets: [{}]", scope.key),
                    (true, _) => format!("write a section: [{}], and its keys below", scope.key),
                    (false, _) => "write its keys and their values in braces: { ... }".to_owned(),
                };
                log.refuse_at(place, message, format!("this is {}", value.kind()), help);
                None
            }
        }
    }

    /// Where the table stands.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// What messages call the table.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Where problems go.
    pub const fn log(&mut self) -> &mut Log {
        self.log
    }

    /// Whether a key is there. It counts as asked for.
    pub fn has(&mut self, key: &'static str) -> bool {
        self.asked.push(key);
        self.map.entry(key).is_some()
    }

    /// Whether a key is there and says `false`.
    #[must_use]
    pub fn is_false(&self, key: &str) -> bool {
        matches!(self.map.entry(key).map(|entry| &entry.node.value), Some(Value::Boolean(false)))
    }

    /// Where a key stands, if it is there.
    #[must_use]
    pub fn key_place(&self, key: &str) -> Option<Place> {
        self.map.entry(key).map(|entry| entry.key_place)
    }

    /// The keys that are there, in the order written.
    #[must_use]
    pub fn keys(&self) -> Vec<At<String>> {
        self.map.entries.iter().map(|entry| At { value: entry.key.clone(), place: entry.key_place }).collect()
    }

    /// A key that must be there.
    pub fn required<T: FromNode>(&mut self, key: &'static str, about: &'static str) -> Option<At<T>> {
        self.required_like(key, T::EXAMPLE, about)
    }

    /// A key that must be there, with an example for the message that it is not.
    pub fn required_like<T: FromNode>(&mut self, key: &'static str, example: &str, about: &'static str) -> Option<At<T>> {
        match self.optional(key, about) {
            Given::Good(value) => Some(value),
            Given::Bad => None,
            Given::Absent => {
                self.missing(key, &format!("{key} = {example}"), about);
                None
            }
        }
    }

    /// A key that may be there.
    pub fn optional<T: FromNode>(&mut self, key: &'static str, about: &'static str) -> Given<At<T>> {
        self.asked.push(key);
        if self.map.entry(key).is_none() {
            return Given::Absent;
        }
        self.read(key, about, None).map_or(Given::Bad, Given::Good)
    }

    /// A key with a default, which is written down in the table if the key is not there.
    pub fn or_default<T: FromNode>(
        &mut self,
        key: &'static str,
        default: impl Into<Value>,
        about: &'static str,
    ) -> Option<At<T>> {
        self.asked.push(key);
        let default = default.into();
        let text = value_text(&default);
        if self.map.entry(key).is_none() {
            let place = self.place;
            let node = Node { value: default, place };
            self.map.entries.push(Entry { key: key.to_owned(), key_place: place, node });
            let at = self.read(key, about, Some(text));
            if let Some(setting) = self.log.settings.last_mut() {
                setting.place = None;
            }
            return at;
        }
        self.read(key, about, Some(text))
    }

    /// A key that the caller chose, known to be there: one of [`Self::keys`].
    pub fn chosen<T: FromNode>(&mut self, key: &str, about: &'static str) -> Option<At<T>> {
        self.read(key, about, None)
    }

    /// The table under a key; `Absent` if it is not there.
    pub fn section(&mut self, key: &'static str) -> Given<Reader<'_>> {
        self.asked.push(key);
        if self.map.entry(key).is_none() {
            return Given::Absent;
        }
        self.chosen_section(key).map_or(Given::Bad, Given::Good)
    }

    /// The table under a key, added empty if it is not there.
    pub fn section_or_empty(&mut self, key: &'static str) -> Option<Reader<'_>> {
        if self.map.entry(key).is_none() {
            let node = Node { value: Value::Table(Map::default()), place: self.place };
            self.map.entries.push(Entry { key: key.to_owned(), key_place: self.place, node });
        }
        self.section(key).good()
    }

    /// The table under a key that the caller chose: one of [`Self::keys`].
    pub fn chosen_section(&mut self, key: &str) -> Option<Reader<'_>> {
        let scope = self.scope(key);
        let title = self.title_of(key);
        let node = &mut self.map.entry_mut(key)?.node;
        let mut reader = Reader::of_value(node, &scope, self.log)?;
        reader.title = title;
        Some(reader)
    }

    /// Reads each table of a list; `None` entries are those with mistakes. An absent list is empty.
    pub fn each_table<T>(&mut self, key: &'static str, mut read: impl FnMut(Reader<'_>) -> Option<T>) -> Option<Vec<T>> {
        self.asked.push(key);
        let scope = self.scope(key);
        let Some(entry) = self.map.entry_mut(key) else { return Some(Vec::new()) };
        let place = entry.node.place;
        let Value::Array(items) = &mut entry.node.value else {
            let message = format!("{}: expected a list of tables, found {}", scope.name(), entry.node.value.kind());
            let help = format!("write [[{}]]", scope.path);
            self.log.refuse(Problem::at(place, message, "not a list").help(help));
            return None;
        };
        let mut all = Vec::with_capacity(items.len());
        for (index, item) in items.iter_mut().enumerate() {
            let id = item.value.as_table().and_then(|map| map.text("id")).map(str::to_owned);
            let step = id.as_deref().map_or_else(|| index.to_string(), key_text);
            let item_scope = Scope { path: format!("{}.{step}", scope.path), ..scope.clone() };
            let Some(mut reader) = Reader::of_value(item, &item_scope, self.log) else {
                all.push(None);
                continue;
            };
            reader.title = match id {
                _ if reader.map.inline => format!("item {} of {}", index + 1, scope.name()),
                Some(id) => format!("[[{}]] `{id}`", scope.path),
                None => format!("[[{}]]", scope.path),
            };
            all.push(read(reader));
        }
        all.into_iter().collect()
    }

    /// The bare node of a key, for values of several forms; with the log and the names for messages.
    pub fn node(&mut self, key: &'static str) -> Option<(&mut Node, Scope, &mut Log)> {
        self.asked.push(key);
        let scope = self.scope(key);
        let entry = self.map.entry_mut(key)?;
        Some((&mut entry.node, scope, self.log))
    }

    /// Records a setting that was read by [`Self::node`].
    pub fn record(&mut self, key: &str, about: &'static str, unit: &'static str) {
        let Some(entry) = self.map.entry(key) else { return };
        let (value, place) = (value_text(&entry.node.value), Some(entry.node.place));
        let key_path = self.scope(key).path;
        self.log.settings.push(RecordedSetting { key_path, value, default: None, place, about, unit });
    }

    /// Reports that a key is missing.
    pub fn missing(&mut self, key: &str, example: &str, about: &str) {
        let message = self.missing_message(key);
        let label = if self.place.is_whole_file() { String::new() } else { format!("`{key}` is missing") };
        let help = format!("add it, for example: {example}\n{about}");
        self.log.refuse(Problem::at(self.place, message, label).help(help));
    }

    /// Reports a problem with a key, at its value, or at the table if it is not there.
    pub fn refuse(&mut self, key: &str, message: impl Into<String>, label: impl Into<String>, help: impl Into<String>) {
        let place = self.map.entry(key).map_or(self.place, |entry| entry.node.place);
        self.log.refuse_at(place, message, label, help);
    }

    /// Reports a key that makes no sense beside the others.
    pub fn refuse_key(&mut self, key: &'static str, why: &str, help: impl Into<String>) {
        self.asked.push(key);
        if let Some(place) = self.key_place(key) {
            let message = format!("{} is never used: {why}", self.scope(key).name());
            self.log.refuse_at(place, message, "never used", help);
        }
    }

    /// Reports every key that was not asked for; whether there was none.
    #[expect(clippy::must_use_candidate, reason = "most tables only report")]
    pub fn finish(self) -> bool {
        let place_name = if self.title.is_empty() { "at the top of the file".to_owned() } else { format!("in {}", self.title) };
        let mut all_known = true;
        for entry in &self.map.entries {
            if self.asked.contains(&entry.key.as_str()) {
                continue;
            }
            all_known = false;
            let place_label =
                if self.title.is_empty() { "a scenario" } else { self.title.split("]] ").next().unwrap_or(&self.title) };
            let close = if self.title.contains("]] ") { "]]" } else { "" };
            let mut known: Vec<&str> = self.asked.clone();
            let mut seen = Vec::new();
            known.retain(|key| {
                !seen.contains(key) && {
                    seen.push(key);
                    true
                }
            });
            let meant = nearest(&entry.key, known.iter().copied());
            let help = match meant {
                Some(name) => format!("did you mean `{name}`?"),
                None if known.is_empty() => "no key is allowed here".to_owned(),
                None => format!("the keys are {}", name_list(&known)),
            };
            let message = format!("unknown key `{}` {place_name}", entry.key);
            let problem = Problem::at(entry.key_place, message, format!("not a key of {place_label}{close}")).help(help);
            let meant = meant.and_then(|meant| known.iter().copied().find(|known| *known == meant));
            // What a parent says was to be changed; a default that has been written down stands where the table does.
            let is_given = |meant: &str| {
                let place = self.key_place(meant).filter(|place| *place != self.place);
                place.is_some_and(|place| place.source == entry.key_place.source)
            };
            if let Some(meant) = meant.filter(|meant| !is_given(meant)) {
                self.log.misspelt.push(Misspelt { problem: problem.clone(), meant });
            }
            self.log.refuse(problem);
        }
        all_known
    }

    fn missing_message(&self, key: &str) -> String {
        if self.title.is_empty() { format!("missing key `{key}`") } else { format!("missing key `{key}` in {}", self.title) }
    }

    fn scope(&self, key: &str) -> Scope {
        let step = key_text(key);
        let path = if self.path.is_empty() { step } else { format!("{}.{step}", self.path) };
        Scope { path, key: key.to_owned(), table: self.title.clone() }
    }

    /// What messages call the table under a key: by its header, or by its key if it is written in braces.
    fn title_of(&self, key: &str) -> String {
        let scope = self.scope(key);
        let inline = self.map.entry(key).and_then(|entry| entry.node.value.as_table()).is_some_and(|map| map.inline);
        if inline && !self.title.is_empty() { scope.name() } else { format!("[{}]", scope.path) }
    }

    fn read<T: FromNode>(&mut self, key: &str, about: &'static str, default: Option<String>) -> Option<At<T>> {
        let scope = self.scope(key);
        let entry = self.map.entry_mut(key)?;
        let place = entry.node.place;
        let value = T::from_node(&mut entry.node, &scope, self.log);
        let text = value_text(&entry.node.value);
        let setting = RecordedSetting { key_path: scope.path, value: text, default, place: Some(place), about, unit: T::UNIT };
        self.log.settings.push(setting);
        value.map(|value| At { value, place })
    }
}
