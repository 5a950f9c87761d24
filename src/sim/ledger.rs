//! What a prescription leaves behind when it ends: the patient's supply, and the store's money.

use super::event::Event;
use super::observer::{Fact, Observer, Supply};
use super::world::World;
use crate::engine::Calendar;
use crate::random::{Draw, Purpose};
use crate::scenario::{Copay, Finance};
use crate::units::{Money, SimTime, Span};

impl<'a, O: Observer> World<'a, O> {
    /// It is ready: when is it picked up, and was the patient without supply until then? Computed at once, so that days of waiting for a
    /// pick-up never stand in the calendar.
    pub(crate) fn supply(&mut self, now: SimTime, slot: u32, fact: &Fact) {
        if !self.is_followed(fact.requested) {
            return;
        }
        let abandoned = self.is_abandoned(slot);
        let what = [(Purpose::OnHand, 0), (Purpose::OnHand, 1), (Purpose::PickUp, 0), (Purpose::PickUp, 1)];
        let [much, nothing, usual, hurried] = self.draws(slot, what);
        let run_out = self.run_out_by(slot, much, nothing);
        let picked_up = if abandoned { SimTime::NEVER } else { self.pick_up_time_by(now, run_out, usual, hurried) };
        let supply = Supply { gap: self.gap(slot, run_out, picked_up), abandoned };
        self.observer.supplied(fact, supply);
    }

    /// Whether the patient's supply is of interest: only then is anything drawn for it.
    fn is_followed(&self, requested: SimTime) -> bool {
        let run = &self.blueprint.scenario.run;
        let measured = SimTime::ZERO + run.warm_up..SimTime::ZERO + (run.horizon - run.follow_up);
        self.blueprint.follows_supply && measured.contains(&requested)
    }

    /// When what is ready is picked up: after the usual lag, or sooner by a patient who runs out before.
    fn pick_up_time(&self, now: SimTime, slot: u32, run_out: SimTime) -> SimTime {
        self.pick_up_time_by(now, run_out, self.draw(slot, Purpose::PickUp, 0), self.draw(slot, Purpose::PickUp, 1))
    }

    #[inline]
    fn pick_up_time_by(&self, now: SimTime, run_out: SimTime, mut usual: Draw, mut hurried: Draw) -> SimTime {
        let Some(pick_up) = self.blueprint.scenario.pick_up else { return now };
        let usual = now + pick_up.lag.sample(&mut usual);
        let Some(law) = pick_up.lag_when_out else { return usual };
        let hurried = run_out.max(now) + law.sample(&mut hurried);
        usual.min(hurried)
    }

    /// Whether it is never picked up once it is ready.
    #[inline]
    pub(crate) fn is_abandoned(&mut self, slot: u32) -> bool {
        self.pool[slot].is_abandoned.unwrap_or_else(|| self.is_abandoned_by(slot, self.draw(slot, Purpose::Abandoned, 0)))
    }

    /// The same, and remembered: it is asked for when the store is paid and again when it is ready.
    #[inline]
    fn is_abandoned_by(&mut self, slot: u32, mut draw: Draw) -> bool {
        let share = self.blueprint.scenario.pick_up.map_or(0.0, |pick_up| pick_up.abandoned.value());
        let abandoned = share > 0.0 && draw.chance(share);
        self.pool[slot].is_abandoned = Some(abandoned);
        abandoned
    }

    /// It will not be filled, or was not by the end of the run.
    pub(crate) fn no_supply(&mut self, slot: u32, fact: &Fact) {
        if self.is_followed(fact.requested) {
            let supply = Supply { gap: self.gap(slot, self.run_out(slot), SimTime::NEVER), abandoned: false };
            self.observer.supplied(fact, supply);
        }
    }

    /// Time without supply from run-out to pick-up, as far as it lies within the follow-up from the request.
    fn gap(&self, slot: u32, run_out: SimTime, picked_up: SimTime) -> Span {
        let prescription = &self.pool[slot];
        let last = picked_up.min(prescription.requested + self.blueprint.scenario.run.follow_up);
        Span::from_seconds(f64::from(prescription.lacked)) + last.since(run_out)
    }

    /// When the patient runs out of all that he or she has been given so far.
    fn run_out(&self, slot: u32) -> SimTime {
        self.run_out_by(slot, self.draw(slot, Purpose::OnHand, 0), self.draw(slot, Purpose::OnHand, 1))
    }

    #[inline]
    fn run_out_by(&self, slot: u32, much: Draw, nothing: Draw) -> SimTime {
        let prescription = &self.pool[slot];
        let attributes = &self.blueprint.scenario.prescriptions.attributes;
        prescription.requested + attributes.on_hand_by(self.address(slot), much, nothing) + prescription.tided_over()
    }

    /// The patient is given a part. If nothing was left, it begins to last now: it makes up for no day that has passed.
    pub(crate) fn hand_out(&mut self, now: SimTime, slot: u32, supply: Span) {
        let run_out = self.run_out(slot);
        let followed = self.pool[slot].requested + self.blueprint.scenario.run.follow_up;
        let seconds = |span: Span| span.seconds().round() as u32;
        let prescription = &mut self.pool[slot];
        prescription.lacked = prescription.lacked.saturating_add(seconds(now.min(followed).since(run_out)));
        prescription.tided_over = prescription.tided_over.saturating_add(seconds(now.since(run_out) + supply));
    }

