//! `[[order]]`: orders and playbooks.

use super::attacks::Attacks;
use super::downtime::minutes;
use super::law::constant_of;
use super::outages::read_id;
use super::run::Run;
use super::switch;
use super::who::{self, Known};
use crate::disruption::{Onset, Outage};
use crate::input::{At, FromNode, Given, ManyOf, OrNone, Reader, Value, name_list, nearest, refuse_value};
use crate::random::SpanLaw;
use crate::response::Emergency;
use crate::scenario::{Actions, Order, Reject, Trigger};
use crate::units::{CivilTime, Money, Share, Span};

/// What triggers and actions refer to; `None` after a mistake there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around<'a> {
    pub(super) run: Option<&'a Run>,
    pub(super) spells: Option<&'a [Spell<'a>]>,
    pub(super) rejects: Option<&'a [Reject]>,
    /// Whether anything can be blocked: an order about supply needs that.
    pub(super) claims: bool,
    /// Whether pharmacies have a manual procedure.
    pub(super) on_trust: bool,
}

/// An outage or an attack, which an order may follow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spell<'a> {
    id: &'a str,
    /// Whether it can happen at all.
    happens: bool,
    /// Its onset, where that is fixed.
    onset: Option<Span>,
}

/// What an order may follow, in the order of [`Scenario::disruptions`](crate::scenario::Scenario::disruptions); `None` after a mistake there.
pub(super) fn spells<'a>(outages: Option<&'a [Outage]>, attacks: &'a Attacks) -> Option<Vec<Spell<'a>>> {
    let outage = |outage: &'a Outage| {
        let onset = if let Onset::At(onset) = outage.onset { Some(onset) } else { None };
        Spell { id: &outage.id, happens: outage.probability > Share::NONE, onset }
    };
    let mut spells: Vec<Spell<'a>> = outages?.iter().map(outage).collect();
    let attacks = attacks.read.as_ref()?.iter().zip(&attacks.onsets);
    spells.extend(attacks.map(|(attack, &onset)| Spell { id: &attack.id, happens: attack.succeeds > Share::NONE, onset }));
    Some(spells)
}

/// The most orders.
const MOST_ORDERS: usize = 100;

/// Reads the list; `None` after a mistake. `taken` are the ids of outages, attacks and failures.
pub(super) fn read(top: &mut Reader<'_>, known: Known<'_>, around: Around<'_>, taken: &[At<String>]) -> Option<Vec<Order>> {
    let mut ids = taken.to_vec();
    let mut number = 1;
    let orders = top.each_table("order", |mut table| {
        if switch::is_bare(&mut table) {
            return None;
        }
        let id = read_id(&mut table, ids.iter());
        let on = switch::read(&mut table);
        let groups = who::read_groups(&mut table, "pharmacy", known);
        let payers = who::read_payers(&mut table, known);
        let trigger = read_trigger(&mut table, around);
        let lead_time = table.or_default::<SpanLaw>("lead_time", "0 s", "Time from the trigger until it is in force.");
        let lead_time = lead_time.filter(|law| comes_in_time(&mut table, trigger.as_ref(), &law.value, around));
        let lasts = table.or_default::<OrNone<Span>>("lasts", "none", "How long it is in force; none: to the end of the run.");
        // An order that is off does not need a manual procedure that is off as well.
        let around = Around { on_trust: around.on_trust || on == Some(false), ..around };
        let actions = read_actions(&mut table, known, around, number);
        check_payers(&mut table, actions.as_ref(), payers.as_ref(), known);
        let lasts = lasts.filter(|lasts| lasts_at_all(&mut table, lasts.value.0));
        number = number.saturating_add(1);
        table.finish();
        ids.extend(id.clone());
        on?;
        let mut marked = vec![false; known.network.map_or(0, |network| network.pharmacies.len())];
        for group in groups? {
            if let Some(mark) = marked.get_mut(group.0 as usize) {
                *mark = true;
            }
        }
        Some(Order {
            id: id?.value,
            groups: marked,
            payers: payers?,
            trigger: trigger?,
            lead_time: lead_time?.value,
            lasts: lasts?.value.0,
            actions: actions?,
        })
    })?;
    if orders.len() > MOST_ORDERS {
        let place = top.key_place("order").unwrap_or(top.place());
        top.log().refuse_at(place, format!("there are {} orders: at most {MOST_ORDERS}", orders.len()), "too many", "");
        return None;
    }
    Some(orders)
}

