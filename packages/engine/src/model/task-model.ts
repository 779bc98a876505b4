import type { ModelCost, ModelTerms, StopReason } from '@rewardsmith/contracts';
import {
  addCosts,
  amountOf,
  type CallResult,
  capPassed,
  costOf,
  type Model,
  noCost,
  outcomeName,
  type Try,
  worstCase,
} from '@rewardsmith/llm';
import type { Held, Holder, ModelCallRow, Store, TaskMove } from '@rewardsmith/store';
import { isAtRest } from '../moves/state.ts';
import { spendCalls, tellCall } from './accounting.ts';
import { startOfDay } from './day.ts';
import { stopReasonOf, TaskAtRest } from './failure.ts';
import {
  isOver,
  isUnsent,
  lostMessage,
  lostTry,
  mayBeLeftOut,
  messageOf,
  type Outcome,
  releaseUnsent,
  replyFrom,
  throwWhenFailed,
  tooLongForCap,
  unsentMessage,
} from './outcome.ts';
import { type Question, type Reply, requestOf, storedRequest } from './question.ts';

export interface TaskModelContext {
  readonly store: Store;
  readonly model: Model;
  readonly taskId: string;
  readonly terms: ModelTerms;
  /** Requests that the task's budget allows in all. */
  readonly calls: number | undefined;
  /** The step, and its attempt, that asks. */
  readonly holder: Holder;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** Replies in the order of their questions; those after a cap are missing. */
export interface Asked<T> {
  readonly replies: readonly (Reply<T> | undefined)[];
  readonly cap: StopReason | undefined;
}

/**
 * The model as one attempt at one step uses it. A call is reserved against every cap in one transaction before it is sent and
 * settled in another after; a call that is found settled is not made again.
 */
export class TaskModel {
  readonly #context: TaskModelContext;

  constructor(context: TaskModelContext) {
    this.#context = context;
  }

