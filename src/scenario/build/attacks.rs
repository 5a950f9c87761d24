//! `[[attack]]`: how an attack comes about, what it takes down, and how that comes back.

use super::law::constant_of;
use super::names::Kind;
use super::outages::{check_onset, read_id, read_instant, read_mode, read_rules};
use super::run::Run;
use super::target::Aim;
use super::{Names, capacity, recovery, switch};
use crate::disruption::{Attack, Exposure, MOST_ATTACKS, Mode, Recovery, Target};
use crate::input::{At, Given, Reader};
use crate::network::{Network, PlatformId};
use crate::random::SpanLaw;
use crate::units::{Share, Span};

/// What the list says.
#[derive(Debug)]
pub(super) struct Attacks {
    /// The attacks; `None` after a mistake.
    pub(super) read: Option<Vec<Attack>>,
    /// Their ids; `None` where it is wrong.
    pub(super) ids: Vec<Option<At<String>>>,
    /// Their disconnections, where they are at a fixed time.
    pub(super) onsets: Vec<Option<Span>>,
}

/// Reads the list.
pub(super) fn read(top: &mut Reader<'_>, names: &Names, network: Option<&Network>, run: Option<&Run>) -> Attacks {
    let (mut ids, mut onsets): (Vec<Option<At<String>>>, Vec<Option<Span>>) = (Vec::new(), Vec::new());
    let read = top.each_table("attack", |mut table| {
        if switch::is_bare(&mut table) {
            return None;
        }
        let id = read_id(&mut table, ids.iter().flatten());
        let on = switch::read(&mut table);
        if ids.len() == MOST_ATTACKS {
            let message = format!("there are more than {MOST_ATTACKS} attacks");
            table.refuse("id", message, "one too many", "one attack on several platforms is one [[attack]]");
        }
        let (entry, fixed) = read_entry(&mut table, run);
        let succeeds = table.or_default::<Share>("succeeds", 1, "Probability that somebody gets in.");
        let detection = table.required::<SpanLaw>(
            "detection",
            "Time from entry until it is detected: everything that it has reached is then disconnected.",
        );
        let onset = fixed.zip(detection.as_ref().and_then(|law| constant_of(&law.value))).map(|(entry, after)| entry + after);
        let begins = onset.is_none_or(|onset| check_onset(&mut table, ("entry", "is detected"), onset, run).is_some());
        let platforms = read_platforms(&mut table, names, network);
        table.finish();
        ids.push(id.clone());
        onsets.push(onset);
        on?;
        let platforms = platforms.filter(|_| begins)?;
        let target = platforms.iter().map(|exposure: &Exposure| exposure.platform).collect();
        Some(Attack {
            id: id?.value,
            entry: entry?,
            succeeds: succeeds?.value,
            detection: detection?.value,
            platforms,
            target: Target { platforms: target, ..Target::default() },
        })
    });
    Attacks { read, ids, onsets }
}

/// When somebody gets in, and the same where it is fixed.
fn read_entry(table: &mut Reader<'_>, run: Option<&Run>) -> (Option<SpanLaw>, Option<Span>) {
    const ABOUT: &str = "When somebody gets in: a local date and time, or a time or a law of a time after t = 0.";
    table.record("entry", ABOUT, "time");
    let Some((node, scope, log)) = table.node("entry") else {
        table.missing("entry", "entry = \"10 d\"", ABOUT);
        return (None, None);
    };
    let entry = read_instant(node, &scope, log, run);
    let fixed = entry.as_ref().filter(|_| run.is_some()).and_then(constant_of);
    (entry, fixed)
}

fn read_platforms(table: &mut Reader<'_>, names: &Names, network: Option<&Network>) -> Option<Vec<Exposure>> {
    const EXAMPLE: &str = "[attack.platforms.some-id]";
    let mut platforms = match table.section("platforms") {
        Given::Good(platforms) => platforms,
        Given::Bad => return None,
        Given::Absent => {
            table.missing("platforms", EXAMPLE, "the platforms that it can reach, each with its own table");
            return None;
        }
    };
    let keys = platforms.keys();
    if keys.is_empty() {
        let place = platforms.place();
        platforms.log().refuse_at(place, "the attack reaches no platform", "names nothing", format!("add {EXAMPLE}"));
        return None;
    }
    // Every platform is read before the verdict, so that all mistakes are told.
    let read: Vec<Option<Exposure>> = keys.iter().map(|id| read_platform(&mut platforms, id, names, network)).collect();
    read.into_iter().collect()
}

