/** The sentences of the assistant with a city's own wording in their place. */
import { type Texts, textsFor } from '../texts.ts';
import type { Patterns, Wording } from './schema.ts';

const worded = new WeakMap<Patterns, Map<Texts, Texts>>();

/** Texts for a BCP 47 locale, with the pack's wording where it has one; made once for each language. */
export function wordedTexts(patterns: Patterns, locale: string): Texts {
  const ofPatterns = worded.get(patterns) ?? new Map<Texts, Texts>();
  worded.set(patterns, ofPatterns);
  // Whatever a client calls its locale, there are as many texts as languages.
  const general = textsFor(locale);
  const texts = ofPatterns.get(general) ?? wordedFor(patterns, locale);
  ofPatterns.set(general, texts);
  return texts;
}

function wordedFor(patterns: Patterns, locale: string): Texts {
  const texts = textsFor(locale);
  const language = locale.toLowerCase().startsWith('en') ? 'en' : 'zh';
  const own = (wording: Wording | undefined, otherwise: string): string => wording?.[language] ?? otherwise;
  const filled =
    <A extends string[]>(wording: Wording | undefined, names: readonly string[], otherwise: (...values: A) => string) =>
    (...values: A): string =>
      wording
        ? names.reduce((text, name, i) => text.replaceAll(`{${name}}`, () => values[i] ?? ''), wording[language])
        : otherwise(...values);
  const { cancel, digression, clarification, repeat, question, smallTalk, idle, stop, resume, completed, cannotHandle, upset } = patterns;
  return {
    ...texts,
    flowCancelled: own(cancel.cancelled, texts.flowCancelled),
    nothingToCancel: own(cancel.nothing, texts.nothingToCancel),
    flowResumes: own(digression.bridge, texts.flowResumes),
    noneOfThese: clarification.noneOfThese ? texts.noneOfThese : '',
    clarify: own(clarification.which, texts.clarify),
    clarifyUnsure: own(clarification.unsure, texts.clarifyUnsure),
    noneChosen: own(clarification.none, texts.noneChosen),
    nothingToRepeat: own(repeat.nothing, texts.nothingToRepeat),
    questionWas: own(question.lead, texts.questionWas),
    nothingAsked: own(question.nothing, texts.nothingAsked),
    smallTalk: {
      ...texts.smallTalk,
      greeting: own(smallTalk.greeting, texts.smallTalk.greeting),
      thanks: own(smallTalk.thanks, texts.smallTalk.thanks),
      goodbye: own(smallTalk.goodbye, texts.smallTalk.goodbye),
      praise: own(smallTalk.praise, texts.smallTalk.praise),
    },
    idleReminder: own(idle.reminder, texts.idleReminder),
    idleEnd: own(idle.end, texts.idleEnd),
    stopped: own(stop.stopped, texts.stopped),
    resumeOffer: filled(resume.offer, ['flow', 'question'], texts.resumeOffer),
    resumes: filled(resume.goOn, ['flow'], texts.resumes),
    nothingToResume: own(resume.nothing, texts.nothingToResume),
    completed: own(completed.more, texts.completed),
    notUnderstood: own(cannotHandle.first, texts.notUnderstood),
    notUnderstoodAgain: own(cannotHandle.again, texts.notUnderstoodAgain),
    outOfScope: own(cannotHandle.outside, texts.outOfScope),
    internalError: filled(patterns.internalError.sorry, ['hotline'], texts.internalError),
    soothing: {
      anxious: own(upset.anxious, texts.soothing.anxious),
      angry: own(upset.angry, texts.soothing.angry),
      again: own(upset.again, texts.soothing.again),
    },
    outburst: own(upset.outburst, texts.outburst),
  };
}
