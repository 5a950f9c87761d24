//! When the outages that hit a report group are over: what the time to clear its backlog is counted from.

use super::recorder::Recorder;
use super::replication::Plan;
use super::world::World;
use crate::network::GroupId;
use crate::units::SimTime;

/// For the first report cell of each kind of pharmacy when all that hit one of its sites is over; zero if nothing does.
#[derive(Debug, Default)]
pub(crate) struct Endings {
    over: Vec<SimTime>,
}

impl Endings {
    /// Takes note before the run: what each outage, and each platform of an attack, hits is put alone to the world's own rule of who is
    /// affected. `hit` marks the stations that any disruption hits, by which the world marks its sites in the end, as before.
    pub(crate) fn note(&mut self, world: &mut World<'_, Recorder>, hit: &[bool]) {
        let blueprint = world.blueprint;
        let cells: Vec<u32> = world.sites.iter().map(|site| site.cell).collect();
        self.over.clear();
        self.over.resize(blueprint.report().cells() as usize, SimTime::ZERO);
        let restorations = core::mem::take(&mut world.timeline.restorations);
        let mut hit_by_one = vec![false; hit.len()];
        for restoration in &restorations {
            hit_by_one.fill(false);
            for &station in &restoration.stations {
                hit_by_one[station as usize] = true;
            }
            world.mark_affected(&hit_by_one);
            for (site, &cell) in world.sites.iter().zip(&cells) {
                if blueprint.report().is_affected(site.cell) {
                    let over = &mut self.over[cell as usize];
                    *over = restoration.over_for(GroupId(site.group)).max(*over);
                }
            }
        }
        world.timeline.restorations = restorations;
        world.mark_affected(hit);
    }

    /// When all that hit a report group is over; for all pharmacies and for a group that nothing hits alone, when everything is (`all`). `None`
    /// if not within the run.
    pub(crate) fn of_group(&self, group: usize, plan: &Plan, all: Option<SimTime>) -> Option<SimTime> {
        let latest = plan.group_cells[group].iter().map(|&cell| self.over[cell as usize]).max().unwrap_or(SimTime::ZERO);
        // All pharmacies, and what is filled everywhere, have to do with everything.
        let is_everywhere = group == 0 || plan.group_is_everywhere[group] || latest == SimTime::ZERO;
        if is_everywhere { all } else { Some(latest).filter(|&end| end < plan.window.horizon) }
    }
}

/// When all disruptions that begin within the run are over; `None` if one is not within it.
pub(crate) fn of_all(spells: &[(Option<SimTime>, Option<SimTime>)]) -> Option<SimTime> {
    let begun = spells.iter().filter(|(onset, _)| onset.is_some());
    begun.map(|(_, end)| *end).try_fold(SimTime::ZERO, |last, end| end.map(|end| last.max(end)))
}
