import { factsText, groundedSummary, namedFindings, type Summary, trajectoriesText } from '@rewardsmith/analyzer';
import type { Explanation, LabelledEpisode, StopReason } from '@rewardsmith/contracts';
import type { BuiltinEnvironment } from '@rewardsmith/environments';
import type { AnswerForm, Prompts } from '@rewardsmith/llm';
import type { CandidateRow } from '@rewardsmith/store';
import { limits } from '../limits.ts';
import type { CommonInputs } from './inputs.ts';
import type { Question } from './question.ts';
import type { TaskModel } from './task-model.ts';

export interface ExplainContext {
  readonly prompts: Prompts;
  readonly form: AnswerForm<Summary>;
  readonly common: CommonInputs;
  readonly environment: BuiltinEnvironment;
  /** Whether the task has a fitness of its own, of which the environment's success says nothing. */
  readonly ownFitness: boolean;
  readonly taskModel: TaskModel;
  /** Which model explains a candidate. */
  readonly modelFor: (row: CandidateRow) => string;
  /** Episodes of a candidate's typical training run. */
  readonly episodesOf: (row: CandidateRow) => Promise<readonly LabelledEpisode[]>;
}

/** Characters of the episodes that a prompt shows, and less of them for a model that found it too long. */
const trajectoryLengths = [undefined, limits.shorterTrajectories, 0] as const;

async function question(row: CandidateRow, context: ExplainContext): Promise<Question<Summary>> {
  const { prompts, form, common, environment, ownFitness } = context;
  const model = context.modelFor(row);
  const episodes = await context.episodesOf(row);
  const { environment: table, task, success, fitness } = common;
  const shownBy = { programs: [`${success}\n${fitness}`, row.source], success: !ownFitness };
  const asked = (length: number): Question<Summary> => {
    const most = trajectoryLengths[length];
    const trajectories = most === 0 ? '(left out)' : trajectoriesText(environment.definition, episodes, shownBy, most);
    const prompt = prompts.render('analyzer.summarise', {
      environment: table,
      task,
      success,
      fitness,
      source: row.source.trim(),
      facts: factsText(row.runs),
      findings: namedFindings(row.findings),
      trajectories,
    });
    const key = `analyzer/${row.generation}.${row.index}${length === 0 ? '' : `/shorter-${length}`}`;
    const shorter = length + 1 < trajectoryLengths.length ? () => asked(length + 1) : undefined;
    return { key, role: 'analyzer', model, prompt, form, shorter, optional: true };
  };
  return asked(0);
}

/**
 * Explains candidates that have findings and no explanation yet. One that the model has nothing usable to say of stays
 * without; its computed findings stand alone.
 */
export async function explain(
  rows: readonly CandidateRow[],
  context: ExplainContext,
): Promise<{ readonly explanations: ReadonlyMap<string, Explanation>; readonly cap: StopReason | undefined }> {
  const wanting = rows.filter((row) => row.explanation === null && row.findings.length > 0);
  const questions = await Promise.all(wanting.map((row) => question(row, context)));
  const { replies, cap } = await context.taskModel.askAll(questions);
  const explanations = new Map<string, Explanation>();
  wanting.forEach((row, index) => {
    const reply = replies[index];
    if (reply?.kind !== 'answered') return;
    const { causes, summary } = groundedSummary(reply.value, row.findings);
    // A summary that no cause is tied to rests on nothing that was measured.
    if (causes.length === 0) return;
    explanations.set(row.id, {
      causes: [...causes],
      summary,
      model: reply.answeredBy ?? context.modelFor(row),
      cost: reply.cost,
    });
  });
  return { explanations, cap };
}
