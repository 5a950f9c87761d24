//! Equity: whom the burden falls on, along each attribute of pharmacies.

use super::outcome::{Estimate, Outcome};
use crate::sim::METRICS;

/// The burdens that are compared.
const BURDENS: [&str; 2] = ["share_delayed_24h", "share_delayed_72h"];

/// How one burden is spread along one attribute.
#[derive(Clone, Debug)]
pub struct EquityRow {
    /// The attribute: `type`, `region`.
    pub attribute: String,
    /// Name of the metric, a share of prescriptions.
    pub metric: &'static str,
    /// Group with the largest mean, and that mean; the first of equals. `None` where nobody bears any burden.
    pub worst: Option<(String, Estimate)>,
    /// Concentration index by rank of the attribute's values, where all of them are numbers: from -1 (all of the burden on the lowest) to 1 (all
    /// on the highest), 0 where it is even. Kakwani, Wagstaff & van Doorslaer (1997), *Journal of Econometrics* 77: 87-103, with groups of
    /// prescriptions in the place of persons.
    pub concentration_index: Option<Estimate>,
}

/// Every burden along every attribute of which two values or more are reported.
#[must_use]
pub fn equity(outcome: &Outcome, point: usize) -> Vec<EquityRow> {
    let mut attributes: Vec<&str> = Vec::new();
    let sites = outcome.groups.iter().filter(|group| group.sites.is_some());
    for attribute in sites.filter_map(|group| group.key.split_once('=')).map(|(attribute, _)| attribute) {
        if !attributes.contains(&attribute) {
            attributes.push(attribute);
        }
    }
    let rows = attributes.into_iter().flat_map(|attribute| BURDENS.map(|metric| row(outcome, point, attribute, metric)));
    rows.flatten().collect()
}

fn row(outcome: &Outcome, point: usize, attribute: &str, metric: &'static str) -> Option<EquityRow> {
    let value = |key: &str| key.split_once('=').filter(|(own, _)| *own == attribute).map(|(_, value)| value.to_owned());
    let groups: Vec<(usize, String)> =
        outcome.groups.iter().enumerate().filter_map(|(index, group)| Some((index, value(&group.key)?))).collect();
    let known = groups.iter().filter_map(|(group, _)| Some((*group, outcome.estimate(point, *group, metric)?)));
    // The first of equals.
    let worst = known.reduce(|worst, next| if next.1.mean > worst.1.mean { next } else { worst })?;
    let worst = Some(worst).filter(|(_, burden)| burden.mean > 0.0);
    Some(EquityRow {
        attribute: attribute.to_owned(),
        metric,
        worst: worst.map(|(group, burden)| (outcome.groups[group].key.clone(), burden)),
        concentration_index: concentration(outcome, point, groups, metric),
    })
}

fn concentration(outcome: &Outcome, point: usize, groups: Vec<(usize, String)>, metric: &str) -> Option<Estimate> {
    let ranked =
        groups.into_iter().map(|(group, value)| Some((group, value.parse::<f64>().ok().filter(|rank| rank.is_finite())?)));
    let mut ranked = ranked.collect::<Option<Vec<(usize, f64)>>>().filter(|ranked| ranked.len() > 1)?;
    ranked.sort_by(|a, b| a.1.total_cmp(&b.1));
    let column = |name: &str| METRICS.iter().position(|known| known.name == name);
    let (requested, metric) = (column("requested")?, column(metric)?);
    let replications = &outcome.points.get(point)?.replications;
    let indices = replications.iter().filter_map(|replication| {
        let value = |group: usize, metric: usize| replication.values[group * METRICS.len() + metric];
        let pairs = ranked.iter().map(|(group, rank)| Some((*rank, value(*group, requested)?, value(*group, metric)?)));
        concentration_index(&pairs.collect::<Option<Vec<_>>>()?)
    });
    Estimate::of(indices, outcome.confidence, Some((-1.0, 1.0)))
}

/// The index of groups in ascending order, each with the number by which it is ranked, its weight and its burden; groups of the same number share a
/// rank. `None` if nobody bears any.
fn concentration_index(groups: &[(f64, f64, f64)]) -> Option<f64> {
    let all: f64 = groups.iter().map(|(_, weight, _)| weight).sum();
    let (mut below, mut mean, mut by_rank) = (0.0, 0.0, 0.0);
    for alike in groups.chunk_by(|a, b| a.0 == b.0) {
        let together: f64 = alike.iter().map(|(_, weight, _)| weight / all).sum();
        let rank = below + together / 2.0;
        below += together;
        for (_, weight, burden) in alike {
            let borne = weight / all * burden;
            mean += borne;
            by_rank += borne * rank;
        }
    }
    (all > 0.0 && mean > 0.0).then(|| 2.0 * by_rank / mean - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_that_of_the_formula() {
        let index = |groups: &[(f64, f64)]| {
            let ranked: Vec<_> =
                groups.iter().zip(1..).map(|((weight, burden), rank)| (f64::from(rank), *weight, *burden)).collect();
            concentration_index(&ranked)
        };
        let even = index(&[(10.0, 0.2), (30.0, 0.2)]).expect("a burden");
        assert!(even.abs() < 1e-12, "{even}");
        // Half of the prescriptions bear all of the burden.
        assert_eq!(index(&[(50.0, 0.0), (50.0, 0.3)]), Some(0.5));
        assert_eq!(index(&[(50.0, 0.3), (50.0, 0.0)]), Some(-0.5));
        // Four quarters that bear 1, 2, 3 and 4: 2 (1/8 + 2 3/8 + 3 5/8 + 4 7/8) / 10 - 1.
        let quarters = index(&[(1.0, 0.1), (1.0, 0.2), (1.0, 0.3), (1.0, 0.4)]).expect("a burden");
        assert!((quarters - 0.25).abs() < 1e-12, "{quarters}");
        assert_eq!(index(&[(1.0, 0.0), (2.0, 0.0)]), None);
        assert_eq!(index(&[]), None);
        // Two groups of the same number are one, however the burden lies between them.
        assert_eq!(concentration_index(&[(1.0, 25.0, 0.6), (1.0, 25.0, 0.0), (2.0, 50.0, 0.0)]), Some(-0.5));
    }
}
