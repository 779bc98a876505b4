import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtinEnvironments } from '@rewardsmith/environments';
import { describe, expect, it } from 'vitest';
import { Command, run, temporaryDirectory } from './command.ts';

const directory = temporaryDirectory();
function written(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

const environment = written('environment.json', JSON.stringify(builtinEnvironments.get('cartpole')?.definition));
const good = written(
  'good.js',
  'export function reward({ next }) {\n  return { angle: next.poleAngle, near: 1 / next.poleAngle };\n}\n',
);
const bad = written('bad.js', 'export function reward({ next }) {\n  return { angle: next.poleAngel };\n}\n');
const state = { cartPosition: 0, cartVelocity: 0, poleAngle: 0, poleAngularVelocity: 0 };
const row = { obs: state, action: 0, next: state, terminated: false, truncated: false };

describe('programs', () => {
  it('check accepts, and refuses with the place and exit code 1', async () => {
    expect(await run('check', good, '--environment', environment)).toMatchObject({ code: 0, error: '' });
    const { code, out } = await run('check', bad, '--environment', environment);
    expect(code).toBe(1);
    expect(out).toContain(`${bad}:2:`);
    expect(out).toContain('poleAngle');
  });

  it('label prints components row by row', async () => {
    const rollouts = written('rows.jsonl', `${JSON.stringify(row)}\n`);
    const { code, out } = await run('label', good, '--environment', environment, '--rollouts', rollouts, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ angle: 0, near: 'Infinity', total: 'Infinity' });
  });

  it('label --statistics prints six numbers a component, episode by episode', async () => {
    const ended = { ...row, terminated: true };
    const rollouts = written('episodes.jsonl', [row, ended, ended].map((each) => `${JSON.stringify(each)}\n`).join(''));
    const given = ['--environment', environment, '--rollouts', rollouts, '--json', '--statistics'];
    const { code, out } = await run('label', good, ...given);
    expect(code).toBe(0);
    const records = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records).toHaveLength(2);
    expect(records[0]).toMatchObject({ 'angle.sum': 0, 'angle.max': 0, 'near.nonFinite': 2, 'near.mean': 'NaN' });
    expect(records[1]).toMatchObject({ 'angle.sum': 0, 'near.nonFinite': 1 });
  });

  it('label names the line of a wrong row', async () => {
    const rollouts = written('wrong.jsonl', `${JSON.stringify(row)}\n${JSON.stringify({ ...row, action: 9 })}\n`);
    const { code, error } = await run('label', good, '--environment', environment, '--rollouts', rollouts);
    expect(code).toBe(2);
    expect(error).toContain(`${rollouts}:2: action must be a whole number from 0 to 1, and is 9`);
    const text = { ...row, next: { ...state, poleAngle: 'left' }, terminated: 0 };
    const others = written('others.jsonl', `${JSON.stringify(text)}\n{"obs": {}}\n`);
    const faults = (await run('label', good, '--environment', environment, '--rollouts', others)).error;
    expect(faults).toContain(`${others}:1: next.poleAngle must be a number, true or false, and is "left"`);
    expect(faults).toContain(`${others}:1: terminated must be true or false, and is 0`);
    expect(faults).toContain(`${others}:2: obs.cartPosition must be a number, true or false, and is nothing`);
  });

  it('label reads the numbers that JSON lacks by the names that it prints', async () => {
    const hostile = { ...row, next: { ...state, poleAngle: '-Infinity' } };
    const rollouts = written('hostile.jsonl', `${JSON.stringify(hostile)}\n`);
    const { code, out } = await run('label', good, '--environment', environment, '--rollouts', rollouts, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ angle: '-Infinity', near: 0, total: '-Infinity' });
  });

  it('refuses more components than are labelled, wherever the program is given', async () => {
    const fields = Array.from({ length: 65 }, (_, index) => `c${index}: next.poleAngle`).join(', ');
    const wide = written('wide.js', `export function reward({ next }) {\n  return { ${fields} };\n}\n`);
    const refusal = `${wide}:2:3: error too-many-components: The function returns 65 components; 64 are allowed.`;
    expect((await run('check', wide, '--environment', environment)).out).toContain(refusal);
    const rollouts = written('wide.jsonl', `${JSON.stringify(row)}\n`);
    const labelled = await run('label', wide, '--environment', environment, '--rollouts', rollouts);
    expect(labelled).toMatchObject({ code: 1, error: expect.stringContaining(refusal) });
  });

  it('a file that is missing or no JSON is one line', async () => {
    const missing = join(directory, 'missing.json');
    expect(await run('check', good, '--environment', missing)).toMatchObject({
      code: 1,
      error: `There is no file ${missing}.\n`,
    });
    const { code, error } = await run('check', good, '--environment', good);
    expect(code).toBe(2);
    expect(error).toMatch(/is not JSON: .*\n$/);
  });
});

