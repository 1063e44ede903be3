/** Which columns hold what a person said or is known by: these are sealed. Ids, times, states and counts stay readable, for queries and figures. */

export interface SealedColumns {
  /** Sealed anew each time: never searched. */
  readonly sealed: readonly string[];
  /** Searched by equality or unique: equal values have equal envelopes. */
  readonly lookup: readonly string[];
  /** What names a row while it is sealed anew. */
  readonly key: readonly string[];
}

export const sealedColumns: Readonly<Record<string, SealedColumns>> = {
  conversations: { sealed: ['profile_json'], lookup: ['user_id'], key: ['id'] },
  activities: { sealed: ['body_json'], lookup: [], key: ['conversation_id', 'seq'] },
  inbox: { sealed: [], lookup: ['message_id'], key: ['id'] },
  bot_state: { sealed: ['value_json'], lookup: [], key: ['key'] },
  turns: { sealed: ['commands_json'], lookup: [], key: ['id'] },
  ratings: { sealed: ['comment'], lookup: [], key: ['conversation_id'] },
  handoffs: { sealed: ['summary', 'note', 'wrap_up'], lookup: [], key: ['id'] },
  staff_notices: { sealed: ['text'], lookup: [], key: ['id'] },
  conversation_notes: { sealed: ['text'], lookup: [], key: ['id'] },
  work_orders: { sealed: ['order_json'], lookup: ['citizen_key'], key: ['id'] },
  work_order_events: { sealed: ['data_json', 'note'], lookup: [], key: ['order_id', 'seq'] },
  work_order_follow_ups: { sealed: ['answer'], lookup: [], key: ['order_id', 'round'] },
  window_codes: { sealed: ['case_json'], lookup: [], key: ['code'] },
  webhooks: { sealed: ['secrets_json'], lookup: [], key: ['id'] },
  webhook_deliveries: { sealed: ['body_json'], lookup: [], key: ['id'] },
  uploads: { sealed: ['name'], lookup: [], key: ['id'] },
  wechat_citizens: { sealed: [], lookup: ['openid', 'union_id', 'phone'], key: ['account', 'openid'] },
  wechat_pushes: { sealed: [], lookup: ['push_key'], key: ['account', 'push_key'] },
  sms_sessions: { sealed: [], lookup: ['phone'], key: ['phone', 'port'] },
  sms_numbers: { sealed: ['consent_source'], lookup: ['phone'], key: ['phone'] },
  sms_messages: { sealed: ['draft_json', 'menu_json', 'rest_json'], lookup: ['phone'], key: ['id'] },
  sms_pushes: { sealed: ['item_json'], lookup: ['sender'], key: ['id'] },
  sms_parts: { sealed: ['body_hex'], lookup: ['group_key'], key: ['group_key', 'number'] },
  sms_part_groups: { sealed: [], lookup: ['group_key'], key: ['group_key'] },
  sms_pages: { sealed: ['body_json'], lookup: ['phone'], key: ['code'] },
};
