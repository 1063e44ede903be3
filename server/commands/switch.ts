/** `wenban switch off|on NAME --reason …` and `wenban switch list`. */
import { flipSwitch, switchStates } from '../../bot/store/switches.ts';
import { channelSwitch, MODEL_SWITCH } from '../../bot/switches.ts';
import type { Config } from '../config.ts';
import { withStore } from './with-store.ts';

/** Writes the event; running servers follow within a second. Exit code 2 for a name that can be no switch. */
export async function switchCommand(
  config: Config,
  name: string,
  state: 'on' | 'off',
  { reason, actor }: { reason: string; actor: string },
): Promise<number> {
  if (!/^[a-z][\w-]{0,60}$/.test(name)) {
    console.error(`没有这个开关 no such switch: ${name}`);
    return 2;
  }
  const switched = name === MODEL_SWITCH ? name : channelSwitch(name);
  await withStore(config, ({ db }) => flipSwitch(db, { name: switched, state, reason, actor, at: Date.now() }));
  console.log(state === 'off' ? `已关闭 switched off: ${name}` : `已打开 switched on: ${name}`);
  return 0;
}

export async function switchListCommand(config: Config, { json }: { json?: boolean }): Promise<number> {
  for (const event of await withStore(config, ({ db }) => switchStates(db)))
    console.log(
      json ? JSON.stringify(event) : `${event.name}\t${event.state}\t${new Date(event.at).toISOString()}\t${event.actor}\t${event.reason}`,
    );
  return 0;
}
