//! `[clearinghouses]`, `[payers]`, `[prescribing_networks]` and `[platforms]`.

use super::Names;
use super::csv_nodes::NodeRow;
use super::names::Kind;
use crate::input::{At, Given, ManyOf, OrNone, Place, Reader, StoreRate, Value, check_id};
use crate::network::{Capacity, Platform, PlatformId, Role, Service, ServiceId};
use crate::random::SpanLaw;
use crate::scenario::groups::OWN_KEYS;
use crate::units::{Rate, Share, Span};

/// What the sections say.
#[derive(Debug, Default)]
#[expect(clippy::struct_field_names, reason = "the services are the main part")]
pub(super) struct Services {
    /// In the order of [`Names`].
    pub(super) services: Vec<Service>,
    /// From each clearinghouse to where.
    pub(super) reaches: Vec<Reach>,
    /// Shares of the payers, and where they stand.
    pub(super) shares: Vec<(ServiceId, At<Share>)>,
}

/// Where a clearinghouse can send claims.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    pub(super) from: ServiceId,
    pub(super) payers: Vec<ServiceId>,
    pub(super) forwards: Vec<ServiceId>,
}

/// Reads the sections and the rows of the table; `None` after a mistake.
pub(super) fn read(top: &mut Reader<'_>, names: &Names, rows: &[NodeRow]) -> Option<Services> {
    let mut all = Services::default();
    let mut good = true;
    for kind in [Kind::Clearinghouse, Kind::Payer, Kind::PrescribingNetwork] {
        let mut section = match top.section(kind.section()) {
            Given::Good(section) => section,
            Given::Bad => {
                good = false;
                continue;
            }
            Given::Absent => continue,
        };
        for key in section.keys() {
            let Some(mut table) = section.chosen_section(&key.value) else {
                good = false;
                continue;
            };
            good &= read_one(&mut table, &key, kind, names, &mut all).is_some();
            table.finish();
        }
    }
    for row in rows {
        add_row(row, names, &mut all);
    }
    good.then_some(all)
}

fn read_one(table: &mut Reader<'_>, id: &At<String>, kind: Kind, names: &Names, all: &mut Services) -> Option<()> {
    let own = ServiceId(names.any(&id.value)?.index as u16);
    let share = (kind == Kind::Payer)
        .then(|| table.required::<Share>("share", "Share of prescriptions, unless pharmacies say otherwise."));
    let capacity = read_capacity(table);
    let latency = table.or_default::<OrNone<SpanLaw>>("latency", "none", "Time in passage beside the service proper.");
    let onboarding = (kind == Kind::Clearinghouse)
        .then(|| table.or_default::<OrNone<StoreRate>>("onboarding", "none", "How many new stores it can connect."));
    let depends_on = read_depends_on(table, names);
    let reach = (kind == Kind::Clearinghouse).then(|| read_reach(table, own, names));
    let attributes = read_attributes(table);
    let role = match kind {
        Kind::Clearinghouse => Role::Clearinghouse,
        Kind::Payer => Role::Payer,
        _ => Role::PrescribingNetwork,
    };
    if let Some(share) = share {
        all.shares.push((own, share?));
    }
    if let Some(reach) = reach {
        all.reaches.push(reach?);
    }
    let onboarding = match onboarding {
        Some(given) => given?.value.0.map(|StoreRate(rate)| rate),
        None => None,
    };
    let (capacity, latency, depends_on, attributes) = (capacity?, latency?.value.0, depends_on?, attributes?);
    all.services.push(Service { id: id.value.clone(), role, attributes, capacity, latency, onboarding, depends_on });
    Some(())
}

fn add_row(row: &NodeRow, names: &Names, all: &mut Services) {
    let role = match row.kind {
        Kind::Clearinghouse => Role::Clearinghouse,
        Kind::Payer => Role::Payer,
        Kind::PrescribingNetwork => Role::PrescribingNetwork,
        Kind::Pharmacy | Kind::Platform => return,
    };
    let Some(own) = names.any(&row.id.value).map(|name| ServiceId(name.index as u16)) else { return };
    if let Some(share) = row.share {
        all.shares.push((own, share));
    }
    if role == Role::Clearinghouse {
        all.reaches.push(Reach { from: own, payers: all_payers(names), forwards: Vec::new() });
    }
    all.services.push(Service {
        id: row.id.value.clone(),
        role,
        attributes: row.attributes.clone(),
        capacity: row.capacity.map_or(Capacity::Unlimited, |rate| Capacity::Throughput { rate, servers: 1 }),
        latency: row.latency.map(SpanLaw::constant),
        onboarding: None,
        depends_on: Vec::new(),
    });
}

