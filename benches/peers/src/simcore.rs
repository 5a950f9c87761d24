//! M/M/1 in simcore.

use std::cell::RefCell;
use std::rc::Rc;

use serde::Serialize;
use simcore::{Event, EventHandler, Simulation, SimulationContext, cast};

use crate::queue::{Answer, Queue, Task};

#[derive(Clone, Serialize)]
struct Arrival {}

#[derive(Clone, Serialize)]
struct Departure {}

struct Server {
    queue: Queue,
    context: SimulationContext,
}

impl Server {
    fn arrive(&mut self) {
        let (next, service) = self.queue.arrive(self.context.time());
        if let Some(gap) = next {
            self.context.emit_self(Arrival {}, gap);
        }
        if let Some(service) = service {
            self.context.emit_self(Departure {}, service);
        }
    }

    fn depart(&mut self) {
        if let Some(service) = self.queue.depart(self.context.time()) {
            self.context.emit_self(Departure {}, service);
        }
    }
}

impl EventHandler for Server {
    fn on(&mut self, event: Event) {
        cast!(match event.data {
            Arrival {} => {
                self.arrive();
            }
            Departure {} => {
                self.depart();
            }
        })
    }
}

pub fn run(task: Task) -> Answer {
    let mut simulation = Simulation::new(task.seed);
    let mut queue = Queue::new(task);
    let first = queue.gap();
    let context = simulation.create_context("server");
    let server = Rc::new(RefCell::new(Server { queue, context }));
    simulation.add_handler("server", server.clone());
    server.borrow().context.emit_self(Arrival {}, first);
    simulation.step_until_no_events();
    let answer = server.borrow().queue.answer();
    answer
}
