/** The demo's task and search, chosen so that it ends within 90 seconds on two cores (docs/decisions/0002). */
export const demoDefaults = {
  task: 'acrobot',
  generations: 3,
  population: 8,
  seed: 0,
} as const;

export const serviceUrl = 'http://127.0.0.1:7430';
