/** Dates the way English speakers write them; 3/4/2026 is left out, for it is two different days. Text has no blanks. */
import { type DateForm, exact, guessed, shifted } from './day.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const month =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const day = '(\\d{1,2})(?:st|nd|rd|th)?';
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const relative: Record<string, number> = {
  thedaybeforeyesterday: -2,
  yesterday: -1,
  today: 0,
  thedayaftertomorrow: 2,
  tomorrow: 1,
};
const monthNumber = (name = ''): number => months.indexOf(name.slice(0, 3)) + 1;
const daysIn = (unit: string): number => (unit === 'day' ? 1 : 7);

/** Longer and more exact forms first. */
export const englishForms: readonly DateForm[] = [
  {
    form: new RegExp(`${day}(?:of)?${month}\\.?,?(\\d{4})(?!\\d)`, 'g'),
    make: ([, d, name, y]) => exact(y, monthNumber(name), d),
  },
  {
    form: new RegExp(`${month}\\.?(?:the)?${day},?(\\d{4})(?!\\d)`, 'g'),
    make: ([, name, d, y]) => exact(y, monthNumber(name), d),
  },
  {
    form: new RegExp(`${day}(?:of)?${month}(?!\\d)`, 'g'),
    make: ([, d, name], today) => guessed(today.getFullYear(), monthNumber(name), d),
  },
  {
    form: new RegExp(`${month}\\.?(?:the)?${day}(?!\\d)`, 'g'),
    make: ([, name, d], today) => guessed(today.getFullYear(), monthNumber(name), d),
  },
  { form: new RegExp(Object.keys(relative).join('|'), 'g'), make: ([word = ''], today) => shifted(today, relative[word] ?? 0) },
  {
    form: /(\d{1,3})(day|week)s?(ago|before|fromnow|later)|in(\d{1,3})(day|week)s?/g,
    make: ([, back = '', backUnit = '', direction, ahead = '', aheadUnit = ''], today) =>
      direction === undefined
        ? shifted(today, Number(ahead) * daysIn(aheadUnit))
        : shifted(today, Number(back) * daysIn(backUnit) * (/ago|before/.test(direction) ? -1 : 1)),
  },
  {
    form: /(last|this|next)?(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)day/g,
    make: ([, which, name = ''], today) => {
      const monday = -((today.getDay() + 6) % 7);
      const week = which === 'last' ? -7 : which === 'next' ? 7 : 0;
      return shifted(today, monday + week + weekdays.indexOf(name.slice(0, 3)));
    },
  },
];
