//! `[[outage]]`: planned outages.

use super::attacks::Attacks;
use super::law::constant_of;
use super::run::Run;
use super::target::{self, Aim};
use super::{Names, capacity, recovery, switch};
use crate::disruption::{ArrivalRule, InFlight, Mode, Onset, Outage, Recovery};
use crate::input::{At, FromNode, Id, Log, Node, Reader, Scope, Value, is_like_date, name_list, nearest, refuse_value};
use crate::network::Network;
use crate::random::SpanLaw;
use crate::units::{CivilTime, Share, Span};

/// The forms of a mode, for messages.
const MODES: &str = "write \"hard_stop\", \"drain\", { degrade = { capacity = 0.4 } }, { latency = { add = \"5 s\" } } or { reject = { probability = 0.3 } }";

/// What the lists say.
#[derive(Debug)]
pub(super) struct Outages {
    /// The outages; `None` after a mistake.
    pub(super) read: Option<Vec<Outage>>,
    /// Every id that was given.
    pub(super) ids: Vec<At<String>>,
}

/// What is known of what the outage being read may follow.
#[derive(Debug)]
struct Above<'a> {
    /// The attacks.
    attacks: &'a Attacks,
    /// The ids of the outages above it; `None` where it is wrong.
    ids: Vec<Option<At<String>>>,
    /// Their fixed onsets.
    onsets: Vec<Option<Span>>,
}

/// Reads the list.
pub(super) fn read(
    top: &mut Reader<'_>,
    names: &Names,
    network: Option<&Network>,
    run: Option<&Run>,
    attacks: &Attacks,
) -> Outages {
    let mut above = Above { attacks, ids: Vec::new(), onsets: Vec::new() };
    let read = top.each_table("outage", |mut table| {
        if switch::is_bare(&mut table) {
            return None;
        }
        let id = read_id(&mut table, attacks.ids.iter().chain(&above.ids).flatten());
        let on = switch::read(&mut table);
        let onset = read_onset(&mut table, &above, run);
        let outage = read_one(&mut table, names, network);
        table.finish();
        let fixed = onset.as_ref().and_then(|(_, fixed)| *fixed);
        above.onsets.push(fixed);
        above.ids.push(id.clone());
        on?;
        Some(Outage { id: id?.value, onset: onset?.0, ..outage? })
    });
    Outages { read, ids: above.ids.into_iter().flatten().collect() }
}

/// The `id` of an outage, attack or failure, which no other has.
pub(super) fn read_id<'a>(table: &mut Reader<'_>, mut known: impl Iterator<Item = &'a At<String>>) -> Option<At<String>> {
    let id = table.required::<Id>("id", "Id, by which results name it.")?;
    if known.any(|other| other.value == id.value.0) {
        table.refuse(
            "id",
            format!("the id `{}` is given twice", id.value.0),
            "given before",
            "every outage, attack, failure and order needs an id of its own",
        );
    }
    Some(At { value: id.value.0, place: id.place })
}

/// Reads all but id and onset, which the caller fills in.
fn read_one(table: &mut Reader<'_>, names: &Names, network: Option<&Network>) -> Option<Outage> {
    let aim = target::read(table, names, network);
    let probability = table.or_default::<Share>("probability", 1, "Probability that it happens at all in a replication.");
    let mode = read_mode(table, aim.as_ref());
    let (in_flight, arrivals) = read_rules(table, mode.as_ref(), aim.as_ref());
    let recovery = recovery::read(table, names, network, aim.as_ref());
    let recovery_delay = read_delay(table, recovery.as_ref());
    capacity::check(table, aim.as_ref(), mode.as_ref(), (in_flight, arrivals), recovery.as_ref(), network)?;
    Some(Outage {
        id: String::new(),
        target: aim?.target,
        onset: Onset::At(Span::ZERO),
        probability: probability?.value,
        mode: mode?,
        in_flight: in_flight?,
        arrivals: arrivals?,
        recovery_delay: recovery_delay?,
        recovery: recovery?,
    })
}

/// When it begins; with the time, where it is fixed.
fn read_onset(table: &mut Reader<'_>, above: &Above, run: Option<&Run>) -> Option<(Onset, Option<Span>)> {
    const ABOUT: &str = "When it begins: a local date and time, a time or a law of a time after t = 0, or { after = \"other\", delay = \"6 h\" }.";
    table.record("at", ABOUT, "time");
    let Some((node, scope, log)) = table.node("at") else {
        table.missing("at", "at = \"7 d\"", ABOUT);
        return None;
    };
    if let Value::Table(map) = &node.value
        && (map.entry("after").is_some() || map.entry("delay").is_some())
    {
        return read_after(table, above, run);
    }
    let law = read_instant(node, &scope, log, run)?;
    let Some(span) = constant_of(&law) else { return Some((Onset::Random(law), None)) };
    check_onset(table, ("at", "begins"), span, run)?;
    Some((Onset::At(span), Some(span)))
}

