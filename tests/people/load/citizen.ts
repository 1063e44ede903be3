/** A citizen of a load run: a Direct Line client that asks, waits for a person, goes on writing, is answered, rates, and leaves. */
import WebSocket from 'ws';
import type { Activity } from '../../../bot/activity.ts';
import type { Hall, Wait } from './hall.ts';
import { tagOf } from './ledger.ts';
import { type Reply, Wire } from './wire.ts';

const matters = [
  '身份证丢了怎么补办要带什么',
  '居住证要多少钱',
  '医保局电话',
  '公积金贷款能贷多少',
  '孩子刚出生，要办哪些事',
  '查办件进度',
];
const meanwhile = ['还要等多久', '我再补充一句，我在外地', '材料可以拍照吗', '不动产登记在哪里办', '居住证要带什么'];
const replies = ['好的', '那要带原件吗', '明白了，还有一个问题', '我住在城东', '谢谢，记下了'];
const path = '/v3/directline';

export class Citizen {
  readonly name: string;
  conversationId = '';
  /** Everything heard live, in the order it came. */
  readonly live: Activity[] = [];
  #hall: Hall;
  #wire: Wire;
  #address: string | undefined;
  #token = '';
  #watermark = '0';
  #socket: WebSocket | undefined;
  #state: 'bot' | 'waiting' | 'person' = 'bot';
  #wait: Wait | undefined;
  /** Something a person said and nobody answered yet. */
  #unanswered = false;
  #rated = false;
  #served = false;
  #gone = false;

  constructor(name: string, hall: Hall, address: string | undefined) {
    this.name = name;
    this.#hall = hall;
    this.#address = address;
    this.#wire = new Wire(hall.url, hall.timings, address);
  }

  get waiting(): boolean {
    return this.#state === 'waiting';
  }

  /** Has not asked for a person yet. */
  get arriving(): boolean {
    return this.#wait === undefined || (this.#state === 'bot' && !this.#served);
  }

