/** What a digit means: an option of the last message, a rating, a person. Who would rather not rate says so in a word: 0 is a person everywhere. */
import { refusesRating } from '../../../bot/ratings/refusal.ts';
import { humanWords } from '../../../bot/render.ts';
import type { SmsMenu } from '../draft.ts';

export type Meaning =
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'rate'; readonly score: number; readonly comment?: string }
  | { readonly kind: 'no_rating' }
  | { readonly kind: 'followup'; readonly solved: boolean; readonly ref: string };

/** Reads a message under the menu the citizen has; what is no choice of it is said as it stands. */
export function meaningOf(text: string, menu: SmsMenu | undefined): Meaning {
  const plain = text.normalize('NFKC').trim();
  const digits = /^[\p{P}\s]*(\d{1,2})[\p{P}\s]*(?:分|星|号|个)?[\p{P}\s]*$/u.exec(plain)?.[1];
  const number = digits === undefined ? undefined : Number(digits);
  const asItStands: Meaning = { kind: 'say', text };
  if (menu?.kind === 'rating') {
    if (refusesRating(plain)) return { kind: 'no_rating' };
    const rated = /^([1-5])(?:分|星)?[\s,，。.、:：]+(\S.*)$/su.exec(plain);
    if (number !== undefined && number >= 1 && number <= 5) return { kind: 'rate', score: number };
    // 1 等了太久: the reason comes with it. A question is not one.
    if (rated?.[1] && rated[2] && !/[?？吗呢怎哪]/.test(rated[2])) return { kind: 'rate', score: Number(rated[1]), comment: rated[2] };
  }
  if (menu?.kind === 'followup' && (number === 1 || number === 2)) return { kind: 'followup', solved: number === 1, ref: menu.ref };
  if (number === 0) return menu?.kind === 'choices' && menu.zeroIsAnswer ? asItStands : { kind: 'say', text: humanWords };
  const chosen = menu?.kind === 'choices' && number !== undefined ? menu.options[number - 1] : undefined;
  return chosen ? { kind: 'say', text: chosen.value } : asItStands;
}
