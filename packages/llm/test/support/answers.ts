import type { BehaviourInput } from '@rewardsmith/model-server';
import { asking } from './asking.ts';

export const status = (code: number, rest: object = {}): BehaviourInput => ({ kind: 'status', status: code, ...rest });

export const json = (body: object, status = 200): BehaviourInput => ({
  kind: 'other-body',
  body: JSON.stringify(body),
  contentType: 'application/json',
  status,
});

/** What a call comes to where its tries are answered so, one after the other. */
export async function answeredBy(answers: readonly BehaviourInput[], timeoutMilliseconds?: number) {
  const asked = await asking({ script: { rules: [{ answers: [...answers] }] } }, timeoutMilliseconds);
  return { ...asked, result: await asked.ask() };
}
