//! `[downtime]`: what people do when a claim cannot get through.

use super::claims::SHORTEST_REST;
use super::names::Kind;
use super::routes::{ADD_PAYER, NO_PAYER};
use super::switch::{self, Switched};
use super::who::{self, Known};
use crate::input::{At, Given, ManyOf, OrNone, Reader};
use crate::random::SpanLaw;
use crate::response::{Cash, Choice, Downtime, Failover, GiveUp, Move, OnTrust, Retry, TideOver, Wait};
use crate::units::{Money, Rate, Share, Span};

/// The most further submissions.
const MOST_ATTEMPTS: u32 = 1000;

/// The section.
#[derive(Debug)]
pub(super) struct Read {
    /// Every response that is written down, in force or not.
    pub(super) written: Downtime,
    /// Those in force.
    pub(super) in_force: Downtime,
}

/// Reads the section; `None` after a mistake. Failing over needs no settings here and is always in force.
pub(super) fn read(top: &mut Reader<'_>, known: Known<'_>) -> Option<Read> {
    let usual = Downtime { failover: Some(Failover), ..Downtime::default() };
    if !known.names.has(Kind::Payer) {
        top.refuse_key("downtime", NO_PAYER, ADD_PAYER);
        return Some(Read { written: usual.clone(), in_force: usual });
    }
    let mut downtime = match top.section("downtime") {
        Given::Good(downtime) => downtime,
        Given::Bad => return None,
        Given::Absent => return Some(Read { written: usual.clone(), in_force: usual }),
    };
    let retry = section(&mut downtime, "retry", read_retry);
    let on_trust = section(&mut downtime, "on_trust", |table| read_on_trust(table, known));
    let tide_over = section(&mut downtime, "tide_over", |table| read_tide_over(table, known));
    let cash = section(&mut downtime, "cash", |table| read_cash(table, known));
    let relocate = section(&mut downtime, "move", |table| read_move(table, known));
    let give_up = section(&mut downtime, "give_up", |table| read_give_up(table, known));
    let wait = section(&mut downtime, "wait", read_wait);
    let resubmission = section(&mut downtime, "resubmission", |table| {
        table.required_like::<Rate>(
            "per_store",
            "\"30 claims/h\"",
            "How fast a store submits what it holds, once its route is back.",
        )
    });
    let ((retry, retries), (on_trust, trusts), (tide_over, tides_over)) = (apart(retry?), apart(on_trust?), apart(tide_over?));
    let ((cash, pays), (relocate, moves), (give_up, gives_up)) = (apart(cash?), apart(relocate?), apart(give_up?));
    let ((wait, waits), (resubmission, resubmits)) = (apart(wait?), apart(resubmission?));
    let rate = |given: Option<At<Rate>>| given.map(|at| at.value);
    let resubmission = rate(resubmission);
    let written = Downtime { retry, on_trust, tide_over, cash, relocate, give_up, wait, resubmission, ..usual.clone() };
    let in_force = Downtime {
        retry: retries,
        on_trust: trusts,
        tide_over: tides_over,
        cash: pays,
        relocate: moves,
        give_up: gives_up,
        wait: waits,
        resubmission: rate(resubmits),
        ..usual
    };
    let order = read_order(&mut downtime, &written, &in_force);
    check_kinds(&mut downtime, &written, known);
    downtime.finish();
    Some(Read { written, in_force: Downtime { order: order?, ..in_force } })
}

/// A response for new prescriptions, or for refills, of which there are none, can never trigger. At another pharmacy every prescription is new.
fn check_kinds(downtime: &mut Reader<'_>, written: &Downtime, known: Known<'_>) {
    let Some(prescriptions) = known.prescriptions else { return };
    let new = prescriptions.attributes.new;
    let nobody = |kind: bool| if kind { new == Share::NONE && written.relocate.is_none() } else { new == Share::ALL };
    for (key, who) in written.whom() {
        let Some(kind) = who.new.filter(|kind| nobody(*kind)) else { continue };
        let (whom, none) =
            if kind { ("new prescriptions", "no prescription is new") } else { ("refills", "every prescription is new") };
        let message = format!("`{key}` in [downtime] can never trigger: it is for {whom} only, and {none}");
        downtime.refuse(key, message, "never", "set prescriptions.new, or leave `kind` away");
    }
}

