/** Every table, typed once for both engines: one file an area, joined here. */
import type { ConversationsTables } from './tables/conversations.ts';
import type { EvaluationsTables } from './tables/evaluations.ts';
import type { IncidentsTables } from './tables/incidents.ts';
import type { KnowledgeTables } from './tables/knowledge.ts';
import type { OperationTables } from './tables/operation.ts';
import type { RatingsTables } from './tables/ratings.ts';
import type { SmsTables } from './tables/sms.ts';
import type { StaffTables } from './tables/staff.ts';
import type { WebhooksTables } from './tables/webhooks.ts';
import type { WechatTables } from './tables/wechat.ts';
import type { WindowCodesTables } from './tables/window-codes.ts';
import type { WorkOrdersTables } from './tables/work-orders.ts';

export type * from './tables/conversations.ts';
export type * from './tables/evaluations.ts';
export type * from './tables/incidents.ts';
export type * from './tables/knowledge.ts';
export type * from './tables/operation.ts';
export type * from './tables/ratings.ts';
export type * from './tables/sms.ts';
export type * from './tables/staff.ts';
export type * from './tables/webhooks.ts';
export type * from './tables/wechat.ts';
export type * from './tables/window-codes.ts';
export type * from './tables/work-orders.ts';

export interface Tables
  extends ConversationsTables,
    KnowledgeTables,
    RatingsTables,
    StaffTables,
    WorkOrdersTables,
    WechatTables,
    SmsTables,
    WebhooksTables,
    IncidentsTables,
    EvaluationsTables,
    WindowCodesTables,
    OperationTables {}