describe('the service away', () => {
  it.each([
    ['submit', environment],
    ['watch', 'some-task'],
    ['pause', 'some-task'],
    ['resume', 'some-task'],
    ['cancel', 'some-task'],
    ['reward', 'some-task'],
  ])('%s says so in one line with what to do', async (command, argument) => {
    // Port 9, discard, is never a service of ours.
    const { code, error } = await run(command, argument, '--url', 'http://127.0.0.1:9');
    expect(code).toBe(1);
    expect(error).toMatch(
      /^No service answers at http:\/\/127\.0\.0\.1:9 \(.*\)\. Start one with \.\/rewardsmith up.*\n$/,
    );
  });
});

describe('the command line', () => {
  it.each([
    [['demo', '--generations', '0'], 'whole number from 1 to 100'],
    [['demo', '--population', '1.5'], 'whole number from 1 to 64'],
    [['demo', '--seed', ''], 'whole number from 0 to 2147483647'],
    [['demo', '--seed', '1e3'], 'whole number from 0 to 2147483647'],
    [['demo', '--task', 'chess'], 'There is no task "chess". Use one of: cartpole'],
    [['up', '--port', '70000'], 'whole number from 0 to 65535'],
    [['up', '--data', '/proc/rewardsmith'], 'The data directory /proc/rewardsmith cannot be written'],
    [['fly'], "unknown command 'fly'"],
    [['reward', 'x', '--target', 'cobol'], 'Allowed choices are javascript, python'],
  ])('%j is refused with what would be right', async (args, said) => {
    const { code, error } = await run(...args);
    expect(code).toBe(args[1] === '--data' ? 1 : 2);
    expect(error).toContain(said);
    expect(error).not.toMatch(/^ {4}at /m);
  });

  it('exec passes arguments, directory and exit code, and a signal as a shell does', async () => {
    const script = 'process.stdout.write(JSON.stringify([process.argv.slice(1), process.cwd()])); process.exit(7)';
    const { code, out } = await new Command(['exec', 'node', '-e', script, '--', 'a b', '--json'], directory).ended();
    expect(code).toBe(7);
    expect(JSON.parse(out)).toEqual([['a b', '--json'], directory]);
    expect((await run('exec', 'sh', '-c', 'kill -9 $$')).code).toBe(137);
    expect(await run('exec', 'no-such-command')).toMatchObject({
      code: 127,
      error: 'There is no command no-such-command.\n',
    });
  });

  it('export names a directory that cannot be made, also where making one would never end', async () => {
    const directory = temporaryDirectory();
    const [program, environment] = [join(directory, 'reward.js'), join(directory, 'environment.json')];
    writeFileSync(program, 'export function reward({ next }) { return { level: next.x }; }\n');
    const declared = { name: 'line', observation: [{ name: 'x', shape: [] }], action: { kind: 'discrete', n: 2 } };
    writeFileSync(environment, JSON.stringify({ ...declared, maxEpisodeSteps: 9 }));
    const where = ['--environment', environment, '--target', 'python', '--out', '/proc/none'];
    expect(await run('export', program, ...where)).toMatchObject({
      code: 2,
      error: expect.stringMatching(/^\/proc\/none cannot be written: .*--out\.\n$/),
    });
    const file = [...where.slice(0, -1), program];
    expect(await run('export', program, ...file)).toMatchObject({
      code: 2,
      error: `${program} cannot be written: it is a file. Name another with --out.\n`,
    });
    const below = join(program, 'out');
    expect(await run('export', program, ...where.slice(0, -1), below)).toMatchObject({
      code: 2,
      error: `${below} cannot be written: ${below} is not in a directory, but below a file. Name another with --out.\n`,
    });
    const out = join(directory, 'out');
    const exported = await run('export', program, ...where.slice(0, -1), out);
    expect(exported).toMatchObject({ code: 0, error: '' });
    expect(exported.out).toMatch(/reward\.py\n.*reward\.parity\.json: covered (\d+) of \1 ways\n$/s);
    expect(readdirSync(out).toSorted()).toEqual(['reward.parity.json', 'reward.py']);
  });

  it('doctor fails for a wall that is demanded and down, and for a variable that the service would refuse', async () => {
    const { code, out } = await new Command(['doctor'], directory, {
      REWARDSMITH_WALLS: 'language,isolate,process,container',
    }).ended();
    expect(out).toMatch(code === 0 ? /ok\S* +container wall/ : /missing\S* +container wall/);
    const wrong = await new Command(['doctor'], directory, { REWARDSMITH_SANDBOX_ROWS: 'many' }).ended();
    expect(wrong.code).toBe(1);
    expect(wrong.out).toMatch(/missing\S* +environment +.*REWARDSMITH_SANDBOX_ROWS: must be a whole number/);
  });

  it('doctor says of every part whether it is there', async () => {
    const { code, out } = await run('doctor');
    expect(code).toBe(0);
    const walls = ['language', 'isolate', 'process', 'container'].map((name) => `${name} wall`);
    for (const part of [
      'Node',
      'environment',
      ...walls,
      'disk',
      'memory',
      'Python',
      'PostgreSQL',
      'Redis',
      'Docker Compose',
    ]) {
      expect(out).toMatch(new RegExp(`^(?:\\S*ok|\\S*absent)\\S* +\\S*${part} `, 'm'));
    }
  });
});
