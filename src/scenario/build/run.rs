//! `[run]`: how the scenario is run.

use crate::input::{At, Node, Place, Reader, Value, name_list, nearest};
use crate::scenario::{Replications, RunSettings};
use crate::units::{CivilTime, Share, Span};

/// Below this every network is one site a group, and services are slower than anything can be.
const SMALLEST_SCALE: f64 = 1e-9;

const SECOND: Span = Span::from_micros(1_000_000);

/// The most instants on the grid of a timeline.
const MOST_INSTANTS: u64 = 100_000;

/// The most replications.
const MOST_REPLICATIONS: u32 = 1_000_000;

/// `[run]` as read.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) settings: RunSettings,
    /// Where the group of `until` stands, if there is one.
    pub(super) group_place: Option<Place>,
    /// Where `scale` stands.
    pub(super) scale_place: Place,
}

/// Reads `[run]`.
pub(super) fn read(top: &mut Reader<'_>, metrics: &[&str]) -> Option<Run> {
    if !top.has("run") {
        let help = "add it: how long and how often the scenario is run\n[run]\nhorizon = \"75 d\"";
        let place = top.place();
        top.log().refuse_at(place, "the section [run] is missing", "", help);
        return None;
    }
    let mut run = top.section("run").good()?;
    let start =
        run.or_default::<CivilTime>("start", default_start(), "Local civil time at t = 0: sets the weekday and the hour.");
    let warm_up =
        run.or_default::<Span>("warm_up", "0 s", "Prescriptions requested before this time after t = 0 are not measured.");
    let horizon = run.required_like::<Span>("horizon", "\"75 d\"", "End of the run after t = 0.");
    let follow_up = run.or_default::<Span>(
        "follow_up",
        "72 h",
        "Prescriptions requested later than this before the horizon are not measured, so that each has time to be filled.",
    );
    let scale = read_scale(&mut run);
    let replications = read_replications(&mut run, metrics);
    let seed = read_seed(&mut run);
    let confidence = read_confidence(&mut run);
    let step = run.or_default::<Span>("timeline_step", "1 h", "Step of the grid of timeline.csv.");
    let times_fit = check_times(&mut run, warm_up, horizon, follow_up);
    let step_fits = check_step(&mut run, step, horizon);
    run.finish();
    let (replications, group_place) = replications?;
    let scale = scale?;
    let settings = RunSettings {
        start: start?.value,
        warm_up: warm_up?.value,
        horizon: horizon?.value,
        follow_up: follow_up?.value,
        scale: scale.value,
        replications,
        seed: seed?,
        confidence: confidence?,
        timeline_step: step?.value,
    };
    times_fit?;
    step_fits?;
    Some(Run { settings, group_place, scale_place: scale.place })
}

fn default_start() -> Value {
    let text = "2024-01-01T00:00:00".to_owned();
    Value::DateTime(crate::input::DateTime { date: Some((2024, 1, 1)), time: Some((0, 0, 0, 0)), has_offset: false, text })
}

fn read_scale(run: &mut Reader<'_>) -> Option<At<f64>> {
    let scale =
        run.or_default::<f64>("scale", 1.0, "One site in `1 / scale` is simulated, and shared capacity is scaled alike.")?;
    if (SMALLEST_SCALE..=1.0).contains(&scale.value) {
        return Some(scale);
    }
    if scale.value > 0.0 && scale.value < SMALLEST_SCALE {
        let message = format!("`scale` in [run] must be at least {SMALLEST_SCALE}");
        run.refuse(
            "scale",
            message,
            "less than any network",
            "one site of each group is simulated at least: for example scale = 0.001",
        );
        return None;
    }
    let help = if (1.0..1e6).contains(&scale.value) {
        format!("to simulate one site in {0}, write scale = {1}", scale.value, 1.0 / scale.value)
    } else {
        "for example scale = 0.01".to_owned()
    };
    run.refuse("scale", "`scale` in [run] must be greater than 0 and at most 1", "not a scale", help);
    None
}

fn read_seed(run: &mut Reader<'_>) -> Option<u64> {
    let seed = run.or_default::<u64>("seed", 1, "Seed of all chance: the same seed gives the same results.")?.value;
    if i64::try_from(seed).is_ok() {
        return Some(seed);
    }
    run.refuse("seed", "`seed` in [run] is too large", "must be below 2^63", "TOML has no larger whole numbers");
    None
}

fn read_confidence(run: &mut Reader<'_>) -> Option<Share> {
    let confidence = run.or_default::<Share>("confidence", 0.95, "Confidence level of the intervals.")?.value;
    if (0.5..=0.999).contains(&confidence.value()) {
        return Some(confidence);
    }
    run.refuse(
        "confidence",
        "`confidence` in [run] must be from 0.5 to 0.999",
        "not a usable level",
        "95 % is usual: confidence = 0.95",
    );
    None
}

/// A number, or a table that says when to stop; and where the group stands.
fn read_replications(run: &mut Reader<'_>, metrics: &[&str]) -> Option<(Replications, Option<Place>)> {
    const ABOUT: &str = "How many replications, or until when: { until = \"metric\", half_width = \"5 %\", max = 500 }.";
    let is_table = matches!(run.node("replications"), Some((Node { value: Value::Table(_), .. }, ..)));
    if is_table {
        return read_until(run.section("replications").good()?, metrics);
    }
    let number = run.or_default::<u32>("replications", 20, ABOUT)?.value;
    if (1..=MOST_REPLICATIONS).contains(&number) {
        return Some((Replications::Fixed(number), None));
    }
    let message = format!("`replications` in [run] must be from 1 to {MOST_REPLICATIONS}");
    run.refuse("replications", message, "out of range", "20 give a first impression, 100 a usable interval");
    None
}

