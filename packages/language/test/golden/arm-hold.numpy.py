"""Reward for table-arm.

Potential shaping with a nested memory and a record of the highest lift.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments, with the memory that the step before returned:

    memory = initial_memory(num_envs)
    total, components, memory = reward(obs, action, next_obs, terminated, truncated, memory)
    memory = reset_memory(memory, terminated | truncated)

Reads:

    obs["hand"] (batch, 3), m
    obs["block"] (batch, 3), m
    obs["target"] (batch, 3), m
    next_obs["hand"] (batch, 3), m
    next_obs["block"] (batch, 3), m
    next_obs["target"] (batch, 3), m
    next_obs["grip"] (batch,), N
    next_obs["holding"] (batch,), boolean
    terminated (batch,)
    truncated (batch,)

Components: shaping, record, jerk, held. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "gamma": 0.98,
    "weights.hand": 1.0,
    "weights.block": 2.0,
    "record": 5.0,
    "jerk.0": 0.02,
    "jerk.1": 0.01,
}
MEMORY = {
    "highest": 0.0,
    "heldFor": 0.0,
    "lastGrip": 0.0,
}
REACH = 0.9


def initial_memory(num_envs):
    """The memory at the start of episodes; num_envs is a number or a shape."""
    return {name: np.full(num_envs, value) for name, value in MEMORY.items()}


def reset_memory(memory, done):
    """The memory, started anew wherever an episode has ended."""
    return {name: np.where(done, value, memory[name]) for name, value in MEMORY.items()}


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, memory, params=PARAMS):
    obs_hand = obs["hand"]
    obs_block = obs["block"]
    obs_target = obs["target"]
    next_hand = next_obs["hand"]
    next_block = next_obs["block"]
    next_target = next_obs["target"]
    grip = next_obs["grip"]
    holding = np.asarray(next_obs["holding"], dtype=bool)
    terminated = np.asarray(terminated, dtype=bool)
    truncated = np.asarray(truncated, dtype=bool)
    done = terminated & ~truncated
    to_block = distance(next_hand, next_block) / REACH
    to_target = distance(next_block, next_target) / REACH
    after = np.where(
        done,
        0.0,
        -params["weights.hand"] * np.minimum(1.0, to_block)
        - params["weights.block"] * np.minimum(1.0, to_target),
    )
    highest = next_block[..., 2]
    held_for = np.where(holding, memory["heldFor"] + 1.0, 0.0)
    highest2 = np.where(
        holding,
        np.where(highest > memory["highest"], highest, memory["highest"]),
        memory["highest"],
    )
    change = np.abs(grip - memory["lastGrip"])
    to_block2 = distance(obs_hand, obs_block) / REACH
    to_target2 = distance(obs_block, obs_target) / REACH
    components = {
        "shaping": (
            params["gamma"] * after
            - (
                -params["weights.hand"] * np.minimum(1.0, to_block2)
                - params["weights.block"] * np.minimum(1.0, to_target2)
            )
        ),
        "record": params["record"] * (highest2 - memory["highest"]),
        "jerk": -np.where(change > 5.0, params["jerk.1"], params["jerk.0"]) * change,
        "held": np.where(held_for > 10.0, 1.0, 0.0),
    }
    total = components["shaping"] + components["record"] + components["jerk"] + components["held"]
    memory = {
        "highest": highest2,
        "heldFor": held_for,
        "lastGrip": grip,
    }
    return total, components, memory


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


def distance(a, b):
    return norm(a - b)


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
