/** The conversation: login, receiving by socket (or by asking, where sockets fail), sending so that nothing is lost or said twice. */
import { request, type SocketTask, type Wx, type WxResponse } from './wx.ts';

export interface Activity {
  readonly id?: string;
  readonly type: string;
  readonly from: { readonly id: string; readonly name?: string; readonly role?: string };
  readonly text?: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly replyToId?: string;
  readonly attachments?: readonly { readonly contentType: string; readonly content?: unknown }[];
  readonly suggestedActions?: {
    readonly actions: readonly { type: string; title: string; value: unknown; channelData?: { always?: boolean } }[];
  };
  readonly entities?: readonly unknown[];
  readonly channelData?: Record<string, unknown>;
}
export type Outgoing = { type: 'message'; text: string; value?: object } | { type: 'event'; name: string; value: object };

export type Connection = 'connecting' | 'connected' | 'offline' | 'refused';
export interface SessionOptions {
  readonly wx: Wx;
  /** https://host of the Wenban server; must be on the mini-program's list of request and socket hosts. */
  readonly baseUrl: string;
  /** Id of the mini-program's account, when the server has several. */
  readonly account?: string;
  readonly onActivity: (activity: Activity) => void;
  readonly onConnection: (state: Connection) => void;
  readonly newId: () => string;
  readonly wait: (ms: number) => Promise<void>;
}

const pollMs = 2500;
const longestWaitMs = 30_000;
/** After so many sockets that died at once the network does not let them through. */
const socketTries = 3;

export class Session {
  readonly #options: SessionOptions;
  #token: string | undefined;
  #conversationId = '';
  #watermark = '0';
  #socket: SocketTask | undefined;
  /** Grows when the page comes or goes: loops of an earlier time end. */
  #time = 0;
  #shown = false;
  #badSockets = 0;
  #sending: Promise<unknown> = Promise.resolve();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** The page is shown: log in if need be, catch up, follow. Shown already: nothing. */
  show(): void {
    if (this.#shown) return;
    this.#shown = true;
    const time = ++this.#time;
    void this.#follow(time);
  }

  /** The page is hidden: the platform cuts sockets in the background anyway. */
  hide(): void {
    this.#shown = false;
    this.#time++;
    this.#socket?.close();
    this.#socket = undefined;
  }

  /** Sends in order; repeats under the same id until the server has it. False: it was refused, or the page went away for good. */
  send(outgoing: Outgoing): Promise<boolean> {
    const clientActivityID = this.#options.newId();
    const sent = this.#sending.then(() =>
      this.#post({ ...outgoing, from: { id: 'citizen' }, locale: 'zh-CN', channelData: { clientActivityID } }),
    );
    this.#sending = sent;
    return sent;
  }

  get #base(): string {
    return `${this.#options.baseUrl}/v3/directline/conversations/${this.#conversationId}`;
  }

  async #post(activity: object): Promise<boolean> {
    for (let tries = 0; tries < 8; tries++) {
      if (await this.#login()) {
        const answer = await request(this.#options.wx, 'POST', `${this.#base}/activities`, { token: this.#token, data: activity });
        if (answer && answer.statusCode < 300) return true;
        if (answer && (answer.statusCode === 401 || answer.statusCode === 403)) this.#token = undefined;
        else if (answer && answer.statusCode < 500 && answer.statusCode !== 429) return false;
      }
      await this.#options.wait(this.#backoff(tries));
    }
    return false;
  }

  /** From now on an answer that WeChat does not take is announced by SMS; `phoneCode` is what the pressed button gave. False: it was refused. */
  async tellByPhone(phoneCode: string): Promise<boolean> {
    const answer = await this.#asCitizen('phone', { phoneCode });
    return answer?.statusCode === 204;
  }

  /** A call that says who asks. A code of wx.login is good once, so each gets a new one. */
  async #asCitizen(name: string, body: object = {}): Promise<WxResponse | undefined> {
    const { wx, baseUrl, account } = this.#options;
    const code = await new Promise<string | undefined>((resolve) => {
      wx.login({ success: (result) => resolve(result.code), fail: () => resolve(undefined) });
    });
    if (!code) return undefined;
    const path = `/channels/wechat/mini-program${account ? `/${account}` : ''}/${name}`;
    return request(wx, 'POST', `${baseUrl}${path}`, { data: { ...body, code } });
  }

  /** Whether there is a token. */
  async #login(): Promise<boolean> {
    if (this.#token) return true;
    const answer = await this.#asCitizen('login');
    const grant = answer?.data as { token?: string; conversationId?: string } | undefined;
    if (answer?.statusCode !== 200 || !grant?.token || !grant.conversationId) {
      if (answer?.statusCode === 403) this.#options.onConnection('refused');
      return false;
    }
    if (grant.conversationId !== this.#conversationId) this.#watermark = '0';
    this.#conversationId = grant.conversationId;
    this.#token = grant.token;
    return true;
  }

  async #follow(time: number): Promise<void> {
    this.#options.onConnection('connecting');
    for (let tries = 0; time === this.#time; ) {
      const alive = (await this.#login()) && (this.#badSockets < socketTries ? await this.#stream(time) : await this.#poll());
      if (time !== this.#time) return;
      if (alive) tries = 0;
      else this.#options.onConnection('offline');
      await this.#options.wait(alive ? pollMs : this.#backoff(tries++));
    }
  }

  readonly #backoff = (tries: number): number => Math.min(longestWaitMs, 1000 * 2 ** tries);

  /** Follows by socket until it ends; whether anything came through it. */
  async #stream(time: number): Promise<boolean> {
    const { wx } = this.#options;
    const answer = await request(wx, 'GET', `${this.#base}?watermark=${this.#watermark}`, { token: this.#token });
    const grant = answer?.data as { streamUrl?: string; token?: string } | undefined;
    if (!this.#accepted(answer?.statusCode) || !grant?.streamUrl || !grant.token) return false;
    this.#token = grant.token;
    const url = grant.streamUrl;
    const heard = await new Promise<boolean>((resolve) => {
      let any = false;
      const socket = wx.connectSocket({ url });
      this.#socket = socket;
      socket.onMessage(({ data }) => {
        any = true;
        if (time === this.#time) this.#take(typeof data === 'string' ? data : '');
      });
      socket.onClose(() => resolve(any));
      socket.onError(() => resolve(any));
    });
    this.#badSockets = heard ? 0 : this.#badSockets + 1;
    return heard || (await this.#poll());
  }

  /** Asks once for what is new. */
  async #poll(): Promise<boolean> {
    const answer = await request(this.#options.wx, 'GET', `${this.#base}/activities?watermark=${this.#watermark}`, { token: this.#token });
    if (!this.#accepted(answer?.statusCode)) return false;
    this.#take(JSON.stringify(answer?.data));
    return true;
  }

  #accepted(status: number | undefined): boolean {
    if (status === 401 || status === 403) this.#token = undefined;
    return status === 200;
  }

  /** A set of activities; an empty frame only keeps the line open. */
  #take(frame: string): void {
    this.#options.onConnection('connected');
    if (frame === '') return;
    const { activities, watermark } = JSON.parse(frame) as { activities?: Activity[]; watermark?: string };
    if (watermark) this.#watermark = watermark;
    for (const activity of activities ?? []) this.#options.onActivity(activity);
  }
}
