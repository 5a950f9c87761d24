//! What the network is made of: pharmacies, the services that they depend on, and the platforms beneath.

use crate::random::{CountLaw, SpanLaw};
use crate::units::{Rate, Share, Span};

/// Index of a [`PharmacyGroup`] in [`Network::pharmacies`](super::Network::pharmacies).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct GroupId(pub u32);

/// Index of a [`Service`] in [`Network::services`](super::Network::services).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ServiceId(pub u16);

/// Index of a [`Platform`] in [`Network::platforms`](super::Network::platforms).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PlatformId(pub u16);

/// Index of a [`ServiceLink`] in [`Network::links`](super::Network::links).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LinkId(pub u16);

/// Like pharmacies: `sites` of them, with the same settings. A pharmacy listed one by one is a group of one site.
#[derive(Clone, Debug)]
pub struct PharmacyGroup {
    /// Unique id.
    pub id: String,
    /// Attributes that selectors and reports use, in the order given; always holds `type`, first.
    pub attributes: Vec<(String, String)>,
    /// Number of sites in reality (before `run.scale`).
    pub sites: u32,
    /// How prescriptions arrive.
    pub demand: Demand,
    /// When the staff work.
    pub hours: Hours,
    /// Staff on duty at each site.
    pub staff: Staffing,
    /// Shares of sites by primary route; empty only where claims are switched off. Sums to 1.
    pub routes: Vec<(Route, Share)>,
    /// The second switch that some sites hold.
    pub standby: Option<Standby>,
    /// How sites without a standby get another switch once their own is down; `None`: they wait for it.
    pub reroute: Option<Reroute>,
    /// Shares of sites by the prescribing network that brings their new prescriptions; empty: all come straight to the counter.
    pub prescribing: Vec<(ServiceId, Share)>,
    /// Shares of prescriptions by payer; empty only where claims are switched off. Sums to 1.
    pub payers: Vec<(ServiceId, Share)>,
    /// Platforms that must be up for the sites to work.
    pub depends_on: Vec<PlatformId>,
}

impl PharmacyGroup {
    /// The value of an attribute, if the group has it.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The pharmacy type: the attribute `type`, which every group has.
    #[must_use]
    pub fn pharmacy_type(&self) -> &str {
        self.attribute("type").unwrap_or(&self.id)
    }
}

/// Where a claim goes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Route {
    /// Through this clearinghouse.
    Clearinghouse(ServiceId),
    /// Straight to the payer, over a connection of the pharmacy's own.
    Direct,
}

/// A second switch, ready for the day when the primary one is down.
#[derive(Clone, Debug)]
pub struct Standby {
    /// Share of the group's sites that have one.
    pub share: Share,
    /// Clearinghouses in order of preference; a site takes the first that works and is not its primary one.
    pub to: Vec<ServiceId>,
    /// Time from the first refused claim until claims flow over the standby.
    pub failover: SpanLaw,
    /// Whether it is in force: a finished scenario has no other.
    pub enabled: bool,
}

/// Signing up with another switch while one's own is down.
#[derive(Clone, Debug)]
pub struct Reroute {
    /// Clearinghouses in order of preference; a site takes the first that works and is not its primary one.
    pub to: Vec<ServiceId>,
    /// Time from the first refused claim until the site is ready to be connected; the receiving switch may have a limit on how many it connects
    /// a day.
    pub lead_time: SpanLaw,
    /// Whether it is in force: a finished scenario has no other.
    pub enabled: bool,
}

/// How prescriptions arrive at a site.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "one for each pharmacy group, and nearly all are profiles")]
pub enum Demand {
    /// A Poisson process whose rate follows the week.
    Profile {
        /// Mean prescriptions per calendar day of a site, drawn once for each site and replication.
        per_day: CountLaw,
        /// Relative demand, Monday first; averages 1.
        weekday: [f64; 7],
        /// Relative demand by hour of the day, midnight first; averages 1.
        hour: [f64; 24],
    },
    /// A renewal process: the law of the time between two requests, the same at all hours.
    Renewal(SpanLaw),
}

impl Demand {
    /// Mean prescriptions per calendar day of a site.
    #[must_use]
    pub fn mean_per_day(&self) -> f64 {
        match self {
            Self::Profile { per_day, .. } => per_day.mean(),
            Self::Renewal(law) => Span::DAY.seconds() / law.mean().seconds(),
        }
    }
}

/// Opening hours, which the staff keep; requests may come at any time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Hours {
    /// Never closed.
    Always,
    /// Opening and closing time of each day from midnight, Monday first; `None` is a closed day.
    Week([Option<(Span, Span)>; 7]),
}

/// Staff on duty at a site.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Staffing {
    /// The same number at every site.
    Fixed(u32),
    /// In proportion to the site's prescriptions per day, rounded to the nearest, at least `minimum`.
    Proportional {
        /// Staff for each 100 prescriptions per calendar day.
        per_100_prescriptions: f64,
        /// The least number.
        minimum: u32,
    },
}