/// An order that takes longer than the run to come into force never does.
fn comes_in_time(table: &mut Reader<'_>, trigger: Option<&Trigger>, lead_time: &SpanLaw, around: Around<'_>) -> bool {
    let (Some(trigger), Some(lead), Some(run)) = (trigger, constant_of(lead_time), around.run) else { return true };
    let earliest = match trigger {
        Trigger::At(time) => *time,
        Trigger::After { spell, delay } => {
            let onset = around.spells.and_then(|spells| spells.get(*spell)).and_then(|spell| spell.onset);
            onset.unwrap_or(Span::ZERO) + *delay
        }
        Trigger::Backlog(_) | Trigger::ShareDelayed(_) => Span::ZERO,
    };
    if earliest + lead < run.settings.horizon {
        return true;
    }
    let message = format!("{} can never come into force: the run ends after {}", table.title(), run.settings.horizon);
    table.refuse("lead_time", message, "after the horizon", "make it shorter, or switch the order off: enabled = false");
    false
}

/// An order that ends as it begins changes nothing.
fn lasts_at_all(table: &mut Reader<'_>, lasts: Option<Span>) -> bool {
    if lasts == Some(Span::ZERO) {
        let message = format!("{} changes nothing: it ends as it begins", table.title());
        table.refuse("lasts", message, "no time", "to switch it off write enabled = false");
    }
    lasts != Some(Span::ZERO)
}

/// Payers are for actions that concern claims, and pay for somebody.
fn check_payers(table: &mut Reader<'_>, actions: Option<&Actions>, payers: Option<&Option<Vec<bool>>>, known: Known<'_>) {
    let Some(payers) = payers else { return };
    if payers.as_ref().is_some_and(|payers| !who::any_pays(payers, known)) {
        let message = format!("{} is for nobody: none of its payers pays for any prescription", table.title());
        table.refuse("payer", message, "never pays", "name a payer with a share");
    }
    if actions.is_some_and(|actions| actions.emergency_supply.is_none() && actions.waive.is_none()) && table.has("payer") {
        let message = format!("`payer` in {} is never used: none of its actions is about claims", table.title());
        table.refuse("payer", message, "never used", "leave it away, or say with `pharmacy` whom it is for");
    }
}

/// `at` (a time) or `when` (a state), one of them.
fn read_trigger(table: &mut Reader<'_>, around: Around<'_>) -> Option<Trigger> {
    const AT: &str = "What sets it off: a local date and time, a time after t = 0, or { after = \"outage\", delay = \"3 d\" }.";
    let (by_time, by_state) = (table.has("at"), table.has("when"));
    match (by_time, by_state) {
        (true, false) => read_time(table, AT, around),
        (false, true) => read_state(table, around),
        (true, true) => {
            let message = format!("{} has two triggers", table.title());
            table.refuse("when", message, "one is enough", "leave `at` or `when` away");
            None
        }
        (false, false) => {
            table.missing("at", "at = { after = \"some-outage\", delay = \"3 d\" }", AT);
            None
        }
    }
}

fn read_time(table: &mut Reader<'_>, about: &'static str, around: Around<'_>) -> Option<Trigger> {
    table.record("at", about, "time");
    let (node, scope, log) = table.node("at")?;
    let trigger = match &node.value {
        Value::Table(_) => return read_after(table, around),
        Value::DateTime(_) => {
            let time = CivilTime::from_node(node, &scope, log)?;
            let Some(run) = around.run else { return Some(Trigger::At(Span::ZERO)) };
            let start = run.settings.start;
            let Some(span) = time.elapsed_since(start) else {
                return refuse_value(
                    node,
                    &scope,
                    log,
                    &format!("is before the start of the run ({start})"),
                    "too early",
                    "take a later time, or an earlier run.start",
                );
            };
            span
        }
        _ => Span::from_node(node, &scope, log)?,
    };
    check_time(table, trigger, around)?;
    Some(Trigger::At(trigger))
}

