"""Reward for gantry-crane.

Speed limits by distance to the mark, with a total of its own.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step, with the memory that the step before returned; begin with MEMORY:

    total, components, memory = reward(obs, action, next_obs, terminated, truncated, memory=memory)

Reads:

    action scalar
    next_obs["trolley"] scalar, m: Trolley position
    next_obs["trolleySpeed"] scalar, m/s
    next_obs["swing"] scalar, rad: Angle of the rope from the vertical
    next_obs["mark"] scalar, m

Components: settle, keep, swing. The total is its own expression.
"""

import json
import math
import sys

PARAMS = {
    "keep": 1.0,
    "settle": 0.5,
    "swing": 0.2,
}
MEMORY = {
    "calm": 0.0,
    "turns": 0.0,
    "lastAction": 0.0,
}
CRUISE = 1.5
SPAN = 8.0
CREEP = CRUISE * (SPAN - 6.0) / SPAN
REST_SPEED = 0.05
# A sixth of a turn of the rope either way.
WIDE = math.pi / 6.0


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS, memory=MEMORY):
    action = float(action)
    trolley = float(next_obs["trolley"])
    trolley_speed = float(next_obs["trolleySpeed"])
    swing = float(next_obs["swing"])
    mark = float(next_obs["mark"])
    gap = abs(mark - trolley)
    if not any(gap >= x for x in [2.0, 0.5, 0.0]):
        speed = 0.0
        width = 0.1
    elif gap >= 2.0:
        speed = CRUISE
        width = 0.4
    elif gap >= 0.5:
        speed = CREEP
        width = 0.5 * CREEP
    else:
        speed = 0.0
        width = 0.1
    speed2 = abs(trolley_speed)
    # The bounds move with the stage.
    keep = tolerance(speed2, (speed - width, speed + width), width, "linear", 0.1)
    calm = memory["calm"] + 1.0
    condition = not speed2 > REST_SPEED and gap < 0.1
    turned = (
        action == 1.0
        and memory["lastAction"] == 2.0
        or action == 2.0
        and memory["lastAction"] == 1.0
    )
    turns = memory["turns"] + (1.0 if turned else 0.0)
    settle = params["settle"] * calm if condition else 0.0
    keep2 = 0.0 if condition else keep
    swing2 = 0.0 if condition else -abs(swing)
    if condition:
        chosen = settle + keep2 + swing2
    else:
        min_ = minimum(turns, 4.0)
        chosen = (
            params["keep"] * keep
            - params["swing"] * abs(swing / WIDE)
            - 0.1
            * (
                (((1.875 if 3.0 < min_ else 1.75) if 2.0 < min_ else 1.5) if 1.0 < min_ else 1.0)
                if 0.0 < min_
                else 0.0
            )
        )
    components = {
        "settle": settle,
        "keep": keep2,
        "swing": swing2,
    }
    total = chosen
    memory = {
        "calm": calm if condition else 0.0,
        "turns": memory["turns"] if condition else turns,
        "lastAction": memory["lastAction"] if condition else action,
    }
    return total, components, memory


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


def minimum(*values):
    """Smallest value; NaN when one of them is NaN."""
    smallest = math.inf
    for value in values:
        if value != value:
            return math.nan
        if value < smallest or (value == smallest == 0.0 and math.copysign(1.0, value) < 0.0):
            smallest = value
    return smallest


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
        memory = MEMORY
        for row in episode:
            given = numbers(row["input"])
            step = [given[name] for name in ("obs", "action", "next", "terminated", "truncated")]
            total, components, memory = reward(*step, memory=memory)
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
