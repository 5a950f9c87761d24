//! Every node that the scenario declares, found before anything refers to it.

use std::collections::BTreeMap;

use super::csv_nodes::NodeRows;
use crate::input::{At, Log, Map, Place, Sources, Value, check_id, name_list, nearest};

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    Pharmacy,
    PrescribingNetwork,
    Clearinghouse,
    Payer,
    Platform,
}

impl Kind {
    /// All kinds, in the order in which services are numbered.
    pub(super) const ALL: [Self; 5] =
        [Self::Pharmacy, Self::Clearinghouse, Self::Payer, Self::PrescribingNetwork, Self::Platform];

    /// The section that declares it.
    pub(super) const fn section(self) -> &'static str {
        match self {
            Self::Pharmacy => "pharmacies",
            Self::PrescribingNetwork => "prescribing_networks",
            Self::Clearinghouse => "clearinghouses",
            Self::Payer => "payers",
            Self::Platform => "platforms",
        }
    }

    /// The word that targets and tables use.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Pharmacy => "pharmacy",
            Self::PrescribingNetwork => "prescribing_network",
            Self::Clearinghouse => "clearinghouse",
            Self::Payer => "payer",
            Self::Platform => "platform",
        }
    }

    /// The word in a sentence.
    pub(super) const fn spoken(self) -> &'static str {
        if let Self::PrescribingNetwork = self { "prescribing network" } else { self.word() }
    }

    const fn is_service(self) -> bool {
        matches!(self, Self::PrescribingNetwork | Self::Clearinghouse | Self::Payer)
    }
}

/// A declared node.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) id: String,
    pub(super) kind: Kind,
    /// Index in the network's list of pharmacies, services or platforms.
    pub(super) index: u32,
    /// Attributes for selectors, `type` of pharmacies included.
    pub(super) attributes: Vec<(String, String)>,
    pub(super) place: Place,
}

/// Whether the id of a node is one; tells it, if not.
pub(super) fn check_node_id(id: &At<String>, log: &mut Log) -> bool {
    let Err((why, better)) = check_id(&id.value) else { return true };
    let help = better.map_or_else(|| "an id is a word such as `north-2`".to_owned(), |better| format!("write `{better}`"));
    log.refuse_at(id.place, format!("the id `{}` {why}", id.value), "not an id", help);
    false
}

/// All declared nodes.
#[derive(Debug, Default)]
pub(super) struct Names {
    nodes: Vec<Name>,
    by_id: BTreeMap<String, usize>,
    /// Pharmacies with `sites = 0`, beside a table of nodes.
    pub(super) templates: Vec<At<String>>,
    counts: [u32; 3],
    /// Kinds of which nodes are missing for a mistake already told: a misspelt section, one that is no table, or rows left out.
    incomplete: Vec<Kind>,
    /// Attributes that some node has with a value that is none: what selects by them may be meant of that node. Without a key, all of a node's
    /// attributes cannot be read.
    unread: Vec<(Kind, Option<String>)>,
    /// An id is none, or is given twice: what is said of it may be meant of another node.
    pub(super) unclear: bool,
}

