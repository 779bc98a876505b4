"""Writes standard-library.golden.json: what dm_control's tolerance and SciPy's rotations give, for the tests to agree with.

    python3 -m venv .venv && .venv/bin/pip install dm_control==1.0.50 scipy==1.17.1 && .venv/bin/python generate.py

Arguments come from a fixed seed. Quaternions are written w, x, y, z, the order of the reward language.
"""

import json
import pathlib

import numpy
from dm_control.utils import rewards
from scipy.spatial.transform import Rotation

SIGMOIDS = ["gaussian", "hyperbolic", "long_tail", "reciprocal", "cosine", "linear", "quadratic", "tanh_squared"]
SETTINGS_PER_SIGMOID = 5
POINTS = 12
ROTATIONS = 24


def tolerances(random):
    """Each sigmoid with several bounds, margins and values at the margin, on points in, at and beyond them."""
    for sigmoid in SIGMOIDS:
        for setting in range(SETTINGS_PER_SIGMOID):
            lower, upper = numpy.sort(random.uniform(-2, 2, 2))
            if setting == 0:
                upper = lower
            margin = 0.0 if setting == 1 else float(random.uniform(0.2, 3))
            value = float(random.uniform(0.02, 0.9))
            if setting == 2 and sigmoid in ("cosine", "linear", "quadratic"):
                value = 0.0
            bounds = (float(lower), numpy.inf if setting == 3 else float(upper))
            points = [bounds[0], bounds[0] - margin, bounds[0] - margin / 2, bounds[0] - 5.0]
            if numpy.isfinite(bounds[1]):
                points += [bounds[1], bounds[1] + margin, bounds[1] + margin / 3]
            points += [float(x) for x in random.uniform(-5, 5, POINTS - len(points))]
            yield {
                "sigmoid": sigmoid,
                "lower": bounds[0],
                "upper": None if numpy.isinf(bounds[1]) else bounds[1],
                "margin": margin,
                "valueAtMargin": value,
                "x": points,
                "y": [float(rewards.tolerance(x, bounds, margin, sigmoid, value)) for x in points],
            }


def wxyz(rotation):
    x, y, z, w = rotation.as_quat()
    return [float(w), float(x), float(y), float(z)]


def rotations(random):
    """Products, inverses, turned vectors and angles of random orientations; some nearly alike, some half a turn apart."""
    for index in range(ROTATIONS):
        a = Rotation.random(random_state=random)
        b = Rotation.random(random_state=random)
        if index % 4 == 1:
            b = a * Rotation.from_rotvec(1e-4 * random.standard_normal(3))
        if index % 4 == 2:
            b = a * Rotation.from_rotvec(numpy.pi * numpy.array([0.0, 0.0, 1.0]))
        v = random.uniform(-2, 2, 3)
        scale = float(random.uniform(0.5, 2))
        yield {
            "a": wxyz(a),
            "b": wxyz(b),
            "v": [float(x) for x in v],
            "scaled": [scale * x for x in wxyz(a)],
            "product": wxyz(a * b),
            "inverse": wxyz(a.inv()),
            "turned": [float(x) for x in a.apply(v)],
            "angle": float((a.inv() * b).magnitude()),
        }


random = numpy.random.RandomState(20260311)
table = {"tolerance": list(tolerances(random)), "rotations": list(rotations(random))}
path = pathlib.Path(__file__).with_name("standard-library.golden.json")
path.write_text(json.dumps(table, separators=(",", ":")) + "\n")
