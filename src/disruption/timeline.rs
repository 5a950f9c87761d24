//! The timeline: what a scenario's disruptions do in one replication, as primitive effects in order of time.

use super::{ArrivalRule, Attack, Failure, InFlight, Mode, Onset, Outage, Recovery, Target};
use crate::network::{GroupId, Network, PlatformId};
use crate::random::{Chance, SpanLaw, Stream, StreamPurpose};
use crate::units::{SimTime, Span};

/// Number of steps in which a ramp climbs.
const RAMP_STEPS: u32 = 100;

/// Where the addresses of the chance of platforms begin: beyond those of stations, of which there are fewer than four million.
const FIRST_PLATFORM: u32 = 1 << 23;

/// What a disruption hits in a run: every simulated station has a number.
#[derive(Clone, Debug)]
pub struct Places {
    /// Number of services: stations `0..services`.
    pub services: u32,
    /// Number of links: stations `services..services + links`.
    pub links: u32,
    /// First site of each pharmacy group, and one more for the end; site `i` is station `services + links + i`.
    pub first_site: Vec<u32>,
}

impl Places {
    /// The station of a site.
    #[must_use]
    pub fn site(&self, site: u32) -> u32 {
        self.services + self.links + site
    }

    /// Every station that a target hits, in ascending order, each once.
    #[must_use]
    pub fn hit_by(&self, target: &Target, network: &Network) -> Vec<u32> {
        let (services, groups) = network.dependants(&target.platforms);
        let mut stations: Vec<u32> = target.services.iter().chain(&services).map(|service| u32::from(service.0)).collect();
        stations.extend(target.links.iter().map(|link| self.services + u32::from(link.0)));
        for GroupId(group) in target.pharmacies.iter().chain(&groups) {
            let group = *group as usize;
            stations.extend((self.first_site[group]..self.first_site[group + 1]).map(|site| self.site(site)));
        }
        stations.sort_unstable();
        stations.dedup();
        stations
    }
}

/// What a cause does to a station from now on; it replaces what the same cause did before.
#[derive(Clone, PartialEq, Debug)]
pub struct Condition {
    /// Share of the normal speed of service.
    pub speed: f64,
    /// Whom the station serves.
    pub open: Openness,
    /// Share of the normal speed at a site or prescribing network that is not served: what is inside goes on when it drains, and rests when it
    /// was stopped.
    pub speed_while_shut: f64,
    /// Extra time in passage.
    pub latency: Option<SpanLaw>,
    /// Probability that a claim is turned away.
    pub reject: f64,
    /// What becomes of the work inside at this instant, where service stops.
    pub in_flight: Option<InFlight>,
}

/// Whom a station takes work from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Openness {
    /// Everybody.
    All,
    /// Nobody.
    Nobody,
    /// The pharmacy groups marked `true`.
    Only(Vec<bool>),
}

impl Condition {
    /// As if nothing had happened.
    #[must_use]
    pub fn normal() -> Self {
        Self { speed: 1.0, open: Openness::All, speed_while_shut: 1.0, latency: None, reject: 0.0, in_flight: None }
    }

    /// What a mode does; the rules are for a hard stop.
    pub(super) fn broken(mode: &Mode, in_flight: InFlight, arrivals: ArrivalRule) -> Self {
        match mode {
            Mode::HardStop => Self::stopped(in_flight, arrivals),
            Mode::Drain => Self { open: Openness::Nobody, ..Self::normal() },
            Mode::Degrade(capacity) => Self { speed: capacity.value(), ..Self::normal() },
            Mode::Latency(law) => Self { latency: Some(*law), ..Self::normal() },
            Mode::Reject(probability) => Self { reject: probability.value(), ..Self::normal() },
        }
    }

    fn stopped(in_flight: InFlight, arrivals: ArrivalRule) -> Self {
        let open = match arrivals {
            ArrivalRule::Refuse => Openness::Nobody,
            ArrivalRule::Queue => Openness::All,
        };
        Self { speed: 0.0, speed_while_shut: 0.0, open, in_flight: Some(in_flight), ..Self::normal() }
    }
}

