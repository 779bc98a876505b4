import type { Kysely } from 'kysely';
import { type MigrationProvider, Migrator } from 'kysely/migration';
import { schema } from '../connection.ts';
import { StoreError } from '../errors.ts';
import type { Tables } from '../schema.ts';
import { tasks } from './0001-tasks.ts';
import { modelCalls } from './0002-model-calls.ts';
import { stepFailures } from './0003-step-failures.ts';
import { heldTries } from './0004-held-tries.ts';
import { stageSpending } from './0005-stage-spending.ts';
import { sentCalls } from './0006-sent-calls.ts';
import { resumptions } from './0007-resumptions.ts';
import { toldCalls } from './0008-told-calls.ts';

const provider: MigrationProvider = {
  getMigrations: async () => ({
    '0001-tasks': tasks,
    '0002-model-calls': modelCalls,
    '0003-step-failures': stepFailures,
    '0004-held-tries': heldTries,
    '0005-stage-spending': stageSpending,
    '0006-sent-calls': sentCalls,
    '0007-resumptions': resumptions,
    '0008-told-calls': toldCalls,
  }),
};

/** Brings the schema up to date; forward only. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const { error, results } = await new Migrator({ db, provider, migrationTableSchema: schema }).migrateToLatest();
  if (error !== undefined) {
    const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'schema';
    throw new StoreError(
      'migration-failed',
      `The database could not be brought up to date at migration ${failed}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}
