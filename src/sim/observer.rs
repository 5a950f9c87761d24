//! Facts that the simulation tells to whoever listens.

use crate::units::SimTime;

/// What is told about a prescription.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    /// When it happened.
    pub now: SimTime,
    /// Report cell of the prescription.
    pub cell: u32,
    /// Site of the prescription.
    pub site: u32,
    /// Number of the prescription at its site.
    pub ordinal: u32,
    /// When it was requested.
    pub requested: SimTime,
    /// Whether it was filled on trust.
    pub on_trust: bool,
    /// Whether its last submission went over the standby route.
    pub standby: bool,
}

/// Listens to facts; every method does nothing unless overridden, and an observer that overrides none costs nothing.
pub trait Observer {
    /// A prescription was requested.
    fn requested(&mut self, _fact: &Fact) {}
    /// It is ready.
    fn ready(&mut self, _fact: &Fact) {}
    /// It will not be filled.
    fn gave_up(&mut self, _fact: &Fact) {}
    /// Its claim was submitted; `first` unless it was submitted before.
    fn claim_submitted(&mut self, _fact: &Fact, _first: bool) {}
    /// Its claim was adjudicated, paid or not.
    fn claim_adjudicated(&mut self, _fact: &Fact) {}
    /// A prescription dispensed on trust waits for its claim to be paid (`true`), or waits no longer.
    fn unsettled(&mut self, _fact: &Fact, _begins: bool) {}
    /// A station's number in service has changed by +1 or -1.
    fn busy_changed(&mut self, _now: SimTime, _station: u32, _change: i32) {}
    /// A station's number in line has changed by +1 or -1.
    fn line_changed(&mut self, _now: SimTime, _station: u32, _change: i32) {}
    /// Work has passed through a station.
    fn served(&mut self, _now: SimTime, _station: u32) {}
    /// A station has begun (`true`) or ceased to work and to take work from everybody.
    fn availability_changed(&mut self, _now: SimTime, _station: u32, _available: bool) {}
}

/// Hears nothing.
#[derive(Clone, Copy, Default, Debug)]
pub struct Deaf;

impl Observer for Deaf {}
