import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divisionOf, servedIn } from './regions.ts';

const anlan = { region: '990100', city: '安澜市', districts: ['东澜区'] };

describe('[R-028] whose knowledge an item is', () => {
  it.each([
    [undefined, true, 'names none'],
    ['990100', true, 'the city'],
    ['990000', true, 'its province'],
    ['000000', true, 'the country'],
    ['全国', true, 'the country, by name'],
    ['990102', true, 'a district'],
    ['990102003', true, 'a township of it'],
    ['990102003004', true, 'a village of it'],
    ['安澜市', true, 'the city, by name'],
    ['东澜区', true, 'a district, by name'],
    ['990200', false, 'the neighbouring city'],
    ['990202', false, 'a district of the neighbour'],
    ['110000', false, 'another province'],
    ['991000', false, 'a city whose code only looks alike'],
    ['滨海市', false, 'a name that is not the city’s'],
    ['9901', false, 'no code'],
  ])('%s is served in 990100: %s (%s)', (region, served, _why) => expect(servedIn(anlan, region)).toBe(served));

  it('two different cities never serve each other, whatever their districts', () => {
    const two = fc.integer({ min: 1, max: 99 }).map((n) => String(n).padStart(2, '0'));
    const any = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0'));
    fc.assert(
      fc.property(two, two, two, any, any, (province, a, b, x, y) => {
        fc.pre(a !== b);
        const place = { region: `${province}${a}${x}`, city: 'a', districts: [] };
        expect(servedIn(place, `${province}${b}${y}`)).toBe(false);
        expect(servedIn(place, `${province}${a}00`)).toBe(true);
        expect(divisionOf(place.region)?.startsWith(`${province}${a}`)).toBe(true);
      }),
    );
  });
});
