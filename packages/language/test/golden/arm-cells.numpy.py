"""Reward for table-arm.

Entries written at places that the step chooses, and records that helpers change and hand back.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action (batch, 6)
    next_obs["hand"] (batch, 3), m
    next_obs["range"] (batch, 10), m: Proximity beams around the hand
    next_obs["touch"] (batch, 2), flag
    next_obs["grip"] (batch,), N

Components: low, mid, high, sectors, row, votes, order, popped, largest, hypotenuse. The total is
their sum.
"""

import json
import math
import sys

import numpy as np

PARAMS = {
    "bins.low": 0.5,
    "bins.high": 1.5,
}
POPPED = 5.0


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    hand = next_obs["hand"]
    range_ = next_obs["range"]
    touch = next_obs["touch"]
    grip = next_obs["grip"]
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
    range_0_below_bins_low = range_0 < params["bins.low"]
    range_0_below_bins_high = range_0 < params["bins.high"]
    range_1_below_bins_low = range_1 < params["bins.low"]
    range_1_below_bins_high = range_1 < params["bins.high"]
    chosen = np.where(range_0_below_bins_low, 1.0, 0.0)
    chosen2 = np.where(~range_0_below_bins_low & range_0_below_bins_high, 1.0, 0.0)
    chosen3 = np.where(range_0_below_bins_low | range_0_below_bins_high, 0.0, 1.0)
    low = (
        np.where(
            range_1_below_bins_low, chosen, np.where(range_1_below_bins_high, chosen2, chosen3)
        )
        + 1.0
    )
    range_2_below_bins_low = range_2 < params["bins.low"]
    range_2_below_bins_high = range_2 < params["bins.high"]
    chosen4 = np.where(range_1_below_bins_low, low, chosen)
    chosen5 = np.where(~range_1_below_bins_low & range_1_below_bins_high, low, chosen2)
    chosen6 = np.where(range_1_below_bins_low | range_1_below_bins_high, chosen3, low)
    low2 = (
        np.where(
            range_2_below_bins_low, chosen4, np.where(range_2_below_bins_high, chosen5, chosen6)
        )
        + 1.0
    )
    range_3_below_bins_low = range_3 < params["bins.low"]
    range_3_below_bins_high = range_3 < params["bins.high"]
    chosen7 = np.where(range_2_below_bins_low, low2, chosen4)
    chosen8 = np.where(~range_2_below_bins_low & range_2_below_bins_high, low2, chosen5)
    chosen9 = np.where(range_2_below_bins_low | range_2_below_bins_high, chosen6, low2)
    low3 = (
        np.where(
            range_3_below_bins_low, chosen7, np.where(range_3_below_bins_high, chosen8, chosen9)
        )
        + 1.0
    )
    range_4_below_bins_low = range_4 < params["bins.low"]
    range_4_below_bins_high = range_4 < params["bins.high"]
    chosen10 = np.where(range_3_below_bins_low, low3, chosen7)
    chosen11 = np.where(~range_3_below_bins_low & range_3_below_bins_high, low3, chosen8)
    chosen12 = np.where(range_3_below_bins_low | range_3_below_bins_high, chosen9, low3)
    low4 = (
        np.where(
            range_4_below_bins_low, chosen10, np.where(range_4_below_bins_high, chosen11, chosen12)
        )
        + 1.0
    )
    range_5_below_bins_low = range_5 < params["bins.low"]
    range_5_below_bins_high = range_5 < params["bins.high"]
    chosen13 = np.where(range_4_below_bins_low, low4, chosen10)
    chosen14 = np.where(~range_4_below_bins_low & range_4_below_bins_high, low4, chosen11)
    chosen15 = np.where(range_4_below_bins_low | range_4_below_bins_high, chosen12, low4)
    low5 = (
        np.where(
            range_5_below_bins_low, chosen13, np.where(range_5_below_bins_high, chosen14, chosen15)
        )
        + 1.0
    )
    range_6_below_bins_low = range_6 < params["bins.low"]
    range_6_below_bins_high = range_6 < params["bins.high"]
    chosen16 = np.where(range_5_below_bins_low, low5, chosen13)
    chosen17 = np.where(~range_5_below_bins_low & range_5_below_bins_high, low5, chosen14)
    chosen18 = np.where(range_5_below_bins_low | range_5_below_bins_high, chosen15, low5)
    low6 = (
        np.where(
            range_6_below_bins_low, chosen16, np.where(range_6_below_bins_high, chosen17, chosen18)
        )
        + 1.0
    )
    range_7_below_bins_low = range_7 < params["bins.low"]
    range_7_below_bins_high = range_7 < params["bins.high"]
    chosen19 = np.where(range_6_below_bins_low, low6, chosen16)
    chosen20 = np.where(~range_6_below_bins_low & range_6_below_bins_high, low6, chosen17)
    chosen21 = np.where(range_6_below_bins_low | range_6_below_bins_high, chosen18, low6)
    low7 = (
        np.where(
            range_7_below_bins_low, chosen19, np.where(range_7_below_bins_high, chosen20, chosen21)
        )
        + 1.0
    )
    range_8_below_bins_low = range_8 < params["bins.low"]
    range_8_below_bins_high = range_8 < params["bins.high"]
    chosen22 = np.where(range_7_below_bins_low, low7, chosen19)
    chosen23 = np.where(~range_7_below_bins_low & range_7_below_bins_high, low7, chosen20)
    chosen24 = np.where(range_7_below_bins_low | range_7_below_bins_high, chosen21, low7)
    low8 = (
        np.where(
            range_8_below_bins_low, chosen22, np.where(range_8_below_bins_high, chosen23, chosen24)
        )
        + 1.0
    )
    range_9_below_bins_low = range_9 < params["bins.low"]
    range_9_below_bins_high = range_9 < params["bins.high"]
    chosen25 = np.where(range_8_below_bins_low, low8, chosen22)
    chosen26 = np.where(~range_8_below_bins_low & range_8_below_bins_high, low8, chosen23)
    chosen27 = np.where(range_8_below_bins_low | range_8_below_bins_high, chosen24, low8)
    low9 = (
        np.where(
            range_9_below_bins_low, chosen25, np.where(range_9_below_bins_high, chosen26, chosen27)
        )
        + 1.0
    )
    floor = np.floor(np.minimum(3.0, np.maximum(0.0, grip / 8.0)))
    touch_0 = touch[..., 0]
    touch_1 = touch[..., 1]
    touch_0_is_0 = touch_0 == 0.0
    touch_0_is_1 = touch_0 == 1.0
    touch_0_is_2 = touch_0 == 2.0
    term = np.where(touch_0_is_0 | touch_0_is_1 | touch_0_is_2, 0.0, np.nan) + 1.0
    chosen28 = np.where(touch_0_is_0, term, 0.0)
    chosen29 = np.where(touch_0_is_1, term, 0.0)
    touch_1_is_0 = touch_1 == 0.0
    touch_1_is_1 = touch_1 == 1.0
    term2 = (
        np.where(
            touch_1_is_0,
            chosen28,
            np.where(
                touch_1_is_1,
                chosen29,
                np.where(touch_1 == 2.0, np.where(touch_0_is_2, term, 0.0), np.nan),
            ),
        )
        + 1.0
    )
    hand_0 = hand[..., 0]
    hand_1 = hand[..., 1]
    largest_ = largest(action)
    hypotenuse = hypot(hand_0, hand_1)
    components = {
        "low": np.where(range_9_below_bins_low, low9, chosen25),
        "mid": np.where(~range_9_below_bins_low & range_9_below_bins_high, low9, chosen26),
        "high": np.where(range_9_below_bins_low | range_9_below_bins_high, chosen27, low9),
        "sectors": add_up(range_[..., :4] / 4.0) - (range_8 / 4.0 + range_9 / 4.0),
        "row": np.where(floor == 3.0, 1.0, 0.0) - np.where(floor == 0.0, 1.0, 0.0),
        "votes": np.where(touch_1_is_1, term2, chosen29) - np.where(touch_1_is_0, term2, chosen28),
        "order": hand_0 - hand_1 + hand[..., 2],
        "popped": np.full(np.shape(terminated), POPPED),
        "largest": largest_,
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


def largest(v):
    """Largest entry of the last axis; NaN when one of them is NaN."""
    result = v[..., 0]
    for i in range(1, v.shape[-1]):
        result = np.maximum(result, v[..., i])
    return result


def hypot(a, b):
    """Length of (a, b), scaled by the larger one so that it neither overflows nor vanishes."""
    x, y = np.abs(a), np.abs(b)
    larger = np.maximum(x, y)
    u, v = x / larger, y / larger
    length = np.where(larger == 0.0, 0.0, np.sqrt(u * u + v * v) * larger)
    return np.where(np.isinf(x) | np.isinf(y), math.inf, length)


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
