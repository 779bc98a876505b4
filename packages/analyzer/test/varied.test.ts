import { expect, it } from 'vitest';
import { flagVariedLoss } from '../src/index.ts';
import { episode } from './fixtures.ts';

const flat = (value: number, length = 40) => Array.from({ length }, () => value);

it('names the component that is lost under varied dynamics, the episode, and the step from which it is', () => {
  const published = episode(flat(0), { fitness: 1, components: { hold: flat(1), cost: flat(-0.1), total: flat(0.9) } });
  const hold = flat(1).map((value, step) => (step < 25 ? value : 0));
  const shaken = episode(flat(0), {
    fitness: 0.2,
    dynamics: { mass: 1.19 },
    components: { hold, cost: flat(-0.1), total: hold },
  });
  const flag = flagVariedLoss({ own: 0.3, better: 0.8, than: 'the human reward', episodes: [published, shaken] });
  expect(flag).toMatchObject({
    code: 'loses-on-varied-dynamics',
    severity: 'error',
    component: 'hold',
    evidence: [{ episode: 1, fromStep: 27, toStep: 39, values: { fitness: 0.2, hold: 25, mass: 1.19 } }],
  });
  expect(flag.message).toContain('worse than the human reward; under varied ones it is (0.3 against 0.8)');
  expect(flag.message).toContain('mass 1.19');
});

it('says so without evidence where no episode was kept', () => {
  const flag = flagVariedLoss({ own: 0.3, better: 0.8, than: 'the human reward', episodes: [] });
  expect(flag).not.toHaveProperty('evidence');
});
