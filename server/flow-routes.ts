/** What the flows offer over HTTP: printable notices for citizens, the schema of the language for editors. */
import type { IRouter } from 'express';
import { FLOW_SCHEMA_PATH, flowJsonSchema } from '../bot/flows/json-schema.ts';
import { textsFor } from '../bot/texts.ts';
import { dayInChina } from '../knowledge/life/rules.ts';
import type { House } from './house.ts';
import { gonePage, noticePage } from './notice-page.ts';
import { NOTICE_PATH } from './notices.ts';
import { pageSecurity } from './public-page.ts';

/** Adds GET /notice/<token> (200 page, 404 never signed here, 410 over) and GET /schemas/flow.json. */
export function addFlowRoutes(router: IRouter, { notices, manifest, now }: Pick<House, 'notices' | 'manifest' | 'now'>): void {
  const schema = flowJsonSchema();
  router.get(FLOW_SCHEMA_PATH, (_request, response) => void response.set('Access-Control-Allow-Origin', '*').json(schema));
  router.get(`${NOTICE_PATH}/:token`, (request, response, next) => {
    const opened = notices.open(request.params.token);
    if (opened.kind === 'invalid') return next();
    const { city, assistantName, hotline, hotlineHours, sample } = manifest;
    const setting = { texts: textsFor('zh-CN'), city, assistant: assistantName, hotline, hotlineHours, sample, today: dayInChina(now()) };
    response
      .status(opened.kind === 'notice' ? 200 : 410)
      .set({ 'Content-Security-Policy': pageSecurity, 'Cache-Control': 'private, no-store', 'X-Robots-Tag': 'noindex' })
      .type('html')
      .send(opened.kind === 'notice' ? noticePage(opened.notice, setting) : gonePage(setting));
  });
}
