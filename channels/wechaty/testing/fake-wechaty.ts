/** A puppet without WeChat: contacts and rooms that talk to the bot, with wechaty's own shapes. */
import { EventEmitter } from 'node:events';
import type { Contact, Message, Room, WechatyLike } from '../options.ts';

export function fakeWechaty() {
  const events = new EventEmitter();
  const heard: { to: string; text: string; mentioned: string[] }[] = [];
  const contact = (id: string): Contact => ({ id, name: () => id, say: async (text) => void heard.push({ to: id, text, mentioned: [] }) });
  const room = (id: string): Room => ({
    id,
    say: async (text, ...mentioned) => void heard.push({ to: id, text, mentioned: mentioned.map((one) => one.id) }),
  });
  let count = 0;
  const bot: WechatyLike = {
    on: (event: string, listener: (...given: never[]) => void) => events.on(event, listener as () => void),
    start: async () => void events.emit('scan', 'https://login.weixin.example/x', 2),
    stop: async () => void events.removeAllListeners(),
    Contact: { find: async ({ id }) => (id === 'gone' ? undefined : contact(id)) },
    Room: { find: async ({ id }) => room(id) },
  };
  return {
    bot,
    heard,
    login: () => void events.emit('login', contact('self')),
    logout: () => void events.emit('logout', contact('self')),
    says(
      from: string,
      text: string,
      how: { room?: string; mentioned?: boolean; self?: boolean; age?: number; type?: number; id?: string } = {},
    ) {
      const message: Message = {
        id: how.id ?? `m${++count}`,
        self: () => how.self ?? false,
        age: () => how.age ?? 1,
        type: () => how.type ?? 7,
        text: () => (how.mentioned ? `@问办 ${text}` : text),
        talker: () => contact(from),
        room: () => (how.room ? room(how.room) : undefined),
        mentionSelf: async () => how.mentioned ?? false,
        mentionText: async () => text,
      };
      events.emit('message', message);
    },
  };
}
