//! Which textbook queue a scenario is, if it is one, and what theory says of it exactly.

use super::outcome::TheoryRow;
use crate::network::{Demand, Hours, PharmacyGroup, Route, Service, Staffing};
use crate::random::Law;
use crate::scenario::{DrugClass, Scenario};
use crate::theory;

/// A single station of a textbook scenario.
#[derive(Clone, Copy, Debug)]
struct Queue {
    servers: u32,
    service: Law,
}

/// Exact values of the metrics that theory can tell for this scenario; empty where it is no textbook queue. Hours throughout.
#[must_use]
pub(super) fn exact(scenario: &Scenario) -> Vec<TheoryRow> {
    let [group] = &scenario.network.pharmacies[..] else { return Vec::new() };
    // What theory knows nothing of: orders change staff, lines or rejections, cards bring second claims.
    let is_plain = scenario.attacks.is_empty() && scenario.orders.is_empty() && scenario.copay.is_none();
    let Some(arrival_rate) = poisson_rate(scenario, group).filter(|_| is_plain) else { return Vec::new() };
    if !scenario.outages.is_empty() {
        return outage(scenario, group, arrival_rate).unwrap_or_default();
    }
    let stations = stations(scenario, group);
    match stations.as_deref() {
        Some([queue]) if scenario.rejects.is_empty() => single(scenario, arrival_rate, *queue).unwrap_or_default(),
        Some(queues) if !queues.is_empty() => network(scenario, arrival_rate, queues).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Requests per hour, if the scenario has one site, open at all hours, with Poisson arrivals.
fn poisson_rate(scenario: &Scenario, group: &PharmacyGroup) -> Option<f64> {
    let Demand::Renewal(law) = &group.demand else { return None };
    let simple = group.sites == 1 && scenario.run.scale == 1.0 && group.hours == Hours::Always;
    (simple && law.law().kind() == "exponential").then(|| 1.0 / law.mean().hours())
}

fn staff(group: &PharmacyGroup) -> Option<u32> {
    match group.staff {
        Staffing::Fixed(servers) => Some(servers),
        Staffing::Proportional { .. } => None,
    }
}

/// The stations that every prescription goes through, in order: counter, then services. `None` if there is more to the scenario.
fn stations(scenario: &Scenario, group: &PharmacyGroup) -> Option<Vec<Queue>> {
    let mut queues = Vec::new();
    if !group.prescribing.is_empty() {
        return None;
    }
    match (&scenario.work.entry, &scenario.work.fill) {
        (Some(law), None) | (None, Some(law)) => queues.push(Queue { servers: staff(group)?, service: *law.law() }),
        (None, None) => {}
        (Some(_), Some(_)) => return None,
    }
    if let Some(claims) = &scenario.claims {
        let ([(Route::Clearinghouse(switch), _)], [(payer, _)]) = (&group.routes[..], &group.payers[..]) else { return None };
        let direct =
            scenario.network.links.iter().any(|link| link.from == *switch && link.to == *payer && link.latency.is_none());
        if claims.timeout.is_some() || !direct || scenario.work.fill.is_some() {
            return None;
        }
        for id in [switch, payer] {
            queues.extend(service_queue(&scenario.network.services[usize::from(id.0)]).ok()?);
        }
    }
    Some(queues)
}

/// It is no plain queue: there is a latency.
struct NoQueue;

/// A service as a queue; none if claims pass it in no time.
fn service_queue(service: &Service) -> Result<Option<Queue>, NoQueue> {
    match (&service.capacity, &service.latency) {
        (_, Some(_)) => Err(NoQueue),
        (capacity, None) => Ok(capacity.scaled(1.0).map(|whole| Queue { servers: whole.servers, service: *whole.service.law() })),
    }
}

fn row(metric: &'static str, group: &str, exact: f64, model: &'static str) -> TheoryRow {
    TheoryRow { metric, group: group.to_owned(), exact, model }
}

/// One station: M/M/c, M/G/1, Erlang A, priorities, or a server with breakdowns. The laws are in seconds, the answers in hours.
fn single(scenario: &Scenario, arrival_rate: f64, queue: Queue) -> Option<Vec<TheoryRow>> {
    let mean = queue.service.mean() / 3600.0;
    let variance = queue.service.variance() / 3600.0 / 3600.0;
    let exponential = queue.service.kind() == "exponential";
    let classes = &scenario.prescriptions.classes;
    let patience = scenario.prescriptions.patience;
    let at_counter = scenario.work.entry.is_some();

    if let [failure] = &scenario.failures[..] {
        let laws = [&failure.time_to_failure, &failure.time_to_repair];
        let markov =
            exponential && queue.servers == 1 && patience.is_none() && laws.iter().all(|law| law.law().kind() == "exponential");
        let one = failure.target.pharmacies.len() == 1 && failure.in_flight == crate::disruption::InFlight::Frozen;
        if !at_counter || !markov || !one || !same_priority(classes) {
            return None;
        }
        let [fails, repairs] = laws.map(|law| 1.0 / law.mean().hours());
        let answer = theory::mm1_breakdowns(arrival_rate, 1.0 / mean, fails, repairs)?;
        let model = "M/M/1 with breakdowns (White & Christie 1958)";
        return Some(vec![
            row("number_in_system", "all", answer.mean_in_system, model),
            row("delay_mean_hours", "all", answer.mean_sojourn, model),
        ]);
    }
    if !scenario.failures.is_empty() {
        return None;
    }
    if let Some(patience) = patience {
        if !at_counter || !exponential || patience.law().kind() != "exponential" || !same_priority(classes) {
            return None;
        }
        let answer = theory::erlang_a(arrival_rate, 1.0 / mean, queue.servers, 1.0 / patience.mean().hours())?;
        let model = "M/M/c+M (Erlang A)";
        return Some(vec![
            row("share_gave_up", "all", answer.abandonment_probability, model),
            row("number_in_system", "all", answer.mean_in_system, model),
        ]);
    }
    if !same_priority(classes) {
        if !at_counter {
            return None;
        }
        return priorities(classes, arrival_rate, queue, mean, variance);
    }
    let (answer, model) = match (exponential, queue.servers) {
        (true, 1) => (theory::mm1(arrival_rate, 1.0 / mean)?, "M/M/1"),
        (true, servers) => (theory::mmc(arrival_rate, 1.0 / mean, servers)?, "M/M/c (Erlang C)"),
        (false, 1) => (theory::mg1(arrival_rate, mean, variance)?, "M/G/1 (Pollaczek-Khinchine)"),
        (false, _) => return None,
    };
    Some(vec![
        row("delay_mean_hours", "all", answer.mean_sojourn, model),
        row("number_in_system", "all", answer.mean_in_system, model),
    ])
}

fn same_priority(classes: &[DrugClass]) -> bool {
    classes.windows(2).all(|pair| pair[0].priority == pair[1].priority)
}

/// Classes with different priorities and the same law of service, none interrupting another.
fn priorities(classes: &[DrugClass], arrival_rate: f64, queue: Queue, mean: f64, variance: f64) -> Option<Vec<TheoryRow>> {
    let distinct = classes.iter().enumerate().all(|(i, class)| classes[..i].iter().all(|other| other.priority != class.priority));
    if !distinct {
        return None;
    }
    let mut order: Vec<&DrugClass> = classes.iter().collect();
    order.sort_by_key(|class| class.priority);
    let rates: Vec<f64> = order.iter().map(|class| arrival_rate * class.share.value()).collect();
    let (waits, model) = if queue.service.kind() == "exponential" && queue.servers > 1 {
        (theory::priority_mmc(&rates, 1.0 / mean, queue.servers)?, "M/M/c with priorities (Kella & Yechiali 1985)")
    } else if queue.servers == 1 {
        let second_moment = variance + mean * mean;
        let class = |&arrival_rate: &f64| theory::PriorityClass {
            arrival_rate,
            service_mean: mean,
            service_second_moment: second_moment,
        };
        (theory::priority_mg1(&rates.iter().map(class).collect::<Vec<_>>())?, "M/G/1 with priorities (Cobham 1954)")
    } else {
        return None;
    };
    let rows = order.iter().zip(waits);
    Some(rows.map(|(class, wait)| row("delay_mean_hours", &format!("drug_class={}", class.id), wait + mean, model)).collect())
}

/// Stations one after the other, with a share that comes back: a Jackson network.
fn network(scenario: &Scenario, arrival_rate: f64, queues: &[Queue]) -> Option<Vec<TheoryRow>> {
    let exponential = queues.iter().all(|queue| queue.service.kind() == "exponential");
    let plain = scenario.failures.is_empty() && scenario.prescriptions.patience.is_none();
    if !exponential || !plain || !same_priority(&scenario.prescriptions.classes) {
        return None;
    }
    let n = queues.len();
    let mut routing = vec![vec![0.0; n]; n];
    for (i, row) in routing.iter_mut().enumerate().take(n - 1) {
        row[i + 1] = 1.0;
    }
    if let [reject] = &scenario.rejects[..] {
        let counter = scenario.work.entry.as_ref()?;
        // Who comes back must be served at the counter by the same law, or the product form does not hold.
        if reject.staff.as_ref()?.law() != counter.law() || reject.response.is_some() || reject.resolved.value() < 1.0 {
            return None;
        }
        routing[n - 1][0] = reject.share.value();
    } else if !scenario.rejects.is_empty() {
        return None;
    }
    let mut external = vec![0.0; n];
    external[0] = arrival_rate;
    let rates: Vec<f64> = queues.iter().map(|queue| 3600.0 / queue.service.mean()).collect();
    let servers: Vec<u32> = queues.iter().map(|queue| queue.servers).collect();
    let answer = theory::jackson(&external, &rates, &servers, &routing)?;
    let model = if scenario.rejects.is_empty() { "tandem (Burke 1956)" } else { "open network (Jackson 1957)" };
    let in_system = answer.nodes.iter().map(|node| node.state.mean_in_system).sum();
    Some(vec![row("delay_mean_hours", "all", answer.mean_sojourn, model), row("number_in_system", "all", in_system, model)])
}

/// A full stop of fixed length of the only station, while work queues: the fluid limit.
fn outage(scenario: &Scenario, group: &PharmacyGroup, arrival_rate: f64) -> Option<Vec<TheoryRow>> {
    use crate::disruption::{InFlight, Mode, Recovery};
    let ([outage], true, None) = (&scenario.outages[..], scenario.failures.is_empty(), &scenario.claims) else { return None };
    let queues = stations(scenario, group)?;
    let [queue] = queues[..] else { return None };
    let stops = matches!((&outage.mode, &outage.recovery), (Mode::HardStop, Recovery::AtOnce));
    let fixed = outage.recovery_delay.law().kind() == "constant" && outage.probability.value() == 1.0;
    let hit = outage.target.pharmacies.len() == 1 && outage.in_flight == InFlight::Frozen;
    if !stops || !fixed || !hit || scenario.prescriptions.patience.is_some() {
        return None;
    }
    let service_rate = f64::from(queue.servers) * 3600.0 / queue.service.mean();
    let answer = theory::fluid_outage(arrival_rate, service_rate, outage.recovery_delay.mean().hours())?;
    let model = "fluid limit of an outage";
    Some(vec![
        row("backlog_peak", "all", answer.peak_backlog, model),
        row("backlog_clear_days", "all", answer.clear_time / 24.0, model),
    ])
}
