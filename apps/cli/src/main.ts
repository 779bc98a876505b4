import { join } from 'node:path';
import { ExportTarget } from '@rewardsmith/contracts';
import { Command, InvalidArgumentError, Option } from 'commander';
import { demoDefaults, serviceUrl } from './defaults.ts';
import { Fault, readable } from './fault.ts';
import { home } from './root.ts';

/** A commander parser for whole numbers of a range. */
function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

const program = new Command('rewardsmith')
  .description('Designs reward functions for reinforcement learning.')
  .showHelpAfterError('(--help lists what there is)')
  .enablePositionalOptions()
  // A wrong command line is the caller's fault, as a wrong file is.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

// A reader that has seen enough, as `head`, is no fault.
process.stdout.on('error', (error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const data = () => new Option('--data <dir>', 'data directory').default(join(home, 'data')).env('REWARDSMITH_DATA');
const url = () => new Option('--url <url>', 'the service').default(serviceUrl).env('REWARDSMITH_URL');
const environment = () => new Option('--environment <file>', "the environment's JSON").makeOptionMandatory();
const target = () => new Option('--target <target>', 'language of the result').choices(ExportTarget.options);

program
  .command('demo')
  .description('run the whole loop here: submit a task, follow it, print the best reward and how good it is')
  .option('--task <name>', 'built-in task', demoDefaults.task)
  .option('--generations <n>', 'generations (default: 4; 3 for a robot)', whole(1, 100))
  .option('--population <n>', 'candidates a generation (default: 8; 6 for a robot)', whole(1, 64))
  .option('--seed <n>', 'seed; the same seed gives the same result', whole(0, 2 ** 31 - 1), demoDefaults.seed)
  .option('--model', 'let the model endpoint design: OPENAI_BASE_URL, OPENAI_API_KEY, REWARDSMITH_MODEL')
  .option('--port <n>', 'port of the service; 0 takes a free one', whole(0, 65_535), 0)
  .addOption(data())
  .action(async (options) => (await import('./commands/demo.ts')).demo(options));

program
  .command('up')
  .description('run the embedded service in the foreground')
  .addOption(new Option('--port <n>', 'port').argParser(whole(0, 65_535)).default(7430).env('REWARDSMITH_PORT'))
  .addOption(data())
  .action(async (options) => (await import('./commands/up.ts')).up(options));

program
  .command('submit <file>')
  .description('submit a task from a JSON file, or - for standard input')
  .option('--key <key>', 'idempotency key')
  .addOption(url())
  .action(async (file, options) => (await import('./commands/tasks.ts')).submit(file, options));

program
  .command('watch <task>')
  .description('follow a task until it ends')
  .addOption(url())
  .action(async (id, options) => (await import('./commands/tasks.ts')).watch(id, options));

program
  .command('pause <task>')
  .description('let a task stand still')
  .addOption(url())
  .action(async (id, options) => (await import('./commands/tasks.ts')).pause(id, options));

program
  .command('resume <task>')
  .description('let a paused task go on')
  .addOption(url())
  .action(async (id, options) => (await import('./commands/tasks.ts')).resume(id, options));

program
  .command('cancel <task>')
  .description('end a task for good; what it has found so far stays')
  .addOption(url())
  .action(async (id, options) => (await import('./commands/tasks.ts')).cancel(id, options));

program
  .command('replay <task>')
  .description('run a task again from the record of its model calls, offline; exit code 1 when it comes out otherwise')
  .option('--record <file>', 'only write the record to a file, which the model server can answer from')
  .addOption(url())
  .addOption(data())
  .action(async (id, options) => (await import('./commands/replay.ts')).replay(id, options));

program
  .command('reward <task>')
  .description('print the best reward so far')
  .addOption(target().default('javascript'))
  .option('--json', 'everything about it, as JSON')
  .addOption(url())
  .action(async (id, options) => (await import('./commands/tasks.ts')).reward(id, options));

program
  .command('check <files...>')
  .description('check reward programs; exit code 1 when any is refused')
  .addOption(environment())
  .option('--json', 'one JSON line a file')
  .action(async (files, options) => (await import('./commands/programs.ts')).check(files, options));

program
  .command('label <file>')
  .description('run a reward program over recorded rows in the sandbox')
  .addOption(environment())
  .requiredOption('--rollouts <file>', 'rows as JSONL: obs, action, next, terminated, truncated')
  .option('--statistics', 'six numbers an episode of each component, in place of one a step')
  .option('--json', 'one JSON line a row, or an episode')
  .action(async (file, options) => (await import('./commands/programs.ts')).label(file, options));

program
  .command('export <file>')
  .description('write a reward program in the form a trainer runs, with rows to check it by')
  .addOption(environment())
  .addOption(target().makeOptionMandatory())
  .option('--out <dir>', 'where to write', '.')
  .action(async (file, options) => (await import('./commands/export.ts')).exportProgram(file, options));

program
  .command('doctor')
  .description('say what is missing on this machine and how to get it')
  .option('--model', 'ask every model of every role once, and show what comes back')
  .action(async (options) =>
    options.model === true
      ? (await import('./commands/doctor-model.ts')).doctorModel()
      : (await import('./commands/doctor.ts')).doctor(),
  );

program
  .command('test')
  .description('run lint, types, unused code and every test')
  .action(async () => (await import('./commands/run.ts')).test());

program
  .command('bench <suite>')
  .description('run a benchmark')
  .option('--json', 'one JSON line')
  .action(async (suite, options) => {
    const { run } = await import('./commands/run.ts');
    process.exitCode = await run('pnpm', ['-s', 'bench', suite, ...(options.json === true ? ['--json'] : [])]);
  });

program
  .command('exec <command> [args...]')
  .description("run a command with the project's Node and pnpm on the path")
  .passThroughOptions()
  .allowUnknownOption()
  .action(async (command, args) => {
    const { run } = await import('./commands/run.ts');
    process.exitCode = await run(command, args, process.cwd());
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${readable(error)}\n`);
  process.exitCode = error instanceof Fault ? error.exitCode : 1;
}
