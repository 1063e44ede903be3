/** Which kinds of staff may do what; a route names one of these lists. */
import type { StaffRole } from '../../bot/store/staff.ts';

export const anyone: readonly StaffRole[] = ['agent', 'editor', 'analyst', 'supervisor', 'admin'];
/** Talk with citizens. */
export const agents: readonly StaffRole[] = ['agent', 'supervisor', 'admin'];
/** See ratings. */
export const raters: readonly StaffRole[] = ['agent', 'analyst', 'supervisor', 'admin'];
/** Keep the knowledge. */
export const editors: readonly StaffRole[] = ['editor', 'supervisor', 'admin'];
/** Keep questions for evaluations. */
export const caseKeepers: readonly StaffRole[] = ['editor', 'analyst', 'supervisor', 'admin'];
/** See figures, gaps and masked conversations. */
export const analysts: readonly StaffRole[] = ['analyst', 'supervisor', 'admin'];
/** Watch over conversations. */
export const supervisors: readonly StaffRole[] = ['supervisor', 'admin'];
/** Have canned replies: who talks with citizens, and who keeps the shared ones. */
export const writers: readonly StaffRole[] = ['agent', 'editor', 'supervisor', 'admin'];
