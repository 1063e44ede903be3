import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Admission } from './units-admission.ts';
import { admitsUnit } from './units-rank.ts';
import { filterArb, unitsArb } from './units-testing.ts';

it('a class admits what each of its units does, in whatever order filters are asked, and one filter again and again', () => {
  fc.assert(
    fc.property(unitsArb, fc.array(filterArb, { minLength: 1, maxLength: 90 }), (units, filters) => {
      const admission = new Admission(units.length);
      units.forEach((unit, place) => void admission.set(place, unit.filter));
      for (const filter of [...filters, ...filters]) {
        const admitted = admission.of(filter);
        units.forEach((unit, place) => {
          expect(admitted[admission.classes[place] as number] === 1).toBe(admitsUnit(unit.filter, filter));
        });
      }
    }),
    { numRuns: 60 },
  );
});
