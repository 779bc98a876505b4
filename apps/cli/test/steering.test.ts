import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Command, run, temporaryDirectory } from './command.ts';

const directory = temporaryDirectory();

it('a task is paused, goes on, and is ended from the command line', async () => {
  const service = new Command(['up', '--port', '0', '--data', join(directory, 'data')]);
  const [, url = ''] = await service.says(/listening on (http:\/\/[\d.]+:\d+)/);
  const file = join(directory, 'task.json');
  writeFileSync(file, JSON.stringify({ environment: 'cartpole', search: { generations: 50, population: 8 } }));
  const { out } = await run('submit', file, '--url', url);
  const id = out.trim();
  const say = async (command: string) => (await run(command, id, '--url', url)).out;
  expect(await say('pause')).toBe('paused\n');
  expect(await say('resume')).toMatch(/^(queued|running)\n$/);
  expect(await say('cancel')).toBe('cancelled\n');
  // One that has ended stays as it is.
  expect(await say('resume')).toBe('cancelled\n');
  const watched = await run('watch', id, '--url', url);
  expect(watched).toMatchObject({ code: 1 });
  expect(watched.out).toContain('cancelled');
  expect((await run('cancel', 'none', '--url', url)).error).toContain('There is no task none.');
  service.kill('SIGTERM');
  expect((await service.ended()).code).toBe(0);
});
