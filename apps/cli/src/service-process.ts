import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { exitCodes } from '@rewardsmith/api/exit-codes';
import { Fault } from './fault.ts';
import { limits } from './limits.ts';
import { home, root } from './root.ts';

const logFile = join(home, 'service.log');

export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  readonly logFile: string;
  /** Whether it has ended or does so in a moment, as a broken connection lets suspect. */
  endsSoon(): Promise<boolean>;
  /** Ends it and waits until it has; what it was doing goes on at the next start. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly data: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** A recorded conversation that stands in for the model endpoint. */
  readonly record?: string;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

type Start = { readonly address: string } | { readonly exitCode: number | null; readonly said: string };

function launch({ data, port, record }: ServiceOptions): {
  readonly child: ChildProcess;
  readonly start: Promise<Start>;
} {
  mkdirSync(home, { recursive: true });
  // Opened here, so that a log that may not be written is the caller's error and not one of the stream's.
  const log = createWriteStream(logFile, { fd: openSync(logFile, 'a') });
  // With the engine's flags of this process, which the launcher sets.
  const child = fork(join(root, 'apps/api/src/server.ts'), {
    env: {
      ...process.env,
      REWARDSMITH_DATA: data,
      REWARDSMITH_PORT: String(port),
      // Embedded, whatever servers the caller's other work has named.
      REWARDSMITH_ROLE: 'all',
      DATABASE_URL: '',
      REDIS_URL: '',
      REWARDSMITH_REPLAY: record ?? '',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C reaches the command line, which then stops the service in order.
    detached: true,
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
    log.write(text);
  });
  child.stdout?.pipe(log);
  // A log that cannot grow, as on a full disk, must not hold the service up.
  log.on('error', () => child.stdout?.resume());
  const start = new Promise<Start>((resolve) => {
    child.once('message', (message) => resolve({ address: String(message) }));
    child.once('close', (exitCode) => resolve({ exitCode, said: said.trim() }));
  });
  return { child, start };
}

/**
 * Starts the embedded service as a process of its own; its log goes to `.rewardsmith/service.log`. The service of a
 * command that was killed ends a moment later, so a held directory is tried again before it is refused.
 */
export async function startService(options: ServiceOptions): Promise<ServiceProcess> {
  const deadline = performance.now() + limits.heldDirectoryMilliseconds;
  for (;;) {
    const { child, start } = launch(options);
    const begun = await start;
    if ('address' in begun) {
      child.channel?.unref();
      return serviceProcess(child, begun.address);
    }
    const { exitCode, said } = begun;
    if (exitCode !== exitCodes.directoryHeld || performance.now() > deadline) {
      throw new Fault(said || `The service ended before it was ready; its log is ${logFile}.`, 1);
    }
    await wait(limits.heldDirectoryPauseMilliseconds);
  }
}

function serviceProcess(child: ChildProcess, url: string): ServiceProcess {
  return {
    url,
    pid: child.pid ?? 0,
    logFile,
    endsSoon: () => Promise.race([ended(child).then(() => true), wait(limits.endMilliseconds, false, { ref: false })]),
    async stop() {
      child.kill('SIGTERM');
      await ended(child);
    },
  };
}
