/** Which kinds of staff may do what; a route names one of these lists. */
import type { StaffRole } from '../../bot/store/staff.ts';

export const anyone: readonly StaffRole[] = ['agent', 'editor', 'analyst', 'supervisor', 'admin'];
/** Talk with citizens. */
export const agents: readonly StaffRole[] = ['agent', 'supervisor', 'admin'];
/** See ratings. */
export const raters: readonly StaffRole[] = ['agent', 'analyst', 'supervisor', 'admin'];
/** Keep the knowledge. */
export const editors: readonly StaffRole[] = ['editor', 'supervisor', 'admin'];
/** See figures, gaps and masked conversations. */
export const analysts: readonly StaffRole[] = ['analyst', 'supervisor', 'admin'];
