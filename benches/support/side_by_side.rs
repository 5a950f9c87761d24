//! Programs timed side by side: in turn, many times, so that what disturbs one disturbs the others, and medians.

use std::hint::black_box;
use std::time::Instant;
use std::{env, fs, process};

/// A program to be timed: what it is called, and one replication of it, which gives how many customers it has served.
pub struct Program<'p> {
    pub name: &'static str,
    pub run: &'p mut dyn FnMut(u32) -> u64,
}

/// Times the programs and prints, for each, customers per second (median), its speed against that of the first (median over the rounds)
/// and, where valgrind is installed, instructions per customer. Nothing is timed before `gate` has let it pass: it panics if an answer is wrong.
///
/// Under `cargo test`, which does not ask for a measurement, the gate is all that runs.
pub fn measure(title: &str, rounds: u32, gate: impl FnOnce(), programs: &mut [Program]) {
    let arguments = arguments();
    if let [count, name, replications] = arguments.as_slice()
        && count == COUNT
    {
        return run_counted(name, replications, programs);
    }
    gate();
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    println!("{title}: all answers agree; {rounds} rounds, medians");
    println!("{:<44} {:>14} {:>8} {:>22}", "program", "customers/s", "speed", "instructions/customer");
    let mut times = vec![Vec::new(); programs.len()];
    for round in 0..rounds {
        for (program, times) in programs.iter_mut().zip(&mut times) {
            let (start, mut customers, mut seconds) = (Moment::now(), 0, 0.0);
            while seconds < AT_LEAST {
                customers += black_box((program.run)(round));
                seconds = start.seconds();
            }
            times.push(seconds / customers as f64);
        }
    }
    for (program, own) in programs.iter().zip(&times) {
        let speeds = times[0].iter().zip(own).map(|(first, own)| first / own).collect();
        let count = instructions_per_customer(program.name).map_or_else(|| "-".to_owned(), |count| format!("{count:.1}"));
        println!("{:<44} {:>14.0} {:>8.2} {count:>22}", program.name, 1.0 / median(own.clone()), median(speeds));
    }
}

/// Each program runs for at least so long in each round \[s\]: processor time comes in steps of a few milliseconds.
const AT_LEAST: f64 = 0.1;

/// First argument of a run of this bench by itself, under valgrind: one program, so many replications.
const COUNT: &str = "--count";

#[expect(clippy::disallowed_methods, reason = "a bench is a program of its own")]
fn arguments() -> Vec<String> {
    env::args().skip(1).collect()
}

fn run_counted(name: &str, replications: &str, programs: &mut [Program]) {
    let customers = programs
        .iter_mut()
        .filter(|program| program.name == name)
        .map(|program| (0..replications.parse().unwrap_or(0)).map(|replication| (program.run)(replication)).sum::<u64>())
        .sum::<u64>();
    println!("customers {customers}");
}

/// What two replications cost beyond one: the start and the end of the process cancel out. `None` without valgrind.
fn instructions_per_customer(name: &str) -> Option<f64> {
    let count = |replications: &str| {
        let run = process::Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(env::current_exe().ok()?)
            .args([COUNT, name, replications])
            .output()
            .ok()?;
        let number_after = |text: &[u8], word: &str| -> Option<f64> {
            let text = String::from_utf8_lossy(text);
            let after = text.split_once(word)?.1;
            after.trim_start_matches([' ', ':']).split_whitespace().next()?.parse().ok()
        };
        Some((number_after(&run.stderr, "Collected")?, number_after(&run.stdout, "customers")?))
    };
    let (one, three) = (count("1")?, count("3")?);
    Some((three.0 - one.0) / (three.1 - one.1))
}

/// A moment to measure from: processor time of this thread where the system tells it (Linux), for other programs may hold the processor
/// meanwhile; the clock elsewhere.
#[derive(Clone, Copy, Debug)]
struct Moment {
    processor: Option<u64>,
    clock: Instant,
}

fn processor_nanoseconds() -> Option<u64> {
    fs::read_to_string("/proc/thread-self/schedstat").ok()?.split_whitespace().next()?.parse().ok()
}

impl Moment {
    #[expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
    fn now() -> Self {
        Self { clock: Instant::now(), processor: processor_nanoseconds() }
    }

    /// Seconds from then until now.
    fn seconds(self) -> f64 {
        match (self.processor, processor_nanoseconds()) {
            (Some(then), Some(now)) => (now - then) as f64 * 1e-9,
            _ => self.clock.elapsed().as_secs_f64(),
        }
    }
}

/// The middle one; of an even number the lower of the two in the middle.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    numbers[(numbers.len() - 1) / 2]
}
