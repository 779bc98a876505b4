import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from './fault.ts';
import { home, root } from './root.ts';

export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  readonly logFile: string;
  /** Whether it has ended, asked to or not. */
  hasEnded(): boolean;
  /** Ends it and waits until it has; what it was doing goes on at the next start. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly data: string;
  /** 0 takes a free one. */
  readonly port: number;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Starts the embedded service as a process of its own; its log goes to `.rewardsmith/service.log`. */
export async function startService({ data, port }: ServiceOptions): Promise<ServiceProcess> {
  mkdirSync(home, { recursive: true });
  const logFile = join(home, 'service.log');
  // Opened here, so that a log that may not be written is the caller's error and not one of the stream's.
  const log = createWriteStream(logFile, { fd: openSync(logFile, 'a') });
  const child = fork(join(root, 'apps/api/src/server.ts'), {
    env: {
      ...process.env,
      REWARDSMITH_DATA: data,
      REWARDSMITH_PORT: String(port),
      // Embedded, whatever servers the caller's other work has named.
      REWARDSMITH_ROLE: 'all',
      DATABASE_URL: '',
      REDIS_URL: '',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C reaches the command line, which then stops the service in order.
    detached: true,
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  child.stdout?.pipe(log);
  // A log that cannot grow, as on a full disk, must not hold the service up.
  log.on('error', () => child.stdout?.resume());
  const address = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('exit', () =>
      reject(new Fault(said.trim() || `The service ended before it was ready; its log is ${logFile}.`, 1)),
    );
  });
  child.channel?.unref();
  return {
    url: address,
    pid: child.pid ?? 0,
    logFile,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    async stop() {
      child.kill('SIGTERM');
      await ended(child);
    },
  };
}
