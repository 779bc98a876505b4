import { type ModelSettings, readModelSettings } from '@rewardsmith/llm';
import { type SandboxSettings, settingsOf, walls } from '@rewardsmith/sandbox';
import { z } from 'zod';

const Settings = z.object({
  REWARDSMITH_DATA: z.string().min(1).default('.rewardsmith/data'),
  REWARDSMITH_HOST: z.string().min(1).default('127.0.0.1'),
  REWARDSMITH_PORT: z.coerce.number().int().min(0).max(65_535).default(7430),
  REWARDSMITH_ROLE: z.enum(['all', 'api', 'worker']).default('all'),
  REWARDSMITH_RUNNERS: z.coerce.number().int().min(1).max(256).optional(),
  /** Comma-separated: the walls of the sandbox without which the service refuses to start. */
  REWARDSMITH_WALLS: z
    .string()
    .transform((names) => names.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(walls)))
    .optional(),
  REWARDSMITH_LOG: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** A conversation to answer from instead of an endpoint, as `rewardsmith replay --record` writes it. */
  REWARDSMITH_REPLAY: z.string().min(1).optional(),
  DATABASE_URL: z.string().min(1).optional(),
  REDIS_URL: z.string().min(1).optional(),
});
export type Settings = z.infer<typeof Settings> & {
  readonly model: ModelSettings | undefined;
  /** The sandbox's limits that are not the default's. */
  readonly limits: Partial<SandboxSettings>;
};

/** Reads the settings from the environment. Throws one error that names every variable that is wrong. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Settings.safeParse(present);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not valid. ${faults.join('; ')}`);
  }
  const limits = readLimits(present);
  const model = readModelSettings(present);
  if (model.kind === 'invalid') throw new Error(model.message);
  return { ...parsed.data, limits, model: model.kind === 'ok' ? model.settings : undefined };
}

function readLimits(environment: Readonly<Record<string, string | undefined>>): Partial<SandboxSettings> {
  try {
    return settingsOf(environment);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Error(`The environment is not valid. ${error.message}`, { cause: error });
  }
}
