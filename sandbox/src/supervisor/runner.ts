import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { getPriority } from 'node:os';
import { ChannelFault, encodeRequest, FrameReader } from '../channel/frames.ts';
import { CHANNEL, type Reply, type Request } from '../channel/messages.ts';
import { limits } from '../limits.ts';
import { type Command, runnerCommand } from './command.ts';
import { runnerDescriptors } from './descriptors.ts';
import { type Due, dueAfterReply, dueAfterRequest, dueAtStart } from './due.ts';
import { KeptOutputs } from './kept-outputs.ts';
import { setPriorityOfAll } from './priority.ts';
import { readReply } from './replies.ts';
import { type Exit, RunnerExited } from './runner-end.ts';
import { monotonicMilliseconds } from './watch-table.ts';
import type { Observation, RunLimits, WatchedRunner, Watcher } from './watcher.ts';

const LOWEST_PRIORITY = 19;

/** What a runner process starts with. */
export const runnerEntry = new URL('../runner/main.ts', import.meta.url);

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The supervisor's end of one runner process. It has one channel, no other descriptor and an empty environment, and
 * lives below the service's priority.
 */
export class Runner {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** The one tenant whose candidates this runner has seen. */
  tenant: string | undefined;
  /** Candidates run so far. */
  runs = 0;
  /** Keys and bytes of the recorded rollouts it holds, their layouts' among them, least recently used first. */
  readonly recorded = new Map<string, number>();
  /** Names of the simulators' libraries it has loaded. */
  readonly loaded = new Set<string>();
  /** `performance.now()` when bytes of it last came, or when it ran no more: of one that was not killed at a limit, when its exit was told. */
  heard = 0;
  /** Whether the kernel filters its system calls. */
  filtered = false;
  /** What it keeps for labels. */
  readonly outputs = new KeptOutputs();
  readonly #child: ChildProcess;
  readonly #channel: Socket;
  readonly #frames = new FrameReader(
    () => this.#largestMessage(),
    (message) => this.#memoryFor(message),
  );
  readonly #replies: Reply[] = [];
  readonly #watched: WatchedRunner;
  #waiting: Waiting | undefined;
  #labels: Uint8Array | undefined;
  #result = new Uint8Array(0);
  #exit: Exit | undefined;
  #channelFault: string | undefined;
  #killed = false;
  #due: Due = dueAtStart;
  /** Resident bytes when it was ready. */
  #freshBytes = 0;
  /** When work was last asked for, and how often it was told of since. */
  #asked = 0;
  #tidings = 0;

  private constructor(child: ChildProcess, pid: number, channel: Socket, watcher: Watcher) {
    this.#child = child;
    this.pid = pid;
    this.#channel = channel;
    this.#watched = watcher.enter(pid);
    channel.on('data', (chunk: Buffer) => this.#take(chunk));
    channel.on('error', () => {});
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve(this.#left(code, signal)));
    });
  }

  /**
   * Starts a runner and waits until it can take work. Throws when the machine cannot start one, or one that has given
   * up every permission; `bare` is for tests of the other walls.
   */
  static async start(watcher: Watcher, command: Command = runnerCommand(runnerEntry), bare = false): Promise<Runner> {
    const child = spawn(command.file, command.arguments, {
      // A working directory is held open, too.
      cwd: '/',
      env: {},
      stdio: runnerDescriptors(),
    });
    const channel = child.stdio[CHANNEL];
    const started = new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    await started;
    if (child.pid === undefined || !(channel instanceof Socket)) {
      throw new Error('the runner was started without a channel');
    }
    let runner: Runner;
    try {
      runner = new Runner(child, child.pid, channel, watcher);
    } catch (error) {
      // A process that nobody would watch does not live.
      channel.destroy();
      child.kill('SIGKILL');
      await once(child, 'close');
      throw error;
    }
    const ready = await runner.next(limits.startMilliseconds);
    if (ready.type !== 'ready' || (ready.granted.length > 0 && !bare)) {
      runner.kill();
      await runner.exited;
      throw new Error(`a runner kept permissions: ${ready.type === 'ready' ? ready.granted.join(', ') : ready.type}`);
    }
    runner.filtered = ready.filtered;
    runner.#freshBytes = runner.#watched.residentBytes();
    runner.#yieldToService();
    return runner;
  }

  /** Lowered only now, so that a busy machine does not delay the start. */
  #yieldToService(): void {
    setPriorityOfAll(this.pid, Math.min(LOWEST_PRIORITY, getPriority() + limits.priority));
  }

  get alive(): boolean {
    return this.#exit === undefined && !this.#killed;
  }

  /** Whether it has nothing more to say and all of it was heard, as it should be between two requests. */
  get quiet(): boolean {
    return this.#replies.length === 0 && this.#due.replies.length === 0;
  }

  /** Resident bytes that the supervisor itself put there: each rollout and its pristine copy. */
  get heldBytes(): number {
    let bytes = 0;
    for (const held of this.recorded.values()) bytes += held;
    return 2 * bytes;
  }

  /** Resident bytes that earlier candidates have left behind: what the supervisor put there is not theirs. */
  get agedBytes(): number {
    const known = this.#freshBytes + this.heldBytes + this.outputs.bytes + this.loaded.size * limits.libraryBytes;
    return this.#watched.residentBytes() - known;
  }

  /** What the watcher saw of the candidate's part. */
  get observation(): Observation {
    return this.#watched.observe();
  }

  /** Sets memory aside for the labels that are to come next; they fill it before the reply `labels` is seen. */
  expectLabels(columns: number, steps: number): Float64Array[] {
    const buffer = new ArrayBuffer(columns * steps * Float64Array.BYTES_PER_ELEMENT);
    this.#labels = new Uint8Array(buffer);
    return Array.from({ length: columns }, (_, index) => {
      return new Float64Array(buffer, index * steps * Float64Array.BYTES_PER_ELEMENT, steps);
    });
  }

  /** The bytes that came with the reply `trained`, once. */
  takeResult(): Uint8Array {
    const result = this.#result;
    this.#result = new Uint8Array(0);
    return result;
  }

  /** `payload` is what follows the request, and stays as it is until the runner has answered. */
  send(request: Request, payload: readonly Uint8Array[] = []): void {
    this.#due = dueAfterRequest(request.type);
    this.#asked = monotonicMilliseconds();
    this.#tidings = 0;
    this.#channel.write(encodeRequest(request));
    for (const bytes of payload) this.#channel.write(bytes);
  }

  /** Sends a request for work; limits hold from here on. A runner that is past them as it is does not come to it. */
  run(request: Request, runLimits: RunLimits, payload: readonly Uint8Array[] = []): void {
    if (!this.#watched.arm(runLimits)) {
      this.kill();
      return;
    }
    this.send(request, payload);
    this.#watched.wake();
  }

  /** Has the runner do the service's own work, within `memoryBytes`, and waits for its reply. */
  ask(request: Request, memoryBytes: number, payload: readonly Uint8Array[] = []): Promise<Reply> {
    const { transferMilliseconds: wallMilliseconds, transferCpuMilliseconds: cpuMilliseconds } = limits;
    this.run(request, { wallMilliseconds, cpuMilliseconds, memoryBytes, answerBytes: 0 }, payload);
    return this.next();
  }

  /** The next reply; `RunnerExited` when the process ends first, which it is made to after `milliseconds`. */
  next(milliseconds?: number): Promise<Reply> {
    const reply = this.#replies.shift();
    if (reply !== undefined) return Promise.resolve(reply);
    if (this.#exit !== undefined) return Promise.reject(new RunnerExited(this.#exit));
    const timer = milliseconds === undefined ? undefined : setTimeout(() => this.kill(), milliseconds);
    return new Promise<Reply>((resolve, reject) => {
      this.#waiting = { resolve, reject };
    }).finally(() => clearTimeout(timer));
  }

  kill(): void {
    this.#killed = true;
    this.#child.kill('SIGKILL');
  }

  #take(chunk: Buffer): void {
    this.heard = performance.now();
    try {
      for (const message of this.#frames.push(chunk)) this.#deliver(readReply(message));
    } catch (error) {
      if (!(error instanceof ChannelFault)) throw error;
      this.#channelFault ??= error.message;
      this.#channel.destroy();
      this.kill();
    }
  }

  /** Of what is due; nothing, not a byte, of a runner that was not asked. */
  #largestMessage(): number {
    return this.#due.replies.length === 0 ? 0 : limits.messageBytes;
  }

  /** For the bytes that follow a message, if any do. */
  #memoryFor(message: unknown): Uint8Array | undefined {
    const reply = readReply(message);
    this.#demand(reply.type);
    if (reply.type === 'trained') {
      this.#result = new Uint8Array(reply.bytes);
      return this.#result;
    }
    if (reply.type !== 'labels') return undefined;
    const labels = this.#labels;
    this.#labels = undefined;
    return labels;
  }

  #demand(type: Reply['type']): void {
    if (!this.#due.replies.includes(type)) throw new ChannelFault(`${type}, which nobody waits for`);
  }

  #pace(): void {
    this.#tidings += 1;
    const passed = monotonicMilliseconds() - this.#asked;
    // Twice as often as agreed: the two clocks are not the same.
    if (this.#tidings > limits.progressBurst + (2 * passed) / limits.progressMilliseconds) {
      throw new ChannelFault('progress more often than agreed');
    }
  }

  #deliver(reply: Reply): void {
    this.#demand(reply.type);
    // It would be sent the next one on top of this, and what nobody reads stays here.
    if (this.#channel.writableLength > 0) throw new ChannelFault(`${reply.type} before the request was read`);
    if (reply.type === 'progress') this.#pace();
    this.#due = dueAfterReply(this.#due, reply.type);
    // The candidate's limits end with its part of the work, on the spot, and those of the service's work with the last word.
    if (this.#due.replies.length === 0) this.#watched.rest();
    else if (reply.type === 'done') this.#watched.conclude();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) {
      waiting.resolve(reply);
      return;
    }
    if (this.#replies.length >= limits.unreadReplies) throw new ChannelFault('more replies than were asked for');
    this.#replies.push(reply);
  }

  #left(code: number | null, signal: NodeJS.Signals | null): Exit {
    const { endedAgo } = this.#watched;
    this.heard = performance.now() - endedAgo;
    const exit = { code, signal, endedAgo, observation: this.#watched.leave(), channelFault: this.#channelFault };
    this.#exit = exit;
    this.#channel.destroy();
    this.#waiting?.reject(new RunnerExited(exit));
    this.#waiting = undefined;
    return exit;
  }
}
