/** The database errors the store reacts to, by their codes. */

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Another connection holds the SQLite file. Source: SQLite result codes (SQLITE_BUSY and its extended forms). */
export function isSqliteBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY');
}

/** PostgreSQL gave this transaction up for another one: 40001 serialization_failure, 40P01 deadlock_detected. */
export function isRetryable(error: unknown): boolean {
  return ['40001', '40P01'].includes(codeOf(error));
}

/** A conversation that was written to does not exist. */
export class UnknownConversationError extends Error {
  override readonly name = 'UnknownConversationError';

  constructor(readonly conversationId: string) {
    super(`Conversation ${conversationId} does not exist`);
  }
}

/** Somebody else wrote this state item since it was read. */
export class StateConflictError extends Error {
  override readonly name = 'StateConflictError';

  constructor(readonly key: string) {
    super(`State "${key}" was changed by somebody else since it was read (eTag conflict)`);
  }
}