impl Names {
    /// Collects the nodes of the sections, then those of the table.
    pub(super) fn collect(tree: &Map, rows: &NodeRows, sources: &Sources, log: &mut Log) -> Self {
        let mut names = Self::default();
        let table = tree.entry("network").and_then(|entry| entry.node.value.as_table()).and_then(|map| map.entry("nodes"));
        let has_table = table.is_some();
        // What is not the path of a table has been told; the nodes that it would have are not known.
        let is_path = table.is_none_or(|entry| matches!(entry.node.value, Value::String(_)));
        if !rows.complete || !is_path {
            names.incomplete.extend(Kind::ALL);
        }
        for kind in Kind::ALL {
            let sections = Kind::ALL.map(Kind::section);
            let strange = tree.entries.iter().filter(|entry| !sections.contains(&entry.key.as_str()));
            if strange.into_iter().any(|entry| nearest(&entry.key, sections) == Some(kind.section())) {
                names.incomplete.push(kind);
            }
            let Some(entry) = tree.entry(kind.section()) else { continue };
            let Some(section) = entry.node.value.as_table() else {
                names.incomplete.push(kind);
                continue;
            };
            for entry in &section.entries {
                let empty = Map::default();
                let map = entry.node.value.as_table().unwrap_or(&empty);
                let at = At { value: entry.key.clone(), place: entry.key_place };
                let no_sites = matches!(map.entry("sites").map(|sites| &sites.node.value), Some(Value::Integer(0)));
                if kind == Kind::Pharmacy && has_table && no_sites {
                    names.templates.push(at.clone());
                }
                let is_template = kind == Kind::Pharmacy && has_table && no_sites;
                names.unread.extend(unread_attributes(&entry.node.value, kind).into_iter().map(|key| (kind, key)));
                names.add(at, kind, attributes_of(map, kind, &entry.key), is_template, sources, log);
            }
        }
        for row in &rows.rows {
            let mut attributes = row.attributes.clone();
            if row.kind == Kind::Pharmacy {
                let template =
                    row.group.as_ref().and_then(|group| names.by_id.get(&group.value)).map(|&index| &names.nodes[index]);
                inherit(&mut attributes, template.map(|template| template.attributes.as_slice()).unwrap_or_default());
            }
            names.add(row.id.clone(), row.kind, attributes, false, sources, log);
        }
        // Templates were found by their name until here; they are no pharmacies.
        for template in &names.templates {
            names.by_id.remove(&template.value);
        }
        names
    }

    fn add(
        &mut self,
        id: At<String>,
        kind: Kind,
        attributes: Vec<(String, String)>,
        is_template: bool,
        sources: &Sources,
        log: &mut Log,
    ) {
        if !check_node_id(&id, log) {
            self.unclear = true;
            // What names it by the id that was meant finds nothing.
            self.incomplete.push(kind);
        }
        if let Some(&known) = self.by_id.get(&id.value).filter(|_| !log.is_full()) {
            let known = &self.nodes[known];
            let line = sources.position(known.place).map_or(String::new(), |(line, _)| format!(":{line}"));
            let first = format!("{}{line}", sources.name(known.place.source));
            let message = format!("the id `{}` is given twice: it is already a {}", id.value, known.kind.spoken());
            log.refuse_at(
                id.place,
                message,
                "given before",
                format!("first given in {first}; every node needs an id of its own"),
            );
            self.unclear = true;
        }
        let slot = match kind {
            Kind::Pharmacy => 0,
            Kind::Platform => 2,
            _ => 1,
        };
        let index = self.counts[slot];
        if !is_template {
            self.counts[slot] += 1;
        }
        let index = if is_template { u32::MAX } else { index };
        self.by_id.entry(id.value.clone()).or_insert(self.nodes.len());
        self.nodes.push(Name { id: id.value, kind, index, attributes, place: id.place });
    }

    /// The nodes of a kind in the order of their indices, templates left out.
    pub(super) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Name> {
        self.nodes.iter().filter(move |name| name.kind == kind && name.index != u32::MAX)
    }

    /// Whether any node of a kind is declared.
    pub(super) fn has(&self, kind: Kind) -> bool {
        self.incomplete.contains(&kind) || self.of_kind(kind).next().is_some()
    }

    /// Whether nodes of a kind are missing for a mistake already told, so that what refers to them makes no sense.
    pub(super) fn is_incomplete(&self, kind: Kind) -> bool {
        self.incomplete.contains(&kind)
    }

    /// Whether some node of a kind has this attribute with a value that was refused, so that what selects by it makes no sense.
    pub(super) fn is_unread(&self, kind: Kind, attribute: &str) -> bool {
        let is_meant = |key: &Option<String>| key.as_ref().is_none_or(|key| key == attribute);
        self.is_incomplete(kind) || self.unread.iter().any(|(of, key)| *of == kind && is_meant(key))
    }

