import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { limits } from '../src/limits.ts';

const composeFile = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url));
const Service = z.object({
  image: z.string(),
  networks: z.array(z.string()),
  profiles: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  user: z.string().optional(),
  read_only: z.boolean().optional(),
  privileged: z.boolean().optional(),
  init: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  cap_add: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  pids_limit: z.number().optional(),
  cpus: z.string().optional(),
  mem_limit: z.string().optional(),
  memswap_limit: z.string().optional(),
  ulimits: z.record(z.string(), z.number()).optional(),
  volumes: z.array(z.string()).optional(),
  tmpfs: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  command: z.union([z.string(), z.array(z.string())]).optional(),
});
const Compose = z.object({
  services: z.record(z.string(), Service),
  networks: z.record(
    z.string(),
    z.object({ internal: z.boolean().optional(), driver_opts: z.record(z.string(), z.string()).optional() }),
  ),
});
/** What Compose makes of the file, in JSON: variables, anchors and defaults are filled in. */
const Read = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      privileged: z.boolean().optional(),
      cap_add: z.array(z.string()).optional(),
      pids_limit: z.number().optional(),
      mem_limit: z.string().optional(),
      memswap_limit: z.string().optional(),
    }),
  ),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() })),
});
/** Compose as `.ci/install-python` brings it, or as a plugin of Docker's; it reads a file without an engine. */
const reader = [
  [fileURLToPath(new URL('../../.rewardsmith/python/bin/docker-compose', import.meta.url))],
  ['docker', 'compose'],
].find(([file = '', ...given]) => spawnSync(file, [...given, 'version'], { stdio: 'ignore' }).status === 0);
const required = process.env['REWARDSMITH_REQUIRE_SERVERS'] === '1';
const compose = Compose.parse(parse(readFileSync(composeFile, 'utf8'), { merge: true }));
/** Internal, and without an address of the host's. */
const closed = {
  internal: true,
  driver_opts: { 'com.docker.network.bridge.gateway_mode_ipv4': 'isolated' },
};
/** What the service takes beside its runners; and no process of Node's has more threads, compiling or training. */
const ownBytes = 2 ** 30;
const threads = 32;
/** What a setting is when its variable is not set. */
const byDefault = (setting: string | undefined) => /^\$\{\w+:-(.*)\}$/.exec(setting ?? '')?.[1] ?? setting;
const hardened = { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] };

