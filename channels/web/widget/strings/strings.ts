/** Every word of the widget, by key. One catalogue a language; the type keeps them complete. */
import { en } from './en.ts';
import { zhCN } from './zh-cn.ts';

export type Locale = 'zh-CN' | 'en';

export interface Strings {
  readonly assistant: string;
  readonly launcher: string;
  readonly launcherLabel: (unread: number) => string;
  readonly panelLabel: (name: string) => string;
  readonly notAPerson: string;
  readonly elderOn: string;
  readonly elderOff: string;
  readonly otherLanguage: string;
  readonly restart: string;
  readonly restartConfirm: string;
  readonly restartYes: string;
  readonly cancel: string;
  readonly minimise: string;
  readonly toPerson: string;
  readonly queueing: string;
  readonly withPerson: string;
  readonly messages: string;
  readonly connecting: string;
  readonly offline: string;
  readonly reconnecting: string;
  readonly refused: string;
  readonly tryAgain: string;
  readonly you: string;
  readonly person: string;
  readonly aiLabel: string;
  readonly typing: string;
  readonly agentTyping: string;
  readonly sending: string;
  readonly waitingForNetwork: string;
  readonly sent: string;
  readonly failed: string;
  readonly failedReason: (status: number | undefined) => string;
  readonly retry: string;
  readonly discard: string;
  readonly copy: string;
  readonly copied: string;
  readonly report: string;
  readonly reported: string;
  readonly sources: string;
  readonly showSources: (count: number) => string;
  readonly hideSources: string;
  readonly source: (position: number, name: string) => string;
  readonly openSource: string;
  readonly closeSource: string;
  readonly newTab: string;
  readonly quickReplies: string;
  readonly newMessages: string;
  readonly toBottom: string;
  readonly inputLabel: string;
  readonly placeholder: string;
  readonly placeholderAgent: string;
  readonly send: string;
  readonly upload: string;
  readonly uploadTooBig: (name: string) => string;
  readonly left: (count: number) => string;
  readonly tooLong: (count: number) => string;
  readonly image: (name: string) => string;
  readonly file: string;
  readonly formRequired: string;
  readonly formOptional: string;
  readonly formInvalid: string;
  readonly formNumber: string;
  readonly formAtLeast: (limit: string) => string;
  readonly formAtMost: (limit: string) => string;
  readonly formChoose: string;
  readonly formSubmit: string;
  readonly formSubmitted: string;
  readonly formErrors: (count: number) => string;
  readonly waiting: (position: number | undefined) => string;
  readonly waitingHint: string;
  readonly joined: (agent: string | undefined) => string;
  readonly notes: Readonly<Record<'accepted' | 'completed' | 'released' | 'failed' | 'ended', (agent: string | undefined) => string>>;
  readonly rateTitle: string;
  readonly rateLevels: readonly [string, string, string, string, string];
  readonly rateReasons: string;
  readonly rateComment: string;
  readonly rateCommentHint: string;
  readonly rateSubmit: string;
  readonly rateChoose: string;
  readonly rateThanks: string;
  readonly rateVoluntary: string;
  readonly today: string;
  readonly yesterday: string;
}

const catalogues: Readonly<Record<Locale, Strings>> = { 'zh-CN': zhCN, en };

export const stringsFor = (locale: Locale): Strings => catalogues[locale];

/** The nearest language we speak. */
export const localeOf = (tag: string | null | undefined): Locale => (tag?.toLowerCase().startsWith('en') ? 'en' : 'zh-CN');
