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
    r = range_[..., 0]
    r2 = range_[..., 1]
    r3 = range_[..., 2]
    r4 = range_[..., 3]
    r5 = range_[..., 4]
    r6 = range_[..., 5]
    r7 = range_[..., 6]
    r8 = range_[..., 7]
    r9 = range_[..., 8]
    r10 = range_[..., 9]
    r_below_bins_low = r < params["bins.low"]
    r_below_bins_high = r < params["bins.high"]
    r_below_bins_low2 = r2 < params["bins.low"]
    r_below_bins_high2 = r2 < params["bins.high"]
    chosen = np.where(r_below_bins_low, 1.0, 0.0)
    chosen2 = np.where(r_below_bins_low, 0.0, np.where(r_below_bins_high, 1.0, 0.0))
    chosen3 = np.where(r_below_bins_low, 0.0, np.where(r_below_bins_high, 0.0, 1.0))
    low = np.where(r_below_bins_low2, chosen, np.where(r_below_bins_high2, chosen2, chosen3)) + 1.0
    r_below_bins_low3 = r3 < params["bins.low"]
    r_below_bins_high3 = r3 < params["bins.high"]
    chosen4 = np.where(r_below_bins_low2, low, chosen)
    chosen5 = np.where(r_below_bins_low2, chosen2, np.where(r_below_bins_high2, low, chosen2))
    chosen6 = np.where(r_below_bins_low2, chosen3, np.where(r_below_bins_high2, chosen3, low))
    low2 = (
        np.where(r_below_bins_low3, chosen4, np.where(r_below_bins_high3, chosen5, chosen6)) + 1.0
    )
    r_below_bins_low4 = r4 < params["bins.low"]
    r_below_bins_high4 = r4 < params["bins.high"]
    chosen7 = np.where(r_below_bins_low3, low2, chosen4)
    chosen8 = np.where(r_below_bins_low3, chosen5, np.where(r_below_bins_high3, low2, chosen5))
    chosen9 = np.where(r_below_bins_low3, chosen6, np.where(r_below_bins_high3, chosen6, low2))
    low3 = (
        np.where(r_below_bins_low4, chosen7, np.where(r_below_bins_high4, chosen8, chosen9)) + 1.0
    )
    r_below_bins_low5 = r5 < params["bins.low"]
    r_below_bins_high5 = r5 < params["bins.high"]
    chosen10 = np.where(r_below_bins_low4, low3, chosen7)
    chosen11 = np.where(r_below_bins_low4, chosen8, np.where(r_below_bins_high4, low3, chosen8))
    chosen12 = np.where(r_below_bins_low4, chosen9, np.where(r_below_bins_high4, chosen9, low3))
    low4 = (
        np.where(r_below_bins_low5, chosen10, np.where(r_below_bins_high5, chosen11, chosen12))
        + 1.0
    )
    r_below_bins_low6 = r6 < params["bins.low"]
    r_below_bins_high6 = r6 < params["bins.high"]
    chosen13 = np.where(r_below_bins_low5, low4, chosen10)
    chosen14 = np.where(r_below_bins_low5, chosen11, np.where(r_below_bins_high5, low4, chosen11))
    chosen15 = np.where(r_below_bins_low5, chosen12, np.where(r_below_bins_high5, chosen12, low4))
    low5 = (
        np.where(r_below_bins_low6, chosen13, np.where(r_below_bins_high6, chosen14, chosen15))
        + 1.0
    )
    r_below_bins_low7 = r7 < params["bins.low"]
    r_below_bins_high7 = r7 < params["bins.high"]
    chosen16 = np.where(r_below_bins_low6, low5, chosen13)
    chosen17 = np.where(r_below_bins_low6, chosen14, np.where(r_below_bins_high6, low5, chosen14))
    chosen18 = np.where(r_below_bins_low6, chosen15, np.where(r_below_bins_high6, chosen15, low5))
    low6 = (
        np.where(r_below_bins_low7, chosen16, np.where(r_below_bins_high7, chosen17, chosen18))
        + 1.0
    )
    r_below_bins_low8 = r8 < params["bins.low"]
    r_below_bins_high8 = r8 < params["bins.high"]
    chosen19 = np.where(r_below_bins_low7, low6, chosen16)
    chosen20 = np.where(r_below_bins_low7, chosen17, np.where(r_below_bins_high7, low6, chosen17))
    chosen21 = np.where(r_below_bins_low7, chosen18, np.where(r_below_bins_high7, chosen18, low6))
    low7 = (
        np.where(r_below_bins_low8, chosen19, np.where(r_below_bins_high8, chosen20, chosen21))
        + 1.0
    )
    r_below_bins_low9 = r9 < params["bins.low"]
    r_below_bins_high9 = r9 < params["bins.high"]
    chosen22 = np.where(r_below_bins_low8, low7, chosen19)
    chosen23 = np.where(r_below_bins_low8, chosen20, np.where(r_below_bins_high8, low7, chosen20))
    chosen24 = np.where(r_below_bins_low8, chosen21, np.where(r_below_bins_high8, chosen21, low7))
    low8 = (
        np.where(r_below_bins_low9, chosen22, np.where(r_below_bins_high9, chosen23, chosen24))
        + 1.0
    )
    r_below_bins_low10 = r10 < params["bins.low"]
    r_below_bins_high10 = r10 < params["bins.high"]
    chosen25 = np.where(r_below_bins_low9, low8, chosen22)
    chosen26 = np.where(r_below_bins_low9, chosen23, np.where(r_below_bins_high9, low8, chosen23))
    chosen27 = np.where(r_below_bins_low9, chosen24, np.where(r_below_bins_high9, chosen24, low8))
    low9 = (
        np.where(r_below_bins_low10, chosen25, np.where(r_below_bins_high10, chosen26, chosen27))
        + 1.0
    )
    floor = np.floor(np.minimum(3.0, np.maximum(0.0, grip / 8.0)))
    touch2 = touch[..., 0]
    touch3 = touch[..., 1]
    touch_is_0 = touch2 == 0.0
    touch_is_1 = touch2 == 1.0
    touch_is_2 = touch2 == 2.0
    term = (
        np.where(touch_is_0, 0.0, np.where(touch_is_1, 0.0, np.where(touch_is_2, 0.0, np.nan)))
        + 1.0
    )
    chosen28 = np.where(touch_is_0, term, 0.0)
    chosen29 = np.where(touch_is_1, term, 0.0)
    touch_is_0_2 = touch3 == 0.0
    touch_is_1_2 = touch3 == 1.0
    term2 = (
        np.where(
            touch_is_0_2,
            chosen28,
            np.where(
                touch_is_1_2,
                chosen29,
                np.where(touch3 == 2.0, np.where(touch_is_2, term, 0.0), np.nan),
            ),
        )
        + 1.0
    )
    entry = hand[..., 0]
    entry2 = hand[..., 1]
    largest_ = largest(action)
    hypotenuse = hypot(entry, entry2)
    components = {
        "low": np.where(r_below_bins_low10, low9, chosen25),
        "mid": np.where(
            r_below_bins_low10, chosen26, np.where(r_below_bins_high10, low9, chosen26)
        ),
        "high": np.where(
            r_below_bins_low10, chosen27, np.where(r_below_bins_high10, chosen27, low9)
        ),
        "sectors": add_up(range_[..., :4] / 4.0) - (r9 / 4.0 + r10 / 4.0),
        "row": np.where(floor == 3.0, 1.0, 0.0) - np.where(floor == 0.0, 1.0, 0.0),
        "votes": np.where(touch_is_1_2, term2, chosen29) - np.where(touch_is_0_2, term2, chosen28),
        "order": entry - entry2 + hand[..., 2],
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
