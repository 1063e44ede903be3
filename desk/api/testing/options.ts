/** What the staff API needs besides the house, at its plainest: nothing is found, nothing inspected. */

import { defaultCalendars } from '../../../bot/calendar/calendars.ts';
import { defaultAssistant } from '../../../bot/handoff/events.ts';
import type { House } from '../../../bot/handoff/testing/house.ts';
import { SqlKnowledgeRepository } from '../../../bot/store/knowledge.ts';
import { tellThroughLog } from '../../../bot/work-orders/tell.ts';
import { WorkOrders } from '../../../bot/work-orders/work-orders.ts';
import type { DeskApiOptions } from '../router.ts';

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
    work: { orders, foundFor: async () => [{ department: '公安局', score: 1 }] },
    qualityWords: { forbidden: [], attitude: [], greeting: [] },
    knowledge: {
      life: new SqlKnowledgeRepository(database),
      pack: 'sample',
      region: '990100',
      departments: ['公安局', '民政局'],
      sample: true,
    },
  };
}
