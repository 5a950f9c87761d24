//! `who`: whom a response is for; and probabilities by band of price.

use super::Names;
use super::names::Kind;
use super::selector::select;
use crate::input::{At, Given, Log, ManyOf, Place, Reader, Value, name_list, nearest};
use crate::network::{GroupId, Network, Role, Service, ServiceId};
use crate::response::{Bands, Who};
use crate::scenario::Prescriptions;
use crate::units::{Money, Share, Span};

/// What conditions refer to; `None` after a mistake there, and conditions on it are then left unchecked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    pub(super) names: &'a Names,
    pub(super) network: Option<&'a Network>,
    pub(super) prescriptions: Option<&'a Prescriptions>,
}

impl Known<'_> {
    /// Whether prices are known; a mistake elsewhere counts as yes.
    pub(super) fn has_prices(&self) -> bool {
        self.prescriptions.is_none_or(|prescriptions| prescriptions.attributes.knows_prices())
    }

    fn knows_supply(&self) -> bool {
        self.prescriptions.is_none_or(|prescriptions| prescriptions.attributes.knows_supply())
    }
}

const NO_PRICES: &str = "prescriptions have no prices";
const ADD_PRICES: &str = "give every drug class a `price`, for example price = \"60 usd\"";

/// Reads `who`; absent means everybody.
pub(super) fn read(table: &mut Reader<'_>, known: Known<'_>) -> Option<Who> {
    let mut who = match table.section("who") {
        Given::Good(who) => who,
        Given::Bad => return None,
        Given::Absent => return Some(Who::default()),
    };
    let drug_class = read_classes(&mut who, "drug_class", known);
    let payer = read_payers(&mut who, known);
    let kind = read_kind(&mut who);
    let on_hand_below = who.optional::<Span>("on_hand_below", "Only patients who have less supply than this left.").checked();
    let price_below = who.optional::<Money>("price_below", "Only prescriptions cheaper than this.").checked();
    let mut good = true;
    if !known.has_prices() && price_below.as_ref().is_some_and(Option::is_some) {
        let message = format!("`price_below` in {} is never used: {NO_PRICES}", who.title());
        who.refuse("price_below", message, "no prices", ADD_PRICES);
        good = false;
    }
    if !known.knows_supply() && on_hand_below.as_ref().is_some_and(Option::is_some) {
        let message = format!("`on_hand_below` in {} is never used: nobody has any supply in hand", who.title());
        who.refuse("on_hand_below", message, "no supply", "give a drug class `on_hand`, for example on_hand = \"3 d\"");
        good = false;
    }
    for (key, is_zero) in [
        ("on_hand_below", on_hand_below.as_ref().is_some_and(|at| at.as_ref().is_some_and(|at| at.value == Span::ZERO))),
        ("price_below", price_below.as_ref().is_some_and(|at| at.as_ref().is_some_and(|at| at.value == Money::ZERO))),
    ] {
        if is_zero {
            let message = format!("`{key}` in {} is met by nobody", who.title());
            who.refuse(key, message, "never below zero", "to switch the response off write enabled = false");
            good = false;
        }
    }
    if payer.as_ref().is_some_and(|payers| payers.as_ref().is_some_and(|payers| !any_pays(payers, known))) {
        let message = format!("`payer` in {} is met by nobody: none of them pays for any prescription", who.title());
        who.refuse("payer", message, "never pays", "name a payer with a share");
        good = false;
    }
    if who.keys().is_empty() {
        let (place, title) = (who.place(), who.title().to_owned());
        who.log().refuse_at(place, format!("{title} names no condition"), "empty", "leave it away to mean everybody");
        good = false;
    }
    who.finish();
    let who = Who {
        drug_class: drug_class?,
        payer: payer?,
        new: kind?,
        on_hand_below: on_hand_below?.map(|at| at.value),
        price_below: price_below?.map(|at| at.value),
    };
    good.then_some(who)
}

/// Marks of the drug classes under a key; inner `None` where the key is absent.
#[expect(clippy::option_option, reason = "a mistake and none at all are two things")]
pub(super) fn read_classes(table: &mut Reader<'_>, key: &'static str, known: Known<'_>) -> Option<Option<Vec<bool>>> {
    let given = table.optional::<ManyOf<String>>(key, "Drug classes.").checked()?;
    let (Some(given), Some(prescriptions)) = (given, known.prescriptions) else { return Some(None) };
    let ids: Vec<&str> = prescriptions.classes.iter().map(|class| class.id.as_str()).collect();
    marks(&given, &ids, "drug class", table.log()).map(Some)
}

/// Marks of those in a list of ids.
pub(super) fn marks(given: &At<ManyOf<String>>, ids: &[&str], what: &str, log: &mut Log) -> Option<Vec<bool>> {
    let mut marked = vec![false; ids.len()];
    let mut good = true;
    if given.value.0.is_empty() {
        log.refuse_at(given.place, format!("the list names no {what}"), "matches nothing", "name at least one, or leave it away");
        return None;
    }
    for wanted in &given.value.0 {
        if let Some(index) = ids.iter().position(|id| *id == wanted.value) {
            marked[index] = true;
            continue;
        }
        good = false;
        let help = match nearest(&wanted.value, ids.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if ids.is_empty() => "none is declared".to_owned(),
            None => format!("declared are {}", name_list(ids)),
        };
        log.refuse_at(wanted.place, format!("there is no {what} `{}`", wanted.value), "unknown", help);
    }
    good.then_some(marked)
}

