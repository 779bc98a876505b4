"""Reward for gantry-crane.

Pays for the longest rest over the mark; switching direction costs.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments, with the memory that the step before returned:

    memory = initial_memory(num_envs)
    total, components, memory = reward(obs, action, next_obs, terminated, truncated, memory)
    memory = reset_memory(memory, terminated | truncated)

Reads:

    action (batch,)
    obs["trolley"] (batch,), m: Trolley position
    obs["swing"] (batch,), rad: Angle of the rope from the vertical
    obs["mark"] (batch,), m
    obs["rope"] (batch,), m
    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["trolleySpeed"] (batch,), m/s
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["mark"] (batch,), m
    next_obs["rope"] (batch,), m
    terminated (batch,)

Components: shaping, rest, switching. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "gamma": 0.99,
    "restWeight": 0.2,
    "longest": 40.0,
    "switchCost": 0.05,
    "shaping": 1.0,
}
MEMORY = {
    "rest": 0.0,
    "best": 0.0,
    "lastAction": -1.0,
}
REST_SPEED = 0.05


def initial_memory(num_envs):
    """The memory at the start of episodes; num_envs is a number or a shape."""
    return {name: np.full(num_envs, value) for name, value in MEMORY.items()}


def reset_memory(memory, done):
    """The memory, started anew wherever an episode has ended."""
    return {name: np.where(done, value, memory[name]) for name, value in MEMORY.items()}


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, memory, params=PARAMS):
    obs_trolley = obs["trolley"]
    obs_swing = obs["swing"]
    obs_mark = obs["mark"]
    obs_rope = obs["rope"]
    next_trolley = next_obs["trolley"]
    trolley_speed = next_obs["trolleySpeed"]
    next_swing = next_obs["swing"]
    next_mark = next_obs["mark"]
    next_rope = next_obs["rope"]
    terminated = np.asarray(terminated, dtype=bool)
    resting = (np.abs(trolley_speed) < REST_SPEED) & (np.abs(next_trolley - next_mark) < 0.3)
    rest = np.where(resting, np.minimum(memory["rest"] + 1.0, params["longest"]), 0.0)
    best = np.maximum(memory["best"], rest)
    switched = (memory["lastAction"] > 0.0) & (action > 0.0) & (action != memory["lastAction"])
    components = {
        "shaping": (
            params["gamma"]
            * np.where(
                terminated,
                0.0,
                -params["shaping"]
                * np.abs(next_trolley + next_rope * np.sin(next_swing) - next_mark),
            )
            + params["shaping"] * np.abs(obs_trolley + obs_rope * np.sin(obs_swing) - obs_mark)
        ),
        "rest": params["restWeight"] * (best - memory["best"]),
        "switching": np.where(switched, -params["switchCost"], 0.0),
    }
    total = components["shaping"] + components["rest"] + components["switching"]
    memory = {
        "rest": rest,
        "best": best,
        "lastAction": np.where(action == 0.0, memory["lastAction"], action),
    }
    return total, components, memory


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
    # Step by step, the episodes of one length are the batch.
    for length in sorted({len(episode) for episode in episodes}):
        together = [episode for episode in episodes if len(episode) == length]
        memory = initial_memory(len(together))
        for batch in zip(*together):
            given = columns([row["input"] for row in batch])
            step = [given[name] for name in ("obs", "action", "next", "terminated", "truncated")]
            total, components, memory = reward(*step, memory)
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