describe('the composed deployment', () => {
  test.each([
    ['api', ['inside']],
    ['worker', ['inside', 'models']],
  ])('runs rewards in %s with no rights and no way out', (name, networks) => {
    const service = compose.services[name];
    expect(service).toMatchObject({ ...hardened, user: '10001:10001', networks });
    for (const network of networks) expect(compose.networks[network]).toEqual(closed);
    expect(service?.memswap_limit).toBe(service?.mem_limit);
    expect(service?.ulimits).toEqual({ core: 0 });
    expect([service?.privileged, service?.cap_add, service?.ports]).toEqual([undefined, undefined, undefined]);
    expect(service?.volumes).toEqual(['blobs:/var/lib/rewardsmith']);
    expect(service?.tmpfs).toEqual([expect.stringContaining('noexec')]);
  });

  test.each(['api', 'worker'])('gives %s processors, memory and processes for the runners it may start', (name) => {
    const service = compose.services[name];
    const runners = Number(byDefault(service?.environment?.['REWARDSMITH_RUNNERS'])) + limits.spares;
    const gigabytes = Number(/^(\d+)g$/.exec(byDefault(service?.mem_limit) ?? '')?.[1]);
    const most = limits.memoryBytes + limits.trainingBytes;
    expect(gigabytes * 2 ** 30).toBeGreaterThanOrEqual(ownBytes + runners * most);
    expect(service?.pids_limit).toBeGreaterThanOrEqual((1 + runners) * threads);
    expect(Number(byDefault(service?.cpus))).toBeGreaterThanOrEqual(1);
  });

  test.each(['api', 'worker'])('lets no signal open a debugger in %s', (name) => {
    expect(compose.services[name]?.command).toContain('--disable-sigusr1');
  });

  test.each(['api', 'worker'])('has %s be the first process of its container, which none in it can kill', (name) => {
    expect(compose.services[name]?.init).not.toBe(true);
    expect(compose.services[name]?.command?.[0]).toBe('node');
  });

  test.each(['Dockerfile', 'rewardsmith'])('nor where %s starts the service', (name) => {
    const text = readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
    const starts = text.split('\n').filter((line) => /^(CMD|exec) .*src\/(server|main)\.ts/.test(line));
    expect(starts).toEqual([expect.stringContaining('--disable-sigusr1')]);
  });

  test.each(['api', 'worker'])('has %s refuse to start without each of the four walls', (name) => {
    expect(compose.services[name]?.environment?.['REWARDSMITH_WALLS']).toBe('language,isolate,process,container');
  });

  test('lets the outside reach one service alone, which runs no rewards and listens to this machine', () => {
    const open = Object.entries(compose.services).filter(([, { networks }]) => networks.includes('outside'));
    expect(open.map(([name]) => name)).toEqual(['gateway']);
    expect(compose.services['gateway']).toMatchObject(hardened);
    expect(compose.services['gateway']?.image).not.toContain('rewardsmith');
    expect(compose.services['gateway']?.networks).toEqual(['inside', 'outside']);
    const published = Object.values(compose.services).flatMap(({ ports }) => ports ?? []);
    expect(published).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
  });

  test('lets the workers alone reach a model, through a service that has no other neighbours and no secret', () => {
    const on = (network: string) =>
      Object.entries(compose.services).flatMap(([name, { networks }]) => (networks.includes(network) ? [name] : []));
    expect([on('models'), on('beyond')]).toEqual([['worker', 'egress'], ['egress']]);
    const egress = compose.services['egress'];
    expect(egress).toMatchObject({ ...hardened, image: compose.services['gateway']?.image, profiles: ['model'] });
    expect(Object.keys(egress?.environment ?? {}).filter((name) => /KEY|PASSWORD|URL/.test(name))).toEqual([]);
    const holders = Object.entries(compose.services).filter(([, { environment }]) => environment?.['OPENAI_API_KEY']);
    expect(holders.map(([name]) => name)).toEqual(['worker']);
  });

  test('lets nothing but gateway and egress onto a network with a route out', () => {
    const routed = Object.entries(compose.networks).filter(([, network]) => network.internal !== true);
    const members = Object.entries(compose.services).filter(([, { networks }]) =>
      networks.some((network) => routed.some(([name]) => name === network)),
    );
    expect(members.map(([name]) => name)).toEqual(['gateway', 'egress']);
  });

  test.skipIf(reader === undefined && !required)(
    'is read by Docker Compose as it is meant (skipped without .ci/install-python and without the plugin)',
    () => {
      const [file = 'docker-compose', ...given] = reader ?? [];
      const env = { ...process.env, POSTGRES_PASSWORD: 'only-parsed' };
      const profiles = ['--profile', '*'];
      const read = spawnSync(file, [...given, '-f', composeFile, ...profiles, 'config', '--format', 'json'], {
        env,
        encoding: 'utf8',
      });
      expect(read).toMatchObject({ status: 0, stderr: '' });
      const { services, networks } = Read.parse(JSON.parse(read.stdout));
      expect(Object.keys(services).toSorted()).toEqual(Object.keys(compose.services).toSorted());
      for (const name of ['api', 'worker']) {
        expect(services[name]).toMatchObject({ ...hardened, user: '10001:10001' });
        expect([services[name]?.privileged, services[name]?.cap_add]).toEqual([undefined, undefined]);
        expect(services[name]?.memswap_limit).toBe(services[name]?.mem_limit);
        expect(services[name]?.pids_limit).toBe(compose.services[name]?.pids_limit);
      }
      const routed = Object.keys(networks).filter((name) => networks[name]?.internal !== true);
      expect(routed.toSorted()).toEqual(['beyond', 'outside']);
    },
  );
});

/** What Compose gives a container, given by hand: all but the limits of its control group. */
const contained = `mount -o remount,ro,bind / && exec setpriv --reuid=10001 --regid=10001 --clear-groups \
  --inh-caps=-all --bounding-set=-all --no-new-privs "$@"`;
const printWalls = fileURLToPath(new URL('./support/print-walls.ts', import.meta.url));
const begin = ['--net', '--mount', '--pid', '--fork', '--mount-proc', 'sh', '-c', contained, 'contained'];
const allowed = spawnSync('unshare', [...begin, 'true']).status === 0;

describe('inside such a container', () => {
  test.skipIf(!allowed)('every condition is seen, and runners start (skipped without the right to make one)', () => {
    const { stdout, stderr } = spawnSync('unshare', [...begin, process.execPath, printWalls], { encoding: 'utf8' });
    const reports = z
      .array(z.object({ wall: z.string(), stands: z.boolean(), detail: z.string() }))
      .parse(JSON.parse(stdout || JSON.stringify(stderr)));
    expect(reports.slice(0, 3).map(({ stands }) => stands)).toEqual([true, true, true]);
    // The control group is that of whoever runs the test.
    expect(reports[3]?.detail).not.toMatch(/root|capabilities|rights|way out/);
  });
});
