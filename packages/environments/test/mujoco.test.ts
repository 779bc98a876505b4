import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream, uniform } from '../src/index.ts';
import { mujoco, mujocoLibrary } from '../src/mujoco/library.ts';
import { Mechanism } from '../src/mujoco/mechanism.ts';
import { Reacher } from '../src/reacher.ts';
import { environmentNamed, read } from './fields.ts';

it('says what is missing when a simulator is made before its library is there', () => {
  expect(() => mujoco()).toThrow('await the load() of the library first');
});

const model = (bodies: string, options = '') => `
<mujoco>
  <compiler angle="radian"/>
  <option ${options}><flag autoreset="disable"/></option>
  <size memory="200K"/>
  ${bodies}
</mujoco>`;

describe('Mechanism', () => {
  beforeAll(() => mujocoLibrary.load());

  it('tells when a state is no longer finite, and goes on from a reset', () => {
    const rocket = new Mechanism(
      model(`<worldbody><body><joint name="x" type="slide"/><geom size="0.1"/></body></worldbody>
        <actuator><motor joint="x" gear="1e300" ctrlrange="-1 1" ctrllimited="true"/></actuator>`),
      50,
    );
    expect(rocket.advance(Float64Array.of(0))).toBe(true);
    expect([1, 1, 1].map((push) => rocket.advance(Float64Array.of(push)))).toContain(false);
    rocket.reset();
    expect(rocket.advance(Float64Array.of(0))).toBe(true);
  });

  it('sees its state after the memory of the library has grown', () => {
    const fall = new Mechanism(
      model('<worldbody><body><joint type="slide" axis="0 0 1"/><geom size="0.1"/></body></worldbody>'),
      10,
    );
    // Models with a large arena of their own make the memory grow.
    const large = model('<worldbody><body><joint/><geom size="0.1"/></body></worldbody>').replace('200K', '64M');
    let grown = 0;
    while (fall.qpos.length > 0 && grown < 40) {
      new Mechanism(large, 1);
      grown += 1;
    }
    expect(fall.qpos).toHaveLength(0);
    fall.reset();
    expect(fall.advance(Float64Array.of())).toBe(true);
    expect(fall.qpos[0]).toBeLessThan(0);
  });

  it('refuses a model that does not compile', () => {
    expect(() => new Mechanism('<mujoco><worldbody><bodi/></worldbody></mujoco>', 1)).toThrow();
  });

  it('moves as the arm of the reacher does, whose equations are written out', () => {
    const rod = (name: string, inner: string) => `
      <body pos="${name === 'fore' ? 0.5 : 0} 0 0">
        <joint name="${name}" type="hinge" axis="0 0 1" damping="${name === 'fore' ? 0.4 : 1.5}"/>
        <inertial pos="0.25 0 0" mass="1" diaginertia="1 1 ${1 / 48}"/>
        ${inner}
      </body>`;
    const arm = new Mechanism(
      model(
        `<worldbody>${rod('upper', rod('fore', ''))}</worldbody>
        <actuator><motor joint="upper" gear="8"/><motor joint="fore" gear="2.5"/></actuator>`,
        'integrator="RK4" timestep="0.04" gravity="0 0 0"',
      ),
      1,
    );
    const ours = new Reacher();
    let worst = 0;
    for (let seed = 0; seed < 10; seed += 1) {
      const random = randomStream(seed, 9);
      ours.reset(random);
      arm.reset();
      arm.qpos.set(ours.state.subarray(0, 2));
      for (let step = 0; step < 75; step += 1) {
        const push = Float64Array.of(uniform(random, -1, 1), uniform(random, -1, 1));
        arm.advance(push);
        ours.step(push);
        const difference = [...arm.qpos, ...arm.qvel].map((value, index) =>
          Math.abs(value - (ours.state[index] ?? NaN)),
        );
        worst = Math.max(worst, ...difference);
      }
    }
    expect(worst).toBeLessThan(1e-9);
  });
});

describe('robots', () => {
  beforeAll(() => mujocoLibrary.load());

  it.each(['hopper', 'walker'])('%s falls when nothing holds it up, and stands at its start', (name) => {
    const environment = environmentNamed(name);
    const simulator = environment.create();
    const at = read(environment, simulator);
    simulator.reset(randomStream(1));
    expect(at('height')).toBeGreaterThan(1);
    let steps = 1;
    while (!simulator.step(new Float64Array(8)) && steps < 100) steps += 1;
    expect(steps).toBeLessThan(100);
    expect(steps).toBeGreaterThan(10);
  });

  it('half-cheetah rests on both feet, and never ends', () => {
    const environment = environmentNamed('half-cheetah');
    const simulator = environment.create();
    const at = read(environment, simulator);
    simulator.reset(randomStream(1));
    for (let step = 0; step < 100; step += 1) expect(simulator.step(new Float64Array(6))).toBe(false);
    expect([at('footContact', 0), at('footContact', 1)]).toEqual([1, 1]);
    expect(at('height')).toBeGreaterThan(0.4);
    expect(Math.abs(at('distance'))).toBeLessThan(0.3);
  });

  it('cup-catch keeps its ball on the string, and in the cup once it is there', () => {
    const environment = environmentNamed('cup-catch');
    const simulator = environment.create();
    const at = read(environment, simulator);
    const random = randomStream(2);
    simulator.reset(random);
    for (let step = 0; step < 100; step += 1) {
      simulator.step(Float64Array.of(uniform(random, -1, 1), uniform(random, -1, 1)));
      expect(at('ballDistance')).toBeLessThan(0.5);
    }
  });

  it('pusher moves its puck by the hand alone', () => {
    const environment = environmentNamed('pusher');
    const simulator = environment.create();
    const at = read(environment, simulator);
    let pushed = 0;
    for (let seed = 0; seed < 10; seed += 1) {
      simulator.reset(randomStream(seed));
      const start = [at('puck', 0), at('puck', 1)];
      for (let step = 0; step < 10; step += 1) simulator.step(new Float64Array(2));
      expect([at('puck', 0), at('puck', 1)]).toEqual(start);
      for (let step = 0; step < 40; step += 1) {
        simulator.step(Float64Array.of(10 * at('puckOffset', 0), 10 * at('puckOffset', 1)));
      }
      if (Math.hypot(at('puck', 0) - (start[0] ?? 0), at('puck', 1) - (start[1] ?? 0)) > 0.1) pushed += 1;
    }
    expect(pushed).toBe(10);
  });
});
