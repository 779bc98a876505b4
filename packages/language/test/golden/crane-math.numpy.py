"""Reward for gantry-crane.

Every function of Math that a reward may use.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["swingRate"] (batch,), rad/s
    next_obs["rope"] (batch,), m

Components: round, roots, turns, logs, bent, rest, powers, finite. The total is their sum.
"""

import json
import math
import sys

import numpy as np

PARAMS = {
    "base": 1.5,
}


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    x = next_obs["trolley"]
    a = next_obs["swing"]
    w = next_obs["swingRate"]
    r = next_obs["rope"]
    round_ = round_half_up(x) + np.floor(w) + np.ceil(a) + np.trunc(x * w)
    roots = np.sqrt(r) + np.cbrt(x) + hypot(x, w) + hypot_of(x, a, r)
    term = a / 2.0
    turns = np.sin(x) + np.cos(a) + np.tan(a) + np.arcsin(term) + np.arccos(term) + np.arctan(x)
    logs = np.log(r) + np.log2(r) + np.log10(r) + np.log1p(r) + np.expm1(a) + np.exp(-r)
    bent = (
        np.sinh(a)
        + np.cosh(a)
        + np.tanh(w)
        + np.arcsinh(x)
        + np.arccosh(1.0 + r)
        + np.arctanh(term)
    )
    rest = (
        np.sign(x)
        + np.abs(w)
        + np.maximum(np.maximum(x, a), w)
        - np.minimum(np.minimum(x, a), w)
        + np.arctan2(w, x)
        + fround(x)
    )
    powers = np.power(x, 3.0) + power(params["base"], x) + power(r, a) + np.fmod(x, r)
    finite = np.where(np.isfinite(x / w) & ~np.isnan(a), 1.0, 0.0)
    components = {
        "round": round_,
        "roots": roots,
        "turns": turns,
        "logs": logs,
        "bent": bent,
        "rest": rest,
        "powers": powers,
        "finite": finite,
    }
    total = (
        components["round"]
        + components["roots"]
        + components["turns"]
        + components["logs"]
        + components["bent"]
        + components["rest"]
        + components["powers"]
        + components["finite"]
    )
    return total, components


def round_half_up(x):
    """Nearest whole number; halves go up, and what rounds to zero keeps its sign."""
    below = np.floor(x)
    return np.copysign(np.where(x - below >= 0.5, below + 1.0, below), x)


def hypot(a, b):
    """Length of (a, b), scaled by the larger one so that it neither overflows nor vanishes."""
    x, y = np.abs(a), np.abs(b)
    larger = np.maximum(x, y)
    u, v = x / larger, y / larger
    length = np.where(larger == 0.0, 0.0, np.sqrt(u * u + v * v) * larger)
    return np.where(np.isinf(x) | np.isinf(y), math.inf, length)


def hypot_of(*entries):
    """Length of a vector, scaled by its largest entry, summed with compensation (Kahan)."""
    sizes = [np.abs(entry) for entry in entries]
    largest = sizes[0]
    infinite = np.isinf(largest)
    for size in sizes[1:]:
        largest = np.maximum(largest, size)
        infinite = infinite | np.isinf(size)
    total = 0.0
    rest = 0.0
    for size in sizes:
        ratio = size / largest
        term = ratio * ratio - rest
        following = total + term
        rest = (following - total) - term
        total = following
    length = np.where(largest == 0.0, 0.0, np.sqrt(total) * largest)
    return np.where(infinite, np.inf, length)


def fround(x):
    """Nearest single-precision number."""
    return np.asarray(x).astype(np.float32).astype(np.float64)


def power(a, b):
    """a to the b; NaN where b is NaN, or infinite while a is 1 or -1, as in JavaScript."""
    undefined = np.isnan(b) | ((np.abs(a) == 1.0) & np.isinf(b))
    return np.where(undefined, np.nan, np.power(a, b))


def is_close(got, expected, scale):
    """Whether two numbers agree up to the last places of Python's and JavaScript's mathematics.

    Terms of the size of scale that cancel leave a number smaller than their own last places.
    """
    if got == expected or (got != got and expected != expected):
        return True
    return abs(got - expected) <= 1e-9 * max(abs(expected), scale, 1e-300) < float("inf")


def columns(values):
    """Rows of a parity file as arrays; JSON spells NaN and the infinities as text."""
    if isinstance(values[0], dict):
        return {name: columns([value[name] for value in values]) for name in values[0]}
    return np.array(values, dtype=bool if isinstance(values[0], bool) else np.float64)


def check_parity(path):
    """Runs the rows of a parity file; returns their number and what differs."""
    with open(path, encoding="utf-8") as file:
        episodes = json.load(file)["episodes"]
    rows = 0
    faults = []
    for batch in zip(*episodes):
        given = columns([row["input"] for row in batch])
        step = [given[name] for name in ("obs", "action", "next", "terminated", "truncated")]
        total, components = reward(*step)
        for index, row in enumerate(batch):
            found = {name: float(values[index]) for name, values in components.items()}
            found["total"] = float(total[index])
            for name, got in found.items():
                expected = float(row["total"] if name == "total" else row["components"][name])
                if not is_close(got, expected, row.get("scale", {}).get(name, 0.0)):
                    faults.append(f"row {rows}: {name} is {got!r}, expected {expected!r}")
            rows += 1
    return rows, faults


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} PARITY.json")
    count, differences = check_parity(sys.argv[1])
    for difference in differences:
        print(difference)
    print(f"{count} rows, {len(differences)} differences")
    sys.exit(1 if differences else 0)
