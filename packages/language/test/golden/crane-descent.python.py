"""Reward for gantry-crane.

Loops that end where the step says so, within a fixed number of turns; whole numbers by their bits.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action scalar
    obs["swing"] scalar, rad: Angle of the rope from the vertical
    next_obs["trolley"] scalar, m: Trolley position
    next_obs["swing"] scalar, rad: Angle of the rope from the vertical
    next_obs["swingRate"] scalar, rad/s
    next_obs["mark"] scalar, m
    next_obs["rope"] scalar, m
    next_obs["hooked"] scalar, boolean
    next_obs["touching"] scalar, boolean

Components: gap, halvings, drift, turns, millimetres, flags, both, odd, mixed, text. The total is
their sum.
"""

import json
import math
import sys

PARAMS = {
    "rate": 0.5,
}


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    action = float(action)
    obs_swing = float(obs["swing"])
    trolley = float(next_obs["trolley"])
    next_swing = float(next_obs["swing"])
    swing_rate = float(next_obs["swingRate"])
    mark = float(next_obs["mark"])
    rope = float(next_obs["rope"])
    hooked = bool(next_obs["hooked"])
    touching = bool(next_obs["touching"])
    gap = abs(trolley - mark)
    if gap > params["rate"]:
        gap3 = gap / 2.0
        if gap3 > params["rate"]:
            gap4 = gap3 / 2.0
            if gap4 > params["rate"]:
                gap5 = gap4 / 2.0
                if gap5 > params["rate"]:
                    gap6 = gap5 / 2.0
                    if gap6 > params["rate"]:
                        gap7 = gap6 / 2.0
                        if gap7 > params["rate"]:
                            gap2 = gap7 / 2.0
                            halvings = 6.0
                        else:
                            gap2 = gap7
                            halvings = 5.0
                    else:
                        gap2 = gap6
                        halvings = 4.0
                else:
                    gap2 = gap5
                    halvings = 3.0
            else:
                gap2 = gap4
                halvings = 2.0
        else:
            gap2 = gap3
            halvings = 1.0
    else:
        gap2 = gap
        halvings = 0.0
    abs_ = abs(next_swing)
    term = rope * 4.0
    term2 = trolley * 1000.0
    if math.isfinite(term2):
        trunc_ = trunc(term2)
        term3 = trunc_ - 4294967296.0 * floor(trunc_ / 4294967296.0)
        millimetres = term3 - 4294967296.0 if term3 >= 2147483648.0 else term3
    else:
        millimetres = 0.0
    if math.isfinite(term):
        trunc_2 = trunc(term)
        term4 = trunc_2 - 4294967296.0 * floor(trunc_2 / 4294967296.0)
        chosen = term4 - 4294967296.0 if term4 >= 2147483648.0 else term4
    else:
        chosen = 0.0
    term5 = -1.0 - chosen
    if math.isfinite(term5):
        trunc_3 = trunc(term5)
        term6 = trunc_3 - 4294967296.0 * floor(trunc_3 / 4294967296.0)
        chosen2 = term6 - 4294967296.0 if term6 >= 2147483648.0 else term6
    else:
        chosen2 = 0.0
    cells = -1.0 - chosen2
    condition = abs_ > 0.5
    flags = (
        ((7.0 if condition else 3.0) if touching else 5.0 if condition else 1.0)
        if hooked
        else (6.0 if condition else 2.0)
        if touching
        else 4.0
        if condition
        else 0.0
    )
    both = float(hooked and touching)
    odd = float((next_swing > 0.0) != (obs_swing > 0.0))
    if math.isfinite(cells):
        trunc_4 = trunc(cells)
        term7 = trunc_4 - 4294967296.0 * floor(trunc_4 / 4294967296.0)
        chosen3 = term7 - 4294967296.0 if term7 >= 2147483648.0 else term7
    else:
        chosen3 = 0.0
    floor_ = floor(chosen3 / 2.0)
    floor_2 = floor(chosen3 / 4.0)
    term8 = chosen3 * 8.0
    if math.isfinite(term8):
        trunc_5 = trunc(term8)
        term9 = trunc_5 - 4294967296.0 * floor(trunc_5 / 4294967296.0)
        chosen4 = term9 - 4294967296.0 if term9 >= 2147483648.0 else term9
    else:
        chosen4 = 0.0
    if math.isfinite(millimetres):
        trunc_6 = trunc(millimetres)
        term10 = trunc_6 - 4294967296.0 * floor(trunc_6 / 4294967296.0)
        chosen5 = term10 - 4294967296.0 if term10 >= 2147483648.0 else term10
    else:
        chosen5 = 0.0
    if math.isfinite(action):
        trunc_7 = trunc(action)
        term11 = trunc_7 - 4294967296.0 * floor(trunc_7 / 4294967296.0)
        chosen6 = term11 - 4294967296.0 if term11 >= 2147483648.0 else term11
    else:
        chosen6 = 0.0
    mixed = (
        2.0 * (floor_ - 2.0 * floor_2)
        + 4.0 * (floor_2 - 2.0 * floor(chosen3 / 8.0))
        + floor_
        + chosen4
        + floor((chosen3 + (4294967296.0 if chosen3 < 0.0 else 0.0)) / 2.0)
        + (-1.0 - chosen5)
        - (floor(chosen6) - 2.0 * floor(chosen6 / 2.0))
    )
    text = swing_rate + rope
    components = {
        "gap": -gap2,
        "halvings": -halvings,
        "drift": add_up(x * next_swing for x in [3.0, 2.0, 1.0, 0.0]),
        "turns": (
            (
                (
                    (5.0 if not term > 9.0 and abs_ * 4.0 < 1.0 else 4.0)
                    if not rope * 3.0 > 9.0 and abs_ * 3.0 < 1.0
                    else 3.0
                )
                if not rope * 2.0 > 9.0 and abs_ * 2.0 < 1.0
                else 2.0
            )
            if not rope > 9.0 and abs_ < 1.0
            else 1.0
        ),
        "millimetres": millimetres,
        "flags": flags,
        "both": both,
        "odd": odd,
        "mixed": mixed,
        "text": text,
    }
    total = (
        components["gap"]
        + components["halvings"]
        + components["drift"]
        + components["turns"]
        + components["millimetres"]
        + components["flags"]
        + components["both"]
        + components["odd"]
        + components["mixed"]
        + components["text"]
    )
    return total, components


def trunc(x):
    return math.copysign(float(math.trunc(x)), x) if math.isfinite(x) else x


def floor(x):
    return math.copysign(float(math.floor(x)), x) if math.isfinite(x) else x


def add_up(values, start=-0.0):
    """Sum from the first value to the last, without reordering."""
    total = start
    for value in values:
        total += value
    return total


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
