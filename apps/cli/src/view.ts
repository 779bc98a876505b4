import logUpdate from 'log-update';
import { type Extent, secondsLeft } from './extent.ts';
import { limits } from './limits.ts';
import type { Progress } from './progress.ts';

/** Where a task's progress is shown. */
export interface View {
  /** A line that stays. */
  tell(line: string): void;
  /** The state that the line which does not stay is about. */
  show(progress: Progress): void;
  /** Ends the view and leaves what stays. */
  end(): void;
}

function amount(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`;
  return value >= 1e3 ? `${(value / 1e3).toFixed(0)} k` : String(value);
}

/** The two lines of the live view. */
export function progressLines(progress: Progress, extent: Extent, idleSeconds: number): readonly [string, string] {
  const { generation, accepted, refused, evaluated, failed, bestFitness, environmentSteps, modelCalls } = progress;
  const runs = `closing runs ${progress.closing.done}/${extent.closingRuns}`;
  return [
    [
      `generation ${generation}/${extent.generations}`,
      `accepted ${accepted}, refused ${refused}, evaluated ${evaluated}${failed === 0 ? '' : `, failed ${failed}`}`,
      `best fitness ${bestFitness === null ? 'none yet' : bestFitness.toPrecision(4)}`,
    ].join(' · '),
    [
      ...(progress.closing.total === 0 ? [] : [runs]),
      `${amount(environmentSteps)} environment steps, ${modelCalls} model calls`,
      `about ${Math.ceil(secondsLeft(progress, extent, idleSeconds))} s left`,
    ].join(' · '),
  ];
}

const now = () => performance.now() / 1000;

/** Two lines are kept up to date, every second, below those that stay. */
export function terminalView(extent: Extent): View {
  let latest: { readonly progress: Progress; readonly at: number } | undefined;
  const draw = () => {
    if (latest !== undefined) logUpdate(progressLines(latest.progress, extent, now() - latest.at).join('\n'));
  };
  const clock = setInterval(draw, 1000);
  return {
    tell(line) {
      logUpdate.clear();
      process.stdout.write(`${line}\n`);
      draw();
    },
    show(progress) {
      latest = { progress, at: now() };
      draw();
    },
    end() {
      clearInterval(clock);
      logUpdate.clear();
      logUpdate.done();
    },
  };
}

/** Lines that stay, and one of progress from time to time. */
export function plainView(extent: Extent): View {
  let shown = now();
  return {
    tell(line) {
      process.stdout.write(`${line}\n`);
    },
    show(progress) {
      if (now() - shown < limits.quietSeconds) return;
      shown = now();
      process.stdout.write(`  ${progressLines(progress, extent, 0).join(' · ')}\n`);
    },
    end() {},
  };
}
