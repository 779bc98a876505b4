import { builtinEnvironments } from '@rewardsmith/environments';
import { completeSettings } from '../../src/settings.ts';
import { nodeArguments, runnerCommand } from '../../src/supervisor/command.ts';
import { Runner, runnerEntry } from '../../src/supervisor/runner.ts';
import { trainOn } from '../../src/supervisor/training.ts';
import { Watcher } from '../../src/supervisor/watcher.ts';
import { kernel } from './programs.ts';

// Started by a test, which kills it: trains without end on one runner and prints the runner's process.
const [, , mode] = process.argv;
const command =
  mode === 'portable'
    ? { file: process.execPath, arguments: nodeArguments(runnerEntry, true) }
    : runnerCommand(runnerEntry);
const runner = await Runner.start(new Watcher(1), command);
const [definition] = [...builtinEnvironments.keys()];
const idle = { ...kernel('() => {}'), columns: [] };
let told = false;
await trainOn(
  runner,
  {
    environment: definition ?? '',
    reward: idle,
    fitness: idle,
    success: idle,
    aggregate: 'sum',
    environmentSteps: 1e9,
    seed: 1,
    evaluation: { seed: 2, episodes: 1 },
  },
  completeSettings(),
  () => {
    if (!told) process.stdout.write(`${runner.pid}\n`);
    told = true;
  },
);
