/** `wenban keys rotate`: a new key takes over, everything is sealed anew in batches, keys that seal nothing any more go. */
import { join } from 'node:path';
import { addKeyToFile, dropKeysFromFile } from '../../bot/store/sealing/key-ring.ts';
import { noteKeys } from '../../bot/store/sealing/open.ts';
import { keysInUse, resealAll } from '../../bot/store/sealing/reseal.ts';
import { findUpload, uploadsAfter } from '../../bot/store/uploads.ts';
import { resealKept } from '../../channels/web/directline/uploads/kept.ts';
import type { Config } from '../config.ts';
import { withStore } from './with-store.ts';

/** Servers that run take a new key up within this time. */
const takenUpMs = 2500;

/**
 * With a key file: adds a key, waits until servers use it, seals anew, drops the old keys. With DATA_KEYS the operator has put the new key
 * in front (and every server has been restarted with both): only the sealing is left. Exit code 1 where nothing is sealed, or a file can't be opened: then the old key stays.
 */
export async function keysRotateCommand(config: Config, flags: { batch: string }): Promise<number> {
  const batch = Math.max(1, Number(flags.batch) || 1);
  const file = config.security.dataKeys === undefined;
  return withStore(config, async (database) => {
    const { sealing } = database;
    if (sealing === undefined) {
      console.error('没有密钥：请先设置 DATA_KEYS  there are no keys: set DATA_KEYS first');
      return 1;
    }
    const { ring, plain } = sealing;
    const before = ring.current;
    if (file) {
      addKeyToFile(config.dataDir);
      await new Promise((resolve) => setTimeout(resolve, takenUpMs));
    }
    const tell = ({ table, rows }: { table: string; rows: number }) => console.error(`${table}: ${rows}`);
    // The second round finds what a server wrote with the old key just before it took up the new one.
    for (let round = 0; round < 2; round++) await resealAll(plain, ring, batch, tell);
    const { db } = database;
    const resealFiles = () =>
      resealKept(
        join(config.dataDir, 'uploads'),
        ring,
        (id, limit) => uploadsAfter(db, id, limit),
        async (id) => (await findUpload(db, id)) !== undefined,
      );
    tell({ table: 'files', rows: (await resealFiles()).files });
    const { failed } = await resealFiles();
    if (failed.length > 0) {
      console.error(`这些文件打不开，旧密钥保留 these files cannot be opened, the old key stays: ${failed.join(', ')}`);
      return 1;
    }
    await noteKeys(plain, ring);
    const inUse = await keysInUse(plain);
    console.log(`密钥已更换 sealed anew with ${ring.current} (before: ${before}); keys in use: ${[...inUse].join(', ')}`);
    if (file) dropKeysFromFile(config.dataDir, before === ring.current || inUse.has(before) ? [] : [before]);
    return 0;
  });
}
