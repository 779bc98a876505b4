"""Reward for gantry-crane.

Functions made of functions, one for each stretch of the rail, and the nearest of what is ahead.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    obs["trolley"] scalar, m: Trolley position
    obs["swing"] scalar, rad: Angle of the rope from the vertical
    obs["swingRate"] scalar, rad/s
    next_obs["trolley"] scalar, m: Trolley position
    next_obs["swing"] scalar, rad: Angle of the rope from the vertical
    next_obs["swingRate"] scalar, rad/s
    next_obs["mark"] scalar, m

Components: calm, pull, stretch, damping. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "fade": 1.2,
    "pull": 0.5,
    "stretch": 0.1,
}
HALF_LIFE = math.log(2.0) / 0.5


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    obs_trolley = float(obs["trolley"])
    obs_swing = float(obs["swing"])
    obs_swing_rate = float(obs["swingRate"])
    trolley = float(next_obs["trolley"])
    swing = float(next_obs["swing"])
    swing_rate = float(next_obs["swingRate"])
    mark = float(next_obs["mark"])
    sign_ = sign(mark - trolley)
    ahead = (-4.0 - trolley) * sign_
    not_ahead_above_0 = not ahead > 0.0
    ahead2 = (-1.5 - trolley) * sign_
    condition = ahead2 > 0.0 and (not_ahead_above_0 or ahead2 < ahead)
    ahead3 = (0.0 - trolley) * sign_
    condition2 = not condition and not_ahead_above_0
    chosen = ahead2 if condition else ahead
    condition3 = ahead3 > 0.0 and (condition2 or ahead3 < chosen)
    ahead4 = (1.5 - trolley) * sign_
    condition4 = not condition3 and condition2
    chosen2 = ahead3 if condition3 else chosen
    condition5 = ahead4 > 0.0 and (condition4 or ahead4 < chosen2)
    ahead5 = (4.0 - trolley) * sign_
    condition6 = not condition5 and condition4
    chosen3 = ahead4 if condition5 else chosen2
    condition7 = ahead5 > 0.0 and (condition6 or ahead5 < chosen3)
    damping = (
        0.5 * (obs_swing_rate * obs_swing_rate)
        + 1.0
        - cos(obs_swing)
        - (0.5 * (swing_rate * swing_rate) + 1.0 - cos(swing))
    )
    components = {
        "calm": (
            exp(-HALF_LIFE * (params["fade"] * abs(swing)))
            * exp(-HALF_LIFE * (params["fade"] * abs(swing_rate)))
        ),
        "pull": (
            0.0
            if not condition7 and condition6
            else divide(params["pull"], 1.0 + (ahead5 if condition7 else chosen3))
        ),
        "stretch": (
            params["stretch"]
            if add_up(
                x3 if trolley >= x and trolley < x2 else 0.0
                for x, x2, x3 in zip(
                    [-4.0, -1.5, 0.0, 1.5], [-1.5, 0.0, 1.5, 4.0], [1.0, 2.0, 3.0, 4.0]
                )
            )
            != add_up(
                x3 if obs_trolley >= x and obs_trolley < x2 else 0.0
                for x, x2, x3 in zip(
                    [-4.0, -1.5, 0.0, 1.5], [-1.5, 0.0, 1.5, 4.0], [1.0, 2.0, 3.0, 4.0]
                )
            )
            else 0.0
        ),
        "damping": maximum(damping, 0.0) if math.isfinite(damping) else 0.0,
    }
    total = components["calm"] + components["pull"] + components["stretch"] + components["damping"]
    return total, components


def sign(x):
    return x if x == 0.0 or x != x else math.copysign(1.0, x)


def cos(x):
    return math.cos(x) if math.isfinite(x) else math.nan


def exp(x):
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def divide(a, b):
    """a / b in IEEE arithmetic: dividing by zero gives an infinity or NaN."""
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def add_up(values, start=-0.0):
    """Sum from the first value to the last, without reordering."""
    total = start
    for value in values:
        total += value
    return total


def maximum(*values):
    """Largest value; NaN when one of them is NaN."""
    largest = -math.inf
    for value in values:
        if value != value:
            return math.nan
        if value > largest or (value == largest == 0.0 and math.copysign(1.0, value) > 0.0):
            largest = value
    return largest


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