/// What a service does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Brings new prescriptions from prescribers to pharmacies.
    PrescribingNetwork,
    /// Routes claims (a switch).
    Clearinghouse,
    /// Adjudicates claims.
    Payer,
}

impl Role {
    /// The word that scenario files, tables and legends use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PrescribingNetwork => "prescribing_network",
            Self::Clearinghouse => "clearinghouse",
            Self::Payer => "payer",
        }
    }
}

/// A prescribing network, clearinghouse or payer: a station with capacity, then latency.
#[derive(Clone, Debug)]
pub struct Service {
    /// Unique id.
    pub id: String,
    /// What it does.
    pub role: Role,
    /// Attributes that selectors use.
    pub attributes: Vec<(String, String)>,
    /// How much it can take.
    pub capacity: Capacity,
    /// Time in passage beside the service proper.
    pub latency: Option<SpanLaw>,
    /// For clearinghouses: how many new stores it can connect; scales with `run.scale`. `None`: any number.
    pub onboarding: Option<Rate>,
    /// Platforms that must be up for it to work.
    pub depends_on: Vec<PlatformId>,
}

/// How much a service can take.
#[derive(Clone, Debug)]
pub enum Capacity {
    /// Any number at once.
    Unlimited,
    /// So many at once that each takes `servers / rate`: one after the other, `1 / rate` each, unless the scenario says otherwise. Scales with
    /// `run.scale`.
    Throughput {
        /// How many it takes in a unit of time.
        rate: Rate,
        /// How many are served at once.
        servers: u32,
    },
    /// A number of servers, each with this law of service time; the number scales with `run.scale`.
    Servers {
        /// Number of servers.
        servers: u32,
        /// Service time of one claim.
        service: SpanLaw,
    },
}

/// Servers as they are simulated.
#[derive(Clone, Copy, Debug)]
pub struct ScaledServers {
    /// How many: a whole number, one at least.
    pub servers: u32,
    /// Service time of one claim.
    pub service: SpanLaw,
    /// Service times are this many times the law's: what is left over when servers are scaled to a whole number.
    pub stretch: f64,
}

impl Capacity {
    /// The servers that are left of it at a scale, which together do that part of its work; `None`: any number.
    #[must_use]
    pub fn scaled(&self, scale: f64) -> Option<ScaledServers> {
        let whole = |servers: u32| {
            let exact = f64::from(servers) * scale;
            (exact.round().max(1.0), exact)
        };
        match self {
            Self::Unlimited => None,
            Self::Throughput { rate, servers } => {
                let (whole, _) = whole(*servers);
                let service = SpanLaw::constant(Span::from_seconds(whole / (rate.value_per_second() * scale)));
                Some(ScaledServers { servers: whole as u32, service, stretch: 1.0 })
            }
            Self::Servers { servers, service } => {
                let (whole, exact) = whole(*servers);
                Some(ScaledServers { servers: whole as u32, service: *service, stretch: whole / exact })
            }
        }
    }
}

/// What others depend on: hosting, an identity domain, one vendor's shared systems.
#[derive(Clone, Debug)]
pub struct Platform {
    /// Unique id.
    pub id: String,
    /// Attributes that selectors use.
    pub attributes: Vec<(String, String)>,
    /// Platforms beneath this one.
    pub depends_on: Vec<PlatformId>,
}

/// A connection between two services: clearinghouse to payer, or clearinghouse to clearinghouse (forwarding).
#[derive(Clone, Debug)]
pub struct ServiceLink {
    /// Where claims enter it.
    pub from: ServiceId,
    /// Where they leave it.
    pub to: ServiceId,
    /// Time in passage.
    pub latency: Option<SpanLaw>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of a service at a scale does that part of the work, however few servers are left, and stays itself where that is a whole number of them.
    #[test]
    fn a_part_of_the_servers_does_a_part_of_the_work() {
        let rate = Rate::per_second(1200.0).expect("a rate");
        let service = SpanLaw::constant(Span::from_seconds(0.1));
        for capacity in [Capacity::Throughput { rate, servers: 120 }, Capacity::Servers { servers: 120, service }] {
            for (scale, servers) in [(1.0, 120), (0.5, 60), (0.3, 36), (0.0125, 2), (0.0124, 1), (0.002, 1)] {
                let scaled = capacity.scaled(scale).expect("a limit");
                let seconds = scaled.service.mean().seconds() * scaled.stretch;
                let part = f64::from(scaled.servers) / seconds / (1200.0 * scale);
                assert!(scaled.servers == servers && (part - 1.0).abs() < 1e-5, "{capacity:?} at {scale}: {scaled:?}");
                let is_whole = (120.0 * scale).fract() < 1e-9;
                assert_eq!((seconds - 0.1).abs() < 1e-6, is_whole, "{capacity:?} at {scale}: {seconds} s each");
            }
        }
        let one = Capacity::Throughput { rate, servers: 1 }.scaled(0.002).expect("a limit");
        assert_eq!((one.servers, one.service.mean()), (1, Span::from_seconds(1.0 / 2.4)));
        assert!(Capacity::Unlimited.scaled(0.5).is_none());
    }
}
