import type { MjData, MjModel } from '@mujoco/mujoco';
import { mujoco } from './library.ts';

/** Objects of the library live outside the garbage collector's reach; they go with the mechanism that made them. */
const collected = new FinalizationRegistry<readonly { delete(): void }[]>((objects) => {
  for (const object of objects) object.delete();
});

/** One model and its state, advanced by a fixed number of MuJoCo's steps at a time. */
export class Mechanism {
  /** Views over the library's memory: generalised positions and velocities, controls, sensor readings. */
  qpos: Float64Array = new Float64Array();
  qvel: Float64Array = new Float64Array();
  ctrl: Float64Array = new Float64Array();
  sensordata: Float64Array = new Float64Array();
  readonly #substeps: number;
  readonly #model: MjModel;
  readonly #data: MjData;
  readonly #step: (model: MjModel, data: MjData) => void;

  /** From MJCF text; `option autoreset` has to be disabled in it. Throws when it does not compile. */
  constructor(mjcf: string, substeps: number) {
    const library = mujoco();
    this.#substeps = substeps;
    this.#model = library.MjModel.from_xml_string(mjcf);
    this.#data = new library.MjData(this.#model);
    this.#step = library.mj_step;
    collected.register(this, [this.#data, this.#model]);
    this.reset();
  }

  /** The model's initial state. The caller may change it, and calls `settle` then. */
  reset(): void {
    mujoco().mj_resetData(this.#model, this.#data);
    // Growth of the library's memory detaches views without a word.
    if (this.qpos.length > 0) return;
    this.qpos = view(this.#data.qpos);
    this.qvel = view(this.#data.qvel);
    this.ctrl = view(this.#data.ctrl);
    this.sensordata = view(this.#data.sensordata);
  }

  /** Brings sensor readings up to date with positions and velocities. */
  settle(): void {
    mujoco().mj_forward(this.#model, this.#data);
  }

  /** Applies the controls, -1 to 1 each, for all substeps. False when the state is no longer finite. */
  advance(controls: Float64Array): boolean {
    const { ctrl, qpos, qvel } = this;
    for (let index = 0; index < ctrl.length; index += 1) {
      ctrl[index] = Math.min(Math.max(controls[index] ?? 0, -1), 1);
    }
    for (let count = 0; count < this.#substeps; count += 1) this.#step(this.#model, this.#data);
    let sum = 0;
    for (let index = 0; index < qpos.length; index += 1) sum += qpos[index] ?? 0;
    for (let index = 0; index < qvel.length; index += 1) sum += qvel[index] ?? 0;
    return Number.isFinite(sum);
  }
}

function view(value: unknown): Float64Array {
  if (value instanceof Float64Array) return value;
  throw new TypeError('MuJoCo gave no view of its state');
}