  /** From the first word to leaving; resolves when they have left or the hall closes. */
  async visit(): Promise<void> {
    const { pace, closing } = this.#hall;
    await this.#arrive();
    await pace.pause(pace.between(1, 3), closing);
    await this.#say(pace.one(matters));
    await pace.pause(pace.between(1, 4), closing);
    await this.#askForPerson();
    while (!closing.aborted && !(this.#served && this.#state === 'bot')) {
      const next = this.#state === 'person' ? pace.between(3, 10) : pace.between(25, 70);
      await pace.pause(next, closing);
      if (closing.aborted) break;
      if (this.#state === 'person') {
        if (this.#unanswered || pace.chance(0.2)) {
          this.#unanswered = false;
          await this.#say(pace.one(replies));
        }
      } else if (this.#state === 'waiting') {
        if (pace.chance(0.02)) {
          await this.#send('取消排队');
          break;
        }
        await this.#say(pace.one(meanwhile));
      } else break;
      if (pace.chance(0.02)) this.#socket?.terminate();
    }
    if (this.#state === 'waiting' && this.#wait) this.#wait.left = true;
    await pace.pause(pace.between(2, 5), closing);
  }

  /** Hangs up and returns the whole log as this citizen may read it. */
  async leave(): Promise<Activity[]> {
    const all: Activity[] = [];
    let at = '0';
    for (;;) {
      const answer = await this.#call('GET', `/conversations/${this.conversationId}/activities?watermark=${at}`);
      all.push(...(answer.json.activities as Activity[]));
      if (answer.json.watermark === at) break;
      at = answer.json.watermark;
    }
    this.#gone = true;
    this.#socket?.close();
    this.#wire.cut();
    return all;
  }

  async #arrive(): Promise<void> {
    const grant = await this.#wire.call('POST', `${path}/tokens/generate`, { body: {} });
    this.#token = grant.json.token;
    const started = await this.#call('POST', '/conversations', {});
    if (started.status !== 201) throw new Error(`${this.name} could not start: ${started.status} ${JSON.stringify(started.json)}`);
    this.conversationId = started.json.conversationId;
    this.#token = started.json.token;
    this.#listen(started.json.streamUrl);
  }

  #listen(streamUrl: string): void {
    const socket = new WebSocket(streamUrl, this.#address === undefined ? {} : { localAddress: this.#address });
    this.#socket = socket;
    socket.on('message', (data) => {
      const text = String(data);
      if (text === '' || this.#socket !== socket) return;
      const { activities, watermark } = JSON.parse(text) as { activities: Activity[]; watermark?: string };
      for (const activity of activities) this.#hear(activity);
      if (watermark !== undefined) this.#watermark = watermark;
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      if (!this.#gone && this.#socket === socket) void this.#reconnect();
    });
  }

  async #reconnect(): Promise<void> {
    await this.#hall.pace.pause(this.#hall.pace.between(0.5, 3));
    if (this.#gone) return;
    const answer = await this.#call('GET', `/conversations/${this.conversationId}?watermark=${this.#watermark}`).catch(() => undefined);
    if (answer?.status === 200) this.#listen(answer.json.streamUrl);
    else void this.#reconnect();
  }

  #hear(activity: Activity): void {
    if (activity.type === 'typing' || activity.channelData?.streamType === 'streaming') return;
    this.live.push(activity);
    const sent = this.#hall.sentAt.get(tagOf(activity) ?? '');
    if (activity.channelData?.origin === 'human') {
      this.#unanswered = true;
      if (sent !== undefined) this.#hall.timings.add('agent says → citizen sees', performance.now() - sent);
    }
    if (activity.name === 'handoff.status') this.#status(activity.value as { state: string; estimateMinutes?: number });
    if (activity.name === 'rating.request') void this.#rate();
  }

  #status({ state, estimateMinutes }: { state: string; estimateMinutes?: number }): void {
    const now = performance.now();
    if (state === 'waiting') {
      this.#state = 'waiting';
      if (this.#wait && this.#wait.joinedAt === undefined && this.#wait.toldMinutes === undefined && estimateMinutes !== undefined)
        this.#wait.toldMinutes = estimateMinutes;
    } else if (state === 'accepted') {
      this.#state = 'person';
      this.#served = true;
      if (this.#wait && this.#wait.joinedAt === undefined) this.#wait.joinedAt = now;
    } else this.#state = 'bot';
  }

  async #askForPerson(): Promise<void> {
    if (this.#hall.closing.aborted) return;
    this.#wait = { conversationId: this.conversationId, askedAt: performance.now() };
    this.#hall.waits.push(this.#wait);
    await this.#send('转人工');
    for (let i = 0; i < 600 && this.#state === 'bot' && !this.#hall.closing.aborted; i++) await this.#hall.pace.pause(0.5);
  }

  async #rate(): Promise<void> {
    const { pace } = this.#hall;
    if (this.#rated || !pace.chance(0.7)) return;
    this.#rated = true;
    await pace.pause(pace.between(1, 4));
    const value = pace.chance(0.15) ? { declined: true } : { score: 1 + Math.floor(pace.random() * 5), tags: [] };
    await this.#post({ type: 'event', name: 'rating.submit', value });
  }

  /** Says something that is looked for in every log at the end. */
  async #say(words: string): Promise<void> {
    if (this.#hall.closing.aborted) return;
    const { entry, text } = this.#hall.ledger.begin('citizen', this.name, this.conversationId, words);
    this.#hall.sentAt.set(entry.tag, performance.now());
    const sent = await this.#send(text, entry.tag);
    if (sent !== undefined) entry.outcome = sent ? 'accepted' : 'refused';
  }

  #send(text: string, id?: string): Promise<boolean | undefined> {
    return this.#post({ type: 'message', text, ...(id === undefined ? {} : { channelData: { clientActivityID: id } }) });
  }

  /** Undefined: no answer came. */
  async #post(activity: object): Promise<boolean | undefined> {
    const path = `/conversations/${this.conversationId}/activities`;
    const answer = await this.#call('POST', path, { from: { id: 'me' }, ...activity }, 'citizen says').catch((error: unknown) => {
      this.#hall.faults.push(`${this.name} got no answer: ${String(error)}`);
    });
    if (answer === undefined) return undefined;
    if (answer.status !== 200) this.#hall.faults.push(`${this.name} was answered ${answer.status} ${JSON.stringify(answer.json)}`);
    return answer.status === 200;
  }

  #call(method: string, rest: string, body?: unknown, name?: string): Promise<Reply> {
    return this.#wire.call(method, path + rest, {
      headers: { authorization: `Bearer ${this.#token}` },
      ...(body === undefined ? {} : { body }),
      ...(name === undefined ? {} : { name }),
    });
  }
}