/// What is written down, and what of it is in force.
fn apart<T: Clone>(read: Option<Switched<T>>) -> (Option<T>, Option<T>) {
    (read.as_ref().map(|switched| switched.value.clone()), read.and_then(Switched::in_force))
}

/// The order in which people's choices are asked for: the usual one, unless the file gives another.
///
/// It may name what is switched off, so that a switch is one word in one place.
fn read_order(downtime: &mut Reader<'_>, written: &Downtime, in_force: &Downtime) -> Option<Vec<Choice>> {
    let of = |downtime: &Downtime| Choice::ALL.iter().copied().filter(|choice| downtime.has(*choice)).collect::<Vec<_>>();
    let (written, in_force) = (of(written), of(in_force));
    let given = downtime.optional::<ManyOf<String>>("order", "The order in which people's choices are asked for.").checked()?;
    let Some(given) = given else { return Some(in_force) };
    let keys: Vec<&str> = written.iter().map(|choice| choice.key()).collect();
    who::marks(&given, &keys, "choice", downtime.log())?;
    let mut order: Vec<Choice> = Vec::new();
    for wanted in &given.value.0 {
        let Some(choice) = written.iter().copied().find(|choice| choice.key() == wanted.value) else { continue };
        if order.contains(&choice) {
            downtime.log().refuse_at(wanted.place, format!("`{}` is named twice", wanted.value), "named before", "");
            return None;
        }
        order.push(choice);
    }
    order.retain(|choice| in_force.contains(choice));
    if let Some(missing) = in_force.iter().find(|choice| !order.contains(choice)) {
        let message = format!("`order` in [downtime] leaves out `{}`, which would never be asked for", missing.key());
        downtime.refuse("order", message, "incomplete", "name every choice that is in force");
        return None;
    }
    if let Some((wait, after)) = order.iter().position(|choice| *choice == Choice::Wait).zip(order.last())
        && wait + 1 < order.len()
    {
        let message = format!("`order` in [downtime] asks for `{}` after `wait`, which always has an answer", after.key());
        downtime.refuse("order", message, "never asked for", "put `wait` last");
        return None;
    }
    Some(order)
}

/// Reads one response, if it is given; outer `None` after a mistake.
#[expect(clippy::option_option, reason = "a mistake and none at all are two things")]
fn section<T>(
    downtime: &mut Reader<'_>,
    key: &'static str,
    read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
) -> Option<Option<Switched<T>>> {
    match downtime.section(key) {
        Given::Absent => Some(None),
        Given::Bad => None,
        Given::Good(mut table) => {
            if switch::is_bare(&mut table) {
                return None;
            }
            let on = switch::read(&mut table);
            let response = read(&mut table);
            table.finish();
            Some(Some(Switched { value: response?, on: on? }))
        }
    }
}

