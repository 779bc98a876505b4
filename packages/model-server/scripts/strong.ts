import type { BehaviourInput } from '../src/behaviour.ts';
import type { ChatRequest } from '../src/request.ts';
import { codes, type Reading, read } from './reading.ts';
import { type Knowledge, knowledge } from './strong-knowledge.ts';

let asked = 0;

function json(value: unknown): BehaviourInput {
  return { kind: 'text', text: JSON.stringify(value) };
}

/** The next rung of the ladder that a parent does not stand on yet; its numbers move a little from answer to answer. */
function improved(known: Knowledge, reading: Reading): { thought: string; program: string } {
  const parent = reading.blocks[0] ?? '';
  const found = codes(reading.text);
  const rung = known.ladder.find(
    ({ answers, sign }) => !parent.includes(sign) && found.some((code) => answers.includes(code)),
  );
  const next = rung ?? known.ladder.find(({ sign }) => !parent.includes(sign)) ?? known.ladder.at(-1);
  if (next === undefined) throw new Error('the ladder is empty');
  const answered = found.filter((code) => next.answers.includes(code));
  const because =
    answered.length === 0 ? 'Nothing that was found speaks against it' : `This answers ${answered.join(' and ')}`;
  return { thought: `${next.thought} ${because}.`, program: next.program(asked) };
}

function design(known: Knowledge, reading: Reading): BehaviourInput {
  if (reading.purpose === 'repair') {
    const { program } = known.ladder[0] ?? { program: () => '' };
    return json({
      thought: 'The findings are right; this keeps the idea and puts the text right.',
      programs: [program(asked)],
    });
  }
  if (reading.purpose !== 'initial') {
    const { thought, program } = improved(known, reading);
    return json({ thought, programs: [program] });
  }
  const { thought, programs } = known.fresh[reading.brief] ?? known.fresh['free'] ?? { thought: '', programs: [] };
  return json({ thought, programs });
}

function review(reading: Reading): BehaviourInput {
  const names = [...reading.text.matchAll(/^\| `(\w+)` \|/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'total');
  const findings =
    /^\s*\d+ {2}.*time: -/m.test(reading.text) && !/reached|arrival|balanced/.test(reading.text)
      ? [
          {
            kind: 'goal-not-rewarded',
            severity: 'warning',
            line: null,
            component: 'time',
            evidence: 'every step costs the same and nothing is paid at the goal',
            advice: 'add a bonus for the success condition',
          },
        ]
      : [];
  return json({
    components: names.map((name) => ({ name, does: `pays ${name} of the state after the step` })),
    findings,
  });
}

function summary(reading: Reading): BehaviourInput {
  const named = [...reading.text.matchAll(/^- (F\d+) ([a-z-]+)(?: \[(\w+)\])?/gm)].slice(0, 3);
  const causes = named.map(([, finding = '', code = '', component]) => ({
    finding,
    cause: `${component ?? 'the sum'} is what the policy follows, and ${code} is what it comes to`,
    advice:
      component === undefined
        ? 'pay the way to the condition and the condition itself'
        : `rescale ${component} or drop it`,
  }));
  return json({
    causes,
    summary: 'The policy follows the shaping and stops short of the goal. Let arriving pay more than the way.',
  });
}

/** A model that knows its work: a design of its own for every brief, and better ones from what was found. */
export default function strong(request: ChatRequest): BehaviourInput {
  asked += 1;
  const reading = read(request);
  switch (reading.role) {
    case 'critic':
      return review(reading);
    case 'analyzer':
      return summary(reading);
    case 'designer': {
      const known = knowledge[reading.environment];
      return known === undefined
        ? { kind: 'refusal', text: `I know nothing of ${reading.environment}.` }
        : design(known, reading);
    }
  }
}
