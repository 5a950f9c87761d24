//! An attack: how it comes about, what it takes down, and how that comes back. It compiles to outages of platforms.

use super::timeline::Timeline;
use super::{ArrivalRule, Condition, InFlight, Mode, Places, Recovery, Target};
use crate::network::{Network, PlatformId};
use crate::random::{Chance, SpanLaw, StreamPurpose};
use crate::units::{Share, SimTime};

/// The most attacks in a scenario: their number is a part of the address of their chance.
pub const MOST_ATTACKS: usize = 256;

/// One `[[attack]]`. Somebody gets in, is detected after a while, and at that instant every platform that was reached by then is
/// disconnected, and perhaps others as a precaution.
#[derive(Clone, Debug)]
pub struct Attack {
    /// Unique id.
    pub id: String,
    /// When somebody tries to get in, after the start of the run.
    pub entry: SpanLaw,
    /// Probability that the attempt succeeds.
    pub succeeds: Share,
    /// Time from entry to detection.
    pub detection: SpanLaw,
    /// What can happen to each platform; at least one, each once.
    pub platforms: Vec<Exposure>,
    /// All of these platforms, whatever becomes of them in a replication.
    pub target: Target,
}

/// What an attack can do to one platform.
#[derive(Clone, Debug)]
pub struct Exposure {
    /// The platform.
    pub platform: PlatformId,
    /// Probability that the attack can get there.
    pub reached: Share,
    /// Time from entry until it is there: reached is only what it gets to before detection, or at that instant.
    pub reached_after: SpanLaw,
    /// Probability that the platform, if it is not reached, is disconnected all the same.
    pub isolated: Share,
    /// Time from disconnection until an isolated platform is connected again, whole and at once.
    pub reconnected_after: SpanLaw,
    /// Time from disconnection until a reached platform is rebuilt and recovery begins.
    pub rebuild: SpanLaw,
    /// What fails while it is disconnected.
    pub mode: Mode,
    /// How service comes back, counted from the rebuild.
    pub recovery: Recovery,
    /// What becomes of work inside at the disconnection.
    pub in_flight: InFlight,
    /// What becomes of work that comes while it lasts.
    pub arrivals: ArrivalRule,
}

/// Why a platform is disconnected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Cut {
    /// It was reached: it has to be rebuilt.
    Reached,
    /// As a precaution: it has to be looked over.
    Isolated,
}

/// What an attack comes to in one replication.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Course {
    /// Instant of detection and disconnection.
    pub(super) onset: SimTime,
    /// What is disconnected, in the order of [`Attack::platforms`]; at least one platform is.
    cuts: Vec<Option<Cut>>,
}

/// The address of the chance of a platform in the `index`-th attack, or of the attack as a whole under platform 0.
fn node(index: usize, PlatformId(platform): PlatformId) -> u32 {
    (index as u32 & 0xFF) << 16 | u32::from(platform)
}

impl Attack {
    /// Draws what the attack, the `index`-th of the scenario, comes to; `None` if it fails or nothing is disconnected.
    ///
    /// Each step has a stream of its own, for each platform where it is about one: a change of one law leaves the others' numbers
    /// as they were, and whatever becomes likelier or slower does so for the same numbers.
    pub(super) fn draw(&self, index: usize, chance: Chance) -> Option<Course> {
        let whole = node(index, PlatformId(0));
        if !chance.stream(StreamPurpose::AttackSucceeds, whole).chance(self.succeeds.value()) {
            return None;
        }
        let entry = SimTime::ZERO + self.entry.sample(&mut chance.stream(StreamPurpose::AttackEntry, whole));
        let detection = self.detection.sample(&mut chance.stream(StreamPurpose::AttackDetection, whole));
        let cut = |exposure: &Exposure| {
            let node = node(index, exposure.platform);
            let after = exposure.reached_after.sample(&mut chance.stream(StreamPurpose::AttackSpread, node));
            if after <= detection && chance.stream(StreamPurpose::AttackReached, node).chance(exposure.reached.value()) {
                return Some(Cut::Reached);
            }
            chance.stream(StreamPurpose::AttackIsolated, node).chance(exposure.isolated.value()).then_some(Cut::Isolated)
        };
        let cuts: Vec<Option<Cut>> = self.platforms.iter().map(cut).collect();
        cuts.iter().any(Option::is_some).then(|| Course { onset: entry + detection, cuts })
    }
}

impl Timeline {
    /// Adds the effects of an attack, each platform being a cause of its own from `cause` on; returns when the last platform is back.
    pub(super) fn add_attack(
        &mut self,
        cause: u32,
        (index, attack): (usize, &Attack),
        course: &Course,
        network: &Network,
        places: &Places,
        chance: Chance,
    ) -> Option<SimTime> {
        let mut last = Some(course.onset);
        for (cause, (exposure, cut)) in (cause..).zip(attack.platforms.iter().zip(&course.cuts)) {
            let Some(cut) = cut else { continue };
            let node = node(index, exposure.platform);
            let target = Target { platforms: vec![exposure.platform], ..Target::default() };
            let stations = places.hit_by(&target, network);
            let broken = Condition::broken(&exposure.mode, exposure.in_flight, exposure.arrivals);
            self.set(course.onset, cause, &stations, broken.clone());
            let back = match cut {
                Cut::Isolated => {
                    let after = exposure.reconnected_after.sample(&mut chance.stream(StreamPurpose::AttackReconnect, node));
                    let stages = chance.stream(StreamPurpose::AttackStage, node);
                    let begin = course.onset + after;
                    self.restore(cause, &stations, (&exposure.mode, &broken), begin, &Recovery::AtOnce, stages)
                }
                Cut::Reached => {
                    let rebuild = exposure.rebuild.sample(&mut chance.stream(StreamPurpose::AttackRebuild, node));
                    let stages = chance.stream(StreamPurpose::AttackStage, node);
                    let begin = course.onset + rebuild;
                    self.restore(cause, &stations, (&exposure.mode, &broken), begin, &exposure.recovery, stages)
                }
            };
            last = last.zip(back).map(|(last, back)| last.max(back));
        }
        last
    }
}
