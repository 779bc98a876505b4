"""Reward for gantry-crane.

Memory that holds nothing until the first step is over.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments, with the memory that the step before returned:

    memory = initial_memory(num_envs)
    total, components, memory = reward(obs, action, next_obs, terminated, truncated, memory)
    memory = reset_memory(memory, terminated | truncated)

Reads:

    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["trolleySpeed"] (batch,), m/s
    next_obs["mark"] (batch,), m
    next_obs["hooked"] (batch,), boolean
    terminated (batch,)

Components: shaping, change, oldest. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "gain": 2.0,
}
MEMORY = {
    "before": 0.0,
    "beforeHeld": 0.0,
    "pace": 0.0,
    "paceHeld": 0.0,
    "steps": 0.0,
}


def initial_memory(num_envs):
    """The memory at the start of episodes; num_envs is a number or a shape."""
    return {name: np.full(num_envs, value) for name, value in MEMORY.items()}


def reset_memory(memory, done):
    """The memory, started anew wherever an episode has ended."""
    return {name: np.where(done, value, memory[name]) for name, value in MEMORY.items()}


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, memory, params=PARAMS):
    has_before = np.abs(memory["beforeHeld"]) > 0.0
    has_pace = np.abs(memory["paceHeld"]) > 0.0
    trolley = next_obs["trolley"]
    trolley_speed = next_obs["trolleySpeed"]
    mark = next_obs["mark"]
    hooked = np.asarray(next_obs["hooked"], dtype=bool)
    terminated = np.asarray(terminated, dtype=bool)
    gap = np.abs(trolley - mark)
    not_has_before = ~has_before
    shaping = np.where(not_has_before, 0.0, memory["before"] - gap)
    change = np.where(has_pace, np.abs(trolley_speed - memory["pace"]), 0.0)
    oldest = np.where(has_before, memory["before"], gap)
    not_hooked = ~hooked
    terminated_or_not_hooked = terminated | not_hooked
    components = {
        "shaping": np.where(
            terminated, -1.0, np.where(not_hooked, shaping, params["gain"] * shaping)
        ),
        "change": np.where(terminated, change, np.where(not_hooked, 0.0, -change)),
        "oldest": np.where(terminated, oldest, np.where(not_hooked, oldest, 0.1 * oldest)),
    }
    total = components["shaping"] + components["change"] + components["oldest"]
    memory = {
        "before": np.where(
            terminated, 0.0, np.where(not_hooked, np.where(has_before, memory["before"], 0.0), gap)
        ),
        "beforeHeld": np.where(terminated | not_hooked & not_has_before, 0.0, 1.0),
        "pace": np.where(
            terminated_or_not_hooked, np.where(has_pace, memory["pace"], 0.0), trolley_speed
        ),
        "paceHeld": np.where(terminated_or_not_hooked, np.where(has_pace, 1.0, 0.0), 1.0),
        "steps": np.where(terminated, memory["steps"], memory["steps"] + 1.0),
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
