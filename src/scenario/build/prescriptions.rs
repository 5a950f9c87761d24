//! `[prescriptions]`, `[drug_classes]` and `[work]`.

use super::shares::sum_to_one;
use crate::input::{At, Given, OrNone, Reader, check_id};
use crate::random::SpanLaw;
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
    Some(Prescriptions { new, paper, patience, classes })
}

/// Each priority is a waiting line at every site.
const MOST_PRIORITIES: u8 = 100;

/// The most drug classes.
const MOST_CLASSES: usize = 200;

const SHARE: &str = "Share of prescriptions.";
const PRIORITY: &str = "Place in line: 0 is served first, equals in order of arrival.";

/// Reads the drug classes; by default there is one.
fn read_classes(top: &mut Reader<'_>) -> Option<Vec<DrugClass>> {
    let mut section = top.section_or_empty("drug_classes")?;
    if section.keys().is_empty() {
        let mut any = section.section_or_empty("any")?;
        let (share, priority) = (any.or_default::<Share>("share", 1, SHARE), any.or_default::<u32>("priority", 0, PRIORITY));
        let (share, priority) = (share?.value, priority?.value as u8);
        return Some(vec![DrugClass { id: "any".to_owned(), share, priority }]);
    }
    let mut classes: Vec<Option<(DrugClass, At<Share>)>> = Vec::new();
    for key in section.keys() {
        let id_is_good = check_class_id(&key, &mut section);
        let Some(mut table) = section.chosen_section(&key.value) else {
            classes.push(None);
            continue;
        };
        let share = table.required::<Share>("share", SHARE).filter(|share| {
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
        table.finish();
        let class = share.zip(priority).filter(|_| id_is_good);
        classes.push(class.map(|(share, priority)| (DrugClass { id: key.value, share: share.value, priority }, share)));
    }
    let classes = classes.into_iter().collect::<Option<Vec<_>>>()?;
    if classes.len() > MOST_CLASSES {
        let message = format!("[drug_classes] has {} classes: at most {MOST_CLASSES}", classes.len());
        section.log().refuse_at(classes[MOST_CLASSES].1.place, message, "too many", "leave some away");
        return None;
    }
    let shares: Vec<Share> = classes.iter().map(|(_, share)| share.value).collect();
    let last = classes.last().map_or(section.place(), |(_, share)| share.place);
    sum_to_one(&shares, last, "[drug_classes]", section.log()).then(|| classes.into_iter().map(|(class, _)| class).collect())
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
