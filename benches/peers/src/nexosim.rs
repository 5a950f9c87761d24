//! M/M/1 in nexosim, on one thread.

use std::time::Duration;

use nexosim::model::{Context, Model, schedulable};
use nexosim::ports::{EventSinkReader, EventSource, Output, SinkState, event_slot};
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};

use crate::queue::{Answer, Queue, Task};

#[derive(Default, Serialize, Deserialize)]
struct Server {
    done: Output<(u64, f64, f64)>,
    #[serde(skip)]
    queue: Option<Queue>,
}

#[Model]
impl Server {
    pub async fn open(&mut self, first: f64, context: &Context<Self>) {
        Self::schedule_arrival(first, context);
    }

    #[nexosim(schedulable)]
    async fn arrive(&mut self, _: (), context: &Context<Self>) {
        let now = seconds(context.time());
        let Some(queue) = &mut self.queue else { return };
        let (next, service) = queue.arrive(now);
        if let Some(gap) = next {
            Self::schedule_arrival(gap, context);
        }
        if let Some(service) = service {
            Self::schedule_departure(service, context);
        }
    }

    #[nexosim(schedulable)]
    async fn depart(&mut self, _: (), context: &Context<Self>) {
        let now = seconds(context.time());
        let Some(queue) = &mut self.queue else { return };
        if let Some(service) = queue.depart(now) {
            Self::schedule_departure(service, context);
        } else if queue.is_over() {
            let Answer { customers, sojourn, number } = queue.answer();
            self.done.send((customers, sojourn, number)).await;
        }
    }

    fn schedule_arrival(after: f64, context: &Context<Self>) {
        context.schedule_event(span(after), schedulable!(Self::arrive), ()).expect("in the future");
    }

    fn schedule_departure(after: f64, context: &Context<Self>) {
        context.schedule_event(span(after), schedulable!(Self::depart), ()).expect("in the future");
    }
}

/// Its times are nanoseconds, and nothing may be scheduled for now.
fn span(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds).max(Duration::from_nanos(1))
}

fn seconds(time: MonotonicTime) -> f64 {
    time.duration_since(MonotonicTime::EPOCH).as_secs_f64()
}

pub fn run(task: Task) -> Answer {
    let mut queue = Queue::new(task);
    let first = queue.gap();
    let mut server = Server { done: Output::default(), queue: Some(queue) };
    let mailbox = Mailbox::new();
    let mut bench = SimInit::with_num_threads(1);
    let open = EventSource::new().connect(Server::open, &mailbox).register(&mut bench);
    let (sink, mut done) = event_slot(SinkState::Enabled);
    server.done.connect_sink(sink);
    let mut simulation = bench.add_model(server, mailbox, "server").init(MonotonicTime::EPOCH).expect("a bench");
    simulation.process_event(&open, first).expect("an input");
    simulation.run().expect("a run");
    let (customers, sojourn, number) = done.try_read().expect("everybody was served");
    Answer { customers, sojourn, number }
}
