"""A reward that Rewardsmith exported to NumPy, over the observations of a Gymnasium environment."""

import importlib.util

import numpy as np
from stable_baselines3.common.vec_env import VecEnvWrapper


class Exported:
    """An exported module over a batch of environments, with its memory where it has one.

    Fields are the names of the entries of an observation, in their order; all are scalars.
    """

    def __init__(self, path, entry, fields, num_envs):
        spec = importlib.util.spec_from_file_location("exported", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self.module = module
        self.function = getattr(module, entry)
        self.fields = fields
        self.num_envs = num_envs
        self.start()

    def start(self):
        has_memory = hasattr(self.module, "initial_memory")
        self.memory = self.module.initial_memory(self.num_envs) if has_memory else None

    def _named(self, observations):
        # Gymnasium's single precision would be that of the reward, too.
        columns = np.asarray(observations, dtype=np.float64).T
        return dict(zip(self.fields, columns, strict=True))

    def __call__(self, obs, action, following, terminated, truncated):
        """Total and components of one step of all environments; `following` is the last of an episode where it ends."""
        action = np.asarray(action, dtype=np.float64)
        given = (self._named(obs), action, self._named(following), terminated, truncated)
        if self.memory is None:
            total, components = self.function(*given)
        else:
            total, components, memory = self.function(*given, self.memory)
            self.memory = self.module.reset_memory(memory, terminated | truncated)
        # What depends on no field is one number for all.
        total = np.broadcast_to(np.asarray(total, dtype=np.float64), (self.num_envs,))
        if not np.isfinite(total).all():
            raise FloatingPointError(f"the reward is {total} on {given}")
        return total, components


def endings(after, done, infos):
    """What Stable-Baselines3 says of a step as Gymnasium means it: the observation before any reset, terminated, truncated."""
    truncated = np.array([info["TimeLimit.truncated"] for info in infos], dtype=bool)
    following = np.array(after)
    for index in np.flatnonzero(done):
        following[index] = infos[index]["terminal_observation"]
    return following, done & ~truncated, truncated


class ExportedReward(VecEnvWrapper):
    """Environments that pay an exported reward in place of their own."""

    def __init__(self, venv, reward):
        super().__init__(venv)
        self.exported = reward

    def reset(self):
        self.exported.start()
        self.before = self.venv.reset()
        return self.before

    def step_async(self, actions):
        self.actions = np.array(actions)
        self.venv.step_async(actions)

    def step_wait(self):
        after, _, done, infos = self.venv.step_wait()
        total, _ = self.exported(self.before, self.actions, *endings(after, done, infos))
        self.before = after
        return after, total.astype(np.float32), done, infos
