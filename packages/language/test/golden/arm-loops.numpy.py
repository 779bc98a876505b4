"""Reward for table-arm.

Costs that are summed over joints and beams, written as loops.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action (batch, 6)
    next_obs["joints"] (batch, 6), rad: Joint angles, base first
    next_obs["jointSpeeds"] (batch, 6), rad/s
    next_obs["range"] (batch, 10), m: Proximity beams around the hand
    next_obs["lastAction"] (batch, 6)

Components: power, limits, smooth, clear, pose. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "power": 0.001,
    "limits": 0.2,
    "smooth": 0.05,
    "clear": 0.4,
    "near": 0.3,
}
REST_POSE = np.array([0.0, -0.6, 1.2, 0.0, 0.5, 0.0])
GEARS = np.array([50.0, 50.0, 40.0, 20.0, 20.0, 10.0])


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    joints = next_obs["joints"]
    joint_speeds = next_obs["jointSpeeds"]
    range_ = next_obs["range"]
    last_action = next_obs["lastAction"]
    excess = np.abs(joints) - np.array(
        [2.3400000000000003, 1.8, 2.3400000000000003, 1.8, 2.3400000000000003, 2.7]
    )
    range_0 = range_[..., 0]
    range_0_above_1 = range_0 > 1.0
    blocked = np.where(range_0_above_1 | (range_0 > 0.5), 0.0, 1.0)
    range_1 = range_[..., 1]
    range_1_above_1 = range_1 > 1.0
    blocked2 = np.where(range_1_above_1 | (range_1 > 0.5), blocked, blocked + 0.5)
    range_2 = range_[..., 2]
    range_2_above_1 = range_2 > 1.0
    blocked3 = np.where(range_2_above_1 | (range_2 > 0.5), blocked2, blocked2 + 0.3333333333333333)
    range_3 = range_[..., 3]
    range_3_above_1 = range_3 > 1.0
    blocked4 = np.where(range_3_above_1 | (range_3 > 0.5), blocked3, blocked3 + 0.25)
    range_4 = range_[..., 4]
    range_4_above_1 = range_4 > 1.0
    blocked5 = np.where(range_4_above_1 | (range_4 > 0.5), blocked4, blocked4 + 0.2)
    range_5 = range_[..., 5]
    range_5_above_1 = range_5 > 1.0
    blocked6 = np.where(range_5_above_1 | (range_5 > 0.5), blocked5, blocked5 + 0.16666666666666666)
    range_6 = range_[..., 6]
    range_6_above_1 = range_6 > 1.0
    blocked7 = np.where(range_6_above_1 | (range_6 > 0.5), blocked6, blocked6 + 0.14285714285714285)
    range_7 = range_[..., 7]
    range_7_above_1 = range_7 > 1.0
    blocked8 = np.where(range_7_above_1 | (range_7 > 0.5), blocked7, blocked7 + 0.125)
    range_8 = range_[..., 8]
    range_8_above_1 = range_8 > 1.0
    blocked9 = np.where(range_8_above_1 | (range_8 > 0.5), blocked8, blocked8 + 0.1111111111111111)
    range_9 = range_[..., 9]
    blocked10 = np.where(
        range_5_above_1,
        blocked6,
        np.where(
            range_6_above_1,
            blocked7,
            np.where(
                range_7_above_1,
                blocked8,
                np.where(
                    range_8_above_1 | (range_9 > 1.0) | (range_9 > 0.5), blocked9, blocked9 + 0.1
                ),
            ),
        ),
    )
    blocked11 = np.where(
        range_1_above_1,
        blocked2,
        np.where(
            range_2_above_1,
            blocked3,
            np.where(range_3_above_1, blocked4, np.where(range_4_above_1, blocked5, blocked10)),
        ),
    )
    pose = np.sqrt(add_up(np.square(joints - REST_POSE)))
    components = {
        "power": -params["power"] * add_up(np.abs(action * joint_speeds) * GEARS),
        "limits": -params["limits"] * add_up(np.where(excess > 0.0, excess, 0.0)),
        "smooth": -params["smooth"] * add_up(np.square(action - last_action)),
        "clear": -params["clear"] * np.where(range_0_above_1, blocked, blocked11),
        "pose": -params["near"] * pose,
    }
    total = (
        components["power"]
        + components["limits"]
        + components["smooth"]
        + components["clear"]
        + components["pose"]
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
