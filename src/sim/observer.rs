//! Facts that the simulation tells to whoever listens.

use crate::units::{Money, SimTime, Span};

/// What is told about a prescription.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    /// When it happened.
    pub now: SimTime,
    /// Report cell of the prescription.
    pub cell: u32,
    /// Site where the prescription was requested.
    pub home: u32,
    /// Site where it is now.
    pub site: u32,
    /// Number of the prescription at its home.
    pub ordinal: u32,
    /// When it was requested.
    pub requested: SimTime,
    /// Whether it was filled on trust.
    pub on_trust: bool,
    /// Whether its last submission went over the standby route.
    pub standby: bool,
    /// Whether the patient paid the price.
    pub cash: bool,
}

/// How the patient fared with a prescription, within the follow-up from its request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Supply {
    /// Time without any supply: from run-out to pick-up, or to the end of the follow-up.
    pub gap: Span,
    /// It was ready, but never picked up.
    pub abandoned: bool,
}

/// Listens to facts; every method does nothing unless overridden, and an observer that overrides none costs nothing.
pub trait Observer {
    /// What follows, from `now` until [`end_stretch`](Self::end_stretch), is told as it is without stretches: in order of time, but for what is taken ahead
    /// ([`served`](Self::served), [`busy_changed`](Self::busy_changed)). With `in_order` false only what happens at one site is in order.
    fn begin_stretch(&mut self, _now: SimTime, _in_order: bool) {}
    /// Something will soon be told of a station: a chance to ask for the memory of it.
    #[inline]
    fn fetch(&self, _station: u32) {}
    /// Everything before `now` has been told.
    fn end_stretch(&mut self, _now: SimTime) {}
    /// A prescription was requested.
    fn requested(&mut self, _fact: &Fact) {}
    /// A prescription just requested is a refill.
    fn refill(&mut self, _fact: &Fact) {}
    /// It is ready.
    fn ready(&mut self, _fact: &Fact) {}
    /// It will not be filled.
    fn gave_up(&mut self, _fact: &Fact) {}
    /// Its claim was submitted; `first` unless it was submitted before.
    fn claim_submitted(&mut self, _fact: &Fact, _first: bool) {}
    /// Its claim was adjudicated, paid or not.
    fn claim_adjudicated(&mut self, _fact: &Fact) {}
    /// A prescription dispensed on trust, of this price, waits for its claim to be paid (`true`), or waits no longer.
    fn unsettled(&mut self, _fact: &Fact, _price: Money, _begins: bool) {}
    /// The patient's supply is settled: picked up, abandoned, given up, or not filled by the end.
    fn supplied(&mut self, _fact: &Fact, _supply: Supply) {}
    /// A store is paid an amount at a time, which may lie ahead.
    fn paid(&mut self, _site: u32, _at: SimTime, _amount: Money) {}
    /// A store has lost the price of what it dispensed: the payer refused the bill for good.
    fn written_off(&mut self, _fact: &Fact, _price: Money) {}
    /// A claim for a copay card was answered (`true`) or could not get through.
    fn copay_claim(&mut self, _fact: &Fact, _through: bool) {}
    /// The patient has been given a part, for the first time with it.
    fn tided_over(&mut self, _fact: &Fact) {}
    /// The patient has gone to another pharmacy for the first time with it.
    fn moved(&mut self, _fact: &Fact) {}
    /// An order has come into force.
    fn order_began(&mut self, _now: SimTime, _order: u32) {}
    /// A station's number in service has changed by +1 or -1. In order of time at each station; where claims are taken ahead, the end of a service is
    /// told when the next claim comes.
    fn busy_changed(&mut self, _now: SimTime, _station: u32, _change: i32) {}
    /// A station's number in line has changed by +1 or -1.
    fn line_changed(&mut self, _now: SimTime, _station: u32, _change: i32) {}
    /// Work has passed through a station, at a time that may lie ahead where claims are taken ahead.
    fn served(&mut self, _now: SimTime, _station: u32) {}
    /// A station has begun (`true`) or ceased to work and to take work from everybody.
    fn availability_changed(&mut self, _now: SimTime, _station: u32, _available: bool) {}
}

/// Hears nothing.
#[derive(Clone, Copy, Default, Debug)]
pub struct Deaf;

impl Observer for Deaf {}
