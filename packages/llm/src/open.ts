import type { ModelRole, RoleTerms } from '@rewardsmith/contracts';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { Endpoint } from './client/endpoint.ts';
import { createTransport } from './client/transport.ts';
import { limits } from './limits.ts';
import type { ModelSettings } from './settings.ts';

/** The endpoint has no model that can be chosen without being told. */
export class NoModelChosen extends Error {}

export interface OpenedEndpoint {
  readonly endpoint: Endpoint;
  /** With a model for every role. */
  readonly settings: ModelSettings;
}

/** The only model that an endpoint serves; throws `NoModelChosen` when it serves several or does not say. */
async function onlyModel(models: Promise<readonly string[]>, baseUrl: string): Promise<string> {
  const advice = 'Set REWARDSMITH_MODEL to the name of a model.';
  let served: readonly string[];
  try {
    served = await models;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new NoModelChosen(`${baseUrl} does not say which models it serves (${message}). ${advice}`, { cause: error });
  }
  const [only, ...more] = served;
  if (only === undefined || more.length > 0) {
    throw new NoModelChosen(`${baseUrl} serves ${served.length} models. ${advice}`);
  }
  return only;
}

/** Opens an endpoint. Where no model is named and the endpoint serves exactly one, that one takes every role. */
export async function openEndpoint(settings: ModelSettings, seed: number): Promise<OpenedEndpoint> {
  const transport = createTransport(settings, Date.now);
  const endpoint = new Endpoint({
    transport,
    concurrency: settings.concurrency,
    random: xoroshiro128plus(seed),
    now: () => performance.now(),
  });
  const { terms } = settings;
  const unnamed = Object.values(terms.roles).some(({ models }) => models.length === 0);
  if (!unnamed) return { endpoint, settings };
  const signal = AbortSignal.timeout(limits.modelListMilliseconds);
  const models = [{ model: await onlyModel(transport.models(signal), settings.baseUrl), weight: 1 }];
  const filled = (role: ModelRole): RoleTerms =>
    terms.roles[role].models.length > 0 ? terms.roles[role] : { ...terms.roles[role], models };
  const roles = { designer: filled('designer'), critic: filled('critic'), analyzer: filled('analyzer') };
  return { endpoint, settings: { ...settings, terms: { ...terms, roles } } };
}