fn read_until(mut until: Reader<'_>, metrics: &[&str]) -> Option<(Replications, Option<Place>)> {
    let metric = until.required_like::<String>("until", "\"share_delayed_72h\"", "Metric whose interval decides.");
    let metric = metric.and_then(|metric| known_metric(&mut until, "until", metric.value, metrics));
    let group = until.or_default::<String>("group", "all", "Report group of the metric.");
    let half_width = until.required_like::<Share>(
        "half_width",
        "\"5 %\"",
        "Half-width of the interval that suffices, as a share of the mean.",
    );
    let max = until.required_like::<u32>("max", "500", "Stop here at the latest.");
    let half_width = half_width.filter(|half_width| {
        let good = half_width.value.value() > 0.0;
        if !good {
            until.refuse(
                "half_width",
                "`half_width` must be greater than zero",
                "never reached",
                "for example half_width = \"5 %\"",
            );
        }
        good
    });
    let max = max.filter(|max| {
        let good = (2..=MOST_REPLICATIONS).contains(&max.value);
        if !good {
            until.refuse(
                "max",
                format!("`max` must be from 2 to {MOST_REPLICATIONS}"),
                "out of range",
                "an interval needs two replications",
            );
        }
        good
    });
    until.finish();
    let group = group?;
    let replications =
        Replications::Until { metric: metric?, group: group.value, half_width: half_width?.value, max: max?.value };
    Some((replications, Some(group.place)))
}

/// The name of a metric, if there is such a one.
pub(super) fn known_metric(table: &mut Reader<'_>, key: &str, name: String, metrics: &[&str]) -> Option<String> {
    if metrics.contains(&name.as_str()) {
        return Some(name);
    }
    let help = nearest(&name, metrics.iter().copied())
        .map_or_else(|| format!("the metrics are {}", name_list(metrics)), |near| format!("did you mean `{near}`?"));
    table.refuse(key, format!("unknown metric `{name}`"), "not a metric", help);
    None
}

/// Something must be left to measure between the warm-up and the last follow-up.
fn check_times(
    run: &mut Reader<'_>,
    warm_up: Option<At<Span>>,
    horizon: Option<At<Span>>,
    follow_up: Option<At<Span>>,
) -> Option<()> {
    let (warm_up, horizon, follow_up) = (warm_up?.value, horizon?.value, follow_up?.value);
    if warm_up + follow_up < horizon {
        return Some(());
    }
    let message = format!("nothing is measured: warm_up ({warm_up}) and follow_up ({follow_up}) fill the horizon ({horizon})");
    let help = format!(
        "measured are prescriptions requested between warm_up and horizon - follow_up: make the horizon longer than {}, or set follow_up",
        warm_up + follow_up
    );
    run.refuse("horizon", message, "too short", help);
    None
}

/// Steps that divide a day and are easily said \[s\].
const NICE_STEPS: [u64; 22] =
    [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 14_400, 21_600, 28_800, 43_200, 86_400];

fn nice_steps() -> [Span; 22] {
    NICE_STEPS.map(|seconds| Span::from_micros(seconds * SECOND.micros()))
}

fn check_step(run: &mut Reader<'_>, step: Option<At<Span>>, horizon: Option<At<Span>>) -> Option<()> {
    let (step, horizon) = (step?.value, horizon?.value);
    if step == Span::ZERO || step > horizon {
        let message = format!("`timeline_step` in [run] must be greater than zero and at most the horizon ({horizon})");
        let usable =
            [(Span::HOUR, "1 h"), (Span::MINUTE, "1 min"), (SECOND, "1 s")].into_iter().find(|(step, _)| *step <= horizon);
        let help =
            usable.map_or("make the horizon longer".to_owned(), |(_, step)| format!("for example timeline_step = \"{step}\""));
        run.refuse("timeline_step", message, "not a usable step", help);
        return None;
    }
    if step < Span::DAY && !Span::DAY.micros().is_multiple_of(step.micros()) {
        let message = "`timeline_step` in [run] does not divide a day: service is that of the last 24 h, told at its instants";
        let fits = |nice: &&Span| **nice <= horizon && horizon.micros() / nice.micros() <= MOST_INSTANTS;
        let nice = nice_steps();
        let (below, above) = (nice.iter().rev().find(|nice| **nice < step), nice.iter().find(|nice| **nice > step));
        let near = [below, above].into_iter().flatten().filter(fits).map(ToString::to_string).collect::<Vec<_>>().join(" or ");
        let help = if near.is_empty() { "make the horizon longer".to_owned() } else { format!("for example {near}") };
        run.refuse("timeline_step", message, "no part of a day", help);
        return None;
    }
    let instants = horizon.micros() / step.micros();
    if instants > MOST_INSTANTS {
        // As it is written here it is enough, and divides a day.
        let least = Span::from_micros(horizon.micros().div_ceil(MOST_INSTANTS));
        let days = || Span::from_micros(least.micros().div_ceil(Span::DAY.micros()) * Span::DAY.micros());
        let least = nice_steps().into_iter().find(|nice| *nice >= least).unwrap_or_else(days);
        let message = format!("`timeline_step` in [run] gives {instants} instants: at most {MOST_INSTANTS} are kept");
        run.refuse("timeline_step", message, "too fine", format!("make it {least} or more"));
        return None;
    }
    Some(())
}
