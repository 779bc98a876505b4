import { modelSource, readSettings } from '@rewardsmith/api';
import { openEngine } from '@rewardsmith/engine';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';

/** Works on tasks beside others like it; needs a database server, since the embedded one belongs to one process. */
try {
  const settings = readSettings(process.env);
  const logger = pino({ level: settings.REWARDSMITH_LOG });
  if (settings.DATABASE_URL === undefined) {
    throw new Error('A worker needs DATABASE_URL: the embedded database belongs to one process.');
  }
  const models = await modelSource(settings);
  const engine = await openEngine({
    dataDirectory: settings.REWARDSMITH_DATA,
    databaseUrl: settings.DATABASE_URL,
    logger,
    role: 'worker',
    limits: settings.limits,
    ...(models === undefined ? {} : { models }),
    ...(settings.REDIS_URL === undefined ? {} : { redisUrl: settings.REDIS_URL }),
    ...(settings.REWARDSMITH_RUNNERS === undefined ? {} : { runners: settings.REWARDSMITH_RUNNERS }),
    ...(settings.REWARDSMITH_WALLS === undefined ? {} : { walls: settings.REWARDSMITH_WALLS }),
  });
  await engine.start();
  logger.info('worker started');
  closeWithGrace(() => engine.close());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