fn read_retry(retry: &mut Reader<'_>) -> Option<Retry> {
    let attempts = retry.required_like::<u32>("attempts", "3", "Submissions after the first, before people decide what to do.");
    let backoff = retry.required_like::<Span>("backoff", "\"1 min\"", "Pause before the first further submission.");
    let factor = retry.or_default::<f64>("factor", 2, "Each pause is this many times the one before.");
    let jitter = retry.or_default::<Share>("jitter", 0, "Each pause is multiplied by a number from 1 - jitter to 1 + jitter.");
    let budget = retry
        .or_default::<OrNone<f64>>("budget", "none", "Further submissions that a pharmacy allows itself for each first one.")
        .filter(|budget| {
            let good = budget.value.0.is_none_or(|budget| (0.0..=1000.0).contains(&budget));
            if !good {
                let message = format!("`budget` in {} must be from 0 to 1000", retry.title());
                retry.refuse("budget", message, "out of range", "0.1 is one further submission for each ten first ones");
            }
            good
        });
    let attempts = attempts.filter(|attempts| {
        let help = match attempts.value {
            0 => "for no retry leave `retry` away, or switch it off: enabled = false".to_owned(),
            1..=MOST_ATTEMPTS => return true,
            _ => format!("at most {MOST_ATTEMPTS}"),
        };
        retry.refuse("attempts", format!("`attempts` in {} is out of range", retry.title()), "not a number of attempts", help);
        false
    });
    let backoff = above_zero(retry, "backoff", backoff);
    let factor = factor.filter(|factor| {
        let good = factor.value >= 1.0 && factor.value <= 100.0;
        if !good {
            retry.refuse(
                "factor",
                format!("`factor` in {} must be from 1 to 100", retry.title()),
                "out of range",
                "2 doubles each pause, 1 keeps them equal",
            );
        }
        good
    });
    Some(Retry {
        attempts: attempts?.value,
        backoff: backoff?,
        factor: factor?.value,
        jitter: jitter?.value,
        budget: budget?.value.0,
    })
}

fn above_zero(table: &mut Reader<'_>, key: &str, span: Option<At<Span>>) -> Option<Span> {
    let span = span?.value;
    if span > Span::ZERO {
        return Some(span);
    }
    table.refuse(key, format!("`{key}` in {} must be greater than zero", table.title()), "no time", "for example \"1 min\"");
    None
}

fn read_on_trust(trust: &mut Reader<'_>, known: Known<'_>) -> Option<OnTrust> {
    let share = who::read_bands(
        trust,
        "share",
        "Share of blocked prescriptions that the pharmacy is willing to fill unpaid, flat or by price.",
        Some(known),
    );
    let who = who::read(trust, known);
    let extra = minutes(trust, "extra_minutes", "Staff minutes for the manual procedure, beside the usual work.");
    let rebill = minutes(trust, "rebill_minutes", "Staff minutes to bill the claim once the route is back.");
    let lead_time = trust.or_default::<SpanLaw>(
        "lead_time",
        "0 s",
        "Time from a site's first claim that finds its way shut, or has no further try left, until its manual procedure is organised.",
    );
    let credit = trust.or_default::<OrNone<Money>>("credit", "none", "The most that a store hands out unpaid.");
    let credit = credit.filter(|credit| credit.value.0.is_none() || who::refuse_without_prices(trust, "credit", known));
    let refused = trust.or_default::<Share>(
        "refused",
        0,
        "Share of the claims billed later that the payer refuses for good: the store has lost the price.",
    );
    let refused = refused.filter(|refused| refused.value == Share::NONE || who::refuse_without_prices(trust, "refused", known));
    Some(OnTrust {
        share: share?,
        who: who?,
        extra: extra?,
        rebill: rebill?,
        lead_time: lead_time?.value,
        credit: credit?.value.0,
        refused: refused?.value,
    })
}

fn read_tide_over(table: &mut Reader<'_>, known: Known<'_>) -> Option<TideOver> {
    let share = table.required::<Share>("share", "Probability that a few days' supply is handed out.");
    let supply = table.required_like::<Span>("supply", "\"3 d\"", "Supply handed out; the patient comes back for the rest.");
    let supply = above_zero(table, "supply", supply);
    let staff = minutes(table, "extra_minutes", "Staff minutes to hand it out.");
    let times = table.or_default::<u32>("times", 1, "How often one patient is tided over at most.").and_then(|times| {
        let number = u8::try_from(times.value).ok().filter(|times| (1..=100).contains(times));
        if number.is_none() {
            let message = format!("`times` in {} must be from 1 to 100", table.title());
            table.refuse("times", message, "out of range", "1 is the usual");
        }
        number
    });
    let who = who::read(table, known);
    Some(TideOver { share: share?.value, supply: supply?, staff: staff?, times: times?, who: who? })
}

