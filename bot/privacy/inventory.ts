/** Every table, what it holds of a person, and how their rows are found. A table or column that is missing here fails a test: nobody may be forgotten. */

/** What a column of a row names. */
export type Names = 'conversation' | 'phone' | 'openid' | 'order' | 'activity' | 'state' | 'message' | 'part' | 'push';

export interface Kept {
  readonly table: string;
  readonly columns: string;
  /** person: a citizen's, deleted and exported · trace: ids of what somebody worked on, without content · staff · house: nobody's. */
  readonly holds: 'person' | 'trace' | 'staff' | 'house';
  /** A row is a person's when one of these columns names something of theirs. */
  readonly by?: Readonly<Partial<Record<string, Names>>>;
}

/** In the order in which rows can be deleted: what points at others comes first. */
export const inventory: readonly Kept[] = [
  person('rating_facets', 'conversation_id facet value'),
  person('rating_refusals', 'conversation_id at'),
  person('ratings', 'conversation_id score tags_json comment channel created_at changed_at'),
  person('window_codes', 'code conversation_id case_json issued_at expires_at opened_at opened_by'),
  person('reminders', 'conversation_id kind due_at'),
  person('reply_drafts', 'activity_id conversation_id staff item_id draft_length sent_length distance similarity created_at'),
  person('demands', 'id conversation_id inbox_id type domain department confidence created_at'),
  person('turns', 'id conversation_id inbox_id outcome reason commands_json citations_json confidence timings_json created_at'),
  person(
    'wechat_deliveries',
    'activity_id conversation_id seq account state route part attempts code error message_id lease_until created_at updated_at told',
  ),
  person(
    'webhook_deliveries',
    'id webhook_id event_id type subject conversation_id order_id status attempts next_at body_json code error created_at done_at',
    { conversation_id: 'conversation', order_id: 'order' },
  ),
  person('outbox', 'id channel conversation_id activity_id seq status attempts next_at error created_at sent_at'),
  person('inbox', 'id channel message_id conversation_id activity_id seq status attempts error received_at done_at'),
  person('conversation_notes', 'id conversation_id staff_name text created_at'),
  person('staff_notices', 'id staff kind conversation_id text created_at seen_at'),
  person(
    'handoffs',
    'id conversation_id status reason skill urgency summary agent note wrap_up waiting_since claimed_at closed_at language requeued_at first_owner passed_by passed_at offered_to taken_from',
  ),
  person('uploads', 'id conversation_id name content_type size sha256 created_at'),
  person('sms_sessions', 'phone port conversation_id generation locale last_in_at ended_at rating_asked_at', {
    phone: 'phone',
    conversation_id: 'conversation',
  }),
  person('sms_receipts', 'provider provider_id message_id state code at', { message_id: 'message' }),
  person(
    'sms_messages',
    'id key phone port conversation_id class draft_json menu_json rest_json segments status provider progress_json code attempts next_at expires_at created_at accepted_at done_at due_at',
    { phone: 'phone', conversation_id: 'conversation' },
  ),
  person('sms_pages', 'code message_key phone body_json created_at expires_at', { phone: 'phone' }),
  person('sms_numbers', 'phone opted_out_at consent_at consent_source updated_at', { phone: 'phone' }),
  person('sms_pushes', 'id sender item_json attempts next_at received_at', { sender: 'phone' }),
  person('sms_parts', 'group_key number total body_hex fmt message_id received_at', { group_key: 'part' }),
  person('sms_part_groups', 'group_key state started_at', { group_key: 'part' }),
  // Pushes that became no message are named by a hash, for an hour.
  person('wechat_pushes', 'account push_key deliveries first_at', { push_key: 'push' }),
  person('work_order_follow_ups', 'order_id round conversation_id channel status send_at due_at sent_at answered_at answer verdict', {
    order_id: 'order',
    conversation_id: 'conversation',
  }),
  person('work_order_events', 'order_id seq action actor_kind actor_name at note data_json', { order_id: 'order' }),
  person(
    'work_orders',
    'id number kind state demand_type urgency department handler citizen_key conversation_id channel title received_at due_at next_check_at overdue_at supervised closed_at updated_at version order_json proof_failures proof_locked_until co_departments',
    { id: 'order' },
  ),
  person('bot_state', 'key value_json etag updated_at', { key: 'state' }),
  person('wechat_citizens', 'account openid union_id conversation_id quota_left quota_until last_seen_at created_at phone', {
    openid: 'openid',
    conversation_id: 'conversation',
  }),
  person('privacy_holds', 'conversation_id reason actor at'),
  person('activities', 'conversation_id seq id type from_role body_json created_at'),
  person('conversations', 'id channel user_id locale mode last_seq profile_json created_at updated_at', { id: 'conversation' }),
  { table: 'staff_access', columns: 'id staff action kind target at', holds: 'trace' },
  { table: 'privacy_requests', columns: 'id kind subject channel actor asked_at done_at counts_json', holds: 'trace' },
  { table: 'rate_limits', columns: 'key used until', holds: 'trace' },
  { table: 'staff', columns: 'name role password_hash created_at', holds: 'staff' },
  { table: 'staff_identities', columns: 'issuer subject staff_name created_at', holds: 'staff' },
  { table: 'staff_names', columns: 'name number shown', holds: 'staff' },
  {
    table: 'staff_profiles',
    columns: 'name skills_json languages_json department presence capacity last_assigned_at updated_at',
    holds: 'staff',
  },
  { table: 'sessions', columns: 'token_hash staff_name expires_at last_seen_at created_at', holds: 'staff' },
  { table: 'canned_replies', columns: 'id owner title body shortcut updated_by updated_at', holds: 'staff' },
  { table: 'switch_events', columns: 'id name state reason actor at', holds: 'staff' },
  house('knowledge_events', 'seq pack id version action actor note at'),
  house('knowledge_versions', 'pack id version status kind title body_json digest valid_to author created_at updated_at published_at'),
  house('evaluation_cases', 'id pack question item_ids_json author created_at'),
  house('evaluation_runs', 'period status started_at finished_at folder metrics_json error'),
  { table: 'incidents', columns: 'id kind detail begun_at seen_at due_at ended_at ended_by cause noted_by', holds: 'staff' },
  {
    table: 'service_evaluations',
    columns: 'id kind period evaluator result_json created_by created_at published_by published_at',
    holds: 'staff',
  },
  { table: 'indicator_inputs', columns: 'id period leaf hall value source author created_at', holds: 'staff' },
  house('raised_topics', 'item day order_number recent usual raised_at'),
  house('settings', 'key value'),
  house('webhooks', 'id url kinds department fields secrets_json state note created_by created_at'),
  house('sms_rate', 'name taken_json slow_until'),
  house('wechat_tokens', 'app_id token expires_at refreshing_until'),
  house('wechaty_logins', 'account state qrcode image updated_at'),
  house('work_order_counters', 'year last'),
];

function person(table: string, columns: string, by: Kept['by'] = { conversation_id: 'conversation' }): Kept {
  return { table, columns, holds: 'person', by };
}

function house(table: string, columns: string): Kept {
  return { table, columns, holds: 'house' };
}