/// An order that comes after the end never comes.
fn check_time(table: &mut Reader<'_>, time: Span, around: Around<'_>) -> Option<()> {
    let Some(run) = around.run else { return Some(()) };
    if time < run.settings.horizon {
        return Some(());
    }
    let message = format!("{} can never trigger: the run ends after {}", table.title(), run.settings.horizon);
    table.refuse("at", message, "after the horizon", "let it come earlier, or make run.horizon longer");
    None
}

fn read_after(table: &mut Reader<'_>, around: Around<'_>) -> Option<Trigger> {
    let title = table.title().to_owned();
    let mut at = table.section("at").good()?;
    let after = at.required::<String>("after", "The outage or attack after whose onset it comes.");
    let delay = at.or_default::<Span>("delay", "0 s", "Time from the onset.");
    let mut found = None;
    if let (Some(after), Some(spells)) = (&after, around.spells) {
        let ids: Vec<&str> = spells.iter().map(|spell| spell.id).collect();
        found = ids.iter().position(|id| *id == after.value);
        match found.map(|index| (index, &spells[index])) {
            None => {
                let help = match nearest(&after.value, ids.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if ids.is_empty() => "there is neither in this scenario".to_owned(),
                    None => format!("there are {}", name_list(&ids)),
                };
                at.refuse(
                    "after",
                    format!("{title} follows `{}`, which is neither an outage nor an attack", after.value),
                    "unknown",
                    help,
                );
            }
            Some((_, spell)) if !spell.happens => {
                at.refuse(
                    "after",
                    format!("{title} can never trigger: the probability of `{}` is 0", spell.id),
                    "never happens",
                    "",
                );
                found = None;
            }
            Some((index, spell)) => {
                if let (Some(onset), Some(delay), Some(run)) = (spell.onset, &delay, around.run)
                    && onset + delay.value >= run.settings.horizon
                {
                    let message = format!("{title} can never trigger: the run ends after {}", run.settings.horizon);
                    at.refuse("delay", message, "after the horizon", "let it come earlier, or make run.horizon longer");
                    return None;
                }
                found = Some(index);
            }
        }
    }
    at.finish();
    after?;
    let delay = delay?.value;
    if around.spells.is_none() {
        return Some(Trigger::At(Span::ZERO));
    }
    Some(Trigger::After { spell: found?, delay })
}

fn read_state(table: &mut Reader<'_>, around: Around<'_>) -> Option<Trigger> {
    let title = table.title().to_owned();
    let mut when = table.section("when").good()?;
    let backlog =
        when.optional::<Span>("backlog", "Prescriptions held back, in the time in which as many are requested.").checked();
    let delayed = when
        .optional::<Share>("share_delayed", "Share of the last 24 h's prescriptions that has waited for more than 24 h.")
        .checked();
    let (place, claims) = (when.place(), around.claims);
    let trigger = match (backlog?, delayed?) {
        (Some(backlog), None) if backlog.value > Span::ZERO => Trigger::Backlog(backlog.value),
        (None, Some(share)) if share.value > Share::NONE => Trigger::ShareDelayed(share.value),
        (Some(_), Some(_)) => {
            when.log().refuse_at(place, format!("{title} has two triggers"), "one is enough", "write an order for each");
            return None;
        }
        (None, None) => {
            let help = "write when = { backlog = \"0.5 d\" } or when = { share_delayed = 0.1 }";
            when.log().refuse_at(place, format!("the trigger of {title} names no state"), "empty", help);
            return None;
        }
        _ => {
            when.log().refuse_at(
                place,
                format!("{title} triggers at nothing"),
                "zero",
                "for an order from the first write at = \"0 s\"",
            );
            return None;
        }
    };
    when.finish();
    if !claims && matches!(trigger, Trigger::Backlog(_)) {
        let help = "declare payers, or trigger by time";
        table.log().refuse_at(place, format!("{title} can never trigger: without claims nothing is held back"), "never", help);
        return None;
    }
    Some(trigger)
}

