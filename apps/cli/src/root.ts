import { join } from 'node:path';

/** The folder of the checkout. */
export const root = join(import.meta.dirname, '../../..');

/** Where the command line keeps what it writes: the data directory, results, the toolchain. Not in git. */
export const home = join(root, '.rewardsmith');
