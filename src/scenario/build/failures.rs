//! `[[failure]]`: random failures.

use super::outages::{read_arrivals, read_id, read_in_flight};
use super::run::Run;
use super::{Names, switch, target};
use crate::disruption::Failure;
use crate::input::{At, Reader};
use crate::network::Network;
use crate::random::SpanLaw;
use crate::units::Span;

/// A failure that is later than the horizon with all but this probability never happens.
const SOONEST: f64 = 1e-9;

/// More failures of one node than this in a run are refused: they would fill the memory.
const MOST_CYCLES: f64 = 100_000.0;

/// Reads the list; `None` after a mistake. `taken` are the ids of outages.
pub(super) fn read(
    top: &mut Reader<'_>,
    names: &Names,
    network: Option<&Network>,
    run: Option<&Run>,
    taken: &[At<String>],
) -> Option<Vec<Failure>> {
    let mut known = taken.to_vec();
    top.each_table("failure", |mut table| {
        if switch::is_bare(&mut table) {
            return None;
        }
        let id = read_id(&mut table, known.iter());
        let on = switch::read(&mut table);
        let aim = target::read(&mut table, names, network);
        let time_to_failure =
            positive(&mut table, "time_to_failure", "Time from the start or from a repair to the next failure.");
        let time_to_repair = positive(&mut table, "time_to_repair", "Time from a failure until service is back.");
        let in_flight = read_in_flight(&mut table, "frozen", aim.as_ref());
        let arrivals = read_arrivals(&mut table, "queue", aim.as_ref());
        let often = time_to_failure.zip(time_to_repair).filter(|(fails, repairs)| {
            let cycle = fails.mean() + repairs.mean();
            run.is_some_and(|run| run.settings.horizon.seconds() > MOST_CYCLES * cycle.seconds())
        });
        if often.is_some() {
            let message = format!("{} happens more than {MOST_CYCLES} times in a run", table.title());
            table.refuse(
                "time_to_failure",
                message,
                "too often",
                "for a service that is always unreliable, degrade or reject suits better",
            );
            return None;
        }
        let horizon = run.map(|run| run.settings.horizon);
        if let Some((law, horizon)) = time_to_failure.zip(horizon).filter(|(law, horizon)| law.quantile(SOONEST) >= *horizon) {
            let message = format!("{} never happens: the run ends after {horizon}", table.title());
            let help = format!(
                "it takes {} at least: make the horizon longer, or switch the failure off: enabled = false",
                law.quantile(SOONEST)
            );
            table.refuse("time_to_failure", message, "after the horizon", help);
            return None;
        }
        table.finish();
        known.extend(id.clone());
        on?;
        Some(Failure {
            id: id?.value,
            target: aim?.target,
            time_to_failure: time_to_failure?,
            time_to_repair: time_to_repair?,
            in_flight: in_flight?,
            arrivals: arrivals?,
        })
    })
}

/// A law with a mean greater than zero.
fn positive(table: &mut Reader<'_>, key: &'static str, about: &'static str) -> Option<SpanLaw> {
    let law = table.required::<SpanLaw>(key, about)?.value;
    if law.mean() > Span::ZERO {
        return Some(law);
    }
    table.refuse(key, format!("`{key}` in {} takes no time", table.title()), "no time", "a mean greater than zero is needed");
    None
}
