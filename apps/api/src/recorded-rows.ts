import { RecordedStep } from '@rewardsmith/contracts';
import { z } from 'zod';
import { holdsMore } from './holds-more.ts';
import { limits } from './limits.ts';

const { $schema: _version, ...described } = z.toJSONSchema(z.array(RecordedStep).min(1), { io: 'input' });

/** Recorded steps, read up to the first that is at fault: a body has room for a million, and to tell what is wrong with each takes minutes. */
export const recordedRows = z
  .array(z.unknown())
  .min(1)
  .transform((rows, context): RecordedStep[] => {
    const steps: RecordedStep[] = [];
    for (const [index, row] of rows.entries()) {
      if (holdsMore(row, limits.rowEntries)) {
        const message = `holds more than ${limits.rowEntries} entries`;
        context.addIssue({ code: 'custom', path: [index], message });
        return z.NEVER;
      }
      const step = RecordedStep.safeParse(row);
      if (!step.success) {
        for (const issue of step.error.issues) context.addIssue({ ...issue, path: [index, ...issue.path] });
        return z.NEVER;
      }
      steps.push(step.data);
    }
    return steps;
  })
  .meta(described);