fn read_actions(table: &mut Reader<'_>, known: Known<'_>, around: Around<'_>, number: u8) -> Option<Actions> {
    let emergency_supply = read_supply(table, around, number);
    let waive = read_waive(table, around);
    let interim_payment = table.optional::<Money>("interim_payment", "Paid to each store a week in advance.").checked();
    let staff = table.optional::<f64>("staff", "Staff work this many times as fast.").checked();
    let prioritise = who::read_classes(table, "prioritise", known);
    let mut good = true;
    if let Some(Some(factor)) = &staff
        && !((0.01..=10.0).contains(&factor.value) && factor.value != 1.0)
    {
        let message = format!("`staff` in {} must be from 0.01 to 10, and not 1", table.title());
        table.refuse("staff", message, "out of range", "1.2 is a fifth more hands");
        good = false;
    }
    if let Some(Some(money)) = &interim_payment {
        if money.value == Money::ZERO {
            table.refuse("interim_payment", "an interim payment of nothing changes nothing", "nothing", "");
            good = false;
        }
        good &= who::refuse_without_prices(table, "interim_payment", known);
    }
    let actions = Actions {
        emergency_supply: emergency_supply?,
        waive: waive?,
        interim_payment: interim_payment?.map(|at| at.value),
        staff: staff?.map(|at| at.value),
        prioritise: prioritise?,
    };
    let Actions { emergency_supply, waive, interim_payment, staff, prioritise } = &actions;
    let any = emergency_supply.is_some() || waive.is_some() || interim_payment.is_some() || staff.is_some();
    if !any && prioritise.is_none() {
        let message = format!("{} does nothing", table.title());
        let help = "give it at least one of emergency_supply, waive, interim_payment, staff and prioritise";
        let place = table.place();
        table.log().refuse_at(place, message, "no action", help);
        return None;
    }
    good.then_some(actions)
}

#[expect(clippy::option_option, reason = "a mistake and none at all are two things")]
fn read_supply(table: &mut Reader<'_>, around: Around<'_>, order: u8) -> Option<Option<Emergency>> {
    if !around.claims {
        table.refuse_key("emergency_supply", "without claims nothing is held back", "declare payers");
        return Some(None);
    }
    let mut supply = match table.section("emergency_supply") {
        Given::Good(supply) => supply,
        Given::Bad => return None,
        Given::Absent => return Some(None),
    };
    let share = supply.required::<Share>("share", "Probability that a pharmacy follows the order.");
    let amount = supply.optional::<Span>("supply", "Supply handed out; absent: the whole prescription.").checked();
    let (share, amount) = (share?.value, amount?.map(|at| at.value));
    let staff = if amount.is_some() {
        minutes(&mut supply, "extra_minutes", "Staff minutes to hand it out.")
    } else {
        let why = "the whole prescription takes the manual procedure of [downtime.on_trust]";
        supply.refuse_key("extra_minutes", why, "leave it away");
        if !around.on_trust {
            let message = format!("{} hands out whole prescriptions, but there is no manual procedure", supply.title());
            supply.refuse(
                "share",
                message,
                "how is it filled?",
                "that of [downtime.on_trust] has to be in force; or name a `supply`",
            );
        }
        Some(Span::ZERO)
    };
    let nothing = share == Share::NONE || amount == Some(Span::ZERO);
    if nothing {
        let message = format!("{} changes nothing", supply.title());
        let key = if share == Share::NONE { "share" } else { "supply" };
        supply.refuse(key, message, "no supply", "leave it away");
    }
    supply.finish();
    let staff = staff?;
    (!nothing).then_some(Some(Emergency { share, supply: amount, staff, order }))
}

#[expect(clippy::option_option, reason = "a mistake and none at all are two things")]
fn read_waive(table: &mut Reader<'_>, around: Around<'_>) -> Option<Option<(Vec<bool>, Share)>> {
    let mut waive = match table.section("waive") {
        Given::Good(waive) => waive,
        Given::Bad => return None,
        Given::Absent => return Some(None),
    };
    let rejects =
        waive.required_like::<ManyOf<String>>("rejects", "[\"prior-authorisation\"]", "Kinds of rejection that are waived.");
    let share = waive.or_default::<Share>("share", 1, "Probability that a rejection of these kinds is waived.");
    let marked = rejects.zip(around.rejects).map(|(given, rejects)| {
        let ids: Vec<&str> = rejects.iter().map(|reject| reject.id.as_str()).collect();
        who::marks(&given, &ids, "kind of rejection", waive.log())
    });
    waive.finish();
    Some(Some((marked??, share?.value)))
}
