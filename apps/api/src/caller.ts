import type { Caller } from '@rewardsmith/engine';

/** Until keys are given out, every caller is the one tenant. */
export const defaultCaller: Caller = { tenant: 'default' };