/// One primitive effect: from `time` on, `cause` holds `station` in `condition`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effect {
    /// When.
    pub time: SimTime,
    /// Which cause; a station's state is the product of all causes that act on it.
    pub cause: u32,
    /// Where.
    pub station: u32,
    /// Index in [`Timeline::conditions`].
    pub condition: u32,
}

/// The end of what an outage, or an attack on one platform, does.
#[derive(Clone, Debug)]
pub struct Restoration {
    /// What it hit.
    pub stations: Vec<u32>,
    /// When it is over for all; `None`: never.
    pub over: Option<SimTime>,
    /// When it is over for pharmacy groups that are let back in at a stage of their own.
    pub served: Vec<(GroupId, SimTime)>,
}

impl Restoration {
    /// When it is over for a pharmacy group; never, possibly.
    #[must_use]
    pub fn over_for(&self, group: GroupId) -> SimTime {
        let stage = self.served.iter().find(|(served, _)| *served == group).map(|(_, time)| *time);
        stage.or(self.over).unwrap_or(SimTime::NEVER)
    }
}

/// All effects of one replication.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// In order of time, then of declaration.
    pub effects: Vec<Effect>,
    /// What effects point at.
    pub conditions: Vec<Condition>,
    /// For each outage, then each attack, then each failure: onset and end (of an attack the disconnection and the last platform's return, of a
    /// failure the first failure and the last repair), `None` if not within the run.
    pub spans: Vec<(Option<SimTime>, Option<SimTime>)>,
    /// How what outages and attacks do comes to an end, in the order of their causes.
    pub restorations: Vec<Restoration>,
    /// Whether this is the run, and not the twin, in which nothing is disrupted and nothing ordered.
    pub is_run: bool,
}

impl Timeline {
    /// Draws what happens in one replication. Each outage, attack and failure has streams of its own, so that changing one leaves the
    /// others as they were.
    #[must_use]
    pub fn draw(
        outages: &[Outage],
        attacks: &[Attack],
        failures: &[Failure],
        network: &Network,
        places: &Places,
        chance: Chance,
        end: SimTime,
    ) -> Self {
        let mut timeline = Self { is_run: true, ..Self::default() };
        // Drawn first, as outages may follow them; their effects come after those of the outages.
        let courses = attacks.iter().enumerate().map(|(index, attack)| attack.draw(index, chance));
        let courses: Vec<_> = courses.map(|course| course.filter(|course| course.onset < end)).collect();
        let mut onsets: Vec<Option<SimTime>> = Vec::with_capacity(outages.len());
        for (index, outage) in outages.iter().enumerate() {
            let node = index as u32;
            let mut happens = chance.stream(StreamPurpose::Happens, node);
            let mut onset_stream = chance.stream(StreamPurpose::Onset, node);
            let onset = match &outage.onset {
                Onset::At(span) => Some(SimTime::ZERO + *span),
                Onset::Random(law) => Some(SimTime::ZERO + law.sample(&mut onset_stream)),
                // The scenario lists an outage after the one that it follows.
                Onset::After { outage, delay } => onsets[*outage].map(|first| first + delay.sample(&mut onset_stream)),
                Onset::AfterAttack { attack, delay } => {
                    courses[*attack].as_ref().map(|course| course.onset + delay.sample(&mut onset_stream))
                }
            };
            let onset = onset.filter(|_| happens.chance(outage.probability.value())).filter(|&onset| onset < end);
            onsets.push(onset);
            let Some(onset) = onset else {
                timeline.spans.push((None, None));
                continue;
            };
            let stations = places.hit_by(&outage.target, network);
            let restored = timeline.add_outage(node, outage, &stations, onset, chance);
            timeline.spans.push((Some(onset), restored.filter(|&restored| restored < end)));
        }
        let mut cause = outages.len() as u32;
        for ((index, attack), course) in attacks.iter().enumerate().zip(&courses) {
            let span = course.as_ref().map_or((None, None), |course| {
                let restored = timeline.add_attack(cause, (index, attack), course, network, places, chance);
                (Some(course.onset), restored.filter(|&restored| restored < end))
            });
            timeline.spans.push(span);
            cause += attack.platforms.len() as u32;
        }
        for (index, failure) in failures.iter().enumerate() {
            let span = timeline.add_failure(index as u32, failure, network, places, &mut cause, chance, end);
            timeline.spans.push(span);
        }
        // A stable sort keeps the order of declaration at equal times.
        timeline.effects.sort_by_key(|effect| effect.time);
        timeline.effects.retain(|effect| effect.time < end);
        timeline
    }

