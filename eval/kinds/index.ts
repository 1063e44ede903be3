/** The kinds of suites by name. */
import type { KindName } from '../suite.ts';
import { answer } from './answer.ts';
import { command } from './command.ts';
import { consistency } from './consistency.ts';
import { conversation } from './conversation.ts';
import { handoff } from './handoff.ts';
import { intent } from './intent.ts';
import type { Kind } from './kind.ts';
import { retrieval } from './retrieval.ts';
import { safety } from './safety.ts';

const kinds: Readonly<Record<KindName, Kind>> = { retrieval, answer, intent, command, safety, conversation, handoff, consistency };

export const kindOf = (name: KindName): Kind => kinds[name];
