//! `[copay]`: secondary claims of patients with a copay card.

use super::names::Kind;
use super::routes::{ADD_PAYER, NO_PAYER};
use super::switch::{self, Switched};
use super::who::{self, Known};
use crate::input::{Given, Reader};
use crate::network::ServiceId;
use crate::random::MoneyLaw;
use crate::scenario::Copay;
use crate::units::Share;

/// Reads the section, outer `None` after a mistake; and the service that processes the claims, known even if something else is wrong.
#[expect(clippy::option_option, reason = "a mistake and none at all are two things")]
pub(super) fn read(top: &mut Reader<'_>, known: Known<'_>) -> (Option<Option<Switched<Copay>>>, Option<ServiceId>) {
    if !known.names.has(Kind::Payer) {
        top.refuse_key("copay", NO_PAYER, ADD_PAYER);
        return (Some(None), None);
    }
    let mut table = match top.section("copay") {
        Given::Good(table) => table,
        Given::Bad => return (None, None),
        Given::Absent => return (Some(None), None),
    };
    if switch::is_bare(&mut table) {
        return (None, None);
    }
    let on = switch::read(&mut table);
    let processor = table
        .required_like::<String>("processor", "\"some-payer\"", "The payer that processes the cards; its own share is 0.")
        .and_then(|id| known.names.find(Kind::Payer, &id, table.log()).map(|name| name.index));
    let share = table.required::<Share>("share", "Share of prescriptions whose patient has a card.").filter(|share| {
        let good = share.value > Share::NONE;
        if !good {
            table.refuse(
                "share",
                "`share` in [copay] is zero: nobody has a card",
                "changes nothing",
                "leave [copay] away, or switch it off: enabled = false",
            );
        }
        good
    });
    let out_of_pocket =
        table.required_like::<MoneyLaw>("out_of_pocket", "\"150 usd\"", "What the patient would have to pay without the card.");
    let about = "Probability that the patient will not pay that, flat or by amount.";
    let abandon = who::read_bands(&mut table, "abandon", about, None);
    let wait =
        table.or_default::<Share>("wait", 0, "Share of those who will not pay who come back later rather than go without.");
    table.finish();
    let service = processor.map(|processor| ServiceId(processor as u16));
    let copay = || {
        let processor = processor?;
        let processor = known.network.map_or(0, |network| who::payer_rank(network, processor));
        let copay =
            Copay { processor, share: share?.value, out_of_pocket: out_of_pocket?.value, abandon: abandon?, wait: wait?.value };
        Some(Switched { value: copay, on: on? })
    };
    (copay().map(Some), service)
}
