import type { Finding } from './finding.ts';

function place({ line, column }: Finding): string {
  if (line === undefined) return '';
  return column === undefined ? ` (line ${line})` : ` (line ${line}, column ${column})`;
}

function number(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

function shown({ evidence }: Finding): string {
  const parts = (evidence ?? []).slice(0, 3).map(({ episode, fromStep, toStep, values }) => {
    const steps = fromStep === toStep ? `step ${fromStep}` : `steps ${fromStep} to ${toStep}`;
    const numbers = Object.entries(values).map(([name, value]) => `${name} ${number(value)}`);
    return `episode ${episode}, ${steps}${numbers.length === 0 ? '' : ` (${numbers.join(', ')})`}`;
  });
  return parts.length === 0 ? '' : ` Seen in ${parts.join('; ')}.`;
}

/** A finding in one line, as models and terminals read it: code, place, what is wrong, where it shows, what to do. */
export function findingText(finding: Finding): string {
  const component = finding.component === undefined ? '' : ` [${finding.component}]`;
  const advice = finding.advice === '' ? '' : ` ${finding.advice}`;
  // Names of a model's making may hold line breaks.
  const flat = finding.message.replace(/\s+/g, ' ').trim();
  const message = /[.!?…]$/.test(flat) ? flat : `${flat}.`;
  return `${finding.code}${component}${place(finding)}: ${message}${shown(finding)}${advice}`;
}
