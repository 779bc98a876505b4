/** A reward that answers findings; `sign` is a text of it by which it is known again. */
interface Rung {
  readonly answers: readonly string[];
  readonly sign: string;
  readonly thought: string;
  /** The program with numbers that differ from call to call. */
  readonly program: (call: number) => string;
}

export interface Knowledge {
  /** First designs by brief. */
  readonly fresh: Readonly<Record<string, { readonly thought: string; readonly programs: readonly string[] }>>;
  /** Better ones, the plainest first. */
  readonly ladder: readonly Rung[];
}

const varied = (base: number, call: number) => Number((base * (1 + 0.07 * (call % 9))).toPrecision(3));

const energy = `  const energy = (s) => 0.0025 / 3 * Math.sin(3 * s.position) + 0.5 * s.velocity * s.velocity;`;
const atFlag = 'next.position >= env.goalPosition && next.velocity >= env.goalVelocity';

const mountainCar: Knowledge = {
  fresh: {
    free: {
      thought:
        'The car has to swing, so the speed it has is what tells early that it is on the way; the flag pays at the end.',
      programs: [
        `export const params = { speed: 10, reached: 10 };
export function reward({ next, env, params }) {
  const reached = ${atFlag};
  return { speed: params.speed * Math.abs(next.velocity), reached: reached ? params.reached : 0 };
}`,
      ],
    },
    terse: {
      thought: 'Height on the right is all that counts.',
      programs: [
        `export function reward({ next }) {
  return { right: next.position };
}`,
      ],
    },
    staged: {
      thought: 'The highest point so far is a stage of its own: each new height pays once.',
      programs: [
        `export const params = { step: 5, reached: 20 };
export const memory = { highest: -0.52 };
export function reward({ next, env, params, memory }) {
  const gain = Math.max(0, next.position - memory.highest);
  return {
    components: { rise: params.step * gain, reached: ${atFlag} ? params.reached : 0 },
    memory: { highest: Math.max(memory.highest, next.position) },
  };
}`,
      ],
    },
    potential: {
      thought: 'Mechanical energy is the potential: it grows on both sides of the valley, and only its change is paid.',
      programs: [
        `export const params = { energy: 300, reached: 1 };
export function reward({ obs, next, env, params }) {
${energy}
  return { energy: params.energy * (energy(next) - energy(obs)), reached: ${atFlag} ? params.reached : 0 };
}`,
      ],
    },
    bounded: {
      thought: 'Both speed and place between nought and one.',
      programs: [
        `export const params = { width: 0.6 };
export function reward({ next, env, params }) {
  const fast = Math.abs(next.velocity) / env.maxSpeed;
  return { fast: 0.5 * fast, near: tolerance(next.position, [env.goalPosition, env.maxPosition], params.width) };
}`,
      ],
    },
    multiplicative: {
      thought: 'Progress to the right, less where the car stands still.',
      programs: [
        `export function reward({ next, env }) {
  const progress = (next.position - env.minPosition) / (env.maxPosition - env.minPosition);
  const moving = 0.2 + 0.8 * Math.min(1, Math.abs(next.velocity) / env.maxSpeed);
  return { total: progress * moving, components: { progress, moving } };
}`,
      ],
    },
    'sign-bounded': {
      thought: 'The flag is the event; faster than before is the sign of the way.',
      programs: [
        `export function reward({ obs, next, env }) {
  return {
    reached: ${atFlag} ? 1 : 0,
    faster: 0.1 * Math.sign(Math.abs(next.velocity) - Math.abs(obs.velocity)),
  };
}`,
      ],
    },
    curriculum: {
      thought: 'First any speed, then energy, then the flag against the clock.',
      programs: [
        `export function reward({ next }) { return { speed: Math.abs(next.velocity) }; }`,
        `export function reward({ obs, next }) {
${energy}
  return { energy: 100 * (energy(next) - energy(obs)) };
}`,
        `export function reward({ obs, next, env }) {
${energy}
  return { energy: 200 * (energy(next) - energy(obs)), time: -0.01, reached: ${atFlag} ? 2 : 0 };
}`,
      ],
    },
  },
  ladder: [
    {
      answers: ['never-reached', 'never-approached', 'component-flat', 'approached-and-lost', 'oscillating'],
      sign: 'energy',
      thought: 'Pay the change of mechanical energy, which the swing has to build up, and the flag.',
      program: (call) => `export const params = { energy: ${varied(400, call)}, reached: 3 };
export function reward({ obs, next, env, params }) {
${energy}
  return { energy: params.energy * (energy(next) - energy(obs)), reached: ${atFlag} ? params.reached : 0 };
}`,
    },
    {
      answers: ['reward-hacking', 'reward-without-fitness', 'component-dominating', 'stuck'],
      sign: 'time:',
      thought: 'What counts is how soon, so every step costs, beside the energy that leads there.',
      program: (
        call,
      ) => `export const params = { energy: ${varied(250, call)}, time: ${varied(0.02, call)}, reached: 5 };
export function reward({ obs, next, env, params }) {
${energy}
  return {
    energy: params.energy * (energy(next) - energy(obs)),
    time: -params.time,
    reached: ${atFlag} ? params.reached : 0,
  };
}`,
    },
    {
      answers: ['saturated-action', 'drifted'],
      sign: 'push',
      thought: 'Push the way the car already moves: that is the quickest swing there is.',
      program: (call) => `export const params = { push: ${varied(0.05, call)}, time: 0.02, reached: 5 };
export function reward({ obs, action, next, env, params }) {
  const along = (action - 1) * Math.sign(obs.velocity);
  return { push: params.push * along, time: -params.time, reached: ${atFlag} ? params.reached : 0 };
}`,
    },
  ],
};