    /// At the end of the run: those still on their way have not been supplied.
    pub fn close(&mut self, now: SimTime) {
        if !self.blueprint.follows_supply {
            return;
        }
        for slot in 0..self.pool.len() {
            let prescription = &self.pool[slot];
            if prescription.is_waiting() {
                let fact = self.fact(now, slot);
                self.no_supply(slot, &fact);
            }
        }
    }

    pub(crate) fn price(&self, slot: u32) -> Money {
        self.blueprint.scenario.prescriptions.attributes.price(self.address(slot))
    }

    /// A claim was paid: the store has the money after the payer's lag. For what is never picked up it has to take the claim back.
    pub(crate) fn receive(&mut self, now: SimTime, slot: u32) {
        let site = self.pool[slot].site;
        let Some(money) = self.books_of(site) else { return };
        let what = [(Purpose::Abandoned, 0), (Purpose::PaymentLag, 0), (Purpose::Price, 0)];
        let [abandoned, mut lag, price] = self.draws(slot, what);
        if !self.is_abandoned_by(slot, abandoned) {
            let lag = money.payment_lag.sample(&mut lag);
            let price = self.blueprint.scenario.prescriptions.attributes.price_by(self.address(slot), price);
            self.observer.paid(site, now + lag, price);
        }
    }

    /// The patient pays when he or she picks it up.
    pub(crate) fn receive_cash(&mut self, now: SimTime, slot: u32) {
        if self.books_of(self.pool[slot].site).is_some() && !self.is_abandoned(slot) {
            let (site, price) = (self.pool[slot].site, self.price(slot));
            let at = self.pick_up_time(now, slot, self.run_out(slot));
            self.observer.paid(site, at, price);
        }
    }

    /// The terms of a store whose money is followed.
    pub(crate) fn books_of(&self, site: u32) -> Option<&'a Finance> {
        let group = self.sites[site as usize].group as usize;
        self.blueprint.scenario.money.as_ref().filter(|money| money.groups[group])
    }

    /// What a store may still hand out unpaid.
    pub(crate) fn credit_left(&self, site: u32) -> Money {
        let credit = self.blueprint.scenario.downtime.on_trust.as_ref().and_then(|trust| trust.credit);
        let site = &self.sites[site as usize];
        credit.map_or(Money::MAX, |credit| credit + site.advance - site.receivable)
    }

    /// It is to be filled unpaid: this much less is left for others from now on, not only when it is ready.
    pub(crate) fn promise_credit(&mut self, slot: u32) {
        let (site, price) = (self.pool[slot].site, self.price(slot));
        self.sites[site as usize].receivable += price;
    }

    /// It is unpaid no longer. What an order has guaranteed never counted.
    pub(crate) fn free_credit(&mut self, slot: u32) {
        if !self.pool[slot].guaranteed {
            let (site, price) = (self.pool[slot].site, self.price(slot));
            self.sites[site as usize].receivable -= price;
        }
    }

    /// The bill has been answered: paid, or refused for good.
    pub(crate) fn close_credit(&mut self, fact: &Fact, slot: u32) {
        let price = self.price(slot);
        let guaranteed = self.pool[slot].guaranteed;
        self.free_credit(slot);
        self.observer.unsettled(fact, price, false);
        let refused = self.blueprint.scenario.downtime.on_trust.as_ref().map_or(0.0, |trust| trust.refused.value());
        if !guaranteed && refused > 0.0 && self.draw(slot, Purpose::RebillRefused, 0).chance(refused) {
            self.observer.written_off(fact, price);
        } else {
            self.receive(fact.now, slot);
        }
    }

    /// Whether the patient has a copay card.
    pub(crate) fn has_card(&self, slot: u32, copay: &Copay) -> bool {
        self.draw(slot, Purpose::CopayCard, 0).chance(copay.share.value())
    }

    /// The copay card cannot be used: the patient pays what it would have covered, or will not, and then comes back or goes without.
    pub(crate) fn card_blocked(&mut self, now: SimTime, slot: u32, calendar: &mut Calendar<Event>) {
        let scenario = self.blueprint.scenario;
        let Some(copay) = &scenario.copay else { return };
        let automatic = scenario.downtime.decide_automatically(&self.view(now, slot));
        if automatic.is_some() {
            return self.carry_out(now, slot, automatic, calendar);
        }
        let fact = self.fact(now, slot);
        if !core::mem::replace(&mut self.pool[slot].card_blocked, true) {
            self.observer.copay_claim(&fact, false);
        }
        let out_of_pocket = || copay.out_of_pocket.sample(&mut self.draw(slot, Purpose::OutOfPocket, 0));
        let mut shock = self.draw(slot, Purpose::PriceShock, 0);
        if !shock.chance(copay.abandon.share(out_of_pocket).value()) {
            self.receive(now, slot);
            return self.fill(now, slot, calendar);
        }
        if !shock.chance(copay.wait.value()) {
            return self.give_up(now, slot);
        }
        let later = scenario.downtime.wait.as_ref().and_then(|wait| crate::response::Policy::decide(wait, &self.view(now, slot)));
        self.carry_out(now, slot, later, calendar);
    }
}
