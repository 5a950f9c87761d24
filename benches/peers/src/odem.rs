//! M/M/1 in odem-rs: a server that sleeps while nobody is there, as in the library's own example.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::task::Waker;

use odem_rs::core::ops::waker;
use odem_rs::prelude::*;

use crate::queue::{Answer, Queue, Task};

#[derive(Default, Config)]
#[time(Time<f64>)]
struct MM1 {}

struct Server {
    queue: RefCell<Queue>,
    waker: Cell<Option<Waker>>,
    /// The service that an arrival has found the server free for.
    service: Cell<Option<f64>>,
}

impl Behavior<MM1> for Server {
    type Output = ();

    async fn actions(&self, sim: &Sim<MM1>) {
        loop {
            let mut next = self.service.take();
            while let Some(service) = next {
                sim.advance(second::new(service)).await;
                next = self.queue.borrow_mut().depart(clock(sim));
            }
            if self.queue.borrow().is_over() {
                return;
            }
            self.waker.set(Some(waker().await));
            sleep().await;
        }
    }
}

fn clock(sim: &Sim<MM1>) -> f64 {
    sim.now().value
}

async fn arrivals(sim: &Sim<MM1>, server: &Server) {
    let mut next = Some(server.queue.borrow_mut().gap());
    while let Some(gap) = next {
        sim.advance(second::new(gap)).await;
        let (gap, service) = server.queue.borrow_mut().arrive(clock(sim));
        next = gap;
        if let Some(service) = service {
            server.service.set(Some(service));
            if let Some(waker) = server.waker.take() {
                waker.wake();
            }
        }
    }
}

#[odem_rs::main(MM1 {})]
async fn simulate(sim: &Sim<MM1>, task: Task) -> Answer {
    let server = Server { queue: RefCell::new(Queue::new(task)), waker: Cell::new(None), service: Cell::new(None) };
    let server = pin!(Agent::new(server));
    let puck = sim.activate(server);
    let jobs = pin!(Job::new(arrivals(sim, puck.subject())));
    sim.activate(jobs).await;
    while !puck.subject().queue.borrow().is_over() {
        sim.advance(second::new(1.0)).await;
    }
    puck.subject().queue.borrow().answer()
}

pub fn run(task: Task) -> Answer {
    simulate(task)
}
