/** What the staff API needs besides the house, at its plainest: nothing is found, nothing inspected. */

import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { previewItem } from '../../../bot/answer/preview.ts';
import { defaultCalendars } from '../../../bot/calendar/calendars.ts';
import { defaultAssistant } from '../../../bot/handoff/events.ts';
import type { House } from '../../../bot/handoff/testing/house.ts';
import { SqlFlowRepository, SqlKnowledgeRepository } from '../../../bot/store/knowledge.ts';
import { findUpload, saveUpload } from '../../../bot/store/uploads.ts';
import { tellThroughLog } from '../../../bot/work-orders/tell.ts';
import { WorkOrders } from '../../../bot/work-orders/work-orders.ts';
import { createDiskUploads } from '../../../channels/web/directline/uploads/store.ts';
import { dayInChina } from '../../../knowledge/life/rules.ts';
import { loadLexicon } from '../../../knowledge/text/lexicon.ts';
import { deskFiles } from '../../../server/desk-files.ts';
import type { ConversationFiles } from '../file-routes.ts';
import type { DeskApiOptions } from '../router.ts';
import { plainOperations } from './operations.ts';

const lexicon = () => loadLexicon(fileURLToPath(new URL('../../../knowledge/lexicon', import.meta.url)));

/** Files in a folder of the temporary directory. */
function filesOf({ database, newId }: House, now: () => number): ConversationFiles {
  const uploads = createDiskUploads({
    directory: path.join(tmpdir(), 'wenban-desk-files'),
    saveRecord: (record, at) => saveUpload(database.db, record, at),
    findRecord: (id) => findUpload(database.db, id),
    maxBytes: 1_000_000,
    now,
    newId: () => `${newId()}-${randomBytes(6).toString('hex')}`,
  });
  return deskFiles({ uploads, signingKey: 'test', publicUrl: 'https://wenban.example', now });
}

export function plainOptions(house: House): DeskApiOptions {
  const { database, desk, log, newId, clock } = house;
  const now = () => clock.now;
  const tell = tellThroughLog(log, defaultAssistant);
  const orders = new WorkOrders({ database, calendars: defaultCalendars(), now, newId, newCode: () => '4711', tell });
  return {
    database,
    desk,
    log,
    newId,
    now,
    lookUp: async () => [],
    itemOf: () => undefined,
    meaning: () => [1],
    files: filesOf(house, now),
    place: { city: '安澜市', hotline: '12345', districts: ['东澜区', '西屏区'] },
    work: { orders, foundFor: async () => [{ department: '公安局', score: 1 }] },
    qualityWords: { forbidden: [], attitude: [], greeting: [] },
    evaluation: { tree: undefined, city: '安澜市', halls: [], items: () => [] },
    operations: async () => plainOperations,
    webhooks: { tools: { database, now, newId, randomBytes }, probe: async () => 204 },
    together: { flows: () => [{ id: 'sample', name: '示例流程' }], tellTurn: async () => undefined },
    knowledge: {
      life: new SqlKnowledgeRepository(database),
      pack: 'sample',
      region: '990100',
      departments: ['公安局', '民政局'],
      sample: true,
      preview: async (item) => previewItem(item, { lexicon: await lexicon(), bot: defaultAssistant, day: dayInChina(now()) }),
    },
    flows: { life: new SqlFlowRepository(database), pack: 'sample/flows', surroundings: async () => ({ districts: ['东区'] }) },
  };
}
