/** What a plain process is asked for: to measure or to train on the five terms, once for each weight. */
export interface PlainWork {
  readonly kind: 'measure' | 'train';
  readonly weights: readonly number[];
}

/** A training as runners and plain processes do it beside each other. */
export const shortTraining = {
  environment: 'cartpole',
  environmentSteps: 400_000,
  seed: 7,
  evaluation: { seed: 1, episodes: 5 },
} as const;
