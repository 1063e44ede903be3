/** `wenban switch off|on NAME --reason …` and `wenban switch list`. */
import { openDatabase } from '../../bot/store/database.ts';
import { flipSwitch, switchStates } from '../../bot/store/switches.ts';
import { channelSwitch, MODEL_SWITCH } from '../../bot/switches.ts';
import type { Config } from '../config.ts';
import { storeOf } from '../security/store.ts';

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
  const database = await openDatabase(storeOf(config));
  try {
    await flipSwitch(database.db, { name: name === MODEL_SWITCH ? name : channelSwitch(name), state, reason, actor, at: Date.now() });
  } finally {
    await database.close();
  }
  console.log(state === 'off' ? `已关闭 switched off: ${name}` : `已打开 switched on: ${name}`);
  return 0;
}

export async function switchListCommand(config: Config, { json }: { json?: boolean }): Promise<number> {
  const database = await openDatabase(storeOf(config));
  try {
    for (const event of await switchStates(database.db))
      console.log(
        json
          ? JSON.stringify(event)
          : `${event.name}\t${event.state}\t${new Date(event.at).toISOString()}\t${event.actor}\t${event.reason}`,
      );
  } finally {
    await database.close();
  }
  return 0;
}
