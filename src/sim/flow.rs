//! The life of a prescription, from request to ready, in the order in which it happens.
//!
//! Every function takes the prescription on by one step. Nothing calls back up the road but [`World::transmit`], the loop over hops; what
//! leaves the main road (blocked claims, time-outs, held lists) is in `blocked.rs`.

use super::blueprint::{Arrivals, StationKind, stretched};
use super::event::{Event, What};
use super::observer::Observer;
use super::prescription::{MOST_ANSWERS, NONE, Phase, Stage};
use super::world::World;
use crate::engine::Calendar;
use crate::math;
use crate::random::{Draw, Purpose, SpanLaw};
use crate::units::{SimTime, Span};

impl<O: Observer> World<'_, O> {
    /// Draws the gap before the next request. It is drawn a request early, so that nothing waits for it when that comes.
    pub(crate) fn draw_gap(&mut self, index: u32) {
        let ordinal = self.sites[index as usize].ordinal;
        self.draw_gap_by(index, self.chance.draw(index, ordinal, Purpose::Gap, 0));
    }

    #[inline]
    fn draw_gap_by(&mut self, index: u32, mut draw: Draw) {
        let site = &mut self.sites[index as usize];
        site.gap = match &self.blueprint.groups[site.group as usize].arrivals {
            Arrivals::Profile { .. } => (-math::ln(draw.uniform())).to_bits(),
            Arrivals::Renewal(law) => law.sample(&mut draw).micros(),
        };
    }

    /// Schedules the request after the one at `now`.
    pub(crate) fn schedule_request(&mut self, now: SimTime, index: u32, calendar: &mut Calendar<Event>) {
        let time = self.request_after(now, index);
        self.by_site.note_request(index, time);
        if time != SimTime::NEVER {
            self.schedule_at(index, time, What::Request { site: index }, calendar);
        }
    }

    /// When the request after the one at `now` comes: the gap belongs to the prescription that it leads to. Never, if it lies beyond the end of the run.
    #[inline]
    pub(super) fn request_after(&self, now: SimTime, index: u32) -> SimTime {
        let site = &self.sites[index as usize];
        let time = match &self.blueprint.groups[site.group as usize].arrivals {
            Arrivals::Profile { profile, .. } => profile.advance(now, site.rate, f64::from_bits(site.gap)),
            Arrivals::Renewal(_) => now + Span::from_micros(site.gap),
        };
        if time < SimTime::ZERO + self.blueprint.scenario.run.horizon { time } else { SimTime::NEVER }
    }

    /// 1. A prescription is requested: it draws its attributes and goes to the prescribing network, if it is a new one, or to the counter.
    pub(crate) fn request(&mut self, now: SimTime, index: u32, calendar: &mut Calendar<Event>) {
        self.schedule_request(now, index, calendar);
        let ordinal = self.sites[index as usize].ordinal - 1;
        self.sites[index as usize].ordinal += 1;
        // What follows does not wait for what comes before: so all is begun together.
        let [gap] = self.chance.draws(index, ordinal + 2, [(Purpose::Gap, 0)]);
        let entry = self.begin_entry(index, ordinal);
        self.draw_gap_by(index, gap);
        let work_ahead = entry.map_or(Span::ZERO, |(law, mut draw)| law.sample(&mut draw));
        // Where requests are foreseen once somebody has left, nobody has.
        let elsewhere = if self.by_site.is_on() { None } else { self.goes_elsewhere(index, ordinal) };
        self.prescribe(now, index, ordinal, work_ahead, elsewhere, calendar);
    }

    /// The law of the work of entering a prescription, and its draw.
    #[inline]
    pub(super) fn begin_entry(&self, index: u32, ordinal: u32) -> Option<(SpanLaw, Draw)> {
        self.blueprint.scenario.work.entry.map(|law| {
            let [draw] = self.chance.draws(index, ordinal, [(Purpose::Entry, 0)]);
            (law, draw)
        })
    }

    /// The prescription is there, and goes on its way: at its home, or elsewhere from the first, as those of patients do who have left for good.
    #[inline]
    pub(super) fn prescribe(
        &mut self,
        now: SimTime,
        index: u32,
        ordinal: u32,
        work_ahead: Span,
        elsewhere: Option<u32>,
        calendar: &mut Calendar<Event>,
    ) {
        let blueprint = self.blueprint;
        let site = &mut self.sites[index as usize];
        self.balance.requested += 1;
        site.requested += 1;
        site.in_system += 1;
        let (group, cell) = (&blueprint.groups[site.group as usize], site.cell);
        // Where all are needed nearly always, all are found together.
        let (chance, what) =
            (self.chance, [Purpose::Class, Purpose::Payer, Purpose::New, Purpose::Paper].map(|purpose| (purpose, 0)));
        let begun = blueprint.classes.is_some().then(|| chance.uniforms(index, ordinal, what));
        let number = |place: usize| match begun {
            Some(numbers) => numbers[place],
            None => chance.draw(index, ordinal, what[place].0, 0).uniform(),
        };
        let class = blueprint.classes.as_ref().map_or(0, |classes| classes.pick(number(0)) as u8);
        let payer = match &group.payer_shares {
            Some(shares) => group.payers[shares.pick(number(1))].0,
            None => group.payers.first().map_or(0, |&(payer, _)| payer),
        };
        let settings = &blueprint.scenario.prescriptions;
        let is_new = settings.attributes.is_new(|| number(2));

        let slot = self.pool.take();
        let prescription = &mut self.pool[slot];
        prescription.requested = now;
        prescription.site = index;
        prescription.home = index;
        prescription.ordinal = ordinal;
        prescription.cell = cell + blueprint.report.cell_within(payer, class);
        prescription.class = class;
        prescription.payer = payer;
        prescription.is_new = is_new;
        prescription.work_ahead = work_ahead;
        let fact = self.fact(now, slot);
        self.observer.requested(&fact);
        if let Some(to) = elsewhere {
            self.place(now, slot, to);
        }

        let prescribing = self.sites[self.pool[slot].site as usize].prescribing;
        if !is_new {
            self.observer.refill(&fact);
        }
        let electronic = is_new && prescribing != NONE && number(3) >= settings.paper.value();
        if electronic {
            self.pool[slot].stage = Stage::Prescribing;
            self.go_to(now, slot, prescribing, calendar);
        } else {
            self.enter(now, slot, calendar);
        }
    }

    /// 2. The pharmacy has received it: staff enter it.
    pub(crate) fn enter(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        if self.blueprint.scenario.work.entry.is_none() {
            return self.submit(now, slot, calendar);
        }
        self.pool[slot].stage = Stage::Entry;
        let waits = !self.go_to_staff(now, slot, calendar);
        if let (true, Some(patience)) = (waits, self.blueprint.scenario.prescriptions.patience) {
            let patience = patience.sample(&mut self.draw(slot, Purpose::Patience, 0));
            let (site, stamp) = (self.pool[slot].site, self.pool[slot].stamp);
            self.schedule_at(site, now + patience, What::PatienceEnd { slot, stamp }, calendar);
        }
    }

    /// 3. A claim is submitted by the route that the pharmacy has now; without claims in the scenario, it is filled at once.
    pub(crate) fn submit(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        if self.blueprint.scenario.claims.is_none() {
            return self.fill(now, slot, calendar);
        }
        let route = self.sites[self.pool[slot].site as usize].route();
        let prescription = &mut self.pool[slot];
        prescription.stage = Stage::Claim;
        prescription.phase = Phase::Elsewhere;
        prescription.stamp = prescription.stamp.wrapping_add(1);
        prescription.claim_stamp = prescription.stamp;
        prescription.submitted = now;
        prescription.time_out_armed = false;
        prescription.submissions = prescription.submissions.saturating_add(1);
        prescription.hop = 0;
        prescription.via = route;
        let first = prescription.submissions == 1;
        let payer = prescription.payer;
        if first {
            self.earn_retries(slot);
        }
        let fact = self.fact(now, slot);
        self.observer.claim_submitted(&fact, first);
        self.transmit(now, slot, self.blueprint.first_hop(route, payer), calendar);
    }

    /// 4. The claim goes to a station, which may refuse it.
    pub(crate) fn transmit(&mut self, now: SimTime, slot: u32, station: u32, calendar: &mut Calendar<Event>) {
        let group = self.sites[self.pool[slot].site as usize].group;
        let open = self.open[station as usize * self.blueprint.groups.len() + group as usize];
        let reject = self.stations[station as usize].reject;
        if !open || (reject > 0.0 && self.is_rejected(slot, station, reject)) {
            return self.blocked(now, slot, calendar);
        }
        self.go_to(now, slot, station, calendar);
    }

    /// Whether a failing station turns a claim away.
    fn is_rejected(&self, slot: u32, station: u32, probability: f64) -> bool {
        let purpose = self.by_kind(station, Purpose::OutageReject, Purpose::LinkReject);
        self.draw_at_hop(slot, purpose, 0).chance(probability)
    }

    /// It goes to a service, where others may be before it.
    fn go_to(&mut self, now: SimTime, slot: u32, station: u32, calendar: &mut Calendar<Event>) {
        if !self.comes_by_calendar(station) {
            self.admit(now, slot, station, calendar);
        } else if !self.goes_through(now, slot, station, calendar) {
            self.send(now, slot, station, calendar);
        }
    }

    /// 5. A station takes it: into service if a server is free, else into line. Returns whether service has begun.
    pub(crate) fn admit(&mut self, now: SimTime, slot: u32, index: u32, calendar: &mut Calendar<Event>) -> bool {
        self.pool[slot].station = index;
        self.catch_up(now, index);
        self.count_in(index);
        let station = &self.stations[index as usize];
        if station.can_begin() {
            self.begin_service(now, slot, index, calendar);
            return true;
        }
        self.join_line(now, slot, index, false);
        if self.pool[slot].stage == Stage::Claim {
            self.arm_time_out(slot, calendar);
            self.await_end(index, calendar);
        }
        false
    }

    /// Stands a prescription in line, at the end or, if its service was broken off, in front.
    pub(crate) fn join_line(&mut self, now: SimTime, slot: u32, index: u32, in_front: bool) {
        self.pool[slot].level = self.level_of(slot, index);
        let line = self.line_of(slot, index);
        self.stations[index as usize].waiting += 1;
        let line = &mut self.lines[line];
        if in_front {
            line.push_front(&mut self.pool, slot);
        } else {
            line.push_back(&mut self.pool, slot);
        }
        self.pool[slot].phase = Phase::InLine;
        self.observer.line_changed(now, index, 1);
        self.tie(now, slot, index, 1);
        self.touch(index);
    }

    /// The line in which a prescription is to wait: one for all at a service; at a site by urgency, and behind everybody when only the bill is
    /// open.
    fn level_of(&self, slot: u32, index: u32) -> u8 {
        let prescription = &self.pool[slot];
        match (self.stations[index as usize].kind, prescription.stage) {
            (StationKind::Site, Stage::Rebill) => self.blueprint.levels - 1,
            (StationKind::Site, _) => self.priority(prescription.site, prescription.class),
            _ => 0,
        }
    }

    /// The line in which a prescription waits.
    fn line_of(&self, slot: u32, index: u32) -> usize {
        self.stations[index as usize].first_line as usize + usize::from(self.pool[slot].level)
    }

    /// Joins the line of the site's staff for the task of its stage; returns whether the task has begun.
    pub(crate) fn go_to_staff(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) -> bool {
        let station = self.blueprint.places.site(self.pool[slot].site);
        self.admit(now, slot, station, calendar)
    }

    /// 6. Service begins.
    pub(crate) fn begin_service(&mut self, now: SimTime, slot: u32, index: u32, calendar: &mut Calendar<Event>) {
        let Some(work) = self.service_time(slot, index) else {
            // Nothing to be done here beside passing through.
            self.observer.served(now, index);
            return self.leave(now, slot, index, calendar);
        };
        if self.serve_ahead(now, slot, index, work, calendar) {
            return;
        }
        let station = &mut self.stations[index as usize];
        station.busy += 1;
        if station.is_listed {
            station.serving.push_back(&mut self.pool, slot);
        }
        let speed = station.speed;
        let prescription = &mut self.pool[slot];
        prescription.phase = Phase::InService;
        prescription.since = now;
        prescription.work_left = work;
        self.observer.busy_changed(now, index, 1);
        self.tie(now, slot, index, 1);
        self.touch(index);
        self.schedule_service_end(now, slot, speed, calendar);
    }

    /// Schedules the end of the work that is left, at a speed above zero.
    pub(crate) fn schedule_service_end(&mut self, now: SimTime, slot: u32, speed: f64, calendar: &mut Calendar<Event>) {
        let prescription = &mut self.pool[slot];
        prescription.stamp = prescription.stamp.wrapping_add(1);
        let (end, stamp) = (now + stretched(prescription.work_left, 1.0 / speed), prescription.stamp);
        let (site, station) = (prescription.site, prescription.station);
        let what = What::ServiceEnd { slot, stamp };
        if self.stations[station as usize].kind == StationKind::Site {
            self.schedule_at(site, end, what, calendar);
        } else {
            calendar.schedule(end, what.into());
        }
        self.arm_time_out_before(slot, end, calendar);
    }

    /// The work that a prescription brings to a station; `None` if it only passes.
    pub(super) fn service_time(&self, slot: u32, index: u32) -> Option<Span> {
        let prescription = &self.pool[slot];
        let scenario = self.blueprint.scenario;
        let staffed = |law: Option<SpanLaw>, purpose, number| {
            law.map_or(Span::ZERO, |law| law.sample(&mut self.draw(slot, purpose, number)))
        };
        match prescription.stage {
            Stage::Prescribing | Stage::Claim => {
                let station = &self.blueprint.shared[index as usize];
                let law = station.service?;
                let work = law.sample(&mut self.draw_at_hop(slot, station.service_purpose(), 0));
                Some(stretched(work, station.stretch))
            }
            Stage::Entry => Some(prescription.work_ahead),
            Stage::RejectWork => {
                let reject = &scenario.rejects[usize::from(prescription.reject)];
                Some(staffed(reject.staff, Purpose::RejectStaff, prescription.answers))
            }
            Stage::Fill => {
                let manual = scenario.downtime.on_trust.as_ref().filter(|_| prescription.on_trust).map(|trust| trust.extra);
                Some(staffed(scenario.work.fill, Purpose::Fill, 0) + manual.unwrap_or(Span::ZERO))
            }
            Stage::Rebill => Some(scenario.downtime.on_trust.as_ref().map_or(Span::ZERO, |trust| trust.rebill)),
            Stage::TideOver => Some(self.tide_over_time(slot)),
            Stage::RejectResponse | Stage::Pause | Stage::Search | Stage::Travel | Stage::Held | Stage::Free => None,
        }
    }

    /// 7. Service ends: the server turns to the next in line, and this one moves on.
    pub(crate) fn end_service(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        let index = self.pool[slot].station;
        self.release(now, slot);
        self.observer.served(now, index);
        self.serve_next(now, index, calendar);
        self.leave(now, slot, index, calendar);
    }

    /// Takes a prescription out of service.
    pub(crate) fn release(&mut self, now: SimTime, slot: u32) {
        let index = self.pool[slot].station;
        let station = &mut self.stations[index as usize];
        if station.is_listed {
            station.serving.remove(&mut self.pool, slot);
        }
        station.busy -= 1;
        self.pool[slot].phase = Phase::Elsewhere;
        self.observer.busy_changed(now, index, -1);
        self.tie(now, slot, index, -1);
        self.touch(index);
    }

    /// Takes a prescription out of line.
    pub(crate) fn withdraw(&mut self, now: SimTime, slot: u32) {
        let index = self.pool[slot].station;
        let line = self.line_of(slot, index);
        self.lines[line].remove(&mut self.pool, slot);
        self.stations[index as usize].waiting -= 1;
        self.pool[slot].phase = Phase::Elsewhere;
        self.observer.line_changed(now, index, -1);
        self.tie(now, slot, index, -1);
        self.touch(index);
    }

    /// Takes the first in line into service, and goes on while a server is free.
    pub(crate) fn serve_next(&mut self, now: SimTime, index: u32, calendar: &mut Calendar<Event>) {
        while self.stations[index as usize].waiting > 0 && self.stations[index as usize].can_begin() {
            let station = &self.stations[index as usize];
            let lines = station.first_line as usize..station.first_line as usize + usize::from(station.levels);
            let Some(slot) = self.lines[lines].iter().find(|line| !line.is_empty()).map(|line| line.head()) else { return };
            self.withdraw(now, slot);
            self.begin_service(now, slot, index, calendar);
        }
    }

    /// Behind a station: the latency, then the next hop; staff work has neither.
    fn leave(&mut self, now: SimTime, slot: u32, index: u32, calendar: &mut Calendar<Event>) {
        self.count_out(index);
        match self.pool[slot].stage {
            Stage::Entry => self.submit(now, slot, calendar),
            Stage::Rebill => {
                self.pool[slot].billed = true;
                self.submit(now, slot, calendar);
            }
            Stage::RejectWork => self.ask(now, slot, calendar),
            Stage::TideOver => self.tided_over(now, slot, calendar),
            Stage::Fill => self.ready(now, slot, calendar),
            Stage::Claim => self.pass(now, now, slot, index, calendar),
            Stage::Prescribing => {
                let latency = self.latency(slot, index);
                if latency == Span::ZERO {
                    return self.end_hop(now, slot, calendar);
                }
                let prescription = &mut self.pool[slot];
                prescription.phase = Phase::InPassage;
                prescription.since = now + latency;
                prescription.stamp = prescription.stamp.wrapping_add(1);
                let (site, stamp) = (prescription.site, prescription.stamp);
                self.schedule_at(site, now + latency, What::HopEnd { slot, stamp }, calendar);
            }
            Stage::RejectResponse | Stage::Pause | Stage::Search | Stage::Travel | Stage::Held | Stage::Free => {
                debug_assert!(false, "such a prescription is at no station");
            }
        }
    }

    /// The latency behind a station.
    pub(crate) fn latency(&self, slot: u32, index: u32) -> Span {
        let station = &self.blueprint.shared[index as usize];
        let draw = || self.draw_at_hop(slot, station.latency_purpose(), 0);
        let usual = station.latency.map_or(Span::ZERO, |law| law.sample(&mut draw()));
        usual + self.disrupted_latency(slot, index)
    }

    /// The next hop: the counter, the next station, or the payer's answer.
    pub(crate) fn end_hop(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        let prescription = &mut self.pool[slot];
        let (index, payer) = (prescription.station, prescription.payer);
        prescription.phase = Phase::Elsewhere;
        self.count_hop(slot, index);
        match self.stations[index as usize].kind {
            StationKind::Prescribing => self.enter(now, slot, calendar),
            StationKind::Payer => self.answer(now, slot, calendar),
            StationKind::Clearinghouse | StationKind::Link | StationKind::Site => {
                self.transmit(now, slot, self.blueprint.next(index, payer), calendar);
            }
        }
    }

    /// 8. The payer has adjudicated: paid, or rejected for a reason that can be worked. What is billed later is paid, or refused for good.
    fn answer(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        if self.pool[slot].lingering {
            return self.fade(slot);
        }
        self.pool[slot].station = NONE;
        self.pool[slot].answers = (self.pool[slot].answers + 1).min(MOST_ANSWERS);
        let fact = self.fact(now, slot);
        if self.pool[slot].secondary {
            if !self.pool[slot].card_blocked {
                self.observer.copay_claim(&fact, true);
            }
            self.receive(now, slot);
            return self.fill(now, slot, calendar);
        }
        self.observer.claim_adjudicated(&fact);
        if self.pool[slot].dispensed {
            return self.settle(now, slot);
        }
        let rejects = &self.blueprint.scenario.rejects;
        if !rejects.is_empty() {
            let mut place = self.draw(slot, Purpose::Reject, self.pool[slot].answers).uniform();
            for (kind, reject) in rejects.iter().enumerate() {
                if place < reject.share.value() {
                    if self.is_waived(slot, kind) {
                        break;
                    }
                    self.pool[slot].reject = kind as u8;
                    return self.work_reject(now, slot, calendar);
                }
                place -= reject.share.value();
            }
        }
        if let Some(copay) = self.blueprint.scenario.copay.as_ref().filter(|copay| self.has_card(slot, copay)) {
            let prescription = &mut self.pool[slot];
            prescription.secondary = true;
            prescription.payer = copay.processor;
            return self.submit(now, slot, calendar);
        }
        self.receive(now, slot);
        self.fill(now, slot, calendar);
    }

    fn work_reject(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        if self.blueprint.scenario.rejects[usize::from(self.pool[slot].reject)].staff.is_none() {
            return self.ask(now, slot, calendar);
        }
        self.pool[slot].stage = Stage::RejectWork;
        self.go_to_staff(now, slot, calendar);
    }

    /// Prescriber or plan are asked, where the rejection needs it.
    fn ask(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        let number = self.pool[slot].answers;
        let reject = &self.blueprint.scenario.rejects[usize::from(self.pool[slot].reject)];
        let response = reject.response.map(|law| law.sample(&mut self.draw(slot, Purpose::RejectResponse, number)));
        self.pool[slot].stage = Stage::RejectResponse;
        self.pool[slot].station = NONE;
        // Even an answer in no time comes by the calendar: a claim that is refused again and again must not wind up the stack.
        self.schedule_wake(now + response.unwrap_or(Span::ZERO), slot, calendar);
    }

    /// The rejection is resolved, and the claim submitted again; or it is not, or for the last time, and the prescription is given up.
    pub(crate) fn resolve(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        let prescription = &self.pool[slot];
        let resolved = self.blueprint.scenario.rejects[usize::from(prescription.reject)].resolved.value();
        let is_last = prescription.answers == MOST_ANSWERS;
        if !is_last && self.draw(slot, Purpose::RejectResolved, prescription.answers).chance(resolved) {
            self.submit(now, slot, calendar);
        } else {
            self.give_up(now, slot);
        }
    }

    /// 9. Staff fill and verify it.
    pub(crate) fn fill(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        let prescription = &mut self.pool[slot];
        prescription.stage = Stage::Fill;
        if self.blueprint.scenario.work.fill.is_none() && !prescription.on_trust {
            return self.ready(now, slot, calendar);
        }
        self.go_to_staff(now, slot, calendar);
    }

    /// 10. It is ready. What was filled on trust is not yet paid: its claim follows.
    fn ready(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        let fact = self.fact(now, slot);
        self.observer.ready(&fact);
        self.supply(now, slot, &fact);
        if fact.cash {
            self.receive_cash(now, slot);
        }
        // What is never picked up is put back: there is nothing to bill.
        let owed = fact.on_trust && !self.is_abandoned(slot);
        if fact.on_trust && !owed {
            self.free_credit(slot);
        }
        let site = &mut self.sites[fact.site as usize];
        self.balance.ready += 1;
        self.balance.unsettled += u64::from(owed);
        site.gone += 1;
        site.in_system -= 1;
        self.assert_conservation(fact.site);
        if !owed {
            return self.pool.give_back(slot);
        }
        let prescription = &mut self.pool[slot];
        prescription.dispensed = true;
        prescription.station = NONE;
        let price = self.price(slot);
        self.observer.unsettled(&fact, price, true);
        if self.path_is_open(slot) { self.rebill(now, slot, calendar) } else { self.hold(now, slot) }
    }

    /// Staff bill what was dispensed on trust; a bill that was blocked is only sent again.
    pub(crate) fn rebill(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        if self.pool[slot].billed {
            return self.submit(now, slot, calendar);
        }
        self.pool[slot].stage = Stage::Rebill;
        self.go_to_staff(now, slot, calendar);
    }

    /// The bill for what was dispensed on trust has been answered.
    fn settle(&mut self, now: SimTime, slot: u32) {
        let fact = self.fact(now, slot);
        self.close_credit(&fact, slot);
        self.balance.unsettled -= 1;
        self.pool.give_back(slot);
    }

    /// It will not be filled.
    pub(crate) fn give_up(&mut self, now: SimTime, slot: u32) {
        let fact = self.fact(now, slot);
        self.observer.gave_up(&fact);
        self.no_supply(slot, &fact);
        let site = &mut self.sites[fact.site as usize];
        self.balance.gave_up += 1;
        site.gone += 1;
        site.in_system -= 1;
        self.assert_conservation(fact.site);
        self.pool.give_back(slot);
    }

    /// The draw of a prescription for a purpose.
    #[inline]
    pub(crate) fn draw(&self, slot: u32, purpose: Purpose, number: u16) -> Draw {
        let prescription = &self.pool[slot];
        // The address has room for 4,096 draws of a purpose, or 1,024 submissions of four hops: beyond, they repeat.
        self.chance.draw(prescription.home, prescription.ordinal, purpose, number & 0xFFF)
    }

    /// Several draws of the prescription together; see [`Chance::draws`](crate::random::Chance::draws).
    #[inline]
    pub(crate) fn draws<const N: usize>(&self, slot: u32, what: [(Purpose, u16); N]) -> [Draw; N] {
        let prescription = &self.pool[slot];
        self.chance.draws(prescription.home, prescription.ordinal, what)
    }

    /// A claim has passed a station. Links do not count: what happens at the services behind is drawn alike, whether or not a scenario has something to say of
    /// the link to them.
    #[inline]
    pub(super) fn count_hop(&mut self, slot: u32, station: u32) {
        let is_service = self.stations[station as usize].kind != StationKind::Link;
        let prescription = &mut self.pool[slot];
        prescription.hop = prescription.hop.wrapping_add(u8::from(is_service));
    }

    /// What is drawn at services and at links alike has purposes of its own for links: the link to a service has the number of that service.
    #[inline]
    pub(crate) fn by_kind(&self, station: u32, at_service: Purpose, at_link: Purpose) -> Purpose {
        if self.stations[station as usize].kind == StationKind::Link { at_link } else { at_service }
    }

    /// The draw for something that happens at each service of each submission, or at the link to it; the `more`-th of several there.
    #[inline]
    pub(crate) fn draw_at_hop(&self, slot: u32, purpose: Purpose, more: u16) -> Draw {
        let prescription = &self.pool[slot];
        let number = prescription.submissions << 2 | u16::from(prescription.hop & 3);
        // The fifth service on a way, and a second thing at one, take later blocks of the same address: no law asks for as many as lie between. What there
        // is room for, 64 services and 8 things, a scenario has no more of.
        debug_assert!(prescription.hop < 64 && more < 8, "every draw has an address of its own");
        let block = u16::from(prescription.hop >> 2) << 8 | more << 5;
        self.draw(slot, purpose, number).from_block(block)
    }
}
