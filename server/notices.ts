/** Printable pages of one-time notices: their addresses, and what stands on them now. */
import type { Answerer } from '../bot/answer/answer.ts';
import type { Notice } from '../bot/answer/notice.ts';
import type { Flow } from '../bot/flows/flow.ts';
import { noticeToken, readNoticeToken } from '../bot/flows/notice-token.ts';
import { type NoticeReference, noticeAgain } from '../bot/flows/notices.ts';
import { dayInChina } from '../knowledge/life/rules.ts';

export const NOTICE_PATH = '/notice';
/** People get their papers together within weeks; after that the facts are better asked again. */
const readableDays = 60;

export interface NoticePagesOptions {
  readonly key: string;
  /** Without it nobody could open an address, so there is none. */
  readonly publicUrl: string | undefined;
  readonly now: () => number;
  /** Those in force now. */
  readonly flows: () => readonly Flow[];
  readonly answerer: Pick<Answerer, 'notice'>;
}

export type OpenedNotice = { readonly kind: 'notice'; readonly notice: Notice } | { readonly kind: 'gone' | 'invalid' };

export class NoticePages {
  readonly #options: NoticePagesOptions;
  /** The address of a notice's page; undefined without a public address. */
  readonly link: ((reference: NoticeReference) => string) | undefined;

  constructor(options: NoticePagesOptions) {
    this.#options = options;
    const { publicUrl, key, now } = options;
    this.link =
      publicUrl === undefined
        ? undefined
        : (reference) => `${publicUrl}${NOTICE_PATH}/${noticeToken(reference, key, { now: now(), days: readableDays })}`;
  }

  /** The notice as the guides published now tell it; gone when its time is over, or its flow or all its guides are. */
  open(token: string): OpenedNotice {
    const { key, now, flows, answerer } = this.#options;
    const read = readNoticeToken(token, key, now());
    if (read.kind === 'invalid') return { kind: 'invalid' };
    const flow = read.kind === 'valid' ? flows().find((one) => one.id === read.reference.flow) : undefined;
    const message = flow && read.kind === 'valid' ? noticeAgain(flow, read.reference) : undefined;
    const notice = message && answerer.notice(message, { on: dayInChina(now()) });
    return notice ? { kind: 'notice', notice } : { kind: 'gone' };
  }
}
