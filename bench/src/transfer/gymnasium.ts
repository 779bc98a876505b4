/** One of our tasks as Gymnasium has it, and how PPO learns it there. */
export interface GymnasiumTask {
  /** Our name of it, and Gymnasium's. */
  readonly environment: string;
  readonly id: string;
  /**
   * Environment steps of a training, a twentieth to a half of what RL Baselines3 Zoo takes. By then PPO has learnt `cartpole`, `acrobot` and
   * `mountain-car-continuous` on the human reward; `mountain-car` and, on some seeds, `pendulum` need more (`--steps`).
   */
  readonly steps: number;
  /** Copies of the environment that are stepped together. */
  readonly copies: number;
  /** What Stable-Baselines3's `PPO` is made with; `{ linear: x }` falls from x to 0 over the training. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Bounds of the states that the check of names and units starts in, so that it sees ends, too; Gymnasium's own when absent. */
  readonly checkedFrom?: { readonly low: number; readonly high: number };
  /**
   * In the reward language: what is zero on every step of these dynamics, but for `tolerance`, when observations and
   * actions have our names, order and units.
   */
  readonly law: string;
  /** Gymnasium rounds observations to single precision; acrobot's law leaves out what a step of 0.2 s makes of its curve. */
  readonly tolerance: number;
}

const SINGLE_PRECISION = 1e-5;

/** `Math.atan2`, of a record that has the cosine and the sine of an angle. */
const turned = (suffix: string) => `(state) => Math.atan2(state.sin${suffix}, state.cos${suffix})`;

const car = (force: string) => `export function reward({ obs, action, next, terminated, env }) {
  const velocity = clamp(obs.velocity + ${force} - env.gravity * Math.cos(3 * obs.position), -env.maxSpeed, env.maxSpeed);
  const position = clamp(obs.position + velocity, env.minPosition, env.maxPosition);
  const reached = next.position >= env.goalPosition && next.velocity >= env.goalVelocity;
  return {
    position: next.position - position,
    velocity: next.position > env.minPosition ? next.velocity - velocity : 0,
    end: (reached ? 1 : 0) - (terminated ? 1 : 0),
  };
}
`;

/**
 * Our tasks that have the dynamics, the start and the length of one of Gymnasium's. Settings are those of RL Baselines3 Zoo
 * (DLR-RM/rl-baselines3-zoo, hyperparams/ppo.yml), which were chosen on the human rewards.
 */
export const gymnasiumTasks: readonly GymnasiumTask[] = [
  {
    environment: 'cartpole',
    id: 'CartPole-v1',
    steps: 50_000,
    copies: 8,
    settings: {
      n_steps: 32,
      batch_size: 256,
      gae_lambda: 0.8,
      gamma: 0.98,
      n_epochs: 20,
      ent_coef: 0,
      learning_rate: { linear: 0.001 },
      clip_range: { linear: 0.2 },
    },
    law: `export function reward({ obs, next, terminated, env }) {
  const over = Math.abs(next.cartPosition) > env.trackLimit || Math.abs(next.poleAngle) > env.angleLimit;
  return {
    position: next.cartPosition - obs.cartPosition - env.dt * obs.cartVelocity,
    angle: next.poleAngle - obs.poleAngle - env.dt * obs.poleAngularVelocity,
    end: (over ? 1 : 0) - (terminated ? 1 : 0),
  };
}
`,
    tolerance: SINGLE_PRECISION,
  },
  {
    environment: 'mountain-car',
    id: 'MountainCar-v0',
    steps: 200_000,
    copies: 16,
    settings: { n_steps: 16, gae_lambda: 0.98, gamma: 0.99, n_epochs: 4, ent_coef: 0 },
    checkedFrom: { low: -1.2, high: 0.45 },
    law: car('(action - 1) * env.force'),
    tolerance: SINGLE_PRECISION,
  },
  {
    environment: 'mountain-car-continuous',
    id: 'MountainCarContinuous-v0',
    steps: 10_000,
    copies: 1,
    settings: {
      n_steps: 8,
      batch_size: 8,
      gae_lambda: 0.9,
      gamma: 0.9999,
      n_epochs: 10,
      ent_coef: 0.004_29,
      learning_rate: 7.77e-5,
      clip_range: 0.1,
      max_grad_norm: 5,
      vf_coef: 0.19,
      use_sde: true,
      policy_kwargs: { log_std_init: -3.29, ortho_init: false },
    },
    checkedFrom: { low: -1.2, high: 0.4 },
    law: car('action[0] * env.power'),
    tolerance: SINGLE_PRECISION,
  },
  {
    environment: 'pendulum',
    id: 'Pendulum-v1',
    steps: 50_000,
    copies: 4,
    settings: {
      n_steps: 1024,
      gae_lambda: 0.95,
      gamma: 0.9,
      n_epochs: 10,
      ent_coef: 0,
      learning_rate: 0.001,
      clip_range: 0.2,
      use_sde: true,
      sde_sample_freq: 4,
    },
    law: `export function reward({ obs, action, next, env }) {
  const angle = ${turned('Angle')};
  const acceleration =
    ((3 * env.gravity) / (2 * env.length)) * obs.sinAngle + (3 / (env.mass * env.length ** 2)) * action[0];
  const velocity = clamp(obs.angularVelocity + env.dt * acceleration, -env.maxSpeed, env.maxSpeed);
  return {
    angle: wrapAngle(angle(next) - angle(obs) - env.dt * next.angularVelocity),
    velocity: next.angularVelocity - velocity,
  };
}
`,
    tolerance: SINGLE_PRECISION,
  },
  {
    environment: 'acrobot',
    id: 'Acrobot-v1',
    steps: 50_000,
    copies: 16,
    settings: { n_steps: 256, gae_lambda: 0.94, gamma: 0.99, n_epochs: 4, ent_coef: 0 },
    checkedFrom: { low: -1, high: 1 },
    law: `export function reward({ obs, next, terminated, env }) {
  const first = ${turned('Theta1')};
  const second = ${turned('Theta2')};
  const height = -next.cosTheta1 - (next.cosTheta1 * next.cosTheta2 - next.sinTheta1 * next.sinTheta2);
  return {
    first: wrapAngle(first(next) - first(obs) - (env.dt / 2) * (obs.angularVelocity1 + next.angularVelocity1)),
    second: wrapAngle(second(next) - second(obs) - (env.dt / 2) * (obs.angularVelocity2 + next.angularVelocity2)),
    end: (height > env.goalHeight ? 1 : 0) - (terminated ? 1 : 0),
  };
}
`,
    tolerance: 0.2,
  },
];

/** The tasks of these names, or all of them. */
export function gymnasiumTasksNamed(names: readonly string[] | undefined): readonly GymnasiumTask[] {
  if (names === undefined) return gymnasiumTasks;
  return names.map((name) => {
    const found = gymnasiumTasks.find(({ environment }) => environment === name);
    const known = gymnasiumTasks.map(({ environment }) => environment).join(', ');
    if (found === undefined) throw new Error(`Gymnasium has no task like "${name}"; it has ${known}`);
    return found;
  });
}
