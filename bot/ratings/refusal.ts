/** Words of somebody who was asked to rate and would rather not, on the channels that are answered in words. */

/** The `value` of the `rating.submit` event of somebody who would rather not rate. */
export const refusal = { declined: true } as const;

/** Whether the whole text is a refusal: 不评价, 暂不评价, 不想评了, skip. A sentence with a matter in it is none. */
export function refusesRating(text: string): boolean {
  const bare = text.normalize('NFKC').replace(/[\p{P}\p{S}\s]+/gu, '');
  return /^(?:我?(?:先|暂时|暂)?(?:不想|不用|不要|不愿意?|不|别|算了不)(?:做|再)?(?:评价|评分|打分|评)(?:了|啦|吧)?|跳过|skip|no)$/iu.test(
    bare,
  );
}
