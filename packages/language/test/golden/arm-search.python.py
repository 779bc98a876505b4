"""Reward for table-arm.

Sorting, searching and tables, all of fixed length.

Task: Pick a block up and set it down upright on a target.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    next_obs["block"] 3 entries, m
    next_obs["target"] 3 entries, m
    next_obs["range"] 10 entries, m: Proximity beams around the hand

Components: median, first, close, band. The total is their sum.
"""

import json
import math
import sys

PARAMS = {
    "median": 0.5,
    "first": 0.2,
    "band": 1.0,
}


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    block = [float(x) for x in next_obs["block"]]
    target = [float(x) for x in next_obs["target"]]
    range_ = [float(x) for x in next_obs["range"]]
    chosen = [minimum(r, 3.0) if r > 0.0 else 0.0 for r in range_]
    a = chosen[0]
    b = chosen[1]
    a2 = chosen[2]
    b2 = chosen[3]
    a3 = chosen[4]
    b3 = chosen[5]
    a4 = chosen[6]
    b4 = chosen[7]
    a5 = chosen[8]
    b5 = chosen[9]
    if a - b > 0.0:
        a6 = b
        a7 = a
    else:
        a6 = a
        a7 = b
    if a2 - b2 > 0.0:
        b6 = b2
        a8 = a2
    else:
        b6 = a2
        a8 = b2
    if a3 - b3 > 0.0:
        b7 = b3
        a9 = a3
    else:
        b7 = a3
        a9 = b3
    if a4 - b4 > 0.0:
        b8 = b4
        a10 = a4
    else:
        b8 = a4
        a10 = b4
    if a5 - b5 > 0.0:
        b9 = b5
        b10 = a5
    else:
        b9 = a5
        b10 = b5
    if a7 - b6 > 0.0:
        b11 = b6
        a11 = a7
    else:
        b11 = a7
        a11 = b6
    if a8 - b7 > 0.0:
        b12 = b7
        a12 = a8
    else:
        b12 = a8
        a12 = b7
    if a9 - b8 > 0.0:
        b13 = b8
        a13 = a9
    else:
        b13 = a9
        a13 = b8
    if a10 - b9 > 0.0:
        b14 = b9
        a14 = a10
    else:
        b14 = a10
        a14 = b9
    if a6 - b11 > 0.0:
        a15 = b11
        a16 = a6
    else:
        a15 = a6
        a16 = b11
    if a11 - b12 > 0.0:
        b15 = b12
        a17 = a11
    else:
        b15 = a11
        a17 = b12
    if a12 - b13 > 0.0:
        b16 = b13
        a18 = a12
    else:
        b16 = a12
        a18 = b13
    if a13 - b14 > 0.0:
        b17 = b14
        a19 = a13
    else:
        b17 = a13
        a19 = b14
    if a14 - b10 > 0.0:
        b18 = b10
        b19 = a14
    else:
        b18 = a14
        b19 = b10
    if a16 - b15 > 0.0:
        b20 = b15
        a20 = a16
    else:
        b20 = a16
        a20 = b15
    if a17 - b16 > 0.0:
        b21 = b16
        a21 = a17
    else:
        b21 = a17
        a21 = b16
    if a18 - b17 > 0.0:
        b22 = b17
        a22 = a18
    else:
        b22 = a18
        a22 = b17
    if a19 - b18 > 0.0:
        b23 = b18
        a23 = a19
    else:
        b23 = a19
        a23 = b18
    if a15 - b20 > 0.0:
        a24 = b20
        a25 = a15
    else:
        a24 = a15
        a25 = b20
    if a20 - b21 > 0.0:
        b24 = b21
        a26 = a20
    else:
        b24 = a20
        a26 = b21
    if a21 - b22 > 0.0:
        b25 = b22
        a27 = a21
    else:
        b25 = a21
        a27 = b22
    if a22 - b23 > 0.0:
        b26 = b23
        a28 = a22
    else:
        b26 = a22
        a28 = b23
    if a23 - b19 > 0.0:
        b27 = b19
        b28 = a23
    else:
        b27 = a23
        b28 = b19
    if a25 - b24 > 0.0:
        b29 = b24
        a29 = a25
    else:
        b29 = a25
        a29 = b24
    if a26 - b25 > 0.0:
        b30 = b25
        a30 = a26
    else:
        b30 = a26
        a30 = b25
    if a27 - b26 > 0.0:
        b31 = b26
        a31 = a27
    else:
        b31 = a27
        a31 = b26
    if a28 - b27 > 0.0:
        b32 = b27
        a32 = a28
    else:
        b32 = a28
        a32 = b27
    a33 = a24 if a24 - b29 > 0.0 else b29
    if a29 - b30 > 0.0:
        b33 = b30
        a34 = a29
    else:
        b33 = a29
        a34 = b30
    if a30 - b31 > 0.0:
        b34 = b31
        a35 = a30
    else:
        b34 = a30
        a35 = b31
    if a31 - b32 > 0.0:
        b35 = b32
        a36 = a31
    else:
        b35 = a31
        a36 = b32
    b36 = b28 if a32 - b28 > 0.0 else a32
    a37 = a33 if a33 - b33 > 0.0 else b33
    if a34 - b34 > 0.0:
        b37 = b34
        a38 = a34
    else:
        b37 = a34
        a38 = b34
    if a35 - b35 > 0.0:
        b38 = b35
        a39 = a35
    else:
        b38 = a35
        a39 = b35
    b39 = b36 if a36 - b36 > 0.0 else a36
    a40 = a37 if a37 - b37 > 0.0 else b37
    if a38 - b38 > 0.0:
        b40 = b38
        a41 = a38
    else:
        b40 = a38
        a41 = b38
    b41 = b39 if a39 - b39 > 0.0 else a39
    median = ((a40 if a40 - b40 > 0.0 else b40) + (b41 if a41 - b41 > 0.0 else a41)) / 2.0
    range_0 = range_[0]
    range_1 = range_[1]
    range_2 = range_[2]
    range_3 = range_[3]
    range_4 = range_[4]
    range_5 = range_[5]
    range_6 = range_[6]
    range_7 = range_[7]
    range_8 = range_[8]
    range_9 = range_[9]
    free = (
        0.0
        if range_0 > 1.5
        else 1.0
        if range_1 > 1.5
        else 2.0
        if range_2 > 1.5
        else 3.0
        if range_3 > 1.5
        else 4.0
        if range_4 > 1.5
        else 5.0
        if range_5 > 1.5
        else 6.0
        if range_6 > 1.5
        else 7.0
        if range_7 > 1.5
        else 8.0
        if range_8 > 1.5
        else 9.0
        if range_9 > 1.5
        else -1.0
    )
    first_close = (
        3.0
        if not any(r < 0.3 for r in range_)
        else range_0
        if range_0 < 0.3
        else range_1
        if range_1 < 0.3
        else range_2
        if range_2 < 0.3
        else range_3
        if range_3 < 0.3
        else range_4
        if range_4 < 0.3
        else range_5
        if range_5 < 0.3
        else range_6
        if range_6 < 0.3
        else range_7
        if range_7 < 0.3
        else range_8
        if range_8 < 0.3
        else range_9
        if range_9 < 0.3
        else math.nan
    )
    gap = distance(block, target)
    passed = add_up(float(gap < x) for x in [0.1, 0.25, 0.5, 1.0])
    term = 4.0 - passed
    components = {
        "median": params["median"] * median,
        "first": -params["first"] if free == -1.0 else divide(params["first"], 1.0 + free),
        "close": -maximum(0.0, 1.0 - first_close),
        "band": (
            params["band"] * (passed / 4.0)
            + 0.01
            * (
                4.0
                if term == 0.0
                else 3.0
                if term == 1.0
                else 2.0
                if term == 2.0
                else 1.0
                if term == 3.0
                else 0.0
                if term == 4.0
                else math.nan
            )
        ),
    }
    total = components["median"] + components["first"] + components["close"] + components["band"]
    return total, components


def minimum(*values):
    """Smallest value; NaN when one of them is NaN."""
    smallest = math.inf
    for value in values:
        if value != value:
            return math.nan
        if value < smallest or (value == smallest == 0.0 and math.copysign(1.0, value) < 0.0):
            smallest = value
    return smallest


def add_up(values, start=-0.0):
    """Sum from the first value to the last, without reordering."""
    total = start
    for value in values:
        total += value
    return total


def dot(a, b):
    return add_up(x * y for x, y in zip(a, b))


def sqrt(x):
    return math.sqrt(x) if x >= 0.0 else math.nan


def norm(v):
    return sqrt(dot(v, v))


def distance(a, b):
    return norm([x - y for x, y in zip(a, b)])


def divide(a, b):
    """a / b in IEEE arithmetic: dividing by zero gives an infinity or NaN."""
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


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
