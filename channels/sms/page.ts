/** The page behind a short code: the whole answer with its sources. No script, no cookie, nothing counted. */
import { timingSafeEqual } from 'node:crypto';
import { Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import { findPage } from '../../bot/store/sms-pages.ts';
import { pageSchema } from './draft.ts';
import type { SmsOptions } from './options.ts';

const missesAMinute = 30;
/** Wrong digits for one text; after that it stays closed until the server starts again. */
const mostWrongTails = 5;

/**
 * GET / asks for the code, GET /CODE shows its text, GET /CODE?tail=0000 a personal one: the last four digits of the number.
 * Guessing is slowed down: 30 misses a minute from one address, 5 wrong numbers for one text.
 */
export function createPages(options: Pick<SmsOptions, 'house' | 'now'>): Router {
  const router = Router();
  const wrongTails = new Map<string, number>();
  router.use(
    rateLimit({
      windowMs: 60_000,
      limit: missesAMinute,
      skipSuccessfulRequests: true,
      standardHeaders: 'draft-7',
      legacyHeaders: false,
      validate: { xForwardedForHeader: false },
      message: notice('请稍等一分钟再试。'),
    }),
  );
  router.use((_request, response, next) => {
    response.set({
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Robots-Tag': 'noindex',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    });
    next();
  });
  router.get('/', (request, response) => {
    const { code } = request.query;
    if (typeof code === 'string' && /^[\w-]{6,20}$/.test(code.trim())) return response.redirect(303, `${request.baseUrl}/${code.trim()}`);
    response.send(document('查看全文', form(request.baseUrl, 'code', '请输入短信里的短码')));
  });
  router.get('/:code', async (request, response) => {
    const found = await findPage(options.house().database.db, request.params.code, options.now());
    const body = pageSchema.safeParse(found?.body);
    if (!found || !body.success) {
      response.status(404).send(notice('没有这个短码，或者已经过期。请再发短信问一次。'));
      return;
    }
    const wrong = wrongTails.get(found.code) ?? 0;
    const tail = typeof request.query.tail === 'string' ? request.query.tail : '';
    if (body.data.personal && (wrong >= mostWrongTails || !same(tail, found.phone.slice(-4)))) {
      if (tail !== '') wrongTails.set(found.code, wrong + 1);
      const retry = tail === '' ? '' : '<p>号码不对，请再试一次。</p>';
      response
        .status(tail === '' ? 200 : 403)
        .send(document('查看全文', retry + form(request.originalUrl.split('?')[0] ?? '', 'tail', '请输入收短信的手机号后四位')));
      return;
    }
    const { title, text, sources, ai } = body.data;
    response.send(document(title, `${paragraphs(text)}${ai ? '<p>（本回答由 AI 生成）</p>' : ''}${list(sources)}`));
  });
  return router;
}

const same = (given: string, wanted: string): boolean =>
  given.length === wanted.length && timingSafeEqual(Buffer.from(given.padEnd(4).slice(0, 4)), Buffer.from(wanted));

const escaped = (text: string): string => text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);

const paragraphs = (text: string): string =>
  text
    .split('\n')
    .map((line) => `<p>${escaped(line)}</p>`)
    .join('');

function list(sources: readonly { name: string; url?: string | undefined; abstract: string }[]): string {
  if (sources.length === 0) return '';
  const items = sources.map(({ name, url, abstract }) => {
    const linked = url && /^https?:\/\//.test(url) ? `<a href="${escaped(url)}" rel="noreferrer">${escaped(name)}</a>` : escaped(name);
    return `<li><strong>${linked}</strong>${paragraphs(abstract)}</li>`;
  });
  return `<h2>出处</h2><ol>${items.join('')}</ol>`;
}

const form = (action: string, field: string, label: string): string =>
  `<form action="${escaped(action)}" method="get"><label>${label} <input name="${field}" inputmode="numeric" autocomplete="off" required></label> <button>查看</button></form>`;

const notice = (text: string): string => document('查看全文', `<p>${text}</p>`);

function document(title: string, content: string): string {
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title><style>body{max-width:40rem;margin:2rem auto;padding:0 1rem;font:1.15rem/1.7 system-ui,sans-serif;color:#1a1a1a;background:#fff}input,button{font:inherit;padding:.4rem .6rem}p{margin:.3rem 0}</style></head><body><h1>${escaped(title)}</h1>${content}</body></html>`;
}
