import type { TaskEvent, TaskSubmission } from '@rewardsmith/contracts';
import { readModelSettings } from '@rewardsmith/llm';
import type { BehaviourInput, ChatRequest } from '@rewardsmith/model-server';
import type { Engine, ModelSource } from '../../src/index.ts';
import { caller, smallTask } from './small-task.ts';

/** The endpoint of a server as an operator would configure it. */
export function modelSource(baseUrl: string, variables: Readonly<Record<string, string>> = {}): ModelSource {
  const reading = readModelSettings({
    OPENAI_BASE_URL: baseUrl,
    OPENAI_API_KEY: 'any',
    REWARDSMITH_MODEL: 'small',
    ...variables,
  });
  if (reading.kind !== 'ok') throw new Error(reading.kind === 'none' ? 'no endpoint' : reading.message);
  return { kind: 'endpoint', settings: reading.settings };
}

/** The small task with a model as its designer. */
export function modelTask(changes: Readonly<Record<string, unknown>> = {}): TaskSubmission {
  const { search, ...rest } = changes;
  return smallTask({
    search: {
      designer: 'model',
      generations: 2,
      population: 2,
      finalists: 1,
      seed: 5,
      race: false,
      // Every proposal is the model's.
      tuner: 0,
      ...(search as object),
    },
    ...rest,
  });
}

/** The task's events up to the first of a type. */
export async function eventsUntil(engine: Engine, id: string, type: TaskEvent['type']): Promise<readonly TaskEvent[]> {
  const enough = new AbortController();
  const events: TaskEvent[] = [];
  for await (const event of engine.tasks.events(caller, id, 0, enough.signal)) {
    events.push(event);
    if (event.type === type) break;
  }
  enough.abort();
  return events;
}

export type Asked = 'design' | 'repair' | 'review' | 'summary';

export function textOf(request: ChatRequest): string {
  return request.messages.map(({ content }) => String(content)).join('\n');
}

/** What a request is for, as its prompt says it. */
export function askedFor(request: ChatRequest): Asked {
  const text = textOf(request);
  if (text.startsWith('You review')) return 'review';
  if (text.startsWith('You explain')) return 'summary';
  return text.includes('This is repair') ? 'repair' : 'design';
}

/** A sound reward for cart-pole; each number gives another one. */
export function soundReward(number: number): string {
  return `export const params = { weight: ${number} };
export function reward({ next, terminated, params }) {
  const upright = Math.cos(params.weight * next.poleAngle);
  return { upright, fallen: terminated ? -${number} : 0 };
}
`;
}

export function designText(source: string, thought = 'Pay for an upright pole.'): string {
  return JSON.stringify({ thought, programs: [source] });
}

export const cleanReview = JSON.stringify({ components: [{ name: 'upright', does: 'pays the cosine' }], findings: [] });
export const plainSummary = JSON.stringify({
  causes: [{ finding: 'F1', cause: 'The reward pays for waiting.', advice: 'Pay for the change.' }],
  summary: 'It waits. Make it move.',
});

/** Answers like a model that knows its work: every design is sound and new, every review clean. */
export function soundModel(
  over: Partial<Record<Asked, (request: ChatRequest, count: number) => BehaviourInput>> = {},
): (request: ChatRequest) => BehaviourInput {
  const counts: Record<Asked, number> = { design: 0, repair: 0, review: 0, summary: 0 };
  return (request) => {
    const asked = askedFor(request);
    counts[asked] += 1;
    const own = over[asked];
    if (own !== undefined) return own(request, counts[asked]);
    switch (asked) {
      case 'design':
        return { kind: 'text', text: designText(soundReward(counts.design)) };
      case 'repair':
        return { kind: 'text', text: designText(soundReward(100 + counts.repair), 'Repaired.') };
      case 'review':
        return { kind: 'text', text: cleanReview };
      case 'summary':
        return { kind: 'text', text: plainSummary };
    }
  };
}
