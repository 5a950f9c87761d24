//! Laws of chance: `"7 d"` or `{ lognormal = { median = "6 h", sigma = 1.0 } }`.

use crate::input::{FromNode, Log, Node, Problem, Reader, Scope, Value, nearest, refuse_value, value_text};
use crate::random::{CountLaw, Law, LawError, MoneyLaw, SpanLaw};
use crate::units::{Money, Span};

/// The laws, for messages.
const KINDS: [&str; 9] =
    ["constant", "exponential", "uniform", "triangular", "erlang", "gamma", "weibull", "lognormal", "hyperexponential"];

/// What the three values of a triangular law are.
const PARAMETERS_OF_TRIANGULAR: [&str; 3] = ["low", "mode", "high"];

/// What a law is about: times with a unit, or plain numbers.
trait Measure: FromNode {
    /// The number that the law is built from.
    fn number(self) -> f64;
    /// An example of a value, for messages.
    const SAMPLE: &'static str;
}

impl Measure for Span {
    fn number(self) -> f64 {
        self.seconds()
    }
    const SAMPLE: &'static str = "\"5 min\"";
}

impl Measure for f64 {
    fn number(self) -> f64 {
        self
    }
    const SAMPLE: &'static str = "200";
}

impl Measure for Money {
    fn number(self) -> f64 {
        self.usd()
    }
    const SAMPLE: &'static str = "\"60 usd\"";
}

impl FromNode for MoneyLaw {
    const UNIT: &'static str = "money, or law of an amount of money";
    const EXAMPLE: &'static str = "\"60 usd\"";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        read::<Money>(node, scope, log).map(Self::new)
    }
}

impl FromNode for SpanLaw {
    const UNIT: &'static str = "time, or law of a time";
    const EXAMPLE: &'static str = "\"6 h\"";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        read::<Span>(node, scope, log).map(Self::new)
    }
}

impl FromNode for CountLaw {
    const UNIT: &'static str = "number, or law of a number";
    const EXAMPLE: &'static str = "200";

