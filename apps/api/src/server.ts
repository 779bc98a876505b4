import { openEngine } from '@rewardsmith/engine';
import { StoreError } from '@rewardsmith/store';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { buildApp } from './app.ts';
import { readSettings, type Settings } from './config.ts';
import { exitCodes } from './exit-codes.ts';
import { limits } from './limits.ts';
import { modelSource } from './model-source.ts';

export interface RunningServer {
  /** `http://host:port` */
  readonly address: string;
  close(): Promise<void>;
}

/** Opens the engine, listens, and begins to work. Throws an error of one readable line when it cannot. */
export async function startServer(settings: Settings): Promise<RunningServer> {
  const logger = pino({ level: settings.REWARDSMITH_LOG });
  const models = await modelSource(settings);
  const engine = await openEngine({
    dataDirectory: settings.REWARDSMITH_DATA,
    logger,
    role: settings.REWARDSMITH_ROLE,
    limits: settings.limits,
    ...(models === undefined ? {} : { models }),
    ...(settings.DATABASE_URL === undefined ? {} : { databaseUrl: settings.DATABASE_URL }),
    ...(settings.REDIS_URL === undefined ? {} : { redisUrl: settings.REDIS_URL }),
    ...(settings.REWARDSMITH_RUNNERS === undefined ? {} : { runners: settings.REWARDSMITH_RUNNERS }),
    ...(settings.REWARDSMITH_WALLS === undefined ? {} : { walls: settings.REWARDSMITH_WALLS }),
  });
  const app = await buildApp(engine, logger);
  const close = async () => {
    await app.close();
    await engine.close();
  };
  try {
    const address = await app.listen({ host: settings.REWARDSMITH_HOST, port: settings.REWARDSMITH_PORT });
    await engine.start();
    return { address, close };
  } catch (error) {
    await close();
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new Error(
        `Port ${settings.REWARDSMITH_PORT} of ${settings.REWARDSMITH_HOST} is in use. Name another with --port or REWARDSMITH_PORT.`,
        { cause: error },
      );
    }
    throw error;
  }
}

if (import.meta.main) {
  // A process that was started over a channel lives no longer than its parent, which may die before this one listens;
  // what it was doing goes on at the next start.
  if (process.send !== undefined) process.once('disconnect', () => process.exit(0));
  try {
    const server = await startServer(readSettings(process.env));
    // The parent is told where it listens.
    process.send?.(server.address);
    closeWithGrace({ delay: limits.closeMilliseconds }, () => server.close());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    const held = error instanceof StoreError && error.code === 'data-directory-locked';
    process.exit(held ? exitCodes.directoryHeld : exitCodes.failed);
  }
}