    /// From `time` on `cause` holds these stations in a condition.
    pub(super) fn set(&mut self, time: SimTime, cause: u32, stations: &[u32], condition: Condition) {
        let condition = self.describe(condition);
        self.hold(time, cause, stations, condition);
    }

    /// Notes a condition; gives its number.
    fn describe(&mut self, condition: Condition) -> u32 {
        self.conditions.push(condition);
        (self.conditions.len() - 1) as u32
    }

    fn hold(&mut self, time: SimTime, cause: u32, stations: &[u32], condition: u32) {
        self.effects.extend(stations.iter().map(|&station| Effect { time, cause, station, condition }));
    }

    /// Adds the effects of an outage that happens; returns when the last stage of its recovery is reached.
    fn add_outage(&mut self, cause: u32, outage: &Outage, stations: &[u32], onset: SimTime, chance: Chance) -> Option<SimTime> {
        let broken = Condition::broken(&outage.mode, outage.in_flight, outage.arrivals);
        self.set(onset, cause, stations, broken.clone());
        let recovery = onset + outage.recovery_delay.sample(&mut chance.stream(StreamPurpose::RecoveryDelay, cause));
        let stages = chance.stream(StreamPurpose::Stage, cause);
        self.restore(cause, stations, (&outage.mode, &broken), recovery, &outage.recovery, stages)
    }

    /// Adds the way back from a condition that a mode has brought about, from the instant `recovery` on; `stages` is the chance of
    /// the stages. Returns when the last of it is reached; `None` if it never is.
    pub(super) fn restore(
        &mut self,
        cause: u32,
        stations: &[u32],
        (mode, broken): (&Mode, &Condition),
        recovery: SimTime,
        how: &Recovery,
        mut stages_chance: Stream,
    ) -> Option<SimTime> {
        let mut served_from = Vec::new();
        let over = match how {
            Recovery::AtOnce => {
                self.set(recovery, cause, stations, Condition::normal());
                Some(recovery)
            }
            Recovery::Ramp { start, end } => {
                let length = *end - *start;
                for step in 1..=RAMP_STEPS {
                    // Each step stands for the interval around it, so that the staircase holds the same area as the line.
                    let progress = f64::from(step) / f64::from(RAMP_STEPS);
                    let middle = (f64::from(step) - 0.5) / f64::from(RAMP_STEPS);
                    // What was shut comes back from nothing, even if it drained at full speed.
                    let from = if matches!(mode, Mode::Drain) { 0.0 } else { broken.speed };
                    let speed = from + (1.0 - from) * progress;
                    self.set(
                        recovery + *start + length.scaled(middle),
                        cause,
                        stations,
                        Condition { speed, ..eased(broken, progress) },
                    );
                }
                Some(recovery + *end)
            }
            Recovery::Stages(stages) => {
                let mut served: Vec<bool> = Vec::new();
                let mut last = recovery;
                // Only what was shut can be opened for some: a slow or unreliable service goes on for all.
                let is_shut = matches!(mode, Mode::HardStop | Mode::Drain);
                for (number, stage) in stages.iter().enumerate() {
                    // A stage never comes before the one listed above it.
                    last = last.max(recovery + stage.after.sample(&mut stages_chance));
                    for &GroupId(group) in &stage.who {
                        if is_shut {
                            served_from.push((GroupId(group), last));
                        }
                        let group = group as usize;
                        if served.len() <= group {
                            served.resize(group + 1, false);
                        }
                        served[group] = true;
                    }
                    let capacity = stage.capacity.value();
                    let eased = eased(broken, capacity);
                    let condition = match mode {
                        Mode::HardStop | Mode::Drain if number + 1 < stages.len() => Condition {
                            speed: capacity,
                            open: Openness::Only(served.clone()),
                            speed_while_shut: broken.speed_while_shut,
                            ..eased
                        },
                        // With the last stage everybody is served again: also whom no stage names, because usually nothing leads here.
                        Mode::HardStop | Mode::Drain | Mode::Degrade(_) => Condition { speed: capacity, ..eased },
                        Mode::Latency(_) | Mode::Reject(_) => eased,
                    };
                    self.set(last, cause, stations, condition);
                }
                Some(last)
            }
            Recovery::Never => None,
        };
        self.restorations.push(Restoration { stations: stations.to_vec(), over, served: served_from });
        over
    }

