/** What the check of a knowledge base reports. */

export type FindingKind =
  | 'duplicate'
  | 'contradiction'
  | 'dead_link'
  | 'expired'
  | 'expiring'
  | 'expired_basis'
  | 'missing_elements'
  | 'stale'
  | 'no_faq'
  | 'not_covered';

/** error: citizens may be told something wrong or run into nothing · warning: somebody should look · info: worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** Ids of the items it is about (a flow as `flow:<id>`), the one to change first. */
  readonly items: readonly string[];
  /** In Chinese: what is wrong, and what to do. */
  readonly message: string;
  /** The field to look at, in the first item. */
  readonly field?: string;
}
