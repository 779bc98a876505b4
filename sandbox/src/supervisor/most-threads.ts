import { availableParallelism } from 'node:os';
import { limits } from '../limits.ts';

/** Threads of a runner beyond which it is ended. */
export const mostThreads = limits.threads + availableParallelism();
