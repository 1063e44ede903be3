/** The package `smpp` as this channel uses it: its PDUs checked, message contents as bytes. */
import smpp from 'smpp';
import { z } from 'zod';

// The package would decode each part of a long message alone and lose a character that stands across the cut.
smpp.filters.message.decode = (value) => value;

export type { Pdu, Session } from 'smpp';
export { smpp };

/** Numbers of SMPP 3.4, sections 4.7, 5.1.3 and 5.2. */
export const status = {
  ok: 0,
  invalidBind: 0x04,
  systemError: 0x08,
  queueFull: 0x14,
  submitFailed: 0x45,
  throttled: 0x58,
  temporary: 0x64,
} as const;
export const udhIndicator = 0x40;

const bytes = z.instanceof(Buffer);
const byte = z.number().int().min(0).max(255);

/** submit_sm_resp, or the generic_nack in its place. */
export const submitResponseSchema = z.object({ command_status: z.number().int(), message_id: z.string().optional() });

/** deliver_sm. An absent TLV is undefined. */
export const deliverSchema = z.object({
  sequence_number: z.number().int(),
  source_addr_ton: byte,
  source_addr: z.string().max(20),
  dest_addr_ton: byte,
  destination_addr: z.string().max(20),
  esm_class: byte,
  data_coding: byte,
  short_message: bytes,
  message_payload: bytes.optional(),
  sar_msg_ref_num: z.number().int().optional(),
  sar_total_segments: byte.optional(),
  sar_segment_seqnum: byte.optional(),
  receipted_message_id: z.string().optional(),
  message_state: z.number().int().optional(),
});
export type DeliverSm = z.infer<typeof deliverSchema>;