/// Marks of payers, by their place among the payers; inner `None` where the key is absent.
#[expect(clippy::option_option, reason = "a mistake and none at all are two things")]
pub(super) fn read_payers(table: &mut Reader<'_>, known: Known<'_>) -> Option<Option<Vec<bool>>> {
    table.record("payer", "Payers, by id or by attribute.", "");
    let Some((node, scope, log)) = table.node("payer") else { return Some(None) };
    let selected = select(node, &scope, Kind::Payer, known.names, log)?;
    let Some(network) = known.network else { return Some(None) };
    Some(Some(payers(network).map(|(ServiceId(index), _)| selected.contains(&u32::from(index))).collect()))
}

/// The payers of a network, in their order.
pub(super) fn payers(network: &Network) -> impl Iterator<Item = (ServiceId, &Service)> {
    let all = (0..).map(ServiceId).zip(&network.services);
    all.filter(|(_, service)| service.role == Role::Payer)
}

/// Whether any of the marked payers pays for prescriptions of any pharmacy; a mistake elsewhere counts as yes.
pub(super) fn any_pays(marked: &[bool], known: Known<'_>) -> bool {
    let Some(network) = known.network else { return true };
    let shares = network.pharmacies.iter().flat_map(|group| &group.payers).filter(|(_, share)| *share > Share::NONE);
    let mut ranks = shares.map(|(service, _)| usize::from(payer_rank(network, u32::from(service.0))));
    ranks.any(|rank| marked.get(rank).copied().unwrap_or(false))
}

/// The place of a service among the payers.
pub(super) fn payer_rank(network: &Network, service: u32) -> u16 {
    network.services.iter().take(service as usize).filter(|service| service.role == Role::Payer).count() as u16
}

/// Groups of pharmacies under a key; all of them where the key is absent.
pub(super) fn read_groups(table: &mut Reader<'_>, key: &'static str, known: Known<'_>) -> Option<Vec<GroupId>> {
    table.record(key, "Pharmacies, by id or by attribute.", "");
    let all = |count: usize| (0..count as u32).map(GroupId).collect::<Vec<_>>();
    let Some((node, scope, log)) = table.node(key) else {
        return Some(all(known.network.map_or(0, |network| network.pharmacies.len())));
    };
    Some(select(node, &scope, Kind::Pharmacy, known.names, log)?.into_iter().map(GroupId).collect())
}

#[expect(clippy::option_option, reason = "a mistake and none at all are two things")]
fn read_kind(who: &mut Reader<'_>) -> Option<Option<bool>> {
    let kind = who.optional::<String>("kind", "Only new prescriptions (\"new\"), or only refills (\"refill\").").checked()?;
    match kind.as_ref().map(|kind| kind.value.as_str()) {
        None => Some(None),
        Some("new") => Some(Some(true)),
        Some("refill") => Some(Some(false)),
        Some(other) => {
            let message = format!("`kind` in {} is \"{other}\"", who.title());
            who.refuse("kind", message, "not a kind", "write \"new\" or \"refill\"");
            None
        }
    }
}

/// A probability, flat (`share = 0.6`) or by price: `share = [{ below = "100 usd", share = 0.75 }, { share = 0.1 }]`.
pub(super) fn read_bands(
    table: &mut Reader<'_>,
    key: &'static str,
    about: &'static str,
    priced: Option<Known<'_>>,
) -> Option<Bands> {
    let is_list = matches!(table.node(key), Some((node, ..)) if matches!(node.value, Value::Array(_)));
    if !is_list {
        return table.required::<Share>(key, about).map(|share| Bands::flat(share.value));
    }
    table.record(key, about, "share by price");
    let place = table.key_place(key).unwrap_or(table.place());
    let title = table.title().to_owned();
    let bands: Vec<(Option<At<Money>>, At<Share>, Place)> = table.each_table(key, |mut band| {
        let place = band.place();
        let below = band.optional::<Money>("below", "Prices below this, and not in a band above.").checked();
        let share = band.required::<Share>("share", "Probability in this band.");
        band.finish();
        Some((below?, share?, place))
    })?;
    let Some(((last, rest, last_place), lower)) = bands.split_last() else {
        table.refuse(key, format!("`{key}` in {title} has no band"), "empty", "write a share, or a list of bands");
        return None;
    };
    if last.is_some() {
        let help = "the last band has no `below`: it holds for all higher prices";
        table.log().refuse_at(*last_place, format!("the last band of `{key}` in {title} is not open"), "has a bound", help);
        return None;
    }
    let mut below: Vec<(Money, Share)> = Vec::new();
    for (limit, share, place) in lower {
        let Some(limit) = limit else {
            table.log().refuse_at(
                *place,
                format!("a band of `{key}` in {title} has no `below`"),
                "no bound",
                "only the last band is open",
            );
            return None;
        };
        if limit.value <= below.last().map_or(Money::ZERO, |(known, _)| *known) {
            table.log().refuse_at(limit.place, format!("the bands of `{key}` in {title} do not ascend"), "not higher", "");
            return None;
        }
        below.push((limit.value, share.value));
    }
    if !below.is_empty() && priced.is_some_and(|known| !known.has_prices()) {
        table.log().refuse_at(place, format!("`{key}` in {title} goes by price: {NO_PRICES}"), "no prices", ADD_PRICES);
        return None;
    }
    Some(Bands { below, rest: rest.value })
}

/// Reports a key that needs prices where there are none.
pub(super) fn refuse_without_prices(table: &mut Reader<'_>, key: &str, known: Known<'_>) -> bool {
    if known.has_prices() {
        return true;
    }
    let message = format!("`{key}` in {} cannot work: {NO_PRICES}", table.title());
    table.refuse(key, message, "no prices", ADD_PRICES);
    false
}