/// A date and time, or a time or law of a time after t = 0. Without a run, which then has mistakes of its own, dates are t = 0.
pub(super) fn read_instant(node: &mut Node, scope: &Scope, log: &mut Log, run: Option<&Run>) -> Option<SpanLaw> {
    match &node.value {
        Value::DateTime(_) => {}
        Value::String(text) if is_like_date(text) => {
            let help = format!("write it without quotes: {} = {}", scope.key, text.trim().replace(' ', "T"));
            return refuse_value(node, scope, log, "is a date in quotes", "a text, not a date", &help);
        }
        _ => return SpanLaw::from_node(node, scope, log),
    }
    let time = CivilTime::from_node(node, scope, log)?;
    let Some(run) = run else { return Some(SpanLaw::constant(Span::ZERO)) };
    let start = run.settings.start;
    let Some(span) = time.elapsed_since(start) else {
        return refuse_value(
            node,
            scope,
            log,
            &format!("is before the start of the run ({start})"),
            "too early",
            "take a later time, or an earlier run.start",
        );
    };
    Some(SpanLaw::constant(span))
}

fn read_after(table: &mut Reader<'_>, above: &Above<'_>, run: Option<&Run>) -> Option<(Onset, Option<Span>)> {
    let mut at = table.section("at").good()?;
    let after = at.required::<String>("after", "The outage that it follows, listed above it, or the attack.");
    let delay = at.required::<SpanLaw>("delay", "Time between the two onsets.");
    let place_of =
        |ids: &[Option<At<String>>], wanted: &str| ids.iter().position(|id| id.as_ref().is_some_and(|id| id.value == wanted));
    let first = after.and_then(|after| {
        let attack = place_of(&above.attacks.ids, &after.value).map(|index| (true, index));
        let first = attack.or_else(|| place_of(&above.ids, &after.value).map(|index| (false, index)));
        // One whose id is wrong, which is told, may be the one that is meant.
        let all_known = above.ids.iter().chain(&above.attacks.ids).all(Option::is_some);
        if first.is_none() && all_known {
            let ids: Vec<&str> = above.ids.iter().chain(&above.attacks.ids).flatten().map(|id| id.value.as_str()).collect();
            let help = match nearest(&after.value, ids.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if ids.is_empty() => "an outage follows one that is listed above it: this is the first".to_owned(),
                None if above.attacks.ids.is_empty() => {
                    format!("an outage follows one that is listed above it: {}", name_list(&ids))
                }
                None => format!("an outage follows one that is listed above it, or an attack: {}", name_list(&ids)),
            };
            at.refuse("after", format!("no outage `{}` is listed above this one", after.value), "not above", help);
        }
        first
    });
    at.finish();
    let ((is_attack, index), delay) = (first?, delay?.value);
    let onsets = if is_attack { &above.attacks.onsets } else { &above.onsets };
    let fixed = onsets[index].zip(constant_of(&delay)).map(|(first, delay)| first + delay);
    if let Some(fixed) = fixed {
        check_onset(table, ("at", "begins"), fixed, run)?;
    }
    let onset = if is_attack { Onset::AfterAttack { attack: index, delay } } else { Onset::After { outage: index, delay } };
    Some((onset, fixed))
}

/// What goes wrong `begins` within the run, and not in an empty system; `key` says when.
pub(super) fn check_onset(table: &mut Reader<'_>, (key, begins): (&str, &str), onset: Span, run: Option<&Run>) -> Option<()> {
    let Some(run) = run.map(|run| &run.settings) else { return Some(()) };
    if onset >= run.horizon {
        let ends = run.start.plus(run.horizon).map_or(String::new(), |end| format!(", on {end}"));
        let message = format!("{} {begins} {onset} after t = 0: the run ends after {}{ends}", table.title(), run.horizon);
        table.refuse(key, message, "after the horizon", "make run.horizon longer, or let it begin earlier");
        return None;
    }
    if onset == Span::ZERO && run.warm_up > Span::ZERO {
        let message = format!("{} {begins} at t = 0: a shock into an empty system", table.title());
        let help = "let it begin after the warm-up; if an empty system is meant, set run.warm_up = \"0 s\"";
        table.refuse(key, message, "nothing is under way yet", help);
        return None;
    }
    Some(())
}