    /// Adds the failures and repairs of each node of the target, each node on its own; a platform fails as one.
    #[expect(clippy::too_many_arguments, reason = "the parts of one call, each needed once")]
    fn add_failure(
        &mut self,
        index: u32,
        failure: &Failure,
        network: &Network,
        places: &Places,
        cause: &mut u32,
        chance: Chance,
        end: SimTime,
    ) -> (Option<SimTime>, Option<SimTime>) {
        // By failure and place, so that another disruption more or less changes nothing here; two platforms may have the same stations.
        let nodes: Vec<(u32, Vec<u32>)> = if failure.target.platforms.is_empty() {
            places.hit_by(&failure.target, network).into_iter().map(|station| (station, vec![station])).collect()
        } else {
            let alone = |platform: PlatformId| Target { platforms: vec![platform], ..Target::default() };
            let platforms = failure.target.platforms.iter();
            platforms
                .map(|&platform| (FIRST_PLATFORM | u32::from(platform.0), places.hit_by(&alone(platform), network)))
                .collect()
        };
        let stopped = self.describe(Condition::stopped(failure.in_flight, failure.arrivals));
        let normal = self.describe(Condition::normal());
        let (mut first, mut last): (Option<SimTime>, Option<SimTime>) = (None, None);
        for (node, stations) in nodes {
            let mut failing = chance.stream_of(StreamPurpose::Failure, index, node);
            let mut repairing = chance.stream_of(StreamPurpose::Repair, index, node);
            let mut time = SimTime::ZERO + failure.time_to_failure.sample(&mut failing);
            let mut repaired = None;
            while time < end {
                first = Some(first.map_or(time, |known| known.min(time)));
                self.hold(time, *cause, &stations, stopped);
                // At least a microsecond each way, so that a law that can give zero cannot stop the clock.
                time += failure.time_to_repair.sample(&mut repairing).max(Span::from_micros(1));
                self.hold(time, *cause, &stations, normal);
                repaired = Some(time);
                time += failure.time_to_failure.sample(&mut failing).max(Span::from_micros(1));
            }
            last = last.max(repaired);
            *cause += 1;
        }
        (first, last.filter(|&last| last < end))
    }
}

/// A condition on its way back to normal: `progress` 0 is `broken`, 1 is normal.
fn eased(broken: &Condition, progress: f64) -> Condition {
    Condition {
        speed: broken.speed + (1.0 - broken.speed) * progress,
        open: Openness::All,
        speed_while_shut: if progress < 1.0 { broken.speed_while_shut } else { 1.0 },
        latency: if progress < 1.0 { broken.latency } else { None },
        reject: broken.reject * (1.0 - progress),
        in_flight: None,
    }
}
