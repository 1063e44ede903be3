/** An agent of a load run, through the staff API as the app uses it: takes, reads, answers, ends, passes on, and sometimes dies. */
import { setMaxListeners } from 'node:events';
import type { LoggedActivity } from '../../../bot/activity.ts';
import type { Hall } from './hall.ts';
import { tagOf } from './ledger.ts';
import { type Reply, Wire } from './wire.ts';

const answers = [
  '您好，我来帮您看一下',
  '需要身份证原件',
  '可以网上办，也可以到大厅',
  '带上户口簿就行',
  '三个工作日内办好',
  '还有别的问题吗',
];

interface Held {
  watermark: number;
  /** Answers left before it is ended. */
  left: number;
  busy: boolean;
  unanswered: boolean;
}
interface Entry {
  readonly conversationId: string;
  /** A colleague who was asked to take it and has not yet. */
  readonly offeredTo?: string | null;
}

export class Staff {
  readonly name: string;
  /** Conversations that came to this agent, by assignment or by hand. */
  taken = 0;
  /** Somebody else was faster. */
  overtaken = 0;
  /** Seconds of people's time alive at the desk. */
  alive = 0;
  readonly #hall: Hall;
  readonly #password: string;
  readonly #presence: 'auto' | 'manual';
  readonly #capacity: number;
  readonly #wire: Wire;
  readonly #held = new Map<string, Held>();
  #cookie = '';
  #shift = new AbortController();
  #refreshing: Promise<void> | undefined;
  #again = false;
  #queue: readonly Entry[] = [];

  constructor(options: {
    name: string;
    password: string;
    hall: Hall;
    presence: 'auto' | 'manual';
    capacity: number;
    address: string | undefined;
  }) {
    this.name = options.name;
    this.#password = options.password;
    this.#hall = options.hall;
    this.#presence = options.presence;
    this.#capacity = options.capacity;
    this.#wire = new Wire(options.hall.url, options.hall.timings, options.address);
  }

