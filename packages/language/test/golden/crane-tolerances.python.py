"""Reward for gantry-crane.

Every shape of tolerance, multiplied as the control suite does.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    next_obs["trolley"] scalar, m: Trolley position
    next_obs["trolleySpeed"] scalar, m/s
    next_obs["swing"] scalar, rad: Angle of the rope from the vertical
    next_obs["swingRate"] scalar, rad/s
    next_obs["mark"] scalar, m
    next_obs["rope"] scalar, m

Components: near, hanging, slow, calm, short, low, middle, tame, inside. The total is its own
expression.
"""

import json
import math
import sys

PARAMS = {
    "margin": 0.8,
    "end": 0.2,
}
REST_SPEED = 0.05
RAIL_HALF = 5.0


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    trolley = float(next_obs["trolley"])
    trolley_speed = float(next_obs["trolleySpeed"])
    swing = float(next_obs["swing"])
    swing_rate = float(next_obs["swingRate"])
    mark = float(next_obs["mark"])
    rope = float(next_obs["rope"])
    offset = trolley - mark
    near = tolerance(offset, (-0.1, 0.1), params["margin"], "gaussian", 0.1)
    hanging = tolerance(swing, (0.0, 0.0), 0.6, "cosine", 0.0)
    slow = tolerance(trolley_speed, (-REST_SPEED, REST_SPEED), 1.0, "long_tail", 0.1)
    calm = tolerance(swing_rate, (-0.2, 0.2), 2.0, "hyperbolic", params["end"])
    short = tolerance(rope, (0.0, 2.0), 3.0, "linear", 0.0)
    low = tolerance(rope, (4.0, math.inf), 2.0, "quadratic", 0.1)
    middle = tolerance(trolley, (-3.0, 3.0), 1.0, "reciprocal", 0.1)
    tame = tolerance(swing_rate * rope, (-1.0, 1.0), 4.0, "tanh_squared", 0.1)
    inside = tolerance(trolley, (-RAIL_HALF, RAIL_HALF), 0.0, "gaussian", 0.1)
    components = {
        "near": near,
        "hanging": hanging,
        "slow": slow,
        "calm": calm,
        "short": short,
        "low": low,
        "middle": middle,
        "tame": tame,
        "inside": inside,
    }
    total = near * (1.0 + hanging) * slow * inside / 2.0
    return total, components


def divide(a, b):
    """a / b in IEEE arithmetic: dividing by zero gives an infinity or NaN."""
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def exp(x):
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def log(x):
    if x > 0.0:
        return math.log(x)
    return -math.inf if x == 0.0 else math.nan


def sqrt(x):
    return math.sqrt(x) if x >= 0.0 else math.nan


def cosh(x):
    try:
        return math.cosh(x)
    except OverflowError:
        return math.inf


def acosh(x):
    return math.acosh(x) if x >= 1.0 else math.nan


def cos(x):
    return math.cos(x) if math.isfinite(x) else math.nan


def acos(x):
    return math.acos(x) if -1.0 <= x <= 1.0 else math.nan


def atanh(x):
    if -1.0 < x < 1.0:
        return math.atanh(x)
    return math.copysign(math.inf, x) if abs(x) == 1.0 else math.nan


def tolerance(x, bounds, margin, sigmoid, value_at_margin):
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    lower, upper = bounds
    if lower <= x <= upper:
        return 1.0
    d = divide(lower - x if x < lower else x - upper, margin)
    v = value_at_margin
    if sigmoid == "gaussian":
        s = d * sqrt(-2.0 * log(v))
        return exp(-0.5 * s * s)
    if sigmoid == "hyperbolic":
        return divide(1.0, cosh(d * acosh(divide(1.0, v))))
    if sigmoid == "long_tail":
        s = d * sqrt(divide(1.0, v) - 1.0)
        return 1.0 / (s * s + 1.0)
    if sigmoid == "reciprocal":
        return divide(1.0, abs(d) * (divide(1.0, v) - 1.0) + 1.0)
    if sigmoid == "tanh_squared":
        s = math.tanh(d * atanh(sqrt(1.0 - v)))
        return 1.0 - s * s
    if sigmoid == "cosine":
        s = d * (acos(2.0 * v - 1.0) / math.pi)
        return (1.0 + cos(math.pi * s)) / 2.0 if abs(s) < 1.0 else 0.0
    if sigmoid == "linear":
        s = d * (1.0 - v)
        return 1.0 - s if abs(s) < 1.0 else 0.0
    s = d * sqrt(1.0 - v)
    return 1.0 - s * s if abs(s) < 1.0 else 0.0


def is_close(got, expected, scale):
    """Whether two numbers agree up to the last places of Python's and JavaScript's mathematics.

    Terms of the size of scale that cancel leave a number smaller than their own last places.
    """
    if got == expected or (got != got and expected != expected):
        return True
    return abs(got - expected) <= 1e-9 * max(abs(expected), scale, 1e-300) < float("inf")


def numbers(value):
    """A value of a parity file, in which JSON spells NaN and the infinities as text."""
    if isinstance(value, dict):
        return {name: numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [numbers(each) for each in value]
    return float(value) if isinstance(value, str) else value


def check_parity(path):
    """Runs the rows of a parity file; returns their number and what differs."""
    with open(path, encoding="utf-8") as file:
        episodes = json.load(file)["episodes"]
    rows = 0
    faults = []
    for episode in episodes:
        for row in episode:
            given = numbers(row["input"])
            step = [given[name] for name in ("obs", "action", "next", "terminated", "truncated")]
            total, components = reward(*step)
            found = {**components, "total": total}
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
