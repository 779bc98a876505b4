"""Reward for table-arm.

Entries written at places that the step chooses, and records that helpers change and hand back.

Task: Pick a block up and set it down upright on a target.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action 6 entries
    next_obs["hand"] 3 entries, m
    next_obs["range"] 10 entries, m: Proximity beams around the hand
    next_obs["touch"] 2 entries, flag
    next_obs["grip"] scalar, N

Components: low, mid, high, sectors, row, votes, order, popped, largest, hypotenuse. The total is
their sum.
"""

import json
import math
import sys

PARAMS = {
    "bins.low": 0.5,
    "bins.high": 1.5,
}
POPPED = 5.0


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    action = [float(x) for x in action]
    hand = [float(x) for x in next_obs["hand"]]
    range_ = [float(x) for x in next_obs["range"]]
    touch = [float(x) for x in next_obs["touch"]]
    grip = float(next_obs["grip"])
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
    range_0_below_bins_low = range_0 < params["bins.low"]
    range_0_below_bins_high = range_0 < params["bins.high"]
    range_1_below_bins_low = range_1 < params["bins.low"]
    range_1_below_bins_high = range_1 < params["bins.high"]
    chosen = 1.0 if range_0_below_bins_low else 0.0
    chosen2 = 1.0 if not range_0_below_bins_low and range_0_below_bins_high else 0.0
    chosen3 = 0.0 if range_0_below_bins_low or range_0_below_bins_high else 1.0
    low = (
        chosen if range_1_below_bins_low else chosen2 if range_1_below_bins_high else chosen3
    ) + 1.0
    range_2_below_bins_low = range_2 < params["bins.low"]
    range_2_below_bins_high = range_2 < params["bins.high"]
    chosen4 = low if range_1_below_bins_low else chosen
    chosen5 = low if not range_1_below_bins_low and range_1_below_bins_high else chosen2
    chosen6 = chosen3 if range_1_below_bins_low or range_1_below_bins_high else low
    low2 = (
        chosen4 if range_2_below_bins_low else chosen5 if range_2_below_bins_high else chosen6
    ) + 1.0
    range_3_below_bins_low = range_3 < params["bins.low"]
    range_3_below_bins_high = range_3 < params["bins.high"]
    chosen7 = low2 if range_2_below_bins_low else chosen4
    chosen8 = low2 if not range_2_below_bins_low and range_2_below_bins_high else chosen5
    chosen9 = chosen6 if range_2_below_bins_low or range_2_below_bins_high else low2
    low3 = (
        chosen7 if range_3_below_bins_low else chosen8 if range_3_below_bins_high else chosen9
    ) + 1.0
    range_4_below_bins_low = range_4 < params["bins.low"]
    range_4_below_bins_high = range_4 < params["bins.high"]
    chosen10 = low3 if range_3_below_bins_low else chosen7
    chosen11 = low3 if not range_3_below_bins_low and range_3_below_bins_high else chosen8
    chosen12 = chosen9 if range_3_below_bins_low or range_3_below_bins_high else low3
    low4 = (
        chosen10 if range_4_below_bins_low else chosen11 if range_4_below_bins_high else chosen12
    ) + 1.0
    range_5_below_bins_low = range_5 < params["bins.low"]
    range_5_below_bins_high = range_5 < params["bins.high"]
    chosen13 = low4 if range_4_below_bins_low else chosen10
    chosen14 = low4 if not range_4_below_bins_low and range_4_below_bins_high else chosen11
    chosen15 = chosen12 if range_4_below_bins_low or range_4_below_bins_high else low4
    low5 = (
        chosen13 if range_5_below_bins_low else chosen14 if range_5_below_bins_high else chosen15
    ) + 1.0
    range_6_below_bins_low = range_6 < params["bins.low"]
    range_6_below_bins_high = range_6 < params["bins.high"]
    chosen16 = low5 if range_5_below_bins_low else chosen13
    chosen17 = low5 if not range_5_below_bins_low and range_5_below_bins_high else chosen14
    chosen18 = chosen15 if range_5_below_bins_low or range_5_below_bins_high else low5
    low6 = (
        chosen16 if range_6_below_bins_low else chosen17 if range_6_below_bins_high else chosen18
    ) + 1.0
    range_7_below_bins_low = range_7 < params["bins.low"]
    range_7_below_bins_high = range_7 < params["bins.high"]
    chosen19 = low6 if range_6_below_bins_low else chosen16
    chosen20 = low6 if not range_6_below_bins_low and range_6_below_bins_high else chosen17
    chosen21 = chosen18 if range_6_below_bins_low or range_6_below_bins_high else low6
    low7 = (
        chosen19 if range_7_below_bins_low else chosen20 if range_7_below_bins_high else chosen21
    ) + 1.0
    range_8_below_bins_low = range_8 < params["bins.low"]
    range_8_below_bins_high = range_8 < params["bins.high"]
    chosen22 = low7 if range_7_below_bins_low else chosen19
    chosen23 = low7 if not range_7_below_bins_low and range_7_below_bins_high else chosen20
    chosen24 = chosen21 if range_7_below_bins_low or range_7_below_bins_high else low7
    low8 = (
        chosen22 if range_8_below_bins_low else chosen23 if range_8_below_bins_high else chosen24
    ) + 1.0
    range_9_below_bins_low = range_9 < params["bins.low"]
    range_9_below_bins_high = range_9 < params["bins.high"]
    chosen25 = low8 if range_8_below_bins_low else chosen22
    chosen26 = low8 if not range_8_below_bins_low and range_8_below_bins_high else chosen23
    chosen27 = chosen24 if range_8_below_bins_low or range_8_below_bins_high else low8
    low9 = (
        chosen25 if range_9_below_bins_low else chosen26 if range_9_below_bins_high else chosen27
    ) + 1.0
    floor_ = floor(minimum(3.0, maximum(0.0, grip / 8.0)))
    touch_0 = touch[0]
    touch_1 = touch[1]
    touch_0_is_0 = touch_0 == 0.0
    touch_0_is_1 = touch_0 == 1.0
    touch_0_is_2 = touch_0 == 2.0
    term = (0.0 if touch_0_is_0 or touch_0_is_1 or touch_0_is_2 else math.nan) + 1.0
    chosen28 = term if touch_0_is_0 else 0.0
    chosen29 = term if touch_0_is_1 else 0.0
    touch_1_is_0 = touch_1 == 0.0
    touch_1_is_1 = touch_1 == 1.0
    term2 = (
        chosen28
        if touch_1_is_0
        else chosen29
        if touch_1_is_1
        else (term if touch_0_is_2 else 0.0)
        if touch_1 == 2.0
        else math.nan
    ) + 1.0
    hand_0 = hand[0]
    hand_1 = hand[1]
    largest = maximum(*action)
    hypotenuse = hypot(hand_0, hand_1)
    components = {
        "low": low9 if range_9_below_bins_low else chosen25,
        "mid": low9 if not range_9_below_bins_low and range_9_below_bins_high else chosen26,
        "high": chosen27 if range_9_below_bins_low or range_9_below_bins_high else low9,
        "sectors": add_up(x / 4.0 for x in range_[:4]) - (range_8 / 4.0 + range_9 / 4.0),
        "row": (1.0 if floor_ == 3.0 else 0.0) - (1.0 if floor_ == 0.0 else 0.0),
        "votes": (term2 if touch_1_is_1 else chosen29) - (term2 if touch_1_is_0 else chosen28),
        "order": hand_0 - hand_1 + hand[2],
        "popped": POPPED,
        "largest": largest,
        "hypotenuse": hypotenuse,
    }
    total = (
        components["low"]
        + components["mid"]
        + components["high"]
        + components["sectors"]
        + components["row"]
        + components["votes"]
        + components["order"]
        + components["popped"]
        + components["largest"]
        + components["hypotenuse"]
    )
    return total, components


def maximum(*values):
    """Largest value; NaN when one of them is NaN."""
    largest = -math.inf
    for value in values:
        if value != value:
            return math.nan
        if value > largest or (value == largest == 0.0 and math.copysign(1.0, value) > 0.0):
            largest = value
    return largest


def minimum(*values):
    """Smallest value; NaN when one of them is NaN."""
    smallest = math.inf
    for value in values:
        if value != value:
            return math.nan
        if value < smallest or (value == smallest == 0.0 and math.copysign(1.0, value) < 0.0):
            smallest = value
    return smallest


def floor(x):
    return math.copysign(float(math.floor(x)), x) if math.isfinite(x) else x


def hypot(*entries):
    """Length of a vector, scaled by its largest entry, summed with compensation (Kahan)."""
    sizes = [abs(entry) for entry in entries]
    if math.inf in sizes:
        return math.inf
    largest = maximum(0.0, *sizes)
    if not largest > 0.0:
        return largest
    total = rest = 0.0
    for size in sizes:
        ratio = size / largest
        term = ratio * ratio - rest
        following = total + term
        rest = (following - total) - term
        total = following
    return math.sqrt(total) * largest


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