  /** Errors: the server does not let them in. */
  async signIn(): Promise<void> {
    const body = { name: this.name, password: this.#password };
    const { headers, status } = await this.#wire.call('POST', '/desk/api/login', { body, name: 'login' });
    if (status !== 204) throw new Error(`${this.name} could not sign in: ${status}`);
    this.#cookie = (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
  }

  /** Works, signed in, until the machine dies after `dieAfter` seconds of people's time (0: never), or `stop`. */
  async work(dieAfter: number, stop: AbortSignal): Promise<void> {
    const { pace } = this.#hall;
    const begun = performance.now();
    this.#shift = new AbortController();
    setMaxListeners(0, this.#shift.signal);
    this.#held.clear();
    await this.#call('PUT', '/me/presence', { presence: this.#presence });
    const hangUp = this.#wire.events(
      '/desk/api/events',
      { cookie: this.#cookie },
      (...event) => this.#heard(...event),
      () => this.#shift.abort(),
    );
    const ends = AbortSignal.any([stop, this.#shift.signal]);
    await (dieAfter > 0 ? pace.pause(dieAfter, ends) : new Promise((resolve) => ends.addEventListener('abort', resolve, { once: true })));
    if (this.#shift.signal.aborted && !stop.aborted) this.#hall.faults.push(`the event stream of ${this.name} broke`);
    this.#shift.abort();
    hangUp();
    // A dead machine hears no answer to what it was just sending.
    if (!stop.aborted) this.#wire.cut();
    this.alive += ((performance.now() - begun) / 1000) * pace.speed;
  }

  /** Still has something to answer. */
  get busy(): boolean {
    return [...this.#held.values()].some((held) => held.busy);
  }

  #heard(event: string, data: string): void {
    if (event === 'queue') void this.#refresh();
    if (event !== 'appended') return;
    const { conversationId, seq } = JSON.parse(data) as { conversationId: string; seq: number };
    const held = this.#held.get(conversationId);
    if (held && seq > held.watermark) void this.#read(conversationId, held);
  }

  /** Reads both lists, as the app does when the queue moves; asked again meanwhile, once more. */
  #refresh(): Promise<void> {
    if (this.#refreshing) {
      this.#again = true;
      return this.#refreshing;
    }
    this.#refreshing = this.#lists().finally(() => {
      this.#refreshing = undefined;
      if (!this.#again || this.#off) return;
      this.#again = false;
      void this.#refresh();
    });
    return this.#refreshing;
  }

  get #off(): boolean {
    return this.#shift.signal.aborted;
  }

  async #lists(): Promise<void> {
    const [queue, mine] = await Promise.all([
      this.#call('GET', '/queue', undefined, 'GET queue'),
      this.#call('GET', '/mine', undefined, 'GET mine'),
    ]);
    if (this.#off || queue?.status !== 200 || mine?.status !== 200) return;
    this.#queue = queue.json as Entry[];
    const now = new Set((mine.json as Entry[]).flatMap((one) => ((one.offeredTo ?? this.name) === this.name ? [one.conversationId] : [])));
    for (const id of this.#held.keys()) if (!now.has(id)) this.#held.delete(id);
    for (const id of now) if (!this.#held.has(id)) this.#take(id);
    if (this.#presence === 'manual' && this.#queue.length > 0 && this.#held.size < this.#capacity) void this.#claimNext();
  }

  #take(id: string): void {
    const { pace } = this.#hall;
    this.taken += 1;
    const held = { watermark: 0, left: 2 + Math.floor(pace.random() * 4), busy: false, unanswered: true };
    this.#held.set(id, held);
    void this.#read(id, held).then(() => this.#serve(id, held));
  }

  #claiming = false;
  async #claimNext(): Promise<void> {
    const { pace, closing } = this.#hall;
    if (this.#claiming || closing.aborted) return;
    this.#claiming = true;
    await pace.pause(pace.between(1, 5), this.#shift.signal);
    const first = this.#queue[0];
    if (!this.#off && first !== undefined && this.#held.size < this.#capacity) {
      const answer = await this.#call('POST', `/conversations/${encodeURIComponent(first.conversationId)}/claim`, undefined, 'POST claim');
      if (answer?.status === 409) this.overtaken += 1;
    }
    this.#claiming = false;
    void this.#refresh();
  }

  /** Reads what is new. */
  async #read(id: string, held: Held): Promise<void> {
    const answer = await this.#call(
      'GET',
      `/conversations/${encodeURIComponent(id)}/activities?watermark=${held.watermark}`,
      undefined,
      'GET activities',
    );
    if (answer?.status !== 200) return;
    for (const activity of answer.json.activities as LoggedActivity[]) {
      if (activity.seq <= held.watermark) continue;
      const tag = tagOf(activity);
      if (tag !== undefined && activity.from.role === 'user') {
        held.unanswered = true;
        const sent = this.#hall.sentAt.get(tag);
        // What was said before this agent had the conversation says nothing about the line.
        if (sent !== undefined && held.watermark > 0) this.#hall.timings.add('citizen says → agent reads', performance.now() - sent);
      }
    }
    held.watermark = Math.max(held.watermark, Number(answer.json.watermark));
    if (answer.json.more === true) await this.#read(id, held);
  }

  /** Answers as long as there is something to answer, then ends it one way or another. */
  async #serve(id: string, held: Held): Promise<void> {
    const { pace, closing } = this.#hall;
    while (!this.#off && this.#held.get(id) === held) {
      await pace.pause(pace.between(2, 7), AbortSignal.any([this.#shift.signal, closing]));
      if (this.#off || this.#held.get(id) !== held || closing.aborted) return;
      if (held.left <= 0) return this.#end(id, held);
      if (!held.unanswered && pace.chance(0.7)) continue;
      held.unanswered = false;
      held.left -= 1;
      await this.#call('POST', `/conversations/${encodeURIComponent(id)}/typing`, undefined, 'POST typing');
      await pace.pause(pace.between(1, 3), this.#shift.signal);
      if (this.#off) return;
      await this.#say(id, held);
    }
  }

  async #say(id: string, held: Held): Promise<void> {
    held.busy = true;
    const { entry, text } = this.#hall.ledger.begin('agent', this.name, id, this.#hall.pace.one(answers));
    this.#hall.sentAt.set(entry.tag, performance.now());
    const answer = await this.#call(
      'POST',
      `/conversations/${encodeURIComponent(id)}/activities`,
      { text, messageId: entry.tag },
      'POST activities',
    );
    if (answer !== undefined) entry.outcome = answer.status === 200 ? 'accepted' : 'refused';
    held.busy = false;
    // The line was bad: the app sends the same message again, and it is said once.
    if (entry.outcome === 'accepted' && this.#hall.pace.chance(0.03))
      await this.#call('POST', `/conversations/${encodeURIComponent(id)}/activities`, { text, messageId: entry.tag }, 'POST activities');
  }

  async #end(id: string, held: Held): Promise<void> {
    const { pace } = this.#hall;
    held.busy = true;
    const dice = pace.random();
    const at = `/conversations/${encodeURIComponent(id)}`;
    if (dice < 0.05) await this.#call('POST', `${at}/release`, undefined, 'POST release');
    else if (dice >= 0.15 || !(await this.#passOn(at, dice < 0.1)))
      await this.#call('POST', `${at}/close`, { wrapUp: '已解答' }, 'POST close');
    this.#held.delete(id);
    void this.#refresh();
  }

  /** To the queue of everybody, or to a colleague who is there. */
  async #passOn(at: string, toSkill: boolean): Promise<boolean> {
    const agents = toSkill
      ? []
      : ((await this.#call('GET', '/colleagues', undefined, 'GET colleagues'))?.json?.agents as string[] | undefined);
    const user = agents && agents.length > 0 ? this.#hall.pace.one(agents) : undefined;
    const body = user === undefined ? { skill: 'general', note: '请接着办' } : { user, note: '您更熟悉' };
    return (await this.#call('POST', `${at}/transfer`, body, 'POST transfer'))?.status === 200;
  }

  /** Undefined: the line broke before an answer came. Anything that is not an agent's daily bread is a fault. */
  async #call(method: string, path: string, body?: unknown, name?: string): Promise<Reply | undefined> {
    try {
      const answer = await this.#wire.call(method, `/desk/api${path}`, {
        headers: { cookie: this.#cookie },
        ...(body === undefined ? {} : { body }),
        ...(name === undefined ? {} : { name }),
      });
      if (answer.status >= 400 && answer.status !== 409)
        this.#hall.faults.push(`${this.name}: ${method} ${path} was answered ${answer.status} ${JSON.stringify(answer.json)}`);
      return answer;
    } catch (error) {
      if (!this.#off) this.#hall.faults.push(`${this.name}: ${method} ${path}: ${String(error)}`);
      return undefined;
    }
  }
}
