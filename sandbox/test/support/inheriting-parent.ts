import { completeSettings } from '../../src/settings.ts';
import { Supervisor } from '../../src/supervisor/supervisor.ts';
import { descriptors } from './processes.ts';
import { cosine, rollout } from './programs.ts';

// Started by a test with descriptors of its own: says what its runner has, by number.
const supervisor = new Supervisor(completeSettings({ runners: 1, spares: 0, wallMilliseconds: 60_000 }));
await supervisor.label('tenant', cosine, rollout());
const own = [...descriptors('self').keys()];
const runners = [...descriptors(supervisor.status.runners[0]?.pid ?? 0)];
process.stdout.write(JSON.stringify({ own, runners }));
await supervisor.close();
process.exit();
