"""Optuna's samplers on the functions of test/support/searchFunctions.ts; prints JSON: name -> figures by seed. See search.ts."""
import json
import math
import sys

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
SEEDS = int(sys.argv[1])
NAMES = sys.argv[2:]


def hartmann(x):
    alpha = [1, 1.2, 3, 3.2]
    a = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
    p = [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
    return -sum(w * math.exp(-sum(a[i][j] * (x[j] - p[i][j] / 1e4) ** 2 for j in range(6))) for i, w in enumerate(alpha))


def numbers(trial, count, low, high):
    return [trial.suggest_float(f"x{i}", low, high) for i in range(count)]


def sphere(trial):
    return sum(x * x for x in numbers(trial, 4, -5, 5))


def branin(trial):
    x0, x1 = trial.suggest_float("x0", -5, 10), trial.suggest_float("x1", 0, 15)
    inner = x1 - 5.1 / (4 * math.pi**2) * x0**2 + 5 / math.pi * x0 - 6
    return inner**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x0) + 10


def rosenbrock(trial):
    x = numbers(trial, 3, -2, 2)
    return sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(2))


def hartmann6(trial):
    return hartmann(numbers(trial, 6, 0, 1))


def ackley(trial):
    x = numbers(trial, 3, -5, 5)
    squares, cosines = sum(v * v for v in x) / 3, sum(math.cos(2 * math.pi * v) for v in x) / 3
    return 20 + math.e - 20 * math.exp(-0.2 * math.sqrt(squares)) - math.exp(cosines)


def mixed(trial):
    rate = trial.suggest_float("rate", 1e-5, 1, log=True)
    width = trial.suggest_int("width", 8, 512, log=True)
    kind = trial.suggest_categorical("kind", ["a", "b", "c", "d"])
    return (math.log10(rate) + 2.5) ** 2 + 0.5 * (math.log2(width) - 6) ** 2 + {"a": 0.5, "b": 0, "c": 1, "d": 2}[kind]


def zdt(second):
    def function(trial):
        x = numbers(trial, 6, 0, 1)
        g = 1 + 9 * sum(x[1:]) / 5
        return x[0], second(x[0], g)

    return function


ONE = {"sphere": sphere, "branin": branin, "rosenbrock": rosenbrock, "hartmann6": hartmann6, "ackley": ackley, "mixed": mixed}
TWO = {
    "zdt1": zdt(lambda f, g: g * (1 - math.sqrt(f / g))),
    "zdt2": zdt(lambda f, g: g * (1 - (f / g) ** 2)),
    "zdt3": zdt(lambda f, g: g * (1 - math.sqrt(f / g) - f / g * math.sin(10 * math.pi * f))),
}


def hypervolume(points, right, top):
    area, lowest = 0.0, top
    for x, y in sorted(p for p in points if p[0] < right and p[1] < top):
        if y < lowest:
            area += (right - x) * (lowest - y)
            lowest = y
    return area


found = {"version": optuna.__version__}
for name, function in ONE.items():
    if NAMES and name not in NAMES:
        continue
    found[name] = []
    for seed in range(SEEDS):
        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
        study.optimize(function, n_trials=60)
        found[name].append(study.best_value)
for name, function in TWO.items():
    if NAMES and name not in NAMES:
        continue
    found[name] = []
    for seed in range(SEEDS):
        sampler = optuna.samplers.NSGAIISampler(seed=seed, population_size=20)
        study = optuna.create_study(directions=["minimize", "minimize"], sampler=sampler)
        study.optimize(function, n_trials=400)
        found[name].append(hypervolume([tuple(t.values) for t in study.trials], 1.1, 7))
print(json.dumps(found))
