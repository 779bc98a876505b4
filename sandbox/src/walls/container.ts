import { readFileSync } from 'node:fs';
import type { WallReport } from './wall.ts';

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The mount options of `/`, comma-separated. */
function rootMount(): string {
  return (
    read('/proc/self/mounts')
      .split('\n')
      .map((line) => line.split(' '))
      .find(([, target]) => target === '/')?.[3] ?? ''
  );
}

/** Whether packets for anywhere can leave: a default route of IPv4, or one of IPv6 that is not the loopback's. */
function routeOut(): boolean {
  const rows = (path: string) =>
    read(path)
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
  const four = rows('/proc/net/route').some(
    ([, destination, , , , , , mask]) => destination === zero(8) && mask === zero(8),
  );
  const six = rows('/proc/net/ipv6_route').some((row) => row[0] === zero(32) && row[1] === '00' && row[9] !== 'lo');
  return four || six;
}

const zero = (digits: number): string => '0'.repeat(digits);

function bounded(path: string): boolean {
  const limit = read(path).trim();
  return limit !== '' && limit !== 'max';
}

/** What the deployment gives the service's own process: see `docker-compose.yml`. Elsewhere this wall does not stand. */
export function containerWall(): WallReport {
  const conditions: readonly (readonly [string, boolean])[] = [
    ['a user other than root', process.getuid?.() !== 0],
    ['no capabilities', /^CapEff:\s+0+$/m.test(read('/proc/self/status'))],
    ['no way to gain rights', /^NoNewPrivs:\s+1$/m.test(read('/proc/self/status'))],
    ['a read-only root', rootMount().split(',').includes('ro')],
    ['a memory limit', bounded('/sys/fs/cgroup/memory.max')],
    ['a limit of processes', bounded('/sys/fs/cgroup/pids.max')],
    ['no way out of its network', !routeOut()],
  ];
  const missing = conditions.filter(([, holds]) => !holds).map(([name]) => name);
  return missing.length === 0
    ? { wall: 'container', stands: true, detail: conditions.map(([name]) => name).join(', ') }
    : { wall: 'container', stands: false, detail: `lacks ${missing.join(', ')}; deploy with docker-compose.yml` };
}