fn all_payers(names: &Names) -> Vec<ServiceId> {
    names.of_kind(Kind::Payer).map(|name| ServiceId(name.index as u16)).collect()
}

/// `capacity`, perhaps with `servers`, or `servers` with `service`, or nothing.
fn read_capacity(table: &mut Reader<'_>) -> Option<Capacity> {
    let capacity = table.optional::<Rate>("capacity", "How many it takes at most in a unit of time.");
    if capacity.is_given() {
        table.refuse_key(
            "service",
            "`capacity` says how much is taken",
            "each takes servers / capacity: set these, or leave `capacity` away",
        );
        let servers =
            table.optional::<u32>("servers", "How many are served at once, each for servers / capacity; one, if not given.");
        let servers = match servers.checked() {
            Some(Some(servers)) => some_serve(table, servers, "leave `servers` away for one after the other"),
            Some(None) => Some(1),
            None => None,
        };
        let (rate, servers) = (capacity.good()?, servers?);
        return Some(Capacity::Throughput { rate: rate.value, servers });
    }
    if !table.has("servers") && !table.has("service") {
        return Some(Capacity::Unlimited);
    }
    let servers = table.required_like::<u32>("servers", "4", "How many are served at once.");
    let service = table.required_like::<SpanLaw>(
        "service",
        "{ exponential = { mean = \"20 ms\" } }",
        "Service time of one; or give `capacity` in its place.",
    );
    let (servers, service) = (servers?, service?);
    let servers = some_serve(table, servers, "leave `servers` and `service` away for no limit")?;
    if service.value.mean() == Span::ZERO {
        table.refuse(
            "service",
            format!("`service` in {} takes no time", table.title()),
            "no time",
            "leave `servers` and `service` away for no limit",
        );
        return None;
    }
    Some(Capacity::Servers { servers, service: service.value })
}

/// A number of servers that is not zero.
fn some_serve(table: &mut Reader<'_>, servers: At<u32>, help: &'static str) -> Option<u32> {
    if servers.value == 0 {
        table.refuse("servers", format!("`servers` in {} is zero", table.title()), "nobody serves", help);
        return None;
    }
    Some(servers.value)
}

fn read_reach(table: &mut Reader<'_>, own: ServiceId, names: &Names) -> Option<Reach> {
    let payers: Vec<&str> = names.of_kind(Kind::Payer).map(|name| name.id.as_str()).collect();
    let default = list_value(&payers, table.place());
    let reaches = table.or_default::<ManyOf<String>>("reaches", default, "Payers that it is connected to.");
    let forwards = table.optional::<ManyOf<String>>("forwards_to", "Clearinghouses that it passes claims on to.").checked();
    let payers = reaches.and_then(|ids| find_all(table, names, Kind::Payer, &ids.value.0));
    let forwards = match forwards? {
        Some(ids) => find_all(table, names, Kind::Clearinghouse, &ids.value.0),
        None => Some(Vec::new()),
    };
    let services = |ids: Vec<u32>| ids.into_iter().map(|id| ServiceId(id as u16)).collect::<Vec<_>>();
    let (payers, forwards) = (services(payers?), services(forwards?));
    if forwards.contains(&own) {
        table.refuse("forwards_to", format!("{} forwards to itself", table.title()), "itself", "name other clearinghouses");
        return None;
    }
    Some(Reach { from: own, payers, forwards })
}

/// A list of texts as a default.
fn list_value(ids: &[&str], place: Place) -> Value {
    Value::Array(ids.iter().map(|id| crate::input::Node { value: Value::from(*id), place }).collect())
}