fn read_platform(platforms: &mut Reader<'_>, id: &At<String>, names: &Names, network: Option<&Network>) -> Option<Exposure> {
    let platform = names.find(Kind::Platform, id, platforms.log()).map(|name| PlatformId(name.index as u16));
    let target = platform.map(|platform| Target { platforms: vec![platform], ..Target::default() });
    // A platform on which nothing depends is told where it is declared.
    let aim = target.and_then(|target| Aim::of(target, network));
    let mut table = platforms.chosen_section(&id.value)?;
    let reached = table.required::<Share>("reached", "Probability that the attack can get to the platform.");
    let reached_after = table.or_default::<SpanLaw>(
        "reached_after",
        "0 s",
        "Time from entry until it is there; what it has not reached by its detection it does not reach.",
    );
    let isolated =
        table.optional::<Share>("isolated", "Probability that the platform, if not reached, is disconnected all the same.");
    let reconnected_after = read_reconnected_after(&mut table, &isolated);
    let mode = if table.has("mode") {
        read_mode(&mut table, aim.as_ref())
    } else {
        let word = table.or_default::<String>("mode", "hard_stop", "What fails while it is disconnected: as for an outage.");
        word.map(|_| Mode::HardStop)
    };
    let (in_flight, arrivals) = read_rules(&mut table, mode.as_ref(), aim.as_ref());
    let recovery = if table.has("recovery") {
        recovery::read(&mut table, names, network, aim.as_ref())
    } else {
        let word = table.or_default::<String>("recovery", "at_once", "How service comes back, after the rebuild.");
        word.map(|_| Recovery::AtOnce)
    };
    let rebuild = read_rebuild(&mut table, recovery.as_ref());
    let sound = capacity::check(&mut table, aim.as_ref(), mode.as_ref(), (in_flight, arrivals), recovery.as_ref(), network);
    table.finish();
    let isolated = match isolated {
        Given::Good(share) => share.value,
        Given::Absent => Share::NONE,
        Given::Bad => return None,
    };
    sound?;
    Some(Exposure {
        platform: platform?,
        reached: reached?.value,
        reached_after: reached_after?.value,
        isolated,
        reconnected_after: reconnected_after?,
        rebuild: rebuild?,
        mode: mode?,
        recovery: recovery?,
        in_flight: in_flight?,
        arrivals: arrivals?,
    })
}

fn read_reconnected_after(table: &mut Reader<'_>, isolated: &Given<At<Share>>) -> Option<SpanLaw> {
    const ABOUT: &str = "Time from disconnection until an isolated platform is connected again.";
    if matches!(isolated, Given::Absent) {
        table.refuse_key("reconnected_after", "there is no `isolated`", "say with which probability: isolated = 1.0");
        return Some(SpanLaw::constant(Span::ZERO));
    }
    table.required::<SpanLaw>("reconnected_after", ABOUT).map(|law| law.value)
}

/// `rebuild`; nothing is rebuilt that never comes back, and nothing is back at once that was down.
fn read_rebuild(table: &mut Reader<'_>, recovery: Option<&Recovery>) -> Option<SpanLaw> {
    if matches!(recovery, Some(Recovery::Never)) {
        table.refuse_key("rebuild", "there is no recovery", "leave it away");
        return Some(SpanLaw::constant(Span::ZERO));
    }
    let rebuild = table.required::<SpanLaw>("rebuild", "Time from disconnection until it is rebuilt and recovery begins.")?;
    if matches!(recovery, Some(Recovery::AtOnce)) && rebuild.value.mean() == Span::ZERO {
        let message = format!("{} has no length: it recovers at once", table.title());
        table.refuse("rebuild", message, "no time passes", "say how long it lasts: rebuild = \"9 d\"");
        return None;
    }
    Some(rebuild.value)
}
