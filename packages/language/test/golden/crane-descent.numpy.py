"""Reward for gantry-crane.

Loops that end where the step says so, within a fixed number of turns; whole numbers by their bits.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action (batch,)
    obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["swingRate"] (batch,), rad/s
    next_obs["mark"] (batch,), m
    next_obs["rope"] (batch,), m
    next_obs["hooked"] (batch,), boolean
    next_obs["touching"] (batch,), boolean

Components: gap, halvings, drift, turns, millimetres, flags, both, odd, mixed, text. The total is
their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "rate": 0.5,
}


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    obs_swing = obs["swing"]
    trolley = next_obs["trolley"]
    next_swing = next_obs["swing"]
    swing_rate = next_obs["swingRate"]
    mark = next_obs["mark"]
    rope = next_obs["rope"]
    hooked = np.asarray(next_obs["hooked"], dtype=bool)
    touching = np.asarray(next_obs["touching"], dtype=bool)
    gap = np.abs(trolley - mark)
    gap_above_rate = gap > params["rate"]
    gap2 = gap / 2.0
    gap_above_rate2 = gap2 > params["rate"]
    gap3 = gap2 / 2.0
    gap_above_rate3 = gap3 > params["rate"]
    gap4 = gap3 / 2.0
    gap_above_rate4 = gap4 > params["rate"]
    gap5 = gap4 / 2.0
    gap_above_rate5 = gap5 > params["rate"]
    gap6 = gap5 / 2.0
    gap_above_rate6 = gap6 > params["rate"]
    gap7 = np.where(
        gap_above_rate3,
        np.where(
            gap_above_rate4,
            np.where(gap_above_rate5, np.where(gap_above_rate6, gap6 / 2.0, gap6), gap5),
            gap4,
        ),
        gap3,
    )
    halvings = np.where(
        gap_above_rate3,
        np.where(
            gap_above_rate4,
            np.where(gap_above_rate5, np.where(gap_above_rate6, 6.0, 5.0), 4.0),
            3.0,
        ),
        2.0,
    )
    abs_ = np.abs(next_swing)
    term = rope * 4.0
    term2 = trolley * 1000.0
    trunc = np.trunc(term2)
    term3 = trunc - 4294967296.0 * np.floor(trunc / 4294967296.0)
    millimetres = np.where(
        np.isfinite(term2), np.where(term3 >= 2147483648.0, term3 - 4294967296.0, term3), 0.0
    )
    trunc2 = np.trunc(term)
    term4 = trunc2 - 4294967296.0 * np.floor(trunc2 / 4294967296.0)
    term5 = -1.0 - np.where(
        np.isfinite(term), np.where(term4 >= 2147483648.0, term4 - 4294967296.0, term4), 0.0
    )
    trunc3 = np.trunc(term5)
    term6 = trunc3 - 4294967296.0 * np.floor(trunc3 / 4294967296.0)
    cells = -1.0 - np.where(
        np.isfinite(term5), np.where(term6 >= 2147483648.0, term6 - 4294967296.0, term6), 0.0
    )
    condition = abs_ > 0.5
    flags = np.where(
        hooked,
        np.where(touching, np.where(condition, 7.0, 3.0), np.where(condition, 5.0, 1.0)),
        np.where(touching, np.where(condition, 6.0, 2.0), np.where(condition, 4.0, 0.0)),
    )
    both = np.where(hooked & touching, 1.0, 0.0)
    odd = np.where((next_swing > 0.0) != (obs_swing > 0.0), 1.0, 0.0)
    trunc4 = np.trunc(cells)
    term7 = trunc4 - 4294967296.0 * np.floor(trunc4 / 4294967296.0)
    chosen = np.where(
        np.isfinite(cells), np.where(term7 >= 2147483648.0, term7 - 4294967296.0, term7), 0.0
    )
    floor = np.floor(chosen / 2.0)
    floor2 = np.floor(chosen / 4.0)
    term8 = chosen * 8.0
    trunc5 = np.trunc(term8)
    term9 = trunc5 - 4294967296.0 * np.floor(trunc5 / 4294967296.0)
    trunc6 = np.trunc(millimetres)
    term10 = trunc6 - 4294967296.0 * np.floor(trunc6 / 4294967296.0)
    trunc7 = np.trunc(action)
    term11 = trunc7 - 4294967296.0 * np.floor(trunc7 / 4294967296.0)
    chosen2 = np.where(
        np.isfinite(action), np.where(term11 >= 2147483648.0, term11 - 4294967296.0, term11), 0.0
    )
    mixed = (
        2.0 * (floor - 2.0 * floor2)
        + 4.0 * (floor2 - 2.0 * np.floor(chosen / 8.0))
        + floor
        + np.where(
            np.isfinite(term8), np.where(term9 >= 2147483648.0, term9 - 4294967296.0, term9), 0.0
        )
        + np.floor((chosen + np.where(chosen < 0.0, 4294967296.0, 0.0)) / 2.0)
        + (
            -1.0
            - np.where(
                np.isfinite(millimetres),
                np.where(term10 >= 2147483648.0, term10 - 4294967296.0, term10),
                0.0,
            )
        )
        - (np.floor(chosen2) - 2.0 * np.floor(chosen2 / 2.0))
    )
    text = swing_rate + rope
    components = {
        "gap": -np.where(gap_above_rate, np.where(gap_above_rate2, gap7, gap2), gap),
        "halvings": -np.where(gap_above_rate, np.where(gap_above_rate2, halvings, 1.0), 0.0),
        "drift": add_up(np.array([3.0, 2.0, 1.0, 0.0]) * next_swing[..., None]),
        "turns": np.where(
            ~(rope > 9.0) & (abs_ < 1.0),
            np.where(
                ~(rope * 2.0 > 9.0) & (abs_ * 2.0 < 1.0),
                np.where(
                    ~(rope * 3.0 > 9.0) & (abs_ * 3.0 < 1.0),
                    np.where(~(term > 9.0) & (abs_ * 4.0 < 1.0), 5.0, 4.0),
                    3.0,
                ),
                2.0,
            ),
            1.0,
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


def add_up(v):
    """Sum over the last axis, first entry first: np.sum would round in another order."""
    result = v[..., 0]
    for i in range(1, v.shape[-1]):
        result = result + v[..., i]
    return result


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
