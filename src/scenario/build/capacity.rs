//! What has no capacity cannot be given a part of it.

use super::target::Aim;
use crate::disruption::{ArrivalRule, InFlight, Mode, Recovery};
use crate::input::Reader;
use crate::network::{Capacity, LinkId, Network, Role, ServiceId};

/// Refuses a degraded mode, a ramp or a stage with part of the capacity where a target takes any number of claims at once, and stages for some
/// pharmacies where a prescribing network is hit, which serves all or none.
pub(super) fn check(
    table: &mut Reader<'_>,
    aim: Option<&Aim>,
    mode: Option<&Mode>,
    rules: (Option<InFlight>, Option<ArrivalRule>),
    recovery: Option<&Recovery>,
    network: Option<&Network>,
) -> Option<()> {
    let (Some(aim), Some(network)) = (aim, network) else { return Some(()) };
    let (below, _) = network.dependants(&aim.target.platforms);
    let services: Vec<ServiceId> = aim.target.services.iter().copied().chain(below).collect();
    let service = |ServiceId(index): ServiceId| &network.services[usize::from(index)];
    let link = |LinkId(index): LinkId| &network.links[usize::from(index)];

    let unlimited = services.iter().map(|&id| service(id)).find(|service| matches!(service.capacity, Capacity::Unlimited));
    let name = unlimited.map(|service| format!("the {} `{}`", service.role.name().replace('_', " "), service.id)).or_else(|| {
        let link = link(*aim.target.links.first()?);
        Some(format!("the link `{}` to `{}`", service(link.from).id, service(link.to).id))
    });
    let in_part = match recovery {
        Some(Recovery::Ramp { .. }) => true,
        Some(Recovery::Stages(stages)) => stages.iter().any(|stage| stage.capacity.value() < 1.0),
        _ => false,
    };
    if let Some(name) = name {
        let message = |key| format!("`{key}` in {}: {name} has no capacity of which a part could be left", table.title());
        let help = "give it capacity = \"100 claims/s\" or servers and service, or stop and restore it as a whole";
        if matches!(mode, Some(Mode::Degrade(_))) {
            let message = message("mode");
            table.refuse("mode", message, "changes nothing", help);
            return None;
        }
        if in_part && mode.is_some_and(|mode| !matches!(mode, Mode::Latency(_) | Mode::Reject(_))) {
            let message = message("recovery");
            table.refuse("recovery", message, "changes nothing", help);
            return None;
        }
    }
    if in_part && matches!(mode, Some(Mode::Latency(_))) {
        let message = format!("`recovery` in {}: a latency is there or gone, it does not come back in parts", table.title());
        table.refuse("recovery", message, "changes nothing", "write recovery = \"at_once\", or stages with all the capacity");
        return None;
    }
    let everybody = network.pharmacies.len();
    let for_some = matches!(recovery, Some(Recovery::Stages(stages)) if stages.iter().any(|stage| stage.who.len() < everybody));
    let keeps = rules.1 == Some(ArrivalRule::Queue) || rules.0 == Some(InFlight::Frozen);
    if for_some && keeps && aim.carries_claims && matches!(mode, Some(Mode::HardStop)) {
        let message =
            format!("`recovery` in {}: stages for some pharmacies would serve everybody's waiting claims", table.title());
        let help = "write in_flight = \"resubmit\" and arrivals = \"refuse\": claims then wait at their pharmacies";
        table.refuse("recovery", message, "claims of all are inside", help);
        return None;
    }
    let prescribing = services.iter().map(|&id| service(id)).find(|service| service.role == Role::PrescribingNetwork);
    if let (true, Some(service)) = (for_some, prescribing) {
        let message =
            format!("`recovery` in {}: the prescribing network `{}` serves all pharmacies or none", table.title(), service.id);
        let help = "leave `who` away, or write an outage of its own for the prescribing network";
        table.refuse("recovery", message, "stages are for claims", help);
        return None;
    }
    Some(())
}
