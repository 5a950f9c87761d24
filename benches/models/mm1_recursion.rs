//! M/M/1 without events, as a user of the library writes it: Lindley's recursion, arrivals and services drawn some at a time.

use rxoutage::engine::Lindley;
use rxoutage::random::{Chance, Law, LawError, SpanLaw, Stream, StreamPurpose};
use rxoutage::stats::QuantileSketch;
use rxoutage::units::{SimTime, Span};

/// Customers drawn at a time.
const BLOCK: usize = 256;

/// Serves so many customers; gives their sojourns and the time of the last departure. The mean number in the system is the sum of the sojourns
/// over that time. The streams are those of the model on events.
///
/// # Errors
/// If the rate is not finite and greater than 0.
pub fn run(rate: f64, customers: u32, replication: u32) -> Result<(QuantileSketch, SimTime), LawError> {
    let chance = Chance::new(1, replication);
    let source = |mean: f64, node| -> Result<(SpanLaw, Stream), LawError> {
        Ok((Law::exponential(mean)?.into(), chance.stream(StreamPurpose::Model, node)))
    };
    let (interarrival, mut arriving) = source(1.0 / rate, 0)?;
    let (service, mut serving) = source(1.0, 1)?;
    let (mut gaps, mut services) = ([Span::ZERO; BLOCK], [Span::ZERO; BLOCK]);
    let (mut now, mut server, mut sojourn) = (SimTime::ZERO, Lindley::default(), QuantileSketch::default());
    let mut to_come = customers as usize;
    while to_come > 0 {
        let block = to_come.min(BLOCK);
        interarrival.fill(&mut arriving, &mut gaps[..block]);
        service.fill(&mut serving, &mut services[..block]);
        for (&gap, &service) in gaps[..block].iter().zip(&services) {
            now += gap;
            server.start(now, service);
            sojourn.push(server.free().since(now).micros());
        }
        to_come -= block;
    }
    Ok((sojourn, server.free()))
}