  /**
   * Asks all questions at once, as far as reservations go, and the rest when those are settled. A question that the model, or the cap
   * on one call, finds too long is asked with less in it, and left out where it is optional. Throws
   * `EndpointUnavailable` after every answer that came is stored, `TaskAtRest` when the task was paused meanwhile, and the
   * signal's reason when it was aborted.
   */
  async askAll<T>(questions: readonly Question<T>[]): Promise<Asked<T>> {
    const replies = new Map<string, Reply<T>>();
    // Where a question was too long, what is asked in its place.
    const asked = new Map(questions.map((question) => [question.key, question]));
    const inOrder = () => questions.map(({ key }) => replies.get(asked.get(key)?.key ?? key));
    let open = questions;
    while (open.length > 0) {
      const { found, reserved, cap } = await this.#reserve(open);
      for (const reply of found) replies.set(reply.key, reply);
      const results = await Promise.all(reserved.map((question) => this.#ask(question)));
      this.#context.signal.throwIfAborted();
      throwWhenFailed(results);
      for (const result of results) if ('key' in result) replies.set(result.key, result);
      for (const [key, question] of asked) {
        const { shorter } = question;
        const reply = replies.get(question.key);
        const tooLong = reply?.kind === 'bad-answer' && reply.reason === 'prompt-too-long';
        if (tooLong && shorter !== undefined) asked.set(key, shorter());
      }
      open = [...asked.values()].filter(({ key }) => !replies.has(key));
      if (open.length > 0 && reserved.length === 0 && found.length === 0) return { replies: inOrder(), cap };
    }
    return { replies: inOrder(), cap: undefined };
  }

  #price(question: Question<unknown>) {
    return this.#context.terms.prices[question.model];
  }

  async #reserve<T>(questions: readonly Question<T>[]) {
    const { store, taskId, terms, holder, now } = this.#context;
    return store.transact(taskId, async (move) => {
      if (isAtRest(move.task)) throw new TaskAtRest(`task ${taskId} is ${move.task.status}`);
      const found: Reply<T>[] = [];
      const reserved: Question<T>[] = [];
      let cap: StopReason | undefined;
      await releaseUnsent(move, questions, now());
      let standing = await move.modelCalls.held(startOfDay(now()));
      for (const question of questions) {
        const row = await move.modelCalls.find(question.key);
        if (row !== undefined && isOver(row)) {
          found.push(replyFrom(question, row));
          continue;
        }
        if (row?.status === 'reserved') {
          found.push(await this.#giveUp(move, question, row));
          continue;
        }
        if (cap !== undefined) continue;
        const request = requestOf(question, terms);
        const { tokens, money } = worstCase(request, question.form, this.#price(question));
        const held = { tokens, money, tries: 1 };
        const passed = this.#capPassed(standing, held, row);
        if (passed === 'budget-call' && mayBeLeftOut(question)) {
          found.push(tooLongForCap(question, row));
          continue;
        }
        cap = passed;
        if (cap !== undefined) continue;
        await move.modelCalls.reserve(
          {
            key: question.key,
            purpose: question.prompt.purpose,
            prompt: { version: question.prompt.version, hash: question.prompt.hash },
            ...storedRequest(request, question.form.name),
            held,
          },
          holder,
          row,
        );
        const add = (before: Held): Held => ({
          tokens: before.tokens + tokens,
          money: before.money + money,
          tries: before.tries + 1,
        });
        standing = { task: add(standing.task), tenant: add(standing.tenant) };
        reserved.push(question);
      }
      return { found, reserved, cap };
    });
  }

  #capPassed(
    standing: { readonly task: Held; readonly tenant: Held },
    ask: Held,
    row: ModelCallRow | undefined,
  ): StopReason | undefined {
    const { terms, calls } = this.#context;
    if (calls !== undefined && standing.task.tries + ask.tries > calls) return 'budget-model-calls';
    const held = { tokens: row?.heldTokens ?? 0, money: row?.heldMoney ?? 0 };
    const cap = capPassed(terms.caps, standing, ask, held);
    return cap === undefined ? undefined : stopReasonOf(cap);
  }

  /** A reservation that an earlier attempt left behind: it may have been paid, so it is charged in full and not made again. */
  async #giveUp<T>(move: TaskMove, question: Question<T>, row: ModelCallRow): Promise<Reply<T>> {
    const spent = amountOf(row.cost);
    const added = {
      ...noCost,
      unreportedTokens: Math.max(0, row.heldTokens - spent.tokens),
      money: Math.max(0, row.heldMoney - spent.money),
    };
    const cost = addCosts(row.cost, added);
    const underWay = Array.from({ length: row.sentTries - row.tries.length }, () => lostTry);
    const settlement = {
      outcome: 'lost',
      message: lostMessage,
      answer: null,
      tries: [...row.tries, ...underWay],
      cost,
    };
    const holder = { stepId: row.stepId, attempt: row.stepAttempt };
    const held = { ...amountOf(cost), tries: settlement.tries.length };
    await move.modelCalls.hold(row.key, holder, held, settlement);
    await spendCalls(move, 'lost', underWay.length, added);
    await tellCall(move, question, 'lost', cost, row.told, this.#context.now());
    return replyFrom(question, { ...row, ...settlement, status: 'settled' });
  }

  async #ask<T>(question: Question<T>): Promise<Outcome<T>> {
    const { model, terms, signal } = this.#context;
    const request = requestOf(question, terms);
    // Tries that are written and paid for already, while the next one was waited for.
    let noted = 0;
    const result = await model.ask(request, question.form, {
      signal,
      maySend: () => this.#send(question),
      mayRetry: async (tries) => {
        const may = await this.#extend(question, tries.slice(noted));
        if (may) noted = tries.length;
        return may;
      },
    });
    const cost = await this.#settle(question, result, noted);
    const { outcome } = result;
    const made = { key: question.key, cost };
    switch (outcome.kind) {
      case 'answered': {
        const { answer } = outcome;
        if (result.value === undefined) throw new Error(`an answer to ${question.key} was not read`);
        return { ...made, kind: 'answered', answeredBy: answer.model, value: result.value };
      }
      case 'bad-answer': {
        const { reason, message: told, answer } = outcome;
        return { ...made, kind: 'bad-answer', answeredBy: answer?.model ?? null, reason, message: told };
      }
      case 'cancelled':
        return isUnsent(result)
          ? { kind: 'unsent' }
          : { ...made, kind: 'bad-answer', answeredBy: null, reason: 'lost', message: lostMessage };
      case 'unavailable': {
        const { reason, message: told, retryAfterMilliseconds } = outcome;
        if (reason === 'prompt-too-long' && mayBeLeftOut(question))
          return { ...made, kind: 'bad-answer', answeredBy: null, reason, message: told };
        return { kind: 'unavailable', reason, message: told, retryAfterMilliseconds };
      }
    }
  }

