//! Orders and playbooks: what sets them off, and what they change while they are in force.

use super::event::{Event, OrderStep, What};
use super::observer::Observer;
use super::prescription::{NONE, Stage};
use super::world::World;
use crate::engine::Calendar;
use crate::random::{Purpose, StreamPurpose};
use crate::response::Emergency;
use crate::scenario::Trigger;
use crate::units::{Money, SimTime, Span};

/// How often the trigger of an order is looked at.
const LOOK: Span = Span::HOUR;
const WEEK: Span = Span::from_micros(7 * Span::DAY.micros());
/// Looks in a day.
const LOOKS_A_DAY: usize = 24;

impl<O: Observer> World<'_, O> {
    pub(crate) fn reset_orders(&mut self) {
        let scenario = self.blueprint.scenario;
        self.orders_in_force.clear();
        self.weeks_paid.clear();
        self.weeks_paid.resize(scenario.orders.len(), 0);
        self.watched.clear();
        self.watched.resize(scenario.orders.len(), [0; LOOKS_A_DAY + 1]);
        self.priorities.clear();
        for _ in &self.blueprint.groups {
            let first = self.blueprint.first_level;
            self.priorities.extend(scenario.prescriptions.classes.iter().map(|class| first + class.priority));
        }
    }

    /// Orders are for a disruption: the twin, which has none, has no orders either.
    pub(crate) fn schedule_orders(&mut self, calendar: &mut Calendar<Event>) {
        if !self.timeline.is_run {
            return;
        }
        for (index, order) in self.blueprint.scenario.orders.iter().enumerate() {
            let number = index as u32;
            let decided = match order.trigger {
                Trigger::At(time) => Some(SimTime::ZERO + time),
                Trigger::After { spell, delay } => {
                    let onset = self.timeline.spans.get(spell).and_then(|(onset, _)| *onset);
                    let Some(onset) = onset else { continue };
                    Some(onset + delay)
                }
                Trigger::Backlog(_) | Trigger::ShareDelayed(_) => None,
            };
            let (time, step) = match decided {
                Some(time) => (time + self.lead_time(number), OrderStep::Begin),
                None => (SimTime::ZERO + LOOK, OrderStep::Watch),
            };
            self.schedule_order(time, number, step, calendar);
        }
    }

    fn schedule_order(&mut self, time: SimTime, index: u32, step: OrderStep, calendar: &mut Calendar<Event>) {
        self.by_site.will_be_disturbed(time);
        calendar.schedule(time, What::Order { index, step }.into());
    }

    fn lead_time(&self, order: u32) -> Span {
        let law = &self.blueprint.scenario.orders[order as usize].lead_time;
        law.sample(&mut self.chance.stream(StreamPurpose::OrderLeadTime, order))
    }

    /// The next step of an order.
    pub(crate) fn order_step(&mut self, now: SimTime, index: u32, step: OrderStep, calendar: &mut Calendar<Event>) {
        let order = &self.blueprint.scenario.orders[index as usize];
        match step {
            OrderStep::Watch => {
                let (time, step) = if self.is_triggered(now, index) {
                    (now + self.lead_time(index), OrderStep::Begin)
                } else {
                    (now + LOOK, OrderStep::Watch)
                };
                self.schedule_order(time, index, step, calendar);
            }
            OrderStep::Begin => {
                self.orders_in_force.push(index);
                self.observer.order_began(now, index);
                if let Some(lasts) = order.lasts {
                    self.schedule_order(now + lasts, index, OrderStep::End, calendar);
                }
                self.apply_orders(now, index, calendar);
                self.pay_in_advance(now, index, calendar);
            }
            OrderStep::Pay => self.pay_in_advance(now, index, calendar),
            OrderStep::End => {
                self.orders_in_force.retain(|&other| other != index);
                self.apply_orders(now, index, calendar);
                self.pay_back(now, index, calendar);
            }
        }
    }

    /// Whether the state is such that the order is decided on.
    fn is_triggered(&mut self, now: SimTime, index: u32) -> bool {
        let order = &self.blueprint.scenario.orders[index as usize];
        let concerns = |group: u32| order.groups[group as usize];
        match order.trigger {
            Trigger::Backlog(limit) => {
                let (mut held, mut per_day) = (0u64, 0.0);
                for site in self.sites.iter().filter(|site| concerns(site.group)) {
                    per_day += self.blueprint.groups[site.group as usize].mean_per_day(site.rate);
                }
                for prescription in self.pool.iter() {
                    let blocked = matches!(prescription.stage, Stage::Held | Stage::Pause) && !prescription.dispensed;
                    held += u64::from(blocked && concerns(self.sites[prescription.site as usize].group));
                }
                held as f64 >= limit.days() * per_day
            }
            Trigger::ShareDelayed(limit) => {
                let requested: u64 = self.sites.iter().filter(|site| concerns(site.group)).map(|site| site.requested).sum();
                let watched = &mut self.watched[index as usize];
                watched.rotate_right(1);
                watched[0] = requested;
                let in_a_day = requested - watched[LOOKS_A_DAY];
                let late = self.pool.iter().filter(|prescription| {
                    prescription.is_waiting()
                        && now.since(prescription.requested) > Span::DAY
                        && concerns(self.sites[prescription.site as usize].group)
                });
                in_a_day > 0 && late.count() as f64 >= limit.value() * in_a_day as f64
            }
            Trigger::At(_) | Trigger::After { .. } => false,
        }
    }

    /// Sets speeds and priorities at the sites of an order to what the orders in force make of them.
    fn apply_orders(&mut self, now: SimTime, index: u32, calendar: &mut Calendar<Event>) {
        let blueprint = self.blueprint;
        let orders = &blueprint.scenario.orders;
        let classes = &blueprint.scenario.prescriptions.classes;
        let mut surges = core::mem::take(&mut self.surges);
        surges.clear();
        surges.resize(blueprint.groups.len(), None);
        for (number, new_surge) in surges.iter_mut().enumerate() {
            if !orders[index as usize].groups[number] {
                continue;
            }
            let mut surge = 1.0;
            for (class, usual) in classes.iter().enumerate() {
                self.priorities[number * classes.len() + class] = blueprint.first_level + usual.priority;
            }
            for &order in &self.orders_in_force {
                let order = &orders[order as usize];
                if !order.groups[number] {
                    continue;
                }
                surge *= order.actions.staff.unwrap_or(1.0);
                for (class, first) in order.actions.prioritise.iter().flatten().enumerate() {
                    if *first {
                        self.priorities[number * classes.len() + class] = 0;
                    }
                }
            }
            let first = blueprint.places.site(blueprint.groups[number].first_site);
            let before = self.stations[first as usize].surge;
            *new_surge = (surge != before).then_some(surge);
        }
        self.set_surges(now, &surges, calendar);
        for (group, _) in blueprint.groups.iter().zip(&orders[index as usize].groups).filter(|(_, concerned)| **concerned) {
            for site in group.first_site..group.first_site + group.sites {
                self.move_up(blueprint.places.site(site));
            }
        }
        self.surges = surges;
    }

    /// Those in line whose drug class goes first by now go to the line of that class, in their order. Nobody is put back: who has been moved up
    /// keeps the place when the order ends.
    fn move_up(&mut self, station: u32) {
        let (first, levels) = (self.stations[station as usize].first_line as usize, self.stations[station as usize].levels);
        // The last line is for bills, which no order brings forward.
        for level in 1..levels - 1 {
            let mut slot = self.lines[first + usize::from(level)].head();
            while slot != NONE {
                let (next, to) = (self.pool[slot].next, self.priority(self.pool[slot].site, self.pool[slot].class));
                if to < level {
                    self.lines[first + usize::from(level)].remove(&mut self.pool, slot);
                    self.lines[first + usize::from(to)].push_back(&mut self.pool, slot);
                    self.pool[slot].level = to;
                }
                slot = next;
            }
        }
    }

    fn pay_in_advance(&mut self, now: SimTime, index: u32, calendar: &mut Calendar<Event>) {
        let order = &self.blueprint.scenario.orders[index as usize];
        let Some(amount) = order.actions.interim_payment.filter(|_| self.orders_in_force.contains(&index)) else { return };
        self.weeks_paid[index as usize] += 1;
        self.advance(now, index, amount, calendar);
        self.schedule_order(now + WEEK, index, OrderStep::Pay, calendar);
    }

    /// An order that ends takes back what it has paid in advance.
    fn pay_back(&mut self, now: SimTime, index: u32, calendar: &mut Calendar<Event>) {
        let amount = self.blueprint.scenario.orders[index as usize].actions.interim_payment.unwrap_or(Money::ZERO);
        let all = Money::from_cents(-amount.cents() * i64::from(self.weeks_paid[index as usize]));
        self.advance(now, index, all, calendar);
    }

    /// Pays an amount to each store of an order, or takes it back.
    fn advance(&mut self, now: SimTime, index: u32, amount: Money, calendar: &mut Calendar<Event>) {
        let order = &self.blueprint.scenario.orders[index as usize];
        for site in 0..self.sites.len() as u32 {
            if order.groups[self.sites[site as usize].group as usize] && amount != Money::ZERO {
                self.sites[site as usize].advance += amount;
                if self.books_of(site).is_some() {
                    self.observer.paid(site, now, amount);
                }
                if amount > Money::ZERO {
                    self.lend_again(now, site, calendar);
                }
            }
        }
    }

    /// The waiting line of a drug class at a site.
    #[inline]
    pub(crate) fn priority(&self, site: u32, class: u8) -> u8 {
        let group = self.sites[site as usize].group as usize;
        self.priorities[group * self.blueprint.scenario.prescriptions.classes.len() + usize::from(class)]
    }

    /// What an order in force has the pharmacy hand out for a prescription: the first of those in force that has something for it.
    pub(crate) fn emergency_for(&self, slot: u32) -> Option<Emergency> {
        let prescription = &self.pool[slot];
        let group = self.sites[prescription.site as usize].group;
        self.orders_for(group, prescription.payer)
            .filter_map(|index| self.blueprint.scenario.orders[index as usize].actions.emergency_supply)
            .find(|order| order.serves(self.address(slot), prescription.tide_overs))
    }

    /// Whether an order in force waives a rejection of this kind.
    pub(crate) fn is_waived(&self, slot: u32, kind: usize) -> bool {
        let prescription = &self.pool[slot];
        let group = self.sites[prescription.site as usize].group;
        self.orders_for(group, prescription.payer).any(|index| {
            let waive = &self.blueprint.scenario.orders[index as usize].actions.waive;
            waive
                .as_ref()
                .is_some_and(|(kinds, share)| kinds[kind] && self.draw(slot, Purpose::Waived, index as u16).chance(share.value()))
        })
    }

    fn orders_for(&self, group: u32, payer: u16) -> impl Iterator<Item = u32> {
        self.orders_in_force.iter().copied().filter(move |&index| {
            let order = &self.blueprint.scenario.orders[index as usize];
            order.groups[group as usize] && order.payers.as_ref().is_none_or(|payers| payers[usize::from(payer)])
        })
    }
}
