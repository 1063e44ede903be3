/** How a turn ended. A closed set: reports group by the part before the colon-free prefix (answered, declined_ …). */
export const outcomes = [
  'greeted',
  'answered',
  'clarified',
  'in_flow',
  'flow_completed',
  'flow_cancelled',
  'small_talk',
  'repeated',
  'rated',
  'handed_over',
  'with_agent',
  'emergency_routed',
  'declined_out_of_scope',
  'declined_not_accepted',
  'declined_prohibited',
  'unanswerable_not_found',
  'unanswerable_not_understood',
  'unanswerable_attachment',
  'ignored',
  'failed_internal',
] as const;
export type Outcome = (typeof outcomes)[number];
