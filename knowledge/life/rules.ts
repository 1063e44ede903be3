/** Which steps the life of an item allows, and the words for those it doesn't. */
import type { ItemStatus } from '../repository.ts';

/** What the rules look at: the living versions of one item. */
export interface Standing {
  readonly published?: Standpoint | undefined;
  /** Withdrawn or past its validTo. */
  readonly expired?: Standpoint | undefined;
  /** The newest draft or reviewed version. */
  readonly open?: Standpoint | undefined;
  readonly head: Standpoint;
}

export interface Standpoint {
  readonly version: number;
  readonly status: ItemStatus;
  readonly author: string | null;
  readonly digest: string;
  readonly validTo: string | null;
}

/** All of China keeps UTC+8, without summer time since 1992 (IANA tz, Asia/Shanghai). */
const chinaOffsetMs = 8 * 3_600_000;

/** The day it is in China, as an ISO date. */
export function dayInChina(now: number): string {
  return new Date(now + chinaOffsetMs).toISOString().slice(0, 10);
}

/** validTo counts: the item is in force on that day. */
export function isPast(validTo: string | null | undefined, day: string): boolean {
  return validTo !== null && validTo !== undefined && validTo < day;
}

const unknown = '知识库里没有这一条，请核对编号';

/** Why a draft can't be marked as reviewed by `actor`; undefined when it can. */
export function refuseReview(standing: Standing | undefined, actor: string | undefined): string | undefined {
  if (!standing) return unknown;
  const { open, head } = standing;
  if (!open) return `第 ${head.version} 版${stateWords[head.status]}，没有等待审核的草稿`;
  if (head.version > open.version) return overtaken(open, head);
  if (open.status === 'reviewed') return `第 ${open.version} 版已经审核过了，可以发布`;
  if (open.author === null) return undefined;
  if (actor === undefined) return `第 ${open.version} 版是 ${open.author} 写的，请用 --as 写明由谁审核`;
  return actor === open.author ? `第 ${open.version} 版是 ${open.author} 自己写的，编写和审核要由两个人完成，请换一位同事审核` : undefined;
}

/** Why a version can't be published on `day`; undefined when it can. */
export function refusePublish(standing: Standing | undefined, day: string): string | undefined {
  if (!standing) return unknown;
  const { open, head } = standing;
  if (!open) {
    return head.status === 'expired'
      ? `第 ${head.version} 版已经停用；要重新发布，先用 rollback 恢复一个版本，或保存新的内容`
      : `第 ${head.version} 版已经发布，没有新的内容`;
  }
  if (head.version > open.version) return overtaken(open, head);
  if (open.status === 'draft') return `第 ${open.version} 版还是草稿，要先审核`;
  if (isPast(open.validTo, day)) return `第 ${open.version} 版的有效期到 ${open.validTo} 为止，已经过了；请先改有效期`;
  return undefined;
}

/** An import published something newer while the draft was written: publishing the draft would undo it unseen. */
function overtaken(open: Standpoint, head: Standpoint): string {
  return `第 ${open.version} 版起草之后，第 ${head.version} 版${stateWords[head.status]}；请在第 ${head.version} 版上重新修改`;
}

/** Why an item can't be withdrawn; undefined when it can. */
export function refuseWithdraw(standing: Standing | undefined): string | undefined {
  if (!standing) return unknown;
  return standing.published || standing.open ? undefined : `第 ${standing.head.version} 版已经停用，不用再撤下`;
}

/** Why a draft can't be saved on top of what is there; undefined when it can. */
export function refuseSave(standing: Standing | undefined, basedOn: number | undefined): string | undefined {
  if (basedOn === undefined || basedOn === (standing?.head.version ?? 0)) return undefined;
  if (!standing) return unknown;
  const { version, author } = standing.head;
  return `您修改的是第 ${basedOn} 版，但第 ${version} 版已经由${author ? ` ${author} ` : '别人'}保存；请在第 ${version} 版上修改`;
}

/** Why an item can't go back to an old version; undefined when it can. `old` is the digest of that version. */
export function refuseRollback(
  standing: Standing | undefined,
  old: { version: number; content: { readonly validTo?: string | undefined }; digest: string } | undefined,
  wanted: { version: number; publish: boolean; everPublished: boolean; day: string },
): string | undefined {
  if (!old) return standing ? `没有第 ${wanted.version} 版` : unknown;
  const same = [standing?.published, standing?.open].find((one) => one?.digest === old.digest);
  if (same) return `第 ${old.version} 版的内容和${stateWords[same.status]}的第 ${same.version} 版一样，不用恢复`;
  if (!wanted.publish) return undefined;
  if (!wanted.everPublished) return `第 ${old.version} 版从来没有发布过，要先审核，不能直接恢复发布`;
  const until = old.content.validTo;
  return isPast(until, wanted.day) ? `第 ${old.version} 版的有效期到 ${until} 为止，已经过了，不能直接恢复发布` : undefined;
}

/** A status in words that fit after 第 N 版. */
export const stateWords: Record<ItemStatus | 'replaced' | 'removed', string> = {
  draft: '还是草稿',
  reviewed: '已审核',
  published: '已发布',
  expired: '已停用',
  replaced: '已被新版替换',
  removed: '已从知识包移除',
};
