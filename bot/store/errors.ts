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

/**
 * Whether the database itself is out of order (gone, full, read-only) rather than the statement: trying again later may help, and no message
 * is to blame. Sources: PostgreSQL manual, appendix A (classes 08, 53, 57P, 58; 25006); SQLite result codes; Node's network errors.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof TransactionLostError) return true;
  const code = codeOf(error);
  if (
    /^(08|53|57P|58|25006)|^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|BUSY|CORRUPT|NOTADB)|^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOST|ENET|EAI_|ENOSPC|EROFS|EDQUOT)/.test(
      code,
    )
  )
    return true;
  // What the client of PostgreSQL says without a code.
  return (
    error instanceof Error &&
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered|Query read timeout)/.test(error.message)
  );
}

/** SQLite rolled a transaction back by itself (disk full, I/O error), with all that were to be committed with it. */
export class TransactionLostError extends Error {
  override readonly name = 'TransactionLostError';
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

/** A message that is not the next one of its conversation: another one comes first, or it has had its turn. Nothing was thought yet. */
export class OutOfTurnError extends Error {}
