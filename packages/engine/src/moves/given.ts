import { criticise } from './critique.ts';
import type { GenerationRequest } from './propose-by-model.ts';
import type { Proposed } from './proposed.ts';

/**
 * The reward that a task starts from, as it was given: the first candidate of its first generation, judged and trained like any
 * other (Eureka, arXiv 2310.12931, section 4.4). Nothing in later generations, or where no reward was given.
 */
export async function givenReward(request: GenerationRequest): Promise<Proposed | undefined> {
  const { startReward } = request.task.submission.model;
  if (startReward === undefined || request.generation > 0 || request.most < 1) return undefined;
  const { passed, ...verdict } = await criticise(startReward, request.known, request.critique);
  const thought = 'The reward that the task starts from, as it was given.';
  return { operator: 'given', parents: [], source: startReward, thought, ...verdict, accepted: passed, design: null };
}

/** What is left to propose beside the reward that was given: it takes a slot where it was accepted. */
export function beside(request: GenerationRequest, given: Proposed | undefined): GenerationRequest {
  if (given === undefined) return request;
  const { task, known } = request;
  const most = request.most - 1;
  const { accepted } = given;
  if (accepted === undefined) return { ...request, most };
  const { submission } = task;
  const search = { ...submission.search, population: Math.max(0, submission.search.population - 1) };
  return {
    ...request,
    task: { ...task, submission: { ...submission, search } },
    most,
    trainable: request.trainable - 1,
    known: {
      ...known,
      hashes: new Set([...known.hashes, accepted.program.hash]),
      behaviours: new Set([...known.behaviours, accepted.behaviour]),
    },
  };
}
