"""Reward for gantry-crane.

A ring of the last angles, running statistics, and phases that follow each other.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments, with the memory that the step before returned:

    memory = initial_memory(num_envs)
    total, components, memory = reward(obs, action, next_obs, terminated, truncated, memory)
    memory = reset_memory(memory, terminated | truncated)

Reads:

    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["trolleySpeed"] (batch,), m/s
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["mark"] (batch,), m
    next_obs["rope"] (batch,), m
    next_obs["hooked"] (batch,), boolean
    terminated (batch,)

Components: goal, advance, calm, odd, late. The total is their sum.
"""

import json
import sys

import numpy as np

PARAMS = {
    "phase": 1.0,
    "calm": 0.5,
    "odd": 0.1,
    "late": 0.01,
}
MEMORY = {
    "ring.0": 0.0,
    "ring.1": 0.0,
    "ring.2": 0.0,
    "ring.3": 0.0,
    "head": 0.0,
    "seen": 0.0,
    "mean": 0.0,
    "spread": 0.0,
    "phase": 0.0,
    "since": 0.0,
}


def initial_memory(num_envs):
    """The memory at the start of episodes; num_envs is a number or a shape."""
    return {name: np.full(num_envs, value) for name, value in MEMORY.items()}


def reset_memory(memory, done):
    """The memory, started anew wherever an episode has ended."""
    return {name: np.where(done, value, memory[name]) for name, value in MEMORY.items()}


@np.errstate(all="ignore")
def reward(obs, action, next_obs, terminated, truncated, memory, params=PARAMS):
    trolley = next_obs["trolley"]
    trolley_speed = next_obs["trolleySpeed"]
    swing = next_obs["swing"]
    mark = next_obs["mark"]
    rope = next_obs["rope"]
    hooked = np.asarray(next_obs["hooked"], dtype=bool)
    terminated = np.asarray(terminated, dtype=bool)
    angle = np.where(0.0 == memory["head"], swing, memory["ring.0"])
    angle2 = np.where(1.0 == memory["head"], swing, memory["ring.1"])
    angle3 = np.where(2.0 == memory["head"], swing, memory["ring.2"])
    angle4 = np.where(3.0 == memory["head"], swing, memory["ring.3"])
    seen = minimum(memory["seen"] + 1.0, 4.0)
    trunc = np.trunc(seen)
    term = trunc + np.where(trunc < 0.0, 4.0, 0.0)
    calm = (
        np.where(0.0 < term, np.abs(angle), 0.0)
        + np.where(1.0 < term, np.abs(angle2), 0.0)
        + np.where(2.0 < term, np.abs(angle3), 0.0)
        + np.where(3.0 < term, np.abs(angle4), 0.0)
    ) / seen
    since = memory["since"] + 1.0
    # Welford's update, forgetting what is long ago.
    count_ = minimum(since, 50.0)
    change = trolley_speed - memory["mean"]
    mean_ = memory["mean"] + change / count_
    spread = memory["spread"] + (change * (trolley_speed - mean_) - memory["spread"]) / count_
    odd = np.where(spread > 0.000001, np.clip(change / np.sqrt(spread), -3.0, 3.0), 0.0)
    abs_ = np.abs(trolley - mark)
    phase = np.where(
        memory["phase"] == 0.0,
        np.where(hooked & (rope < 2.0), 1.0, memory["phase"]),
        np.where(
            memory["phase"] == 1.0,
            np.where(~hooked, 0.0, np.where(abs_ < 0.3, 2.0, memory["phase"])),
            np.where((memory["phase"] == 2.0) & (calm < 0.05), 3.0, memory["phase"]),
        ),
    )
    phase_is_3 = phase == 3.0
    goal = np.where(
        phase == 0.0,
        -rope / 6.0,
        np.where(
            phase == 1.0,
            -abs_ / 5.0,
            np.where(phase == 2.0, -calm, np.where(phase_is_3, 1.0, np.nan)),
        ),
    )
    components = {
        "goal": goal,
        "advance": (
            params["phase"] * (phase - memory["phase"])
            + np.where(terminated, np.where(phase_is_3, 5.0, -5.0), 0.0)
        ),
        "calm": -params["calm"] * calm,
        "odd": -params["odd"] * np.abs(odd),
        "late": -params["late"] * np.log1p(memory["since"]),
    }
    total = (
        components["goal"]
        + components["advance"]
        + components["calm"]
        + components["odd"]
        + components["late"]
    )
    memory = {
        "ring.0": angle,
        "ring.1": angle2,
        "ring.2": angle3,
        "ring.3": angle4,
        "head": np.fmod(memory["head"] + 1.0, 4.0),
        "seen": seen,
        "mean": mean_,
        "spread": spread,
        "phase": phase,
        "since": since,
    }
    return total, components, memory


def minimum(a, b):
    """np.minimum, in which -0.0 is smaller than 0.0."""
    return np.where((a == 0.0) & (b == 0.0), -(-a - b), np.minimum(a, b))


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
