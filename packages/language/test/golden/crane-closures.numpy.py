"""Reward for gantry-crane.

Functions made of functions, one for each stretch of the rail, and the nearest of what is ahead.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    obs["trolley"] (batch,), m: Trolley position
    obs["swing"] (batch,), rad: Angle of the rope from the vertical
    obs["swingRate"] (batch,), rad/s
    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["swingRate"] (batch,), rad/s
    next_obs["mark"] (batch,), m

Components: calm, pull, stretch, damping. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "fade": 1.2,
    "pull": 0.5,
    "stretch": 0.1,
}
HALF_LIFE = np.log(2.0) / 0.5


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    obs_trolley = obs["trolley"]
    obs_swing = obs["swing"]
    obs_swing_rate = obs["swingRate"]
    trolley = next_obs["trolley"]
    swing = next_obs["swing"]
    swing_rate = next_obs["swingRate"]
    mark = next_obs["mark"]
    sign_ = np.sign(mark - trolley)
    ahead = (-4.0 - trolley) * sign_
    not_ahead_above_0 = ~(ahead > 0.0)
    ahead2 = (-1.5 - trolley) * sign_
    condition = (ahead2 > 0.0) & (not_ahead_above_0 | (ahead2 < ahead))
    ahead3 = (0.0 - trolley) * sign_
    condition2 = ~condition & not_ahead_above_0
    chosen = np.where(condition, ahead2, ahead)
    condition3 = (ahead3 > 0.0) & (condition2 | (ahead3 < chosen))
    ahead4 = (1.5 - trolley) * sign_
    condition4 = ~condition3 & condition2
    chosen2 = np.where(condition3, ahead3, chosen)
    condition5 = (ahead4 > 0.0) & (condition4 | (ahead4 < chosen2))
    ahead5 = (4.0 - trolley) * sign_
    condition6 = ~condition5 & condition4
    chosen3 = np.where(condition5, ahead4, chosen2)
    condition7 = (ahead5 > 0.0) & (condition6 | (ahead5 < chosen3))
    damping = (
        0.5 * np.square(obs_swing_rate)
        + 1.0
        - np.cos(obs_swing)
        - (0.5 * np.square(swing_rate) + 1.0 - np.cos(swing))
    )
    components = {
        "calm": (
            np.exp(-HALF_LIFE * (params["fade"] * np.abs(swing)))
            * np.exp(-HALF_LIFE * (params["fade"] * np.abs(swing_rate)))
        ),
        "pull": np.where(
            ~condition7 & condition6,
            0.0,
            params["pull"] / (1.0 + np.where(condition7, ahead5, chosen3)),
        ),
        "stretch": np.where(
            add_up(
                np.where(
                    (trolley[..., None] >= np.array([-4.0, -1.5, 0.0, 1.5]))
                    & (trolley[..., None] < np.array([-1.5, 0.0, 1.5, 4.0])),
                    np.array([1.0, 2.0, 3.0, 4.0]),
                    0.0,
                ),
            )
            != add_up(
                np.where(
                    (obs_trolley[..., None] >= np.array([-4.0, -1.5, 0.0, 1.5]))
                    & (obs_trolley[..., None] < np.array([-1.5, 0.0, 1.5, 4.0])),
                    np.array([1.0, 2.0, 3.0, 4.0]),
                    0.0,
                ),
            ),
            params["stretch"],
            0.0,
        ),
        "damping": np.where(np.isfinite(damping), np.maximum(damping, 0.0), 0.0),
    }
    total = components["calm"] + components["pull"] + components["stretch"] + components["damping"]
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
