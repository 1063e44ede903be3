/** The one message type of the house: a Bot Framework Activity, as far as Wenban reads and writes it. */
import { z } from 'zod';

/** Longest text a citizen may send, in UTF-16 units; channels answer 4xx (or a kind request to shorten) above it. */
export const MAX_TEXT_LENGTH = 4000;

const noNul = (value: string): boolean => !value.includes('\u0000');
const shortText = z.string().max(256).refine(noNul, 'must not contain NUL');

export const channelAccountSchema = z.object({
  id: shortText,
  name: shortText.optional(),
  role: z.enum(['user', 'bot']).optional(),
});
export type ChannelAccount = z.infer<typeof channelAccountSchema>;

export const cardActionSchema = z.object({
  type: z.enum(['imBack', 'postBack', 'messageBack', 'openUrl', 'call', 'downloadFile']),
  title: z.string(),
  value: z.unknown(),
  text: z.string().optional(),
  displayText: z.string().optional(),
  /** `always: true` marks the offer of a person that stands under every reply: a client with a button of its own may leave it out. */
  channelData: z.record(z.string(), z.unknown()).optional(),
});
export type CardAction = z.infer<typeof cardActionSchema>;

export const attachmentSchema = z.object({
  contentType: z.string().max(128),
  contentUrl: z.string().max(2048).optional(),
  content: z.unknown().optional(),
  name: shortText.optional(),
  thumbnailUrl: z.string().max(2048).optional(),
});
export type Attachment = z.infer<typeof attachmentSchema>;

/** One source of an answer, as schema.org names it (Web Chat shows the same shape). `position` starts at 1. */
export interface CitationClaim {
  '@type': 'Claim';
  position: number;
  appearance: { '@type': 'DigitalDocument'; name: string; url?: string; abstract: string };
}

/** The entity that carries citations and, only where a model wrote the text, the AI label. */
export interface MessageEntity {
  type: 'https://schema.org/Message';
  '@type': 'Message';
  '@context': 'https://schema.org';
  '@id': '';
  additionalType: string[];
  citation: CitationClaim[];
}

/** An Activity inside Wenban. Field names and meanings: Bot Framework Activity schema. */
export interface Activity {
  type: 'message' | 'typing' | 'event' | 'conversationUpdate' | 'endOfConversation' | 'messageReaction';
  id?: string;
  timestamp?: string;
  channelId?: string;
  from: ChannelAccount;
  recipient?: ChannelAccount;
  conversation?: { id: string };
  replyToId?: string;
  locale?: string;
  text?: string;
  textFormat?: 'plain' | 'markdown';
  inputHint?: 'acceptingInput' | 'expectingInput' | 'ignoringInput';
  name?: string;
  value?: unknown;
  attachments?: Attachment[];
  suggestedActions?: { to: string[]; actions: CardAction[] };
  entities?: unknown[];
  membersAdded?: ChannelAccount[];
  channelData?: Record<string, unknown>;
}

/** An Activity that stands in the log: `seq` counts from 1 inside its conversation and is the Direct Line watermark. */
export type LoggedActivity = Activity & { id: string; timestamp: string; conversation: { id: string }; seq: number };

/**
 * What a citizen's client may send. Unknown fields are dropped; everything kept is bounded.
 * Errors: zod issues naming the field (text too long, NUL, unknown type).
 */
export const incomingActivitySchema = z.object({
  type: z.enum(['message', 'event', 'typing', 'conversationUpdate', 'messageReaction', 'endOfConversation']),
  id: shortText.optional(),
  from: channelAccountSchema,
  locale: z.string().max(35).optional(),
  text: z.string().max(MAX_TEXT_LENGTH).refine(noNul, 'must not contain NUL').optional(),
  textFormat: z.enum(['plain', 'markdown', 'xml']).optional(),
  name: shortText.optional(),
  value: z.unknown().optional(),
  replyToId: shortText.optional(),
  attachments: z.array(attachmentSchema).max(10).optional(),
  channelData: z.record(z.string(), z.unknown()).optional(),
});
export type IncomingActivity = z.infer<typeof incomingActivitySchema>;
