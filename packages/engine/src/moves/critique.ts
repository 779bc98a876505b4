import { createHash } from 'node:crypto';
import type { CriticOptions, CriticStage, Environment, Finding } from '@rewardsmith/contracts';
import {
  behaviourText,
  gate,
  judge,
  judgeOutcomes,
  judgePairs,
  pairsRollout,
  type Recording,
  type SuccessPair,
  smokeRollout,
} from '@rewardsmith/critic';
import { type Labels, labelColumn, type Rollout } from '@rewardsmith/rollouts';
import type { CompiledProgram, Sandbox } from '@rewardsmith/sandbox';
import { InfrastructureFailure, throwWhenStarved } from './failure.ts';

/** What a task has accepted already: normal forms, and behaviours on the reference rows. */
export interface Known {
  readonly hashes: ReadonlySet<string>;
  readonly behaviours: ReadonlySet<string>;
  /** What became of earlier programs, in words, by their hash and by their behaviour. */
  readonly results?: ReadonlyMap<string, string>;
}

export interface CritiqueContext {
  readonly tenant: string;
  readonly environment: Environment;
  /** Decides the smoke rows, which are the reference rows of the task. */
  readonly seed: number;
  readonly sandbox: Sandbox;
  /** Stages that the task wants. */
  readonly stages: CriticOptions;
  /** Recorded episodes with their outcomes, once the task has any. */
  readonly recording: Recording | undefined;
  /** Made-up steps with and without success; none where the task has a fitness of its own. */
  readonly pairs: readonly SuccessPair[];
}

/** A program that has passed every computed check, with what a review looks at. */
export interface Passed {
  readonly program: CompiledProgram;
  readonly behaviour: string;
  readonly labels: Labels;
  readonly rollout: Rollout;
}

/** What the computed stages of the critic say: the stages that saw the program, in order, and the one that refused it. */
export interface Verdict {
  readonly critique: readonly Finding[];
  readonly stages: readonly CriticStage[];
  readonly refusedBy: CriticStage | null;
  readonly passed: Passed | undefined;
}

export function refusal(code: string, message: string, advice: string): Finding {
  return { code, severity: 'error', message, advice };
}

type Labelled =
  | { readonly ok: true; readonly labels: Labels }
  | { readonly ok: false; readonly findings: readonly Finding[] };

async function label(
  source: string,
  rollout: Rollout,
  context: CritiqueContext,
  components?: readonly string[],
): Promise<Labelled> {
  const { tenant, environment } = context;
  const request = { tenant, source, environment, rollout, ...(components === undefined ? {} : { components }) };
  const outcome = await context.sandbox.label(request);
  switch (outcome.kind) {
    case 'ok':
      return { ok: true, labels: outcome.value };
    case 'rejected':
      return { ok: false, findings: outcome.findings };
    case 'infrastructure':
      throw new InfrastructureFailure(outcome.message);
    default: {
      throwWhenStarved(outcome);
      const advice = 'Write a reward that ends quickly on every row.';
      return { ok: false, findings: [refusal(`smoke-${outcome.kind}`, outcome.message, advice)] };
    }
  }
}

/**
 * A hash of what a program does on the smoke rows. A component that shows nothing there, such as a bonus for success, could do
 * anything elsewhere: such a program is known by its text alone.
 */
function behaviourOf(program: CompiledProgram, labels: Labels, steps: number): string {
  const shows = program.components.every((name) => {
    const column = labelColumn(labels, name).subarray(0, steps);
    return column.some((value) => value !== column[0]);
  });
  return shows ? createHash('sha256').update(behaviourText(labels)).digest('hex').slice(0, 32) : program.hash;
}

const isRefused = (findings: readonly Finding[]) => findings.some(({ severity }) => severity === 'error');

/** What is 0 on the rows of the smoke run and pays where the success condition is met is no dead component. */
function isRareBonus({ code, component }: Finding, alive: ReadonlySet<string>): boolean {
  return code === 'dead-component' && component !== undefined && alive.has(component);
}

/**
 * What a program does where the outcome is known: over recorded episodes, and over made-up steps that meet the condition; with the
 * components that are anything but 0 there.
 */
