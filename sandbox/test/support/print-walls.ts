import { sandboxWalls } from '../../src/index.ts';

// Started by a test inside the limits that it looks at.
process.stdout.write(`${JSON.stringify(await sandboxWalls())}\n`);
