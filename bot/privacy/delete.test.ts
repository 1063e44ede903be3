import type { Kysely } from 'kysely';
import { expect, it } from 'vitest';
import { stateKey } from '../dialogue-state.ts';
import { resealAll } from '../store/sealing/reseal.ts';
import { onEachEngine } from '../store/testing/engines.ts';
import { fillTables, rowsOf } from '../store/testing/fixture-rows.ts';
import { deletePerson } from './delete.ts';
import { exportPerson } from './export.ts';
import { inventory } from './inventory.ts';
import { findPerson } from './person.ts';
import { scrub } from './scrub.ts';

const phone = '+8613900007788';
const tools = { actor: 'operator', channel: 'operator', now: 5, newId: () => 'request' };

onEachEngine('[R-129] deleting a person who left something in every table', (store) => {
  it('leaves no row of theirs, counts them, and leaves everything else', async () => {
    const { database } = store();
    const plain = database.sealing?.plain ?? database.db;
    // Columns that never change otherwise.
    const loose = plain as unknown as Kysely<Record<string, Record<string, unknown>>>;
    await plain.deleteFrom('settings').execute();
    const filled = await fillTables(plain, database.engine);
    // What names a person has to fit together; the rest is as the fixture made it.
    for (const table of ['sms_sessions', 'sms_numbers', 'sms_messages', 'sms_pages', 'wechat_citizens'] as const)
      await plain.updateTable(table).set({ phone }).execute();
    await loose.updateTable('sms_pushes').set({ sender: phone }).execute();
    await loose
      .updateTable('bot_state')
      .set({ key: stateKey('x', 'c1') })
      .execute();
    await loose.updateTable('inbox').set({ channel: 'wechat-oa' }).execute();
    const group_key = JSON.stringify(['cmpp', '13900007788', '106', 1, 2]);
    await plain.deleteFrom('sms_parts').execute();
    await plain
      .insertInto('sms_parts')
      .values({ group_key, number: 1, total: 2, body_hex: '00', fmt: 8, message_id: 'x', received_at: 1 })
      .execute();
    await plain.deleteFrom('sms_part_groups').execute();
    await plain
      .insertInto('sms_part_groups')
      .values([
        { group_key, state: 'open', started_at: 1 },
        { group_key: JSON.stringify(['cmpp', '13911112222', '106', 1, 2]), state: 'open', started_at: 1 },
        { group_key: 'not ours', state: 'open', started_at: 1 },
      ])
      .execute();
    await plain.deleteFrom('privacy_holds').execute();
    if (database.sealing) await resealAll(plain, database.sealing.ring, 100);

    const person = await findPerson(database.db, { phone });
    if (person === undefined) throw new Error('nobody found');
    const theirs = inventory.filter(({ holds, table }) => holds === 'person' && table !== 'privacy_holds').map(({ table }) => table);
    const copy = await exportPerson(database, person, { ...tools, newId: () => 'copy' });
    expect(Object.keys(copy.tables).sort()).toEqual([...theirs].sort());
    const done = await deletePerson(database, person, tools);
    if (!done.ok) throw new Error(`held: ${done.held}`);
    expect(Object.keys(done.counts).sort()).toEqual([...theirs].sort());
    expect(done.uploads).toEqual(['x']);
    for (const [table, before] of filled) {
      const left = (await rowsOf(plain, table)).length;
      const expected = { sms_part_groups: 2, privacy_requests: before.length + 2, settings: left }[table] ?? before.length;
      expect([table, left]).toEqual([
        table,
        theirs.includes(table) && table !== 'sms_part_groups' ? 0 : table === 'privacy_holds' ? 0 : expected,
      ]);
    }
    expect([await scrub(database, 5), await scrub(database, 5)]).toEqual([true, false]);
  });
});
