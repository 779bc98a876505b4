"""Times the five terms of workload.ts in NumPy, one expression a term, and in a CPython loop. Prints the seconds per step of each run as JSON."""

import json
import math
import sys
import time

import numpy as np

STEPS, LOOP_STEPS, REPEATS = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])


def column(index, steps):
    return np.sin(np.arange(steps) * 0.01 + index)


def seconds_of(run, steps):
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        seconds.append((time.perf_counter() - start) / steps)
    return seconds


position, velocity, angle, before = (column(index, STEPS) for index in (5, 6, 7, 2))


def vectorised():
    terms = (
        np.cos(angle),
        1.5 * np.exp(-position * position),
        -0.01 * velocity * velocity,
        np.where(np.abs(position) < 0.5, 1.0, 0.0),
        before - angle,
    )
    return *terms, terms[0] + terms[1] + terms[2] + terms[3] + terms[4]


rows = [values[:LOOP_STEPS].tolist() for values in (position, velocity, angle, before)]


def loop():
    labels = []
    for x, v, a, b in zip(*rows):
        terms = (math.cos(a), 1.5 * math.exp(-x * x), -0.01 * v * v, 1.0 if abs(x) < 0.5 else 0.0, b - a)
        labels.append((*terms, sum(terms)))
    return labels


print(json.dumps({"numpy": seconds_of(vectorised, STEPS), "cpython": seconds_of(loop, LOOP_STEPS)}))
