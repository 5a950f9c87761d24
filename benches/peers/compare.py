#!/usr/bin/env python3
"""The same models in rxoutage and its peers, side by side: one command, `python3 benches/peers/compare.py`.

Makes an environment of its own with SimPy and Ciw, builds the Rust programs, runs all of them in turn, checks every answer (against theory, or
against each other where there is none), and only then prints customers per second of processor time, medians over the rounds.
"""

import math
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
PEERS = HERE / "target" / "release" / "peers"
REQUIREMENTS = ["simpy==4.1.1", "ciw==3.2.7"]

MM1_ROUNDS, CLAIMS_ROUNDS = 9, 5
# Engine: how many customers each time, and the command.
MM1 = {
    "rxoutage, without events (Lindley)": (4_000_000, lambda n, seed: [PEERS, "mm1", "rxoutage-recursion", n, seed]),
    "rxoutage, on events": (2_000_000, lambda n, seed: [PEERS, "mm1", "rxoutage", n, seed]),
    "a plain Rust program on a binary heap": (2_000_000, lambda n, seed: [PEERS, "mm1", "by-hand", n, seed]),
    "desque 0.4": (2_000_000, lambda n, seed: [PEERS, "mm1", "desque", n, seed]),
    "odem-rs 0.4": (2_000_000, lambda n, seed: [PEERS, "mm1", "odem-rs", n, seed]),
    "simcore 0.1": (2_000_000, lambda n, seed: [PEERS, "mm1", "simcore", n, seed]),
    "nexosim 1.0": (1_000_000, lambda n, seed: [PEERS, "mm1", "nexosim", n, seed]),
    "SimPy 4.1": (200_000, lambda n, seed: [PYTHON, HERE / "mm1_simpy.py", n, seed]),
    "Ciw 3.2": (200_000, lambda n, seed: [PYTHON, HERE / "mm1_ciw.py", n, seed]),
}
MM1_THEORY = {"mean sojourn": 10.0, "mean number in the system": 9.0}
# Replications of 288,000 prescriptions together, and the command.
CLAIMS = {
    "rxoutage, on events": (4, lambda seed: [PEERS, "claims", "rxoutage", 0, seed]),
    "a plain Rust program on a binary heap": (4, lambda seed: [PEERS, "claims", "by-hand", 0, seed]),
    "SimPy 4.1": (1, lambda seed: [PYTHON, HERE / "claims_simpy.py", seed]),
}
CLAIMS_FIGURES = ["median delay", "95 % delay", "peak backlog"]

# 0.99995 quantiles of Student's t: a false alarm in 10,000.
CRITICAL = {4: 13.03, 8: 7.12}


def run(command):
    """Customers, seconds, and what the program says."""
    said = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout.split()
    return int(said[0]), float(said[1]), [float(word) for word in said[2:]]


def moments(values):
    return statistics.mean(values), statistics.stdev(values) / math.sqrt(len(values))


def report(title, speeds, reference):
    print(f"\n{title}: all answers agree; medians of {len(next(iter(speeds.values())))} rounds, processor time")
    print(f"{'program':<42} {'customers/s':>14} {'times ' + reference:>18}")
    for name, own in speeds.items():
        ratios = [a / b for a, b in zip(own, speeds[reference])]
        print(f"{name:<42} {statistics.median(own):>14,.0f} {statistics.median(ratios):>18,.1f}")


def mm1():
    speeds = {name: [] for name in MM1}
    answers = {name: [] for name in MM1}
    for seed in range(1, MM1_ROUNDS + 1):
        for name, (customers, command) in MM1.items():
            served, seconds, said = run(command(customers, seed))
            speeds[name].append(served / seconds)
            answers[name].append(said)
    for name, said in answers.items():
        for what, values in zip(MM1_THEORY, zip(*said)):
            mean, error = moments(values)
            if abs(mean - MM1_THEORY[what]) > CRITICAL[MM1_ROUNDS - 1] * error:
                sys.exit(f"{name}: {what} is {MM1_THEORY[what]} in theory and {mean} ± {error} here")
    report("M/M/1", speeds, "SimPy 4.1")


def claims():
    speeds = {name: [] for name in CLAIMS}
    answers = {name: [] for name in CLAIMS}
    for index in range(CLAIMS_ROUNDS):
        for name, (replications, command) in CLAIMS.items():
            results = [run(command(100 * index + replication)) for replication in range(replications)]
            speeds[name].append(sum(served for served, _, _ in results) / sum(seconds for _, seconds, _ in results))
            answers[name] += [said for _, _, said in results]
    names = list(CLAIMS)
    for name in names[1:]:
        for figure, what in enumerate(CLAIMS_FIGURES):
            (a, a_error), (b, b_error) = (moments([said[figure] for said in answers[which]]) for which in (names[0], name))
            if abs(a - b) > CRITICAL[CLAIMS_ROUNDS - 1] * math.hypot(a_error, b_error):
                sys.exit(f"{what}: {a} ± {a_error} by {names[0]} and {b} ± {b_error} by {name}")
            print(f"{what}, {names[0]} and {name}: {a:.4f} ± {a_error:.4f}, {b:.4f} ± {b_error:.4f}")
    report("Claims graph with an outage", speeds, "SimPy 4.1")


def main():
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
    subprocess.run(["cargo", "build", "--release", "--quiet", "--target-dir", HERE / "target"], cwd=HERE, check=True)
    mm1()
    claims()


main()