  /** Notes that a request of a call is about to be sent; false when its task has come to rest, or another attempt holds it. */
  async #send({ key }: Question<unknown>): Promise<boolean> {
    const { store, taskId, holder } = this.#context;
    return store.transact(taskId, async (move) => !isAtRest(move.task) && move.modelCalls.send(key, holder));
  }

  /** Notes the latest tries of a call and reserves one more, to be sent when its time has come; false when a cap forbids it. */
  async #extend(question: Question<unknown>, tries: readonly Try[]): Promise<boolean> {
    const { store, taskId, terms, holder, now } = this.#context;
    const request = requestOf(question, terms);
    return store.transact(taskId, async (move) => {
      const row = await move.modelCalls.find(question.key);
      if (row === undefined || isAtRest(move.task)) return false;
      const worst = worstCase(request, question.form, this.#price(question));
      const added = costOf(tries, request, question.form, this.#price(question));
      const soFar = { tries: [...row.tries, ...tries], cost: addCosts(row.cost, added) };
      const paid = amountOf(soFar.cost);
      const wanted = {
        tokens: paid.tokens + worst.tokens,
        money: paid.money + worst.money,
        tries: soFar.tries.length + 1,
      };
      const more = {
        tokens: Math.max(0, wanted.tokens - row.heldTokens),
        money: Math.max(0, wanted.money - row.heldMoney),
        tries: wanted.tries - row.heldTries,
      };
      const standing = await move.modelCalls.held(startOfDay(now()));
      if (this.#capPassed(standing, more, row) !== undefined) return false;
      if (!(await move.modelCalls.hold(question.key, holder, wanted, soFar))) return false;
      await spendCalls(move, 'tried', tries.length, added);
      return true;
    });
  }

  /** Writes what a call came to and cost; its cost with what earlier tries of it had cost already. */
  async #settle(question: Question<unknown>, result: CallResult<unknown>, noted: number): Promise<ModelCost> {
    const { store, taskId, terms, holder, now } = this.#context;
    const request = requestOf(question, terms);
    const { outcome, tries } = result;
    const unsent = isUnsent(result);
    const name = unsent ? 'unsent' : outcome.kind === 'cancelled' ? 'lost' : outcomeName(outcome);
    const answer = outcome.kind === 'answered' || outcome.kind === 'bad-answer' ? outcome.answer : null;
    const costing = (some: readonly Try[]) => costOf(some, request, question.form, this.#price(question));
    const latest = tries.slice(noted);
    return store.transact(taskId, async (move) => {
      const row = await move.modelCalls.find(question.key);
      const added = costing(latest);
      const cost = row === undefined ? added : addCosts(row.cost, added);
      const all = [...(row?.tries ?? []), ...latest];
      const held = { ...amountOf(cost), tries: all.length };
      const settled = await move.modelCalls.hold(question.key, holder, held, {
        outcome: name,
        message: unsent ? unsentMessage : messageOf(outcome),
        answer: answer === null ? null : { text: answer.text, model: answer.model },
        tries: all,
        cost,
      });
      if (!settled) return cost;
      if (latest.length > 0) await spendCalls(move, name, latest.length, added);
      if (tries.length > 0 || !unsent) await tellCall(move, question, name, cost, row?.told ?? null, now());
      return cost;
    });
  }
}