/// Reads `mode`.
pub(super) fn read_mode(table: &mut Reader<'_>, aim: Option<&Aim>) -> Option<Mode> {
    const ABOUT: &str = "What fails: hard_stop, drain, degrade, latency or reject.";
    let Some((node, scope, log)) = table.node("mode") else {
        table.missing("mode", "mode = \"hard_stop\"", ABOUT);
        return None;
    };
    let mode = match &node.value {
        Value::String(word) if word == "hard_stop" => Some(Mode::HardStop),
        Value::String(word) if word == "drain" => Some(Mode::Drain),
        Value::Table(_) => read_gentle_mode(table, aim),
        Value::String(word) => {
            let near = nearest(word, ["hard_stop", "drain", "degrade", "latency", "reject"]);
            let help = match near {
                Some(near @ ("hard_stop" | "drain")) => format!("did you mean \"{near}\"?"),
                _ => MODES.to_owned(),
            };
            return refuse_value(node, &scope, log, "is not a mode", "not a mode", &help);
        }
        _ => return refuse_value(node, &scope, log, "is not a mode", "not a mode", MODES),
    };
    table.record("mode", ABOUT, "");
    mode
}

/// The modes with a number.
fn read_gentle_mode(table: &mut Reader<'_>, aim: Option<&Aim>) -> Option<Mode> {
    let mut mode = table.section("mode").good()?;
    let given: Vec<&str> = ["degrade", "latency", "reject"].into_iter().filter(|key| mode.has(key)).collect();
    let only_known = mode.keys().len() == given.len();
    let (place, title) = (mode.place(), mode.title().to_owned());
    let read = match given.as_slice() {
        ["degrade"] => mode.section("degrade").good().and_then(read_degrade),
        ["latency"] => mode.section("latency").good().and_then(|latency| read_latency(latency, aim)),
        ["reject"] => mode.section("reject").good().and_then(|reject| read_reject(reject, aim)),
        [] if !only_known => None,
        [] => {
            mode.log().refuse_at(place, format!("{title} is empty"), "no mode", MODES);
            None
        }
        _ => {
            mode.log().refuse_at(
                place,
                format!("{title} names more than one mode"),
                "one mode is needed",
                "write an outage for each",
            );
            None
        }
    };
    mode.finish();
    read.filter(|_| only_known)
}

fn read_degrade(mut degrade: Reader<'_>) -> Option<Mode> {
    let capacity = degrade.required::<Share>("capacity", "Share of the normal capacity that is left.");
    let capacity = capacity.filter(|capacity| {
        let help = match capacity.value.value() {
            0.0 => "for no capacity at all write mode = \"hard_stop\"",
            1.0 => "all the capacity is left: nothing would change",
            _ => return true,
        };
        degrade.refuse("capacity", "`capacity` must be between 0 and 1", "not a degradation", help);
        false
    });
    degrade.finish();
    capacity.map(|capacity| Mode::Degrade(capacity.value))
}

fn read_latency(mut latency: Reader<'_>, aim: Option<&Aim>) -> Option<Mode> {
    let add = latency.required::<SpanLaw>("add", "How much longer each passage takes.");
    let mut good = true;
    if add.as_ref().is_some_and(|add| add.value.mean() == Span::ZERO) {
        latency.refuse("add", "a latency of no time changes nothing", "no time", "for example add = \"5 s\"");
        good = false;
    }
    if aim.is_some_and(|aim| !aim.carries_claims && !aim.hits_prescribing) {
        let help = "latency is for what claims and prescriptions pass through; for pharmacies write \"hard_stop\" or degrade";
        latency.refuse("add", "nothing passes through a pharmacy: latency would change nothing", "not for pharmacies", help);
        good = false;
    }
    latency.finish();
    add.filter(|_| good).map(|add| Mode::Latency(add.value))
}

fn read_reject(mut reject: Reader<'_>, aim: Option<&Aim>) -> Option<Mode> {
    let probability = reject.required::<Share>("probability", "Probability that a claim is turned away.");
    let mut good = true;
    if probability.as_ref().is_some_and(|probability| probability.value.value() == 0.0) {
        reject.refuse("probability", "a probability of 0 changes nothing", "turns nothing away", "for example probability = 0.3");
        good = false;
    }
    if aim.is_some_and(|aim| !aim.carries_claims) {
        let help = "reject is for clearinghouses, payers and links";
        reject.refuse("probability", "no claim is turned away here: the target does not handle claims", "changes nothing", help);
        good = false;
    }
    reject.finish();
    probability.filter(|_| good).map(|probability| Mode::Reject(probability.value))
}

