/** Webhooks in the house: who delivers them, and what the desk needs to set them up. */
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { OpenDatabase } from '../../bot/store/database.ts';
import type { WebhookAdmin } from '../../desk/api/webhook-routes.ts';
import type { Config } from '../config.ts';
import type { House } from '../house.ts';
import { newId } from '../ids.ts';
import { AddressGuard } from './address.ts';
import { postJson } from './post.ts';
import { WebhookSender, type WebhookSenderOptions } from './sender.ts';

/** How late a department hears of something, at most, while all is well. */
const everyMs = 2000;
const pruneEveryMs = 3_600_000;
const timeoutMs = 10_000;

/** A sender that calls real addresses, as far as the configuration lets it. */
export function openWebhooks(
  config: Config,
  about: { readonly database: OpenDatabase; readonly now: () => number; readonly onError: WebhookSenderOptions['onError'] },
): WebhookSender {
  const guard = new AddressGuard(config.security.innerNetworks);
  return new WebhookSender({
    ...about,
    random: Math.random,
    post: (url, body, headers) => postJson(url, body, headers, { guard, timeoutMs }),
  });
}

/** Delivers from now on, in one process at a time, until the house is closed. */
export function startWebhooks(house: House, logger: Logger): void {
  const { config, database, now, jobs } = house;
  const sender = openWebhooks(config, {
    database,
    now,
    onError: (error, { id, webhookId, type, attempts }) =>
      logger.warn({ err: error, delivery: id, webhook: webhookId, type, attempts }, 'a webhook could not be delivered'),
  });
  jobs.every('webhooks', everyMs, () => sender.sweep());
  jobs.every('webhooks-prune', pruneEveryMs, () => sender.prune());
}

/** What the desk's routes do with. */
export function webhookAdmin({ config, database, now }: Pick<House, 'config' | 'database' | 'now'>): WebhookAdmin {
  const sender = openWebhooks(config, { database, now, onError: () => undefined });
  return { tools: { database, now, newId, randomBytes }, probe: (hook) => sender.probe(hook, `evt_test_${newId()}`) };
}
