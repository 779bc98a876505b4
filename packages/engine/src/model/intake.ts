import type { Finding } from '@rewardsmith/contracts';
import { translatePython } from '@rewardsmith/designer';
import { type CritiqueContext, criticise, type Known, type Verdict } from '../moves/critique.ts';

const translated: Finding = {
  code: 'translated-from-python',
  severity: 'note',
  message: 'The answer was written in Python. This is its translation.',
  advice: 'Write the reward language.',
};

/** Judges a program as a model gave it: one in Python is translated before, and refused where that is not exact. */
export async function takeIn(
  given: string,
  known: Known,
  context: CritiqueContext,
): Promise<{ readonly source: string; readonly verdict: Verdict }> {
  const python = translatePython(given, context.environment);
  switch (python.kind) {
    case 'other':
      return { source: given, verdict: await criticise(given, known, context) };
    case 'refused': {
      const { line, column } = python;
      const message = `This Python cannot be translated to the reward language: ${python.message}`;
      const advice = `${python.advice} Or write the program in the reward language.`.trim();
      const critique: Finding[] = [{ code: 'untranslated-python', severity: 'error', message, advice, line, column }];
      return { source: given, verdict: { critique, stages: ['language'], refusedBy: 'language', passed: undefined } };
    }
    case 'translated': {
      const verdict = await criticise(python.source, known, context);
      return { source: python.source, verdict: { ...verdict, critique: [...verdict.critique, translated] } };
    }
  }
}
