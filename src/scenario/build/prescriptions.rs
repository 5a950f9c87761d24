//! `[prescriptions]`, `[drug_classes]` and `[work]`.

use super::shares::sum_to_one;
use crate::input::{At, Given, OrNone, Reader, check_id};
use crate::random::{MoneyLaw, SpanLaw};
use crate::response::{Attributes, ClassAttributes};
use crate::scenario::{DrugClass, Prescriptions, Work};
use crate::units::Share;

/// Reads what kinds of prescriptions there are.
pub(super) fn read(top: &mut Reader<'_>) -> Option<Prescriptions> {
    let kinds = top.section_or_empty("prescriptions").and_then(|mut prescriptions| {
        let new = prescriptions.or_default::<Share>(
            "new",
            0,
            "Share that are new and so come from a prescriber; the rest are refills on file.",
        );
        let paper = prescriptions.or_default::<Share>(
            "paper",
            0,
            "Share of the new ones that come on paper, not through a prescribing network.",
        );
        let patience = prescriptions.or_default::<OrNone<SpanLaw>>(
            "patience",
            "none",
            "How long a patient stays in line before staff begin.",
        );
        prescriptions.finish();
        Some((new?.value, paper?.value, patience?.value.0))
    });
    let classes = read_classes(top);
    let ((new, paper, patience), classes) = (kinds?, classes?);
    let (classes, attributes): (Vec<DrugClass>, Vec<ClassAttributes>) = classes.into_iter().unzip();
    Some(Prescriptions { paper, patience, classes, attributes: Attributes { new, classes: attributes } })
}

/// Each priority is a waiting line at every site.
const MOST_PRIORITIES: u8 = 100;

/// The most drug classes.
const MOST_CLASSES: usize = 200;

const SHARE: &str = "Share of prescriptions.";
const PRIORITY: &str = "Place in line: 0 is served first, equals in order of arrival.";

/// Reads the drug classes; by default there is one.
fn read_classes(top: &mut Reader<'_>) -> Option<Vec<(DrugClass, ClassAttributes)>> {
    let mut section = top.section_or_empty("drug_classes")?;
    if section.keys().is_empty() {
        let mut any = section.section_or_empty("any")?;
        let (share, priority) = (any.or_default::<Share>("share", 1, SHARE), any.or_default::<u32>("priority", 0, PRIORITY));
        let attributes = read_attributes(&mut any);
        let (share, priority) = (share?.value, priority?.value as u8);
        return Some(vec![(DrugClass { id: "any".to_owned(), share, priority }, attributes?)]);
    }
    let mut classes: Vec<Option<(DrugClass, ClassAttributes, At<Share>)>> = Vec::new();
    let is_only = section.keys().len() == 1;
    for key in section.keys() {
        let id_is_good = check_class_id(&key, &mut section);
        let Some(mut table) = section.chosen_section(&key.value) else {
            classes.push(None);
            continue;
        };
        let share = if is_only { table.or_default::<Share>("share", 1, SHARE) } else { table.required::<Share>("share", SHARE) };
        let share = share.filter(|share| {
            let good = share.value.value() > 0.0;
            if !good {
                table.refuse(
                    "share",
                    format!("the share of {} is zero", table.title()),
                    "nobody needs it",
                    "leave the class away",
                );
            }
            good
        });
        let priority = table.or_default::<u32>("priority", 0, PRIORITY).and_then(|priority| {
            let number = u8::try_from(priority.value).ok().filter(|number| *number <= MOST_PRIORITIES);
            if number.is_none() {
                table.refuse(
                    "priority",
                    format!("`priority` in {} must be from 0 to {MOST_PRIORITIES}", table.title()),
                    "out of range",
                    "0 is served first",
                );
            }
            number
        });
        let attributes = read_attributes(&mut table);
        table.finish();
        let class = share.zip(priority).zip(attributes).filter(|_| id_is_good);
        classes.push(class.map(|((share, priority), attributes)| {
            (DrugClass { id: key.value, share: share.value, priority }, attributes, share)
        }));
    }
    let classes = classes.into_iter().collect::<Option<Vec<_>>>()?;
    if classes.len() > MOST_CLASSES {
        let message = format!("[drug_classes] has {} classes: at most {MOST_CLASSES}", classes.len());
        section.log().refuse_at(classes[MOST_CLASSES].2.place, message, "too many", "leave some away");
        return None;
    }
    let shares: Vec<Share> = classes.iter().map(|(.., share)| share.value).collect();
    let last = classes.last().map_or(section.place(), |(.., share)| share.place);
    if let Some((class, ..)) =
        classes.iter().find(|(_, attributes, _)| attributes.price.is_some() != classes[0].1.price.is_some())
    {
        let message = format!("some drug classes have a price and some have not, [drug_classes.{}] among them", class.id);
        section.log().refuse_at(last, message, "some without a price", "give all of them a price, or none");
        return None;
    }
    sum_to_one(&shares, last, "[drug_classes]", section.log())
        .then(|| classes.into_iter().map(|(class, attributes, _)| (class, attributes)).collect())
}

/// What the prescriptions of a class bring with them.
fn read_attributes(table: &mut Reader<'_>) -> Option<ClassAttributes> {
    let price = table.or_default::<OrNone<MoneyLaw>>("price", "none", "Price of a prescription.");
    let on_hand = table.or_default::<OrNone<SpanLaw>>("on_hand", "none", "Supply in hand when a refill is requested.");
    let none_on_hand = table.or_default::<Share>("none_on_hand", 0, "Share of refills with nothing left at the request.");
    let on_hand_new =
        table.or_default::<OrNone<SpanLaw>>("on_hand_new", "none", "Supply in hand when a new prescription is requested.");
    let doses = table.or_default::<f64>("doses_per_day", 1, "Doses a day, for missed doses.").filter(|doses| {
        let good = doses.value > 0.0 && doses.value <= 100.0;
        if !good {
            let message = format!("`doses_per_day` in {} must be above 0 and at most 100", table.title());
            table.refuse("doses_per_day", message, "out of range", "for example 2");
        }
        good
    });
    let (on_hand, none_on_hand) = (on_hand?, none_on_hand?);
    if on_hand.value.0.is_none() && none_on_hand.value > Share::NONE {
        let message = format!("`none_on_hand` in {} is never used: nobody has anything in hand", table.title());
        table.refuse("none_on_hand", message, "never used", "say with `on_hand` how much the others have");
        return None;
    }
    Some(ClassAttributes {
        price: price?.value.0,
        on_hand: on_hand.value.0,
        none_on_hand: none_on_hand.value,
        on_hand_new: on_hand_new?.value.0,
        doses_per_day: doses?.value,
    })
}

fn check_class_id(id: &At<String>, section: &mut Reader<'_>) -> bool {
    let Err((why, better)) = check_id(&id.value) else { return true };
    let help = better.map(|better| format!("write `{better}`")).unwrap_or_default();
    section.log().refuse_at(id.place, format!("the id `{}` {why}", id.value), "not an id", help);
    false
}

/// Reads staff work.
pub(super) fn read_work(top: &mut Reader<'_>) -> Option<Work> {
    let mut work = match top.section("work") {
        Given::Good(work) => work,
        Given::Bad => return None,
        Given::Absent => return Some(Work { entry: None, fill: None }),
    };
    let entry = work.or_default::<OrNone<SpanLaw>>("entry", "none", "Staff time to enter a prescription.");
    let fill = work.or_default::<OrNone<SpanLaw>>("fill", "none", "Staff time to fill and verify it.");
    work.finish();
    Some(Work { entry: entry?.value.0, fill: fill?.value.0 })
}