/// The indices of nodes named in a list, none twice.
pub(super) fn find_all(table: &mut Reader<'_>, names: &Names, kind: Kind, ids: &[At<String>]) -> Option<Vec<u32>> {
    let mut found: Vec<Option<u32>> = Vec::with_capacity(ids.len());
    for (position, id) in ids.iter().enumerate() {
        if ids[..position].iter().any(|known| known.value == id.value) {
            table.log().refuse_at(id.place, format!("`{}` is named twice", id.value), "named before", "name each once");
            found.push(None);
            continue;
        }
        found.push(names.find(kind, id, table.log()).map(|name| name.index));
    }
    found.into_iter().collect()
}

/// `depends_on`: platforms.
pub(super) fn read_depends_on(table: &mut Reader<'_>, names: &Names) -> Option<Vec<PlatformId>> {
    let given = table.optional::<ManyOf<String>>("depends_on", "Platforms that must be up for it to work.").checked()?;
    let ids = given.map(|ids| ids.value.0).unwrap_or_default();
    let platforms = find_all(table, names, Kind::Platform, &ids)?;
    Some(platforms.into_iter().map(|index| PlatformId(index as u16)).collect())
}

/// `attributes`: words that selectors use.
pub(super) fn read_attributes(table: &mut Reader<'_>) -> Option<Vec<(String, String)>> {
    let mut attributes = match table.section("attributes") {
        Given::Good(attributes) => attributes,
        Given::Bad => return None,
        Given::Absent => return Some(Vec::new()),
    };
    let mut read = Vec::new();
    let mut good = true;
    for key in attributes.keys() {
        let own = ["type", "id"].contains(&key.value.as_str());
        let wrong = if own {
            Some(("has a key of its own".to_owned(), None))
        } else if let Some(why) = is_own_group(&key.value) {
            Some((why, None))
        } else {
            check_id(&key.value).err()
        };
        if let Some((why, better)) = wrong {
            let help = better.map_or_else(|| "choose another name".to_owned(), |better: String| format!("write `{better}`"));
            attributes.log().refuse_at(key.place, format!("the attribute `{}` {why}", key.value), "not a name", help);
            good = false;
        }
        match attributes.chosen::<String>(&key.value, "An attribute that selectors use.") {
            Some(value) if is_plain(&value.value) => read.push((key.value, value.value)),
            Some(value) => {
                let message = format!("the value of the attribute `{}` is empty or has signs that tables do not like", key.value);
                attributes.log().refuse_at(value.place, message, "not a plain word", "write a word or two, without line breaks");
                good = false;
            }
            None => good = false,
        }
    }
    good.then_some(read)
}

/// Why a word cannot be an attribute, if it is what results are reported by anyway.
pub(super) fn is_own_group(key: &str) -> Option<String> {
    OWN_KEYS.contains(&key).then(|| "is reserved: results have groups of that name of their own".to_owned())
}

fn is_plain(value: &str) -> bool {
    !value.trim().is_empty() && value.trim() == value && !value.chars().any(char::is_control)
}

/// Reads `[platforms]` and the platforms of the table; `None` after a mistake.
pub(super) fn read_platforms(top: &mut Reader<'_>, names: &Names, rows: &[NodeRow]) -> Option<Vec<Platform>> {
    let mut platforms = Vec::new();
    let mut good = true;
    match top.section("platforms") {
        Given::Absent => {}
        Given::Bad => good = false,
        Given::Good(mut section) => {
            for key in section.keys() {
                let Some(mut table) = section.chosen_section(&key.value) else {
                    good = false;
                    continue;
                };
                let (depends_on, attributes) = (read_depends_on(&mut table, names), read_attributes(&mut table));
                let own = names.any(&key.value).map(|name| name.index);
                let itself = depends_on.iter().flatten().any(|platform| Some(u32::from(platform.0)) == own);
                if itself {
                    table.refuse(
                        "depends_on",
                        format!("the platform `{}` depends on itself", key.value),
                        "itself",
                        "name other platforms",
                    );
                }
                table.finish();
                match (depends_on, attributes) {
                    (Some(depends_on), Some(attributes)) if !itself => {
                        platforms.push(Platform { id: key.value, attributes, depends_on });
                    }
                    _ => good = false,
                }
            }
        }
    }
    let rows = rows.iter().filter(|row| row.kind == Kind::Platform);
    platforms.extend(rows.map(|row| Platform {
        id: row.id.value.clone(),
        attributes: row.attributes.clone(),
        depends_on: Vec::new(),
    }));
    good.then_some(platforms)
}
