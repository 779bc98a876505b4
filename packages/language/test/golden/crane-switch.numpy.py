"""Reward for gantry-crane.

What an action is worth depends on where the load hangs.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action (batch,)
    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["mark"] (batch,), m
    next_obs["touching"] (batch,), boolean

Components: worth, release. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "push": 1.0,
    "idle": 0.1,
    "release": 5.0,
}


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    trolley = next_obs["trolley"]
    mark = next_obs["mark"]
    touching = np.asarray(next_obs["touching"], dtype=bool)
    side = np.sign(trolley - mark)
    action_is_3 = action == 3.0
    condition = np.abs(side) < 0.1
    action_is_0 = action == 0.0
    condition2 = action_is_3 & condition
    condition3 = ~(condition2 | action_is_0 & condition)
    components = {
        "worth": np.where(
            action == 1.0,
            np.where(side > 0.0, params["push"], -params["push"]),
            np.where(
                action == 2.0,
                np.where(side < 0.0, params["push"], -params["push"]),
                np.where(
                    ~condition2 & action_is_3 | condition3 & action_is_0,
                    -params["idle"],
                    np.where(condition3, 0.0, params["idle"]),
                ),
            ),
        ),
        "release": np.where(action_is_3, params["release"] * np.where(touching, 1.0, -1.0), 0.0),
    }
    total = components["worth"] + components["release"]
    return total, components


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
