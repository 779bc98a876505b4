import { TaskSubmission } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import { expect, it } from 'vitest';
import { commonInputs } from '../src/model/inputs.ts';

function inputsOf(name: string, description: string | undefined) {
  const environment = builtinEnvironments.get(name);
  if (environment === undefined) throw new Error(`${name} is gone`);
  const submission = TaskSubmission.parse({ environment: name });
  const own = environment.definition.description;
  return { own, ...commonInputs({ description: description ?? own, submission }, environment, { reference: '' }) };
}

it('says what the task is once, where its words are those of the environment', () => {
  const { own, environment, task } = inputsOf('cartpole', undefined);
  expect(task).toBe(own);
  expect(environment).not.toContain(own);
  expect(inputsOf('cartpole', 'Balance it, gently.').environment).toContain(own);
});

it('shows a program that decides success and fitness alike once', () => {
  const { success, fitness } = inputsOf('door-key', undefined);
  expect(success).toContain('next.atGoal > 0');
  expect(fitness).toContain('The fitness of an episode is the sum of what that program gives');
  expect(fitness).not.toContain('```');
  const other = inputsOf('acrobot', undefined);
  expect(other.success).toContain('env.goalHeight');
  expect(other.fitness).toContain('? 0 : -1');
});
