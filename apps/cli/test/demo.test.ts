import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RewardExport, Task } from '@rewardsmith/contracts';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Command, run, temporaryDirectory } from './command.ts';

const directory = temporaryDirectory();
const results: string[] = [];
afterAll(() => {
  for (const result of results) rmSync(result, { recursive: true, force: true });
});

const settings = ['demo', '--task', 'cartpole', '--generations', '1', '--population', '2', '--seed', '11'];
const demo = (name: string) => new Command([...settings, '--data', join(directory, name)]);

const Result = z.object({ task: Task, reward: RewardExport.omit({ code: true, parity: true }) });

/** The files that a demo says it wrote, by name. */
function filesOf(out: string): Record<string, string> {
  const files = [...out.matchAll(/^ {2}(\/.*)$/gm)].map(([, file = '']) => file);
  results.push(...files.map(dirname));
  return Object.fromEntries(files.map((file) => [basename(file), file]));
}

function resultOf(out: string): z.infer<typeof Result> {
  return Result.parse(JSON.parse(readFileSync(filesOf(out)['result.json'] ?? '', 'utf8')));
}

/** A comparison without the identifiers of the finalists, which are new in every task. */
function unnamed(final: Task['final']) {
  return { ...final, rivals: final?.rivals?.map(({ subject: _, ...rival }) => rival) };
}

const python = spawnSync('python3', ['--version']).status === 0;

/** A demo trains in full, at a runner's low priority: on a machine that does much else it takes minutes. */
const patience = { timeout: 400_000 };

describe('the demo', patience, () => {
  let uninterrupted: z.infer<typeof Result>;

  it('runs a task from the service to the files, few lines long where no terminal reads', async () => {
    const { code, out, error } = await demo('whole').ended();
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toMatch(/^service http:\/\/127\.0\.0\.1:\d+ \(process \d+\)/);
    expect(out).toMatch(/^generation 1: 2 accepted, \d+ refused$/m);
    expect(out).toMatch(/^ {2}found reward .*±.*by seed/m);
    expect(out).toMatch(/^The same policies on varied dynamics: found \S+ \([+-]\S+\), sparse .*, human /m);
    expect(out).toMatch(/^Probability that the found reward is the best of all: /m);
    expect(out).toMatch(/^ {2}held-out +15 trainings, /m);
    expect(out.slice(0, out.indexOf('The best reward:')).split('\n').length).toBeLessThan(20);
    uninterrupted = resultOf(out);
    expect(uninterrupted.task.submission).toMatchObject({
      environment: 'cartpole',
      search: { generations: 1, population: 2, seed: 11 },
    });
    const files = filesOf(out);
    expect(Object.keys(files).sort()).toEqual([
      'parity.json',
      'result.json',
      'reward.js',
      'reward.py',
      'reward_numpy.py',
      'reward_torch.py',
    ]);
    expect(out).toContain(uninterrupted.reward.source.trimEnd());
    // The printed request asks for the very task that ran.
    const [, body = ''] = /-d '(\{.*\})'/.exec(out) ?? [];
    expect(JSON.parse(body)).toEqual(
      (({ environment, evaluator, search }) => ({ environment, evaluator, search }))(uninterrupted.task.submission),
    );
    // The exported modules check themselves by the rows beside them.
    for (const [program, file] of [[process.execPath, 'reward.js'], ...(python ? [['python3', 'reward.py']] : [])]) {
      const checked = spawnSync(program ?? '', [files[file ?? ''] ?? '', files['parity.json'] ?? ''], {
        encoding: 'utf8',
      });
      expect(checked).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringMatching(/^\d+ rows, 0 differences\n$/),
      });
    }
  });

  it('goes on with the same task after its service, itself and Ctrl-C ended it, to the same result', async () => {
    const killed = demo('killed');
    const [, service = ''] = await killed.says(/\(process (\d+)\)/);
    await killed.says(/^generation 1: /m);
    const [, id = ''] = await killed.says(/^task (\S+)/m);
    process.kill(Number(service), 'SIGKILL');
    const { code, error } = await killed.ended();
    expect(code).toBe(1);
    expect(error).toMatch(/The same command goes on with the same task\.\n$/);

    const orphaning = demo('killed');
    await orphaning.says(/taken up where it was/);
    orphaning.kill('SIGKILL');
    await orphaning.ended();

    const interrupted = demo('killed');
    await interrupted.says(/taken up where it was/);
    interrupted.kill('SIGINT');
    expect(await interrupted.ended()).toMatchObject({
      code: 130,
      error: 'Interrupted. The same command goes on with the same task.\n',
    });

    const { code: last, out } = await demo('killed').ended();
    expect(last).toBe(0);
    expect(out).toContain(`task ${id} on cartpole, taken up where it was`);
    const { task, reward } = resultOf(out);
    expect(task.id).toBe(id);
    expect(unnamed(task.final)).toEqual(unnamed(uninterrupted.task.final));
    expect(reward.source).toBe(uninterrupted.reward.source);
    expect(reward.params).toEqual(uninterrupted.reward.params);
  });

  it('names what a second process holds, and a port that is in use', async () => {
    const data = join(directory, 'held');
    const first = new Command(['up', '--port', '0', '--data', data]);
    const [, url = '', port = ''] = await first.says(/listening on (http:\/\/[\d.]+:(\d+))/);
    const [second, third] = await Promise.all([
      run('up', '--port', '0', '--data', data),
      run('up', '--port', port, '--data', join(directory, 'other')),
    ]);
    expect(second).toMatchObject({ code: 1, error: expect.stringMatching(/is in use by process \d+\..*\n$/) });
    expect(third.error).toMatch(new RegExp(`Port ${port} of 127.0.0.1 is in use\\..*--port.*\\n$`));

    const unknown = await run('reward', 'none', '--url', url);
    expect(unknown).toMatchObject({ code: 2, error: 'There is no task none. (not-found)\n' });
    first.kill('SIGTERM');
    expect((await first.ended()).code).toBe(0);
  });
});