    /// Number of services.
    pub(super) fn services(&self) -> usize {
        self.counts[1] as usize
    }

    /// The services in the order of their indices.
    pub(super) fn all_services(&self) -> impl Iterator<Item = &Name> {
        self.nodes.iter().filter(|name| name.kind.is_service())
    }

    /// A node by id, whatever it is.
    pub(super) fn any(&self, id: &str) -> Option<&Name> {
        self.by_id.get(id).map(|&index| &self.nodes[index])
    }

    /// The node of this kind with this id, or a problem at its place.
    pub(super) fn find(&self, kind: Kind, id: &At<String>, log: &mut Log) -> Option<&Name> {
        let known = self.any(&id.value);
        // An id given twice, which is told elsewhere, may mean either node.
        let meant = known.filter(|name| name.kind == kind).or_else(|| self.of_kind(kind).find(|name| name.id == id.value));
        if meant.is_some() || (known.is_none() && self.is_incomplete(kind)) {
            return meant;
        }
        let mut ids: Vec<&str> = self.of_kind(kind).map(|name| name.id.as_str()).collect();
        if self.unclear {
            ids.sort_unstable();
            ids.dedup();
        }
        // In a long table with many mistakes the search for what was meant would take longer than all the rest.
        let searched = if log.problems.len() < 20 { ids.len() } else { ids.len().min(1000) };
        let help = match nearest(&id.value, ids[..searched].iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if ids.is_empty() => format!("declare it: [{}.{}]", kind.section(), id.value),
            None => format!("declared are {}", name_list(&ids)),
        };
        match known {
            Some(name) => {
                let message = format!("`{}` is a {}, not a {}", id.value, name.kind.spoken(), kind.spoken());
                log.refuse_at(id.place, message, format!("not a {}", kind.spoken()), help);
            }
            None if self.templates.iter().any(|template| template.value == id.value) => {
                let message = format!("`{}` is a template (sites = 0), not a pharmacy", id.value);
                log.refuse_at(id.place, message, "a template", "select its pharmacies by id or attribute");
            }
            None => log.refuse_at(id.place, format!("unknown {} `{}`", kind.spoken(), id.value), "not declared", help),
        }
        None
    }
}

/// Attributes as far as they are well formed; mistakes are told when the section is read.
fn attributes_of(map: &Map, kind: Kind, id: &str) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    if kind == Kind::Pharmacy {
        attributes.push(("type".to_owned(), map.text("type").unwrap_or(id).to_owned()));
    }
    if let Some(given) = map.entry("attributes").and_then(|entry| entry.node.value.as_table()) {
        let text = |entry: &crate::input::Entry| entry.node.value.as_text().map(|text| (entry.key.clone(), text.to_owned()));
        attributes.extend(given.entries.iter().filter_map(text));
    }
    attributes
}

/// The keys of a node's attributes whose values are none; `None` where what should hold them is no table.
fn unread_attributes(node: &Value, kind: Kind) -> Vec<Option<String>> {
    let Some(map) = node.as_table() else { return vec![None] };
    let own = map.entry("type").filter(|_| kind == Kind::Pharmacy);
    let given = match map.entry("attributes").map(|entry| &entry.node.value) {
        Some(Value::Table(given)) => given.entries.as_slice(),
        Some(_) => return vec![None],
        None => &[],
    };
    let is_none = |entry: &&crate::input::Entry| entry.node.value.as_text().is_none_or(str::is_empty);
    own.into_iter().chain(given).filter(is_none).map(|entry| Some(entry.key.clone())).collect()
}

/// Adds what a template says and a row does not; `type` comes first.
pub(super) fn inherit(attributes: &mut Vec<(String, String)>, template: &[(String, String)]) {
    for (key, value) in template {
        if !attributes.iter().any(|(known, _)| known == key) {
            attributes.push((key.clone(), value.clone()));
        }
    }
    attributes.sort_by_key(|(key, _)| key != "type");
}
