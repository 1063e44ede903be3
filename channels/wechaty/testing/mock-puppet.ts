/** The real wechaty on its own mock puppet: contacts and rooms that talk to the bot, without WeChat. */
import { createRequire } from 'node:module';
import { loadWechaty } from '../load.ts';
import type { WechatyLike } from '../options.ts';

/** Its package. */
export const MOCK_PUPPET = 'wechaty-puppet-mock';

/** Whether the optional packages are there. */
export function installed(): boolean {
  try {
    const require = createRequire(import.meta.url);
    for (const name of ['wechaty', MOCK_PUPPET]) require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

interface Contact {
  readonly id: string;
}
interface MessagePayload {
  readonly id: string;
  readonly talkerId: string;
  readonly timestamp: number;
  readonly type: number;
  readonly text?: string;
  readonly listenerId?: string;
  readonly roomId?: string;
  readonly mentionIdList?: readonly string[];
}
/** The part of wechaty-puppet-mock that is used here. */
interface Mocker {
  scan(qrcode: string): void;
  login(user: Contact): void;
  createContact(payload: { id: string; name: string }): Contact & { on(event: 'message', heard: (message: Heard) => void): void };
  createRoom(payload: { id: string; topic: string; memberIdList: string[] }): {
    readonly id: string;
    on(event: 'message', heard: (message: Heard) => void): void;
  };
  readonly MessageMock: { create(payload: MessagePayload): void };
  readonly puppet: { emit(event: 'message', payload: { messageId: string }): void; logout(reason?: string): Promise<void> };
}
interface Heard {
  readonly payload: MessagePayload;
}

export interface MockPuppet {
  /** Loads wechaty with a named puppet. */
  readonly load: (puppet: string, token: string | undefined) => Promise<WechatyLike>;
  /** What the account sent: to whom, and what. */
  readonly heard: readonly { to: string; text: string }[];
  shows(qrcode: string): void;
  login(): void;
  logout(): Promise<void>;
  /** A message reaches the puppet; with the id of an earlier one, that one comes again. Gives its id. */
  says(from: string, text: string, how?: Partial<MessagePayload> & { room?: string; again?: string }): string;
}

/** `now`: epoch milliseconds. */
export function mockPuppet(now: () => number): MockPuppet {
  const heard: { to: string; text: string }[] = [];
  const known = new Set<string>();
  const self = 'self';
  let mocker: Mocker | undefined;
  let me: Contact | undefined;
  let count = 0;
  const mock = (): Mocker => {
    if (!mocker) throw new Error('the puppet is not started');
    return mocker;
  };
  const note = (to: string) => (message: Heard) => {
    if (message.payload.talkerId === self) heard.push({ to, text: message.payload.text ?? '' });
  };
  function meet(id: string): void {
    if (known.has(id)) return;
    known.add(id);
    mock()
      .createContact({ id, name: `市民${id}` })
      .on('message', note(id));
  }
  function enter(id: string, member: string): void {
    if (known.has(id)) return;
    known.add(id);
    mock()
      .createRoom({ id, topic: '小区群', memberIdList: [self, member] })
      .on('message', note(id));
  }
  return {
    heard,
    load: async (puppet, token) => {
      const bot = (await loadWechaty(puppet, token)) as WechatyLike & { readonly puppet: { readonly mocker: Mocker } };
      const start = bot.start.bind(bot);
      bot.start = async () => {
        await start();
        mocker = bot.puppet.mocker;
      };
      return bot;
    },
    shows: (qrcode) => mock().scan(qrcode),
    login: () => {
      me ??= mock().createContact({ id: self, name: '问办' });
      mock().login(me);
    },
    logout: () => mock().puppet.logout('told to'),
    says(from, text, { room, again, ...how } = {}) {
      meet(from);
      if (room !== undefined) enter(room, from);
      const id = again ?? `m${++count}`;
      const place = room === undefined ? { listenerId: self } : { roomId: room };
      if (again === undefined) mock().MessageMock.create({ id, talkerId: from, timestamp: now(), type: 7, text, ...place, ...how });
      mock().puppet.emit('message', { messageId: id });
      return id;
    },
  };
}
