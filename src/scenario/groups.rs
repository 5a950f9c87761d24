//! Which groups of prescriptions results are reported for.

use super::Scenario;
use crate::network::Role;

/// An attribute with more values than this is not reported on: a chart and a table of it would help nobody.
pub const MOST_VALUES: usize = 20;

/// Keys of report groups that are no attributes: an attribute of such a name would make a second group of the same key.
pub(super) const OWN_KEYS: [&str; 3] = ["payer", "drug_class", "affected"];

/// The report groups of a scenario and the cells that they are made of: each pharmacy belongs to a cell for its attributes, each
/// prescription to a cell for its pharmacy, whether its pharmacy is hit, its payer if that is reported, and its class. A group is a set of
/// cells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportGroups {
    /// Groups in the order of the tables; the first is `all`.
    pub groups: Vec<ReportGroup>,
    /// Cell of each pharmacy group, below [`ReportGroups::site_cells`].
    pub cell_of: Vec<u32>,
    /// Number of cells that tell pharmacies apart by their attributes.
    pub site_cells: u32,
    /// Place of each payer among the reported ones, counted from 1; 0 for the others, and beyond the end.
    pub payer_place: Vec<u32>,
    /// Number of reported payers, and one for the others.
    pub payers: u32,
    /// Number of drug classes.
    pub classes: u32,
}

/// One report group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportGroup {
    /// Key in tables: `all`, `type=independent`, `payer=some-plan`, `drug_class=acute`, `affected=yes`.
    pub key: String,
    /// Words for a legend.
    pub label: String,
    /// What belongs to it.
    pub members: Members,
}

/// What belongs to a report group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Members {
    /// Every prescription.
    All,
    /// Those of pharmacies in these attribute cells.
    Sites(Vec<u32>),
    /// Those for the payer in this place.
    Payer(u32),
    /// Those of this drug class.
    Class(u32),
    /// Those of pharmacies that a disruption hits, or of those that none hits.
    Affected(bool),
}

impl ReportGroups {
    /// The report groups of a scenario: every value of every attribute that tells pharmacies apart, the payers that `[report]` names, every drug class if
    /// there are several, and, where there is a disruption, the pharmacies that it hits and those that it does not.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        let pharmacies = &scenario.network.pharmacies;
        let mut keys: Vec<&str> = Vec::new();
        for (key, _) in pharmacies.iter().flat_map(|group| &group.attributes) {
            if !keys.contains(&key.as_str()) {
                keys.push(key);
            }
        }
        let values_of = |key: &str| {
            let mut values: Vec<&str> = Vec::new();
            for value in pharmacies.iter().filter_map(|group| group.attribute(key)) {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            values
        };
        keys.retain(|key| (2..=MOST_VALUES).contains(&values_of(key).len()));

        let mut cells: Vec<Vec<Option<&str>>> = Vec::new();
        let cell_of: Vec<u32> = pharmacies
            .iter()
            .map(|group| {
                let attributes: Vec<Option<&str>> = keys.iter().map(|key| group.attribute(key)).collect();
                let known = cells.iter().position(|cell| *cell == attributes);
                known.unwrap_or_else(|| {
                    cells.push(attributes);
                    cells.len() - 1
                }) as u32
            })
            .collect();

        let group = |key: String, label: &str, members| ReportGroup { key, label: label.to_owned(), members };
        let mut groups = vec![group("all".to_owned(), "all prescriptions", Members::All)];
        for (index, key) in keys.iter().enumerate() {
            for value in values_of(key) {
                let members =
                    (0..cells.len()).filter(|&cell| cells[cell][index] == Some(value)).map(|cell| cell as u32).collect();
                groups.push(group(format!("{key}={value}"), value, Members::Sites(members)));
            }
        }
        let mut payers = 1;
        let mut payer_place = Vec::new();
        let services = scenario.network.services.iter().filter(|service| service.role == Role::Payer);
        for (payer, &reported) in services.zip(&scenario.report.payers) {
            if reported {
                groups.push(group(format!("payer={}", payer.id), &payer.id, Members::Payer(payers)));
            }
            payer_place.push(if reported { payers } else { 0 });
            payers += u32::from(reported);
        }
        let classes = &scenario.prescriptions.classes;
        if classes.len() > 1 {
            for (index, class) in classes.iter().enumerate() {
                groups.push(group(format!("drug_class={}", class.id), &class.id, Members::Class(index as u32)));
            }
        }
        if scenario.is_disrupted() {
            groups.push(group("affected=yes".to_owned(), "affected pharmacies", Members::Affected(true)));
            groups.push(group("affected=no".to_owned(), "other pharmacies", Members::Affected(false)));
        }
        Self { groups, cell_of, site_cells: cells.len() as u32, payer_place, payers, classes: classes.len() as u32 }
    }

    /// Number of cells in all: attribute cell x affected x payer x class.
    #[must_use]
    pub fn cells(&self) -> u32 {
        self.site_cells * 2 * self.payers * self.classes
    }

    /// The first cell of a pharmacy's prescriptions, from which [`ReportGroups::cell_within`] counts.
    #[must_use]
    pub fn base_cell(&self, attribute_cell: u32, affected: bool) -> u32 {
        (attribute_cell * 2 + u32::from(affected)) * self.payers * self.classes
    }

    /// How far from its pharmacy's first cell that of a prescription lies.
    #[inline]
    #[must_use]
    pub fn cell_within(&self, payer: u16, class: u8) -> u32 {
        let payer = self.payer_place.get(usize::from(payer)).copied().unwrap_or(0);
        payer * self.classes + u32::from(class)
    }

    /// Whether a cell is of a pharmacy that a disruption hits.
    #[must_use]
    pub fn is_affected(&self, cell: u32) -> bool {
        cell / self.classes / self.payers % 2 == 1
    }

    /// The cells that belong to a group.
    #[must_use]
    pub fn cells_of(&self, members: &Members) -> Vec<u32> {
        let belongs = |cell: u32| {
            let (class, payer) = (cell % self.classes, cell / self.classes % self.payers);
            let pharmacy = cell / self.classes / self.payers;
            match members {
                Members::All => true,
                Members::Sites(cells) => cells.contains(&(pharmacy / 2)),
                Members::Payer(wanted) => payer == *wanted,
                Members::Class(wanted) => class == *wanted,
                Members::Affected(wanted) => self.is_affected(cell) == *wanted,
            }
        };
        (0..self.cells()).filter(|&cell| belongs(cell)).collect()
    }
}