/// `in_flight` and `arrivals`, as far as the mode leaves room for them.
pub(super) fn read_rules(
    table: &mut Reader<'_>,
    mode: Option<&Mode>,
    aim: Option<&Aim>,
) -> (Option<InFlight>, Option<ArrivalRule>) {
    let why = match mode {
        Some(Mode::HardStop) | None => {
            let claims = aim.is_none_or(|aim| aim.carries_claims);
            let (in_flight, arrivals) = if claims { ("resubmit", "refuse") } else { ("frozen", "queue") };
            return (read_in_flight(table, in_flight, aim), read_arrivals(table, arrivals, aim));
        }
        Some(Mode::Drain) => "\"drain\" finishes what is inside and takes nothing new",
        Some(Mode::Degrade(_) | Mode::Latency(_) | Mode::Reject(_)) => "in this mode work goes on: nothing in flight is touched",
    };
    for key in ["in_flight", "arrivals"] {
        table.refuse_key(key, why, "leave it away, or write mode = \"hard_stop\"");
    }
    (Some(InFlight::Frozen), Some(ArrivalRule::Refuse))
}

/// Reads `in_flight`.
pub(super) fn read_in_flight(table: &mut Reader<'_>, default: &str, aim: Option<&Aim>) -> Option<InFlight> {
    let rule = table
        .or_default::<String>("in_flight", default, "What becomes of work inside when it begins: lost, frozen or resubmit.")?
        .value;
    let known = match rule.as_str() {
        "lost" => InFlight::Lost,
        "frozen" => InFlight::Frozen,
        "resubmit" => InFlight::Resubmit,
        _ => return refuse_word(table, "in_flight", &rule, &["lost", "frozen", "resubmit"]),
    };
    if known == InFlight::Lost && aim.is_some_and(Aim::holds_work) {
        let help = "write in_flight = \"frozen\" or \"resubmit\"; where a platform takes claims services down too, write an outage for each";
        table.refuse("in_flight", "prescriptions at a pharmacy or in a prescribing network are not lost", "not here", help);
        return None;
    }
    Some(known)
}

/// Reads `arrivals`.
pub(super) fn read_arrivals(table: &mut Reader<'_>, default: &str, aim: Option<&Aim>) -> Option<ArrivalRule> {
    let rule = table
        .or_default::<String>("arrivals", default, "What becomes of work that comes while it lasts: refuse or queue.")?
        .value;
    let known = match rule.as_str() {
        "refuse" => ArrivalRule::Refuse,
        "queue" => ArrivalRule::Queue,
        _ => return refuse_word(table, "arrivals", &rule, &["refuse", "queue"]),
    };
    if known == ArrivalRule::Refuse && aim.is_some_and(|aim| !aim.carries_claims) {
        let message = "pharmacies and prescribing networks turn nothing away: what comes always waits";
        table.refuse("arrivals", message, "not here", "leave `arrivals` away");
        return None;
    }
    Some(known)
}

/// Reports a word that is none of the few that are known.
pub(super) fn refuse_word<T>(table: &mut Reader<'_>, key: &str, word: &str, words: &[&str]) -> Option<T> {
    let help = nearest(word, words.iter().copied())
        .map_or_else(|| format!("write one of {}", name_list(words)), |near| format!("did you mean \"{near}\"?"));
    table.refuse(key, format!("`{key}` in {}: \"{word}\" is not known", table.title()), "not a word for this", help);
    None
}

/// `recovery_delay`; nothing ends later than never, and nothing ends at once that has no length.
fn read_delay(table: &mut Reader<'_>, recovery: Option<&Recovery>) -> Option<SpanLaw> {
    let given = table.has("recovery_delay");
    if matches!(recovery, Some(Recovery::Never)) && !given {
        return Some(SpanLaw::constant(Span::ZERO));
    }
    let delay = table
        .or_default::<SpanLaw>("recovery_delay", "0 s", "Time from the onset until recovery begins; drawn once a replication.")?
        .value;
    if matches!(recovery, Some(Recovery::Never)) && delay.mean() > Span::ZERO {
        table.refuse_key("recovery_delay", "there is no recovery", "leave it away, or set it to \"0 s\"");
        return None;
    }
    if matches!(recovery, Some(Recovery::AtOnce)) && delay.mean() == Span::ZERO {
        let message = format!("{} has no length: it recovers at once", table.title());
        let key = if given { "recovery_delay" } else { "recovery" };
        table.refuse(key, message, "no time passes", "say how long it lasts: recovery_delay = \"9 d\"");
        return None;
    }
    Some(delay)
}
