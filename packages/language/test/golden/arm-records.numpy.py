"""Reward for table-arm.

Records, spreads and computed names: one component for each segment of the arm.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action (batch, 6)
    next_obs["block"] (batch, 3), m
    next_obs["grip"] (batch,), N
    next_obs["holding"] (batch,), boolean

Components: lift, shoulderEffort, elbowEffort, wristEffort, squeeze. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "shoulder": 0.02,
    "elbow": 0.01,
    "wrist": 0.005,
    "lift": 1.0,
}
TABLE_HEIGHT = 0.1
REACH = 0.9


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    block = next_obs["block"]
    grip = next_obs["grip"]
    holding = np.asarray(next_obs["holding"], dtype=bool)
    values = action[..., :2]
    values2 = action[..., 2:4]
    values3 = action[..., 4:]
    height = block[..., 2]
    lift = np.where(holding, np.clip((height - TABLE_HEIGHT) / REACH, 0.0, 1.0), 0.0)
    components = {
        "lift": params["lift"] * lift,
        "shoulderEffort": -params["shoulder"] * (add_up(values * values) / 2.0),
        "elbowEffort": -params["elbow"] * (add_up(values2 * values2) / 2.0),
        "wristEffort": -params["wrist"] * (add_up(values3 * values3) / 2.0),
        "squeeze": np.where(grip > 20.0, -(grip - 20.0) / 10.0, 0.0),
    }
    total = (
        components["lift"]
        + components["shoulderEffort"]
        + components["elbowEffort"]
        + components["wristEffort"]
        + components["squeeze"]
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
