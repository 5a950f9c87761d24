//! M/M/1 in desque.

use std::cmp::Ordering;

use desque::serial::{Event, Simulation};
use desque::{Result, SimState, SimTime};

use crate::queue::{Answer, Queue, Task};

#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Time(f64);

impl Eq for Time {}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl SimTime for Time {}

struct State(Queue);

impl SimState<Time> for State {}

#[derive(Debug)]
struct Arrival;

#[derive(Debug)]
struct Departure;

impl Event<State, Time> for Arrival {
    fn execute(&mut self, simulation: &mut Simulation<State, Time>) -> Result {
        let now = simulation.current_time().0;
        let (next, service) = simulation.state_mut().0.arrive(now);
        if let Some(gap) = next {
            simulation.schedule(Arrival, Time(now + gap))?;
        }
        if let Some(service) = service {
            simulation.schedule(Departure, Time(now + service))?;
        }
        Ok(())
    }
}

impl Event<State, Time> for Departure {
    fn execute(&mut self, simulation: &mut Simulation<State, Time>) -> Result {
        let now = simulation.current_time().0;
        if let Some(service) = simulation.state_mut().0.depart(now) {
            simulation.schedule(Departure, Time(now + service))?;
        }
        Ok(())
    }
}

pub fn run(task: Task) -> Answer {
    let mut queue = Queue::new(task);
    let first = queue.gap();
    let mut simulation = Simulation::new(State(queue), Time(0.0));
    simulation.schedule(Arrival, Time(first)).expect("not in the past");
    simulation.run().expect("no event fails");
    simulation.state().0.answer()
}
