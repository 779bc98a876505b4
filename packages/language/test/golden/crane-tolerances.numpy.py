"""Reward for gantry-crane.

Every shape of tolerance, multiplied as the control suite does.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["trolleySpeed"] (batch,), m/s
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["swingRate"] (batch,), rad/s
    next_obs["mark"] (batch,), m
    next_obs["rope"] (batch,), m

Components: near, hanging, slow, calm, short, low, middle, tame, inside. The total is its own
expression.
"""

import json
import math
import sys

import numpy as np

PARAMS = {
    "margin": 0.8,
    "end": 0.2,
}
REST_SPEED = 0.05
RAIL_HALF = 5.0


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    trolley = next_obs["trolley"]
    trolley_speed = next_obs["trolleySpeed"]
    swing = next_obs["swing"]
    swing_rate = next_obs["swingRate"]
    mark = next_obs["mark"]
    rope = next_obs["rope"]
    offset = trolley - mark
    near = tolerance_gaussian(offset, -0.1, 0.1, params["margin"], 0.1)
    hanging = tolerance_cosine(swing, 0.0, 0.0, 0.6, 0.0)
    slow = tolerance_long_tail(trolley_speed, -REST_SPEED, REST_SPEED, 1.0, 0.1)
    calm = tolerance_hyperbolic(swing_rate, -0.2, 0.2, 2.0, params["end"])
    short = tolerance_linear(rope, 0.0, 2.0, 3.0, 0.0)
    low = tolerance_quadratic(rope, 4.0, np.inf, 2.0, 0.1)
    middle = tolerance_reciprocal(trolley, -3.0, 3.0, 1.0, 0.1)
    tame = tolerance_tanh_squared(swing_rate * rope, -1.0, 1.0, 4.0, 0.1)
    inside = tolerance_gaussian(trolley, -RAIL_HALF, RAIL_HALF, 0.0, 0.1)
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


def tolerance_gaussian(x, lower, upper, margin, value_at_margin):
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = np.where(x < lower, lower - x, x - upper) / np.float64(margin)
    s = d * math.sqrt(-2.0 * math.log(value_at_margin))
    value = np.exp(-0.5 * s * s)
    return np.where((x >= lower) & (x <= upper), 1.0, value)


def tolerance_cosine(x, lower, upper, margin, value_at_margin):
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = np.where(x < lower, lower - x, x - upper) / np.float64(margin)
    s = d * (math.acos(2.0 * value_at_margin - 1.0) / math.pi)
    value = np.where(np.abs(s) < 1.0, (1.0 + np.cos(math.pi * s)) / 2.0, 0.0)
    return np.where((x >= lower) & (x <= upper), 1.0, value)


def tolerance_long_tail(x, lower, upper, margin, value_at_margin):
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = np.where(x < lower, lower - x, x - upper) / np.float64(margin)
    s = d * math.sqrt(1.0 / value_at_margin - 1.0)
    value = 1.0 / (s * s + 1.0)
    return np.where((x >= lower) & (x <= upper), 1.0, value)


def tolerance_hyperbolic(x, lower, upper, margin, value_at_margin):
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = np.where(x < lower, lower - x, x - upper) / np.float64(margin)
    value = 1.0 / np.cosh(d * math.acosh(1.0 / value_at_margin))
    return np.where((x >= lower) & (x <= upper), 1.0, value)


def tolerance_linear(x, lower, upper, margin, value_at_margin):
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = np.where(x < lower, lower - x, x - upper) / np.float64(margin)
    s = d * (1.0 - value_at_margin)
    value = np.where(np.abs(s) < 1.0, 1.0 - s, 0.0)
    return np.where((x >= lower) & (x <= upper), 1.0, value)


def tolerance_quadratic(x, lower, upper, margin, value_at_margin):
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = np.where(x < lower, lower - x, x - upper) / np.float64(margin)
    s = d * math.sqrt(1.0 - value_at_margin)
    value = np.where(np.abs(s) < 1.0, 1.0 - s * s, 0.0)
    return np.where((x >= lower) & (x <= upper), 1.0, value)


def tolerance_reciprocal(x, lower, upper, margin, value_at_margin):
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = np.where(x < lower, lower - x, x - upper) / np.float64(margin)
    value = 1.0 / (np.abs(d) * (1.0 / value_at_margin - 1.0) + 1.0)
    return np.where((x >= lower) & (x <= upper), 1.0, value)


def tolerance_tanh_squared(x, lower, upper, margin, value_at_margin):
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = np.where(x < lower, lower - x, x - upper) / np.float64(margin)
    s = np.tanh(d * math.atanh(math.sqrt(1.0 - value_at_margin)))
    value = 1.0 - s * s
    return np.where((x >= lower) & (x <= upper), 1.0, value)


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