const balanced =
  'next.cosAngle > env.uprightCosine && Math.abs(next.angularVelocity) < env.uprightSpeed && Math.abs(next.cartPosition) < env.centreLimit';

const swingUp: Knowledge = {
  fresh: {
    free: {
      thought: 'Upright is the goal and the cart must stay on the track.',
      programs: [
        `export const params = { upright: 1, edge: 0.5 };
export function reward({ next, env, params }) {
  const near = Math.abs(next.cartPosition) / env.trackLimit;
  return { upright: params.upright * next.cosAngle, edge: -params.edge * near * near };
}`,
      ],
    },
    terse: {
      thought: 'The cosine alone.',
      programs: [`export function reward({ next }) { return { upright: next.cosAngle }; }`],
    },
    potential: {
      thought: 'The change of height, and the balanced steps themselves.',
      programs: [
        `export function reward({ obs, next, env }) {
  return { height: 10 * (next.cosAngle - obs.cosAngle), balanced: ${balanced} ? 1 : 0 };
}`,
      ],
    },
    bounded: {
      thought: 'Every term between nought and one.',
      programs: [
        `export function reward({ next }) {
  return {
    upright: (1 + next.cosAngle) / 2,
    centred: 0.3 * tolerance(next.cartPosition, [-0.2, 0.2], 2),
    slow: 0.2 * tolerance(next.angularVelocity, [-1, 1], 6),
  };
}`,
      ],
    },
    multiplicative: {
      thought: 'Upright, less where the cart is far out or the pole fast.',
      programs: [
        `export function reward({ next }) {
  const upright = (1 + next.cosAngle) / 2;
  const centred = (1 + tolerance(next.cartPosition, [-0.3, 0.3], 1.5)) / 2;
  const slow = (1 + tolerance(next.angularVelocity, [-1, 1], 6)) / 2;
  return { total: upright * centred * slow, components: { upright, centred, slow } };
}`,
      ],
    },
  },
  ladder: [
    {
      answers: ['ended-early', 'never-reached', 'drifted', 'never-approached'],
      sign: 'left',
      thought: 'Leaving the track must cost more than what the pole earns on the way.',
      program: (call) => `export const params = { left: ${varied(20, call)}, balanced: 2 };
export function reward({ next, terminated, env, params }) {
  return {
    upright: (1 + next.cosAngle) / 2,
    left: terminated ? -params.left : 0,
    balanced: ${balanced} ? params.balanced : 0,
  };
}`,
    },
    {
      answers: [
        'reached-and-lost',
        'approached-and-lost',
        'component-dominating',
        'reward-hacking',
        'oscillating',
        'saturated-action',
      ],
      sign: 'calm',
      thought: 'Near the top, speed is what loses it: slow counts only there.',
      program: (call) => `export const params = { calm: ${varied(1, call)}, centre: 0.5, left: 20, balanced: 2 };
export function reward({ next, terminated, env, params }) {
  const upright = (1 + next.cosAngle) / 2;
  return {
    upright: upright * upright,
    calm: params.calm * upright * tolerance(next.angularVelocity, [-0.5, 0.5], 4),
    centre: params.centre * upright * tolerance(next.cartPosition, [-0.5, 0.5], 1.5),
    left: terminated ? -params.left : 0,
    balanced: ${balanced} ? params.balanced : 0,
  };
}`,
    },
  ],
};

/** What the strong model knows, by environment. */
export const knowledge: Readonly<Record<string, Knowledge>> = {
  'mountain-car': mountainCar,
  'cartpole-swing-up': swingUp,
};
