"""Reward for table-arm.

Sorting, searching and tables, all of fixed length.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    next_obs["block"] (batch, 3), m
    next_obs["target"] (batch, 3), m
    next_obs["range"] (batch, 10), m: Proximity beams around the hand

Components: median, first, close, band. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "median": 0.5,
    "first": 0.2,
    "band": 1.0,
}


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    block = next_obs["block"]
    target = next_obs["target"]
    range_ = next_obs["range"]
    chosen = np.where(range_ > 0.0, np.minimum(range_, 3.0), 0.0)
    a = chosen[..., 0]
    b = chosen[..., 1]
    a2 = chosen[..., 2]
    b2 = chosen[..., 3]
    a3 = chosen[..., 4]
    b3 = chosen[..., 5]
    a4 = chosen[..., 6]
    b4 = chosen[..., 7]
    a5 = chosen[..., 8]
    b5 = chosen[..., 9]
    condition = a - b > 0.0
    a6 = np.where(condition, b, a)
    a7 = np.where(condition, a, b)
    condition2 = a2 - b2 > 0.0
    b6 = np.where(condition2, b2, a2)
    a8 = np.where(condition2, a2, b2)
    condition3 = a3 - b3 > 0.0
    b7 = np.where(condition3, b3, a3)
    a9 = np.where(condition3, a3, b3)
    condition4 = a4 - b4 > 0.0
    b8 = np.where(condition4, b4, a4)
    a10 = np.where(condition4, a4, b4)
    condition5 = a5 - b5 > 0.0
    b9 = np.where(condition5, b5, a5)
    b10 = np.where(condition5, a5, b5)
    condition6 = a7 - b6 > 0.0
    b11 = np.where(condition6, b6, a7)
    a11 = np.where(condition6, a7, b6)
    condition7 = a8 - b7 > 0.0
    b12 = np.where(condition7, b7, a8)
    a12 = np.where(condition7, a8, b7)
    condition8 = a9 - b8 > 0.0
    b13 = np.where(condition8, b8, a9)
    a13 = np.where(condition8, a9, b8)
    condition9 = a10 - b9 > 0.0
    b14 = np.where(condition9, b9, a10)
    a14 = np.where(condition9, a10, b9)
    condition10 = a6 - b11 > 0.0
    a15 = np.where(condition10, b11, a6)
    a16 = np.where(condition10, a6, b11)
    condition11 = a11 - b12 > 0.0
    b15 = np.where(condition11, b12, a11)
    a17 = np.where(condition11, a11, b12)
    condition12 = a12 - b13 > 0.0
    b16 = np.where(condition12, b13, a12)
    a18 = np.where(condition12, a12, b13)
    condition13 = a13 - b14 > 0.0
    b17 = np.where(condition13, b14, a13)
    a19 = np.where(condition13, a13, b14)
    condition14 = a14 - b10 > 0.0
    b18 = np.where(condition14, b10, a14)
    b19 = np.where(condition14, a14, b10)
    condition15 = a16 - b15 > 0.0
    b20 = np.where(condition15, b15, a16)
    a20 = np.where(condition15, a16, b15)
    condition16 = a17 - b16 > 0.0
    b21 = np.where(condition16, b16, a17)
    a21 = np.where(condition16, a17, b16)
    condition17 = a18 - b17 > 0.0
    b22 = np.where(condition17, b17, a18)
    a22 = np.where(condition17, a18, b17)
    condition18 = a19 - b18 > 0.0
    b23 = np.where(condition18, b18, a19)
    a23 = np.where(condition18, a19, b18)
    condition19 = a15 - b20 > 0.0
    a24 = np.where(condition19, b20, a15)
    a25 = np.where(condition19, a15, b20)
    condition20 = a20 - b21 > 0.0
    b24 = np.where(condition20, b21, a20)
    a26 = np.where(condition20, a20, b21)
    condition21 = a21 - b22 > 0.0
    b25 = np.where(condition21, b22, a21)
    a27 = np.where(condition21, a21, b22)
    condition22 = a22 - b23 > 0.0
    b26 = np.where(condition22, b23, a22)
    a28 = np.where(condition22, a22, b23)
    condition23 = a23 - b19 > 0.0
    b27 = np.where(condition23, b19, a23)
    b28 = np.where(condition23, a23, b19)
    condition24 = a25 - b24 > 0.0
    b29 = np.where(condition24, b24, a25)
    a29 = np.where(condition24, a25, b24)
    condition25 = a26 - b25 > 0.0
    b30 = np.where(condition25, b25, a26)
    a30 = np.where(condition25, a26, b25)
    condition26 = a27 - b26 > 0.0
    b31 = np.where(condition26, b26, a27)
    a31 = np.where(condition26, a27, b26)
    condition27 = a28 - b27 > 0.0
    b32 = np.where(condition27, b27, a28)
    a32 = np.where(condition27, a28, b27)
    a33 = np.where(a24 - b29 > 0.0, a24, b29)
    condition28 = a29 - b30 > 0.0
    b33 = np.where(condition28, b30, a29)
    a34 = np.where(condition28, a29, b30)
    condition29 = a30 - b31 > 0.0
    b34 = np.where(condition29, b31, a30)
    a35 = np.where(condition29, a30, b31)
    condition30 = a31 - b32 > 0.0
    b35 = np.where(condition30, b32, a31)
    a36 = np.where(condition30, a31, b32)
    b36 = np.where(a32 - b28 > 0.0, b28, a32)
    a37 = np.where(a33 - b33 > 0.0, a33, b33)
    condition31 = a34 - b34 > 0.0
    b37 = np.where(condition31, b34, a34)
    a38 = np.where(condition31, a34, b34)
    condition32 = a35 - b35 > 0.0
    b38 = np.where(condition32, b35, a35)
    a39 = np.where(condition32, a35, b35)
    b39 = np.where(a36 - b36 > 0.0, b36, a36)
    a40 = np.where(a37 - b37 > 0.0, a37, b37)
    condition33 = a38 - b38 > 0.0
    b40 = np.where(condition33, b38, a38)
    a41 = np.where(condition33, a38, b38)
    b41 = np.where(a39 - b39 > 0.0, b39, a39)
    median = (np.where(a40 - b40 > 0.0, a40, b40) + np.where(a41 - b41 > 0.0, b41, a41)) / 2.0
    range_0 = range_[..., 0]
    range_1 = range_[..., 1]
    range_2 = range_[..., 2]
    range_3 = range_[..., 3]
    range_4 = range_[..., 4]
    range_5 = range_[..., 5]
    range_6 = range_[..., 6]
    range_7 = range_[..., 7]
    range_8 = range_[..., 8]
    range_9 = range_[..., 9]
    chosen2 = np.where(
        range_6 > 1.5,
        6.0,
        np.where(
            range_7 > 1.5, 7.0, np.where(range_8 > 1.5, 8.0, np.where(range_9 > 1.5, 9.0, -1.0))
        ),
    )
    chosen3 = np.where(
        range_2 > 1.5,
        2.0,
        np.where(
            range_3 > 1.5, 3.0, np.where(range_4 > 1.5, 4.0, np.where(range_5 > 1.5, 5.0, chosen2))
        ),
    )
    free = np.where(range_0 > 1.5, 0.0, np.where(range_1 > 1.5, 1.0, chosen3))
    chosen4 = np.where(
        range_6 < 0.3,
        range_6,
        np.where(
            range_7 < 0.3,
            range_7,
            np.where(range_8 < 0.3, range_8, np.where(range_9 < 0.3, range_9, np.nan)),
        ),
    )
    chosen5 = np.where(
        range_2 < 0.3,
        range_2,
        np.where(
            range_3 < 0.3,
            range_3,
            np.where(range_4 < 0.3, range_4, np.where(range_5 < 0.3, range_5, chosen4)),
        ),
    )
    first_close = np.where(
        ~np.any(range_ < 0.3, axis=-1),
        3.0,
        np.where(range_0 < 0.3, range_0, np.where(range_1 < 0.3, range_1, chosen5)),
    )
    gap = distance(block, target)
    passed = np.sum(gap[..., None] < np.array([0.1, 0.25, 0.5, 1.0]), axis=-1, dtype=np.float64)
    term = 4.0 - passed
    chosen6 = np.where(
        term == 1.0,
        3.0,
        np.where(term == 2.0, 2.0, np.where(term == 3.0, 1.0, np.where(term == 4.0, 0.0, np.nan))),
    )
    components = {
        "median": params["median"] * median,
        "first": np.where(free == -1.0, -params["first"], params["first"] / (1.0 + free)),
        "close": -np.maximum(0.0, 1.0 - first_close),
        "band": params["band"] * (passed / 4.0) + 0.01 * np.where(term == 0.0, 4.0, chosen6),
    }
    total = components["median"] + components["first"] + components["close"] + components["band"]
    return total, components


def add_up(v):
    """Sum over the last axis, first entry first: np.sum would round in another order."""
    result = v[..., 0]
    for i in range(1, v.shape[-1]):
        result = result + v[..., i]
    return result


def dot(a, b):
    return add_up(a * b)


def norm(v):
    return np.sqrt(dot(v, v))


def distance(a, b):
    return norm(a - b)


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
