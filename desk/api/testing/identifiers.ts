/** For tests of what leaves the house: whether the masker would still find something in it. */
import { mask } from '../../../bot/safety/mask.ts';

export const holdsIdentifier = (text: string): boolean => mask(text).text !== text;
