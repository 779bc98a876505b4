/** The demo's task and search, chosen so that it ends within 90 seconds on two cores (docs/decisions/0002). */
export const demoDefaults = {
  task: 'acrobot',
  generations: 4,
  population: 8,
  seed: 0,
} as const;

/** What a robot's demo searches: its trainings take seconds each. */
export const robotDefaults = { generations: 3, population: 6 } as const;

/**
 * Share of a robot's usual training budget that a demo takes, so that it too ends within its time; on nine of the ten newer
 * tasks runs of this length put rewards in the order of full ones (docs/decisions/0002).
 */
export const robotBudgetShare = 0.3;

export const serviceUrl = 'http://127.0.0.1:7430';
