//! Who is hit: the groups of pharmacies side by side.

use super::findings::{hit_and_not, outage_word, without};
use crate::experiment::{Estimate, Outcome};

/// A group with what happened to its prescriptions.
#[derive(Clone, Debug)]
pub(crate) struct HitRow {
    /// Index of the group.
    pub(crate) group: usize,
    /// Its name.
    pub(crate) label: String,
    /// Its simulated sites, where it is a set of sites.
    pub(crate) sites: Option<u32>,
    /// Share delayed more than 24 h.
    pub(crate) delayed_24h: Option<Estimate>,
    /// The same without the disruption.
    pub(crate) without_24h: Option<Estimate>,
    /// Share delayed more than 72 h.
    pub(crate) delayed_72h: Option<Estimate>,
    /// Median delay \[h\].
    pub(crate) median_hours: Option<Estimate>,
    /// 95 % quantile of delay \[h\].
    pub(crate) p95_hours: Option<Estimate>,
    /// Share given up.
    pub(crate) gave_up: Option<Estimate>,
}

/// A row for a group.
#[must_use]
pub(crate) fn row(outcome: &Outcome, group: usize) -> HitRow {
    let of = |metric| outcome.estimate(0, group, metric);
    let known = &outcome.groups[group];
    let label = match known.key.as_str() {
        "all" => "All pharmacies".to_owned(),
        "affected=yes" => format!("Hit by the {}", outage_word(outcome)),
        "affected=no" => "Not hit".to_owned(),
        _ => super::words::sentence(&known.label),
    };
    HitRow {
        group,
        label,
        sites: known.sites,
        delayed_24h: of("share_delayed_24h"),
        without_24h: without(outcome, group, "share_delayed_24h").filter(|_| outcome.disrupted),
        delayed_72h: of("share_delayed_72h"),
        median_hours: of("delay_p50_hours"),
        p95_hours: of("delay_p95_hours"),
        gave_up: of("share_gave_up"),
    }
}

/// All pharmacies, then those hit and not hit where there are both.
#[must_use]
pub(crate) fn overall(outcome: &Outcome) -> Vec<HitRow> {
    let both = hit_and_not(outcome).map(|(hit, not)| [hit, not]);
    outcome.group("all").into_iter().chain(both.into_iter().flatten()).map(|group| row(outcome, group)).collect()
}

/// How the groups of [`by_type`] are sorted, in words.
#[must_use]
pub(crate) fn order(outcome: &Outcome) -> &'static str {
    if outcome.disrupted { "the hardest hit first" } else { "the longest waiting first" }
}

/// The word of what tells groups apart, and its groups, the hardest hit first: pharmacy types if there are any, else the first attribute
/// that there is.
#[must_use]
pub(crate) fn by_type(outcome: &Outcome) -> (String, Vec<HitRow>) {
    let attribute = |key: &str| key.split_once('=').map(|(attribute, _)| attribute.to_owned()).filter(|name| name != "affected");
    let mut attributes: Vec<String> = outcome.groups.iter().filter_map(|group| attribute(&group.key)).collect();
    // A stable sort: the type first, the others in their order.
    attributes.sort_by_key(|name| name != "type");
    let Some(chosen) = attributes.into_iter().next() else { return (String::new(), Vec::new()) };
    let members = (0..outcome.groups.len()).filter(|&group| attribute(&outcome.groups[group].key).as_ref() == Some(&chosen));
    let mut rows: Vec<HitRow> = members.map(|group| row(outcome, group)).collect();
    let size = |row: &HitRow| {
        let mean = |estimate: Option<Estimate>| estimate.map_or(-1.0, |estimate| estimate.mean);
        (mean(row.delayed_24h), mean(row.p95_hours))
    };
    rows.sort_by(|a, b| size(b).0.total_cmp(&size(a).0).then(size(b).1.total_cmp(&size(a).1)));
    (if chosen == "type" { "pharmacy type".to_owned() } else { chosen.replace('_', " ") }, rows)
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    #[test]
    fn types_are_sorted_by_harm() {
        let (word, rows) = by_type(&example::outage(6));
        assert_eq!(word, "pharmacy type");
        assert_eq!(rows.len(), 4);
        let shares: Vec<f64> = rows.iter().filter_map(|row| row.delayed_24h.map(|estimate| estimate.mean)).collect();
        assert!(shares.windows(2).all(|pair| pair[0] >= pair[1]), "{shares:?}");
    }

    #[test]
    fn who_is_not_hit_has_a_row_only_if_there_are_such() {
        let mut outcome = example::outage(3);
        let labels = |outcome: &Outcome| overall(outcome).into_iter().map(|row| row.label).collect::<Vec<_>>();
        assert_eq!(labels(&outcome), ["All pharmacies", "Hit by the outage", "Not hit"]);
        let not = outcome.group("affected=no").expect("a group");
        for replication in &mut outcome.points[0].replications {
            replication.values[not * crate::experiment::METRICS.len()] = Some(0.0);
        }
        assert_eq!(labels(&outcome), ["All pharmacies"]);
    }

    #[test]
    fn without_attributes_there_is_no_table() {
        let mut outcome = example::outage(3);
        outcome.groups.truncate(1);
        assert!(by_type(&outcome).1.is_empty());
    }
}
