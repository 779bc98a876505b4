import { readFile } from 'node:fs/promises';
import type { ModelSource } from '@rewardsmith/engine';
import { Conversation } from '@rewardsmith/llm';
import type { Settings } from './config.ts';

/** Where models answer by the settings: a recorded conversation, an endpoint, or nowhere. */
export async function modelSource({ REWARDSMITH_REPLAY, model }: Settings): Promise<ModelSource | undefined> {
  if (REWARDSMITH_REPLAY === undefined) return model === undefined ? undefined : { kind: 'endpoint', settings: model };
  try {
    const conversation = Conversation.parse(JSON.parse(await readFile(REWARDSMITH_REPLAY, 'utf8')));
    return { kind: 'record', conversation };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`REWARDSMITH_REPLAY is no conversation that can be run again: ${message}`, { cause: error });
  }
}
