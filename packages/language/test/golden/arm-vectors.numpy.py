"""Reward for table-arm.

Vectors all the way: helpers that take and give vectors, filters, masks.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action (batch, 6)
    obs["hand"] (batch, 3), m
    next_obs["jointSpeeds"] (batch, 6), rad/s
    next_obs["hand"] (batch, 3), m
    next_obs["block"] (batch, 3), m
    next_obs["range"] (batch, 10), m: Proximity beams around the hand
    next_obs["touch"] (batch, 2), flag

Components: close, aligned, crowd, contacts, spread, steady, effort. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "close": 1.0,
    "aligned": 0.5,
    "crowd": 0.1,
    "spread": 0.2,
    "steady": 0.05,
}
GEARS = np.array([50.0, 50.0, 40.0, 20.0, 20.0, 10.0])


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    obs_hand = obs["hand"]
    joint_speeds = next_obs["jointSpeeds"]
    next_hand = next_obs["hand"]
    block = next_obs["block"]
    range_ = next_obs["range"]
    touch = next_obs["touch"]
    to_block = block - next_hand
    moved = next_hand - obs_hand
    length = norm(to_block)
    length2 = norm(moved)
    aligned = dot(
        np.where((length > 0.000001)[..., None], to_block * (1.0 / length)[..., None], 0.0),
        np.where((length2 > 0.000001)[..., None], moved * (1.0 / length2)[..., None], 0.0),
    )
    # Beams that see something close, and how close.
    crowding = add_up(np.where(range_ < 0.6, (0.6 - range_) / 0.6, 0.0))
    contacts = np.sum(np.abs(touch) > 0.0, axis=-1, dtype=np.float64)
    nearest = smallest(range_)
    spread = largest(range_) - nearest
    abs_ = np.abs(joint_speeds)
    all_slow = np.all(abs_ < 0.5, axis=-1)
    any_fast = np.any(abs_ * GEARS > 100.0, axis=-1)
    components = {
        "close": -params["close"] * length,
        "aligned": params["aligned"] * aligned,
        "crowd": -params["crowd"] * crowding,
        "contacts": np.where(contacts >= 2.0, 1.0, contacts / 2.0),
        "spread": params["spread"] * np.minimum(1.0, spread),
        "steady": np.where(all_slow, params["steady"], np.where(any_fast, -params["steady"], 0.0)),
        "effort": -0.01 * mean(np.abs(action)),
    }
    total = (
        components["close"]
        + components["aligned"]
        + components["crowd"]
        + components["contacts"]
        + components["spread"]
        + components["steady"]
        + components["effort"]
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


def smallest(v):
    """Smallest entry of the last axis; NaN when one of them is NaN."""
    result = v[..., 0]
    for i in range(1, v.shape[-1]):
        result = np.minimum(result, v[..., i])
    return result


def largest(v):
    """Largest entry of the last axis; NaN when one of them is NaN."""
    result = v[..., 0]
    for i in range(1, v.shape[-1]):
        result = np.maximum(result, v[..., i])
    return result


def mean(v):
    return add_up(v) / v.shape[-1]


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