    fn from_node(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Self> {
        read::<f64>(node, scope, log).map(Self::new)
    }
}

/// The value of a law without chance.
pub(super) fn constant_of(law: &SpanLaw) -> Option<Span> {
    (law.law().kind() == "constant").then(|| law.mean())
}

fn read<M: Measure>(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Law> {
    let Value::Table(map) = &mut node.value else {
        let number = M::from_node(node, scope, log)?.number();
        return built::<M>(Law::constant(number), node, scope, log);
    };
    let help = || format!("write one of {}, for example {{ exponential = {{ mean = {} }} }}", KINDS.join(", "), M::SAMPLE);
    let [entry] = map.entries.as_mut_slice() else {
        let why = if map.entries.is_empty() { "names no law" } else { "names more than one law" };
        return refuse_value(node, scope, log, why, "exactly one law is needed", &help());
    };
    let kind = entry.key.clone();
    if !KINDS.contains(&kind.as_str()) {
        let help = nearest(&kind, KINDS).map_or_else(help, |near| format!("did you mean `{near}`?"));
        log.refuse_at(entry.key_place, format!("{}: unknown law `{kind}`", scope.name()), "not a law", help);
        return None;
    }
    let inner = Scope { path: format!("{}.{kind}", scope.path), key: kind.clone(), table: scope.name() };
    let body = &mut entry.node;
    let law = match kind.as_str() {
        "constant" => Law::constant(M::from_node(body, &inner, log)?.number()),
        "triangular" => return read_triangular::<M>(body, &inner, log),
        _ => {
            // The settings below a law are told with the law.
            let recorded = log.settings.len();
            let law = read_table::<M>(&kind, body, &inner, log);
            log.settings.truncate(recorded);
            law?
        }
    };
    built::<M>(law, body, &inner, log)
}

fn read_triangular<M: Measure>(node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Law> {
    let help = format!("write the lowest, the most likely and the highest value: [{0}, {0}, {0}]", M::SAMPLE);
    let Value::Array(items) = &mut node.value else {
        return refuse_value(node, scope, log, "is not a list of three values", "three values are needed", &help);
    };
    if items.len() != 3 {
        let why = format!("has {} values, not three", items.len());
        return refuse_value(node, scope, log, &why, "three values are needed", &help);
    }
    let numbers: Vec<Option<f64>> = items.iter_mut().map(|item| M::from_node(item, scope, log).map(Measure::number)).collect();
    let law = Law::triangular(numbers[0]?, numbers[1]?, numbers[2]?);
    built::<M>(law, node, scope, log)
}

fn read_table<M: Measure>(kind: &str, node: &mut Node, scope: &Scope, log: &mut Log) -> Option<Result<Law, LawError>> {
    if !matches!(node.value, Value::Table(_)) {
        let help = format!("write {kind} = {}", form(kind, M::SAMPLE));
        return refuse_value(node, scope, log, "is not a table of parameters", "its parameters are needed", &help);
    }
    let mut table = Reader::of_value(node, scope, log)?;
    let law = match kind {
        "exponential" => measure::<M>(&mut table, "mean").map(Law::exponential),
        "uniform" => {
            let (low, high) = (measure::<M>(&mut table, "low"), measure::<M>(&mut table, "high"));
            low.zip(high).map(|(low, high)| Law::uniform(low, high))
        }
        "erlang" => {
            let (shape, mean) = (table.required::<u32>("shape", "Number of phases."), measure::<M>(&mut table, "mean"));
            shape.zip(mean).map(|(shape, mean)| Law::erlang(shape.value, mean))
        }
        "gamma" => {
            let (mean, sd) = (measure::<M>(&mut table, "mean"), measure::<M>(&mut table, "sd"));
            mean.zip(sd).map(|(mean, sd)| Law::gamma(mean, sd))
        }
        "weibull" => {
            let (shape, mean) = (number(&mut table, "shape"), measure::<M>(&mut table, "mean"));
            shape.zip(mean).map(|(shape, mean)| Law::weibull(shape, mean))
        }
        "lognormal" => read_lognormal::<M>(&mut table),
        _ => {
            let (mean, cv) = (measure::<M>(&mut table, "mean"), number(&mut table, "cv"));
            mean.zip(cv).map(|(mean, cv)| Law::hyperexponential(mean, cv))
        }
    };
    table.finish();
    law
}

/// How the parameters of a law are written.
fn form(kind: &str, sample: &str) -> String {
    match kind {
        "uniform" => format!("{{ low = {sample}, high = {sample} }}"),
        "erlang" => format!("{{ shape = 3, mean = {sample} }}"),
        "gamma" => format!("{{ mean = {sample}, sd = {sample} }}"),
        "weibull" => format!("{{ shape = 1.5, mean = {sample} }}"),
        "lognormal" => format!("{{ median = {sample}, sigma = 0.5 }}"),
        "hyperexponential" => format!("{{ mean = {sample}, cv = 1.5 }}"),
        _ => format!("{{ mean = {sample} }}"),
    }
}

fn read_lognormal<M: Measure>(table: &mut Reader<'_>) -> Option<Result<Law, LawError>> {
    let by_median = table.has("median") || table.has("sigma") || table.has("p99");
    if !by_median {
        let (mean, cv) = (measure::<M>(table, "mean"), number(table, "cv"));
        return mean.zip(cv).map(|(mean, cv)| Law::lognormal_mean_cv(mean, cv));
    }
    if !table.has("median") {
        // Whatever else is given belongs to another form of the law.
        let _ = (table.has("mean"), table.has("cv"), measure::<M>(table, "median"));
        return None;
    }
    for key in ["mean", "cv"] {
        table.refuse_key(key, "the law is given by its median", "give `mean` and `cv`, or `median` with `sigma` or `p99`");
    }
    let median = measure::<M>(table, "median");
    if table.has("p99") {
        table.refuse_key("sigma", "`p99` says the same", "give either `sigma` or `p99`");
        let p99 = measure::<M>(table, "p99");
        return median.zip(p99).map(|(median, p99)| Law::lognormal_median_p99(median, p99));
    }
    let sigma = number(table, "sigma");
    median.zip(sigma).map(|(median, sigma)| Law::lognormal_median_sigma(median, sigma))
}

fn measure<M: Measure>(table: &mut Reader<'_>, key: &'static str) -> Option<f64> {
    table.required_like::<M>(key, M::SAMPLE, "").map(|at| at.value.number())
}

fn number(table: &mut Reader<'_>, key: &'static str) -> Option<f64> {
    table.required::<f64>(key, "").map(|at| at.value)
}

fn built<M: Measure>(law: Result<Law, LawError>, node: &Node, scope: &Scope, log: &mut Log) -> Option<Law> {
    match law {
        Ok(law) => Some(law),
        Err(LawError { parameter, expected, .. }) => {
            // The number in the error is in seconds; the file shows it as written.
            let written = match &node.value {
                Value::Table(map) => map.entry(parameter).map(|entry| &entry.node),
                Value::Array(items) => {
                    PARAMETERS_OF_TRIANGULAR.iter().position(|name| *name == parameter).and_then(|at| items.get(at))
                }
                _ => None,
            };
            let written = written.unwrap_or(node);
            let message = format!("{}: `{parameter}` has to be {expected}, not {}", scope.name(), value_text(&written.value));
            let problem = Problem::at(written.place, message, format!("{expected} is needed"));
            log.refuse(match &node.value {
                Value::Array(_) => {
                    problem.help(format!("write the lowest, the most likely and the highest value: [{0}, {0}, {0}]", M::SAMPLE))
                }
                Value::Table(_) => problem.help(format!("for example {} = {}", scope.key, form(&scope.key, M::SAMPLE))),
                _ => problem,
            });
            None
        }
    }
}
