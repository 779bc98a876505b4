import type { Engine } from '@rewardsmith/engine';

/** What the routes need of the engine. */
export type Services = Pick<Engine, 'tasks' | 'sandbox' | 'modelTerms' | 'health'>;
