/** The watch over incidents in a running house. */
import type { Logger } from 'pino';
import type { House } from './house.ts';
import { IncidentWatch } from './incidents.ts';
import { readiness } from './readiness.ts';

const everyMs = 15_000;

/** Looks from now on until the house is closed; every process looks, since each may see something else. */
export function watchIncidents(house: House, logger: Logger): void {
  const { config, database, now, jobs, modelTotals } = house;
  const watch = new IncidentWatch({
    database,
    now,
    readiness: () => readiness(house, false),
    modelTotals,
    dueMinutes: config.security.incidentMinutes,
    onOpened: (kind, detail) => logger.error({ alarm: 'incident', kind, detail }, 'ALARM: an incident began'),
    onEnded: (kind) => logger.warn({ alarm: 'incident', kind }, 'an incident is over'),
  });
  jobs.every('incidents', everyMs, () => watch.look());
}
