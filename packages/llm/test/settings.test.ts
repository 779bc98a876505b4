import { describe, expect, it } from 'vitest';
import { NoModelChosen, openEndpoint, readModelSettings } from '../src/index.ts';
import { asking } from './support/asking.ts';

function read(variables: Record<string, string>) {
  const reading = readModelSettings({ OPENAI_API_KEY: 'key', ...variables });
  if (reading.kind !== 'ok') throw new Error(reading.kind === 'none' ? 'none' : reading.message);
  return reading.settings;
}

describe('the settings of an endpoint', () => {
  it('are none without a key or an address', () => {
    expect(readModelSettings({ REWARDSMITH_MODEL: 'm' }).kind).toBe('none');
    expect(readModelSettings({ OPENAI_API_KEY: '' }).kind).toBe('none');
  });

  it('give each role its model, its temperature and its effort, or those of all', () => {
    const { roles } = read({
      REWARDSMITH_MODEL: 'large=3,llama3:8b',
      REWARDSMITH_CRITIC_MODEL: 'small',
      REWARDSMITH_TEMPERATURE: '0.7',
      REWARDSMITH_ANALYZER_TEMPERATURE: '0',
      REWARDSMITH_DESIGNER_EFFORT: 'high',
    }).terms;
    expect(roles.designer.models).toEqual([
      { model: 'large', weight: 3 },
      { model: 'llama3:8b', weight: 1 },
    ]);
    expect(roles.critic.models).toEqual([{ model: 'small', weight: 1 }]);
    expect([roles.designer.temperature, roles.analyzer.temperature]).toEqual([0.7, 0]);
    expect([roles.designer.effort, roles.critic.effort]).toEqual(['high', undefined]);
  });

  it('name every variable that is wrong', () => {
    const reading = readModelSettings({
      OPENAI_BASE_URL: 'nonsense',
      REWARDSMITH_TEMPERATURE: '9',
      REWARDSMITH_MODEL_PRICES: '{',
      REWARDSMITH_MODEL: 'a=0',
    });
    expect(reading).toMatchObject({ kind: 'invalid' });
    for (const name of [
      'OPENAI_BASE_URL',
      'REWARDSMITH_TEMPERATURE',
      'REWARDSMITH_MODEL_PRICES',
      'REWARDSMITH_MODEL',
    ]) {
      expect(reading.kind === 'invalid' && reading.message).toContain(name);
    }
  });

  it('refuse an address with credentials, without repeating them', () => {
    const reading = readModelSettings({ OPENAI_BASE_URL: 'https://somebody:canary-word@example.org/v1' });
    expect(reading).toMatchObject({ kind: 'invalid', message: expect.stringContaining('OPENAI_API_KEY') });
    expect(JSON.stringify(reading)).not.toContain('canary-word');
  });

  it.each(['canary-w…rd', 'canary-word\n', 'canary\nword', 'canary-wörd'])(
    'refuse a key that no header can carry, without repeating it: %j',
    (key) => {
      const reading = readModelSettings({ OPENAI_API_KEY: key });
      expect(reading).toMatchObject({ kind: 'invalid', message: expect.stringContaining('OPENAI_API_KEY') });
      expect(JSON.stringify(reading)).not.toContain('canary');
    },
  );

  it('refuse a cap in money for a model without a price', () => {
    expect(
      readModelSettings({ OPENAI_API_KEY: 'key', REWARDSMITH_MODEL: 'm', REWARDSMITH_TASK_MONEY: '1' }),
    ).toMatchObject({ kind: 'invalid', message: expect.stringContaining('"m"') });
  });

  it('take the only model that an endpoint serves when none is named', async () => {
    const open = await asking({ script: {}, models: ['the-one'] });
    const { settings } = await openEndpoint(read({ OPENAI_BASE_URL: open.server.url }), 1);
    expect(settings.terms.roles.analyzer.models).toEqual([{ model: 'the-one', weight: 1 }]);
  });

  it('ask for a name when the endpoint serves several', async () => {
    const open = await asking({ script: {}, models: ['one', 'two'] });
    await expect(openEndpoint(read({ OPENAI_BASE_URL: open.server.url }), 1)).rejects.toThrow(NoModelChosen);
  });
});
