"""Reward for gantry-crane.

Phases by name: what pays depends on the phase, and a change of phase pays by where it came from.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    action (batch,)
    obs["trolley"] (batch,), m: Trolley position
    obs["swing"] (batch,), rad: Angle of the rope from the vertical
    obs["mark"] (batch,), m
    obs["hooked"] (batch,), boolean
    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["trolleySpeed"] (batch,), m/s
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["swingRate"] (batch,), rad/s
    next_obs["mark"] (batch,), m
    next_obs["hooked"] (batch,), boolean
    next_obs["touching"] (batch,), boolean

Components: phase, change, push, touch, known, heard. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "pace": 0.4,
    "settle": 0.7,
}


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    obs_trolley = obs["trolley"]
    obs_swing = obs["swing"]
    obs_mark = obs["mark"]
    obs_hooked = np.asarray(obs["hooked"], dtype=bool)
    next_trolley = next_obs["trolley"]
    trolley_speed = next_obs["trolleySpeed"]
    next_swing = next_obs["swing"]
    swing_rate = next_obs["swingRate"]
    next_mark = next_obs["mark"]
    next_hooked = np.asarray(next_obs["hooked"], dtype=bool)
    touching = np.asarray(next_obs["touching"], dtype=bool)
    not_next_hooked = ~next_hooked
    condition = np.abs(next_swing) > 0.3
    condition2 = np.abs(next_trolley - next_mark) < 0.2
    action_is_0 = action == 0.0
    action_is_1 = action == 1.0
    action_is_2 = action == 2.0
    condition3 = ~condition
    condition4 = next_hooked & condition3 & condition2
    condition5 = not_next_hooked | condition | condition2
    components = {
        "phase": np.where(
            not_next_hooked,
            -0.1,
            np.where(
                condition,
                -np.abs(swing_rate) * params["settle"],
                np.where(condition2, 1.0, params["pace"] * np.abs(trolley_speed)),
            ),
        ),
        "change": np.where(
            ~obs_hooked,
            0.0,
            np.where(
                np.abs(obs_swing) > 0.3,
                np.where(condition5, 0.0, 0.5),
                np.where(
                    np.abs(obs_trolley - obs_mark) < 0.2,
                    np.where(condition5, 0.0, -1.0),
                    np.where(condition4, 1.0, 0.0),
                ),
            ),
        ),
        "push": (
            np.where(
                ~np.any(action[..., None] == np.array([0.0, 1.0, 2.0]), axis=-1),
                0.3,
                np.where(
                    action_is_0,
                    0.0,
                    np.where(action_is_1, -1.0, np.where(action_is_2, 1.0, np.nan)),
                ),
            )
            * np.sign(next_mark - next_trolley)
        ),
        "touch": np.where(
            touching & next_hooked,
            0.2,
            np.where(touching, np.where(next_hooked, 7.0, 8.0), np.where(next_hooked, 8.0, 9.0))
            * 0.01,
        ),
        "known": np.where(condition4 | next_hooked & condition3 & ~condition2, 1.0, 0.0),
        "heard": np.where(
            ~action_is_0 & ~action_is_1 & ~action_is_2 & (action == 3.0),
            np.where(condition4, 2.0, -2.0),
            np.where(action_is_0, 0.01, -0.01),
        ),
    }
    total = (
        components["phase"]
        + components["change"]
        + components["push"]
        + components["touch"]
        + components["known"]
        + components["heard"]
    )
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
