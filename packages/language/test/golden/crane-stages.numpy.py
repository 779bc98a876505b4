"""Reward for gantry-crane.

One stage at a time: pick up, carry, settle, release.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action (batch,)
    obs["trolley"] (batch,), m: Trolley position
    obs["mark"] (batch,), m
    obs["hooked"] (batch,), boolean
    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["trolleySpeed"] (batch,), m/s
    next_obs["swingRate"] (batch,), rad/s
    next_obs["mark"] (batch,), m
    next_obs["rope"] (batch,), m
    next_obs["hooked"] (batch,), boolean
    next_obs["touching"] (batch,), boolean
    terminated (batch,)

Components: task, shaping, time. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "pickUp": 1.0,
    "carry": 2.0,
    "settle": 0.5,
    "release": 20.0,
    "drop": 10.0,
    "time": 0.01,
}
# m
NEAR = 0.25
GRAVITY = 9.81
RELEASE = 3.0


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    obs_trolley = obs["trolley"]
    obs_mark = obs["mark"]
    obs_hooked = np.asarray(obs["hooked"], dtype=bool)
    next_trolley = next_obs["trolley"]
    trolley_speed = next_obs["trolleySpeed"]
    swing_rate = next_obs["swingRate"]
    next_mark = next_obs["mark"]
    rope = next_obs["rope"]
    next_hooked = np.asarray(next_obs["hooked"], dtype=bool)
    touching = np.asarray(next_obs["touching"], dtype=bool)
    terminated = np.asarray(terminated, dtype=bool)
    time = -params["time"]
    not_next_hooked = ~next_hooked
    distance_to_mark = np.abs(next_trolley - next_mark)
    distance_to_mark_above_near = distance_to_mark > NEAR
    # The load came off somewhere else.
    condition = obs_hooked & not_next_hooked & distance_to_mark_above_near
    # Carry, but not faster than the rope can take.
    closing = np.abs(obs_trolley - obs_mark) - distance_to_mark
    limit = np.sqrt(GRAVITY * rope) * 0.05
    still = 1.0 / (1.0 + np.abs(swing_rate) + np.abs(trolley_speed))
    components = {
        "task": np.where(
            condition,
            -params["drop"],
            np.where(
                terminated, np.where(action == RELEASE, params["release"], -params["drop"]), 0.0
            ),
        ),
        "shaping": np.where(
            condition,
            0.0,
            np.where(
                terminated,
                0.0,
                np.where(
                    not_next_hooked,
                    params["pickUp"] * np.where(touching, 1.0, 0.2),
                    np.where(
                        distance_to_mark_above_near,
                        params["carry"] * np.clip(closing, -limit, limit),
                        params["settle"] * still,
                    ),
                ),
            ),
        ),
        "time": np.full(np.shape(terminated), time),
    }
    total = components["task"] + components["shaping"] + components["time"]
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
