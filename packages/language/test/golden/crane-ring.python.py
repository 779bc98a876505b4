"""Reward for gantry-crane.

A ring of the last angles, running statistics, and phases that follow each other.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step, with the memory that the step before returned; begin with MEMORY:

    total, components, memory = reward(obs, action, next_obs, terminated, truncated, memory=memory)

Reads:

    next_obs["trolley"] scalar, m: Trolley position
    next_obs["trolleySpeed"] scalar, m/s
    next_obs["swing"] scalar, rad: Angle of the rope from the vertical
    next_obs["mark"] scalar, m
    next_obs["rope"] scalar, m
    next_obs["hooked"] scalar, boolean
    terminated scalar

Components: goal, advance, calm, odd, late. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "phase": 1.0,
    "calm": 0.5,
    "odd": 0.1,
    "late": 0.01,
}
MEMORY = {
    "ring.0": 0.0,
    "ring.1": 0.0,
    "ring.2": 0.0,
    "ring.3": 0.0,
    "head": 0.0,
    "seen": 0.0,
    "mean": 0.0,
    "spread": 0.0,
    "phase": 0.0,
    "since": 0.0,
}


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS, memory=MEMORY):
    trolley = float(next_obs["trolley"])
    trolley_speed = float(next_obs["trolleySpeed"])
    swing = float(next_obs["swing"])
    mark = float(next_obs["mark"])
    rope = float(next_obs["rope"])
    hooked = bool(next_obs["hooked"])
    angle = swing if 0.0 == memory["head"] else memory["ring.0"]
    angle2 = swing if 1.0 == memory["head"] else memory["ring.1"]
    angle3 = swing if 2.0 == memory["head"] else memory["ring.2"]
    angle4 = swing if 3.0 == memory["head"] else memory["ring.3"]
    seen = minimum(memory["seen"] + 1.0, 4.0)
    trunc_ = trunc(seen)
    term = trunc_ + (4.0 if trunc_ < 0.0 else 0.0)
    calm = divide(
        (abs(angle) if 0.0 < term else 0.0)
        + (abs(angle2) if 1.0 < term else 0.0)
        + (abs(angle3) if 2.0 < term else 0.0)
        + (abs(angle4) if 3.0 < term else 0.0),
        seen,
    )
    since = memory["since"] + 1.0
    # Welford's update, forgetting what is long ago.
    count_ = minimum(since, 50.0)
    change = trolley_speed - memory["mean"]
    mean_ = memory["mean"] + divide(change, count_)
    spread = memory["spread"] + divide(change * (trolley_speed - mean_) - memory["spread"], count_)
    odd = clamp(divide(change, sqrt(spread)), -3.0, 3.0) if spread > 0.000001 else 0.0
    abs_ = abs(trolley - mark)
    phase = (
        (1.0 if hooked and rope < 2.0 else memory["phase"])
        if memory["phase"] == 0.0
        else (0.0 if not hooked else 2.0 if abs_ < 0.3 else memory["phase"])
        if memory["phase"] == 1.0
        else 3.0
        if memory["phase"] == 2.0 and calm < 0.05
        else memory["phase"]
    )
    phase_is_3 = phase == 3.0
    goal = (
        -rope / 6.0
        if phase == 0.0
        else -abs_ / 5.0
        if phase == 1.0
        else -calm
        if phase == 2.0
        else 1.0
        if phase_is_3
        else math.nan
    )
    components = {
        "goal": goal,
        "advance": (
            params["phase"] * (phase - memory["phase"])
            + ((5.0 if phase_is_3 else -5.0) if terminated else 0.0)
        ),
        "calm": -params["calm"] * calm,
        "odd": -params["odd"] * abs(odd),
        "late": -params["late"] * log1p(memory["since"]),
    }
    total = (
        components["goal"]
        + components["advance"]
        + components["calm"]
        + components["odd"]
        + components["late"]
    )
    memory = {
        "ring.0": angle,
        "ring.1": angle2,
        "ring.2": angle3,
        "ring.3": angle4,
        "head": remainder(memory["head"] + 1.0, 4.0),
        "seen": seen,
        "mean": mean_,
        "spread": spread,
        "phase": phase,
        "since": since,
    }
    return total, components, memory


def minimum(*values):
    """Smallest value; NaN when one of them is NaN."""
    smallest = math.inf
    for value in values:
        if value != value:
            return math.nan
        if value < smallest or (value == smallest == 0.0 and math.copysign(1.0, value) < 0.0):
            smallest = value
    return smallest


def trunc(x):
    return math.copysign(float(math.trunc(x)), x) if math.isfinite(x) else x


def divide(a, b):
    """a / b in IEEE arithmetic: dividing by zero gives an infinity or NaN."""
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def sqrt(x):
    return math.sqrt(x) if x >= 0.0 else math.nan


def maximum(*values):
    """Largest value; NaN when one of them is NaN."""
    largest = -math.inf
    for value in values:
        if value != value:
            return math.nan
        if value > largest or (value == largest == 0.0 and math.copysign(1.0, value) > 0.0):
            largest = value
    return largest


def clamp(x, low, high):
    return minimum(maximum(x, low), high)


def log1p(x):
    if x > -1.0:
        return math.log1p(x)
    return -math.inf if x == -1.0 else math.nan


def remainder(a, b):
    """What is left of a divided by b, with the sign of a."""
    if math.isfinite(a) and b != 0.0:
        return math.fmod(a, b)
    return math.nan


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