fn read_cash(table: &mut Reader<'_>, known: Known<'_>) -> Option<Cash> {
    let about = "Probability that the patient is willing to pay the price, flat or by price.";
    let share = who::read_bands(table, "share", about, Some(known));
    let who = who::read(table, known);
    Some(Cash { share: share?, who: who? })
}

fn read_move(table: &mut Reader<'_>, known: Known<'_>) -> Option<Move> {
    let share = table.required::<Share>(
        "share",
        "Probability, each time that a blocked patient has to decide, that he or she tries another pharmacy.",
    );
    let who = who::read(table, known);
    let travel = table.or_default::<SpanLaw>("travel", "1 h", "Time until the patient stands at the other counter.");
    let to = who::read_groups(table, "to", known);
    let informed = table.or_default::<Share>(
        "informed",
        0,
        "Share of the moving patients who look for a pharmacy whose claims get through.",
    );
    let permanent = table.or_default::<Share>("permanent", 0, "Share of the moving patients who do not come back.");
    let fills =
        table.or_default::<f64>("fills_per_year", 20, "Prescriptions that one patient fills in a year.").filter(|fills| {
            let good = fills.value > 0.0 && fills.value <= 1000.0;
            if !good {
                let message = format!("`fills_per_year` in {} must be above 0 and at most 1000", table.title());
                table.refuse("fills_per_year", message, "out of range", "for example 20");
            }
            good
        });
    let to = to.filter(|_| {
        // From the one pharmacy there is to itself: anywhere else is somebody's other pharmacy.
        let sites: u64 = known.network.map_or(2, |network| network.pharmacies.iter().map(|group| u64::from(group.sites)).sum());
        if sites < 2 {
            let message = format!("{} leads nowhere: there is no other pharmacy", table.title());
            table.refuse("to", message, "no other pharmacy", "leave the response away, or name more pharmacies in `to`");
        }
        sites >= 2
    });
    Some(Move {
        share: share?.value,
        who: who?,
        travel: travel?.value,
        to: to?,
        informed: informed?.value,
        permanent: permanent?.value,
        fills_per_year: fills?.value,
    })
}

/// Minutes as a bare number: the unit is in the key.
pub(super) fn minutes(table: &mut Reader<'_>, key: &'static str, about: &'static str) -> Option<Span> {
    let minutes = table.required::<f64>(key, about)?.value;
    if (0.0..=10_000.0).contains(&minutes) {
        return Some(Span::MINUTE.scaled(minutes));
    }
    table.refuse(
        key,
        format!("`{key}` in {} must be from 0 to 10000", table.title()),
        "out of range",
        "the unit is a minute of staff time",
    );
    None
}

fn read_give_up(give_up: &mut Reader<'_>, known: Known<'_>) -> Option<GiveUp> {
    let share = give_up
        .required::<Share>("share", "Probability, each time that a blocked patient has to decide, that he or she goes without.");
    let who = who::read(give_up, known);
    Some(GiveUp { share: share?.value, who: who? })
}

fn read_wait(wait: &mut Reader<'_>) -> Option<Wait> {
    let return_after = wait.required::<SpanLaw>("return_after", "Time until the patient asks again.");
    let patience =
        wait.or_default::<OrNone<SpanLaw>>("patience", "none", "Time since the request after which the patient gives up.");
    let return_after = return_after.filter(|law| {
        let good = law.value.mean() >= SHORTEST_REST;
        if !good {
            let message = format!("`return_after` in {} must be at least {SHORTEST_REST} on average", wait.title());
            wait.refuse("return_after", message, "too short", "for example \"1 d\"");
        }
        good
    });
    Some(Wait { return_after: return_after?.value, patience: patience?.value.0 })
}
