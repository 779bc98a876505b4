"""Reward for table-arm.

Beams within a window that may be tuned, and shares of a sum that may be nothing.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action (batch, 6)
    next_obs["range"] (batch, 10), m: Proximity beams around the hand
    next_obs["touch"] (batch, 2), flag
    next_obs["grip"] (batch,), N
    next_obs["holding"] (batch,), boolean

Components: blocked, behind, spread, even, grasp. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "window": 4.0,
    "skip": 1.0,
    "near": 0.5,
    "spread": 0.1,
    "even": 0.2,
}


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    range_ = next_obs["range"]
    touch = next_obs["touch"]
    grip = next_obs["grip"]
    holding = np.asarray(next_obs["holding"], dtype=bool)
    trunc = np.trunc(params["window"])
    condition = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]) < trunc + (
        10.0 if trunc < 0.0 else 0.0
    )
    trunc2 = np.trunc(params["skip"] - 6.0)
    condition2 = ~(
        np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
        < trunc2 + (10.0 if trunc2 < 0.0 else 0.0)
    )
    blocked = np.sum(condition & (range_ < params["near"]), axis=-1, dtype=np.float64)
    total_ = add_up(range_)
    shares = np.where((total_ > 0.0)[..., None], range_ / total_[..., None], 0.0)
    spread = add_up(-np.where(shares > 0.0, shares * np.log(shares), 0.0))
    effort = norm(action)
    part = action / effort[..., None]
    even = np.where((effort > 0.1)[..., None], part * part, 0.0)
    a = touch[..., 0]
    b = touch[..., 1]
    b2 = grip / 30.0
    condition3 = a - b > 0.0
    a2 = np.where(condition3, b, a)
    a3 = np.where(condition3, a, b)
    condition4 = a3 - b2 > 0.0
    b3 = np.where(condition4, b2, a3)
    middle = np.where(condition4, a3, b2)
    low = np.where(a2 - b3 > 0.0, a2, b3)
    subtotal = add_up(np.where(condition2, 1.0, 0.0))
    components = {
        "blocked": -blocked / np.maximum(np.sum(condition, axis=-1, dtype=np.float64), 1.0),
        "behind": np.where(
            subtotal > 0.0, add_up(np.where(condition2, range_[..., :9], 0.0)) / subtotal, 0.0
        ),
        "spread": params["spread"] * spread,
        "even": -params["even"] * largest(even),
        "grasp": np.where(holding, middle - low, 0.0),
    }
    total = (
        components["blocked"]
        + components["behind"]
        + components["spread"]
        + components["even"]
        + components["grasp"]
    )
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


def largest(v):
    """Largest entry of the last axis; NaN when one of them is NaN."""
    result = v[..., 0]
    for i in range(1, v.shape[-1]):
        result = np.maximum(result, v[..., i])
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
