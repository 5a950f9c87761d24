//! Numerical steady state of a small Markov chain: the independent answer that the formulas are tested against.

/// Steady state of a continuous-time chain of `states` states; `leave(from, rates)` adds the pairs of target and rate.
///
/// # Reference
/// Grassmann, Taksar & Heyman (1985), *Operations Research* 33(5): elimination without subtraction, so without cancellation.
pub(super) fn steady_state(states: usize, leave: impl Fn(usize, &mut Vec<(usize, f64)>)) -> Vec<f64> {
    let mut rates = vec![vec![0.0; states]; states];
    let mut targets = Vec::new();
    for (from, row) in rates.iter_mut().enumerate() {
        targets.clear();
        leave(from, &mut targets);
        for &(to, rate) in &targets {
            row[to] += rate;
        }
    }
    for last in (1..states).rev() {
        let (kept, removed) = rates.split_at_mut(last);
        let leaving = &removed[0][..last];
        let out: f64 = leaving.iter().sum();
        for row in kept {
            row[last] /= out;
            let share = row[last];
            if share > 0.0 {
                for (rate, through) in row[..last].iter_mut().zip(leaving) {
                    *rate += share * through;
                }
            }
        }
    }
    let mut weights = vec![1.0];
    for state in 1..states {
        weights.push(weights.iter().zip(&rates).map(|(weight, row)| weight * row[state]).sum());
    }
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}
