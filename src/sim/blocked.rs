//! Beside the main road: claims that cannot get through, and how they find their way back.

use super::blueprint::stretched;
use super::event::{Event, What, stamp_of_event};
use super::observer::Observer;
use super::prescription::{List, NONE, Phase, Prescription, Stage};
use super::world::World;
use crate::engine::Calendar;
use crate::random::{Chance, Purpose, SpanLaw};
use crate::response::{Decision, Policy, Retry, View};
use crate::units::{SimTime, Span};

impl<O: Observer> World<'_, O> {
    /// A claim was refused, turned away, sent back or not answered: the pharmacy decides what to do.
    pub(crate) fn blocked(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        let prescription = &mut self.pool[slot];
        prescription.station = NONE;
        prescription.phase = Phase::Elsewhere;
        prescription.stamp = prescription.stamp.wrapping_add(1);
        let site = prescription.site;
        if prescription.lingering {
            return self.fade(slot);
        }
        self.look_for_another_way(now, site, calendar);
        if self.pool[slot].secondary {
            return self.card_blocked(now, slot, calendar);
        }
        if self.pool[slot].dispensed {
            return self.rest(now, slot, calendar);
        }
        self.organise_trust(now, slot, calendar);
        let decision = self.blueprint.scenario.downtime.decide(&self.view(now, slot));
        self.carry_out(now, slot, decision, calendar);
    }

    /// A site's first claim that does not get through sets off its manual procedure: one whose way is known to be shut, or that nothing further
    /// is tried for. A stray time-out that another try makes good is an ordinary day.
    fn organise_trust(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        let downtime = &self.blueprint.scenario.downtime;
        let index = self.pool[slot].site;
        let Some(trust) = downtime.on_trust.as_ref().filter(|_| self.sites[index as usize].trust_ready == SimTime::NEVER) else {
            return;
        };
        if self.path_is_open(slot) && downtime.decide_automatically(&self.view(now, slot)).is_some() {
            return;
        }
        let lead = trust.lead_time.sample(&mut self.chance.draw(index, Chance::SITE, Purpose::TrustLeadTime, 0));
        self.sites[index as usize].trust_ready = now + lead;
        self.schedule_at(index, now + lead, What::TrustReady { site: index }, calendar);
    }

    /// The first claim that a site's primary switch refuses sets off failing over or re-routing.
    fn look_for_another_way(&mut self, now: SimTime, index: u32, calendar: &mut Calendar<Event>) {
        let site = &self.sites[index as usize];
        if site.on_standby || site.failing_over || self.works_for(site.primary, site.group) {
            return;
        }
        let plan = &self.blueprint.groups[site.group as usize];
        let (episode, number) = (site.episode, (site.episode & 0xFFF) as u16);
        let reroute = plan.reroute_lead_time.filter(|_| !site.has_standby);
        let time = |law: SpanLaw, purpose| now + law.sample(&mut self.chance.draw(index, Chance::SITE, purpose, number));
        let (ready, what) = match (plan.failover.filter(|_| site.has_standby), reroute) {
            (Some(law), _) => (time(law, Purpose::Failover), What::Failover { site: index, episode }),
            (None, Some(law)) => (time(law, Purpose::RerouteLeadTime), What::SignUp { site: index, episode }),
            (None, None) => return,
        };
        self.schedule_at(index, ready, what, calendar);
        self.sites[index as usize].failing_over = true;
    }

    /// A site is ready to be connected to another switch, which takes new stores one after the other.
    pub(crate) fn sign_up(&mut self, now: SimTime, index: u32, episode: u32, calendar: &mut Calendar<Event>) {
        let site = &self.sites[index as usize];
        // The first that works, in the order of preference; the first at all if none does.
        let mut receiving =
            self.blueprint.groups[site.group as usize].reroute_to.iter().copied().filter(|&to| to != site.primary);
        let first = receiving.clone().next();
        let chosen = receiving.find(|&to| self.works_for(to, site.group)).or(first);
        let Some(switch) = chosen.filter(|_| stamp_of_event(site.episode) == episode) else { return };
        self.sites[index as usize].standby = switch;
        let connected = now.max(self.intake[switch as usize]);
        self.intake[switch as usize] = connected + self.blueprint.shared[switch as usize].intake_interval;
        self.schedule_at(index, connected, What::Failover { site: index, episode }, calendar);
    }

    pub(crate) fn view(&self, now: SimTime, slot: u32) -> View<'_> {
        let prescription = &self.pool[slot];
        let site = &self.sites[prescription.site as usize];
        View {
            now,
            requested: prescription.requested,
            retries: prescription.retries,
            may_retry: site.retries_left >= 1.0,
            returns: prescription.returns,
            other_route: prescription.via != site.route(),
            trust_ready: site.trust_ready <= now,
            credit: self.credit_left(prescription.site),
            emergency: self.emergency_for(slot),
            tide_overs: prescription.tide_overs,
            tided_over: prescription.tided_over(),
            moves: prescription.moves,
            elsewhere: true,
            payer: prescription.payer,
            address: self.address(slot),
            attributes: &self.blueprint.scenario.prescriptions.attributes,
        }
    }

    pub(crate) fn carry_out(&mut self, now: SimTime, slot: u32, decision: Option<Decision>, calendar: &mut Calendar<Event>) {
        match decision {
            Some(Decision::Submit) => self.submit(now, slot, calendar),
            Some(Decision::SubmitAt(time)) => {
                self.pool[slot].retries += 1;
                self.spend_retry(slot);
                self.pool[slot].stage = Stage::Pause;
                self.schedule_wake(time, slot, calendar);
            }
            Some(Decision::OnTrust) => {
                self.pool[slot].on_trust = true;
                self.promise_credit(slot);
                self.fill(now, slot, calendar);
            }
            Some(Decision::Guaranteed) => {
                self.pool[slot].on_trust = true;
                self.pool[slot].guaranteed = true;
                self.fill(now, slot, calendar);
            }
            Some(Decision::TideOver { order }) => {
                let was_shut = !self.path_is_open(slot);
                let prescription = &mut self.pool[slot];
                prescription.was_shut = was_shut;
                prescription.order = order;
                prescription.tide_overs = prescription.tide_overs.saturating_add(1);
                prescription.stage = Stage::TideOver;
                self.go_to_staff(now, slot, calendar);
            }
            Some(Decision::Cash) => {
                self.pool[slot].cash = true;
                self.fill(now, slot, calendar);
            }
            Some(Decision::Move) => self.look_elsewhere(now, slot, calendar),
            Some(Decision::ReturnAt(time)) => {
                self.hold(now, slot);
                self.schedule_wake(time, slot, calendar);
            }
            Some(Decision::GiveUp) => self.give_up(now, slot),
            None => self.rest(now, slot, calendar),
        }
    }

    /// A first submission adds to the pharmacy's budget of further ones.
    pub(crate) fn earn_retries(&mut self, slot: u32) {
        if let Some(budget) = self.blueprint.scenario.downtime.retry.and_then(|retry| retry.budget) {
            let site = &mut self.sites[self.pool[slot].site as usize];
            site.retries_left = (site.retries_left + budget).min(Retry::MOST_SAVED);
        }
    }

    fn spend_retry(&mut self, slot: u32) {
        if self.blueprint.scenario.downtime.retry.is_some_and(|retry| retry.budget.is_some()) {
            self.sites[self.pool[slot].site as usize].retries_left -= 1.0;
        }
    }

    /// Staff time to hand out a part.
    pub(crate) fn tide_over_time(&self, slot: u32) -> Span {
        let scenario = self.blueprint.scenario;
        match self.pool[slot].order {
            0 => scenario.downtime.tide_over.as_ref().map_or(Span::ZERO, |response| response.staff),
            order => {
                let actions = &scenario.orders[usize::from(order) - 1].actions;
                actions.emergency_supply.map_or(Span::ZERO, |supply| supply.staff)
            }
        }
    }

    /// A part has been handed out: the patient comes back for the rest when it runs out, or when the route is back.
    pub(crate) fn tided_over(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        let scenario = self.blueprint.scenario;
        let supply = match self.pool[slot].order {
            0 => scenario.downtime.tide_over.as_ref().map(|response| response.supply),
            order => scenario.orders[usize::from(order) - 1].actions.emergency_supply.and_then(|supply| supply.supply),
        };
        let supply = supply.unwrap_or(Span::DAY);
        self.pool[slot].station = NONE;
        if self.pool[slot].tide_overs == 1 {
            let fact = self.fact(now, slot);
            self.observer.tided_over(&fact);
        }
        self.hand_out(now, slot, supply);
        // The way has opened while the staff were at it: the patient gets all of it.
        if self.pool[slot].was_shut && self.path_is_open(slot) {
            return self.submit(now, slot, calendar);
        }
        self.hold(now, slot);
        self.schedule_wake(now + supply, slot, calendar);
    }

    /// Nobody decides: the claim rests until its route is back, or, if the route is open as it is, for a while.
    pub(crate) fn rest(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        self.hold(now, slot);
        if self.path_is_open(slot) {
            let pause = self.blueprint.scenario.claims.map_or(Span::MINUTE, |claims| claims.resubmit_after);
            self.schedule_wake(now + pause, slot, calendar);
        }
    }

    /// Puts a prescription on its site's held list, last.
    pub(crate) fn hold(&mut self, now: SimTime, slot: u32) {
        let site = self.pool[slot].site as usize;
        self.pool[slot].stage = Stage::Held;
        self.pool[slot].since = now;
        let mut held = self.sites[site].held;
        held.push_back(&mut self.pool, slot);
        self.sites[site].held = held;
    }

    fn let_go(&mut self, slot: u32) {
        let site = self.pool[slot].site as usize;
        let mut held = self.sites[site].held;
        held.remove(&mut self.pool, slot);
        self.sites[site].held = held;
    }

    pub(crate) fn schedule_wake(&mut self, time: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        let prescription = &mut self.pool[slot];
        prescription.stamp = prescription.stamp.wrapping_add(1);
        let (site, stamp) = (prescription.site, prescription.stamp);
        self.schedule_at(site, time, What::Wake { slot, stamp }, calendar);
    }

    /// A pause is over: the claim is tried again, or the answer from outside is there.
    pub(crate) fn wake(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        self.comes_by_chance(matches!(self.pool[slot].stage, Stage::Pause | Stage::Held));
        match self.pool[slot].stage {
            Stage::Pause => self.submit(now, slot, calendar),
            Stage::Travel => self.come_to_another(now, slot, calendar),
            Stage::RejectResponse => self.resolve(now, slot, calendar),
            Stage::Held => {
                self.let_go(slot);
                if self.pool[slot].dispensed {
                    self.rebill(now, slot, calendar);
                } else {
                    self.pool[slot].returns = self.pool[slot].returns.saturating_add(1);
                    self.submit(now, slot, calendar);
                }
            }
            _ => debug_assert!(false, "only what pauses is woken"),
        }
        self.comes_by_chance(false);
    }

    /// The answer has not come in time, and the claim counts as blocked. It is withdrawn wherever it is, or lingers there unheard.
    pub(crate) fn time_out(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        let (phase, station) = (self.pool[slot].phase, self.pool[slot].station);
        let lingers = self.blueprint.scenario.claims.is_some_and(|claims| claims.lingers);
        match phase {
            Phase::InLine | Phase::InService | Phase::InPassage if lingers => self.leave_behind(slot, calendar),
            Phase::InLine => {
                self.withdraw(now, slot);
                self.count_out(station);
            }
            Phase::InService => {
                self.release(now, slot);
                self.count_out(station);
                self.serve_next(now, station, calendar);
            }
            Phase::InPassage | Phase::Elsewhere => {}
        }
        self.blocked(now, slot, calendar);
    }

    /// A claim stays where it is in a slot of its own, while its prescription goes another way: a service does not know who still waits.
    fn leave_behind(&mut self, slot: u32, calendar: &mut Calendar<Event>) {
        let other = self.pool.take();
        let stamp = self.pool[other].stamp.wrapping_add(1);
        // No time-out is for it: the stamp of its submission is none that was ever given out.
        self.pool[other] = Prescription { stamp, claim_stamp: stamp, lingering: true, time_out_armed: true, ..self.pool[slot] };
        self.balance.lingering += 1;
        let prescription = self.pool[slot];
        let station = &mut self.stations[prescription.station as usize];
        match prescription.phase {
            Phase::InService => {
                if station.is_listed {
                    station.serving.replace(&mut self.pool, slot, other);
                }
                if station.speed > 0.0 {
                    let end = prescription.since + stretched(prescription.work_left, 1.0 / station.speed);
                    calendar.schedule(end, What::ServiceEnd { slot: other, stamp }.into());
                }
            }
            Phase::InLine => {
                let line = station.first_line as usize + usize::from(prescription.level);
                self.lines[line].replace(&mut self.pool, slot, other);
            }
            Phase::InPassage => {
                self.schedule_at(prescription.site, prescription.since, What::HopEnd { slot: other, stamp }, calendar);
            }
            Phase::Elsewhere => debug_assert!(false, "a claim that is nowhere cannot stay behind"),
        }
        self.pool[slot].phase = Phase::Elsewhere;
    }

    /// A claim for which nobody waits is gone.
    pub(crate) fn fade(&mut self, slot: u32) {
        self.balance.lingering -= 1;
        self.pool.give_back(slot);
    }

    /// Arms the time-out of the claim that is out, if it is not armed. It is needed only once the claim no longer runs to a known end before
    /// it: most claims never put one into the calendar.
    pub(crate) fn arm_time_out(&mut self, slot: u32, calendar: &mut Calendar<Event>) {
        let Some(timeout) = self.blueprint.scenario.claims.and_then(|claims| claims.timeout) else { return };
        let prescription = &mut self.pool[slot];
        if !prescription.time_out_armed {
            prescription.time_out_armed = true;
            let (site, time, stamp) = (prescription.site, prescription.submitted + timeout, prescription.claim_stamp);
            self.schedule_at(site, time, What::TimeOut { slot, stamp }, calendar);
        }
    }

    /// Arms the time-out if the claim's next step lies beyond it.
    pub(crate) fn arm_time_out_before(&mut self, slot: u32, next: SimTime, calendar: &mut Calendar<Event>) {
        let prescription = &self.pool[slot];
        if prescription.stage != Stage::Claim || prescription.time_out_armed {
            return;
        }
        let timeout = self.blueprint.scenario.claims.and_then(|claims| claims.timeout);
        if timeout.is_some_and(|timeout| next > prescription.submitted + timeout) {
            self.arm_time_out(slot, calendar);
        }
    }

    /// A patient in line stops waiting.
    pub(crate) fn lose_patience(&mut self, now: SimTime, slot: u32) {
        let station = self.pool[slot].station;
        self.withdraw(now, slot);
        self.count_out(station);
        self.give_up(now, slot);
    }

    /// A site's second route is ready; unless the primary one has come back meanwhile (then the episode is over), claims take it from now on.
    pub(crate) fn fail_over(&mut self, now: SimTime, index: u32, episode: u32, calendar: &mut Calendar<Event>) {
        let site = &self.sites[index as usize];
        if stamp_of_event(site.episode) != episode || !site.failing_over {
            return;
        }
        let plan = &self.blueprint.groups[site.group as usize];
        // Of several standbys the first that works, in the order of preference, the usual one if none does; a site that has signed up with a
        // switch has this one.
        let standbys = if site.has_standby { plan.standby_to.as_slice() } else { &[] };
        let mut others = standbys.iter().copied().filter(|&to| to != site.primary);
        let chosen = others.find(|&to| self.works_for(to, site.group)).unwrap_or(site.standby);
        let site = &mut self.sites[index as usize];
        site.standby = chosen;
        site.on_standby = true;
        self.release_held(now, index, calendar);
    }

    /// A site's manual procedure is organised: those who wait are served by it, as far as they are fit for it, oldest first.
    pub(crate) fn begin_trust(&mut self, now: SimTime, index: u32, calendar: &mut Calendar<Event>) {
        let Some(trust) = &self.blueprint.scenario.downtime.on_trust else { return };
        self.sift_held(index, |world, slot| {
            let waits = !world.pool[slot].dispensed && !world.pool[slot].secondary;
            if !waits || trust.decide(&world.view(now, slot)) != Some(Decision::OnTrust) {
                return false;
            }
            world.pool[slot].stamp = world.pool[slot].stamp.wrapping_add(1);
            world.carry_out(now, slot, Some(Decision::OnTrust), calendar);
            true
        });
    }

    /// A site has more credit: those who wait for no other reason are filled on trust.
    pub(crate) fn lend_again(&mut self, now: SimTime, index: u32, calendar: &mut Calendar<Event>) {
        let limited = self.blueprint.scenario.downtime.on_trust.as_ref().is_some_and(|trust| trust.credit.is_some());
        if limited && self.sites[index as usize].trust_ready <= now {
            self.begin_trust(now, index, calendar);
        }
    }

    /// Takes up what the sites of some groups hold and can now submit: all at once, or each site at the rate that the scenario sets. All
    /// at once is one line over all sites, in the order in which they came to the held lists, so that nobody is served first because of the
    /// scenario's order.
    pub(crate) fn release_groups(&mut self, now: SimTime, groups: &[u32], calendar: &mut Calendar<Event>) {
        let blueprint = self.blueprint;
        let at_a_rate = blueprint.scenario.downtime.resubmission.is_some();
        let mut waiting = core::mem::take(&mut self.waiting);
        waiting.clear();
        for &group in groups {
            let plan = &blueprint.groups[group as usize];
            for index in plan.first_site..plan.first_site + plan.sites {
                let mut slot = self.sites[index as usize].held.head();
                if at_a_rate && slot != NONE {
                    self.release_held(now, index, calendar);
                    continue;
                }
                while slot != NONE {
                    if self.path_is_open(slot) {
                        waiting.push(slot);
                    }
                    slot = self.pool[slot].next;
                }
            }
        }
        waiting.sort_unstable_by_key(|&slot| {
            let prescription = &self.pool[slot];
            (prescription.since, prescription.submitted, prescription.site, prescription.home, prescription.ordinal)
        });
        for &slot in &waiting {
            // One that goes before may have changed its fate, as credit that has come back does.
            if self.pool[slot].stage == Stage::Held {
                self.let_go(slot);
                self.take_up(now, slot, calendar);
            }
        }
        self.waiting = waiting;
    }

    /// Takes up what a site holds and can now submit, oldest first: all at once, or at the rate that the scenario sets.
    pub(crate) fn release_held(&mut self, now: SimTime, index: u32, calendar: &mut Calendar<Event>) {
        if self.blueprint.scenario.downtime.resubmission.is_some() {
            self.sites[index as usize].reopened = now;
            if !core::mem::replace(&mut self.sites[index as usize].resubmitting, true) {
                self.resubmit_next(now, index, calendar);
            }
            return;
        }
        self.sift_held(index, |world, slot| {
            if !world.path_is_open(slot) {
                return false;
            }
            world.take_up(now, slot, calendar);
            true
        });
    }

    /// A held prescription whose route is open moves on.
    fn take_up(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        self.pool[slot].stamp = self.pool[slot].stamp.wrapping_add(1);
        if self.pool[slot].dispensed {
            self.rebill(now, slot, calendar);
        } else {
            self.submit(now, slot, calendar);
        }
    }

    /// The oldest that a site holds since before its route was back and can submit; the next follows at the scenario's rate, until there is
    /// none. Who is not answered after that is not called up again: he or she waits and returns.
    pub(crate) fn resubmit_next(&mut self, now: SimTime, index: u32, calendar: &mut Calendar<Event>) {
        let Some(rate) = self.blueprint.scenario.downtime.resubmission else { return };
        let mut slot = self.sites[index as usize].held.head();
        let reopened = self.sites[index as usize].reopened;
        while slot != NONE && (self.pool[slot].submitted >= reopened || !self.path_is_open(slot)) {
            slot = self.pool[slot].next;
        }
        if slot == NONE {
            self.sites[index as usize].resubmitting = false;
            return;
        }
        self.schedule_at(index, now + rate.interval(), What::Resubmission { site: index }, calendar);
        self.let_go(slot);
        // Many sites do so in the same microsecond: the next of each is its turn, however long it has waited.
        self.pool[slot].since = now;
        self.take_up(now, slot, calendar);
    }

    /// Goes once through a site's held list as it is now; what `take` does not take stays, in its order and with what is scheduled for it.
    fn sift_held(&mut self, index: u32, mut take: impl FnMut(&mut Self, u32) -> bool) {
        let mut slot = self.sites[index as usize].held.head();
        self.sites[index as usize].held = List::EMPTY;
        while slot != NONE {
            let next = self.pool[slot].next;
            if !take(self, slot) {
                let mut held = self.sites[index as usize].held;
                held.push_back(&mut self.pool, slot);
                self.sites[index as usize].held = held;
            }
            slot = next;
        }
    }

    /// Whether every station on the way of a claim takes claims from the site at present.
    pub(crate) fn path_is_open(&self, slot: u32) -> bool {
        let prescription = &self.pool[slot];
        let site = &self.sites[prescription.site as usize];
        let mut station = self.blueprint.first_hop(site.route(), prescription.payer);
        while station != NONE {
            if !self.is_open(station, site.group) {
                return false;
            }
            station = self.blueprint.next(station, prescription.payer);
        }
        true
    }

    /// Whether a clearinghouse takes claims from a group and works at all; one that only queues them is as good as down.
    pub(crate) fn works_for(&self, station: u32, group: u32) -> bool {
        self.is_open(station, group) && (station == NONE || self.stations[station as usize].speed > 0.0)
    }

    pub(crate) fn is_open(&self, station: u32, group: u32) -> bool {
        station == NONE || self.open[station as usize * self.blueprint.groups.len() + group as usize]
    }
}