async function judgedOutcomes(
  { source, components }: CompiledProgram,
  recording: Recording | undefined,
  pairs: readonly SuccessPair[],
  context: CritiqueContext,
): Promise<{ readonly findings: readonly Finding[]; readonly alive: ReadonlySet<string> }> {
  const findings: Finding[] = [];
  const alive = new Set<string>();
  const notice = (labels: Labels, steps: number) => {
    for (const name of components) {
      if (
        labelColumn(labels, name)
          .subarray(0, steps)
          .some((value) => value !== 0)
      )
        alive.add(name);
    }
  };
  if (recording !== undefined) {
    const recorded = await label(source, recording.rollout, context);
    findings.push(...(recorded.ok ? judgeOutcomes(recorded.labels, recording) : recorded.findings));
    if (recorded.ok) notice(recorded.labels, recording.rollout.steps);
  }
  if (pairs.length > 0) {
    const madeUp = await label(source, pairsRollout(context.environment, pairs), context);
    const told = madeUp.ok ? judgePairs(labelColumn(madeUp.labels, 'total'), pairs.length) : madeUp.findings;
    const known = new Set(findings.map(({ code }) => code));
    findings.push(...told.filter(({ code }) => !known.has(code)));
    if (madeUp.ok) notice(madeUp.labels, 2 * pairs.length);
  }
  return { findings, alive };
}

/** Runs a program through the computed stages in order of cost; the first that refuses it ends them. */
export async function criticise(source: string, known: Known, context: CritiqueContext): Promise<Verdict> {
  const compilation = await context.sandbox
    .compiler({ tenant: context.tenant })
    .compile({ source, environment: context.environment });
  let critique: Finding[] = [...compilation.findings];
  const stages: CriticStage[] = ['language'];
  const refused = (by: CriticStage): Verdict => ({ critique, stages, refusedBy: by, passed: undefined });
  if (!compilation.ok) return refused('language');
  const { program } = compilation;
  const wanted = context.stages;
  if (wanted.duplicates) stages.push('duplicates');
  if (wanted.duplicates && known.hashes.has(program.hash)) {
    const result = known.results?.get(program.hash);
    const message = `This task has tried the same program before, up to names, order and spelling${result === undefined ? '' : ` (${result})`}.`;
    const advice = 'Pay for something else, or in another form: another quantity, another structure.';
    critique.push(refusal('duplicate-program', message, advice));
    return refused('duplicates');
  }
  stages.push('smoke');
  const rollout = smokeRollout(context.environment, context.seed);
  const smoked = await label(program.source, rollout, context);
  if (!smoked.ok) critique.push(...smoked.findings);
  else if (wanted.smoke) critique.push(...judge(program, smoked.labels, rollout));
  if (!smoked.ok || isRefused(critique)) return refused('smoke');
  const behaviour = behaviourOf(program, smoked.labels, rollout.steps);
  if (wanted.duplicates && known.behaviours.has(behaviour)) {
    const result = known.results?.get(behaviour);
    const message = `An earlier program of this task${result === undefined ? '' : ` (${result})`} gives the same total on every reference row, up to a positive factor.`;
    critique.push(
      refusal('duplicate-behaviour', message, 'A factor on the whole reward changes nothing: change a term.'),
    );
    return refused('duplicates');
  }
  const { recording, pairs } = context;
  if (wanted.outcomes && (recording !== undefined || pairs.length > 0)) {
    stages.push('outcomes');
    const { findings, alive } = await judgedOutcomes(program, recording, pairs, context);
    critique = [...critique.filter((finding) => !isRareBonus(finding, alive)), ...findings];
    if (isRefused(critique)) return refused('outcomes');
  }
  if (wanted.gate && recording !== undefined) {
    stages.push('gate');
    const recorded = await label(program.source, recording.rollout, context, ['total']);
    critique.push(...(recorded.ok ? gate(recorded.labels, recording) : recorded.findings));
    if (isRefused(critique)) return refused('gate');
  }
  return { critique, stages, refusedBy: null, passed: { program, behaviour, labels: smoked.labels, rollout } };
}
