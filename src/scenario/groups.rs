//! Which groups of prescriptions results are reported for.

use super::Scenario;

/// An attribute with more values than this is not reported on: a chart and a table of it would help nobody.
const MAX_VALUES: usize = 20;

/// The report groups of a scenario and the cells that they are made of: each pharmacy belongs to a cell for its attributes, each
/// prescription to a cell for its pharmacy, its class, and whether its pharmacy is hit. A group is a set of cells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportGroups {
    /// Groups in the order of the tables; the first is `all`.
    pub groups: Vec<ReportGroup>,
    /// Cell of each pharmacy group, below [`ReportGroups::site_cells`].
    pub cell_of: Vec<u32>,
    /// Number of cells that tell pharmacies apart by their attributes.
    pub site_cells: u32,
    /// Number of drug classes.
    pub classes: u32,
}

/// One report group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportGroup {
    /// Key in tables: `all`, `type=independent`, `drug_class=acute`, `affected=yes`.
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
    /// Those of this drug class.
    Class(u32),
    /// Those of pharmacies that a disruption hits, or of those that none hits.
    Affected(bool),
}

impl ReportGroups {
    /// The report groups of a scenario: every value of every attribute that tells pharmacies apart, every drug class if there are several,
    /// and, where there is a disruption, the pharmacies that it hits and those that it does not.
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
        keys.retain(|key| (2..=MAX_VALUES).contains(&values_of(key).len()));

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
        Self { groups, cell_of, site_cells: cells.len() as u32, classes: classes.len() as u32 }
    }

    /// Number of cells in all: attribute cell x affected x class.
    #[must_use]
    pub fn cells(&self) -> u32 {
        self.site_cells * 2 * self.classes
    }

    /// The cell of a pharmacy's prescriptions of class 0; class `c` is `c` further on.
    #[must_use]
    pub fn base_cell(&self, attribute_cell: u32, affected: bool) -> u32 {
        (attribute_cell * 2 + u32::from(affected)) * self.classes
    }

    /// The cells that belong to a group.
    #[must_use]
    pub fn cells_of(&self, members: &Members) -> Vec<u32> {
        let belongs = |cell: u32| {
            let (pharmacy, class) = (cell / self.classes, cell % self.classes);
            match members {
                Members::All => true,
                Members::Sites(cells) => cells.contains(&(pharmacy / 2)),
                Members::Class(wanted) => class == *wanted,
                Members::Affected(wanted) => (pharmacy % 2 == 1) == *wanted,
            }
        };
        (0..self.cells()).filter(|&cell| belongs(cell)).collect()
    }
}
